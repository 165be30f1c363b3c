//! The one kind of map that the core uses.
//!
//! Its order is the same in every run with the same inputs, so that a run can be replayed. One kind, because each
//! further one adds kilobytes to what every visitor loads.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher};

/// A map from names to things.
pub type Map<K, V> = HashMap<K, V, BuildHasherDefault<DefaultHasher>>;
