//! The local store: what an account has, kept on this device, sealed.
//!
//! Each account has a database of its own, under a name that does not tell whose it is. It stays open while it is
//! used, which saves most of the time of a small write.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::{Array, Promise};
use sha2::{Digest, Sha256};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::idb;
use super::sealed::Sealed;
use crate::engine::Input;
use crate::engine::effect::{Record, StoreFault, Write};
use crate::jid::BareJid;

/// How the names of the databases begin.
const PREFIX: &str = "waxwing-";

/// Does what it is asked in the order in which it was asked, and reports as [`crate::engine::effect::Effect`] says.
pub struct Store(Rc<Inner>);

struct Inner {
    wishes: RefCell<VecDeque<Wish>>,
    busy: Cell<bool>,
    state: RefCell<State>,
    report: Box<dyn Fn(Input)>,
}

enum Wish {
    Open(BareJid),
    Save { number: u64, strict: bool, writes: Vec<Write> },
    Load { request: u64, chunks: Vec<u64> },
    Forget,
}

impl Store {
    /// Calls `report` with each answer.
    pub fn new(report: impl Fn(Input) + 'static) -> Self {
        Self(Rc::new(Inner {
            wishes: RefCell::default(),
            busy: Cell::new(false),
            state: RefCell::default(),
            report: Box::new(report),
        }))
    }

    /// Opens the store of an account, and takes it over from any other page.
    pub fn open(&self, account: BareJid) {
        self.wish(Wish::Open(account));
    }

    /// Writes all of this or nothing.
    pub fn save(&self, number: u64, strict: bool, writes: Vec<Write>) {
        self.wish(Wish::Save { number, strict, writes });
    }

    /// Reads chunks of history.
    pub fn load(&self, request: u64, chunks: Vec<u64>) {
        self.wish(Wish::Load { request, chunks });
    }

    /// Deletes the stores of all accounts. Nothing can be saved after it until a store is opened.
    pub fn forget(&self) {
        self.wish(Wish::Forget);
    }

    fn wish(&self, wish: Wish) {
        self.0.wishes.borrow_mut().push_back(wish);
        if !self.0.busy.replace(true) {
            let inner = self.0.clone();
            spawn_local(async move { inner.work().await });
        }
    }
}

impl Inner {
    async fn work(&self) {
        let mut state = self.state.take();
        loop {
            let Some(wish) = self.wishes.borrow_mut().pop_front() else { break };
            match wish {
                Wish::Open(account) => {
                    let opened = state.open(&account).await.map_err(|_| StoreFault::Unavailable);
                    (self.report)(Input::StoreOpened(opened));
                }
                Wish::Save { number, strict, writes } => {
                    (self.report)(match state.save(writes, strict).await {
                        Ok(()) => Input::Saved { number },
                        Err(fault) => Input::SaveFailed { number, fault },
                    });
                }
                Wish::Load { request, chunks } => {
                    let chunks = state.load(&chunks).await;
                    (self.report)(Input::Loaded { request, chunks });
                }
                Wish::Forget => state.forget().await,
            }
        }
        self.state.replace(state);
        self.busy.set(false);
    }
}

struct State {
    /// The database opened last, whatever became of it.
    name: String,
    open: Result<Sealed, StoreFault>,
    asked_to_persist: bool,
}

impl Default for State {
    fn default() -> Self {
        Self { name: String::new(), open: Err(StoreFault::Unavailable), asked_to_persist: false }
    }
}

impl State {
    async fn open(&mut self, account: &BareJid) -> Result<Vec<Record>, JsValue> {
        self.open = Err(StoreFault::Unavailable);
        self.name = PREFIX.to_owned();
        for byte in Sha256::digest(account.as_str()).iter().take(16) {
            for digit in [byte >> 4, byte & 15] {
                self.name.push(char::from_digit(digit.into(), 16).unwrap_or_default());
            }
        }
        let (open, found) = Sealed::open(&self.name).await?;
        let records = open.unseal(found).await;
        self.open = Ok(open);
        if !self.asked_to_persist {
            self.asked_to_persist = true;
            ask_to_persist();
        }
        Ok(records)
    }

    async fn save(&mut self, writes: Vec<Write>, strict: bool) -> Result<(), StoreFault> {
        let open = self.open.as_mut().map_err(|fault| *fault)?;
        let changes = open.seal(&writes).await.map_err(|_| StoreFault::Unavailable)?;
        let mut saved = open.write(&changes, strict).await;
        // A browser may close a database, and a page that wishes to delete it makes us close it. Nothing of a failed
        // transaction is kept, so it can be done again.
        if saved == Err(StoreFault::Unavailable) && open.reopen(&self.name).await.is_ok() {
            saved = open.write(&changes, strict).await;
        }
        if saved == Err(StoreFault::Deposed) {
            self.open = Err(StoreFault::Deposed);
        }
        saved
    }

    async fn load(&mut self, chunks: &[u64]) -> Vec<Record> {
        let Ok(open) = &mut self.open else { return Vec::new() };
        let mut found = open.read(chunks).await;
        if found.is_err() && open.reopen(&self.name).await.is_ok() {
            found = open.read(chunks).await;
        }
        match found {
            Ok(found) => open.unseal(found).await,
            Err(_) => Vec::new(),
        }
    }

    /// Nothing can be done about a failure, and where there is no database there is nothing in it.
    async fn forget(&mut self) {
        if let Ok(open) = &self.open {
            // A sleeping page may delay the deletion beyond the life of this one. Without the key nothing opens.
            drop(open.erase_base().await);
        }
        // Dropped, and thereby closed.
        self.open = Err(StoreFault::Unavailable);
        let mut names = idb::names().await.unwrap_or_default();
        names.retain(|name| name.starts_with(PREFIX) && *name != self.name);
        if !self.name.is_empty() {
            names.push(std::mem::take(&mut self.name));
        }
        for name in names {
            drop(idb::delete(&name).await);
        }
    }
}

/// Asks the browser not to clear the store away when it needs room. Nobody waits for the answer, which may be the
/// user's.
fn ask_to_persist() {
    if let Some(asked) = web_sys::window().and_then(|window| window.navigator().storage().persist().ok()) {
        // So that a refusal by an error is none that nobody hears.
        let _ = Promise::all_settled(&Array::of1(&asked));
    }
}
