//! XEP-0359: the id that an archive gives a message, told along with it.

use crate::jid::{BareJid, Jid};
use crate::wire::ns;
use crate::wire::xml::Element;

/// The id that `archive` gave. Ids of anybody else say nothing: whoever can write them could make another message
/// look like one that is known. Servers take out what senders pretend here (XEP-0359 §6).
pub fn by(payloads: &[Element], archive: &BareJid) -> Option<String> {
    let told = payloads.iter().find(|payload| {
        let by = payload.attribute("by").map(str::parse::<Jid>);
        payload.is(ns::SID, "stanza-id") && matches!(by, Some(Ok(by)) if by.as_bare() == Some(archive))
    });
    told?.attribute("id").filter(|id| !id.is_empty()).map(str::to_owned)
}
