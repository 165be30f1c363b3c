//! What is kept on this device for the next visit: sealed, so that a copy of the profile's files holds no keys
//! in the clear, and nothing but this browser can open it.
//!
//! The seal is AES-GCM under a key that no script can read, only use. Each write makes a key of its own and
//! stores it with what it seals as one record: no write can fail half way, and no two pages can disagree.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::{Array, ArrayBuffer, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::CryptoKey;

use super::fetch::member;
use super::idb::{Database, VAULT};
use super::stretch::subtle;
use super::{random, record};
use crate::engine::effect::Remembered;

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
    let sealed = {
        let database = Database::open().await.ok()?;
        database.get(VAULT, RECORD).await.ok()?
    };
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

async fn store(remembered: &Remembered) -> Result<(), JsValue> {
    let sealed = seal(&record::write(remembered)).await?;
    Database::open().await?.change(VAULT, |store| store.put_with_key(&sealed, &RECORD.into())).await
}

async fn erase() -> Result<(), JsValue> {
    Database::open().await?.change(VAULT, |store| store.clear()).await
}

async fn seal(content: &[u8]) -> Result<JsValue, JsValue> {
    let subtle = subtle().ok_or(JsValue::UNDEFINED)?;
    let iv = Uint8Array::from(random::bytes::<12>().ok_or(JsValue::UNDEFINED)?.as_slice());
    let algorithm = object([("name", "AES-GCM".into()), ("length", 256.into())])?;
    let uses = Array::of2(&"encrypt".into(), &"decrypt".into());
    let key = JsFuture::from(subtle.generate_key_with_object(&algorithm, false, &uses)?).await?;
    let key: CryptoKey = key.dyn_into()?;
    let sealed = subtle.encrypt_with_object_and_u8_array(&gcm(&iv)?, &key, content)?;
    let sealed = JsFuture::from(sealed).await?;
    Ok(object([("key", key.into()), ("iv", iv.into()), ("sealed", sealed)])?.into())
}

async fn unseal(record: &JsValue) -> Option<Vec<u8>> {
    let key: CryptoKey = member(record, "key").dyn_into().ok()?;
    let iv: Uint8Array = member(record, "iv").dyn_into().ok()?;
    let sealed: ArrayBuffer = member(record, "sealed").dyn_into().ok()?;
    let sealed = Uint8Array::new(&sealed);
    let opened = subtle()?.decrypt_with_object_and_js_u8_array(&gcm(&iv).ok()?, &key, &sealed).ok()?;
    Some(Uint8Array::new(&JsFuture::from(opened).await.ok()?).to_vec())
}

fn gcm(iv: &Uint8Array) -> Result<Object, JsValue> {
    object([("name", "AES-GCM".into()), ("iv", iv.into())])
}

fn object<const N: usize>(members: [(&str, JsValue); N]) -> Result<Object, JsValue> {
    let object = Object::new();
    for (name, value) in members {
        Reflect::set(&object, &name.into(), &value)?;
    }
    Ok(object)
}
