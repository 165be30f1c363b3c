//! The server's side of SCRAM-SHA-1, for one password.

use std::sync::OnceLock;

use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};

pub const PASSWORD: &str = "secret";
const SALT: &[u8] = b"saltsalt";
const ROUNDS: u32 = 4096;

/// The stretched password. Slow to find, so it is found once for all runs.
pub fn salted() -> &'static [u8] {
    static SALTED: OnceLock<Vec<u8>> = OnceLock::new();
    SALTED.get_or_init(|| {
        let mut salted = vec![0; 20];
        pbkdf2::pbkdf2_hmac::<sha1::Sha1>(PASSWORD.as_bytes(), SALT, ROUNDS, &mut salted);
        salted
    })
}

fn mac(key: &[u8], text: &[u8]) -> Vec<u8> {
    <Hmac<sha1::Sha1> as KeyInit>::new_from_slice(key).unwrap().chain_update(text).finalize().into_bytes().to_vec()
}

/// An exchange that has begun.
#[derive(Debug)]
pub struct Exchange {
    transcript: String,
}

fn decode(text: &str) -> Option<String> {
    String::from_utf8(Base64::decode_vec(text).ok()?).ok()
}

impl Exchange {
    /// What `<auth/>` says, and the challenge that answers it.
    pub fn begin(auth: &str) -> Option<(Self, String)> {
        let first = decode(auth)?;
        let bare = first.strip_prefix("n,,")?;
        let nonce = bare.split_once("r=")?.1;
        let server_first = format!("r={nonce}srv,s={},i={ROUNDS}", Base64::encode_string(SALT));
        let transcript = format!("{bare},{server_first}");
        Some((Self { transcript }, Base64::encode_string(server_first.as_bytes())))
    }

    /// What `<response/>` says, and what `<success/>` must say.
    pub fn finish(self, response: &str) -> Option<String> {
        let last = decode(response)?;
        let without_proof = last.rsplit_once(",p=")?.0;
        let transcript = format!("{},{without_proof}", self.transcript);
        let signature = mac(&mac(salted(), b"Server Key"), transcript.as_bytes());
        Some(Base64::encode_string(format!("v={}", Base64::encode_string(&signature)).as_bytes()))
    }
}
