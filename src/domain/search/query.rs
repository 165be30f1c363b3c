//! What somebody typed into the search field.

use super::words::{Kind, folded, words};

/// Texts with a link.
pub const LINK: u8 = 1;
/// Texts that are the address of a file and nothing else.
pub const FILE: u8 = 2;
/// The same, of a picture.
pub const IMAGE: u8 = 4;

/// Milliseconds of a day and of a minute.
const DAY: i64 = 86_400_000;
const MINUTE: i64 = 60_000;

/// A word that is sought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Want {
    /// In the form of [`words`].
    pub word: String,
    /// The beginning of a word is enough.
    pub is_prefix: bool,
}

impl Want {
    /// Whether a word is what is sought.
    pub fn is(&self, word: &str) -> bool {
        if self.is_prefix { word.starts_with(&*self.word) } else { word == self.word }
    }
}

/// A question, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Each of these must be there: words that follow one another.
    pub terms: Vec<Vec<Want>>,
    /// The words as they were typed, without the conditions.
    pub text: String,
    /// Who wrote it: the user (`me`), or the beginning of a name or address.
    pub from: Vec<String>,
    /// In which conversation: the beginning of a name or address.
    pub inside: Vec<String>,
    /// Written before this time, in milliseconds since 1970.
    pub before: Option<i64>,
    /// Written at this time or later.
    pub after: Option<i64>,
    /// What must be in it: [`LINK`], [`FILE`], [`IMAGE`].
    pub has: u8,
}

impl Query {
    /// Reads a question. Days are those of a clock that runs `zone` minutes ahead of UTC. A condition that is not
    /// complete yet is left out.
    pub fn read(typed: &str, zone: i32) -> Self {
        let mut query = Self::default();
        let mut rest = typed;
        // The last word may go on, unless it is in quotes.
        let mut goes_on = false;
        loop {
            rest = rest.trim_start();
            if rest.is_empty() {
                break;
            }
            let (name, value) = condition(rest);
            let (said, is_quoted, after) = value_of(value);
            rest = after;
            match name {
                None => {
                    let wants = wants(said);
                    if !wants.is_empty() {
                        goes_on = !is_quoted;
                        query.terms.push(wants);
                        if !query.text.is_empty() {
                            query.text.push(' ');
                        }
                        query.text.push_str(said);
                    }
                }
                Some("from") if !said.is_empty() => query.from.push(folded(said)),
                Some("in") if !said.is_empty() => query.inside.push(folded(said)),
                Some("before") => query.before = day(said, zone).or(query.before),
                Some("after") => query.after = day(said, zone).or(query.after),
                Some("has") => {
                    query.has |= match said {
                        "link" => LINK,
                        "file" => FILE,
                        "image" => IMAGE,
                        _ => 0,
                    }
                }
                Some(_) => {}
            }
        }
        if goes_on && let Some(last) = query.terms.last_mut().and_then(|term| term.last_mut()) {
            last.is_prefix = true;
        }
        query
    }

    /// Whether nothing is sought.
    pub const fn is_empty(&self) -> bool {
        self.terms.is_empty() && !self.has_conditions()
    }

    /// Whether there is more to it than words.
    pub const fn has_conditions(&self) -> bool {
        !self.from.is_empty()
            || !self.inside.is_empty()
            || self.before.is_some()
            || self.after.is_some()
            || self.has != 0
    }

    /// Whether a time is within the bounds.
    pub fn is_within(&self, stamp: i64) -> bool {
        self.before.is_none_or(|before| stamp < before) && self.after.is_none_or(|after| stamp >= after)
    }

    /// Whether `from` and `in` mean somebody who is known under this name.
    pub fn means(sought: &str, address: &str, name: &str) -> bool {
        let name = folded(name);
        address.starts_with(sought) || name.starts_with(sought) || name.split(' ').any(|part| part.starts_with(sought))
    }
}

/// The names of conditions.
const NAMES: [&str; 5] = ["from", "in", "before", "after", "has"];

/// Whether a text has a condition among its words, complete or not.
pub fn has_condition(typed: &str) -> bool {
    typed.split_whitespace().any(|part| condition(part).0.is_some())
}

/// The name of the condition that a text begins with, and what follows it.
fn condition(text: &str) -> (Option<&'static str>, &str) {
    let of = |name: &&'static str| Some((Some(*name), text.strip_prefix(*name)?.strip_prefix(':')?));
    NAMES.iter().find_map(of).unwrap_or((None, text))
}

/// What stands at the beginning of a text: a part in quotes, or up to the next space; whether it is in quotes; and what
/// follows it.
fn value_of(text: &str) -> (&str, bool, &str) {
    if let Some(quoted) = text.strip_prefix('"') {
        let (said, rest) = quoted.split_once('"').unwrap_or((quoted, ""));
        return (said, true, rest);
    }
    let (said, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (said, false, rest)
}

/// The words that are sought where these stand.
fn wants(said: &str) -> Vec<Want> {
    let mut found: Vec<(Kind, Want)> = Vec::new();
    words(said, &mut |word, kind, _| found.push((kind, Want { word: word.to_owned(), is_prefix: false })));
    // A text of a script without spaces goes on wherever it likes: its last character needs not be the last one there.
    if let Some((Kind::Last, _)) = found.last() {
        let follows_pair = found.len().checked_sub(2).and_then(|place| found.get(place));
        if follows_pair.is_some_and(|(kind, _)| *kind == Kind::Pair) {
            found.pop();
        } else if let Some((_, last)) = found.last_mut() {
            last.is_prefix = true;
        }
    }
    found.into_iter().map(|(_, want)| want).collect()
}

/// When a day begins, `YYYY-MM-DD`, in milliseconds since 1970.
fn day(text: &str, zone: i32) -> Option<i64> {
    let mut parts = text.splitn(3, '-');
    let mut next = |digits: usize| {
        let part =
            parts.next().filter(|part| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit()))?;
        part.parse::<i64>().ok()
    };
    let (year, month, day) = (next(4)?, next(2)?, next(2)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // The year begins in March, so that the day of February that comes and goes is its last.
    let (year, month) =
        if month > 2 { (year, month.saturating_sub(3)) } else { (year.saturating_sub(1), month.saturating_add(9)) };
    let of_year = month.saturating_mul(153).saturating_add(2).div_euclid(5).saturating_add(day);
    let leap = year.div_euclid(4).saturating_sub(year.div_euclid(100)).saturating_add(year.div_euclid(400));
    let days = year.saturating_mul(365).saturating_add(leap).saturating_add(of_year).saturating_sub(719_469);
    Some(days.saturating_mul(DAY).saturating_sub(i64::from(zone).saturating_mul(MINUTE)))
}

/// What of [`LINK`], [`FILE`] and [`IMAGE`] a text has.
pub fn kinds(text: &str) -> u8 {
    if !text.contains("https://") && !text.contains("http://") {
        return 0;
    }
    let text = text.trim();
    let is_address = text.starts_with("http") && !text.contains(char::is_whitespace);
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let file = path.split_once("://").and_then(|(_, rest)| rest.rsplit_once('/')).map(|(_, file)| file);
    let Some((_, ending)) = file.and_then(|file| file.rsplit_once('.')).filter(|_| is_address) else { return LINK };
    match &*folded(ending) {
        "png" | "jpg" | "jpeg" | "gif" | "webp" | "avif" | "svg" => LINK | FILE | IMAGE,
        ending if (1..=5).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            LINK | FILE
        }
        _ => LINK,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(typed: &str) -> Vec<String> {
        let show = |want: &Want| format!("{}{}", want.word, if want.is_prefix { "*" } else { "" });
        let show = |term: &Vec<Want>| term.iter().map(show).collect::<Vec<_>>().join("+");
        Query::read(typed, 0).terms.iter().map(show).collect()
    }

    #[test]
    fn the_last_word_may_go_on() {
        assert_eq!(terms("Hello wor"), ["hello", "wor*"]);
        assert_eq!(terms("\"hello wor\""), ["hello+wor"]);
        assert_eq!(terms("don't"), ["don+t*"]);
        assert_eq!(terms("one from:ann"), ["one*"]);
        assert_eq!(terms("  \"open end"), ["open+end"]);
        assert_eq!(terms("!? …"), [""; 0]);
    }

    #[test]
    fn scripts_without_spaces_are_found_anywhere() {
        assert_eq!(terms("東京都"), ["東京+京都*"]);
        assert_eq!(terms("京"), ["京*"]);
        assert_eq!(terms("\"東京 タワー\""), ["東京+京+タワ+ワー"]);
    }

    #[test]
    fn conditions_are_no_words() {
        let query = Query::read("from:me lunch in:\"Ann B\" has:link before:2026-03-01 after:1970-01-02 https://x", 60);
        assert_eq!((query.from, query.inside), (vec!["me".to_owned()], vec!["ann b".to_owned()]));
        assert_eq!(query.text, "lunch https://x");
        assert_eq!((query.after, query.has), (Some(DAY - 60 * MINUTE), LINK));
        assert_eq!(query.before, Some(1_772_323_200_000 - 3_600_000));
        let incomplete = Query::read("before:2026 after:2026-13-01 has:wings from:", 0);
        assert!(incomplete.is_empty());
        assert!(has_condition("a from:") && !has_condition("fromage"));
    }

    #[test]
    fn a_file_is_an_address_and_nothing_else() {
        assert_eq!(kinds("hi"), 0);
        assert_eq!(kinds("see https://a.example/b.png"), LINK);
        assert_eq!(kinds("https://a.example"), LINK);
        assert_eq!(kinds("https://a.example/u/cat.JPG?x=1"), LINK | FILE | IMAGE);
        assert_eq!(kinds("https://a.example/u/report.pdf"), LINK | FILE);
    }
}
