use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{console_log, wasm_bindgen_test};
use waxwing::engine::Input;
use waxwing::engine::effect::{Record, StoreFault, Table, Write};
use waxwing::platform::store::Store;

use crate::page::{hide_cryptography, until};

#[wasm_bindgen(module = "/tests/web_platform/store.js")]
extern "C" {
    fn names() -> Promise;
    #[wasm_bindgen(js_name = nameOf)]
    fn name_of(account: &str) -> Promise;
    #[wasm_bindgen(js_name = deleteAll)]
    fn delete_all() -> Promise;
    fn erase(name: &str) -> Promise;
    #[wasm_bindgen(js_name = makeEmpty)]
    fn make_empty(name: &str) -> Promise;
    fn raw(name: &str, table: &str, key: &JsValue) -> Promise;
    #[wasm_bindgen(js_name = putRaw)]
    fn put_raw(name: &str, table: &str, key: &JsValue, value: &JsValue) -> Promise;
    #[wasm_bindgen(js_name = deleteRaw)]
    fn delete_raw(name: &str, table: &str, key: &JsValue) -> Promise;
    fn count(name: &str, table: &str) -> Promise;
    fn everything(name: &str) -> Promise;
    fn keeps(key: &JsValue) -> Promise;
    fn watch() -> JsValue;
    fn fill(after: u32) -> Function;
    fn replace(object: &JsValue, name: &str, value: &JsValue) -> Function;
    fn hurry() -> Function;
    fn silence() -> Function;
    fn hold(name: &str) -> Promise;
    #[wasm_bindgen(js_name = countPersist)]
    fn count_persist() -> JsValue;
}

const ACCOUNT: &str = "jürgen@example.org";

/// A page with a store, and what it was told.
struct Page {
    store: Store,
    told: Rc<RefCell<Vec<Input>>>,
    number: RefCell<u64>,
}

impl Page {
    fn new() -> Self {
        let told: Rc<RefCell<Vec<Input>>> = Rc::default();
        let into = told.clone();
        Self { store: Store::new(move |input| into.borrow_mut().push(input)), told, number: RefCell::new(0) }
    }

    async fn opened() -> Self {
        let page = Self::new();
        assert!(page.open().await.is_ok());
        page
    }

    async fn answer(&self) -> Input {
        until("an answer", || !self.told.borrow().is_empty()).await;
        self.told.borrow_mut().remove(0)
    }

    async fn open(&self) -> Result<Vec<Record>, StoreFault> {
        self.store.open(ACCOUNT.parse().unwrap());
        match self.answer().await {
            Input::StoreOpened(Ok(mut records)) => {
                records.sort_by_key(|record| (record.table as u8, record.id));
                Ok(records)
            }
            Input::StoreOpened(fault) => fault,
            other => panic!("{other:?}"),
        }
    }

    async fn save(&self, writes: Vec<Write>) -> Result<(), StoreFault> {
        let number = self.number.replace_with(|number| *number + 1);
        self.store.save(number, false, writes);
        match self.answer().await {
            Input::Saved { number: answered } if answered == number => Ok(()),
            Input::SaveFailed { number: answered, fault } if answered == number => Err(fault),
            other => panic!("{other:?}"),
        }
    }

    async fn load(&self, ids: &[u64]) -> Vec<Record> {
        let wanted = self.number.replace_with(|number| *number + 1);
        self.store.load(wanted, ids.to_vec());
        match self.answer().await {
            Input::Loaded { request, chunks } if request == wanted => chunks,
            other => panic!("{other:?}"),
        }
    }

    /// Deletes the databases; told when that is done, since a wish follows it.
    async fn forget(self) {
        self.store.forget();
        assert_eq!(self.load(&[]).await, []);
        assert_eq!(databases().await, 0);
    }
}

fn record(table: Table, id: u64, bytes: &str) -> Record {
    Record { table, id, bytes: bytes.as_bytes().to_vec() }
}

fn put(table: Table, id: u64, bytes: &str) -> Write {
    Write::Put(record(table, id, bytes))
}

async fn done(promise: Promise) -> JsValue {
    JsFuture::from(promise).await.unwrap()
}

async fn clean() {
    done(delete_all()).await;
}

async fn database() -> String {
    done(name_of(ACCOUNT)).await.as_string().unwrap()
}

async fn databases() -> u32 {
    done(names()).await.unchecked_into::<Array>().length()
}

async fn rows(table: &str) -> f64 {
    done(count(&database().await, table)).await.as_f64().unwrap()
}

fn member(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}

fn call(undo: &JsValue) -> JsValue {
    undo.unchecked_ref::<Function>().call0(&JsValue::UNDEFINED).unwrap()
}

#[wasm_bindgen_test]
async fn what_was_saved_is_there_at_the_next_visit() {
    clean().await;
    let page = Page::new();
    assert_eq!(page.open().await, Ok(vec![]));
    let writes = vec![
        put(Table::Meta, 0, "the stream"),
        put(Table::Outbox, 7, "first"),
        put(Table::Outbox, 7, "second"),
        put(Table::Outbox, 8, "unsaid"),
        Write::Delete { table: Table::Outbox, id: 8 },
        Write::Delete { table: Table::Outbox, id: 99 },
        put(Table::Contacts, 1, ""),
        put(Table::Conversations, (1 << 53) - 1, "größe"),
        put(Table::Chunks, 1, "one"),
        put(Table::Chunks, 2, "two"),
    ];
    assert_eq!(page.save(writes).await, Ok(()));
    assert_eq!(page.save(vec![]).await, Ok(()));
    let chunks = [record(Table::Chunks, 2, "two"), record(Table::Chunks, 1, "one")];
    assert_eq!(page.load(&[2, 3, 1]).await, chunks, "the missing one is left out");
    drop(page);

    let page = Page::new();
    let expected = vec![
        record(Table::Meta, 0, "the stream"),
        record(Table::Outbox, 7, "second"),
        record(Table::Contacts, 1, ""),
        record(Table::Conversations, (1 << 53) - 1, "größe"),
    ];
    assert_eq!(page.open().await, Ok(expected.clone()));
    assert_eq!(page.load(&[2, 1]).await, chunks);
    assert_eq!(page.open().await, Ok(expected), "opened once more by the same page");
    assert_eq!(page.save(vec![put(Table::Outbox, 9, "third")]).await, Ok(()));
    assert_eq!(databases().await, 1);
    page.forget().await;
}

#[wasm_bindgen_test]
async fn saves_are_done_in_order_each_told_when_it_is_complete() {
    clean().await;
    let watched = watch();
    let seen: Rc<RefCell<Vec<(u64, f64)>>> = Rc::default();
    let (into, watching) = (seen.clone(), watched.clone());
    let store = Store::new(move |input| match input {
        Input::Saved { number } => {
            into.borrow_mut().push((number, member(&watching, "completed").as_f64().unwrap()));
        }
        Input::StoreOpened(Ok(_)) => {}
        other => panic!("{other:?}"),
    });
    store.open(ACCOUNT.parse().unwrap());
    for number in 1..=20 {
        let row = put(Table::Meta, 0, &number.to_string());
        let last = if number % 2 == 0 { put(Table::Chunks, number, "x") } else { put(Table::Outbox, number, "x") };
        store.save(number, number % 2 == 1, vec![row, last]);
    }
    until("the saves", || seen.borrow().len() == 20).await;
    call(&member(&watched, "end"));
    // Opening is the first transaction; that of a save is complete when the save is told, and no later one is begun.
    let expected: Vec<(u64, f64)> = (1..=20).map(|number| (number, number as f64 + 1.0)).collect();
    assert_eq!(*seen.borrow(), expected);
    let begun: Array = member(&watched, "begun").unchecked_into();
    let begun: Vec<String> = begun.iter().skip(1).map(|one| one.as_string().unwrap()).collect();
    assert_eq!(begun.iter().filter(|one| *one == "base meta outbox strict").count(), 10);
    assert_eq!(begun.iter().filter(|one| *one == "base chunks meta relaxed").count(), 10);
    assert_eq!(begun[0], "base meta outbox strict");

    let page = Page::new();
    let records = page.open().await.unwrap();
    assert_eq!(records.len(), 11);
    assert!(records.contains(&record(Table::Meta, 0, "20")));
    page.forget().await;
}

#[wasm_bindgen_test]
async fn nothing_can_be_read_in_the_database() {
    clean().await;
    let page = Page::opened().await;
    let secret = "the secret of example.org";
    for table in [Table::Meta, Table::Outbox, Table::Contacts, Table::Conversations, Table::Chunks] {
        let twice = vec![put(table, 1, secret), put(table, 2, secret)];
        assert_eq!(page.save(twice).await, Ok(()));
    }
    let name = database().await;
    let text = done(everything(&name)).await.as_string().unwrap();
    assert!(text.contains("sealed") && text.contains("conversations"), "all of it was looked through");
    for word in ["secret", "example", "rgen", "EXTRACTABLE"] {
        assert!(!text.contains(word), "{word}");
    }
    let key = done(raw(&name, "base", &"key".into())).await;
    assert!(done(keeps(&key)).await.is_truthy());

    let (mut vectors, mut sealed) = (Vec::new(), Vec::new());
    for table in ["meta", "outbox", "contacts", "conversations", "chunks"] {
        for id in [1, 2] {
            let record = done(raw(&name, table, &id.into())).await;
            vectors.push(Uint8Array::new(&member(&record, "iv")).to_vec());
            sealed.push(Uint8Array::new(&member(&record, "sealed")).to_vec());
        }
    }
    assert!(vectors.iter().all(|vector| vector.len() == 12));
    vectors.sort();
    vectors.dedup();
    sealed.sort();
    sealed.dedup();
    assert_eq!((vectors.len(), sealed.len()), (10, 10));
    page.forget().await;
}

#[wasm_bindgen_test]
async fn what_does_not_open_is_set_aside_and_the_rest_is_read() {
    clean().await;
    let page = Page::opened().await;
    let name = database().await;
    let kept = record(Table::Contacts, 5, "untouched");
    let first = vec![
        Write::Put(kept.clone()),
        put(Table::Meta, 1, "one"),
        put(Table::Meta, 2, "two"),
        put(Table::Outbox, 1, "three"),
        put(Table::Outbox, 2, "changed"),
        put(Table::Chunks, 1, "chunk one"),
        put(Table::Chunks, 2, "chunk two"),
        put(Table::Chunks, 3, "chunk three"),
    ];
    assert_eq!(page.save(first).await, Ok(()));

    // Two records in each other's place, one in another table, one under a number that is none.
    let (one, two) = (done(raw(&name, "meta", &1.into())).await, done(raw(&name, "meta", &2.into())).await);
    done(put_raw(&name, "meta", &1.into(), &two)).await;
    done(put_raw(&name, "meta", &2.into(), &one)).await;
    done(put_raw(&name, "conversations", &1.into(), &one)).await;
    done(put_raw(&name, "meta", &1.5.into(), &one)).await;
    done(put_raw(&name, "meta", &"one".into(), &one)).await;
    // One whose bytes were changed, and others that never were records.
    let changed = done(raw(&name, "outbox", &2.into())).await;
    Uint8Array::new(&member(&changed, "sealed")).set_index(3, 0);
    Uint8Array::new(&member(&changed, "sealed")).set_index(4, 0);
    Uint8Array::new(&member(&changed, "sealed")).set_index(5, 0);
    done(put_raw(&name, "outbox", &2.into(), &changed)).await;
    done(put_raw(&name, "outbox", &3.into(), &JsValue::NULL)).await;
    done(put_raw(&name, "outbox", &4.into(), &"text".into())).await;
    done(put_raw(&name, "outbox", &5.into(), &js_sys::Object::new())).await;
    // Two chunks in each other's place.
    let (a, b) = (done(raw(&name, "chunks", &1.into())).await, done(raw(&name, "chunks", &2.into())).await);
    done(put_raw(&name, "chunks", &1.into(), &b)).await;
    done(put_raw(&name, "chunks", &2.into(), &a)).await;

    assert_eq!(page.load(&[1, 2, 3]).await, [record(Table::Chunks, 3, "chunk three")]);
    assert_eq!((rows("chunks").await, rows("aside").await), (1.0, 2.0));

    let expected = vec![record(Table::Outbox, 1, "three"), kept];
    assert_eq!(page.open().await, Ok(expected.clone()));
    assert_eq!((rows("meta").await, rows("conversations").await, rows("outbox").await), (0.0, 0.0, 1.0));
    assert_eq!(rows("aside").await, 11.0);
    let aside = done(raw(&name, "aside", &Array::of2(&"outbox".into(), &2.into()))).await;
    assert_eq!(Uint8Array::new(&member(&aside, "sealed")).length(), 7 + 16, "moved as it was");
    assert_eq!(page.open().await, Ok(expected), "and so at the next visit");
    assert_eq!(page.save(vec![put(Table::Meta, 1, "anew")]).await, Ok(()));
    page.forget().await;
}

#[wasm_bindgen_test]
async fn without_its_key_a_store_begins_anew() {
    clean().await;
    let name = database().await;
    for key in [None, Some(JsValue::NULL), Some("key".into()), Some(js_sys::Object::new().into())] {
        let page = Page::opened().await;
        assert_eq!(page.save(vec![put(Table::Meta, 1, "lost"), put(Table::Chunks, 1, "lost")]).await, Ok(()));
        match key {
            Some(key) => done(put_raw(&name, "base", &"key".into(), &key)).await,
            None => done(delete_raw(&name, "base", &"key".into())).await,
        };
        let next = Page::new();
        assert_eq!(next.open().await, Ok(vec![]));
        assert_eq!((rows("meta").await, rows("chunks").await, rows("aside").await), (0.0, 0.0, 0.0));
        assert_eq!(page.save(vec![put(Table::Meta, 1, "late")]).await, Err(StoreFault::Deposed));
        assert_eq!(next.save(vec![put(Table::Meta, 1, "new")]).await, Ok(()));
        assert_eq!(next.open().await, Ok(vec![record(Table::Meta, 1, "new")]));
        next.forget().await;
    }
    // An epoch that is none is no obstacle either, and is not carried on.
    for epoch in [JsValue::NULL, f64::NAN.into(), f64::INFINITY.into(), (-1).into(), "text".into(), 1e300.into()] {
        let page = Page::opened().await;
        done(put_raw(&name, "base", &"epoch".into(), &epoch)).await;
        assert_eq!(page.save(vec![]).await, Err(StoreFault::Deposed));
        assert_eq!(page.open().await, Ok(vec![]));
        assert_eq!(page.save(vec![]).await, Ok(()));
        page.forget().await;
    }
}

#[wasm_bindgen_test]
async fn of_two_pages_only_the_later_one_writes() {
    clean().await;
    let first = Page::opened().await;
    assert_eq!(first.save(vec![put(Table::Outbox, 1, "first")]).await, Ok(()));
    let second = Page::new();
    assert_eq!(second.open().await, Ok(vec![record(Table::Outbox, 1, "first")]));
    let late = vec![put(Table::Outbox, 2, "late"), Write::Delete { table: Table::Outbox, id: 1 }];
    assert_eq!(first.save(late.clone()).await, Err(StoreFault::Deposed));
    assert_eq!(first.save(late).await, Err(StoreFault::Deposed), "and that is so for good");
    assert_eq!(first.load(&[1]).await, []);
    assert_eq!(second.save(vec![put(Table::Outbox, 3, "second")]).await, Ok(()));
    let expected = vec![record(Table::Outbox, 1, "first"), record(Table::Outbox, 3, "second")];
    assert_eq!(first.open().await, Ok(expected), "it may take over again");
    assert_eq!(second.save(vec![]).await, Err(StoreFault::Deposed));
    first.forget().await;
}

#[wasm_bindgen_test]
async fn forgetting_deletes_every_store_after_what_was_saved_before() {
    clean().await;
    let page = Page::opened().await;
    done(make_empty("waxwing-of-another-account")).await;
    done(make_empty("of-another-program")).await;
    page.store.save(1, true, vec![put(Table::Meta, 1, "before")]);
    page.store.forget();
    page.store.save(2, true, vec![put(Table::Meta, 1, "after")]);
    assert_eq!(page.answer().await, Input::Saved { number: 1 });
    assert_eq!(page.answer().await, Input::SaveFailed { number: 2, fault: StoreFault::Unavailable });
    assert_eq!(databases().await, 0);
    let others = Array::from(&done(js_databases()).await);
    assert!(others.iter().any(|one| member(&one, "name") == "of-another-program"));
    done(erase("of-another-program")).await;
    assert_eq!(page.open().await, Ok(vec![]), "as new");

    // A page that opened nothing deletes as well, and the one that has it open lets go and cannot bring it back.
    Page::new().forget().await;
    assert_eq!(page.save(vec![put(Table::Meta, 1, "late")]).await, Err(StoreFault::Unavailable));
    assert_eq!(page.load(&[1]).await, []);
    assert_eq!(databases().await, 0);

    // Where a browser does not tell what there is, at least the store opened last.
    let undo = replace(&factory_prototype(), "databases", &JsValue::UNDEFINED);
    assert_eq!(page.open().await, Ok(vec![]));
    page.store.forget();
    assert_eq!(page.load(&[]).await, []);
    call(&undo);
    assert_eq!(databases().await, 0);
}

#[wasm_bindgen_test]
async fn a_page_that_does_not_let_go_delays_forgetting_but_nothing_can_be_opened_any_more() {
    clean().await;
    let page = Page::opened().await;
    assert_eq!(page.save(vec![put(Table::Meta, 1, "secret")]).await, Ok(()));
    let held = done(hold(&database().await)).await;
    let rows = |table: &str| -> Promise {
        let rows: Function = member(&held, "rows").unchecked_into();
        rows.call1(&held, &table.into()).unwrap().unchecked_into()
    };
    assert_eq!(done(rows("base")).await, 2);
    let undo = hurry();
    page.store.forget();
    assert_eq!(page.load(&[]).await, [], "it does not wait for ever");
    // What is opened now comes after the deletion, which is too late for it; it must not be left open.
    assert_eq!(page.open().await, Err(StoreFault::Unavailable));
    call(&undo);
    assert_eq!((done(rows("meta")).await, done(rows("base")).await), (1.into(), 0.into()), "the key is gone");
    call(&member(&held, "release"));
    assert_eq!(page.open().await, Ok(vec![]));
    page.forget().await;
}

#[wasm_bindgen_test]
async fn where_nothing_can_be_kept_that_is_said() {
    clean().await;
    let page = Page::new();
    let window = web_sys::window().unwrap();
    assert_eq!(page.save(vec![]).await, Err(StoreFault::Unavailable), "before it is opened");

    let undo = replace(&window, "indexedDB", &JsValue::UNDEFINED);
    assert_eq!(page.open().await, Err(StoreFault::Unavailable));
    assert_eq!(page.save(vec![put(Table::Meta, 1, "x")]).await, Err(StoreFault::Unavailable));
    assert_eq!(page.load(&[1]).await, []);
    page.store.forget();
    assert_eq!(page.load(&[1]).await, []);
    call(&undo);

    hide_cryptography(true);
    let insecure = page.open().await;
    hide_cryptography(false);
    assert_eq!(insecure, Err(StoreFault::Unavailable));
    assert_eq!(databases().await, 0);

    let refuse = Function::new_no_args("throw new DOMException('private', 'InvalidStateError')");
    let undo = replace(&factory_prototype(), "open", &refuse);
    assert_eq!(page.open().await, Err(StoreFault::Unavailable));
    call(&undo);

    let (undo, calm) = (silence(), hurry());
    assert_eq!(page.open().await, Err(StoreFault::Unavailable), "no answer at all");
    call(&undo);
    call(&calm);

    // A key cannot be kept everywhere.
    let undo = fill(0);
    assert_eq!(page.open().await, Err(StoreFault::Unavailable));
    call(&undo);
    assert_eq!(page.open().await, Ok(vec![]));
    page.forget().await;
}

#[wasm_bindgen_test]
async fn a_full_store_says_so_and_keeps_what_it_has() {
    clean().await;
    let page = Page::opened().await;
    assert_eq!(page.save(vec![put(Table::Meta, 1, "old")]).await, Ok(()));
    let room = fill(1);
    let both = vec![put(Table::Meta, 1, "new"), put(Table::Outbox, 1, "too much")];
    assert_eq!(page.save(both).await, Err(StoreFault::Full));
    assert_eq!(page.save(vec![Write::Delete { table: Table::Chunks, id: 1 }]).await, Ok(()), "deleting makes room");
    call(&room);
    assert_eq!(page.open().await, Ok(vec![record(Table::Meta, 1, "old")]), "neither of both");
    assert_eq!(page.save(vec![put(Table::Meta, 1, "new")]).await, Ok(()));
    page.forget().await;
}

#[wasm_bindgen_test]
async fn a_connection_that_the_browser_closed_is_opened_again() {
    clean().await;
    let page = Page::opened().await;
    let watched = watch();
    assert_eq!(page.save(vec![put(Table::Chunks, 1, "one")]).await, Ok(()));
    let close = || member(&watched, "database").unchecked_into::<web_sys::IdbDatabase>().close();
    close();
    assert_eq!(page.load(&[1]).await, [record(Table::Chunks, 1, "one")]);
    close();
    assert_eq!(page.save(vec![put(Table::Chunks, 2, "two")]).await, Ok(()));
    // While it was closed another page came.
    close();
    let other = Page::opened().await;
    assert_eq!(page.save(vec![put(Table::Chunks, 3, "three")]).await, Err(StoreFault::Deposed));
    call(&member(&watched, "end"));
    other.forget().await;
}

#[wasm_bindgen_test]
async fn the_browser_is_asked_once_to_keep_it() {
    clean().await;
    let counted = count_persist();
    let page = Page::opened().await;
    assert_eq!(page.open().await, Ok(vec![]), "without waiting for the answer");
    call(&member(&counted, "end"));
    assert_eq!(member(&counted, "times"), 1);
    page.forget().await;
}

#[wasm_bindgen_test]
async fn much_is_read_and_written_quickly() {
    clean().await;
    let page = Page::opened().await;
    let chunk = "x".repeat(20_000);
    let start = js_sys::Date::now();
    for part in 0..20 {
        let writes = (0..10).map(|row| put(Table::Chunks, part * 10 + row, &chunk)).collect();
        assert_eq!(page.save(writes).await, Ok(()));
    }
    let saved = js_sys::Date::now();
    let ids: Vec<u64> = (0..200).collect();
    let chunks = page.load(&ids).await;
    let loaded = js_sys::Date::now();
    assert!(chunks.len() == 200 && chunks.iter().all(|record| record.bytes.len() == 20_000));

    let rows = (0..5_000).map(|id| put(Table::Contacts, id, "somebody@example.org and more of it")).collect();
    assert_eq!(page.save(rows).await, Ok(()));
    let small = js_sys::Date::now();
    assert_eq!(page.open().await.unwrap().len(), 5_000);
    let end = js_sys::Date::now();
    let times = [saved - start, loaded - saved, small - loaded, end - small];
    console_log!("ms: 20 saves of 10 x 20 KB, loading them, a save of 5,000 rows, opening with them: {times:?}");
    assert!(times[0] + times[1] < 2_000.0 && times[2] < 3_000.0 && times[3] < 2_000.0, "{times:?}");
    page.forget().await;
}

fn factory_prototype() -> JsValue {
    member(&member(&js_sys::global(), "IDBFactory"), "prototype")
}

fn js_databases() -> Promise {
    let factory = member(&js_sys::global(), "indexedDB");
    member(&factory, "databases").unchecked_into::<Function>().call0(&factory).unwrap().unchecked_into()
}
