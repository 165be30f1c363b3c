use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::platform::config::{self, Config};
use waxwing::platform::discovery::Reach;

#[wasm_bindgen_test]
fn every_key_is_read() {
    let config = config::parse(
        r#"{"domain": " example.org ", "service": "wss://xmpp.example.org/ws", "guest": true, "brand": "Nest",
            "allow_plain": true, "discovery": false, "registration": false,
            "guest_domain": "guests.example.org", "something": "else"}"#,
    );
    assert_eq!(config.problem, None);
    assert_eq!(config.settings.domain.as_deref(), Some("example.org"));
    assert_eq!(config.settings.service.as_deref(), Some("wss://xmpp.example.org/ws"));
    assert!(config.settings.allow_plain && config.guest && !config.registration);
    assert_eq!(config.brand.as_deref(), Some("Nest"));
    assert_eq!(config.guest_domain.as_deref(), Some("guests.example.org"));
    assert_eq!(config.reach, Reach::OwnOrigin);
}

#[wasm_bindgen_test]
fn the_documented_example_is_read_as_a_whole() {
    let page = include_str!("../../docs/config.md");
    let example = page.split("```json").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let config = config::parse(example);
    assert_eq!((config.problem.as_deref(), config.brand.as_deref()), (None, Some("Example Chat")));
    assert_eq!((config.picture_hosts.len(), config.guest), (1, true));
}

#[wasm_bindgen_test]
fn hosts_of_pictures_are_hosts_and_nothing_more() {
    let config = config::parse(r#"{"pictures": ["Up.Example.org", "files.example"]}"#);
    assert_eq!((config.picture_hosts, config.problem), (vec!["up.example.org".into(), "files.example".into()], None));
    for odd in [
        "\"up.example\"",
        "[7]",
        "[\"https://up.example\"]",
        "[\"up.example:80\"]",
        "[\"a@up.example\"]",
        "[\"*\", \"\"]",
    ] {
        let config = config::parse(&format!("{{\"pictures\": {odd}}}"));
        assert!(config.problem.is_some_and(|problem| problem.contains("\"pictures\"")), "{odd}");
        assert!(config.picture_hosts.is_empty(), "{odd}");
    }
}

#[wasm_bindgen_test]
fn an_empty_object_means_the_defaults() {
    assert_eq!(config::parse("{}"), Config::default());
    assert_eq!(config::parse(r#"{"domain": null, "service": "", "brand": "  "}"#), Config::default());
    assert!(!Config::default().settings.allow_plain && Config::default().registration);
    assert_eq!(Config::default().reach, Reach::Anywhere);
}

#[wasm_bindgen_test]
fn what_is_no_object_means_the_defaults_and_is_told() {
    for text in ["", "{", "[]", "null", "1", "\"{}\"", "<html>", "{\"domain\": }"] {
        let config = config::parse(text);
        assert!(config.problem.as_deref().is_some_and(|problem| problem.contains("config.json")), "{text}");
        assert_eq!(Config { problem: None, ..config }, Config::default(), "{text}");
    }
}

#[wasm_bindgen_test]
fn a_value_of_the_wrong_kind_is_told_and_the_rest_is_kept() {
    let config = config::parse(r#"{"domain": 7, "guest": "yes", "brand": "Nest"}"#);
    assert!(config.problem.unwrap().contains("\"domain\""));
    assert_eq!(config.brand.as_deref(), Some("Nest"));
    assert!(!config.guest);
}

#[wasm_bindgen_test]
fn a_service_that_others_can_listen_to_is_refused() {
    for safe in
        ["wss://example.org/ws", "ws://localhost:5280/ws", "ws://127.0.0.1/", "ws://a.localhost/", "ws://[::1]:1/"]
    {
        let config = config::parse(&format!(r#"{{"service": "{safe}"}}"#));
        assert_eq!((config.settings.service.as_deref(), config.problem), (Some(safe), None));
    }
    for unsafe_one in [
        "ws://example.org/",
        "https://example.org/",
        "javascript:alert(1)",
        "ws://localhost.example.org/",
        "example.org",
    ] {
        let config = config::parse(&format!(r#"{{"service": "{unsafe_one}"}}"#));
        assert_eq!(config.settings.service, None, "{unsafe_one}");
        assert!(config.problem.unwrap().contains("wss://"));
    }
}

#[wasm_bindgen_test]
async fn a_missing_file_means_the_defaults_and_is_told() {
    let config = config::load().await;
    assert!(config.problem.as_deref().is_some_and(|problem| problem.contains("config.json")));
    assert_eq!(Config { problem: None, ..config }, Config::default());
}
