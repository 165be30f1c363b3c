use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::engine::{HostMeta, Link};
use waxwing::platform::discovery::{Reach, host_meta, is_loopback, links};

#[wasm_bindgen_test]
fn links_are_read() {
    let found = links(
        r#"{"links": [{"rel": "urn:xmpp:alt-connections:websocket", "href": "wss://example.org/ws"},
                      {"rel": 1, "href": "x"}, null, "x", {"href": "y"}, {"rel": "a", "href": "b", "more": {}}]}"#,
    );
    let link = |rel: &str, href: &str| Link { rel: rel.to_owned(), href: href.to_owned() };
    assert_eq!(found, [link("urn:xmpp:alt-connections:websocket", "wss://example.org/ws"), link("a", "b")]);
}

#[wasm_bindgen_test]
fn what_is_no_document_has_no_links() {
    for text in ["", "null", "[]", "{}", r#"{"links": {}}"#, r#"{"links": "x"}"#, "<XRD/>"] {
        assert_eq!(links(text), []);
    }
    let flood = format!(r#"{{"links": [{}{{"rel": "a", "href": "b"}}]}}"#, r#"{"rel": "a", "href": "b"},"#.repeat(999));
    assert!(links(&flood).len() < 100);
}

#[wasm_bindgen_test]
fn loopback_is_told_from_what_looks_like_it() {
    assert!(["localhost", "a.localhost", "127.0.0.1", "[::1]"].into_iter().all(is_loopback));
    assert!(
        !["localhost.example.org", "xlocalhost", "example.org", "127.0.0.1.example.org", ""]
            .into_iter()
            .any(is_loopback)
    );
}

#[wasm_bindgen_test]
async fn what_cannot_be_had_is_empty() {
    let own = web_sys::window().unwrap().location().hostname().unwrap();
    assert_eq!(host_meta(&own, Reach::OwnOrigin).await, HostMeta::default(), "the server of the tests has none");
    assert_eq!(host_meta("a.localhost", Reach::Anywhere).await, HostMeta::default(), "nobody listens there");
    assert_eq!(host_meta("no such host", Reach::Anywhere).await, HostMeta::default());
}

#[wasm_bindgen_test]
async fn nothing_is_asked_of_others_where_that_is_forbidden() {
    let performance = web_sys::window().unwrap().performance().unwrap();
    performance.clear_resource_timings();
    assert_eq!(host_meta("elsewhere.localhost", Reach::OwnOrigin).await, HostMeta::default());
    let asked = performance.get_entries_by_type("resource");
    assert!(!asked.iter().any(|entry| js_sys::JSON::stringify(&entry).unwrap().includes("elsewhere", 0)));
}
