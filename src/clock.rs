//! Time as plain values. Nothing here reads a clock: the platform does, and passes what it read.

use serde::{Deserialize, Serialize};

/// A point on a clock that never goes back, in milliseconds since an arbitrary start. For deadlines only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Instant(pub u64);

impl Instant {
    /// This instant moved forward by `milliseconds`; it stops at the end of the clock.
    pub const fn after(self, milliseconds: u64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }

    /// Milliseconds from `earlier` to this instant; zero if `earlier` is later.
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// A point in civil time, in milliseconds since 1970-01-01T00:00:00Z. A label for people: nothing is ordered
/// or expired by it, because the clocks of other machines lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Timestamp(pub i64);

/// Both clocks, read at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// For deadlines.
    pub instant: Instant,
    /// For labels.
    pub timestamp: Timestamp,
}
