//! The table of emoji (`public/emoji.txt`) and what is found in it. It is loaded when first used and read in place: a
//! search goes through all of it in well under a millisecond.

use crate::domain::fold::{fold, fold_char};

/// How many emoji are remembered as used lately.
pub const RECENT: usize = 24;

/// The longest shortcode, in letters; what is longer is none.
const CODE: usize = 40;

/// The table, as the file has it. A line begins with `=` and names a group, with `#` and is for who reads the file, or is
/// an emoji.
#[derive(Debug)]
pub struct Table(String);

/// One line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Emoji<'a> {
    /// Without a skin tone.
    pub plain: &'a str,
    tones: Tones,
    /// The shortcodes, with spaces between.
    codes: &'a str,
    name: &'a str,
    words: &'a str,
}

/// Where a skin tone goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tones {
    None,
    BehindFirst,
    BehindPeople,
}

/// The colour of skin that is asked for (Unicode's emoji modifiers).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// As the font has it.
    #[default]
    Plain,
    /// Light.
    Light,
    /// Medium light.
    MediumLight,
    /// Medium.
    Medium,
    /// Medium dark.
    MediumDark,
    /// Dark.
    Dark,
}

impl Tone {
    /// All of them, from none to dark.
    pub const ALL: [Self; 6] =
        [Self::Plain, Self::Light, Self::MediumLight, Self::Medium, Self::MediumDark, Self::Dark];

    /// The modifier, and the stable name: nothing for none.
    pub const fn modifier(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Light => "\u{1f3fb}",
            Self::MediumLight => "\u{1f3fc}",
            Self::Medium => "\u{1f3fd}",
            Self::MediumDark => "\u{1f3fe}",
            Self::Dark => "\u{1f3ff}",
        }
    }

    /// The tone of a modifier; none for anything else.
    pub fn of(modifier: &str) -> Self {
        Self::ALL.into_iter().find(|tone| tone.modifier() == modifier).unwrap_or_default()
    }
}

impl<'a> Emoji<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let mut columns = line.split('\t');
        let plain = columns.next().filter(|plain| !plain.is_empty() && !plain.starts_with(['=', '#']))?;
        let tones = match columns.next() {
            Some("1") => Tones::BehindFirst,
            Some("2") => Tones::BehindPeople,
            _ => Tones::None,
        };
        let mut next = || columns.next().unwrap_or_default();
        Some(Self { plain, tones, codes: next(), name: next(), words: next() })
    }

    /// What it is called, as a person reads it.
    pub fn name(&self) -> String {
        match self.name {
            "" => self.code().replace('_', " "),
            name => name.to_owned(),
        }
    }

    /// Its first shortcode, without colons.
    pub fn code(&self) -> &'a str {
        self.codes.split(' ').next().unwrap_or_default()
    }

    /// The emoji with a skin tone, if it takes one.
    pub fn toned(&self, tone: Tone) -> String {
        let modifier = tone.modifier();
        let mut out = String::with_capacity(self.plain.len().saturating_add(16));
        for (place, character) in self.plain.chars().enumerate() {
            let takes = match self.tones {
                _ if modifier.is_empty() => false,
                Tones::None => false,
                Tones::BehindFirst => {
                    // The sign for "as a picture" gives way to the tone.
                    if place == 1 && character == '\u{fe0f}' {
                        continue;
                    }
                    place == 0
                }
                Tones::BehindPeople => matches!(character, '\u{1f468}' | '\u{1f469}' | '\u{1f9d1}'),
            };
            out.push(character);
            if takes {
                out.push_str(modifier);
            }
        }
        out
    }

    /// Whether some word of it begins with this; and whether one of its shortcodes does.
    fn matches(&self, word: &str) -> (bool, bool) {
        let begins = |text: &str| text.split([' ', '_', '-']).any(|known| starts(known, word));
        let code = self.codes.split(' ').any(|code| starts(code, word));
        (code || begins(self.codes) || begins(self.name) || begins(self.words), code)
    }
}

/// Whether a text begins with another one, which is folded.
fn starts(text: &str, small: &str) -> bool {
    let mut rest = text.chars().map(fold_char);
    small.chars().all(|c| rest.next() == Some(c))
}

impl Table {
    /// Takes the text of the file; nothing, if it is some other text.
    pub fn new(text: String) -> Option<Self> {
        let table = Self(text);
        let is_one = table.groups().next().is_some() && table.all().next().is_some();
        is_one.then_some(table)
    }

    /// The names of the groups.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        self.0.lines().filter_map(|line| line.strip_prefix('='))
    }

    /// The emoji of the group with this number.
    pub fn group(&self, number: usize) -> impl Iterator<Item = Emoji<'_>> {
        let group = self.0.split("\n=").nth(number.saturating_add(1)).unwrap_or_default();
        group.lines().skip(1).filter_map(Emoji::read)
    }

    fn all(&self) -> impl Iterator<Item = Emoji<'_>> {
        self.0.lines().filter_map(Emoji::read)
    }

    /// What is found by these words, at most `most`: first whose shortcode begins with them.
    pub fn search(&self, words: &str, most: usize) -> Vec<Emoji<'_>> {
        let small = fold(words.trim());
        let words: Vec<&str> = small.split([' ', '_', '-']).filter(|word| !word.is_empty()).collect();
        // "-1" and "_" are nothing but what words are split at.
        let words = if words.is_empty() || small.starts_with('-') { vec![small.as_str()] } else { words };
        let (mut first, mut others) = (Vec::new(), Vec::new());
        if small.is_empty() {
            return first;
        }
        for emoji in self.all() {
            if emoji.matches(&small).1 {
                first.push(emoji);
            } else if words.iter().all(|word| emoji.matches(word).0) {
                others.push(emoji);
            }
            if first.len() >= most {
                break;
            }
        }
        first.extend(others);
        first.truncate(most);
        first
    }

    /// The emoji with exactly this shortcode.
    pub fn with_code(&self, code: &str) -> Option<Emoji<'_>> {
        self.all().find(|emoji| emoji.codes.split(' ').any(|known| known == code))
    }

    /// The line of an emoji.
    pub fn find(&self, plain: &str) -> Option<Emoji<'_>> {
        self.all().find(|emoji| emoji.plain == plain)
    }
}

/// A shortcode that somebody is writing at the end of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Typed<'a> {
    /// What follows the colon.
    pub code: &'a str,
    /// Whether the second colon is there, too.
    pub ended: bool,
}

impl Typed<'_> {
    /// How many letters of the text it is, colons and all; each is one byte and one unit of UTF-16.
    pub const fn len(&self) -> usize {
        self.code.len().saturating_add(if self.ended { 2 } else { 1 })
    }

    /// Never: it has a colon at least.
    pub const fn is_empty(&self) -> bool {
        false
    }
}

/// The shortcode at the end of a text, if two letters of it are there and it begins a word: a time or an address is none.
pub fn typed(before: &str) -> Option<Typed<'_>> {
    let ended = before.len() > 1 && before.ends_with(':');
    let open = if ended { before.strip_suffix(':')? } else { before };
    let (front, code) = open.rsplit_once(':')?;
    let begins =
        front.chars().next_back().is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '"' | ':') || !c.is_ascii());
    let is_code = (2..=CODE).contains(&code.len())
        && code.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'+' | b'-'));
    (begins && is_code).then_some(Typed { code, ended })
}

/// The emoji that were used lately, from how they are kept.
pub fn recent(kept: &str) -> impl Iterator<Item = &str> {
    kept.split(' ').filter(|emoji| !emoji.is_empty()).take(RECENT)
}

/// What is kept after an emoji was used.
pub fn used(kept: &str, emoji: &str) -> String {
    let mut now = emoji.to_owned();
    for other in recent(kept).filter(|&other| other != emoji).take(RECENT.saturating_sub(1)) {
        now.push(' ');
        now.push_str(other);
    }
    now
}

#[cfg(test)]
mod tests;
