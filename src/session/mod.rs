//! One stream's life.
pub mod scram;
