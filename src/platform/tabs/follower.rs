//! A page that shows what another one's engine says.

use std::rc::Weak;

use super::super::delivery::Delivery;
use super::channel::{self, Header, Message};
use super::{Inner, Role, drop_notices};
use crate::clock::Instant;
use crate::domain::account::Connection;
use crate::engine::change::Change;
use crate::engine::command::Command;

/// How many questions in a row a leader may leave unanswered.
const PATIENCE: u32 = 3;

/// What a page that leads not knows of the leader.
pub struct Follower {
    /// The leadership and the last batch that this page shows, once it shows any.
    shown: Option<(u64, u64)>,
    /// Whether everything was asked for, and has not come yet.
    asked: bool,
    /// How many questions in a row were not answered.
    silent: u32,
    views: Delivery<Change>,
}

impl Follower {
    /// A page that shows nothing yet.
    pub fn new(weak: &Weak<Inner>) -> Self {
        let weak = weak.clone();
        let views = Delivery::new(Box::new(move |changes| {
            if let Some(inner) = weak.upgrade() {
                inner.page.show(changes);
                inner.page.ready();
            }
        }));
        Self { shown: None, asked: false, silent: 0, views }
    }
}

impl Inner {
    /// Keeps a wish until a leader confirms it.
    pub(super) fn wish(&self, command: Command) {
        let count = self.next.get().wrapping_add(self.wishes.borrow().len() as u32);
        let wish = channel::write(&Message::Wish { count, command }, &[]);
        self.post_written(0, &wish);
        self.wishes.borrow_mut().push_back(wish);
    }

    fn repeat_wishes(&self) {
        self.wishes.borrow().iter().for_each(|wish| self.post_written(0, wish));
    }

    pub(super) fn confirm(&self, reign: u64, count: u32) {
        if reign != self.reign.get() {
            return;
        }
        let done = count.wrapping_sub(self.next.get()).wrapping_add(1);
        let mut wishes = self.wishes.borrow_mut();
        if done as usize <= wishes.len() {
            wishes.drain(..done as usize);
            self.next.set(count.wrapping_add(1));
        }
    }

    /// Tells the leader that this page is there; `wants` everything, or only what is new.
    pub(super) fn tell_here(&self, wants: bool) {
        if let Role::Follower(follower) = &mut *self.role.borrow_mut() {
            follower.asked |= wants;
        } else {
            return;
        }
        let here = Message::Here { about: self.about.borrow().clone(), next: self.next.get(), wants };
        self.post(0, &here, &[]);
    }

    /// Asks whether the leader is there. One that does not answer for long is replaced, by a page that is in sight.
    pub(super) fn ask(&self) {
        let visible = self.about.borrow().visible;
        let (wants, steal) = match &mut *self.role.borrow_mut() {
            Role::Follower(follower) => {
                let steal = visible && follower.silent >= PATIENCE;
                follower.silent = if visible { follower.silent.saturating_add(1) } else { 0 };
                (follower.shown.is_none() || follower.asked, steal)
            }
            _ => return,
        };
        match &self.locks {
            Some(locks) if steal => self.request(locks, true),
            _ if visible || wants => self.tell_here(wants),
            _ => {}
        }
        self.repeat_wishes();
    }

    /// Whether what a leader says is to be believed: one who was replaced may not know it yet.
    fn believes(&self, reign: u64) -> bool {
        if reign < self.reign.get() {
            return false;
        }
        let overtaken = reign > self.reign.replace(reign);
        if overtaken && self.step_down() {
            self.join();
        }
        if let Role::Follower(follower) = &mut *self.role.borrow_mut() {
            follower.silent = 0;
            return true;
        }
        false
    }

    pub(super) fn heard_leader(&self, reign: u64, number: u64, asked_all: bool) {
        if !self.believes(reign) {
            return;
        }
        let wants = match &*self.role.borrow() {
            // What it had told before this has arrived before this; only what was asked for may be on its way.
            Role::Follower(follower) => follower.shown != Some((reign, number)) && (asked_all || !follower.asked),
            _ => return,
        };
        if wants || asked_all {
            self.tell_here(wants);
        }
    }

    pub(super) fn replace_all(&self, header: Header, reign: u64, number: u64, rest: &[u8]) {
        if !self.believes(reign) {
            return;
        }
        let Some(changes) = channel::changes(rest) else { return };
        if let Role::Follower(follower) = &mut *self.role.borrow_mut() {
            follower.shown = Some((reign, number));
            follower.asked = false;
        }
        self.gather(header, changes);
        self.repeat_wishes();
        self.unblock();
    }

    pub(super) fn take_batch(&self, header: Header, reign: u64, number: u64, rest: &[u8]) {
        if !self.believes(reign) {
            return;
        }
        let next = match &mut *self.role.borrow_mut() {
            // Everything was asked for, and is on its way.
            Role::Follower(follower) if follower.asked => return,
            Role::Follower(follower) => {
                let next = follower.shown.is_some_and(|(shown, last)| shown == reign && last.wrapping_add(1) == number);
                if next {
                    follower.shown = Some((reign, number));
                }
                next
            }
            _ => return,
        };
        match channel::changes(rest) {
            Some(changes) if next => self.gather(header, changes),
            _ => self.tell_here(true),
        }
    }

    fn gather(&self, header: Header, mut changes: Vec<Change>) {
        if !self.about.borrow().visible {
            drop_notices(&mut changes);
        }
        let role = self.role.borrow();
        let Role::Follower(follower) = &*role else { return };
        for mut change in changes {
            // Each page's steady clock starts when it is loaded.
            if let Change::Connection(Connection::Reconnecting { retry_at: Some(at), .. }) = &mut change {
                *at = Instant(at.0.saturating_add(header.loaded).saturating_sub(self.header.loaded));
            }
            follower.views.add(change);
        }
    }

    /// A page of an older build is there. It steps down when it hears of this one, if it can.
    pub(super) fn heard_older(&self, other: Header) {
        let waits = match &mut *self.role.borrow_mut() {
            Role::Follower(follower) => {
                follower.silent = 0;
                follower.shown.is_none()
            }
            Role::Leader(_) => false,
            Role::Out => return,
        };
        // Only one that cannot step down answers to this page alone.
        if other.to == 0 {
            self.post(other.from, &Message::Bye, &[]);
        } else if waits && other.to == self.header.from && !self.blocked.replace(true) {
            self.page.blocked(true);
        }
    }
}
