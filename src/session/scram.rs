//! SCRAM (RFC 5802, RFC 7677): the client's side, as values. The slow part, stretching the password, is done
//! by the platform between [`ServerFirst`] and [`Proof`].

use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

/// Fewer rounds make guessing cheap (RFC 7677 §4).
const FEWEST_ITERATIONS: u32 = 4_096;
/// More rounds freeze a page for seconds; no server asks for them (RFC 5802 §9 names the attack).
const MOST_ITERATIONS: u32 = 2_000_000;
/// Longer salts serve nothing but filling memory.
const LONGEST_SALT: usize = 1_024;

/// The hash of a SCRAM mechanism, the weaker first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Hash {
    /// SCRAM-SHA-1.
    Sha1,
    /// SCRAM-SHA-256.
    Sha256,
    /// SCRAM-SHA-512.
    Sha512,
}

impl Hash {
    /// Every hash, the strongest first.
    pub const BY_STRENGTH: [Self; 3] = [Self::Sha512, Self::Sha256, Self::Sha1];

    /// The name of the mechanism. The `-PLUS` kinds need channel binding, which no browser can do.
    pub const fn mechanism(self) -> &'static str {
        match self {
            Self::Sha1 => "SCRAM-SHA-1",
            Self::Sha256 => "SCRAM-SHA-256",
            Self::Sha512 => "SCRAM-SHA-512",
        }
    }

    /// Bytes of a hash.
    pub const fn length(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }

    fn digest(self, data: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => Sha1::digest(data).to_vec(),
            Self::Sha256 => Sha256::digest(data).to_vec(),
            Self::Sha512 => Sha512::digest(data).to_vec(),
        }
    }

    fn hmac(self, key: &[u8], data: &[u8]) -> Vec<u8> {
        fn with<M: Mac + KeyInit>(key: &[u8], data: &[u8]) -> Vec<u8> {
            // HMAC takes keys of any length (RFC 2104 §3), so this cannot fail.
            <M as KeyInit>::new_from_slice(key)
                .map(|mac| mac.chain_update(data).finalize().into_bytes().to_vec())
                .unwrap_or_default()
        }
        match self {
            Self::Sha1 => with::<Hmac<Sha1>>(key, data),
            Self::Sha256 => with::<Hmac<Sha256>>(key, data),
            Self::Sha512 => with::<Hmac<Sha512>>(key, data),
        }
    }
}

/// Why an exchange was broken off by us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScramError {
    /// The server's message cannot be read, or wants an extension that we do not know.
    Malformed,
    /// The server's nonce does not extend ours.
    Nonce,
    /// Too few or too many rounds.
    Iterations,
    /// The server did not prove that it knows the password.
    ServerNotProven,
}

/// Our first message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientFirst {
    hash: Hash,
    nonce: String,
    /// What follows the header `n,,`.
    bare: String,
}

/// What the server wants done with the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerFirst {
    hash: Hash,
    /// The rounds, within bounds.
    pub iterations: u32,
    /// The salt.
    pub salt: Vec<u8>,
    nonce: String,
    /// Both first messages.
    transcript: String,
}

/// Our last message, and what the server must answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Proof {
    /// The message.
    pub message: String,
    /// The keys, for the next time.
    pub keys: SavedKeys,
    server_signature: Vec<u8>,
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

impl std::fmt::Debug for Proof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Proof").finish_non_exhaustive()
    }
}

impl ClientFirst {
    /// Begins an exchange. The nonce must be fresh, and of printable ASCII without a comma.
    pub fn new(hash: Hash, user: &str, nonce: String) -> Self {
        let user = user.replace('=', "=3D").replace(',', "=2C");
        let bare = format!("n={user},r={nonce}");
        Self { hash, nonce, bare }
    }

    /// The message. `n` says that we cannot do channel binding.
    pub fn message(&self) -> String {
        format!("n,,{}", self.bare)
    }

    /// Reads the server's first message.
    pub fn server_first(self, message: &str) -> Result<ServerFirst, ScramError> {
        let mut fields = message.split(',');
        // An `m=` before the nonce is an extension that must be understood (RFC 5802 §5.1), and none is.
        let nonce = fields.next().and_then(|field| field.strip_prefix("r=")).ok_or(ScramError::Malformed)?;
        let salt = fields.next().and_then(|field| field.strip_prefix("s=")).ok_or(ScramError::Malformed)?;
        let iterations = fields.next().and_then(|field| field.strip_prefix("i=")).ok_or(ScramError::Malformed)?;
        if fields.any(|field| field.starts_with("m=")) {
            return Err(ScramError::Malformed);
        }
        if !nonce.starts_with(&self.nonce) || nonce.len() <= self.nonce.len() {
            return Err(ScramError::Nonce);
        }
        let salt = Base64::decode_vec(salt).map_err(|_| ScramError::Malformed)?;
        if salt.is_empty() || salt.len() > LONGEST_SALT {
            return Err(ScramError::Malformed);
        }
        if iterations.is_empty() || !iterations.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ScramError::Malformed);
        }
        let iterations = iterations.parse().map_err(|_| ScramError::Iterations)?;
        if !(FEWEST_ITERATIONS..=MOST_ITERATIONS).contains(&iterations) {
            return Err(ScramError::Iterations);
        }
        Ok(ServerFirst {
            hash: self.hash,
            iterations,
            salt,
            nonce: nonce.to_owned(),
            transcript: format!("{},{message}", self.bare),
        })
    }
}

impl ServerFirst {
    /// The hash to stretch with.
    pub const fn hash(&self) -> Hash {
        self.hash
    }

    /// Proves that we know the password, given its stretched form.
    pub fn prove(self, salted: &[u8]) -> Proof {
        let keys = SavedKeys {
            hash: self.hash,
            salt: self.salt.clone(),
            iterations: self.iterations,
            client_key: self.hash.hmac(salted, b"Client Key"),
            server_key: self.hash.hmac(salted, b"Server Key"),
        };
        self.prove_by_keys(keys)
    }

    /// Proves that we knew the password, if the server still wants the same salt and rounds.
    pub fn prove_saved(self, keys: &SavedKeys) -> Option<Proof> {
        (keys.hash == self.hash && keys.salt == self.salt && keys.iterations == self.iterations)
            .then(|| self.prove_by_keys(keys.clone()))
    }

    fn prove_by_keys(self, keys: SavedKeys) -> Proof {
        let without_proof = format!("c=biws,r={}", self.nonce);
        let transcript = format!("{},{without_proof}", self.transcript);
        let stored_key = self.hash.digest(&keys.client_key);
        let signature = self.hash.hmac(&stored_key, transcript.as_bytes());
        let proof: Vec<u8> = keys.client_key.iter().zip(&signature).map(|(key, mask)| key ^ mask).collect();
        Proof {
            message: format!("{without_proof},p={}", Base64::encode_string(&proof)),
            server_signature: self.hash.hmac(&keys.server_key, transcript.as_bytes()),
            keys,
        }
    }
}

impl Proof {
    #[cfg(test)]
    pub(crate) fn signature(&self) -> &[u8] {
        &self.server_signature
    }

    /// Checks that the server knows the password too.
    pub fn verify(&self, message: &str) -> Result<(), ScramError> {
        let signature = message.strip_prefix("v=").ok_or(ScramError::ServerNotProven)?;
        let signature = signature.split(',').next().unwrap_or_default();
        let signature = Base64::decode_vec(signature).map_err(|_| ScramError::ServerNotProven)?;
        // In the same time wherever they differ.
        let differs = signature.iter().zip(&self.server_signature).fold(0, |differs, (a, b)| differs | (a ^ b));
        if signature.len() == self.server_signature.len() && differs == 0 {
            Ok(())
        } else {
            Err(ScramError::ServerNotProven)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretch(hash: Hash, password: &str, first: &ServerFirst) -> Vec<u8> {
        let mut salted = vec![0; hash.length()];
        let (password, salt, rounds) = (password.as_bytes(), &first.salt, first.iterations);
        match hash {
            Hash::Sha1 => pbkdf2::pbkdf2_hmac::<Sha1>(password, salt, rounds, &mut salted),
            Hash::Sha256 => pbkdf2::pbkdf2_hmac::<Sha256>(password, salt, rounds, &mut salted),
            Hash::Sha512 => pbkdf2::pbkdf2_hmac::<Sha512>(password, salt, rounds, &mut salted),
        }
        salted
    }

    #[test]
    fn the_exchange_of_rfc_5802() {
        let client = ClientFirst::new(Hash::Sha1, "user", "fyko+d2lbbFgONRv9qkxdawL".into());
        assert_eq!(client.message(), "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL");
        let first =
            client.server_first("r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096").unwrap();
        let salted = stretch(Hash::Sha1, "pencil", &first);
        let proof = first.clone().prove(&salted);
        assert_eq!(proof.message, "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=");
        assert_eq!(proof.verify("v=rmF9pqV8S7suAoZWja4dJRkFsKQ="), Ok(()));
        assert_eq!(first.prove_saved(&proof.keys).unwrap().message, proof.message);
    }

    #[test]
    fn the_exchange_of_rfc_7677() {
        let client = ClientFirst::new(Hash::Sha256, "user", "rOprNGfwEbeRWgbNEkqO".into());
        let first = client
            .server_first("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")
            .unwrap();
        let salted = stretch(Hash::Sha256, "pencil", &first);
        let proof = first.prove(&salted);
        assert_eq!(
            proof.message,
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
        );
        assert_eq!(proof.verify("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="), Ok(()));
        for forged in ["", "v=", "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G5=", "e=other-error", "v=AAAA"] {
            assert_eq!(proof.verify(forged), Err(ScramError::ServerNotProven), "{forged}");
        }
    }

    #[test]
    fn a_server_that_cheats_is_refused() {
        let first = |message: &str| ClientFirst::new(Hash::Sha1, "u", "abc".into()).server_first(message);
        for (message, error) in [
            ("r=abc,s=QSXC,i=4096", ScramError::Nonce),
            ("r=xyzabc,s=QSXC,i=4096", ScramError::Nonce),
            ("r=abcd,s=QSXC,i=4095", ScramError::Iterations),
            ("r=abcd,s=QSXC,i=1", ScramError::Iterations),
            ("r=abcd,s=QSXC,i=2000001", ScramError::Iterations),
            ("r=abcd,s=QSXC,i=4294967296", ScramError::Iterations),
            ("r=abcd,s=QSXC,i=+4096", ScramError::Malformed),
            ("r=abcd,s=QSXC,i=", ScramError::Malformed),
            ("r=abcd,s=,i=4096", ScramError::Malformed),
            ("r=abcd,s=%,i=4096", ScramError::Malformed),
            ("m=ext,r=abcd,s=QSXC,i=4096", ScramError::Malformed),
            ("r=abcd,s=QSXC,i=4096,m=ext", ScramError::Malformed),
            ("", ScramError::Malformed),
            ("e=invalid", ScramError::Malformed),
        ] {
            assert_eq!(first(message), Err(error), "{message}");
        }
        assert!(first("r=abcd,s=QSXC,i=4096,x=unknown").is_ok());
    }

    #[test]
    fn a_user_name_cannot_add_fields() {
        assert_eq!(ClientFirst::new(Hash::Sha1, "a=b,r=x", "n".into()).message(), "n,,n=a=3Db=2Cr=3Dx,r=n");
    }
}
