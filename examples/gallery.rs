//! The interface on fixture data, without a server: for screenshots, for measuring how fast it paints, and for trying
//! a change of style. `tests/web/gallery.sh` builds it. Nothing of it is in the shipped page.
//!
//! The query chooses the scene: `?scene=login`, `?scene=connecting`, `?scene=reconnecting`, `?scene=offline`,
//! `?scene=failed`, `?scene=empty`, `?contacts=10000`, `?messages=10000`, `?request`, `?toast`, `?draft`, `?storage`,
//! `?arranged`.
//! `?talk=states`, `?talk=held`, `?talk=gaps`, `?talk=files`, `?talk=rich` and
//! `?talk=around` say what stands in the conversation with Grace. `?desk` adds the visitors of a support desk, `?rooms` adds group
//! chats, `?people=6000` puts so many into one, `?room=reading`, `?room=password`, `?room=removed`, `?room=owner` and
//! `?room=private` say how the user stands in it. With `?bench` the title of the page tells how
//! long 10,000 contacts and a burst of 1,000 presences take, layout included.

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
#[path = "../tests/web/desk_fixture.rs"]
mod desk_fixture;
#[cfg(target_arch = "wasm32")]
#[path = "../tests/web/room_fixture.rs"]
mod room_fixture;

#[cfg(target_arch = "wasm32")]
mod gallery {
    use std::rc::Rc;

    use waxwing::clock::Instant;
    use waxwing::domain::account::Connection;
    use waxwing::domain::problem::{Problem, Reason};
    use waxwing::domain::room::Affiliation;
    use waxwing::domain::upload::{Progress, Slot, Trouble};
    use waxwing::engine::change::{Change, Notice, Storage};
    use waxwing::engine::command::Command;
    use waxwing::engine::rooms::RoomOrder;
    use waxwing::ui::app::mount;
    use waxwing::ui::client::Client;
    use waxwing::ui::config::PageConfig;

    use crate::{desk_fixture, fixture, room_fixture};

    /// Milliseconds until changes are shown, the effects run and the layout done.
    async fn shown(client: Client, changes: Vec<Change>) -> f64 {
        let window = web_sys::window().expect("a page");
        let clock = window.performance().expect("a clock");
        let begin = clock.now();
        client.apply(changes);
        // The effects run in a microtask that was queued before this one.
        let _ = wasm_bindgen_futures::JsFuture::from(js_sys::Promise::resolve(&wasm_bindgen::JsValue::NULL)).await;
        let body = window.document().and_then(|document| document.body()).expect("a body");
        let _ = body.get_bounding_client_rect();
        clock.now() - begin
    }

    /// Files that are sent get a place, and stop on their way there; those with "no" in their name are refused.
    fn send_slowly(client: Client) {
        client.connect_engine(Rc::new(move |command| {
            if let Command::AskSlot { id, wanted } = command {
                let put = wanted.name.contains("no").then(String::new).unwrap_or_else(|| "https://up.test/".into());
                client.apply(vec![Change::Slot(id, Ok(Slot { put, headers: vec![], get: String::new() }))]);
            }
        }));
        client.connect_uploads(Rc::new(|slot, _, told| {
            told(match &*slot.put {
                "" => Progress::Failed(Trouble::Status(403)),
                _ => Progress::Part(420),
            });
            Box::new(|| ())
        }));
    }

    /// Questions about group chats are answered at once.
    fn answer_rooms(client: Client) {
        client.connect_engine(Rc::new(move |command| {
            let Command::Room(order) = command else { return };
            client.apply(match order {
                RoomOrder::Find { number, .. } => vec![room_fixture::found(number, true)],
                RoomOrder::Configure(_) => vec![room_fixture::form()],
                RoomOrder::ListMembers { affiliation: Affiliation::Member, .. } => vec![room_fixture::members()],
                _ => Vec::new(),
            });
        }));
    }

    async fn bench(client: Client) {
        let document = web_sys::window().and_then(|window| window.document()).expect("a page");
        let tab = document.query_selector("[data-testid=tab-contacts]").ok().flatten().expect("a tab");
        wasm_bindgen::JsCast::unchecked_ref::<web_sys::HtmlElement>(&tab).click();
        let contacts = shown(client, vec![fixture::many_contacts(10_000)]).await;
        let mut bursts: Vec<f64> = Vec::new();
        for round in 1..=9 {
            bursts.push(shown(client, fixture::presence_burst(1_000, round)).await);
        }
        bursts.sort_by(f64::total_cmp);
        let messages = fixture::many_messages(&fixture::jid("grace@bench.test"), 10_000);
        let messages = shown(client, messages).await;
        let burst = bursts.get(4).copied().unwrap_or_default();
        document.set_title(&format!(
            "10000 contacts {contacts:.1} ms, 1000 presences {burst:.1} ms, 10000 messages {messages:.1} ms"
        ));
    }

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
        let grace = fixture::jid("grace@bench.test");
        if let Some(talk) = value("talk") {
            client.apply(fixture::without(&grace));
            client.apply(match talk.as_str() {
                "held" => fixture::held(&grace),
                "gaps" => fixture::gaps(&grace),
                "rich" => fixture::rich(&grace),
                "around" => fixture::around(&grace),
                "files" => fixture::files(&grace),
                _ => fixture::states(&grace),
            });
        }
        if has("draft") {
            let draft = |peer, text: &str| Command::SetDraft { peer: fixture::jid(peer), text: text.into() };
            client.send(draft("alan@bench.test", "I saw it this morning and think that"));
            client.send(draft("grace@bench.test", "Shall we meet\nat the station?"));
        }
        if has("storage") {
            client.apply(vec![Change::Storage(Storage::Refused)]);
        }
        if let Some(number) = count("messages") {
            client.apply(fixture::many_messages(&fixture::jid("grace@bench.test"), number));
        }
        if has("arranged") {
            client.apply(fixture::arranged_conversations());
            client.apply(vec![fixture::grace_in_detail()]);
        }
        if has("desk") {
            client.apply(desk_fixture::busy());
        }
        if has("rooms") {
            client.apply(room_fixture::all());
            client.apply(room_fixture::others());
            let picture = include_bytes!("../public/icons/waxwing-192.png");
            client.apply(vec![room_fixture::shows(picture), room_fixture::face(picture)]);
            let standing = value("room").and_then(|standing| room_fixture::standing(&standing));
            client.apply(standing.into_iter().collect());
            if value("room").as_deref() == Some("private") {
                client.apply(room_fixture::private());
            }
            answer_rooms(client);
        }
        if let Some(number) = count("people") {
            client.apply(vec![room_fixture::many_people(number.into())]);
        }
        if has("invited") {
            client.apply(vec![room_fixture::invitations(vec![room_fixture::invitation()])]);
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
            "connecting" => Connection::Connecting,
            "offline" => Connection::Reconnecting { retry_at: None, problem: Problem::new(Reason::Lost) },
            "failed" => Connection::Failed(Problem::new(Reason::SignInAgain)),
            "wrong" => Connection::Failed(Problem::new(Reason::WrongPassword)),
            _ => Connection::Online,
        };
        if scene == "wrong" {
            client.apply(vec![Change::Account(None), Change::Connection(connection)]);
        } else if scene != "login" {
            client.apply(vec![Change::Connection(connection)]);
        }
        if value("talk").as_deref() == Some("files") {
            send_slowly(client);
        }
        let here = web_sys::window().and_then(|window| window.location().hostname().ok());
        mount(client, PageConfig { picture_hosts: here.into_iter().collect(), ..PageConfig::default() });
        if has("toast") {
            client.apply(vec![Change::Notice(Notice::Accepted(fixture::jid("alan@bench.test")))]);
        }
        if has("bench") {
            wasm_bindgen_futures::spawn_local(bench(client));
        }
    }
}
