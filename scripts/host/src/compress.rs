//! The two encodings that browsers accept, each at its best.

use flate2::{Compression, write::GzEncoder};
use std::io::{self, Write};

/// A content coding, named as in the headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    Brotli,
    Gzip,
    Identity,
}

impl Coding {
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }
}

pub fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let settings = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &settings)?;
    Ok(out)
}

pub fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// The best coding that an `Accept-Encoding` header admits (RFC 9110, 12.5.3).
pub fn negotiate(accept: Option<&str>) -> Coding {
    let accept = accept.unwrap_or("");
    [Coding::Brotli, Coding::Gzip]
        .into_iter()
        .find(|coding| coding.name().is_some_and(|name| admits(accept, name)))
        .unwrap_or(Coding::Identity)
}

/// Whether a coding is admitted by its own name, or by `*` if it is not named.
fn admits(accept: &str, coding: &str) -> bool {
    let mut others = false;
    for item in accept.split(',') {
        let mut parts = item.split(';').map(str::trim);
        let name = parts.next().unwrap_or("");
        let refused = parts.filter_map(|p| p.strip_prefix("q=")).any(|q| q.parse() == Ok(0.0_f32));
        if name.eq_ignore_ascii_case(coding) {
            return !refused;
        }
        if name == "*" {
            others = !refused;
        }
    }
    others
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn brotli_is_preferred_whatever_the_order() {
        assert_eq!(negotiate(Some("gzip, deflate, br, zstd")), Coding::Brotli);
        assert_eq!(negotiate(Some("gzip, deflate")), Coding::Gzip);
        assert_eq!(negotiate(Some("*")), Coding::Brotli);
    }

    #[test]
    fn what_is_refused_is_not_sent() {
        assert_eq!(negotiate(Some("br;q=0, gzip;q=0.5")), Coding::Gzip);
        assert_eq!(negotiate(Some("br; q=0.0, *")), Coding::Gzip);
        assert_eq!(negotiate(Some("*;q=0")), Coding::Identity);
        assert_eq!(negotiate(Some("identity")), Coding::Identity);
        assert_eq!(negotiate(Some("brotli, x-gzip")), Coding::Identity);
        assert_eq!(negotiate(None), Coding::Identity);
    }

    #[test]
    fn both_codings_can_be_undone() {
        let text = b"O Romeo, Romeo, wherefore art thou Romeo? ".repeat(50);
        let mut back = Vec::new();
        brotli::Decompressor::new(&brotli(&text).unwrap()[..], 4096).read_to_end(&mut back).unwrap();
        assert_eq!(back, text);
        let mut back = Vec::new();
        flate2::read::GzDecoder::new(&gzip(&text).unwrap()[..]).read_to_end(&mut back).unwrap();
        assert_eq!(back, text);
    }
}
