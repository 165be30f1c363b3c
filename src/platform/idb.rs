//! IndexedDB as futures. A database is opened for each use and closed after it, so that no page blocks another.

use js_sys::Promise;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbObjectStore, IdbRequest, IdbTransaction, IdbTransactionMode};

const DATABASE: &str = "waxwing";
const VERSION: u32 = 1;

/// The store of what is kept for the next visit.
pub const VAULT: &str = "vault";

/// An open database; closed when dropped.
pub struct Database(IdbDatabase);

impl Database {
    /// Opens the database; it is made at the first time.
    pub async fn open() -> Result<Self, JsValue> {
        let factory = web_sys::window().ok_or(JsValue::UNDEFINED)?.indexed_db()?.ok_or(JsValue::UNDEFINED)?;
        let request = factory.open_with_u32(DATABASE, VERSION)?;
        let opening = request.clone();
        let upgrade = Closure::once(move || {
            if let Ok(database) = opening.result() {
                let _ = database.unchecked_into::<IdbDatabase>().create_object_store(VAULT);
            }
        });
        request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
        let database = answer(&request).await?;
        Ok(Self(database.dyn_into()?))
    }

    /// Reads one record; undefined, if there is none.
    pub async fn get(&self, store: &str, key: &str) -> Result<JsValue, JsValue> {
        let request = self.0.transaction_with_str(store)?.object_store(store)?.get(&key.into())?;
        answer(&request).await
    }

    /// Changes a store, and waits until the change is kept.
    pub async fn change(
        &self,
        store: &str,
        change: impl FnOnce(&IdbObjectStore) -> Result<IdbRequest, JsValue>,
    ) -> Result<(), JsValue> {
        let transaction = self.0.transaction_with_str_and_mode(store, IdbTransactionMode::Readwrite)?;
        change(&transaction.object_store(store)?)?;
        complete(&transaction).await
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.0.close();
    }
}

async fn answer(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let answered = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    JsFuture::from(answered).await?;
    request.result()
}

async fn complete(transaction: &IdbTransaction) -> Result<(), JsValue> {
    let completed = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    });
    JsFuture::from(completed).await.map(drop)
}
