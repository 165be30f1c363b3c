//! SCRAM (RFC 5802, RFC 7677): the client's side, as values.

use serde::{Deserialize, Serialize};

/// The hash of a SCRAM mechanism.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Hash {
    /// SCRAM-SHA-1.
    Sha1,
    /// SCRAM-SHA-256.
    Sha256,
    /// SCRAM-SHA-512.
    Sha512,
}

/// What is kept in place of a password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedKeys {
    /// The mechanism they belong to.
    pub hash: Hash,
    /// The salt they were made with.
    pub salt: Vec<u8>,
    /// The rounds they were made with.
    pub iterations: u32,
    /// Proves us to the server.
    pub client_key: Vec<u8>,
    /// Proves the server to us.
    pub server_key: Vec<u8>,
}

impl std::fmt::Debug for SavedKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SavedKeys").field("hash", &self.hash).finish_non_exhaustive()
    }
}
