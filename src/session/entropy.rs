//! Unguessable numbers out of one seed, so that a run with the same seed is the same run.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// HMAC-SHA-256 of a counter under a secret seed: as hard to guess as the seed.
pub struct Entropy {
    seed: [u8; 32],
    counter: u64,
}

impl std::fmt::Debug for Entropy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entropy").field("counter", &self.counter).finish_non_exhaustive()
    }
}

impl Entropy {
    /// The seed must come from a cryptographic source.
    pub const fn new(seed: [u8; 32]) -> Self {
        Self { seed, counter: 0 }
    }

    fn block(&mut self) -> [u8; 32] {
        self.counter = self.counter.wrapping_add(1);
        match Hmac::<Sha256>::new_from_slice(&self.seed) {
            Ok(mac) => mac.chain_update(self.counter.to_be_bytes()).finalize().into_bytes().into(),
            // HMAC takes keys of any length (RFC 2104 §3), so this cannot happen; an id must still differ.
            Err(_) => [self.counter.to_le_bytes()[0]; 32],
        }
    }

    /// 128 bits as 32 hexadecimal digits: the id of a stanza, or a nonce.
    pub fn id(&mut self) -> String {
        digits(&self.block())
    }

    /// A number below `limit`, or zero if there is none.
    pub fn below(&mut self, limit: u64) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = self.block();
        u64::from_be_bytes([a, b, c, d, e, f, g, h]).checked_rem(limit).unwrap_or(0)
    }
}

/// 128 bits as 32 hexadecimal digits.
fn digits(block: &[u8]) -> String {
    use std::fmt::Write;
    block.iter().take(16).fold(String::with_capacity(32), |mut id, byte| {
        let _ = write!(id, "{byte:02x}");
        id
    })
}

/// What only somebody who has the key can put to a text: 128 bits of its HMAC-SHA-256.
pub fn seal(key: &str, text: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).map(|mac| mac.chain_update(text));
    // Keys of any length are keys, so there always is one.
    mac.map(|mac| digits(&mac.finalize().into_bytes())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_ids_and_each_only_once() {
        let (mut a, mut b) = (Entropy::new([7; 32]), Entropy::new([7; 32]));
        let ids: Vec<_> = (0..100).map(|_| a.id()).collect();
        assert!(ids.iter().all(|id| id.len() == 32 && *id == b.id()));
        assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), 100);
        assert_ne!(Entropy::new([8; 32]).id(), ids[0]);
        assert!((0..100).all(|_| a.below(3) < 3));
        assert_eq!(a.below(0), 0);
    }
}
