//! How names compare: without case and without the accents of Latin letters, so that "José" is found by "jose" and
//! "Åsa" stands among the A's. Small on purpose: the full Unicode tables weigh more than the contact list.

/// Lower-case base letters of U+00C0 to U+017F, one for each; `.` keeps the character.
const LATIN: &str = "aaaaaaaceeeeiiiidnooooo.ouuuuytsaaaaaaaceeeeiiiidnooooo.ouuuuyty\
    aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll\
    lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/// The form of a name by which it is sorted and searched.
pub fn fold(text: &str) -> String {
    text.chars().map(fold_char).collect()
}

/// Whether a character could turn the text around it, or hide in it.
pub fn is_unseen(character: char) -> bool {
    (character.is_control() && !character.is_whitespace())
        || matches!(character, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A name that somebody gave themselves, without what cannot be seen; `None` if nothing is left.
pub fn seen_name(text: &str) -> Option<String> {
    let name: String = text.chars().filter(|&character| !is_unseen(character)).collect();
    let name = name.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// One character of it.
pub fn fold_char(character: char) -> char {
    let code = character as u32;
    let moved = |by: u32| char::from_u32(code.saturating_add(by)).unwrap_or(character);
    match code {
        0..=0x7f => character.to_ascii_lowercase(),
        0xc0..=0x17f => {
            let place = usize::try_from(code.saturating_sub(0xc0)).unwrap_or(usize::MAX);
            LATIN.as_bytes().get(place).map_or(character, |&byte| if byte == b'.' { character } else { byte.into() })
        }
        // Greek, Cyrillic and Armenian keep their small letters at a fixed distance from the capitals.
        0x391..=0x3a9 | 0x410..=0x42f => moved(0x20),
        0x400..=0x40f => moved(0x50),
        0x531..=0x556 => moved(0x30),
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_one_letter_for_each_character() {
        assert_eq!(LATIN.len(), 0x180 - 0xc0);
        assert!(LATIN.is_ascii());
    }

    #[test]
    fn case_and_accents_do_not_matter() {
        assert_eq!(fold("José ÅSA Čapek Łukasz Žižek Ÿ"), "jose asa capek lukasz zizek y");
        assert_eq!(fold("ΑΒΓ Ёж ЯБЛОКО"), "αβγ ёж яблоко");
        assert_eq!(fold("×÷ 漢字 🦜"), "×÷ 漢字 🦜");
    }
}
