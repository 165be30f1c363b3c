//! IndexedDB as futures.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbFactory, IdbRequest, IdbTransaction};

use super::fetch::member;
use super::seal::object;

const VERSION: u32 = 1;

/// How long an answer may take where nothing but a fault of the browser, or another page, can delay it so, in
/// milliseconds.
const LIMIT: i32 = 5_000;

/// An open database; closed when dropped.
pub struct Database(IdbDatabase);

/// How a transaction uses the stores it names.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// It reads.
    Read,
    /// It writes, and is done when the operating system has it.
    Write,
    /// It writes, and is done when a loss of power cannot take it away.
    WriteStrictly,
}

impl Database {
    /// Opens a database; where there is none it is made with these stores, or, without any, that is an error.
    pub async fn open(name: &str, stores: &'static [&'static str]) -> Result<Self, JsValue> {
        let request = factory()?.open_with_u32(name, VERSION)?;
        let making = request.clone();
        // Both closures may be called when nobody waits any more.
        let make = Closure::once_into_js(move || {
            if let Ok(database) = making.result() {
                for store in stores {
                    let _ = database.unchecked_ref::<IdbDatabase>().create_object_store(store);
                }
            }
            if let Some(transaction) = making.transaction().filter(|_| stores.is_empty()) {
                let _ = transaction.abort();
            }
        });
        request.set_onupgradeneeded(Some(make.unchecked_ref()));
        match timely(&request).await {
            Ok(database) => {
                let database: IdbDatabase = database.dyn_into()?;
                // Who wants to delete it shall not wait for this page. What is at work is still done.
                if let Ok(close) = member(&database, "close").dyn_into::<Function>() {
                    database.set_onversionchange(Some(&close.bind0(&database)));
                }
                Ok(Self(database))
            }
            Err(error) => {
                let late = request.clone();
                let close = Closure::once_into_js(move || {
                    if let Ok(database) = late.result() {
                        database.unchecked_into::<IdbDatabase>().close();
                    }
                });
                request.set_onsuccess(Some(close.unchecked_ref()));
                Err(error)
            }
        }
    }

    /// Begins a transaction. Those that write to the same stores are done one after the other.
    pub fn transaction(&self, stores: &[&str], how: Use) -> Result<IdbTransaction, JsValue> {
        let names: Array = stores.iter().map(|store| JsValue::from_str(store)).collect();
        let (mode, durability) = match how {
            Use::Read => ("readonly", "default"),
            Use::Write => ("readwrite", "relaxed"),
            Use::WriteStrictly => ("readwrite", "strict"),
        };
        // The binding with options is not among the stable ones.
        let begin: Function = member(&self.0, "transaction").dyn_into()?;
        let options = object([("durability", durability.into())])?;
        begin.call3(&self.0, &names, &mode.into(), &options)?.dyn_into()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// Deletes a database, once no page has it open; those of this program let go of it when asked to.
pub async fn delete(name: &str) -> Result<(), JsValue> {
    let request = factory()?.delete_database(name)?;
    timely(&request).await.map(drop)
}

/// The names of all databases; an error from a browser that does not tell.
pub async fn names() -> Result<Vec<String>, JsValue> {
    let factory = factory()?;
    let list: Function = member(&factory, "databases").dyn_into()?;
    let list: Promise = list.call0(&factory)?.dyn_into()?;
    let list: Array = JsFuture::from(list).await?.dyn_into()?;
    Ok(list.iter().filter_map(|database| member(&database, "name").as_string()).collect())
}

fn factory() -> Result<IdbFactory, JsValue> {
    web_sys::window().ok_or(JsValue::UNDEFINED)?.indexed_db()?.ok_or(JsValue::UNDEFINED)
}

/// The answer to a request, however long it takes.
pub async fn answer(request: &IdbRequest) -> Result<JsValue, JsValue> {
    answer_within(request, None).await
}

/// The answer to a request; an error if none comes in time.
pub async fn timely(request: &IdbRequest) -> Result<JsValue, JsValue> {
    answer_within(request, Some(LIMIT)).await
}

async fn answer_within(request: &IdbRequest, limit: Option<i32>) -> Result<JsValue, JsValue> {
    let answered = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
        if let (Some(limit), Some(window)) = (limit, web_sys::window()) {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&reject, limit);
        }
    });
    JsFuture::from(answered).await?;
    request.result()
}

/// Waits until what was put into a transaction is kept. What could not be put in entirely is not kept at all.
pub async fn complete(transaction: &IdbTransaction, filled: Result<(), JsValue>) -> Result<(), JsValue> {
    if filled.is_err() {
        let _ = transaction.abort();
        return filled;
    }
    let completed = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    });
    JsFuture::from(completed).await.map(drop).map_err(|_| member(transaction, "error"))
}
