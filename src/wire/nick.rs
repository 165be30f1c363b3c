//! XEP-0172: the name somebody goes by. A claim of its sender.

use super::ns;
use super::xml::Element;

/// Characters that are kept.
const LENGTH: usize = 200;

/// The nickname among these payloads.
pub fn of<'a>(mut payloads: impl Iterator<Item = &'a Element>) -> Option<String> {
    let nick = payloads.find(|payload| payload.is(ns::NICK, "nick"))?;
    let text: String = nick.text().trim().chars().take(LENGTH).collect();
    (!text.is_empty()).then_some(text)
}
