//! XEP-0421: the names that a group chat gives its participants.

use std::rc::Rc;

use crate::wire::ns;
use crate::wire::xml::Element;

/// Bytes of a name; those of honest services are far shorter.
const LONGEST: usize = 200;

/// The name in a presence or message. Whoever reads it checks that the group chat says that it gives such names: one
/// that does not would pass on what participants pretend (§5).
pub fn of(payloads: &[Element]) -> Option<Rc<str>> {
    let told = payloads.iter().find(|payload| payload.is(ns::OCCUPANT_ID, "occupant-id"))?;
    told.attribute("id").filter(|id| !id.is_empty() && id.len() <= LONGEST).map(Into::into)
}
