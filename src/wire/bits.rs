//! XEP-0231: small files that come inside a stanza. Nothing is asked for that did not come along.

use base64ct::{Base64, Encoding};

use super::ns;
use super::xml::Element;

/// The largest file that is taken, in bytes of base64.
const MOST: usize = 400_000;

/// The file of a content id, if it stands inside an element.
pub fn find(parent: &Element, cid: &str) -> Option<Vec<u8>> {
    let data = parent.children().find(|child| child.is(ns::BITS, "data") && child.attribute("cid") == Some(cid))?;
    let mut text = data.text();
    text.retain(|c| !c.is_ascii_whitespace());
    if text.len() > MOST {
        return None;
    }
    Base64::decode_vec(&text).ok()
}
