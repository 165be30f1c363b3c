//! A page for each test: the real form and style, a policy against markup, and ways to look, wait and act.

use std::cell::RefCell;

use js_sys::{Function, Promise};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use waxwing::domain::account::Connection;
use waxwing::domain::timeline::Direction;
use waxwing::engine::change::Change;
use waxwing::engine::command::Command;
use waxwing::ui::app::mount_in;
use waxwing::ui::client::Client;
use waxwing::ui::config::PageConfig;
use web_sys::{
    Document, DomParser, Element, Event, EventInit, HtmlElement, KeyboardEvent, KeyboardEventInit, SupportedType,
};

use crate::fixture;

const INDEX: &str = include_str!("../../index.html");
const STYLE: [&str; 12] = [
    include_str!("../../style/tokens.css"),
    include_str!("../../style/base.css"),
    include_str!("../../style/login.css"),
    include_str!("../../style/shell.css"),
    include_str!("../../style/list.css"),
    include_str!("../../style/chat.css"),
    include_str!("../../style/message.css"),
    include_str!("../../style/files.css"),
    include_str!("../../style/parts.css"),
    include_str!("../../style/text.css"),
    include_str!("../../style/rooms.css"),
    include_str!("../../style/account.css"),
];

thread_local! {
    static FORM: RefCell<Option<Element>> = const { RefCell::new(None) };
    static VIOLATIONS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

pub fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

/// The page of one test. It goes when it is dropped.
pub struct Page {
    pub client: Client,
    pub root: HtmlElement,
    pub asked: fixture::Asked,
    _mounted: Box<dyn std::any::Any>,
}

impl Page {
    /// A page on which somebody is signed in, after `changes`.
    pub fn signed_in(changes: Vec<Change>) -> Self {
        let (client, asked) = fixture::asked_client();
        client.apply(fixture::signed_in());
        client.apply(changes);
        let mut page = Self::with(client);
        page.asked = asked;
        page
    }

    /// A page that asks to sign in.
    pub fn signed_out() -> Self {
        let client = fixture::client();
        client.apply(vec![Change::Connection(Connection::Offline)]);
        Self::with(client)
    }

    pub fn with(client: Client) -> Self {
        Self::configured(client, PageConfig::default(), |_| ())
    }

    /// `before` sees the form before it is taken over.
    pub fn configured(client: Client, config: PageConfig, before: impl FnOnce(&Element)) -> Self {
        prepare();
        web_sys::window().unwrap().location().set_hash("#/").unwrap();
        let root: HtmlElement = document().create_element("div").unwrap().unchecked_into();
        root.set_attribute("style", "").unwrap();
        let style = root.style();
        for (name, value) in
            [("position", "fixed"), ("inset", "0"), ("width", "1280px"), ("height", "800px"), ("z-index", "9")]
        {
            style.set_property(name, value).unwrap();
        }
        let form = FORM.with_borrow(|form| form.as_ref().unwrap().clone_node_with_deep(true).unwrap());
        root.append_child(&form).unwrap();
        document().body().unwrap().append_child(&root).unwrap();
        before(form.unchecked_ref());
        let mounted = mount_in(root.clone(), client, config);
        Self { client, root, asked: fixture::Asked::default(), _mounted: Box::new(mounted) }
    }

    /// A page with an open conversation, after `changes`.
    pub async fn opened(peer: &str, changes: Vec<Change>) -> Self {
        let mut all = fixture::people();
        all.push(fixture::conversation(peer, 0, 1, Direction::In, "hi", 1));
        all.extend(changes);
        let page = Self::signed_in(all);
        page.see("conversation").await;
        page.choose(peer).await;
        page
    }

    /// Opens a conversation of the list.
    pub async fn choose(&self, peer: &str) {
        self.row(peer).click();
        until("open", || {
            self.find("message-list").is_some_and(|list| list.get_attribute("data-jid").as_deref() == Some(peer))
        })
        .await;
        // The field takes the focus before the next frame.
        frame().await;
    }

    /// A conversation in the list.
    pub fn row(&self, peer: &str) -> HtmlElement {
        let rows = self.all("[data-testid=conversation]");
        rows.into_iter().find(|row| row.get_attribute("data-jid").as_deref() == Some(peer)).unwrap()
    }

    /// Whether something of this kind was asked of the engine.
    pub fn was_asked(&self, is: impl Fn(&Command) -> bool) -> bool {
        self.asked.borrow().iter().any(is)
    }

    pub fn all(&self, selector: &str) -> Vec<HtmlElement> {
        let found = self.root.query_selector_all(selector).unwrap();
        (0..found.length()).map(|index| found.item(index).unwrap().unchecked_into()).collect()
    }

    pub fn find(&self, hook: &str) -> Option<HtmlElement> {
        self.all(&format!("[data-testid='{hook}']")).into_iter().next()
    }

    pub fn get(&self, hook: &str) -> HtmlElement {
        self.find(hook).unwrap_or_else(|| panic!("no {hook} on the page"))
    }

    pub async fn click(&self, hook: &str) {
        self.see(hook).await.click();
    }

    /// Waits until it is there.
    pub async fn see(&self, hook: &str) -> HtmlElement {
        until(hook, || self.find(hook).is_some()).await;
        self.get(hook)
    }

    /// Writes into a field as a person does.
    pub fn write(&self, hook: &str, text: &str) {
        let field = self.get(hook);
        js_sys::Reflect::set(&field, &"value".into(), &text.into()).unwrap();
        let init = EventInit::new();
        init.set_bubbles(true);
        field.dispatch_event(&Event::new_with_event_init_dict("input", &init).unwrap()).unwrap();
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.root.remove();
        let violations = VIOLATIONS.with_borrow_mut(std::mem::take);
        assert!(violations.is_empty(), "against the policy: {violations:?}");
    }
}

/// Clicks on a part of something.
pub fn click(whole: &HtmlElement, selector: &str) {
    whole.query_selector(selector).unwrap().unwrap().unchecked_into::<HtmlElement>().click();
}

/// Presses a key on what has the focus.
pub fn press(key: &str) -> bool {
    let init = KeyboardEventInit::new();
    init.set_key(key);
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
    document().active_element().unwrap().dispatch_event(&event).unwrap()
}

/// What has the focus.
pub fn focused() -> Option<HtmlElement> {
    document().active_element()?.dyn_into().ok()
}

pub fn value(field: &HtmlElement) -> String {
    js_sys::Reflect::get(field, &"value".into()).unwrap().as_string().unwrap()
}

/// Waits for the next painted frame.
pub async fn frame() {
    let promise = Promise::new(&mut |resolve: Function, _| {
        web_sys::window().unwrap().request_animation_frame(&resolve).unwrap();
    });
    JsFuture::from(promise).await.unwrap();
}

/// Waits until something holds, for as many frames as ten seconds have.
pub async fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..600 {
        if holds() {
            return;
        }
        frame().await;
    }
    panic!("never: {what}");
}

/// Once for all tests: the form out of the real page, the real style, and a policy under which any text that is
/// parsed as markup is an error.
fn prepare() {
    if FORM.with_borrow(Option::is_some) {
        return;
    }
    let page = DomParser::new().unwrap().parse_from_string(INDEX, SupportedType::TextHtml).unwrap();
    let form = page.query_selector("main.login").unwrap().unwrap();
    let form: Element = document().import_node_with_deep(&form, true).unwrap().unchecked_into();
    FORM.set(Some(form));
    let head = document().head().unwrap();
    let style = document().create_element("style").unwrap();
    style.set_text_content(Some(&STYLE.join("\n")));
    head.append_child(&style).unwrap();
    let note = Closure::<dyn FnMut(JsValue)>::new(|event: JsValue| {
        let read = |name: &str| js_sys::Reflect::get(&event, &name.into()).ok().and_then(|value| value.as_string());
        let text = format!("{:?} {:?}", read("violatedDirective"), read("sample"));
        VIOLATIONS.with_borrow_mut(|violations| violations.push(text));
    });
    document().add_event_listener_with_callback("securitypolicyviolation", note.as_ref().unchecked_ref()).unwrap();
    note.forget();
    let policy = document().create_element("meta").unwrap();
    policy.set_attribute("http-equiv", "Content-Security-Policy").unwrap();
    policy
        .set_attribute("content", "require-trusted-types-for 'script'; form-action 'none'; object-src 'none'")
        .unwrap();
    head.append_child(&policy).unwrap();
}
