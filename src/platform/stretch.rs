//! Stretching a password (PBKDF2), by the browser where it can, else by ourselves.

use std::hint::black_box;

use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use pbkdf2::pbkdf2_hmac;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

use crate::engine::command::Password;
use crate::session::scram::Hash;

/// The stretched password, as long as the hash. The password is overwritten where it can be.
pub async fn stretch(hash: Hash, password: Password, salt: &[u8], iterations: u32) -> Vec<u8> {
    let mut password = password.0.into_bytes();
    let stretched = match by_browser(hash, &password, salt, iterations).await {
        Some(stretched) => stretched,
        None => {
            breathe().await;
            by_ourselves(hash, &password, salt, iterations)
        }
    };
    password.fill(0);
    black_box(&password);
    stretched
}

/// The browser's cryptography; none on a page that came over an insecure connection.
pub fn subtle() -> Option<SubtleCrypto> {
    let subtle = web_sys::window()?.crypto().ok()?.subtle();
    (!subtle.is_undefined()).then_some(subtle)
}

/// Ten times faster than ours, and off the page's thread.
async fn by_browser(hash: Hash, password: &[u8], salt: &[u8], iterations: u32) -> Option<Vec<u8>> {
    let subtle = subtle()?;
    let (name, bits) = match hash {
        Hash::Sha1 => ("SHA-1", 160),
        Hash::Sha256 => ("SHA-256", 256),
        Hash::Sha512 => ("SHA-512", 512),
    };
    let secret = Uint8Array::from(password);
    let import = subtle.import_key_with_str("raw", &secret, "PBKDF2", false, &Array::of1(&"deriveBits".into())).ok();
    // The browser took its copy during the call.
    secret.fill(0, 0, secret.length());
    let key: CryptoKey = JsFuture::from(import?).await.ok()?.dyn_into().ok()?;
    let parameters = Object::new();
    for (name, value) in [
        ("name", JsValue::from("PBKDF2")),
        ("hash", name.into()),
        ("salt", Uint8Array::from(salt).into()),
        ("iterations", iterations.into()),
    ] {
        Reflect::set(&parameters, &name.into(), &value).ok()?;
    }
    let derived = JsFuture::from(subtle.derive_bits_with_object(&parameters, &key, bits).ok()?).await.ok()?;
    Some(Uint8Array::new(&derived).to_vec())
}

/// The same in Rust: blocks the page for as long as it takes.
pub fn by_ourselves(hash: Hash, password: &[u8], salt: &[u8], iterations: u32) -> Vec<u8> {
    let mut stretched = match hash {
        Hash::Sha1 => vec![0; 20],
        Hash::Sha256 => vec![0; 32],
        Hash::Sha512 => vec![0; 64],
    };
    match hash {
        Hash::Sha1 => pbkdf2_hmac::<sha1::Sha1>(password, salt, iterations, &mut stretched),
        Hash::Sha256 => pbkdf2_hmac::<sha2::Sha256>(password, salt, iterations, &mut stretched),
        Hash::Sha512 => pbkdf2_hmac::<sha2::Sha512>(password, salt, iterations, &mut stretched),
    }
    stretched
}

/// Lets the page show that something is going on.
async fn breathe() {
    let pause = Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            let _ = window.set_timeout_with_callback(&resolve);
        }
    });
    let _ = JsFuture::from(pause).await;
}
