//! What a photograph tells beside its picture: cameras and telephones write down where it was taken, and more.

use std::ops::Range;

/// What is left of a file, in order: a range of its bytes is kept, or other bytes stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// These bytes of the file.
    Kept(Range<usize>),
    /// These instead of something.
    New(Vec<u8>),
}

/// A JPEG without what tells more than its picture: Exif and XMP (APP1), previews with an Exif of their own (APP2 of
/// the kind MPF), IPTC (APP13), comments, and whatever stands behind its end. Only which way is up stays.
///
/// `None`, if it is no JPEG. Nothing is drawn anew, so nothing of the picture is lost. What cannot be understood is
/// kept from there on: it is for the receiver to refuse.
pub fn without_place(bytes: &[u8]) -> Option<Vec<Piece>> {
    if !bytes.starts_with(&[0xff, 0xd8]) {
        return None;
    }
    let mut pieces = vec![Piece::Kept(0..2)];
    let mut at = 2_usize;
    let mut turned = false;
    loop {
        let Some(segment) = Segment::at(bytes, at) else {
            pieces.push(Piece::Kept(at..bytes.len()));
            return Some(pieces);
        };
        let whole = at..segment.end;
        let content = bytes.get(at.saturating_add(4)..segment.end).unwrap_or_default();
        at = segment.end;
        match segment.marker {
            // The picture itself: up to the next marker that is none of its own.
            START_OF_SCAN => {
                at = end_of_scan(bytes, at);
                pieces.push(Piece::Kept(whole.start..at));
            }
            END => {
                pieces.push(Piece::Kept(whole));
                return Some(pieces);
            }
            APP1 => {
                if let Some(turn) = content.strip_prefix(b"Exif\0\0").and_then(orientation).filter(|_| !turned) {
                    turned = true;
                    pieces.push(Piece::New(oriented(turn)));
                }
            }
            APP2 if content.starts_with(b"MPF\0") => {}
            APP13 | COMMENT => {}
            _ => pieces.push(Piece::Kept(whole)),
        }
    }
}

const APP1: u8 = 0xe1;
const APP2: u8 = 0xe2;
const APP13: u8 = 0xed;
const COMMENT: u8 = 0xfe;
const START_OF_SCAN: u8 = 0xda;
const END: u8 = 0xd9;

/// A marker and what belongs to it (ITU-T T.81 §B.1.1).
struct Segment {
    marker: u8,
    end: usize,
}

impl Segment {
    fn at(bytes: &[u8], at: usize) -> Option<Self> {
        let rest = bytes.get(at..)?;
        let &[0xff, marker, ..] = rest else { return None };
        match marker {
            // Markers may be filled up in front (§B.1.1.2), but hardly anybody does: that is kept as it is.
            0x00 | 0xff => None,
            0x01 | 0xd0..=0xd9 => Some(Self { marker, end: at.saturating_add(2) }),
            _ => {
                let length = usize::from(u16::from_be_bytes([*rest.get(2)?, *rest.get(3)?]));
                let end = at.saturating_add(2).saturating_add(length);
                (length >= 2 && end <= bytes.len()).then_some(Self { marker, end })
            }
        }
    }
}

/// Where the coded picture ends that begins here: at a marker that neither stands for a byte nor begins anew.
fn end_of_scan(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let ends = |pair: &[u8]| matches!(pair, [0xff, marker] if !matches!(marker, 0x00 | 0xff | 0xd0..=0xd7));
    rest.windows(2).position(ends).map_or(bytes.len(), |place| from.saturating_add(place))
}

/// Which way is up, from the first folder of a TIFF (Exif 2.3 §4.6.4). 1 is as it is, and need not be said.
fn orientation(tiff: &[u8]) -> Option<u8> {
    let big = match tiff.get(..4)? {
        b"MM\0*" => true,
        b"II*\0" => false,
        _ => return None,
    };
    let two = |at: usize| {
        let pair = [*tiff.get(at)?, *tiff.get(at.saturating_add(1))?];
        Some(if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) })
    };
    let (first, second) = (usize::from(two(4)?), usize::from(two(6)?));
    let folder = if big {
        first.saturating_mul(65_536).saturating_add(second)
    } else {
        second.saturating_mul(65_536).saturating_add(first)
    };
    let count = usize::from(two(folder)?);
    for entry in 0..count {
        let at = folder.saturating_add(2).saturating_add(entry.saturating_mul(12));
        if two(at)? == ORIENTATION {
            return two(at.saturating_add(8))
                .and_then(|turn| u8::try_from(turn).ok())
                .filter(|turn| (2..=8).contains(turn));
        }
    }
    None
}

const ORIENTATION: u16 = 0x0112;

/// An Exif segment that says which way is up and nothing else.
fn oriented(turn: u8) -> Vec<u8> {
    let mut segment = vec![0xff, APP1, 0, 34];
    segment.extend(b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0");
    segment.extend([turn, 0, 0, 0, 0, 0, 0]);
    segment
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len().saturating_add(2)).unwrap().to_be_bytes();
        [&[0xff, marker], &length[..], content].concat()
    }

    /// A TIFF with a tag of no matter, the orientation and a place; `big` as some cameras write it.
    fn exif(big: bool, turn: u16) -> Vec<u8> {
        let two = |n: u16| if big { n.to_be_bytes() } else { n.to_le_bytes() };
        let four = |n: u32| if big { n.to_be_bytes() } else { n.to_le_bytes() };
        let mut tiff = if big { b"Exif\0\0MM\0*".to_vec() } else { b"Exif\0\0II*\0".to_vec() };
        tiff.extend(four(8));
        tiff.extend(two(2));
        for (tag, value) in [(0x0100, 9), (ORIENTATION, turn)] {
            tiff.extend([two(tag), two(3)].concat());
            tiff.extend(four(1));
            tiff.extend([two(value), two(0)].concat());
        }
        tiff.extend(four(0));
        tiff.extend(b"GPS 52.5200 N 13.4050 E");
        tiff
    }

    fn built(bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        for piece in without_place(bytes).unwrap() {
            match piece {
                Piece::Kept(range) => out.extend(&bytes[range]),
                Piece::New(new) => out.extend(new),
            }
        }
        out
    }

    const START: &[u8] = &[0xff, 0xd8];
    const STOP: &[u8] = &[0xff, 0xd9];

    #[test]
    fn the_place_goes_and_the_picture_and_its_turn_stay() {
        let scan = [segment(START_OF_SCAN, b"head"), vec![1, 2, 0xff, 0, 3, 0xff, 0xd0, 4]].concat();
        let (jfif, colours, table) =
            (segment(0xe0, b"JFIF\0"), segment(APP2, b"ICC_PROFILE\0"), segment(0xdb, b"table"));
        for big in [true, false] {
            let photo = [
                START,
                &jfif,
                &segment(APP1, &exif(big, 6)),
                &segment(APP1, b"http://ns.adobe.com/xap/1.0/\0GPS"),
                &colours,
                &segment(APP2, b"MPF\0preview"),
                &segment(APP13, b"Photoshop GPS"),
                &segment(COMMENT, b"GPS"),
                &table,
                &scan,
                &table,
                &scan,
                STOP,
                START,
                &segment(APP1, &exif(big, 1)),
                STOP,
            ]
            .concat();
            let clean = built(&photo);
            assert!(!clean.windows(3).any(|three| three == b"GPS"));
            assert_eq!(clean, [START, &jfif, &oriented(6), &colours, &table, &scan, &table, &scan, STOP].concat());
            assert_eq!(built(&clean), clean, "nothing is left to be taken away");
        }
        let upright = [START, &segment(APP1, &exif(true, 1)), &scan, STOP].concat();
        assert_eq!(built(&upright), [START, &scan, STOP].concat());
    }

    #[test]
    fn the_segment_that_tells_the_turn_is_one() {
        for turn in 2..=8 {
            let ours = oriented(turn);
            assert_eq!(ours, segment(APP1, &ours[4..]));
            assert_eq!(orientation(&ours[10..]), Some(turn));
        }
    }

    #[test]
    fn whatever_comes_it_ends_and_keeps_what_it_does_not_know() {
        assert_eq!(without_place(b"\x89PNG"), None);
        assert_eq!(without_place(b""), None);
        for odd in [
            &b"\xff\xd8"[..],
            b"\xff\xd8\xff",
            b"\xff\xd8\xff\xe0\0\x01",
            b"\xff\xd8\xff\xe0\xff\xffshort",
            b"\xff\xd8text",
        ] {
            assert_eq!(built(odd), odd);
        }
        for odd in [&b"MM\0*"[..], b"MM\0*\xff\xff\xff\xff", b"II*\0\x08\0\0\0\xff\xff", b"II"] {
            assert_eq!(orientation(odd), None);
        }
        let mut photo = [START, &segment(APP1, &exif(true, 6)), STOP].concat();
        for at in 2..photo.len() {
            for byte in [0, 0xff, 0xda] {
                let was = std::mem::replace(&mut photo[at], byte);
                without_place(&photo);
                photo[at] = was;
            }
        }
    }
}
