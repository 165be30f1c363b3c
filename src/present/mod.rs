//! Pure view logic.
