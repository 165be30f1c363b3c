//! The pictures that addresses show for themselves, named by what is in them.
//!
//! A picture comes from whoever likes to be seen, so nothing of it is believed: not its type, which its first bytes tell,
//! not its size, and not that it is the one that was announced.

use std::rc::Rc;

use serde::{Deserialize, Serialize};
use sha1::{Digest, Sha1};

use super::change::Change;
use crate::form::Picture;
use crate::jid::BareJid;
use crate::map::Map;

/// The largest file that is taken, in bytes.
pub const MOST: usize = 262_144;
/// The most pixels that a side may have: a small file can be a huge picture.
const SIDE: u32 = 2_048;
/// Files that are held here at a time.
const HELD: usize = 40;
/// Names that are remembered of those that turned out to be wrong.
const WRONG: usize = 100;
/// Names of one picture: it may be there in several types (XEP-0486 §5.1).
const NAMES: usize = 4;

/// A picture: PNG, JPEG, GIF or WebP, of a size that can be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Face {
    /// Of which type it is.
    pub kind: Picture,
    /// The file.
    pub bytes: Vec<u8>,
}

impl Face {
    /// Takes a file, if it is one that can be shown.
    pub fn read(bytes: Vec<u8>) -> Option<Self> {
        let kind = Picture::of(&bytes)?;
        let (wide, high) = sides(kind, &bytes)?;
        let fits = |side| (1..=SIDE).contains(&side);
        (bytes.len() <= MOST && fits(wide) && fits(high)).then_some(Self { kind, bytes })
    }

    /// Its name: SHA-1 of the file, in hexadecimal digits (XEP-0153 §4.1).
    pub fn name(&self) -> String {
        let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or_default();
        Sha1::digest(&self.bytes).iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
    }
}

/// How wide and how high a picture says that it is.
fn sides(kind: Picture, bytes: &[u8]) -> Option<(u32, u32)> {
    let byte = |at: usize| bytes.get(at).copied().map(u32::from);
    let two = |high: usize, low: usize| Some(byte(high)? << 8 | byte(low)?);
    match kind {
        // The first chunk is the header (PNG §11.2.2).
        Picture::Png => {
            let four = |at: usize| {
                Some(two(at, at.saturating_add(1))? << 16 | two(at.saturating_add(2), at.saturating_add(3))?)
            };
            Some((four(16)?, four(20)?))
        }
        Picture::Gif => Some((two(7, 6)?, two(9, 8)?)),
        Picture::Webp => match bytes.get(12..16)? {
            b"VP8 " => Some((two(27, 26)? & 0x3fff, two(29, 28)? & 0x3fff)),
            b"VP8L" => {
                let bits = two(24, 23)? << 16 | two(22, 21)?;
                Some(((bits & 0x3fff).saturating_add(1), (bits >> 14 & 0x3fff).saturating_add(1)))
            }
            b"VP8X" => {
                let three = |at: usize| {
                    Some((byte(at.saturating_add(2))? << 16 | two(at.saturating_add(1), at)?).saturating_add(1))
                };
                Some((three(24)?, three(27)?))
            }
            _ => None,
        },
        Picture::Jpeg => {
            let mut at = 2_usize;
            loop {
                let [0xff, marker, rest @ ..] = bytes.get(at..)? else { return None };
                match (*marker, rest) {
                    // A frame (ITU-T T.81 §B.2.2): of the same row are tables and what is reserved.
                    (0xc0..=0xcf, [_, _, _, h1, h2, w1, w2, ..]) if !matches!(*marker, 0xc4 | 0xc8 | 0xcc) => {
                        let side = |high: u8, low: u8| u32::from(u16::from_be_bytes([high, low]));
                        return Some((side(*w1, *w2), side(*h1, *h2)));
                    }
                    (0xc0..=0xfe, [high, low, ..]) => {
                        let length = usize::from(u16::from_be_bytes([*high, *low]));
                        at = at.saturating_add(2).saturating_add(length.max(2));
                    }
                    _ => return None,
                }
            }
        }
    }
}

/// What an address says about its picture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Its names, one for each type; none, if there is no picture.
    pub names: Vec<Rc<str>>,
    /// Whoever may do that can give it another one.
    pub settable: bool,
}

/// One thing that is different about pictures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FaceChange {
    /// What an address says about its picture.
    Of(BareJid, Shown),
    /// The picture of a name, for whoever asked.
    Is(Rc<str>, Face),
}

/// Who shows which picture, and those that are held here.
#[derive(Debug, Default)]
pub struct Faces {
    /// And whether that was said in a presence last.
    shown: Map<BareJid, (Shown, bool)>,
    held: Vec<(Rc<str>, Face)>,
    /// Whose picture is to be fetched.
    line: Vec<BareJid>,
    /// Whose is being fetched.
    asked: Vec<BareJid>,
    /// What did not turn out to be a picture of that name is not fetched again.
    wrong: Vec<Rc<str>>,
    changes: Vec<Change>,
}

impl Faces {
    /// What became different.
    pub fn take_changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.changes)
    }

    /// An address says which picture it shows. Its own word only: whoever calls this checks that. Who tells `settable`,
    /// too, was asked what it is; the others say so in a presence, and not all of them say it in both ways.
    pub fn say(&mut self, whose: &BareJid, names: Vec<String>, settable: Option<bool>) {
        let is_name = |name: &String| name.len() == 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        let names = names.into_iter().filter(is_name).take(NAMES).map(|name| name.to_ascii_lowercase().into());
        let names: Vec<Rc<str>> = names.filter(|name| !self.wrong.contains(name)).collect();
        let (before, by_presence) = self.shown.get(whose).cloned().unwrap_or_default();
        let keeps = settable.is_some() && by_presence && names.is_empty();
        let names = if keeps { before.names.clone() } else { names };
        let now = Shown { names, settable: settable.unwrap_or(before.settable) };
        if now != before {
            self.tell(FaceChange::Of(whose.clone(), now.clone()));
        }
        self.shown.insert(whose.clone(), (now, keeps || settable.is_none()));
    }

    /// Somebody wants to see the picture of an address.
    pub fn want(&mut self, whose: &BareJid) {
        let Some((shown, _)) = self.shown.get(whose).filter(|(shown, _)| !shown.names.is_empty()) else { return };
        let held = self.held.iter().find(|(name, _)| shown.names.contains(name)).cloned();
        match held {
            Some((name, face)) => self.tell(FaceChange::Is(name, face)),
            None if self.line.contains(whose) || self.asked.contains(whose) => {}
            None => self.line.push(whose.clone()),
        }
    }

    /// Whether a picture is to be fetched, while fewer than so many are under way.
    pub fn waits(&self, most: usize) -> bool {
        !self.line.is_empty() && self.asked.len() < most
    }

    /// Whose picture is fetched next.
    pub fn take_next(&mut self) -> Option<BareJid> {
        let next = (!self.line.is_empty()).then(|| self.line.remove(0))?;
        self.asked.push(next.clone());
        Some(next)
    }

    /// Files that came from an address as its picture; none, if it gave none. Only the one that it had announced is
    /// taken; without that it counts as having none, until it announces another one.
    pub fn came(&mut self, whose: &BareJid, files: Vec<Vec<u8>>) {
        self.asked.retain(|asked| asked != whose);
        let Some((shown, _)) = self.shown.get_mut(whose) else { return };
        let found = files.into_iter().filter_map(Face::read).find_map(|face| {
            let name: Rc<str> = face.name().into();
            shown.names.contains(&name).then_some((name, face))
        });
        match found {
            Some((name, face)) => {
                if self.held.len() >= HELD {
                    self.held.remove(0);
                }
                self.held.push((name.clone(), face.clone()));
                self.tell(FaceChange::Is(name, face));
            }
            None => {
                self.wrong.append(&mut shown.names);
                let surplus = self.wrong.len().saturating_sub(WRONG);
                self.wrong.drain(..surplus);
                let shown = shown.clone();
                self.tell(FaceChange::Of(whose.clone(), shown));
            }
        }
    }

    /// Nobody gave an answer: it may be asked for again.
    pub fn silent(&mut self, whose: &BareJid) {
        self.asked.retain(|asked| asked != whose);
    }

    /// The stream is gone, and what was asked on it.
    pub fn stream_ended(&mut self) {
        self.line.clear();
        self.asked.clear();
    }

    fn tell(&mut self, change: FaceChange) {
        self.changes.push(Change::Face(change));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(wide: u32, high: u32) -> Vec<u8> {
        [&b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"[..], &wide.to_be_bytes(), &high.to_be_bytes(), b"\x08\x06"].concat()
    }

    #[test]
    fn what_is_too_large_or_is_no_picture_is_not_taken() {
        assert_eq!(Face::read(png(64, 64)).unwrap().kind, Picture::Png);
        for (wide, high) in [(0, 64), (64, 0), (2_049, 64), (64, 50_000), (u32::MAX, u32::MAX)] {
            assert_eq!(Face::read(png(wide, high)), None, "{wide} {high}");
        }
        let mut long = png(64, 64);
        long.resize(MOST, 0);
        assert!(Face::read(long.clone()).is_some());
        long.push(0);
        assert_eq!(Face::read(long), None);
        for other in
            [&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], b"", b"\x89PNG\r\n\x1a\n", b"<html>", b"GIF89a"]
        {
            assert_eq!(Face::read(other.to_vec()), None);
        }
    }

    #[test]
    fn every_type_tells_its_sides() {
        let gif = b"GIF89a\x40\x01\x20\0\0\0\0";
        assert_eq!(sides(Picture::Gif, gif), Some((320, 32)));
        let lossy = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x40\x01\x20\0";
        assert_eq!(sides(Picture::Webp, lossy), Some((320, 32)));
        // 319 and 31, in 14 bits each.
        let lossless = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x3f\xc1\x07\0";
        assert_eq!(sides(Picture::Webp, lossless), Some((320, 32)));
        let extended = b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x3f\x01\0\x1f\0\0";
        assert_eq!(sides(Picture::Webp, extended), Some((320, 32)));
        assert_eq!(sides(Picture::Webp, b"RIFF\0\0\0\0WEBPXXXX"), None);
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc4\0\x02\xff\xc2\0\x0b\x08\0\x20\x01\x40\x03";
        assert_eq!(sides(Picture::Jpeg, jpeg), Some((320, 32)));
        for broken in
            [&b"\xff\xd8\xff\xe0"[..], b"\xff\xd8\xff\xe0\0\0", b"\xff\xd8\xff\xda\0\x02xx", b"\xff\xd8\xff\xc0\0\x0b"]
        {
            assert_eq!(sides(Picture::Jpeg, broken), None, "{broken:?}");
        }
    }

    #[test]
    fn a_name_is_the_hash_of_the_file() {
        let face = Face { kind: Picture::Png, bytes: b"abc".to_vec() };
        assert_eq!(face.name(), "a9993e364706816aba3e25717850c26c9cd0d89d");
    }
}
