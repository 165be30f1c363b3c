use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::jid::{BareJid, Prepare};
use waxwing::platform::unicode::{BrowserUnicode, prepare_password};

#[wasm_bindgen_test]
fn the_browser_normalises_and_folds() {
    assert_eq!(BrowserUnicode.nfkc("ﬁ①e\u{301}"), "fi1é");
    assert_eq!(BrowserUnicode.lowercase("ÀÉΣ"), "àéς");
    assert_eq!(BrowserUnicode.lowercase("\u{130}"), "i\u{307}", "of no language");
}

#[wasm_bindgen_test]
fn an_address_is_prepared() {
    let prepared = |text: &str| BareJid::prepare(text, &BrowserUnicode).unwrap().to_string();
    assert_eq!(prepared(" JÜRGEN@Exämple.ORG "), "jürgen@exämple.org");
    assert_eq!(prepared("ju\u{308}rgen@example.org"), "jürgen@example.org");
    assert_eq!(prepared("Ｒomeo@example.org"), "romeo@example.org");
}

#[wasm_bindgen_test]
fn a_password_takes_the_form_that_servers_hash() {
    for (typed, prepared) in [
        ("secret", "secret"),
        (" Se cret ", " Se cret "),
        ("pa\u{308}ss", "päss"),
        ("a\u{a0}b\u{3000}c", "a b c"),
        ("soft\u{ad}hyphen\u{feff}\u{2060}", "softhyphen"),
        ("Ⅸ", "IX"),
        ("ª", "a"),
        ("GROSS Straße", "GROSS Straße"),
        ("\u{1f426}", "\u{1f426}"),
        ("", ""),
    ] {
        assert_eq!(prepare_password(typed), prepared);
        assert_eq!(prepare_password(prepared), prepared);
    }
}
