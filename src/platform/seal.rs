//! Seals what is kept on this device, so that a copy of the profile's files says nothing, and nothing but this
//! browser can open it: AES-GCM under a key that no script can read, only use.

use js_sys::{Array, ArrayBuffer, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::CryptoKey;

use super::fetch::member;
use super::random;
use super::stretch::subtle;

/// Where a record belongs: opened for any other place, it does not open. `None` is a place of its own.
pub type Place = Option<(u8, u64)>;

/// A key for this browser alone.
pub async fn new_key() -> Result<CryptoKey, JsValue> {
    let subtle = subtle().ok_or(JsValue::UNDEFINED)?;
    let algorithm = object([("name", "AES-GCM".into()), ("length", 256.into())])?;
    let uses = Array::of2(&"encrypt".into(), &"decrypt".into());
    JsFuture::from(subtle.generate_key_with_object(&algorithm, false, &uses)?).await?.dyn_into()
}

/// What was read where a key should be, if it is one.
pub fn key(value: JsValue) -> Option<CryptoKey> {
    let key: CryptoKey = value.dyn_into().ok()?;
    (member(&member(&key, "algorithm"), "name") == "AES-GCM").then_some(key)
}

/// Seals contents, all at once; each becomes an object of its own vector and of what is sealed.
pub async fn seal(key: &CryptoKey, contents: &[(Place, &[u8])]) -> Result<Vec<Object>, JsValue> {
    let subtle = subtle().ok_or(JsValue::UNDEFINED)?;
    let (mut records, sealing) = (Vec::new(), Array::new());
    for (place, content) in contents {
        let iv = Uint8Array::from(random::bytes::<12>().ok_or(JsValue::UNDEFINED)?.as_slice());
        sealing.push(&subtle.encrypt_with_object_and_u8_array(&gcm(&iv, *place)?, key, content)?.into());
        records.push(object([("iv", iv.into())])?);
    }
    for (record, sealed) in records.iter().zip(settled(&sealing).await?.iter()) {
        let sealed: ArrayBuffer = member(&sealed, "value").dyn_into()?;
        Reflect::set(record, &"sealed".into(), &sealed)?;
    }
    Ok(records)
}

/// Opens what [`seal`] made, all at once; `None` for what does not open, whatever it is. Without the browser's
/// cryptography nothing can be said about any of it.
pub async fn unseal(key: &CryptoKey, records: &[(Place, JsValue)]) -> Vec<Option<Vec<u8>>> {
    let Some(subtle) = subtle() else { return Vec::new() };
    let begin = |place: Place, record: &JsValue| {
        let iv: Uint8Array = member(record, "iv").dyn_into().ok()?;
        let sealed: ArrayBuffer = member(record, "sealed").dyn_into().ok()?;
        let sealed = Uint8Array::new(&sealed);
        subtle.decrypt_with_object_and_js_u8_array(&gcm(&iv, place).ok()?, key, &sealed).ok()
    };
    let opening: Array =
        records.iter().map(|(place, record)| begin(*place, record).map_or(JsValue::UNDEFINED, JsValue::from)).collect();
    let opened = settled(&opening).await.unwrap_or_default();
    let opened = opened.iter().map(|one| member(&one, "value").dyn_into::<ArrayBuffer>().ok());
    opened.map(|content| content.map(|content| Uint8Array::new(&content).to_vec())).collect()
}

/// Waits for all of some promises. None of them is left alone with its failure, which a browser would report.
async fn settled(promises: &Array) -> Result<Array, JsValue> {
    JsFuture::from(Promise::all_settled(promises)).await?.dyn_into()
}

fn gcm(iv: &Uint8Array, place: Place) -> Result<Object, JsValue> {
    let algorithm = object([("name", "AES-GCM".into()), ("iv", iv.into())])?;
    if let Some((table, id)) = place {
        let bound = Uint8Array::new_with_length(9);
        bound.set_index(0, table);
        bound.subarray(1, 9).copy_from(&id.to_le_bytes());
        Reflect::set(&algorithm, &"additionalData".into(), &bound)?;
    }
    Ok(algorithm)
}

/// A JavaScript object with these members.
pub fn object<const N: usize>(members: [(&str, JsValue); N]) -> Result<Object, JsValue> {
    let object = Object::new();
    for (name, value) in members {
        Reflect::set(&object, &name.into(), &value)?;
    }
    Ok(object)
}
