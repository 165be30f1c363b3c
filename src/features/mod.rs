//! One file per XEP or tight family.
