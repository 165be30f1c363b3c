//! The layer rule of `ARCHITECTURE.md`, and the few other rules about source text that no compiler knows.
//!
//! The files are read as text, not compiled, so that the browser's part is held to the rules by the same quick
//! native test as the rest. Each check has a sample that breaks it: a check that cannot fail holds nothing.

#[path = "layers/rules.rs"]
mod rules;
#[path = "layers/source.rs"]
mod source;

use std::fs;
use std::path::{Path, PathBuf};

use rules::Rules;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every Rust file below a folder, with its path relative to `src` and its text.
fn files(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
            found.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn the_source_keeps_its_rules() {
    let mut found = Vec::new();
    files(&root(), &mut found);
    found.sort();
    assert!(found.len() > 20, "the source was not found");
    let rules = Rules::new(&found);
    let broken: Vec<String> = found.iter().flat_map(|(path, text)| rules.check(path, text)).collect();
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

/// Rules that know two features, `roster` and `carbons`, and a test file that is named by an attribute only.
fn sample_rules() -> Rules {
    let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    Rules::new(&[
        file("features/mod.rs", "pub mod roster; pub mod carbons;"),
        file("features/roster.rs", ""),
        file("features/carbons.rs", ""),
        file("engine/mod.rs", "#[cfg(test)]\nmod scenes;"),
    ])
}

#[test]
fn a_broken_rule_is_seen() {
    for (path, text, complaint) in [
        ("domain/chat.rs", "use crate::wire::xml::Element;", "domain may not know wire"),
        ("domain/chat.rs", "use crate::{jid::Jid, wire::{ns, xml}};", "domain may not know wire"),
        ("domain/chat.rs", "use super::super::wire::ns;", "domain may not know wire"),
        ("domain/chat.rs", "fn f() { crate::wire::time::parse(\"\"); }", "domain may not know wire"),
        ("domain/mod.rs", "use super::wire::ns;", "domain may not know wire"),
        ("domain/chat.rs", "mod inner { use super::super::super::wire::ns; }", "domain may not know wire"),
        ("domain/chat.rs", "use crate::*;", "whole crate"),
        ("domain/chat.rs", "use quick_xml::Reader;", "only wire may know quick_xml"),
        ("engine/mod.rs", "fn f() { quick_xml::Reader::from_str(\"\"); }", "only wire may know quick_xml"),
        ("jid.rs", "use crate::wire::ns;", "jid may not know wire"),
        ("wire/stanza.rs", "use crate::session::sm;", "wire may not know session"),
        ("session/mod.rs", "use crate::domain::contact::Contact;", "session may not know domain"),
        ("session/mod.rs", "use crate::engine;", "session may not know engine"),
        ("features/roster.rs", "use crate::session;", "features may not know session"),
        ("features/roster.rs", "use crate::engine::change::Change;", "features may not know engine"),
        ("features/roster.rs", "use crate::features::carbons::Carbons;", "roster may not know the feature carbons"),
        ("features/roster.rs", "use super::carbons::Carbons;", "roster may not know the feature carbons"),
        ("features/roster/push.rs", "use super::super::carbons;", "roster may not know the feature carbons"),
        ("engine/mod.rs", "use crate::present::window;", "engine may not know present"),
        ("engine/mod.rs", "use crate::platform::socket;", "engine may not know platform"),
        ("present/window.rs", "use crate::engine::change::Change;", "present may not know engine"),
        ("platform/socket.rs", "use crate::wire::xml;", "platform may not know wire"),
        ("platform/socket.rs", "use crate::session::sm;", "platform may not know session"),
        ("ui/chat/row.rs", "use crate::wire::ns;", "ui may not know wire"),
        ("ui/chat/row.rs", "use crate::session;", "ui may not know session"),
        ("ui/chat/row.rs", "use crate::features::roster;", "ui may not know features"),
        ("ui/chat/row.rs", "use crate::platform::clock;", "ui may not know platform"),
        ("main.rs", "use waxwing::wire::xml;", "main may not know wire"),
        ("bin/widget.rs", "fn main() { waxwing::features::roster::f() }", "bin may not know features"),
        ("engine/mod.rs", "use std::sync::Arc;", "Arc"),
        ("engine/mod.rs", "static A: std::sync::Mutex<u8> = x;", "Mutex"),
        ("engine/mod.rs", "struct A(std::sync::RwLock<u8>);", "RwLock"),
        ("engine/mod.rs", "async fn f() {}", "async"),
        ("session/mod.rs", "fn f() { std::time::Instant::now(); }", "Instant"),
        ("session/mod.rs", "fn f() { std::time::SystemTime::now(); }", "SystemTime"),
        ("session/mod.rs", "use std::time::Instant as Watch;", "Instant"),
        ("features/roster.rs", "fn f() { js_sys::Math::random(); }", "random"),
        ("features/roster.rs", "fn f() { log::info!(\"{body}\"); }", "log"),
        ("features/roster.rs", "fn f() { eprintln!(\"{body}\"); }", "eprintln"),
        ("features/roster.rs", "const N: &str = \"jabber:iq:roster\";", "namespace"),
        ("engine/mod.rs", "const N: &str = r#\"urn:xmpp:ping\"#;", "namespace"),
        ("ui/chat/row.rs", "const N: &str = \"http://jabber.org/protocol/muc\";", "namespace"),
        ("present/long.rs", &"\n".repeat(500), "500 lines"),
        ("wire/xml/tests.rs", &"\n".repeat(500), "500 lines"),
        // What follows a test is no test any more.
        ("engine/mod.rs", "#[cfg(test)] mod tests { fn f() {} } use std::sync::Arc;", "Arc"),
        ("engine/mod.rs", "fn f<'a>(x: &'a str) -> char { '\"' } use std::sync::Arc;", "Arc"),
    ] {
        let broken = sample_rules().check(path, text);
        assert!(
            !broken.is_empty() && broken.iter().all(|one| one.contains(complaint)),
            "{path}: {text}\nwanted: {complaint}\nfound: {broken:?}"
        );
    }
}

#[test]
fn what_is_allowed_is_left_alone() {
    for (path, text) in [
        ("wire/stanza.rs", "use super::ns; use crate::jid::Jid; use crate::condition::Condition;"),
        ("session/mod.rs", "use crate::wire::xml; use crate::domain::problem::Problem; use crate::clock::Now;"),
        ("session/mod.rs", "use crate::domain::{problem::Problem};"),
        ("features/mod.rs", "use self::roster::Roster; use crate::features::carbons::Carbons; mod roster;"),
        ("features/roster.rs", "use super::Feature; use crate::{domain::contact, wire::ns}; use super::Context;"),
        ("features/roster/push.rs", "use super::Item; use crate::features::roster::Roster; use super::super::Feature;"),
        ("engine/effect.rs", "use crate::session::scram::Hash; use crate::wire::xml; use super::command;"),
        ("engine/mod.rs", "use crate::features::roster; use crate::domain::contact;"),
        ("platform/crypto.rs", "use crate::session::scram::Hash; use crate::engine::effect::Effect; use log::info;"),
        ("ui/client.rs", "use crate::platform::driver; use crate::engine::mirror::Mirror; async fn f() {}"),
        ("ui/app.rs", "use super::client::Client; use crate::present::names; use crate::condition::Condition;"),
        ("main.rs", "use waxwing::{platform, ui::app}; fn main() { waxwing::ui::app::run() }"),
        ("wire/ns.rs", "const A: &str = \"jabber:client\";"),
        // Words in comments, texts, tests and files of tests say nothing about the code.
        (
            "domain/chat.rs",
            "//! See [`crate::wire`].\n/* crate::wire /* Arc */ */ const A: &str = \"crate::wire::x Arc\";",
        ),
        ("domain/chat.rs", "const A: char = '\"'; const B: &str = r#\"a\"b crate::wire::x\"#; fn f<'a>(_: &'a u8) {}"),
        (
            "engine/mod.rs",
            "#[cfg(test)]\nmod tests { use super::*; const A: &str = \"jabber:client\"; fn f(_: Arc<u8>) {} }",
        ),
        ("engine/mod.rs", "#[cfg(test)] mod scenes;"),
        ("engine/scenes.rs", "const A: &str = \"jabber:client\"; fn f() { Instant::now(); }"),
        ("wire/xml/tests.rs", "const A: &str = \"jabber:client\";"),
        ("wire/log.rs", "fn f(log: u8) { let now = log; }"),
    ] {
        let broken = sample_rules().check(path, text);
        assert!(broken.is_empty(), "{path}: {text}\n{broken:?}");
    }
}
