//! What the page tells the engine of the user's place: since when nobody has touched any page, and the clock's zone.

use std::cell::Cell;
use std::rc::Rc;

use super::client::Client;
use super::parts::browser::{every, keep, kept, listen, offset};
use super::parts::live::watch;
use crate::clock::Timestamp;
use crate::domain::account::Connection;
use crate::engine::command::Command;

/// Milliseconds without a touch after which the user counts as away.
const AWAY: f64 = 300_000.0;
/// A touch is noted for the other pages only so often, in milliseconds.
const NOTED: f64 = 20_000.0;
/// The name under which the last touch is noted.
const TOUCHED: &str = "touched";

/// Follows what the user does on this page until the current owner goes.
pub(crate) fn follow(client: Client) {
    let page = client.page();
    let touched = Rc::new(Cell::new(0.0));
    let noted = Cell::new(0.0);
    let told = Rc::new(Cell::new(None));
    let tell = move |told: &Cell<Option<Timestamp>>, since: Option<Timestamp>| {
        if told.replace(since) != since {
            client.send(Command::Idle(since));
        }
    };
    let touch = {
        let (touched, told) = (touched.clone(), told.clone());
        Rc::new(move || {
            let now = js_sys::Date::now();
            touched.set(now);
            if now - noted.get() > NOTED {
                noted.set(now);
                keep(TOUCHED, &(now as u64).to_string());
            }
            tell(&told, None);
        })
    };
    touch();
    if let Some(window) = web_sys::window() {
        for event in ["pointerdown", "pointermove", "keydown", "wheel", "focus"] {
            let touch = touch.clone();
            listen(&window, event, move |_| touch());
        }
    }
    let known = told.clone();
    let look = move || {
        // Another page of this browser may have been touched since.
        let elsewhere = kept(TOUCHED).and_then(|text| text.parse::<u64>().ok()).map_or(0.0, |at| at as f64);
        let latest = touched.get().max(elsewhere);
        let away = js_sys::Date::now() - latest > AWAY && page.tells_idle.get_untracked();
        tell(&known, away.then_some(Timestamp(latest as i64)));
    };
    every(30_000, look.clone());
    watch(move || {
        page.tells_idle.track();
        look();
    });
    watch(move || {
        let tells = page.tells_time.get();
        // An engine that is new knows nothing of it.
        if matches!(client.connection(), Connection::Online) {
            told.set(None);
            client.send(Command::TellTime(tells.then(offset)));
        }
    });
}
