//! XEP-0319: since when nobody has used a device, as its presence tells.

use super::{ns, time, xml::Element};
use crate::clock::Timestamp;

/// Since when, if these payloads tell it and it is not in the future: clocks differ, and what is not over yet says
/// nothing.
pub fn since(payloads: &[Element], now: Timestamp) -> Option<Timestamp> {
    let idle = payloads.iter().find(|payload| payload.is(ns::IDLE, "idle"))?;
    time::parse(idle.attribute("since")?).filter(|since| *since <= now)
}
