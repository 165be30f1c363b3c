//! XEP-0203: when a stanza was really sent. Believed only from those who deliver to us.

use crate::clock::{Now, Timestamp};
use crate::jid::{BareJid, Jid};
use crate::wire::xml::Element;
use crate::wire::{ns, time};

/// A label may be this far ahead of our clock, which may be slow, but no further.
const AHEAD: i64 = 300_000;

/// The time to show: what our own server, or our own account, says of the delay, else now.
pub fn stamp(payloads: &[Element], me: &BareJid, now: Now) -> Timestamp {
    let trusted = |delay: &&Element| {
        delay.is(ns::DELAY, "delay")
            && match delay.attribute("from").map(str::parse::<Jid>) {
                None => true,
                Some(Ok(from)) => from.as_bare() == Some(&me.domain_jid()) || from.as_bare() == Some(me),
                Some(Err(_)) => false,
            }
    };
    let said = payloads.iter().find(trusted).and_then(|delay| time::parse(delay.attribute("stamp")?));
    let latest = Timestamp(now.timestamp.0.saturating_add(AHEAD));
    said.filter(|said| *said <= latest).unwrap_or(now.timestamp)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Instant;

    #[test]
    fn only_our_own_server_tells_the_time() {
        let me: BareJid = "me@s.ex".parse().unwrap();
        let now = Now { instant: Instant(0), timestamp: Timestamp(2_000_000_000_000) };
        let said = |from: Option<&str>, stamp_text: &str| {
            let delay = Element::new(ns::DELAY, "delay").with_some("from", from).with("stamp", stamp_text);
            stamp(&[delay], &me, now)
        };
        let past = Timestamp(1_000_000_000_000);
        for from in [None, Some("s.ex"), Some("me@s.ex")] {
            assert_eq!(said(from, "2001-09-09T01:46:40Z"), past, "{from:?}");
        }
        for from in ["evil.ex", "ann@s.ex", "s.ex/r", "@"] {
            assert_eq!(said(Some(from), "2001-09-09T01:46:40Z"), now.timestamp, "{from}");
        }
        assert_eq!(said(None, "9999-01-01T00:00:00Z"), now.timestamp);
        assert_eq!(said(None, "yesterday"), now.timestamp);
    }
}
