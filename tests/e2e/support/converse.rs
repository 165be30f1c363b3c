//! Converse.js in a browser of its own: a client that nobody of this project wrote.
//!
//! What its user does is done by the functions that its own buttons call, and what its user sees is read from what it shows.

use std::fs;
use std::io::{BufRead, BufReader, Error, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

use serde_json::{Value, json};

use super::browser::Browser;
use super::place;
use super::server::{Person, Server};
use super::wait::until;
use super::world::world;

const PAGE: &str = "<!doctype html><html><head><meta charset='utf-8'><title>Another client</title>
    <link rel='icon' href='data:,'><link rel='stylesheet' href='/dist/converse.min.css'>
<script type='module'>import converse from '/dist/converse.min.js'; window.converse = converse;</script>
    </head><body class='reset'></body></html>";

/// Keeps its inner interface at hand, which it gives to plugins only, and signs in.
const START: &str = "const [address, password, service] = arguments;
    converse.plugins.add('witness', { initialize() { window.peer = this._converse.api; } });
    converse.initialize({
        authentication: 'login', auto_login: true, jid: address, password, websocket_url: service,
        discover_connection_methods: false, persistent_store: 'sessionStorage', play_sounds: false,
        show_desktop_notifications: 'none', i18n: 'en', whitelisted_plugins: ['witness'],
        blacklisted_plugins: ['converse-omemo', 'converse-omemo-views'], loglevel: 'error',
        view_mode: 'fullscreen', assets_path: '/dist/', allow_message_corrections: 'all',
        allow_message_retraction: 'all', send_chat_markers: ['received', 'displayed', 'acknowledged'],
    });";

/// One browser with Converse.js in it.
pub struct Converse {
    browser: Browser,
}

impl Converse {
    /// Signs somebody in and opens their conversation with somebody else.
    pub async fn open(server: &Server, person: &Person, other: &Person) -> Self {
        let browser = world().driver.browser(&format!("converse-{}", person.name()), &[]).await;
        browser.client.goto(&format!("http://127.0.0.1:{}/", port())).await.expect("the page of Converse.js");
        let converse = Self { browser };
        converse.sees("nothing yet, but is loaded", "return Boolean(window.converse?.initialize)").await;
        let arguments = vec![json!(person.address), json!(person.password), json!(server.websocket())];
        converse.does(START, arguments).await;
        converse.sees("that it is online", "return Boolean(window.peer?.connection?.connected())").await;
        converse.asks(&format!("window.chat = await peer.chats.open('{}'); return true", other.address)).await;
        converse.sees("the conversation", "return Boolean(document.querySelector('.chat-textarea'))").await;
        converse
    }

    /// Its user does something; `chat` is the conversation and `last(own)` the last message of one side.
    pub async fn does(&self, script: &str, arguments: Vec<Value>) -> Value {
        let script = format!(
            "window.last = own => chat.messages.models.findLast(one => (one.get('sender') === 'me') === own
                && one.get('body'));
             {script}"
        );
        let answer = self.browser.client.execute(&script, arguments).await;
        answer.unwrap_or_else(|problem| panic!("Converse.js cannot do {script:?}: {problem}"))
    }

    /// The same, for what takes its time.
    pub async fn asks(&self, script: &str) -> Value {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             (async () => {{ {script} }})().then(done, problem => done('failed: ' + problem))"
        );
        let answer = self.browser.client.execute_async(&script, Vec::new()).await;
        let answer = answer.unwrap_or_else(|problem| panic!("Converse.js cannot do {script:?}: {problem}"));
        assert!(!answer.as_str().is_some_and(|text| text.starts_with("failed")), "Converse.js: {answer}");
        answer
    }

    /// Waits until a script says `true`.
    pub async fn sees(&self, what: &str, script: &str) {
        until(&format!("Converse.js shows {what}"), async || match self.does(script, Vec::new()).await {
            Value::Bool(true) => Ok(()),
            seen => {
                let text = self.does("return document.body.innerText", Vec::new()).await;
                Err(format!("it answers {seen}, and shows {text}"))
            }
        })
        .await;
    }

    /// Waits until it has a message that reads like this. Its page is not asked: it does not always draw what it has
    /// while it is not in sight.
    pub async fn reads(&self, text: &str) {
        let is_there = format!("return chat.messages.models.some(one => one.getMessageText() === {})", json!(text));
        self.sees(&format!("{text:?}"), &is_there).await;
    }

    /// Its user writes something and sends it.
    pub async fn says(&self, text: &str) {
        self.asks(&format!("await chat.sendMessage({{ body: {} }}); return true", json!(text))).await;
    }

    pub async fn close(&self) {
        self.browser.close().await;
    }
}

/// Where its files are served, by this process.
fn port() -> u16 {
    static PORT: OnceLock<u16> = OnceLock::new();
    *PORT.get_or_init(|| {
        let folder = PathBuf::from(place::told("WAXWING_CONVERSE"));
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let folder = folder.clone();
                // A browser may break off what it asked for.
                std::thread::spawn(move || answer(stream, &folder).ok());
            }
        });
        port
    })
}

fn answer(mut stream: TcpStream, folder: &Path) -> Result<(), Error> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let path = first.split([' ', '?']).nth(1).unwrap_or_default().trim_start_matches('/');
    let is_inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    let file = if path.is_empty() { Some(PAGE.into()) } else { fs::read(folder.join(path)).ok().filter(|_| is_inside) };
    let kind = match path.rsplit('.').next() {
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("") => "text/html",
        _ => "application/octet-stream",
    };
    let (status, body) = file.map_or_else(|| ("404 Not Found", Vec::new()), |file| ("200 OK", file));
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(&body)
}
