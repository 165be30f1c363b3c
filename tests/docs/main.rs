//! The documentation is true: what can be made of the source is made of it, and links lead somewhere. What it says about
//! servers is run by `tests/e2e`.

mod links;
mod package;
mod reference;
