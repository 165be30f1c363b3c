//! What of the contact list is kept on disk. Contacts lie in so many buckets, by their address, so that a change of one
//! writes a few of them, and a change of all writes few records.

use super::Contacts;
use crate::domain::change::Change;
use crate::domain::contact::{Contact, ContactRequest};
use crate::jid::BareJid;

/// Buckets. The number is on disk.
const BUCKETS: u64 = 64;

/// The bucket of an address (FNV-1a, whose result no version of anything changes).
pub(super) fn bucket(address: &BareJid) -> u64 {
    let hash = address
        .as_str()
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    hash & BUCKETS.wrapping_sub(1)
}

impl Contacts {
    /// Whether some bucket is behind.
    pub const fn is_behind(&self) -> bool {
        self.behind != 0
    }

    /// Everything is behind.
    pub const fn all_behind(&mut self) {
        self.behind = u64::MAX;
    }

    /// The buckets that are behind, with what is in them. They count as kept from now on.
    pub fn take_behind(&mut self) -> Vec<(u64, Vec<Contact>)> {
        let behind = std::mem::take(&mut self.behind);
        let is_behind = |bucket: &u64| behind >> bucket & 1 == 1;
        let mut buckets: Vec<(u64, Vec<Contact>)> =
            (0..BUCKETS).filter(is_behind).map(|bucket| (bucket, Vec::new())).collect();
        for contact in self.entries.values() {
            let number = bucket(&contact.address);
            if let Ok(place) = buckets.binary_search_by_key(&number, |(bucket, _)| *bucket)
                && let Some((_, contacts)) = buckets.get_mut(place)
            {
                contacts.push(contact.clone());
            }
        }
        buckets
    }

    /// Who asks to become a contact, and whom the user invited.
    pub fn open_questions(&self) -> (Vec<ContactRequest>, Vec<BareJid>) {
        (self.requests.values().cloned().collect(), self.invited.clone())
    }

    /// Brings back what was kept.
    pub fn restore(&mut self, contacts: Vec<Contact>, requests: Vec<ContactRequest>, invited: Vec<BareJid>) {
        self.entries = contacts.into_iter().map(|contact| (contact.address.clone(), contact)).collect();
        self.changes.push(Change::Contacts(self.entries.values().cloned().collect()));
        for request in requests {
            self.asked(request);
        }
        self.invited = invited;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_where_it_was() {
        assert_eq!(bucket(&"ann@s.ex".parse().unwrap()), 16);
        assert_eq!(bucket(&"bob@s.ex".parse().unwrap()), 52);
    }

    #[test]
    fn only_what_changed_is_written_and_everything_comes_back() {
        let mut contacts = Contacts::default();
        for name in ["ann", "bob"] {
            contacts.put(Contact::new(format!("{name}@s.ex").parse().unwrap()));
        }
        let written = contacts.take_behind();
        assert_eq!(written.len(), 2);
        assert!(!contacts.is_behind());
        contacts.remove(&"bob@s.ex".parse().unwrap());
        let rewritten = contacts.take_behind();
        assert_eq!(rewritten, [(bucket(&"bob@s.ex".parse().unwrap()), vec![])]);
        let mut restored = Contacts::default();
        restored.restore(written.into_iter().flat_map(|(_, contacts)| contacts).collect(), vec![], vec![]);
        assert_eq!(restored.entries.len(), 2);
        assert!(!restored.is_behind());
    }
}
