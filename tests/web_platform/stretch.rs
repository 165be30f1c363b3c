use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::engine::command::Password;
use waxwing::platform::stretch::{by_ourselves, stretch};
use waxwing::session::scram::Hash;

use crate::page::hide_cryptography;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[wasm_bindgen_test]
async fn published_vectors_come_out() {
    // RFC 6070 §2, RFC 7914 §11 (its first half).
    for (hash, password, salt, iterations, wanted) in [
        (Hash::Sha1, "password", "salt", 1, "0c60c80f961f0e71f3a9b524af6012062fe037a6"),
        (Hash::Sha1, "password", "salt", 4096, "4b007901b765489abead49d926f721d065a429c1"),
        (Hash::Sha256, "passwd", "salt", 1, "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"),
    ] {
        let stretched = stretch(hash, Password(password.into()), salt.as_bytes(), iterations).await;
        assert_eq!(hex(&stretched), wanted);
    }
}

#[wasm_bindgen_test]
async fn the_browser_and_we_agree() {
    for hash in [Hash::Sha1, Hash::Sha256, Hash::Sha512] {
        for password in ["", "secret", "pässword\u{1f426}"] {
            let browser = stretch(hash, Password(password.into()), b"a\0salt", 4096).await;
            assert_eq!(hex(&browser), hex(&by_ourselves(hash, password.as_bytes(), b"a\0salt", 4096)));
        }
    }
}

#[wasm_bindgen_test]
async fn an_insecure_page_stretches_all_the_same() {
    hide_cryptography(true);
    let stretched = stretch(Hash::Sha1, Password("password".into()), b"salt", 1).await;
    hide_cryptography(false);
    assert_eq!(hex(&stretched), "0c60c80f961f0e71f3a9b524af6012062fe037a6");
}
