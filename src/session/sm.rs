//! XEP-0198: stream management. Counts what went both ways, so that a broken stream can go on where it stopped.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

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

/// What another page needs to go on with a stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptStream {
    /// Under which id the stream can be resumed.
    pub id: String,
    /// Stanzas that arrived and are in safe hands.
    pub inbound: u32,
    /// Stanzas that the server confirmed.
    pub acked: u32,
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
    /// Of these, the ones in safe hands: only they are confirmed.
    committed: u32,
    /// As many as were told of when the stream was to be resumed: what arrived after them comes again.
    resumed_from: u32,
    /// The server asked, and was told of less than had arrived.
    owes: bool,
    /// Stanzas that the server confirmed.
    acked: u32,
    unacked: VecDeque<Sent>,
    /// Of a stream that another page began: tagged stanzas by their number, as far as they are known.
    inherited: Vec<(u32, Tag)>,
    /// A request is out.
    asked: bool,
    /// Another page began it, and it is not resumed yet: what was sent is known in part only.
    is_inherited: bool,
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

    /// The server does not manage this stream.
    pub fn refused(&mut self) {
        let unacked = std::mem::take(&mut self.unacked);
        *self = Self { unacked, ..Self::default() };
    }

    /// The stream is over and will not be resumed; these may or may not have arrived.
    pub fn give_up(&mut self) -> Vec<Tag> {
        let given_up = std::mem::take(self);
        let inherited = given_up.inherited.into_iter().map(|(_, tag)| tag);
        inherited.chain(given_up.unacked.into_iter().filter_map(|sent| sent.tag)).collect()
    }

    /// A stanza is sent. Returns its number, modulo 2^32.
    pub fn sent(&mut self, xml: &str, tag: Option<Tag>) -> Option<u32> {
        if !self.on {
            // Nothing will ever confirm it, but it must not be forgotten when the stream breaks.
            if tag.is_some() {
                self.unacked.push_back(Sent { xml: String::new(), tag });
            }
            return None;
        }
        self.unacked.push_back(Sent { xml: xml.to_owned(), tag });
        Some(self.acked.wrapping_add(u32::try_from(self.unacked.len()).unwrap_or(u32::MAX)))
    }

    /// A stanza arrived.
    pub const fn received(&mut self) {
        if self.confirmed {
            self.inbound = self.inbound.wrapping_add(1);
        }
    }

    /// How many stanzas arrived.
    pub const fn inbound(&self) -> u32 {
        self.inbound
    }

    /// The first so many stanzas are in safe hands. The answer that is owed to the server, if one is.
    pub fn commit(&mut self, inbound: u32) -> Option<Element> {
        let forward = inbound.wrapping_sub(self.committed);
        // What was said to be safe stays so, whatever is said late.
        if forward == 0 || forward > u32::MAX / 2 {
            return None;
        }
        self.committed = inbound;
        (self.on && std::mem::take(&mut self.owes)).then(|| self.answer())
    }

    /// Whether the server waits for an answer.
    pub const fn owes(&self) -> bool {
        self.owes
    }

    /// What another page needs to go on with this stream, once the first so many stanzas are in safe hands.
    pub fn keep(&self, inbound: u32) -> Option<KeptStream> {
        let is_behind = inbound.wrapping_sub(self.committed) > u32::MAX / 2;
        let inbound = if is_behind { self.committed } else { inbound };
        Some(KeptStream { id: self.id.clone()?, inbound, acked: self.acked })
    }

    /// A stream that another page began, and the tagged stanzas that it sent.
    pub fn inherit(kept: KeptStream, inherited: Vec<(u32, Tag)>) -> Self {
        Self {
            on: true,
            confirmed: true,
            id: Some(kept.id),
            inbound: kept.inbound,
            committed: kept.inbound,
            acked: kept.acked,
            inherited,
            is_inherited: true,
            ..Self::default()
        }
    }

    /// Whether to ask for a confirmation now: somebody waits for one, or many stanzas are unconfirmed.
    pub fn wants_request(&mut self) -> bool {
        let waits = self.unacked.len() >= UNTAGGED || self.unacked.iter().any(|sent| sent.tag.is_some());
        let asks = self.is_on() && !self.asked && waits;
        self.asked |= asks;
        asks
    }

    /// `<a/>` with what is in safe hands.
    pub fn answer(&mut self) -> Element {
        self.owes = self.committed != self.inbound;
        // What is in safe hands may be about to arrive once more.
        let is_ahead = self.inbound.wrapping_sub(self.committed) > u32::MAX / 2;
        let h = if is_ahead { self.inbound } else { self.committed };
        Element::new(ns::SM, "a").with("h", h.to_string())
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
    pub fn resume(&mut self) -> Option<Element> {
        let id = self.id.as_ref()?;
        self.resumed_from = self.committed;
        Some(Element::new(ns::SM, "resume").with("previd", id).with("h", self.committed.to_string()))
    }

    /// `<resumed/>` arrived.
    pub fn resumed(&mut self, element: &Element) -> Result<Resumed, TooHigh> {
        // What arrived and was not in safe hands then comes again.
        self.inbound = self.resumed_from;
        self.owes = false;
        let (acked, lost) = self.inherited(element);
        if std::mem::take(&mut self.is_inherited) {
            return Ok(Resumed { acked, lost, again: Vec::new() });
        }
        let acked = self.acked(element)?;
        Ok(Resumed { acked, lost, again: self.unacked.iter().map(|sent| sent.xml.clone()).collect() })
    }

    /// `<failed/>` answered `<resume/>`: what is confirmed all the same, and what is uncertain.
    pub fn not_resumed(&mut self, element: &Element) -> (Vec<Tag>, Vec<Tag>) {
        if self.is_inherited {
            let told = element.attribute("h").is_some();
            let (acked, uncertain) = self.inherited(element);
            self.forget();
            // Without a count nothing is known of any of them.
            return if told { (acked, uncertain) } else { (Vec::new(), uncertain) };
        }
        let acked = self.acked(element).unwrap_or_default();
        (acked, self.give_up())
    }

    /// Of what another page sent, what the server's count confirms and what it does not. The count is where this page
    /// goes on from.
    fn inherited(&mut self, element: &Element) -> (Vec<Tag>, Vec<Tag>) {
        let inherited = std::mem::take(&mut self.inherited);
        let Some(h) = element.attribute("h").and_then(|h| h.parse::<u32>().ok()) else {
            return (Vec::new(), inherited.into_iter().map(|(_, tag)| tag).collect());
        };
        let base = self.acked;
        let count = h.wrapping_sub(base);
        if self.is_inherited {
            self.acked = h;
        }
        let (acked, lost): (Vec<_>, Vec<_>) =
            inherited.into_iter().partition(|(number, _)| number.wrapping_sub(base) <= count);
        let tags = |list: Vec<(u32, Tag)>| list.into_iter().map(|(_, tag)| tag).collect();
        (tags(acked), tags(lost))
    }
}

/// How things stand on a resumed stream.
#[derive(Debug, PartialEq, Eq)]
pub struct Resumed {
    /// The server has these.
    pub acked: Vec<Tag>,
    /// The server has certainly not got these, and what they said is not known here.
    pub lost: Vec<Tag>,
    /// These must be sent again as they were.
    pub again: Vec<String>,
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
        sm.commit(1);
        assert_eq!(sm.resume().unwrap().to_xml(), "<resume xmlns='urn:xmpp:sm:3' previd='A' h='1'/>");
        let resumed = Resumed { acked: vec!["two".to_owned()], lost: vec![], again: vec!["<3/>".to_owned()] };
        assert_eq!(sm.resumed(&h("resumed", 2)), Ok(resumed));
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
    fn only_what_is_in_safe_hands_is_confirmed() {
        let mut sm = running();
        sm.received();
        sm.received();
        sm.commit(1);
        assert_eq!(sm.answer().to_xml(), "<a xmlns='urn:xmpp:sm:3' h='1'/>");
        assert_eq!(sm.commit(2).unwrap().to_xml(), "<a xmlns='urn:xmpp:sm:3' h='2'/>");
        assert_eq!(sm.commit(2), None, "nothing is owed any more");
        sm.received();
        assert_eq!(sm.resume().unwrap().attribute("h"), Some("2"));
        sm.commit(3);
        sm.resumed(&h("resumed", 3)).unwrap();
        assert_eq!(sm.inbound(), 2, "what was not in safe hands when that was said comes again");
        assert_eq!(sm.answer().attribute("h"), Some("2"), "and is not confirmed before it comes");
        sm.received();
        assert_eq!(sm.answer().attribute("h"), Some("3"));
    }

    #[test]
    fn another_page_goes_on_where_the_first_one_stopped() {
        let inherited = vec![(3, "three".to_owned()), (5, "five".to_owned())];
        let kept = KeptStream { id: "A".into(), inbound: 7, acked: 1 };
        let mut sm = StreamManagement::inherit(kept, inherited.clone());
        assert_eq!(sm.resume().unwrap().to_xml(), "<resume xmlns='urn:xmpp:sm:3' previd='A' h='7'/>");
        let resumed = Resumed { acked: vec!["three".to_owned()], lost: vec!["five".to_owned()], again: vec![] };
        assert_eq!(sm.resumed(&h("resumed", 4)), Ok(resumed));
        assert_eq!(sm.sent("<5/>", Some("again".into())), Some(5));
        assert_eq!(sm.acked(&h("a", 5)), Ok(vec!["again".to_owned()]));
        let kept = KeptStream { id: "A".into(), inbound: 7, acked: u32::MAX };
        let mut sm = StreamManagement::inherit(kept, vec![(1, "one".into())]);
        assert_eq!(sm.not_resumed(&h("failed", 1)), (vec!["one".to_owned()], vec![]));
        let kept = KeptStream { id: "A".into(), inbound: 7, acked: 1 };
        let mut sm = StreamManagement::inherit(kept, inherited);
        assert_eq!(
            sm.not_resumed(&Element::new(ns::SM, "failed")),
            (vec![], vec!["three".to_owned(), "five".to_owned()])
        );
    }

    #[test]
    fn without_the_servers_word_nothing_is_counted() {
        let mut sm = StreamManagement::default();
        sm.sent("<1/>", Some("one".into()));
        sm.received();
        assert_eq!((sm.wants_request(), sm.resume(), sm.give_up()), (false, None, vec!["one".to_owned()]));
        sm.enabled(&Element::new(ns::SM, "enabled").with("id", "A").with("resume", "true"));
        assert_eq!(sm.resume(), None, "an answer that was not asked for");
    }
}
