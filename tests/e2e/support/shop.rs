//! Somebody else's page, on an origin of its own and under a policy of its own, into which the chat is put.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::host::Host;
use super::place;

/// What a page has before anybody changes it: text, a table, a form, and what many shops put in front.
const BODY: &str = r##"<header><h1>Shop</h1><nav><a href="#a">Home</a> <a href="#b" class="btn">Buy</a></nav></header>
<main><p>Words, <em>more</em> and <button type="button">A button</button></p><ul><li>One</li><li>Two</li></ul>
<table><tr><th>A</th><td>1</td></tr></table><form><label>Name <input name="n" value="x"></label><textarea>t</textarea>
<select><option>o</option></select></form><dialog>closed</dialog></main>
<div id="place"></div><div id="other"></div>"##;

/// Styles that mean no good. Before them stand those that every other shop has: Bootstrap.
const HOSTILE: &str = "
* { all: revert; }
button { display: none; }
*, ::before, ::after { box-sizing: border-box; --bs-blue: #0d6efd; --line: red; --paper: lime; --wax: blue; }
html { font-size: 62.5%; }
body { font: italic 22px/2.2 serif; letter-spacing: 0.3em; text-transform: uppercase; color: #606; text-align: center; }
div, section, header, p, span { padding: 3px; border: 1px dashed orange; }
textarea, input { background: pink; border-radius: 0; }
svg { inline-size: 99px; vertical-align: middle; }
[hidden] { display: block; }
.badge, .panel, .avatar, .message, .chat, .app, .row { background: yellow; position: static; }
";

/// Notes what the page's policy refuses, what sockets there are, what chats tell, and the memory of programs.
const WATCH: &str = "
window.__violations = [];
addEventListener('securitypolicyviolation', e => __violations.push(e.violatedDirective + ' ' + e.blockedURI));
window.sockets = { opened: 0, closed: 0 };
window.WebSocket = class extends WebSocket {
    constructor(...given) {
        super(...given);
        sockets.opened++;
        this.addEventListener('close', () => sockets.closed++, { once: true });
    }
};
window.told = [];
for (const name of ['ready', 'message', 'unread', 'error', 'connection']) {
    addEventListener('waxwing-' + name, e => told.push([name, e.target.id, e.detail]));
}
const start = WebAssembly.instantiateStreaming;
WebAssembly.instantiateStreaming = async (...given) => {
    const made = await start.call(WebAssembly, ...given);
    window.memory = Object.values(made.instance.exports).find(one => one instanceof WebAssembly.Memory);
    return made;
};
window.chat = (id, options, place = 'place') => {
    const made = document.createElement('waxwing-chat');
    made.id = id;
    for (const [name, value] of Object.entries(options)) made[name] = value;
    document.getElementById(place).append(made);
    return made;
};
window.inside = (id, selector) => document.getElementById(id)?.shadowRoot.querySelector(selector);
window.known = Object.keys(window);
";

/// Serves the page until this process ends.
pub struct Shop {
    origin: String,
    reports: Arc<Mutex<Vec<String>>>,
}

impl Shop {
    /// An address for a shop.
    pub fn site() -> TcpListener {
        TcpListener::bind("127.0.0.1:0").expect("a port for the shop")
    }

    /// The origin of a shop at an address. Another site, not only another port of the same one.
    pub fn origin_of(site: &TcpListener) -> String {
        format!("http://shop.localhost:{}", site.local_addr().expect("the shop's address").port())
    }

    /// A shop that embeds the chat that `host` serves, whose server is at `connect`.
    pub fn open(site: TcpListener, host: &Host, connect: &str) -> Self {
        let origin_here = Self::origin_of(&site);
        let reports = Arc::default();
        let widget = host.url();
        let origin = widget.trim_end_matches('/').to_owned();
        let policy = format!(
            "default-src 'none'; script-src 'self' {origin} 'wasm-unsafe-eval'; style-src 'self'; connect-src {origin} {connect}; \
             img-src 'self' blob:; frame-src {origin}; base-uri 'none'; form-action 'none'; \
             require-trusted-types-for 'script'; trusted-types 'none'; report-uri /report"
        );
        let kept: Arc<Mutex<Vec<String>>> = Arc::clone(&reports);
        std::thread::spawn(move || {
            for stream in site.incoming().flatten() {
                let (kept, policy, widget) = (Arc::clone(&kept), policy.clone(), widget.clone());
                std::thread::spawn(move || answer(stream, &policy, &widget, &kept));
            }
        });
        Self { origin: origin_here, reports }
    }

    /// Its page, with styles of its own or none.
    pub fn url(&self, hostile: bool) -> String {
        format!("{}/{}", self.origin, if hostile { "hostile" } else { "plain" })
    }

    /// What browsers reported of offences against its policy.
    pub fn violations(&self) -> Vec<String> {
        self.reports.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn bootstrap() -> String {
    let sheet = Path::new(&place::told("WAXWING_VITE")).join("node_modules/bootstrap/dist/css/bootstrap.min.css");
    fs::read_to_string(sheet).expect("Bootstrap, which scripts/setup/vite.sh fetches")
}

fn answer(mut stream: TcpStream, policy: &str, widget: &str, reports: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
    let mut line = String::new();
    let _ = reader.read_line(&mut line);
    let mut length = 0;
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header).is_err() || header.trim().is_empty() {
            break;
        }
        if let Some((_, value)) = header.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let path = line.split(' ').nth(1).unwrap_or_default();
    let (kind, body) = match path {
        "/report" => {
            let mut report = vec![0; length];
            let _ = reader.read_exact(&mut report);
            let report = String::from_utf8_lossy(&report).into_owned();
            reports.lock().unwrap_or_else(PoisonError::into_inner).push(report);
            ("text/plain", String::new())
        }
        "/watch.js" => ("text/javascript", WATCH.to_owned()),
        "/hostile.css" => ("text/css", bootstrap() + HOSTILE),
        "/favicon.ico" => ("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>".to_owned()),
        _ => {
            let style = if path == "/hostile" { "<link rel=stylesheet href=/hostile.css>" } else { "" };
            let head = format!(
                "<meta charset=utf-8><title>Shop</title><meta name=viewport content='width=device-width'>{style}\
                 <script src=/watch.js></script><script type=module src={widget}widget.js></script>"
            );
            ("text/html", format!("<!doctype html><html lang=en><head>{head}</head><body>{BODY}</body></html>"))
        }
    };
    let _ = write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nContent-Security-Policy: {policy}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
}
