//! XEP-0461: an answer to an earlier message.

use crate::wire::stanza::Message;
use crate::wire::xml::Element;
use crate::wire::{fallback, ns};

/// Says which message is answered, and who wrote it.
pub fn payload(of: &str, author: &str) -> Element {
    Element::new(ns::REPLY, "reply").with("to", author).with("id", of)
}

/// What clients show before the answer that do not know what this is about: the beginning of what is answered.
pub fn quotation(quote: &str) -> String {
    let mut quotation = String::new();
    for line in quote.lines() {
        quotation.push_str("> ");
        quotation.push_str(line);
        quotation.push('\n');
    }
    quotation
}

/// Says how much of the text is that quotation.
pub fn fallback(quotation: &str) -> Element {
    fallback::fallback(ns::REPLY, quotation.chars().count())
}

/// The id of the message that is answered.
pub fn of(message: &Message) -> Option<&str> {
    message.payload(ns::REPLY, "reply")?.attribute("id").filter(|id| !id.is_empty())
}

/// The text of an answer without the quotation.
pub fn text(message: &Message, text: &str) -> String {
    fallback::strip(&message.payloads, ns::REPLY, text)
}

/// The quotation in the text of an answer, without its marks: the word of whoever answers.
pub fn claimed(whole: &str, text: &str) -> String {
    let quoted = whole.strip_suffix(text).unwrap_or_default();
    let lines = quoted.lines().filter_map(|line| line.strip_prefix('>')).map(str::trim_start);
    lines.collect::<Vec<_>>().join("\n")
}
