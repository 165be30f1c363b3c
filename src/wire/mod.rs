//! XML and types, both ways.
