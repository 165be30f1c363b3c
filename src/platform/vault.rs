//! What is kept on this device for the next visit: sealed, so that a copy of the profile's files holds no keys
//! in the clear, and nothing but this browser can open it.
//!
//! Each write makes a key of its own and stores it with what it seals as one record: no write can fail half way,
//! and no two pages can disagree. The database is opened for each use and closed after it.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::fetch::member;
use super::idb::{Database, Use, answer, complete};
use super::stretch::subtle;
use super::{record, seal};
use crate::engine::effect::Remembered;

const DATABASE: &str = "waxwing";
const VAULT: &str = "vault";

/// The key of the only record.
const RECORD: &str = "sign-in";

/// Does what it is asked in the order in which it was asked: a record that is written must not outlive a later
/// wish to forget it.
#[derive(Clone)]
pub struct Vault(Rc<Inner>);

struct Inner {
    wishes: RefCell<VecDeque<Wish>>,
    busy: Cell<bool>,
    on_failure: Box<dyn Fn()>,
}

enum Wish {
    Keep(Box<Remembered>),
    Forget,
}

impl Vault {
    /// Calls `on_failure` when something could not be kept.
    pub fn new(on_failure: impl Fn() + 'static) -> Self {
        Self(Rc::new(Inner { wishes: RefCell::default(), busy: Cell::new(false), on_failure: Box::new(on_failure) }))
    }

    /// Keeps this, in place of what was kept before.
    pub fn keep(&self, remembered: Box<Remembered>) {
        self.wish(Wish::Keep(remembered));
    }

    /// Erases everything kept.
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
        loop {
            let Some(wish) = self.wishes.borrow_mut().pop_front() else { break };
            match wish {
                Wish::Keep(remembered) => {
                    if store(&remembered).await.is_err() {
                        (self.on_failure)();
                    }
                }
                // Nothing can be done about a failure, and where there is no database there is nothing in it.
                Wish::Forget => drop(erase().await),
            }
        }
        self.busy.set(false);
    }
}

/// What an earlier visit kept. A record that cannot be opened is of no use to anybody, and is erased.
pub async fn load() -> Option<Remembered> {
    let sealed = read().await.ok()?;
    if sealed.is_undefined() {
        return None;
    }
    // Without the browser's cryptography, which depends on how the page was reached, the record may yet be good.
    subtle()?;
    let remembered = unseal(&sealed).await.as_deref().and_then(record::read);
    if remembered.is_none() {
        drop(erase().await);
    }
    remembered
}

async fn read() -> Result<JsValue, JsValue> {
    let database = Database::open(DATABASE, &[VAULT]).await?;
    let vault = database.transaction(&[VAULT], Use::Read)?.object_store(VAULT)?;
    answer(&vault.get(&RECORD.into())?).await
}

async fn store(remembered: &Remembered) -> Result<(), JsValue> {
    let key = seal::new_key().await?;
    let sealed = seal::seal(&key, &[(None, &record::write(remembered))]).await?;
    let sealed = sealed.first().ok_or(JsValue::UNDEFINED)?;
    Reflect::set(sealed, &"key".into(), &key)?;
    replace(Some(sealed)).await
}

async fn erase() -> Result<(), JsValue> {
    replace(None).await
}

async fn replace(record: Option<&JsValue>) -> Result<(), JsValue> {
    let database = Database::open(DATABASE, &[VAULT]).await?;
    let transaction = database.transaction(&[VAULT], Use::Write)?;
    let replaced = transaction.object_store(VAULT).and_then(|vault| match record {
        Some(record) => vault.put_with_key(record, &RECORD.into()),
        None => vault.clear(),
    });
    complete(&transaction, replaced.map(drop)).await
}

async fn unseal(record: &JsValue) -> Option<Vec<u8>> {
    let key = seal::key(member(record, "key"))?;
    seal::unseal(&key, &[(None, record.clone())]).await.pop().flatten()
}
