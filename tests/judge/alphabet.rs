//! The characters of Unicode, one at a time, in each part of an address.

use jid::{DomainPart, NodePart, ResourcePart};
use stringprep::tables::{bidi_r_or_al, unassigned_code_point};
use unicode_normalization::UnicodeNormalization;
use waxwing::jid::{Jid, JidError};

use crate::addresses::typed;

/// Every character of the blocks with cases, compositions and signs, and samples of the wide rest.
fn characters() -> impl Iterator<Item = char> {
    let all = [('\0', '\u{33ff}'), ('\u{f8f0}', '\u{107ff}'), ('\u{1cff0}', '\u{1fbff}'), ('\u{dfff0}', '\u{e01ff}')];
    let samples = ('\u{3400}'..=char::MAX).step_by(37);
    all.into_iter().flat_map(|(first, last)| first..=last).chain(samples)
}

/// Whether stringprep has no say: it ends with Unicode 3.2, and its rule of directions is not ours.
fn beyond_stringprep(character: char) -> bool {
    let lower = character.to_lowercase();
    std::iter::once(character).chain(character.nfkc()).chain(lower).any(|c| unassigned_code_point(c) || bidi_r_or_al(c))
}

/// Greek letters with an iota below, which only ancient texts have. Stringprep folds the iota to a letter of its
/// own, for which we would need a table; lower case alone keeps it where it is, and so does RFC 8265.
fn has_iota_below(character: char) -> bool {
    character.nfd().any(|c| c == '\u{345}')
}

#[test]
fn every_character_in_a_local_part() {
    let mut wrong = Vec::new();
    for character in characters().filter(|c| !matches!(c, '@' | '/')) {
        let text = format!("a{character}b");
        let ours = typed(&format!("{text}@a.example"));
        let theirs = NodePart::new(&text).ok().map(|node| format!("{}@a.example", node.as_str()));
        if ours != theirs && !beyond_stringprep(character) && !has_iota_below(character) {
            wrong.push((character, ours, theirs));
        }
    }
    assert!(wrong.is_empty(), "{}: {wrong:?}", wrong.len());
}

#[test]
fn every_character_in_a_domain() {
    let mut wrong = Vec::new();
    for character in characters().filter(|c| !matches!(c, '@' | '/')) {
        let text = format!("a{character}b.example");
        let ours = typed(&format!("a@{text}"));
        let theirs = DomainPart::new(&text).ok().map(|domain| format!("a@{}", domain.as_str()));
        // Signs that no host has in its name.
        let strict = ours.is_none() && character.nfkc().any(|c| c.is_ascii_punctuation());
        let lenient = match character {
            // The full stops of other keyboards divide.
            '\u{3002}' | '\u{ff61}' => true,
            // IDNA 2008 wants joiners in a context that gives them a meaning; nameprep drops them, and so do we.
            '\u{200c}' | '\u{200d}' => theirs.is_none(),
            // Arabic digits need Arabic letters around them, another rule of directions.
            '\u{660}'..='\u{66c}' => theirs.is_none(),
            character => beyond_stringprep(character) || has_iota_below(character),
        };
        if ours != theirs && !strict && !lenient {
            wrong.push((character, ours, theirs));
        }
    }
    assert!(wrong.is_empty(), "{}: {wrong:?}", wrong.len());
}

/// Whatever the crate lets pass in prepared form, a server may send, so we must read it unchanged.
#[test]
fn every_character_in_a_prepared_resource() {
    let mut wrong = Vec::new();
    for character in characters() {
        let text = format!("a{character}b");
        let ours: Result<Jid, JidError> = format!("a.example/{text}").parse();
        let right = match ResourcePart::new(&text) {
            Ok(prepared) if prepared.as_str() == text => ours.is_ok_and(|jid| jid.resource() == Some(&*text)),
            // It would be prepared into something else, which is for the server to do.
            Ok(_) => true,
            // What the crate refuses we refuse too.
            Err(_) => ours.is_err() || beyond_stringprep(character),
        };
        if !right {
            wrong.push(character);
        }
    }
    assert!(wrong.is_empty(), "{}: {wrong:?}", wrong.len());
}
