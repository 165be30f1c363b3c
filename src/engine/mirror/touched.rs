//! What changed in a mirror since somebody looked.

use std::collections::HashSet;

use super::Topic;

/// What changed since the last flush.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Whatever can be watched.
    pub everything: bool,
    /// Every contact.
    pub all_contacts: bool,
    /// These.
    pub topics: HashSet<Topic>,
}

impl Touched {
    /// Whether somebody who watches `topic` must look again.
    pub fn contains(&self, topic: &Topic) -> bool {
        self.everything || (self.all_contacts && matches!(topic, Topic::Contact(_))) || self.topics.contains(topic)
    }

    /// Whether nobody must look again.
    pub fn is_empty(&self) -> bool {
        !self.everything && !self.all_contacts && self.topics.is_empty()
    }
}
