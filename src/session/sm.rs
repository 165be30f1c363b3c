//! XEP-0198: stream management. Counts what went both ways, so that a broken stream can go on where it stopped.

use std::collections::VecDeque;

use crate::wire::ns;
use crate::wire::xml::Element;

/// Names a stanza for whoever sent it.
pub type Tag = String;

/// The server confirms more than was sent (XEP-0198 §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooHigh;

/// Unconfirmed stanzas, beyond tagged ones, after which the server is asked.
const UNTAGGED: usize = 5;
/// Longer ids are not sent by honest servers (XEP-0198 §4 allows 4,000 bytes).
const LONGEST_ID: usize = 4_000;

/// A stanza that the server has not confirmed.
#[derive(Debug)]
struct Sent {
    xml: String,
    tag: Option<Tag>,
}

/// The counters of one stream. All counting is modulo 2^32.
#[derive(Debug, Default)]
pub struct StreamManagement {
    on: bool,
    /// The server said so: it has counted since `<enable/>`, and we count from here on.
    confirmed: bool,
    /// Under which id the stream can be resumed.
    id: Option<String>,
    /// Stanzas that arrived.
    inbound: u32,
    /// Stanzas that the server confirmed.
    acked: u32,
    unacked: VecDeque<Sent>,
    /// A request is out.
    asked: bool,
}

/// `<r/>`
pub fn request() -> Element {
    Element::new(ns::SM, "r")
}

impl StreamManagement {
    /// Whether the stream is managed.
    pub const fn is_on(&self) -> bool {
        self.on && self.confirmed
    }

    /// `<enable/>`, after which everything sent is counted.
    pub fn enable(&mut self) -> Element {
        *self = Self { on: true, ..Self::default() };
        Element::new(ns::SM, "enable").with("resume", "true")
    }

    /// `<enabled/>` arrived. A `location` is ignored: it names a host, not a WebSocket.
    pub fn enabled(&mut self, element: &Element) {
        if self.on && !self.confirmed {
            let resumable = matches!(element.attribute("resume"), Some("true" | "1"));
            let id = element.attribute("id").filter(|id| resumable && !id.is_empty() && id.len() <= LONGEST_ID);
            self.id = id.map(str::to_owned);
            self.confirmed = true;
        }
    }

    /// The stream is over and will not be resumed, or it is not managed. Nothing is told about what was sent.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// The stream is over and will not be resumed; these may or may not have arrived.
    pub fn give_up(&mut self) -> Vec<Tag> {
        std::mem::take(self).unacked.into_iter().filter_map(|sent| sent.tag).collect()
    }

    /// A stanza is sent.
    pub fn sent(&mut self, xml: &str, tag: Option<Tag>) {
        if self.on {
            self.unacked.push_back(Sent { xml: xml.to_owned(), tag });
        }
    }

    /// A stanza arrived and is in safe hands.
    pub const fn received(&mut self) {
        if self.confirmed {
            self.inbound = self.inbound.wrapping_add(1);
        }
    }

    /// Whether to ask for a confirmation now: somebody waits for one, or many stanzas are unconfirmed.
    pub fn wants_request(&mut self) -> bool {
        let waits = self.unacked.len() >= UNTAGGED || self.unacked.iter().any(|sent| sent.tag.is_some());
        let asks = self.is_on() && !self.asked && waits;
        self.asked |= asks;
        asks
    }

    /// `<a/>` with what arrived.
    pub fn answer(&self) -> Element {
        Element::new(ns::SM, "a").with("h", self.inbound.to_string())
    }

    /// `<a/>` arrived: these are confirmed.
    pub fn acked(&mut self, element: &Element) -> Result<Vec<Tag>, TooHigh> {
        self.asked = false;
        match element.attribute("h").and_then(|h| h.parse::<u32>().ok()) {
            Some(h) => self.trim(h),
            None => Ok(Vec::new()),
        }
    }

    fn trim(&mut self, h: u32) -> Result<Vec<Tag>, TooHigh> {
        let count = usize::try_from(h.wrapping_sub(self.acked)).unwrap_or(usize::MAX);
        if count > self.unacked.len() {
            return Err(TooHigh);
        }
        self.acked = h;
        Ok(self.unacked.drain(..count).filter_map(|sent| sent.tag).collect())
    }

    /// `<resume/>`, if there is a stream to resume.
    pub fn resume(&self) -> Option<Element> {
        let id = self.id.as_ref()?;
        Some(Element::new(ns::SM, "resume").with("previd", id).with("h", self.inbound.to_string()))
    }

    /// `<resumed/>` arrived: what is confirmed by it, and what must be sent again.
    pub fn resumed(&mut self, element: &Element) -> Result<(Vec<Tag>, Vec<String>), TooHigh> {
        let acked = self.acked(element)?;
        Ok((acked, self.unacked.iter().map(|sent| sent.xml.clone()).collect()))
    }

    /// `<failed/>` answered `<resume/>`: what is confirmed all the same, and what is uncertain.
    pub fn not_resumed(&mut self, element: &Element) -> (Vec<Tag>, Vec<Tag>) {
        let acked = self.acked(element).unwrap_or_default();
        (acked, self.give_up())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn h(name: &'static str, h: u32) -> Element {
        Element::new(ns::SM, name).with("h", h.to_string())
    }

    fn running() -> StreamManagement {
        let mut sm = StreamManagement::default();
        sm.enable();
        sm.sent("<1/>", None);
        sm.enabled(&Element::new(ns::SM, "enabled").with("id", "A").with("resume", "1"));
        sm.sent("<2/>", Some("two".into()));
        sm.sent("<3/>", Some("three".into()));
        sm
    }

    #[test]
    fn confirmations_leave_the_queue_in_order() {
        let mut sm = running();
        assert!(sm.wants_request());
        assert!(!sm.wants_request(), "one request at a time");
        assert_eq!(sm.acked(&h("a", 2)), Ok(vec!["two".to_owned()]));
        assert_eq!(sm.acked(&h("a", 2)), Ok(vec![]));
        assert_eq!(sm.acked(&h("a", 4)), Err(TooHigh));
        assert_eq!(sm.acked(&h("a", 1)), Err(TooHigh), "counters never go back");
    }

    #[test]
    fn counters_wrap() {
        let mut sm = running();
        sm.acked = u32::MAX;
        assert_eq!(sm.acked(&h("a", 1)), Ok(vec!["two".to_owned()]));
    }

    #[test]
    fn a_resumed_stream_sends_again_what_was_not_confirmed() {
        let mut sm = running();
        sm.received();
        assert_eq!(sm.resume().unwrap().to_xml(), "<resume xmlns='urn:xmpp:sm:3' previd='A' h='1'/>");
        assert_eq!(sm.resumed(&h("resumed", 2)), Ok((vec!["two".to_owned()], vec!["<3/>".to_owned()])));
        assert_eq!(sm.acked(&h("a", 3)), Ok(vec!["three".to_owned()]));
    }

    #[test]
    fn a_refused_resumption_says_what_is_uncertain() {
        let mut sm = running();
        assert_eq!(sm.not_resumed(&h("failed", 2)), (vec!["two".to_owned()], vec!["three".to_owned()]));
        assert!(sm.resume().is_none());
        let mut sm = running();
        let uncertain = vec!["two".to_owned(), "three".to_owned()];
        assert_eq!(sm.not_resumed(&Element::new(ns::SM, "failed")), (vec![], uncertain));
    }

    #[test]
    fn without_the_servers_word_nothing_is_counted() {
        let mut sm = StreamManagement::default();
        sm.sent("<1/>", Some("one".into()));
        sm.received();
        assert_eq!((sm.wants_request(), sm.resume(), sm.give_up()), (false, None, vec![]));
        sm.enabled(&Element::new(ns::SM, "enabled").with("id", "A").with("resume", "true"));
        assert_eq!(sm.resume(), None, "an answer that was not asked for");
    }
}
