//! Whom the user blocked (XEP-0191). The server keeps the list and lets nothing of them through.

use serde::{Deserialize, Serialize};

use crate::jid::{BareJid, Jid};

/// Addresses of the list at most; what a server sends beyond is not kept.
const MOST: usize = 10_000;

/// The list, as far as the server told it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocked(Vec<Jid>);

impl Blocked {
    /// The whole list, from the server.
    pub fn new(addresses: impl Iterator<Item = Jid>) -> Self {
        let mut blocked = Self::default();
        for address in addresses {
            blocked.add(address);
        }
        blocked
    }

    /// One more. Whether it was not there.
    pub fn add(&mut self, address: Jid) -> bool {
        let news = self.0.len() < MOST && !self.0.contains(&address);
        if news {
            self.0.push(address);
        }
        news
    }

    /// One less.
    pub fn remove(&mut self, address: &Jid) {
        self.0.retain(|known| known != address);
    }

    /// Nobody any more.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Everybody on it, in the order of the server.
    pub fn addresses(&self) -> &[Jid] {
        &self.0
    }

    /// Whether nothing of somebody comes through, by their own address or by their whole domain (XEP-0191 §3). Who
    /// blocked one device of somebody only still hears of the others.
    pub fn has(&self, address: &BareJid) -> bool {
        self.blocking(address).is_some()
    }

    /// What of the list keeps somebody out: their address, or their domain.
    pub fn blocking(&self, address: &BareJid) -> Option<Jid> {
        let is = |known: &BareJid| known == address || known.as_str() == address.domain();
        self.0.iter().find(|known| known.as_bare().is_some_and(is)).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_blocked_by_itself_or_by_its_domain() {
        let jid = |text: &str| text.parse::<Jid>().unwrap();
        let mut blocked = Blocked::new(["eve@x.ex", "spam.ex", "ann@s.ex/old"].map(jid).into_iter());
        let has = |blocked: &Blocked, text: &str| blocked.has(&text.parse().unwrap());
        for (address, is) in
            [("eve@x.ex", true), ("bob@x.ex", false), ("any@spam.ex", true), ("spam.ex", true), ("ann@s.ex", false)]
        {
            assert_eq!(has(&blocked, address), is, "{address}");
        }
        assert!(!blocked.add(jid("spam.ex")) && blocked.add(jid("bob@x.ex")));
        blocked.remove(&jid("spam.ex"));
        assert!(!has(&blocked, "any@spam.ex"));
        blocked.clear();
        assert!(blocked.addresses().is_empty());
    }
}
