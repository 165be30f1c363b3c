//! XEP-0382: Spoiler Messages. How one is written.

/// The word that a spoiler begins with.
pub const COMMAND: &str = "/spoiler";

/// A text that is to be hidden until somebody wants to see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spoiler<'a> {
    /// What it is about; may be empty.
    pub hint: &'a str,
    /// What is hidden.
    pub text: &'a str,
}

/// Reads `/spoiler text` and `/spoiler hint | text`; nothing, if this is not one or hides nothing.
pub fn written(text: &str) -> Option<Spoiler<'_>> {
    let rest = text.strip_prefix(COMMAND).filter(|rest| rest.starts_with(char::is_whitespace))?;
    // The hint is one line: a bar further down is part of the text.
    let first = rest.trim_start().lines().next().unwrap_or_default();
    let (hint, hidden) = match first.contains('|').then(|| rest.split_once('|')).flatten() {
        Some((hint, hidden)) => (hint.trim(), hidden.trim()),
        None => ("", rest.trim()),
    };
    (!hidden.is_empty()).then_some(Spoiler { hint, text: hidden })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spoiler_is_written_with_a_hint_or_without() {
        let spoiler = |hint, text| Some(Spoiler { hint, text });
        assert_eq!(written("/spoiler it was the gardener"), spoiler("", "it was the gardener"));
        assert_eq!(written("/spoiler  the end | a | b"), spoiler("the end", "a | b"));
        assert_eq!(written("/spoiler |x"), spoiler("", "x"));
        assert_eq!(written("/spoiler a\nb | c"), spoiler("", "a\nb | c"));
        assert_eq!(written("/spoiler a |\nb"), spoiler("a", "b"));
        for text in ["/spoiler", "/spoiler ", "/spoiler hint |", "/spoilers x", " /spoiler x", "spoiler x"] {
            assert_eq!(written(text), None, "{text}");
        }
    }
}
