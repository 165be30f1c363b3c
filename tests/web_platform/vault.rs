use std::cell::Cell;
use std::rc::Rc;

use js_sys::{ArrayBuffer, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::engine::effect::Remembered;
use waxwing::platform::vault::{self, Vault};
use waxwing::session::scram::{Hash, SavedKeys};

use crate::page::{hide_cryptography, pause, put_raw, raw_record, until};

fn remembered(service: Option<&str>) -> Remembered {
    Remembered {
        address: "jürgen@example.org".parse().unwrap(),
        service: service.map(str::to_owned),
        keys: SavedKeys {
            hash: Hash::Sha256,
            salt: b"salt".to_vec(),
            iterations: 4096,
            client_key: b"the client key, thirty-two bytes".to_vec(),
            server_key: b"the server key, thirty-two bytes".to_vec(),
        },
    }
}

/// A vault, and how often it failed.
fn new() -> (Vault, Rc<Cell<u32>>) {
    let failures = Rc::new(Cell::new(0));
    let count = failures.clone();
    (Vault::new(move || count.set(count.get() + 1)), failures)
}

async fn raw() -> JsValue {
    JsFuture::from(raw_record()).await.unwrap()
}

async fn kept(wanted: Option<&Remembered>) {
    for _ in 0..300 {
        if vault::load().await.as_ref() == wanted {
            return;
        }
        pause(10).await;
    }
    panic!("the vault did not settle");
}

fn sealed(record: &JsValue) -> Vec<u8> {
    let buffer: ArrayBuffer = Reflect::get(record, &"sealed".into()).unwrap().dyn_into().unwrap();
    Uint8Array::new(&buffer).to_vec()
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

// One test, because all of it shares one database and tests may run side by side.
#[wasm_bindgen_test]
async fn the_vault() {
    let (vault, failures) = new();
    vault.forget();
    kept(None).await;

    // A round trip, with and without a service.
    for wanted in [remembered(None), remembered(Some("wss://example.org/ws"))] {
        vault.keep(Box::new(wanted.clone()));
        kept(Some(&wanted)).await;
    }
    assert_eq!(failures.get(), 0);

    // What is stored says nothing to who cannot use the key, and the key cannot be taken out.
    let record = raw().await;
    let bytes = sealed(&record);
    for secret in ["the client key", "the server key", "example.org", "rgen@", "salt"] {
        assert!(!contains(&bytes, secret.as_bytes()), "{secret}");
    }
    let key = Reflect::get(&record, &"key".into()).unwrap();
    assert_eq!(Reflect::get(&key, &"extractable".into()).unwrap(), false);
    assert!(Object::keys(record.unchecked_ref::<Object>()).length() == 3);

    // A second write draws another vector.
    let iv = |record: &JsValue| Uint8Array::new(&Reflect::get(record, &"iv".into()).unwrap()).to_vec();
    vault.keep(Box::new(remembered(None)));
    kept(Some(&remembered(None))).await;
    let second = raw().await;
    assert_eq!(iv(&record).len(), 12);
    assert_ne!(iv(&record), iv(&second));

    // A record that was changed at any place is set aside, and so is anything else found in its place.
    let mut tampered: Vec<JsValue> = Vec::new();
    let end = sealed(&second).len() - 1;
    for place in [0, 40, end] {
        let mut changed = sealed(&second);
        changed.iter_mut().skip(place).take(1).for_each(|byte| *byte ^= 1);
        let copy = Object::assign(&Object::new(), second.unchecked_ref());
        Reflect::set(&copy, &"sealed".into(), &Uint8Array::from(changed.as_slice()).buffer()).unwrap();
        tampered.push(copy.into());
    }
    for (name, value) in [
        ("sealed", Uint8Array::new_with_length(0).buffer().into()),
        ("sealed", "text".into()),
        ("iv", Uint8Array::new_with_length(12).into()),
        ("iv", Uint8Array::new_with_length(0).into()),
        ("iv", JsValue::NULL),
        ("key", JsValue::UNDEFINED),
    ] {
        let copy = Object::assign(&Object::new(), second.unchecked_ref());
        Reflect::set(&copy, &name.into(), &value).unwrap();
        tampered.push(copy.into());
    }
    tampered.extend([JsValue::NULL, 7.into(), "text".into(), Object::new().into()]);
    for record in tampered {
        JsFuture::from(put_raw(&record)).await.unwrap();
        assert_eq!(vault::load().await, None);
        assert!(raw().await.is_undefined(), "set aside");
    }
    JsFuture::from(put_raw(&second)).await.unwrap();
    assert_eq!(vault::load().await, Some(remembered(None)), "the untouched record is good");

    // Forgetting is done after what was wished before it, however long that takes.
    for _ in 0..5 {
        vault.keep(Box::new(remembered(None)));
    }
    vault.forget();
    kept(None).await;
    pause(100).await;
    assert!(raw().await.is_undefined());

    // Where nothing can be sealed nothing is kept, and that is said; a record from better days survives.
    JsFuture::from(put_raw(&second)).await.unwrap();
    hide_cryptography(true);
    vault.keep(Box::new(remembered(Some("wss://example.org/ws"))));
    until("the failure", || failures.get() == 1).await;
    let unreadable = vault::load().await;
    hide_cryptography(false);
    assert_eq!(unreadable, None);
    assert_eq!(vault::load().await, Some(remembered(None)));
    vault.forget();
    kept(None).await;
}
