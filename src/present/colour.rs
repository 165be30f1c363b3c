//! The colour of a person (XEP-0392), the same in every client.

use sha1::{Digest, Sha1};

/// The angle of the colour, 0 to 359 degrees, of an address or, in a group chat, a nickname.
pub fn hue(name: &str) -> u16 {
    let digest = Sha1::digest(name.as_bytes());
    let mut bytes = digest.iter().copied();
    let low = bytes.next().unwrap_or_default();
    let high = bytes.next().unwrap_or_default();
    let angle = u32::from(u16::from_le_bytes([low, high])).saturating_mul(360) >> 16;
    u16::try_from(angle).unwrap_or_default()
}

/// The letters that stand for a person without a picture: the first letter, and that of the last word.
pub fn initials(name: &str) -> String {
    let first_letter = |word: &str| word.chars().find(|c| c.is_alphanumeric());
    let mut words = name.split_whitespace().filter_map(first_letter);
    let first = words.next().or_else(|| name.chars().next());
    first.into_iter().chain(words.next_back()).map(|c| c.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_the_document() {
        for (text, angle) in [("juliet@capulet.lit", 209), ("council", 359)] {
            assert_eq!(hue(text), angle, "{text}");
        }
    }

    #[test]
    fn letters_of_a_name() {
        assert_eq!(initials("grace hopper"), "GH");
        assert_eq!(initials("Anna Maria (work) Smith"), "AS");
        assert_eq!(initials("mercutio"), "M");
        assert_eq!(initials("  "), " ");
        assert_eq!(initials(""), "");
        assert_eq!(initials("李 明"), "李明");
    }
}
