//! The page in the words of whoever uses it. What is done here is done as a person would: by clicks and keys.

use std::cell::RefCell;
use std::fs;
use std::path::PathBuf;

use fantoccini::Locator;
use fantoccini::error::CmdError;
use serde_json::Value;

use super::browser::Browser;
use super::host::Host;
use super::place;
use super::server::Person;
use super::wait::until;

/// Control and A, then the key that deletes: the field is empty.
const CLEAR: &str = "\u{e009}a\u{e000}\u{e017}";

/// Keeps what the page's policy refuses. The host collects the same from the first moment on, but only Chromium's
/// reports are sure to arrive there.
const LISTEN: &str = "window.__violations = [];
    addEventListener('securitypolicyviolation', e => window.__violations.push(e.violatedDirective + ' ' + e.blockedURI));";

/// Reads a conversation from its beginning to its end. What is first seen further down stands further down.
const ALL_MESSAGES: &str = "const done = arguments[arguments.length - 1];
    const frames = async count => { while (count--) await new Promise(requestAnimationFrame); };
    (async () => {
        const list = document.querySelector('[data-testid=message-list]');
        const found = new Map();
        // What was before the first row comes in front of it, out of sight.
        do {
            list.scrollTop = 0;
            await frames(3);
            list.querySelector('[data-testid=gap] button')?.click();
        } while (list.querySelector('[data-testid=gap]') || list.scrollTop > 0);
        for (;;) {
            for (const row of list.querySelectorAll('[data-testid=message]')) {
                found.set(row.dataset.key, [row.dataset.direction, row.dataset.state ?? '', row.dataset.from,
                    row.querySelector('[data-testid=message-body]').textContent]);
            }
            if (list.scrollTop + list.clientHeight >= list.scrollHeight - 2) break;
            list.scrollTop += list.clientHeight * 0.8;
            await frames(2);
        }
        done([...found.values()]);
    })();";

/// One browser with the page open in it.
pub struct Page {
    /// Whose it is, for messages about it.
    pub name: String,
    pub browser: Browser,
    url: String,
    expected: RefCell<Vec<&'static str>>,
}

/// A message as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub direction: String,
    pub state: String,
    pub from: String,
    pub body: String,
}

impl Shown {
    /// Whether the server has it: the other side may have it, and have seen it, as well.
    pub fn has_arrived(&self) -> bool {
        matches!(&*self.state, "acked" | "delivered" | "displayed")
    }
}

impl Page {
    /// Opens the page.
    pub async fn open(browser: Browser, name: &str, host: &Host) -> Self {
        let page = Self { name: name.to_owned(), browser, url: host.url(), expected: RefCell::default() };
        page.go("").await;
        page
    }

    /// Opens a page of somebody else.
    pub async fn elsewhere(browser: Browser, name: &str, url: &str) -> Self {
        let page = Self { name: name.to_owned(), browser, url: url.to_owned(), expected: RefCell::default() };
        page.browser.client.goto(url).await.unwrap_or_else(|problem| panic!("{name} cannot open {url}: {problem}"));
        page
    }

    /// Opens the page in another browser, or in the same one after it ended.
    pub async fn again(&self, browser: Browser) -> Self {
        let (name, url) = (self.name.clone(), self.url.clone());
        let page = Self { name, browser, url, expected: self.expected.clone() };
        page.go("").await;
        page
    }

    /// Opens the page again; `way` is what stands behind its address.
    pub async fn go(&self, way: &str) {
        let opened = self.browser.client.goto(&format!("{}{way}", self.url)).await;
        opened.unwrap_or_else(|problem| panic!("{} cannot open the page: {problem}", self.name));
        self.started().await;
    }

    /// Presses the browser's button to load the page again.
    pub async fn reload(&self) {
        let loaded = self.browser.client.refresh().await;
        loaded.unwrap_or_else(|problem| panic!("{} cannot load the page again: {problem}", self.name));
        self.started().await;
    }

    pub async fn started(&self) {
        self.script(LISTEN).await;
        self.sees("the program is running", "return document.querySelector('[data-ready]') !== null").await;
    }

    /// The console may say this in the course of the scene.
    pub fn expects(&self, complaint: &'static str) {
        self.expected.borrow_mut().push(complaint);
    }

    // What a person does.

    /// Presses what a selector names, as soon as it can be pressed.
    pub async fn press(&self, selector: &str) {
        until(&format!("{} can press {selector}", self.name), async || {
            self.browser.client.find(Locator::Css(selector)).await.map_err(brief)?.click().await.map_err(brief)
        })
        .await;
    }

    /// Presses the part of the page that a hook names.
    pub async fn press_hook(&self, hook: &str) {
        self.press(&by_hook(hook)).await;
    }

    /// Types into a field, in place of what it holds.
    pub async fn fill(&self, selector: &str, text: &str) {
        self.keys(selector, &format!("{CLEAR}{text}")).await;
    }

    /// Types into a field.
    pub async fn keys(&self, selector: &str, keys: &str) {
        let field = until(&format!("{} sees {selector}", self.name), async || {
            let field = self.browser.client.find(Locator::Css(selector)).await.map_err(brief)?;
            match field.is_displayed().await.map_err(brief)? {
                true => Ok(field),
                false => Err("it is hidden".to_owned()),
            }
        })
        .await;
        // Not tried again: half of it may have been typed.
        let typed = field.send_keys(keys).await;
        typed.unwrap_or_else(|problem| panic!("{} cannot type into {selector}: {problem}", self.name));
    }

    /// Signs in and waits until that has worked.
    pub async fn log_in(&self, person: &Person) {
        self.try_to_log_in(&person.address, person.password).await;
        self.wait_connection("online").await;
    }

    /// Fills in the form and sends it off.
    pub async fn try_to_log_in(&self, address: &str, password: &str) {
        self.fill("input[name=address]", address).await;
        self.fill("input[name=password]", password).await;
        self.press_hook("login-submit").await;
    }

    /// Names the service in the advanced part of the form.
    pub async fn name_service(&self, service: &str) {
        self.press("[data-testid=login-form] summary").await;
        self.fill("input[name=service]", service).await;
    }

    pub async fn log_out(&self) {
        self.press_hook("status-menu").await;
        self.press_hook("logout").await;
        self.wait_for_form().await;
    }

    /// Asks somebody to become a contact; the conversation with them opens.
    pub async fn add_contact(&self, address: &str) {
        self.press_hook("add-contact").await;
        self.fill(&by_hook("add-contact-address"), address).await;
        self.press_hook("add-contact-submit").await;
        self.wait_until_gone("dialog").await;
    }

    /// Answers a request: `accept`, `decline` or `block`.
    pub async fn answer_request(&self, address: &str, answer: &str) {
        self.press(&format!("{} {}", about("request", address), by_hook(answer))).await;
        self.wait_until_gone(&about("request", address)).await;
    }

    pub async fn show_contacts(&self) {
        self.turn_to("tab-contacts").await;
    }

    pub async fn show_chats(&self) {
        self.turn_to("tab-chats").await;
    }

    /// Presses one of the tabs, as often as somebody does who sees that it was not taken: once in some hundred starts of a
    /// busy machine, a click that comes with the first picture of the page hits nothing.
    async fn turn_to(&self, tab: &str) {
        let is_shown = format!("return document.querySelector('{}')?.getAttribute('aria-pressed')", by_hook(tab));
        until(&format!("{} is at {tab}", self.name), async || {
            self.press_hook(tab).await;
            match self.script(&is_shown).await {
                Value::String(pressed) if pressed == "true" => Ok(()),
                seen => Err(format!("it is pressed: {seen}")),
            }
        })
        .await;
    }

    /// Opens the door to what strangers wrote.
    pub async fn show_requests(&self) {
        self.press_hook("requests-door").await;
    }

    /// Opens the conversation with somebody who is in the list that is shown.
    pub async fn open_chat(&self, address: &str) {
        self.press(&format!("{}, {}", about("contact", address), about("conversation", address))).await;
        self.wait_for(&about("message-list", address)).await;
    }

    /// Opens the conversation with somebody who is in no list, by the search field.
    pub async fn write_to(&self, address: &str) {
        self.fill(&by_hook("search"), address).await;
        self.press_hook("message-address").await;
        self.wait_for(&about("message-list", address)).await;
    }

    /// Chooses files for the conversation that is open, in place of the browser's own dialog.
    pub async fn attach(&self, files: &[PathBuf]) {
        self.wait_for(&by_hook("attach")).await;
        self.put_files(&by_hook("attach-field"), files).await;
        self.wait_for(&by_hook("upload")).await;
    }

    /// Chooses files in a field for them.
    pub async fn put_files(&self, field: &str, files: &[PathBuf]) {
        let field = self.browser.client.find(Locator::Css(field)).await.expect("a field for files");
        let paths: Vec<String> = files.iter().map(|path| path.to_string_lossy().into_owned()).collect();
        field.send_keys(&paths.join("\n")).await.expect("files are chosen");
    }

    /// Writes to the one whose conversation is open.
    pub async fn send(&self, text: &str) {
        self.fill(&by_hook("composer"), text).await;
        self.press_hook("send").await;
    }

    /// Writes as fast as the keyboard goes: each text is sent by Enter.
    pub async fn send_all(&self, texts: &[String]) {
        let keys: String = texts.iter().map(|text| format!("{text}\u{e007}")).collect();
        self.keys(&by_hook("composer"), &keys).await;
    }

    /// Comes to the first message of that direction with the pointer, and presses one button after the other.
    pub async fn choose(&self, direction: &str, hooks: &[&str]) {
        let point = format!(
            "document.querySelector(\"[data-testid=message][data-direction={direction}]\")\
             .dispatchEvent(new Event('pointerover', {{ bubbles: true }})); return true"
        );
        self.script(&point).await;
        for hook in hooks {
            self.wait_for(&by_hook(hook)).await;
            self.press_hook(hook).await;
        }
    }

    /// Chooses an availability, by its stable name.
    pub async fn be(&self, availability: &str) {
        self.press_hook("status-menu").await;
        self.press_hook(&format!("status-{availability}")).await;
        self.wait_until_gone("dialog").await;
    }

    pub async fn set_status(&self, text: &str) {
        self.press_hook("status-menu").await;
        self.fill(&by_hook("status-text"), text).await;
        self.press_hook("status-save").await;
        self.wait_until_gone("dialog").await;
    }

    // What a person sees.

    pub async fn wait_connection(&self, state: &str) {
        let selector = by_hook("app");
        self.wait_attribute(&selector, "data-connection", state).await;
    }

    /// Waits until the form asks who signs in.
    pub async fn wait_for_form(&self) {
        let hook = by_hook("login-submit");
        self.sees("the form", &format!("return document.querySelector('{hook}').checkVisibility()")).await;
    }

    /// What the form says is wrong.
    pub async fn login_error(&self) -> String {
        self.wait_text(&by_hook("login-error"), |text| !text.is_empty()).await
    }

    /// The presence of a contact, once it is this.
    pub async fn wait_presence(&self, address: &str, presence: &str) {
        self.wait_attribute(&about("contact", address), "data-presence", presence).await;
    }

    /// How many messages of somebody were not seen, once it is this.
    pub async fn wait_unread(&self, address: &str, unread: u32) {
        self.wait_attribute(&about("conversation", address), "data-unread", &unread.to_string()).await;
    }

    /// The messages of the conversation that is open.
    pub async fn messages(&self) -> Vec<Shown> {
        let rows = self
            .script(
                "return [...document.querySelectorAll('[data-testid=message-list] [data-testid=message]')].map(row => [
                    row.dataset.direction, row.dataset.state ?? '', row.dataset.from,
                    row.querySelector('[data-testid=message-body]').textContent])",
            )
            .await;
        let rows: Vec<[String; 4]> = serde_json::from_value(rows).expect("rows");
        rows.into_iter().map(|[direction, state, from, body]| Shown { direction, state, from, body }).collect()
    }

    /// The messages of the conversation that is open, those out of sight, too: goes through all of it from its beginning.
    pub async fn all_messages(&self) -> Vec<Shown> {
        let rows = self.browser.client.execute_async(ALL_MESSAGES, Vec::new()).await;
        let rows = rows.unwrap_or_else(|problem| panic!("{}'s conversation cannot be read: {problem}", self.name));
        let rows: Vec<[String; 4]> = serde_json::from_value(rows).expect("rows");
        rows.into_iter().map(|[direction, state, from, body]| Shown { direction, state, from, body }).collect()
    }

    /// Waits until the open conversation says exactly this, as `in: …` and `out: …`.
    pub async fn wait_said(&self, wanted: &[&str]) {
        until(&format!("{}'s page shows {wanted:?}", self.name), async || {
            let said: Vec<String> =
                self.messages().await.iter().map(|shown| format!("{}: {}", shown.direction, shown.body)).collect();
            if said == wanted { Ok(()) } else { Err(format!("it shows {said:?}")) }
        })
        .await;
    }

    /// Waits until an own message has come this far; once the server has it, it may have come farther.
    pub async fn wait_state(&self, body: &str, state: &str) {
        until(&format!("{}'s message {body:?} is {state}", self.name), async || {
            let messages = self.messages().await;
            match messages.iter().find(|shown| shown.direction == "out" && shown.body == body) {
                Some(shown) if shown.state == state || (state == "acked" && shown.has_arrived()) => Ok(()),
                _ => Err(format!("it shows {messages:?}")),
            }
        })
        .await;
    }

    // Looking closer.

    pub async fn wait_for(&self, selector: &str) {
        self.sees(selector, &format!("return document.querySelector({selector:?}) !== null")).await;
    }

    pub async fn wait_until_gone(&self, selector: &str) {
        self.sees(&format!("no {selector}"), &format!("return document.querySelector({selector:?}) === null")).await;
    }

    pub async fn wait_attribute(&self, selector: &str, attribute: &str, value: &str) {
        until(&format!("{}'s {selector} has {attribute}={value}", self.name), async || {
            let read = format!("return document.querySelector({selector:?})?.getAttribute('{attribute}') ?? null");
            let seen = self.script(&read).await;
            if seen == value { Ok(()) } else { Err(format!("it is {seen}")) }
        })
        .await;
    }

    /// The text of a part of the page, once it is as wanted.
    pub async fn wait_text(&self, selector: &str, wanted: impl Fn(&str) -> bool) -> String {
        until(&format!("{}'s {selector} says what it should", self.name), async || {
            let seen = self.script(&format!("return document.querySelector({selector:?})?.innerText ?? null")).await;
            match seen.as_str() {
                Some(text) if wanted(text) => Ok(text.to_owned()),
                _ => Err(format!("it says {seen}")),
            }
        })
        .await
    }

    /// The value of a field.
    pub async fn value(&self, selector: &str) -> String {
        let value = self.script(&format!("return document.querySelector({selector:?}).value")).await;
        value.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until a script says `true`.
    pub async fn sees(&self, what: &str, script: &str) {
        until(&format!("{}'s page shows {what}", self.name), async || match self.script(script).await {
            Value::Bool(true) => Ok(()),
            seen => Err(format!("it answers {seen}")),
        })
        .await;
    }

    /// Looks into the page. Only to look: what a person does is done by [`Self::press`] and [`Self::keys`].
    pub async fn script(&self, script: &str) -> Value {
        let answer = self.browser.client.execute(script, Vec::new()).await;
        answer.unwrap_or_else(|problem| panic!("{}'s page cannot run {script:?}: {problem}", self.name))
    }

    // The end.

    /// What is wrong with the page whatever the scene was about.
    pub async fn complaints(&self) -> Vec<String> {
        let mut all = self.browser.complaints();
        all.retain(|said| !self.expected.borrow().iter().any(|expected| said.contains(expected)));
        let violations = self.script("return window.__violations ?? ['nothing was watched']").await;
        all.extend(violations.as_array().into_iter().flatten().map(|refused| format!("the policy refused {refused}")));
        if self.script("return document.getElementById('boot-problem')?.innerText.includes('stopped') ?? false").await
            == true
        {
            all.push("the program stopped".to_owned());
        }
        all.into_iter().map(|complaint| format!("{}'s page: {complaint}", self.name)).collect()
    }

    /// Keeps what can be seen, for whoever wants to know why a scene failed.
    pub async fn keep_picture(&self, scene: &str) {
        let base = place::failures().join(format!("{scene}-{}", self.name));
        if let Ok(picture) = self.browser.client.screenshot().await {
            let _ = fs::write(base.with_extension("png"), picture);
        }
        if let Ok(source) = self.browser.client.source().await {
            let _ = fs::write(base.with_extension("html"), source);
        }
        let text = self.browser.client.execute("return document.body.innerText", Vec::new()).await;
        let text = text.unwrap_or_default();
        let text = text.as_str().unwrap_or_default();
        let _ = fs::write(base.with_extension("txt"), text);
        eprintln!("--- {}'s page, see {}.png\n{text}\n---", self.name, base.display());
    }
}

/// What carries a hook.
pub fn by_hook(hook: &str) -> String {
    format!("[data-testid={hook}]")
}

/// What carries a hook and is about an address.
pub fn about(hook: &str, address: &str) -> String {
    format!("[data-testid={hook}][data-jid='{address}']")
}

/// The first line says it all.
fn brief(problem: CmdError) -> String {
    problem.to_string().lines().next().unwrap_or_default().to_owned()
}
