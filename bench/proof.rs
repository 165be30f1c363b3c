//! What a server needs to know to prove itself (RFC 5802, RFC 7677): only who proved himself stays signed in.

use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const PASSWORD: &[u8] = b"secret";
const SALT: &[u8] = b"for benchmarks";
const ITERATIONS: u32 = 4_096;

/// One exchange. Everybody who knows how to ask is let in.
#[derive(Default)]
pub struct Exchange {
    said: String,
}

impl Exchange {
    /// The answer to the client's first message.
    pub fn challenge(&mut self, first: &str) -> String {
        let first = decoded(first);
        let bare = first.splitn(3, ',').nth(2).unwrap_or_default();
        let nonce = bare.split(',').find_map(|part| part.strip_prefix("r=")).unwrap_or_default();
        let answer = format!("r={nonce}server,s={},i={ITERATIONS}", Base64::encode_string(SALT));
        self.said = format!("{bare},{answer}");
        Base64::encode_string(answer.as_bytes())
    }

    /// The answer to the client's last message: the proof.
    pub fn proof(&self, last: &str) -> String {
        let last = decoded(last);
        let without = last.rsplit_once(",p=").map_or("", |(without, _)| without);
        let mut salted = [0; 32];
        pbkdf2::pbkdf2_hmac::<Sha256>(PASSWORD, SALT, ITERATIONS, &mut salted);
        let signature = mac(&mac(&salted, b"Server Key"), format!("{},{without}", self.said).as_bytes());
        Base64::encode_string(format!("v={}", Base64::encode_string(&signature)).as_bytes())
    }
}

fn mac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

fn decoded(text: &str) -> String {
    let bytes = Base64::decode_vec(text).expect("Base64");
    String::from_utf8(bytes).expect("a text")
}
