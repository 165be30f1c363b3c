//! The contact list with the presence of each contact, and the strangers who ask to be in it.

mod about;
mod kept;

use super::change::Change;
use super::contact::{Contact, ContactRequest};
use super::presence::Device;
use crate::jid::BareJid;
use crate::map::Map;
use crate::order;

/// Contacts at most; what a server sends beyond is not kept.
const CONTACTS: usize = 50_000;
/// Requests at most that wait for the user.
const REQUESTS: usize = 100;
/// Addresses outside the list whose presence is kept, because it can come before the list does.
const EARLY: usize = 1_000;
/// Devices of one contact at most.
const DEVICES: usize = 50;

/// Everybody we know, and everybody who wants to be known.
#[derive(Debug, Default)]
pub struct Contacts {
    entries: Map<BareJid, Contact>,
    early: Map<BareJid, Vec<Device>>,
    /// Names that came before their contacts did.
    early_names: Map<BareJid, String>,
    requests: Map<BareJid, ContactRequest>,
    /// Whom the user added, until they ask in return or the user thinks otherwise.
    invited: Vec<BareJid>,
    /// The buckets whose records are behind, one bit each.
    behind: u64,
    changes: Vec<Change>,
}

impl Contacts {
    /// The changes since the last call.
    pub fn take_changes(&mut self) -> impl Iterator<Item = Change> {
        std::mem::take(&mut self.changes).into_iter()
    }

    /// The contact of an address.
    pub fn contact(&self, address: &BareJid) -> Option<&Contact> {
        self.entries.get(address)
    }

    /// The request of an address.
    pub fn request(&self, address: &BareJid) -> Option<&ContactRequest> {
        self.requests.get(address)
    }

    /// The user added somebody, who may therefore see us as soon as they ask in return.
    pub fn invite(&mut self, address: &BareJid) {
        if !self.is_invited(address) {
            self.invited.push(address.clone());
        }
    }

    /// Whether the user added somebody who did not ask in return yet.
    pub fn is_invited(&self, address: &BareJid) -> bool {
        self.invited.contains(address)
    }

    /// Nobody may see us because of an earlier invitation.
    pub fn uninvite(&mut self, address: &BareJid) {
        self.invited.retain(|invited| invited != address);
    }

    /// The server sent the whole list. Devices that are known stay.
    pub fn replace(&mut self, contacts: impl IntoIterator<Item = Contact>) {
        let mut before = std::mem::take(&mut self.entries);
        for mut contact in contacts.into_iter().take(CONTACTS) {
            let known = before.remove(&contact.address);
            self.carry_over(&mut contact, known);
            self.entries.insert(contact.address.clone(), contact);
        }
        self.behind = u64::MAX;
        self.changes.push(Change::Contacts(self.entries.values().cloned().collect()));
    }

    /// The server added or changed a contact.
    pub fn put(&mut self, mut contact: Contact) {
        let room = self.entries.len() < CONTACTS;
        match self.entries.get_mut(&contact.address) {
            Some(known) => {
                contact.devices = std::mem::take(&mut known.devices);
                contact.nickname = known.nickname.take();
                *known = contact.clone();
            }
            None if room => {
                self.carry_over(&mut contact, None);
                self.entries.insert(contact.address.clone(), contact.clone());
            }
            None => return,
        }
        self.touch(&contact.address);
        self.changes.push(Change::Contact(contact));
    }

    fn touch(&mut self, address: &BareJid) {
        self.behind |= 1_u64.checked_shl(u32::try_from(kept::bucket(address)).unwrap_or_default()).unwrap_or_default();
    }

    /// The server removed a contact.
    pub fn remove(&mut self, address: &BareJid) {
        if self.entries.remove(address).is_some() {
            self.touch(address);
            self.changes.push(Change::ContactGone(address.clone()));
        }
    }

    /// A device of somebody is connected and says this.
    pub fn device(&mut self, address: &BareJid, mut device: Device) {
        let room = self.early.len() < EARLY || self.early.contains_key(address);
        let devices = match self.entries.get_mut(address) {
            Some(contact) => &mut contact.devices,
            None if room => self.early.entry(address.clone()).or_default(),
            None => return,
        };
        let known = devices.iter().find(|known| known.resource == device.resource);
        if let Some(known) = known {
            device.about.clone_from(&known.about);
        }
        if known == Some(&device) || (known.is_none() && devices.len() >= DEVICES) {
            return;
        }
        devices.retain(|known| known.resource != device.resource);
        devices.push(device);
        // The highest priority first; among equals the most reachable one (RFC 6121 §4.7.2.3 leaves it to us).
        order::sort_by(devices, |a, b| {
            b.priority.cmp(&a.priority).then(b.availability.cmp(&a.availability)).then(a.resource.cmp(&b.resource))
        });
        self.changed(address);
    }

    /// A device of somebody is gone, or all of them are.
    pub fn device_gone(&mut self, address: &BareJid, resource: Option<&str>) {
        let keeps = |device: &Device| resource.is_some_and(|resource| device.resource != resource);
        if let Some(devices) = self.early.get_mut(address) {
            devices.retain(keeps);
            if devices.is_empty() {
                self.early.remove(address);
            }
        }
        if let Some(contact) = self.entries.get_mut(address) {
            let before = contact.devices.len();
            contact.devices.retain(keeps);
            if contact.devices.len() != before {
                self.changed(address);
            }
        }
    }

    /// A new stream begins: whoever is there will say so.
    pub fn all_gone(&mut self) {
        self.early.clear();
        self.early_names.clear();
        let online: Vec<_> = self.entries.values().filter(|contact| !contact.devices.is_empty()).collect();
        let online: Vec<_> = online.into_iter().map(|contact| contact.address.clone()).collect();
        for address in online {
            self.device_gone(&address, None);
        }
    }

    /// Somebody asks to see our presence.
    pub fn asked(&mut self, request: ContactRequest) {
        if self.requests.get(&request.address) != Some(&request)
            && (self.requests.len() < REQUESTS || self.requests.contains_key(&request.address))
        {
            self.requests.insert(request.address.clone(), request.clone());
            self.changes.push(Change::Request(request));
        }
    }

    /// A request is settled, by the user or by whoever asked.
    pub fn settled(&mut self, address: &BareJid) -> Option<ContactRequest> {
        let request = self.requests.remove(address)?;
        self.changes.push(Change::RequestGone(address.clone()));
        Some(request)
    }

    fn changed(&mut self, address: &BareJid) {
        self.touch(address);
        if let Some(contact) = self.entries.get(address) {
            self.changes.push(Change::Contact(contact.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::presence::Availability;

    fn ann() -> BareJid {
        "ann@s.ex".parse().unwrap()
    }

    fn device(resource: &str, availability: Availability, priority: i8) -> Device {
        Device { resource: resource.into(), availability, priority, ..Device::default() }
    }

    #[test]
    fn the_device_of_the_highest_priority_is_shown() {
        let mut contacts = Contacts::default();
        contacts.put(Contact::new(ann()));
        let shown = |contacts: &Contacts| contacts.contact(&ann()).unwrap().availability();
        contacts.device(&ann(), device("phone", Availability::Available, 1));
        contacts.device(&ann(), device("desk", Availability::Dnd, 5));
        assert_eq!(shown(&contacts), Availability::Dnd);
        contacts.device_gone(&ann(), Some("desk"));
        assert_eq!(shown(&contacts), Availability::Available);
        contacts.device_gone(&ann(), Some("phone"));
        assert_eq!(shown(&contacts), Availability::Unavailable);
    }

    #[test]
    fn presence_that_comes_before_the_list_is_not_lost() {
        let mut contacts = Contacts::default();
        contacts.device(&ann(), device("phone", Availability::Away, 0));
        assert_eq!(contacts.take_changes().count(), 0);
        contacts.replace([Contact::new(ann())]);
        assert_eq!(contacts.contact(&ann()).unwrap().availability(), Availability::Away);
        contacts.replace([Contact::new(ann())]);
        assert_eq!(contacts.contact(&ann()).unwrap().availability(), Availability::Away);
    }

    #[test]
    fn what_does_not_change_anything_is_not_a_change() {
        let mut contacts = Contacts::default();
        contacts.put(Contact::new(ann()));
        contacts.device(&ann(), device("phone", Availability::Away, 0));
        contacts.take_changes().for_each(drop);
        contacts.device(&ann(), device("phone", Availability::Away, 0));
        contacts.device_gone(&ann(), Some("desk"));
        contacts.remove(&"bob@s.ex".parse().unwrap());
        assert_eq!(contacts.take_changes().count(), 0);
    }

    #[test]
    fn strangers_cannot_fill_the_memory() {
        let mut contacts = Contacts::default();
        for number in 0..5_000 {
            let address: BareJid = format!("x{number}@s.ex").parse().unwrap();
            contacts.device(&address, device("r", Availability::Available, 0));
            contacts.asked(ContactRequest { address, nickname: None, message: None });
        }
        assert_eq!((contacts.early.len(), contacts.requests.len()), (EARLY, REQUESTS));
    }
}
