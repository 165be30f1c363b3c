//! The interface on fixture data, without a server: for screenshots, for measuring how fast it paints, and for trying
//! a change of style. `tests/web/gallery.sh` builds it. Nothing of it is in the shipped page.
//!
//! The query chooses the scene: `?scene=login`, `?scene=reconnecting`, `?scene=failed`, `?scene=empty`,
//! `?contacts=10000`, `?messages=10000`, `?request`, `?open=<address>`, `?me`.

#[cfg(not(target_arch = "wasm32"))]
fn main() {}

#[cfg(target_arch = "wasm32")]
fn main() {
    gallery::start();
}

#[cfg(target_arch = "wasm32")]
#[path = "../tests/web/fixture.rs"]
mod fixture;

#[cfg(target_arch = "wasm32")]
mod gallery {
    use std::rc::Rc;

    use waxwing::clock::Instant;
    use waxwing::domain::account::Connection;
    use waxwing::domain::problem::{Problem, Reason};
    use waxwing::engine::change::{Change, Notice};
    use waxwing::ui::app::mount;
    use waxwing::ui::config::PageConfig;

    use crate::fixture;

    pub fn start() {
        let query = web_sys::window().and_then(|window| window.location().search().ok()).unwrap_or_default();
        let value = |name: &str| {
            let start = format!("{name}=");
            query.trim_start_matches('?').split('&').find_map(|part| part.strip_prefix(&start).map(str::to_owned))
        };
        let count = |name: &str| value(name).and_then(|text| text.parse::<u32>().ok());
        let has = |name: &str| query.trim_start_matches('?').split('&').any(|part| part == name);
        let client = fixture::client();
        let scene = value("scene").unwrap_or_default();
        if scene == "login" {
            client.apply(vec![Change::Connection(Connection::Offline)]);
        } else {
            client.apply(fixture::signed_in());
        }
        if scene != "empty" && scene != "login" {
            client.apply(match count("contacts") {
                Some(number) => vec![fixture::many_contacts(number)],
                None => fixture::people(),
            });
            client.apply(fixture::conversations());
        }
        if let Some(number) = count("messages") {
            client.apply(fixture::many_messages(&fixture::jid("grace@bench.test"), number));
        }
        if has("request") {
            client.apply(vec![fixture::request()]);
        }
        let now = web_sys::window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now());
        let connection = match scene.as_str() {
            "reconnecting" => Connection::Reconnecting {
                retry_at: Some(Instant(now as u64 + 12_000)),
                problem: Problem::new(Reason::Lost),
            },
            "failed" => Connection::Failed(Problem::new(Reason::SignInAgain)),
            "wrong" => Connection::Failed(Problem::new(Reason::WrongPassword)),
            _ => Connection::Online,
        };
        if scene == "wrong" {
            client.apply(vec![Change::Account(None), Change::Connection(connection)]);
        } else if scene != "login" {
            client.apply(vec![Change::Connection(connection)]);
        }
        mount(client, PageConfig::default());
        if has("toast") {
            client.apply(vec![Change::Notice(Notice::Accepted(fixture::jid("alan@bench.test")))]);
        }
        let _ = Rc::new(());
    }
}
