//! XEP-0308: a message in place of an earlier one.

use crate::wire::ns;
use crate::wire::stanza::Message;
use crate::wire::xml::Element;

/// Says which message the new text is in place of: always the first one, however often it was corrected (§3).
pub fn payload(of: &str) -> Element {
    Element::new(ns::CORRECT, "replace").with("id", of)
}

/// The id of the message that this one is in place of. Whoever handles it checks that both have one sender (§5).
pub fn of(message: &Message) -> Option<&str> {
    message.payload(ns::CORRECT, "replace")?.attribute("id").filter(|id| !id.is_empty())
}
