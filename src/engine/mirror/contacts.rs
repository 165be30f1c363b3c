//! The contact list, as a page holds it.

use std::rc::Rc;

use super::{Listed, Mirror, Topic, index};
use crate::domain::contact::Contact;
use crate::domain::fold::fold;
use crate::jid::BareJid;

impl Mirror {
    pub(super) fn replace_contacts(&mut self, contacts: Vec<Contact>) {
        self.touch(Topic::ContactNames);
        self.touch(Topic::ContactList);
        self.touched.all_contacts = true;
        self.by_name.clear();
        self.contacts.fill(None);
        for contact in contacts {
            self.put_contact(contact);
        }
    }

    pub(super) fn put_contact(&mut self, contact: Contact) {
        let number = self.number_of(&contact.address);
        let Some(slot) = index(number).and_then(|place| self.contacts.get_mut(place)) else { return };
        let contact = Rc::new(contact);
        match slot {
            Some(listed) if listed.contact.display_name() == contact.display_name() => {
                listed.contact = contact;
                return;
            }
            Some(listed) => {
                listed.folded = fold(contact.display_name()).into();
                listed.contact = contact;
                self.names_moved = true;
            }
            None => {
                *slot = Some(Listed { folded: fold(contact.display_name()).into(), contact, number });
                self.by_name.push(number);
                self.names_moved = true;
            }
        }
        self.touch(Topic::ContactNames);
    }

    pub(super) fn drop_contact(&mut self, address: BareJid) {
        let number = self.numbers.get(&address).copied();
        if let Some(slot) = number.and_then(index).and_then(|place| self.contacts.get_mut(place)) {
            *slot = None;
            self.names_moved = true;
        }
        self.touch(Topic::Contact(address));
        self.touch(Topic::ContactList);
        self.touch(Topic::ContactNames);
    }
}
