//! How a text wants to be shown: XEP-0066 (it is the address of a file), XEP-0382 (it is shown when one asks for it),
//! XEP-0393 §7 (its marks mean nothing).

use crate::domain::timeline::Manner;
use crate::wire::ns;
use crate::wire::stanza::Message;
use crate::wire::web::host_of_file;
use crate::wire::xml::Element;

/// Characters of a hint.
const HINT: usize = 200;

/// Reads it.
///
/// `is_local` is for accounts of this machine itself: there a file may be fetched without encryption.
pub fn read(message: &Message, text: &str, is_local: bool) -> Manner {
    let spoiler = message.payload(ns::SPOILER, "spoiler").map(|hint| hint.text().trim().chars().take(HINT).collect());
    let url = message.payload(ns::OOB, "x").and_then(|oob| oob.child(ns::OOB, "url")).map(Element::text);
    // Only what is the whole text: an address beside a text could be any (XEP-0066 §5).
    let file = url.is_some_and(|url| url == text) && host_of_file(text, is_local).is_some();
    Manner { file, unstyled: message.payload(ns::STYLING, "unstyled").is_some(), spoiler }
}

/// Says it.
pub fn payloads(manner: &Manner, text: &str) -> Vec<Element> {
    let mut payloads = Vec::new();
    if manner.file {
        let url = Element::new(ns::OOB, "url").text_with(text);
        payloads.push(Element::new(ns::OOB, "x").child_with(url));
    }
    if manner.unstyled {
        payloads.push(Element::new(ns::STYLING, "unstyled"));
    }
    if let Some(hint) = &manner.spoiler {
        let spoiler = Element::new(ns::SPOILER, "spoiler");
        payloads.push(if hint.is_empty() { spoiler } else { spoiler.text_with(hint) });
    }
    payloads
}
