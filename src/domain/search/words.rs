//! The words of a text, in the form in which they are compared: without case and accents.
//!
//! Scripts that put no spaces between words are cut into pairs of neighbouring characters, so that any part of them is
//! found. The tables are small on purpose: those of Unicode weigh more than all of this.

use std::ops::Range;

use crate::domain::fold::fold_char;

/// Characters of a word that count; what follows is not told apart.
const LONGEST: usize = 32;

/// Words of one message that are looked at.
const MOST: usize = 5_000;

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A word of a script with spaces, or a number.
    Word,
    /// Two neighbouring characters of a script without spaces.
    Pair,
    /// The last one of such characters in a row, alone.
    Last,
}

enum Class {
    /// Stands between words.
    Between,
    /// Belongs to a word.
    Letter,
    /// Of a script without spaces, or a picture.
    Dense,
    /// Changes the letter before it, and does not count.
    Mark,
}

fn class(character: char) -> Class {
    match character {
        '0'..='9' | 'A'..='Z' | 'a'..='z' => Class::Letter,
        '\0'..='\u{a9}' | '\u{ab}'..='\u{b1}' | '\u{b4}' | '\u{b6}'..='\u{b8}' | '\u{bb}'..='\u{bf}' | '×' | '÷' => {
            Class::Between
        }
        // Accents, the vowel points of Hebrew and Arabic, the lengthening stroke, joiners and what picks the look or the
        // colour of a picture.
        '\u{300}'..='\u{36f}'
        | '\u{483}'..='\u{489}'
        | '\u{591}'..='\u{5bd}'
        | '\u{5bf}'..='\u{5c7}'
        | '\u{610}'..='\u{61a}'
        | '\u{640}'
        | '\u{64b}'..='\u{65f}'
        | '\u{670}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{1f3fb}'..='\u{1f3ff}'
        | '\u{e0000}'..='\u{e007f}' => Class::Mark,
        '\u{37e}' | '\u{387}' | '\u{55a}'..='\u{55f}' | '\u{589}'..='\u{58a}' | '\u{5be}' | '\u{5f3}'..='\u{5f4}' => {
            Class::Between
        }
        '\u{60c}' | '\u{61b}'..='\u{61f}' | '\u{66a}'..='\u{66d}' | '\u{6d4}' | '\u{964}'..='\u{965}' => Class::Between,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17d3}' => Class::Dense,
        '\u{2000}'..='\u{206f}' | '\u{20a0}'..='\u{20cf}' | '\u{2190}'..='\u{25ff}' | '\u{27c0}'..='\u{2bff}' => {
            Class::Between
        }
        '\u{2600}'..='\u{27bf}' | '\u{2e80}'..='\u{2fdf}' => Class::Dense,
        '\u{2e00}'..='\u{2e7f}' | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{30fb}' => Class::Between,
        '\u{3005}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' => {
            Class::Dense
        }
        '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' => Class::Letter,
        '\u{ff66}'..='\u{ff9f}' | '\u{1f000}'..='\u{1faff}' | '\u{20000}'..='\u{3ffff}' => Class::Dense,
        '\u{fe10}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff65}' | '\u{ffe0}'..='\u{ffff}' => Class::Between,
        _ => Class::Letter,
    }
}

/// Base letters of U+1E00 to U+1EFF, one for each; `.` keeps the character.
const LATIN: &str = "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppp\
    rrrrrrrrssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwy.s....aaaaaaaaaaaaaaaaaaaaaaaa\
    eeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......";

/// Letters with an accent, each before the one that it counts as.
const ACCENTED: &str = "ƠoơoƯuưuǍaǎaǏiǐiǑoǒoǓuǔuȘsșsȚtțtΆαάαΈεέεΉηήηΊιίιΪιϊιΐιΌοόοΎυύυΫυϋυΰυΏωώωςσ\
    ЁеёеЀеѐеЙийиЍиѝиЇіїіЎуўуЃгѓгЌкќкآاأاإاىيةه";

/// Writes a letter in the form in which it is compared.
fn put(out: &mut String, letter: char) {
    let code = letter as u32;
    match letter {
        'ß' | 'ẞ' => out.push_str("ss"),
        'æ' | 'Æ' => out.push_str("ae"),
        'œ' | 'Œ' => out.push_str("oe"),
        '\0'..='\u{17f}' => out.push(fold_char(letter)),
        '\u{1e00}'..='\u{1eff}' => {
            let place = usize::try_from(code.saturating_sub(0x1e00)).unwrap_or(usize::MAX);
            out.push(LATIN.as_bytes().get(place).filter(|byte| **byte != b'.').map_or(letter, |byte| (*byte).into()));
        }
        // The wide forms of digits and letters.
        '\u{ff10}'..='\u{ff5a}' => {
            let narrow = char::from_u32(code.saturating_sub(0xfee0)).unwrap_or(letter);
            out.push(narrow.to_ascii_lowercase());
        }
        // Further Cyrillic: the small letter follows its capital.
        '\u{460}'..='\u{481}' | '\u{48a}'..='\u{4bf}' | '\u{4d0}'..='\u{52f}' => {
            out.push(char::from_u32(code | 1).unwrap_or(letter));
        }
        '\u{180}'..='\u{6ff}' => {
            let mut pairs = ACCENTED.chars();
            while let (Some(accented), Some(base)) = (pairs.next(), pairs.next()) {
                if accented == letter {
                    return out.push(base);
                }
            }
            out.push(fold_char(letter));
        }
        _ => out.push(letter),
    }
}

/// What a text is cut into.
struct Cutter<'a> {
    each: &'a mut dyn FnMut(&str, Kind, Range<usize>),
    left: usize,
    word: String,
    letters: usize,
    /// Of the word.
    range: Range<usize>,
    /// The last character of a script without spaces.
    dense: Option<(char, Range<usize>)>,
}

impl Cutter<'_> {
    fn tell(&mut self, kind: Kind, range: Range<usize>) {
        if let Some(left) = self.left.checked_sub(1) {
            self.left = left;
            (self.each)(&self.word, kind, range);
        }
        self.word.clear();
        self.letters = 0;
    }

    fn end_word(&mut self) {
        if self.letters > 0 {
            self.tell(Kind::Word, self.range.clone());
        }
    }

    fn end_dense(&mut self) {
        if let Some((last, range)) = self.dense.take() {
            self.word.push(last);
            self.tell(Kind::Last, range);
        }
    }
}

/// Calls `each` with every word of a text, in order, and with where it stands in the text, in bytes. Of a very long text
/// only the beginning is looked at.
pub fn words(text: &str, each: &mut dyn FnMut(&str, Kind, Range<usize>)) {
    let mut cutter = Cutter { each, left: MOST, word: String::new(), letters: 0, range: 0..0, dense: None };
    for (start, character) in text.char_indices() {
        if cutter.left == 0 {
            return;
        }
        let end = start.saturating_add(character.len_utf8());
        match class(character) {
            Class::Mark => {}
            Class::Between => {
                cutter.end_word();
                cutter.end_dense();
            }
            Class::Letter => {
                cutter.end_dense();
                if cutter.letters == 0 {
                    cutter.range.start = start;
                }
                cutter.range.end = end;
                cutter.letters = cutter.letters.saturating_add(1);
                if cutter.letters <= LONGEST {
                    put(&mut cutter.word, character);
                }
            }
            Class::Dense => {
                cutter.end_word();
                if let Some((before, range)) = cutter.dense.take() {
                    cutter.word.push(before);
                    cutter.word.push(character);
                    cutter.tell(Kind::Pair, range.start..end);
                }
                cutter.dense = Some((character, start..end));
            }
        }
    }
    cutter.end_word();
    cutter.end_dense();
}

/// A text in the form in which names and addresses are compared.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match class(letter) {
            Class::Mark => {}
            _ => put(&mut out, letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        words(text, &mut |word, _, range| {
            assert!(text.get(range).is_some(), "a part of the text");
            found.push(word.to_owned());
        });
        found
    }

    #[test]
    fn the_tables_have_one_letter_for_each_character() {
        assert_eq!(LATIN.len(), 0x100);
        assert_eq!(ACCENTED.chars().count() % 2, 0);
    }

    #[test]
    fn case_and_accents_do_not_matter() {
        assert_eq!(of("José's CAFÉ: 2×3"), ["jose", "s", "cafe", "2", "3"]);
        assert_eq!(of("Jose\u{301} Straße Œuvre"), ["jose", "strasse", "oeuvre"]);
        assert_eq!(of("Việt Nam, Ứng dụng"), ["viet", "nam", "ung", "dung"]);
        assert_eq!(of("Άνθρωπος Ёлка ЙОД Їжак"), ["ανθρωποσ", "елка", "иод", "іжак"]);
        assert_eq!(of("ＡＢＣ１２"), ["abc12"]);
        assert_eq!(of("שָׁלוֹם أهلاً"), ["שלום", "اهلا"]);
    }

    #[test]
    fn scripts_without_spaces_become_pairs() {
        assert_eq!(of("東京都 です"), ["東京", "京都", "都", "です", "す"]);
        assert_eq!(of("iPhone手机"), ["iphone", "手机", "机"]);
        assert_eq!(of("ok 👍🏽!"), ["ok", "👍"]);
        assert_eq!(of("한국어 배우기"), ["한국어", "배우기"]);
    }

    #[test]
    fn nothing_is_longer_or_more_than_it_may_be() {
        assert_eq!(of(&"x".repeat(100)), ["x".repeat(LONGEST)]);
        assert_eq!(of(&"a ".repeat(MOST + 9)).len(), MOST);
    }
}
