//! XML and types, both ways. Knows no session: nothing in here remembers anything.

pub mod bits;
pub mod fallback;
pub mod form;
pub mod framing;
pub mod host_meta;
pub mod idle;
pub mod nick;
pub mod ns;
pub mod pubsub;
pub mod rsm;
pub mod stanza;
pub mod stanza_error;
pub mod time;
pub mod web;
pub mod xml;
