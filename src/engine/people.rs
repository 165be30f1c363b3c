//! What people tell of themselves, and what the user wishes about them.

use super::Engine;
use super::command::Command;
use crate::clock::{Instant, Now, Timestamp};
use crate::domain::change::{Change, Wish};
use crate::domain::conversation::Arrange;
use crate::domain::presence::Skill;
use crate::features::blocking::Blocking;
use crate::features::local_time::LocalTime;
use crate::features::nickname::Nicknames;
use crate::features::presence::Presences;
use crate::features::version::Version;
use crate::jid::{BareJid, FullJid};
use crate::wire::stanza::Message;

/// Devices of one contact that are asked what they are.
const ASKED: usize = 5;

impl Engine {
    /// Does what the user wishes about themselves or somebody else.
    pub(super) fn wish_about_people(&mut self, now: Now, command: Command) {
        match command {
            Command::SetNickname(name) => {
                let name = name.as_deref().map(str::trim).filter(|name| !name.is_empty());
                self.server_wish(now, Wish::Nickname, &mut |context| Nicknames::publish(context, name));
            }
            Command::Idle(since) => self.nobody_here(now, since),
            Command::TellTime(offset) => self.features.local_time.tell(offset),
            Command::LookUp(address) => self.look_up(now, &address),
            Command::Block(address) => {
                self.contact_wish(now, Wish::Block, &address, |context| Blocking::block(context, &address));
            }
            Command::Report(address) => {
                self.contact_wish(now, Wish::Block, &address, |context| Blocking::report(context, &address));
            }
            Command::Unblock(address) => {
                self.server_wish(now, Wish::Unblock, &mut |context| Blocking::unblock(context, &address));
            }
            Command::Arrange(peer, wish) => {
                if wish == Arrange::Delete && self.domain.conversations.is_room(&peer) {
                    self.drop_room(now, &peer);
                }
                self.domain.conversations.arrange(&peer, wish);
            }
            _ => {}
        }
    }

    /// Nobody has touched a page since then, or somebody has again.
    fn nobody_here(&mut self, now: Now, since: Option<Timestamp>) {
        if self.features.idle.set(since) && self.session.is_online() {
            self.with_features(now, |_, context| Presences::announce(context));
        }
    }

    /// Asks the devices of somebody what they say that they can tell, once each.
    fn look_up(&mut self, now: Now, address: &BareJid) {
        if !self.session.is_online() {
            return;
        }
        self.with_features(now, |_, context| {
            let Some(contact) = context.domain.contacts.contact(address) else { return };
            let mut asks: Vec<(FullJid, Skill)> = Vec::new();
            for device in contact.devices.iter().take(ASKED) {
                let (about, Ok(full)) = (&device.about, address.with_resource(&device.resource)) else { continue };
                let can = |skill| about.skills.is_some_and(|skills| skills.has(skill));
                if can(Skill::LocalTime) {
                    asks.push((full.clone(), Skill::LocalTime));
                }
                if can(Skill::Version) && about.version.is_none() {
                    asks.push((full, Skill::Version));
                }
            }
            for (device, skill) in asks {
                match skill {
                    Skill::LocalTime => LocalTime::ask(context, device),
                    _ => Version::ask(context, device),
                }
            }
        });
    }

    /// Takes a message that tells something about its sender rather than saying something.
    pub(super) fn tells_of_people(&mut self, now: Now, message: &Message) -> bool {
        self.with_features(now, |_, context| Nicknames::take(context, message)).unwrap_or_default()
    }

    /// Asks devices what they can, as far as it is time.
    pub(super) fn ask_devices(&mut self, now: Now) {
        if self.session.is_online() {
            self.with_features(now, |features, context| features.caps.ask_next(context));
        }
    }

    /// When devices are to be asked again.
    pub(super) fn ask_devices_at(&self) -> Option<Instant> {
        self.features.caps.wake_at().filter(|_| self.session.is_online())
    }

    /// Shows what an earlier visit knew of the user and their server.
    pub(super) fn present_people(&mut self) {
        let domain = &self.domain;
        let (nickname, blocked, abilities) =
            (domain.nickname.clone(), domain.blocked.clone(), domain.abilities.clone());
        self.change(Change::OwnNickname(nickname));
        self.change(Change::Blocked(blocked));
        self.change(Change::Abilities(abilities));
    }
}
