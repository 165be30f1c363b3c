//! The server's side of one stream (XEP-0198).

use std::collections::VecDeque;

/// A stanza for the client.
#[derive(Clone, Debug)]
pub struct Stanza {
    pub xml: String,
    /// Which entry of the ledger it carries.
    pub note: Option<usize>,
    /// Whether it waits for the next stream if this one is lost; copies from other devices do not.
    pub keeps: bool,
}

#[derive(Debug)]
pub struct Management {
    pub id: String,
    /// Stanzas that the client sent.
    pub inbound: u32,
    /// Stanzas that the client confirmed.
    pub acked: u32,
    pub unacked: VecDeque<Stanza>,
    /// A confirmation is owed to the client.
    pub owes: bool,
}

impl Management {
    pub const fn new(id: String) -> Self {
        Self { id, inbound: 0, acked: 0, unacked: VecDeque::new(), owes: false }
    }

    /// The client confirms; what leaves the queue, or a complaint.
    pub fn trim(&mut self, h: &str) -> Result<Vec<Stanza>, String> {
        let h: u32 = h.parse().map_err(|_| format!("h='{h}' is no number"))?;
        let count = h.wrapping_sub(self.acked) as usize;
        if count > self.unacked.len() {
            let sent = self.acked.wrapping_add(self.unacked.len() as u32);
            return Err(format!("the client confirms {h} stanzas, of {sent} sent and {} confirmed before", self.acked));
        }
        self.acked = h;
        Ok(self.unacked.drain(..count).collect())
    }
}

/// A bound device.
#[derive(Debug)]
pub struct Session {
    pub resource: String,
    pub link: Option<u64>,
    pub sm: Option<Management>,
    pub available: bool,
    pub carbons: bool,
    /// When its socket went.
    pub detached: u64,
    pub sent_since_request: u64,
}
