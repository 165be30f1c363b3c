//! What is kept for the next visit, as bytes: a version, then each field with its length before it.

use crate::engine::effect::Remembered;
use crate::session::scram::{Hash, SavedKeys};

const VERSION: u8 = 1;

/// The bytes of a record.
pub fn write(remembered: &Remembered) -> Vec<u8> {
    let keys = &remembered.keys;
    let mut out = vec![VERSION];
    field(&mut out, remembered.address.as_str().as_bytes());
    match &remembered.service {
        Some(service) => {
            out.push(1);
            field(&mut out, service.as_bytes());
        }
        None => out.push(0),
    }
    out.push(match keys.hash {
        Hash::Sha1 => 1,
        Hash::Sha256 => 2,
        Hash::Sha512 => 3,
    });
    out.extend(keys.iterations.to_le_bytes());
    field(&mut out, &keys.salt);
    field(&mut out, &keys.client_key);
    field(&mut out, &keys.server_key);
    out
}

/// The record of some bytes; `None` if they are anything but what [`write`] makes.
pub fn read(bytes: &[u8]) -> Option<Remembered> {
    let mut rest = Reader(bytes);
    if rest.byte()? != VERSION {
        return None;
    }
    let address = rest.text()?.parse().ok()?;
    let service = match rest.byte()? {
        0 => None,
        1 => Some(rest.text()?.to_owned()),
        _ => return None,
    };
    let hash = match rest.byte()? {
        1 => Hash::Sha1,
        2 => Hash::Sha256,
        3 => Hash::Sha512,
        _ => return None,
    };
    let iterations = rest.number()?;
    let keys = SavedKeys {
        hash,
        salt: rest.field()?.to_vec(),
        iterations,
        client_key: rest.field()?.to_vec(),
        server_key: rest.field()?.to_vec(),
    };
    rest.0.is_empty().then_some(Remembered { address, service, keys })
}

fn field(out: &mut Vec<u8>, bytes: &[u8]) {
    // On wasm32 a length is a u32.
    out.extend((bytes.len() as u32).to_le_bytes());
    out.extend(bytes);
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }

    fn number(&mut self) -> Option<u32> {
        let (number, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_le_bytes(*number))
    }

    fn field(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        let (field, rest) = self.0.split_at_checked(length as usize)?;
        self.0 = rest;
        Some(field)
    }

    fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.field()?).ok()
    }
}
