//! What contacts tell of themselves beside their presence: a name, and what their devices are and can do.

use super::{Contacts, EARLY};
use crate::domain::contact::Contact;
use crate::domain::fold::seen_name;
use crate::domain::presence::{About, Device, Skill, Skills};
use crate::jid::{BareJid, FullJid};

impl Contacts {
    /// What is known of an entry beside what the server's list says of it.
    pub(super) fn carry_over(&mut self, contact: &mut Contact, known: Option<Contact>) {
        match known {
            Some(known) => {
                contact.devices = known.devices;
                contact.nickname = known.nickname;
            }
            None => {
                contact.devices = self.early.remove(&contact.address).unwrap_or_default();
                contact.nickname = self.early_names.remove(&contact.address);
            }
        }
    }

    /// Somebody says how they want to be called; what cannot be seen is no name.
    pub fn call(&mut self, address: &BareJid, nickname: Option<String>) {
        let nickname = nickname.as_deref().and_then(seen_name);
        let Some(contact) = self.entries.get_mut(address) else {
            if let Some(nickname) = nickname
                && self.early_names.len() < EARLY
            {
                self.early_names.insert(address.clone(), nickname);
            }
            return;
        };
        if contact.nickname != nickname {
            contact.nickname = nickname;
            self.changed(address);
        }
    }

    /// A device of a contact.
    pub fn device_of(&self, device: &FullJid) -> Option<&Device> {
        let devices = &self.entries.get(device.bare())?.devices;
        devices.iter().find(|known| known.resource == device.resource())
    }

    /// Whether a device can do something; `None` while that is not known.
    pub fn can(&self, device: &FullJid, skill: Skill) -> Option<bool> {
        Some(self.device_of(device)?.about.skills?.has(skill))
    }

    /// A device of a contact announces what it can, under a word. Whether that is news.
    pub fn announced(&mut self, device: &FullJid, word: &str) -> bool {
        let Some(known) = self.device_mut(device) else { return false };
        if known.about.announced.as_deref() == Some(word) {
            return false;
        }
        // What was known is void; views need not be told before there is something else to show.
        known.about = About { announced: Some(word.to_owned()), ..About::default() };
        true
    }

    /// What a device meant by the word, if it still says so.
    pub fn learnt(&mut self, device: &FullJid, word: &str, skills: Skills, software: Option<&str>) {
        self.tell_about(device, |about| {
            if about.announced.as_deref() == Some(word) {
                about.skills = Some(skills);
                about.software = software.map(str::to_owned);
            }
        });
    }

    /// Something more is known of the program on a device.
    pub fn tell_about(&mut self, device: &FullJid, tell: impl FnOnce(&mut About)) {
        let Some(known) = self.device_mut(device) else { return };
        let before = known.about.clone();
        tell(&mut known.about);
        if known.about != before {
            self.changed(device.bare());
        }
    }

    fn device_mut(&mut self, device: &FullJid) -> Option<&mut Device> {
        let devices = &mut self.entries.get_mut(device.bare())?.devices;
        devices.iter_mut().find(|known| known.resource == device.resource())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::presence::Availability;

    #[test]
    fn the_user_s_name_comes_first_then_theirs_then_the_address() {
        let ann: BareJid = "ann@s.ex".parse().unwrap();
        let mut contacts = Contacts::default();
        contacts.call(&ann, Some("Ännchen".into()));
        contacts.replace([Contact::new(ann.clone())]);
        let shown = |contacts: &Contacts| contacts.contact(&ann).unwrap().display_name().to_owned();
        assert_eq!(shown(&contacts), "Ännchen");
        contacts.put(Contact { name: Some("Ann".into()), ..Contact::new(ann.clone()) });
        assert_eq!(shown(&contacts), "Ann");
        contacts.put(Contact::new(ann.clone()));
        assert_eq!(shown(&contacts), "Ännchen", "the server's list does not know it");
        contacts.call(&ann, Some("\u{202e}\u{200b} ".into()));
        assert_eq!(shown(&contacts), "ann", "what cannot be seen is no name");
    }

    #[test]
    fn what_is_known_goes_with_the_word_under_which_it_was_learnt() {
        let ann: BareJid = "ann@s.ex".parse().unwrap();
        let phone = ann.with_resource("phone").unwrap();
        let mut contacts = Contacts::default();
        contacts.put(Contact::new(ann.clone()));
        assert!(!contacts.announced(&phone, "A"), "no such device");
        let device = Device { resource: "phone".into(), availability: Availability::Away, ..Device::default() };
        contacts.device(&ann, device.clone());
        assert!(contacts.announced(&phone, "A") && !contacts.announced(&phone, "A"));
        contacts.learnt(&phone, "B", Skills::default().with(Skill::Typing), None);
        assert_eq!(contacts.can(&phone, Skill::Typing), None);
        contacts.learnt(&phone, "A", Skills::default().with(Skill::Typing), Some("Zoo"));
        contacts.device(&ann, Device { availability: Availability::Chat, ..device });
        assert_eq!(contacts.can(&phone, Skill::Typing), Some(true), "another presence says nothing else of it");
        assert_eq!(contacts.can(&phone, Skill::Version), Some(false));
        assert_eq!(contacts.contact(&ann).unwrap().can(Skill::Typing), Some(true));
        assert!(contacts.announced(&phone, "B"));
        assert_eq!(contacts.can(&phone, Skill::Typing), None);
    }
}
