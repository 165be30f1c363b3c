//! What others are told about the user without being told by the user.

use serde::{Deserialize, Serialize};

/// What is told to people who may see the user's presence. Nobody else is told anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Privacy {
    /// That a message arrived (XEP-0184).
    pub receipts: bool,
    /// That a message was seen (XEP-0333).
    pub markers: bool,
    /// That the user is writing (XEP-0085).
    pub writing: bool,
}

impl Default for Privacy {
    fn default() -> Self {
        Self { receipts: true, markers: true, writing: true }
    }
}
