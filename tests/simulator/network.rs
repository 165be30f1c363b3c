//! One socket's way between the page and the server: frames in order, late, or not at all.

use std::collections::VecDeque;

/// What the server puts on the wire.
#[derive(Clone, Debug)]
pub enum Down {
    /// A frame, and which entry of the ledger it carries.
    Frame(String, Option<usize>),
    /// The end of the socket.
    Close,
}

#[derive(Debug, Default)]
pub struct Link {
    pub up: VecDeque<String>,
    pub down: VecDeque<Down>,
    pub last_up: u64,
    pub last_down: u64,
    /// Nothing moves before.
    pub stalled_until: u64,
    /// Frames vanish.
    pub hole_up: bool,
    pub hole_down: bool,
    /// After so many more frames the socket is reset.
    pub resets_after: Option<u64>,
    /// Whether the page still has its end, and the server its own.
    pub client: bool,
    pub server: bool,
    /// Whether the page was told that it is open.
    pub opened: bool,
}
