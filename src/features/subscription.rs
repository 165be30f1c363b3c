//! RFC 6121 §3: who may see whose presence. Asking, granting, refusing, taking back, and granting beforehand.

use super::{Context, Feature};
use crate::domain::change::{Notice, Wish};
use crate::domain::contact::ContactRequest;
use crate::jid::{BareJid, Jid};
use crate::wire::nick;
use crate::wire::stanza::{Presence, PresenceKind};

/// Characters of a message with a request that are kept.
const MESSAGE: usize = 1_000;

/// The wishes of others to see us, and ours to see others.
#[derive(Debug, Default)]
pub struct Subscriptions;

impl Subscriptions {
    /// Asks to see somebody.
    pub fn ask(context: &mut Context<'_>, address: &BareJid) {
        context.send(Presence::new(PresenceKind::Subscribe).to(address.clone()));
    }

    /// Asks to see somebody, who may see us in return: to add a contact is to want both.
    pub fn invite(context: &mut Context<'_>, address: &BareJid) {
        context.domain.contacts.invite(address);
        Self::ask(context, address);
    }

    /// No longer wants to see somebody, or takes the wish back.
    pub fn stop_seeing(context: &mut Context<'_>, address: &BareJid) {
        context.domain.contacts.uninvite(address);
        context.send(Presence::new(PresenceKind::Unsubscribe).to(address.clone()));
    }

    /// Lets somebody see us, now or as soon as they ask.
    pub fn grant(context: &mut Context<'_>, address: &BareJid) {
        context.domain.contacts.settled(address);
        context.domain.contacts.uninvite(address);
        context.send(Presence::new(PresenceKind::Subscribed).to(address.clone()));
    }

    /// Does not let somebody see us, or no longer.
    pub fn refuse(context: &mut Context<'_>, address: &BareJid) {
        context.domain.contacts.settled(address);
        context.domain.contacts.uninvite(address);
        context.send(Presence::new(PresenceKind::Unsubscribed).to(address.clone()));
    }
}

impl Feature for Subscriptions {
    fn presence(&mut self, context: &mut Context<'_>, from: &Jid, presence: &Presence) {
        let address = from.bare();
        if address == context.me.bare() {
            return;
        }
        let contact = context.domain.contacts.contact(address);
        match presence.kind {
            PresenceKind::Subscribe
                if contact.is_some_and(|contact| contact.subscription.they_see_us() || contact.approved)
                    || context.domain.contacts.is_invited(address) =>
            {
                // Granted before; some servers leave it to us to say so again (§3.1.3).
                Self::grant(context, &address.clone());
            }
            PresenceKind::Subscribe => {
                let message = presence.status.as_deref().map(|text| text.chars().take(MESSAGE).collect());
                let nickname = nick::of(presence.payloads.iter());
                context.domain.contacts.asked(ContactRequest { address: address.clone(), nickname, message });
            }
            PresenceKind::Unsubscribe => {
                context.domain.contacts.settled(address);
            }
            PresenceKind::Subscribed if contact.is_some() => {
                context.domain.notices.push(Notice::Accepted(address.clone()));
            }
            PresenceKind::Unsubscribed if contact.is_some() => {
                context.domain.contacts.device_gone(address, None);
                context.domain.notices.push(Notice::Declined(address.clone()));
            }
            // Our wish could not even be delivered.
            PresenceKind::Error if contact.is_some_and(|contact| contact.asked) => {
                if let Some(error) = &presence.error {
                    let refusal = error.clone().into();
                    context.domain.notices.push(Notice::Refused {
                        wish: Wish::Subscribe,
                        address: address.clone(),
                        refusal,
                    });
                }
            }
            _ => {}
        }
    }
}
