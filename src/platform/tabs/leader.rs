//! What the page that runs the engine knows of the others.

use wasm_bindgen_futures::spawn_local;

use super::channel::{self, About, Message};
use super::lock::Lock;
use super::{Engine, Inner, Role, drop_notices};
use crate::domain::account::Connection;
use crate::engine::Input;
use crate::engine::change::Change;
use crate::engine::command::Command;
use crate::engine::effect::Remembered;

/// The page that leads.
pub struct Leader {
    /// Names the leadership.
    pub reign: u64,
    /// The number of the last batch.
    pub number: u64,
    /// The engine, once it is there.
    pub engine: Option<Engine>,
    /// What the engine was told last of the pages.
    pub told: Option<About>,
    tabs: Vec<Tab>,
    _lock: Option<Lock>,
}

/// Another page.
struct Tab {
    id: u64,
    about: About,
    /// Its last wish that was done.
    done: u32,
    /// Whether it said anything since the last roll call.
    heard: bool,
}

impl Leader {
    /// A leader without an engine.
    pub const fn new(reign: u64, lock: Option<Lock>) -> Self {
        Self { reign, number: 0, engine: None, told: None, tabs: Vec::new(), _lock: lock }
    }

    /// A page is there. Of a page that is new here, what it no longer repeats is done.
    pub fn here(&mut self, id: u64, about: About, next: u32) {
        match self.tab(id) {
            Some(tab) => tab.about = about,
            None => self.tabs.push(Tab { id, about, done: next.wrapping_sub(1), heard: true }),
        }
    }

    /// A page is gone.
    pub fn gone(&mut self, id: u64) {
        self.tabs.retain(|tab| tab.id != id);
    }

    /// A page wishes something: whether that is the next thing to do, and what is done of its wishes then. Nothing is
    /// known of wishes of a page that was not heard of, and it repeats them.
    pub fn wish(&mut self, id: u64, count: u32) -> Option<(bool, u32)> {
        let tab = self.tab(id)?;
        let next = count == tab.done.wrapping_add(1);
        if next {
            tab.done = count;
        }
        Some((next, tab.done))
    }

    /// Forgets the pages that said nothing since this was called last.
    pub fn call_roll(&mut self) {
        self.tabs.retain_mut(|tab| std::mem::take(&mut tab.heard));
    }

    /// Whether another page is there.
    pub fn is_followed(&self) -> bool {
        !self.tabs.is_empty()
    }

    /// Whether another page is in sight.
    pub fn is_seen_elsewhere(&self) -> bool {
        self.tabs.iter().any(|tab| tab.about.visible)
    }

    /// What holds for all pages together.
    pub fn all(&self, own: &About) -> About {
        let mut all = own.clone();
        self.tabs.iter().for_each(|tab| all.join(&tab.about));
        all
    }

    fn tab(&mut self, id: u64) -> Option<&mut Tab> {
        let tab = self.tabs.iter_mut().find(|tab| tab.id == id)?;
        tab.heard = true;
        Some(tab)
    }
}

impl Inner {
    /// Leads from here on, with the lock if there are locks.
    pub(super) fn lead(&self, lock: Option<Lock>) {
        if !matches!(*self.role.borrow(), Role::Follower(_)) {
            return;
        }
        // Later than every reign before it, even if the clock was set back.
        let reign = (js_sys::Date::now() as u64).max(self.reign.get().saturating_add(1));
        self.reign.set(reign);
        self.role.replace(Role::Leader(Leader::new(reign, lock)));
        let (weak, remembered) = (self.weak.clone(), self.page.remembered());
        spawn_local(async move {
            let remembered = remembered.await;
            if let Some(inner) = weak.upgrade() {
                inner.begin(reign, remembered);
            }
        });
    }

    /// Starts the engine, unless somebody else leads by now.
    fn begin(&self, reign: u64, remembered: Option<Remembered>) {
        if !self.leads(reign) {
            return;
        }
        let weak = self.weak.clone();
        let engine = self.page.start(Box::new(move |changes| {
            if let Some(inner) = weak.upgrade() {
                inner.publish(reign, changes);
            }
        }));
        if let Role::Leader(leader) = &mut *self.role.borrow_mut() {
            leader.engine = Some(engine.clone());
        }
        self.memory_only.set(false);
        match remembered {
            Some(remembered) => engine(Input::Restore(Box::new(remembered))),
            // The session went with the page that had it.
            None => self.publish(reign, vec![Change::Reset, Change::Connection(Connection::Offline)]),
        }
        self.settle();
        // They were written before those that no leader took.
        self.repeat_texts();
        let wishes = self.wishes.take();
        self.next.set(self.next.get().wrapping_add(wishes.len() as u32));
        for wish in &wishes {
            if let Some((Message::Wish { command, .. }, _)) = channel::read(wish) {
                engine(Input::Command(command));
            }
        }
        self.unblock();
        self.page.ready();
        self.call_roll();
    }

    fn leads(&self, reign: u64) -> bool {
        matches!(&*self.role.borrow(), Role::Leader(leader) if leader.reign == reign)
    }

    /// Hands a batch of the engine's changes to all pages.
    fn publish(&self, reign: u64, mut changes: Vec<Change>) {
        let seen_elsewhere = {
            let mut role = self.role.borrow_mut();
            let Role::Leader(leader) = &mut *role else { return };
            if leader.reign != reign {
                return;
            }
            leader.number = leader.number.wrapping_add(1);
            if leader.is_followed() {
                self.post(0, &Message::Batch { reign, number: leader.number }, &changes);
            }
            leader.is_seen_elsewhere()
        };
        for change in &changes {
            match change {
                Change::Account(Some(account)) => self.memory_only.set(!account.remembered),
                Change::Account(None) | Change::Reset => self.memory_only.set(false),
                _ => {}
            }
        }
        if seen_elsewhere && !self.about.borrow().visible {
            drop_notices(&mut changes);
        }
        self.page.show(changes);
    }

    /// Tells the engine what holds for all pages together, where that is new.
    pub(super) fn settle(&self) {
        let (engine, all, told) = match &mut *self.role.borrow_mut() {
            Role::Leader(leader) => {
                let Some(engine) = leader.engine.clone() else { return };
                let all = leader.all(&self.about.borrow());
                let told = leader.told.replace(all.clone());
                (engine, all, told)
            }
            _ => return,
        };
        if told.as_ref().is_none_or(|told| told.visible != all.visible) {
            engine(Input::Visible(all.visible));
        }
        let told = told.unwrap_or_default();
        if told.shows != all.shows {
            engine(Input::Command(Command::Show(all.shows)));
        }
        if told.attends != all.attends {
            engine(Input::Command(Command::Attend(all.attends)));
        }
    }

    /// Another page says that it is there.
    pub(super) fn is_here(&self, from: u64, about: About, next: u32, wants: bool) {
        let (reign, number) = match &mut *self.role.borrow_mut() {
            Role::Leader(leader) if leader.engine.is_some() => {
                leader.here(from, about, next);
                (leader.reign, leader.number)
            }
            _ => return,
        };
        if wants {
            // What this page shows is what the batches up to this one made of it.
            self.post(from, &Message::Snapshot { reign, number }, &self.page.snapshot());
        } else {
            self.post(from, &Message::Lead { reign, number }, &[]);
        }
        self.settle();
    }

    /// Another page says that it goes.
    pub(super) fn is_gone(&self, from: u64) {
        if let Role::Leader(leader) = &mut *self.role.borrow_mut() {
            leader.gone(from);
        }
        self.settle();
    }

    /// Does what the user of another page wishes.
    pub(super) fn do_wish(&self, from: u64, count: u32, command: Command) {
        let (engine, reign, outcome) = match &mut *self.role.borrow_mut() {
            Role::Leader(leader) => match leader.engine.clone() {
                Some(engine) => (engine, leader.reign, leader.wish(from, count)),
                None => return,
            },
            _ => return,
        };
        let Some((next, done)) = outcome else { return };
        if next {
            engine(Input::Command(command));
        }
        self.post(from, &Message::Done { reign, count: done }, &[]);
    }

    /// Asks who is there, and says who leads.
    pub(super) fn call_roll(&self) {
        self.called.set(js_sys::Date::now());
        let lead = match &mut *self.role.borrow_mut() {
            Role::Leader(leader) => {
                leader.call_roll();
                Message::Lead { reign: leader.reign, number: leader.number }
            }
            _ => return,
        };
        self.post(0, &lead, &[]);
    }
}
