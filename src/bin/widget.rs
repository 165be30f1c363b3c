//! The chat of `<waxwing-chat>`: mounts one conversation into an element, as often as asked for.
//!
//! `widget.js` loads this once for a page and calls `waxwing_mount` for each element that is opened.
// What exports a function to scripts writes unsafe code around it, which nobody here does by hand.
#![allow(unsafe_code)]

#[cfg(target_arch = "wasm32")]
fn main() {
    // A release knows neither; widget.js tells when it stopped.
    #[cfg(debug_assertions)]
    std::panic::set_hook(Box::new(|panic| {
        // The place and not the message, which may quote what somebody wrote.
        if let Some(place) = panic.location() {
            web_sys::console::error_1(&format!("Waxwing stopped at {place}").into());
        }
    }));
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    println!("This is a part of a page. `make run` builds it and serves it.");
}

#[cfg(target_arch = "wasm32")]
mod widget {
    use std::cell::RefCell;
    use std::rc::Rc;

    use js_sys::Function;
    use leptos::mount::UnmountHandle;
    use leptos::tachys::view::Mountable;
    use wasm_bindgen::JsValue;
    use wasm_bindgen::closure::Closure;
    use wasm_bindgen::prelude::wasm_bindgen;
    use waxwing::clock::Now;
    use waxwing::engine::command::Password;
    use waxwing::engine::{Engine, Input, Output, Settings};
    use waxwing::jid::BareJid;
    use waxwing::platform::discovery::Reach;
    use waxwing::platform::driver::{Core, Driver};
    use waxwing::platform::embed::{Asked, tell, text};
    use waxwing::platform::surroundings::{self, Sight};
    use waxwing::platform::unicode::BrowserUnicode;
    use waxwing::platform::{random, upload};
    use waxwing::ui::client::Client;
    use waxwing::ui::widget::{Ask, Desk, Entry, Setup, Told, Widget, With};
    use web_sys::HtmlElement;

    /// An engine that keeps nothing on this device.
    struct Forgetful(Engine);

    impl Core for Forgetful {
        const KEEPS: bool = false;

        fn handle(&mut self, now: Now, input: Input) {
            self.0.handle(now, input);
        }

        fn poll(&mut self) -> Option<Output> {
            self.0.poll()
        }
    }

    /// One open element.
    struct Open<M: Mountable> {
        client: Client,
        widget: Widget,
        driver: Driver<Forgetful>,
        in_sight: std::cell::Cell<bool>,
        _sight: Sight,
        _view: UnmountHandle<M>,
    }

    /// Shows the conversation that `options` ask for inside an element. `hears` is called with the name of what
    /// happened and an object about it. Answers a function that takes the name of a wish and a value for it: `sight`
    /// (whether the element can be seen), `focus`, `send` (a text), `token` (an object with `address` and `token`), `end`.
    ///
    /// # Errors
    /// The stable name of what is wrong with the options.
    #[wasm_bindgen]
    pub fn waxwing_mount(root: HtmlElement, options: JsValue, hears: Function) -> Result<JsValue, JsValue> {
        let setup = setup(&Asked::read(&options))?;
        let entropy = random::bytes().ok_or("no-randomness")?;
        let client = Client::new(Rc::new(BrowserUnicode));
        let mut engine = Engine::new(Settings::default(), entropy);
        engine.visits_desks();
        let core = Forgetful(engine);
        let driver = Driver::run(core, Reach::Anywhere, Box::new(move |changes| client.apply(changes)));
        let engine = driver.clone();
        client.connect_engine(Rc::new(move |command| engine.command(command)));
        client.connect_uploads(Rc::new(upload::put));
        let (widget, view) = Widget::mount(root, client, setup, move |told| pass_on(&hears, told));
        let open = Rc::new(RefCell::new(None::<Open<_>>));
        let seen = Rc::downgrade(&open);
        let sight = Sight::watch(move || {
            if let Some(open) = seen.upgrade() {
                open.borrow().iter().for_each(Open::look);
            }
        });
        open.replace(Some(Open { client, widget, driver, in_sight: false.into(), _sight: sight, _view: view }));
        let wish = move |what: String, value: JsValue| -> JsValue {
            if what == "end" {
                let ended = open.take();
                if let Some(Open { client, widget, driver, _view: view, .. }) = ended {
                    widget.end();
                    drop(view);
                    client.end();
                    drop(driver);
                }
                return JsValue::UNDEFINED;
            }
            let open = open.borrow();
            let Some(open) = open.as_ref() else { return JsValue::UNDEFINED };
            match what.as_str() {
                "sight" => {
                    open.in_sight.set(value.is_truthy());
                    open.look();
                }
                "focus" => return open.widget.focus().into(),
                "send" => open.widget.send(value.as_string().unwrap_or_default()),
                "token" => {
                    let address = text(&value, "address").and_then(|text| read(&text));
                    if let Some((address, token)) = address.zip(text(&value, "token")) {
                        open.widget.set_token(address, Password(token));
                    }
                }
                _ => {}
            }
            JsValue::UNDEFINED
        };
        Ok(Closure::<dyn Fn(String, JsValue) -> JsValue>::new(wish).into_js_value())
    }

    impl<M: Mountable> Open<M> {
        /// Tells everybody whether this can be seen.
        fn look(&self) {
            let in_sight = self.in_sight.get();
            self.widget.set_in_sight(in_sight);
            self.driver.input(Input::Visible(in_sight && surroundings::is_visible()));
        }
    }

    fn read(address: &str) -> Option<BareJid> {
        BareJid::prepare(address, &BrowserUnicode).ok()
    }

    fn setup(asked: &Asked) -> Result<Setup, &'static str> {
        let with = match (&asked.peer, &asked.room, &asked.desk) {
            (Some(peer), None, None) => With::Person(read(peer).ok_or("bad-peer")?),
            (None, Some(room), None) => With::Room(read(room).ok_or("bad-room")?),
            (None, None, Some(desk)) => {
                let addresses: Option<Vec<BareJid>> = desk.split_whitespace().map(read).collect();
                let addresses = addresses.ok_or("bad-desk")?;
                let first = addresses.first().cloned().ok_or("bad-desk")?;
                let rooms = asked.rooms.as_deref().and_then(read);
                let asks = Ask::read(asked.ask.as_deref());
                With::Desk(
                    first,
                    Rc::new(Desk { addresses, rooms, asks, away: asked.away, label: asked.label.clone() }),
                )
            }
            _ => return Err("no-peer"),
        };
        let entry = match asked.auth.as_deref() {
            None | Some("anonymous") => Entry::Guest(asked.domain.as_deref().and_then(read).ok_or("bad-domain")?),
            Some("token") => {
                let address = asked.address.as_deref().and_then(read);
                Entry::Token(address.zip(asked.token.clone().map(Password)))
            }
            Some("login") if asked.framed => Entry::Form(asked.domain.clone()),
            Some(_) => return Err("needs-frame"),
        };
        Ok(Setup {
            with,
            entry,
            nickname: asked.nickname.clone(),
            service: asked.service.clone(),
            picture_hosts: Vec::new(),
            place: asked.place.clone(),
        })
    }

    fn pass_on(hears: &Function, told: Told) {
        match told {
            Told::Ready => tell(hears, "ready", &[]),
            Told::Message { own, nick, text } => {
                let direction = if own { "out" } else { "in" };
                tell(
                    hears,
                    "message",
                    &[("direction", direction.into()), ("nickname", nick.into()), ("text", text.into())],
                );
            }
            Told::Unread(count) => tell(hears, "unread", &[("count", count.into())]),
            Told::Connection(state) => tell(hears, "connection", &[("state", state.into())]),
            Told::Trouble { code, words } => tell(hears, "error", &[("code", code.into()), ("message", words.into())]),
        }
    }
}
