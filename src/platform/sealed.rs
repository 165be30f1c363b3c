//! An account's database: everything in it is sealed, and only one page writes.
//!
//! In it are a table for each [`Table`], the key of the seal with the epoch, and what was set aside because it could
//! not be opened. Who opens the database begins a new epoch, and every write is done only in the epoch of its
//! writer: of two pages that both believe to be the one at work, only the later one writes.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CryptoKey, IdbTransaction};

use super::fetch::member;
use super::idb::{Database, Use, answer, complete, timely};
use super::seal;
use crate::engine::effect::{Record, StoreFault, Table, Write};

/// The table of what the store itself needs.
const BASE: &str = "base";
/// The table of what could not be opened.
const ASIDE: &str = "aside";
/// In [`BASE`].
const KEY: &str = "key";
/// In [`BASE`].
const EPOCH: &str = "epoch";

const STORES: &[&str] = &[BASE, ASIDE, "meta", "outbox", "contacts", "conversations", "chunks"];

/// What is read when the store is opened.
const READ_AT_ONCE: [Table; 4] = [Table::Meta, Table::Outbox, Table::Contacts, Table::Conversations];

/// Numbers that JavaScript counts exactly.
const EXACT: f64 = 9_007_199_254_740_992.0;

fn name(table: Table) -> &'static str {
    match table {
        Table::Meta => "meta",
        Table::Outbox => "outbox",
        Table::Contacts => "contacts",
        Table::Conversations => "conversations",
        Table::Chunks => "chunks",
    }
}

/// The database of an account.
pub struct Sealed {
    database: Database,
    key: CryptoKey,
    epoch: f64,
}

/// A record as it was read.
pub struct Found {
    table: Table,
    key: JsValue,
    value: JsValue,
}

impl Found {
    /// The number it is bound to, if it lies where it was put.
    fn id(&self) -> u64 {
        let number = self.key.as_f64().unwrap_or(EXACT);
        let id = number as u64;
        if id as f64 == number { id } else { u64::MAX }
    }
}

/// What a transaction changes: puts a value, or deletes.
pub struct Change {
    store: &'static str,
    key: JsValue,
    value: Option<JsValue>,
}

impl Sealed {
    /// Opens a database, begins an epoch and reads, all in one transaction.
    pub async fn open(name: &str) -> Result<(Self, Vec<Found>), JsValue> {
        // Made before it is known whether it is needed, since a transaction ends while a key is being made.
        let spare = seal::new_key().await?;
        let database = Database::open(name, STORES).await?;
        let transaction = database.transaction(STORES, Use::Write)?;
        let base = transaction.object_store(BASE)?;
        let key = base.get(&KEY.into())?;
        let mut reading = Vec::new();
        for table in READ_AT_ONCE {
            let store = transaction.object_store(self::name(table))?;
            reading.push((table, store.get_all_keys()?, store.get_all()?));
        }
        // Requests are answered in order: with the last one, all are.
        let epoch = timely(&base.get(&EPOCH.into())?).await?.as_f64();
        let epoch = epoch.filter(|epoch| (0.0..EXACT).contains(epoch)).unwrap_or_default() + 1.0;
        let kept = seal::key(key.result()?);
        let mut found = Vec::new();
        if kept.is_some() {
            for (table, keys, values) in reading {
                let (keys, values): (Array, Array) = (keys.result()?.dyn_into()?, values.result()?.dyn_into()?);
                found.extend(keys.iter().zip(values.iter()).map(|(key, value)| Found { table, key, value }));
            }
        }
        let begun = begin_epoch(&transaction, epoch, kept.is_none().then_some(&spare));
        complete(&transaction, begun).await?;
        Ok((Self { database, key: kept.unwrap_or(spare), epoch }, found))
    }

    /// Opens the database again, if there still is one.
    pub async fn reopen(&mut self, name: &str) -> Result<(), JsValue> {
        self.database = Database::open(name, &[]).await?;
        Ok(())
    }

    /// Reads chunks. The numbers of those that are not there are passed over.
    pub async fn read(&self, chunks: &[u64]) -> Result<Vec<Found>, JsValue> {
        let table = Table::Chunks;
        let store = self.database.transaction(&[name(table)], Use::Read)?.object_store(name(table))?;
        let mut reading = Vec::new();
        for id in chunks {
            let key = JsValue::from(*id as f64);
            reading.push((store.get(&key)?, key));
        }
        // Requests are answered in order: with the last one, all are.
        if let Some((last, _)) = reading.last() {
            answer(last).await?;
        }
        let mut found = Vec::new();
        for (request, key) in reading {
            let value = request.result()?;
            if !value.is_undefined() {
                found.push(Found { table, key, value });
            }
        }
        Ok(found)
    }

    /// Opens the seals of what was found. What does not open is moved out of the way, not deleted: it may be of use
    /// to who looks into what happened.
    pub async fn unseal(&self, found: Vec<Found>) -> Vec<Record> {
        let sealed: Vec<_> = found.iter().map(|one| (Some((one.table as u8, one.id())), one.value.clone())).collect();
        let opened = seal::unseal(&self.key, &sealed).await;
        let (mut records, mut changes) = (Vec::new(), Vec::new());
        for (one, bytes) in found.into_iter().zip(opened) {
            let Found { table, key, value } = &one;
            if let Some(bytes) = bytes {
                records.push(Record { table: *table, id: one.id(), bytes });
            } else {
                let aside = Array::of2(&name(*table).into(), key);
                changes.push(Change { store: ASIDE, key: aside.into(), value: Some(value.clone()) });
                changes.push(Change { store: name(*table), key: key.clone(), value: None });
            }
        }
        if !changes.is_empty() {
            // They are left out also if they cannot be moved.
            let _ = self.write(&changes, false).await;
        }
        records
    }

    /// Prepares writes: what is to be put is sealed.
    pub async fn seal(&self, writes: &[Write]) -> Result<Vec<Change>, JsValue> {
        let mut contents = Vec::new();
        for write in writes {
            if let Write::Put(Record { table, id, bytes }) = write {
                contents.push((Some((*table as u8, *id)), bytes.as_slice()));
            }
        }
        let mut sealed = seal::seal(&self.key, &contents).await?.into_iter();
        let change = |write: &Write| {
            let (table, id, value) = match write {
                Write::Put(record) => (record.table, record.id, sealed.next().map(JsValue::from)),
                Write::Delete { table, id } => (*table, *id, None),
            };
            Change { store: name(table), key: (id as f64).into(), value }
        };
        Ok(writes.iter().map(change).collect())
    }

    /// Makes these changes, all or none, if this is still the epoch of this writer.
    pub async fn write(&self, changes: &[Change], strict: bool) -> Result<(), StoreFault> {
        let mut stores = vec![BASE];
        for change in changes {
            if !stores.contains(&change.store) {
                stores.push(change.store);
            }
        }
        let how = if strict { Use::WriteStrictly } else { Use::Write };
        match self.try_to_write(&stores, how, changes).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(StoreFault::Deposed),
            Err(error) if member(&error, "name") == "QuotaExceededError" => Err(StoreFault::Full),
            Err(_) => Err(StoreFault::Unavailable),
        }
    }

    /// Says whether this is still the epoch of this store.
    async fn try_to_write(&self, stores: &[&str], how: Use, changes: &[Change]) -> Result<bool, JsValue> {
        let transaction = self.database.transaction(stores, how)?;
        let epoch = answer(&transaction.object_store(BASE)?.get(&EPOCH.into())?).await?;
        let ours = epoch == self.epoch;
        if ours {
            complete(&transaction, fill(&transaction, changes)).await?;
        }
        Ok(ours)
    }

    /// Erases the key, and with the epoch the right of anybody to write.
    pub async fn erase_base(&self) -> Result<(), JsValue> {
        let transaction = self.database.transaction(&[BASE], Use::Write)?;
        let erased = transaction.object_store(BASE).and_then(|base| base.clear());
        complete(&transaction, erased.map(drop)).await
    }
}

fn fill(transaction: &IdbTransaction, changes: &[Change]) -> Result<(), JsValue> {
    for Change { store, key, value } in changes {
        let store = transaction.object_store(store)?;
        match value {
            Some(value) => store.put_with_key(value, key)?,
            None => store.delete(key)?,
        };
    }
    Ok(())
}

/// With a new key, all that was sealed under another is of no use.
fn begin_epoch(transaction: &IdbTransaction, epoch: f64, new_key: Option<&CryptoKey>) -> Result<(), JsValue> {
    let base = transaction.object_store(BASE)?;
    if let Some(key) = new_key {
        for store in STORES {
            transaction.object_store(store)?.clear()?;
        }
        base.put_with_key(key, &KEY.into())?;
    }
    base.put_with_key(&epoch.into(), &EPOCH.into()).map(drop)
}
