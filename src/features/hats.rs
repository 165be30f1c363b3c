//! XEP-0317: labels that a group chat gives its participants.

use std::rc::Rc;

use crate::domain::fold::seen_name;
use crate::wire::ns;
use crate::wire::xml::Element;

/// Labels of one participant.
const MOST: usize = 5;
/// Characters of a label.
const LENGTH: usize = 40;

/// The labels in a presence of a group chat, which alone gives them (§6).
pub fn of(payloads: &[Element]) -> Vec<Rc<str>> {
    let hats = payloads.iter().find(|payload| payload.is(ns::HATS, "hats"));
    let titles = hats.into_iter().flat_map(Element::children).filter(|hat| hat.is(ns::HATS, "hat"));
    let titles = titles.filter_map(|hat| seen_name(hat.attribute("title")?)).take(MOST);
    titles.map(|title| title.chars().take(LENGTH).collect::<String>().into()).collect()
}
