//! The page served by web servers and by the XMPP servers themselves, all as `docs/` says.

use serde_json::{Value, json};

use crate::support::host::Host;
use crate::support::page::Page;
use crate::support::place::{self, Ports};
use crate::support::server::{Kind, Server};
use crate::support::site::{Copy, WebServer, at_home, blocks, certificate, check_console, documented, with};
use crate::support::{Stage, by_hook, scene};

/// Asks for files as a browser does, past what it has kept. `content-length` is what came over the wire.
const ASK: &str = "const done = arguments[arguments.length - 1];
    (async () => {
        const answers = [];
        for (const [path, options] of arguments[0]) {
            const answer = await fetch(path, { cache: 'no-store', ...options });
            const headers = Object.fromEntries(answer.headers);
            answers.push({ status: answer.status, size: (await answer.arrayBuffer()).byteLength, ...headers });
        }
        done(answers);
    })().catch(problem => done(String(problem)));";

/// What a server does beside what each must do.
struct Habits {
    compresses: bool,
    /// Headers that depend on the name of the file.
    by_name: bool,
    ranges: bool,
}

const WEB_SERVER: Habits = Habits { compresses: true, by_name: true, ranges: true };

#[test]
fn the_page_is_served_by_nginx_as_documented() {
    web_server("nginx", &documented("hosting/nginx.conf"), None, |port| {
        vec![
            ("    listen [::]:443 ssl http2;\n".to_owned(), String::new()),
            ("listen 443".to_owned(), format!("listen 127.0.0.1:{port}")),
            ("#brotli_static".to_owned(), "brotli_static".to_owned()),
        ]
    });
}

#[test]
fn the_page_is_served_by_apache_as_documented() {
    web_server("apache", &documented("hosting/apache.conf"), None, |port| {
        let ours = format!("Listen 127.0.0.1:{port}\n<VirtualHost 127.0.0.1:{port}>");
        vec![("<VirtualHost *:443>".to_owned(), ours)]
    });
}

/// Where nothing but the folder is one's own.
#[test]
fn the_page_is_served_by_an_htaccess_as_documented() {
    let site = documented("hosting/apache.conf");
    let (head, rest) = site.split_once("<Directory /var/www/waxwing>\n").expect("a folder");
    let (folder, tail) = rest.split_once("    </Directory>").expect("a folder");
    let less = |line: &&str| !line.contains("Require ") && !line.contains("AllowOverride ");
    let own: String = folder.lines().filter(less).map(|line| format!("{line}\n")).collect();
    assert!(own.contains("RewriteRule") && own.len() > 1000);
    let site =
        format!("{head}<Directory /var/www/waxwing>\nRequire all granted\nAllowOverride All\n</Directory>{tail}");
    web_server("apache", &site, Some(&own), |port| {
        let ours = format!("Listen 127.0.0.1:{port}\n<VirtualHost 127.0.0.1:{port}>");
        vec![("<VirtualHost *:443>".to_owned(), ours)]
    });
}

#[test]
fn the_page_is_served_by_caddy_as_documented() {
    web_server("caddy", &documented("hosting/Caddyfile"), None, |_| Vec::new());
}

fn web_server(kind: &str, site: &str, htaccess: Option<&str>, ports: impl Fn(u16) -> Vec<(String, String)>) {
    scene(async |stage| {
        let copy = Copy::new("{}");
        if let Some(htaccess) = htaccess {
            std::fs::write(format!("{}/.htaccess", copy.folder()), htaccess).expect("a file");
        }
        let (key, chain) = certificate();
        let server = WebServer::start(kind, |port| {
            let mut site = with(site, &[("/var/www/waxwing", copy.folder())]);
            let certificates = "/etc/letsencrypt/live/chat.example.org";
            site = site.replace(&format!("{certificates}/fullchain.pem"), chain);
            site = site.replace(&format!("{certificates}/privkey.pem"), key);
            for (documented, here) in ports(port) {
                site = with(&site, &[(&documented, &here)]);
            }
            site
        });
        let arguments = at_home(&[("chat.example.org:443", server.port)]);
        let host = Box::leak(Box::new(Host::elsewhere("https://chat.example.org/", arguments)));
        let page = stage.page(host, "visitor").await;
        page.wait_for_form().await;
        gives_the_files(&page, &copy, &WEB_SERVER).await;
    });
}

#[test]
fn ejabberd_as_documented_serves_the_page_and_its_people() {
    let page = documented("ejabberd.md");
    let copy = Copy::new(&blocks(&page, "json")[0]);
    let (key, chain) = certificate();
    let config = with(
        &blocks(&page, "yaml")[0],
        &[
            ("/var/www/waxwing", copy.folder()),
            ("/var/lib/ejabberd", "@DIR@"),
            ("/etc/letsencrypt/live/example.org/fullchain.pem", chain),
            ("/etc/letsencrypt/live/example.org/privkey.pem", key),
            ("ip: \"::\"", "ip: \"127.0.0.1\""),
            ("port: 5443", "port: @HTTP_PORT@"),
            ("port: 5222", "port: @C2S_PORT@"),
            ("port: 5269", "port: @S2S_PORT@"),
        ],
    );
    let habits = Habits { compresses: false, by_name: false, ranges: false };
    xmpp_server(Kind::Ejabberd, &page, &copy, &config, habits);
}

#[test]
fn prosody_as_documented_serves_the_page_and_its_people() {
    let page = documented("prosody.md");
    let copy = Copy::new(&blocks(&page, "json")[0]);
    let (key, _) = certificate();
    let certificates = key.rsplit_once('/').expect("a folder").0;
    let modules = format!("\"{}/docs/hosting\", \"@SCRIPTS@/servers/prosody\"", env!("CARGO_MANIFEST_DIR"));
    let config = with(
        &blocks(&page, "lua")[0],
        &[
            ("\"/etc/prosody/modules\"", &modules),
            ("/var/www/waxwing", copy.folder()),
            ("/etc/prosody/certs", certificates),
            ("/run/prosody", "@DIR@"),
            ("/var/lib/prosody", "@DIR@/data"),
            ("/var/log/prosody", "@DIR@/log"),
            ("https_ports = { 5281 }", "https_ports = { @HTTP_PORT@ }; https_interfaces = { \"127.0.0.1\" }"),
            ("http_ports = { 5280 }", "http_ports = {}"),
            ("c2s_ports = { 5222 }", "c2s_ports = { @C2S_PORT@ }; c2s_direct_tls_ports = {}"),
            ("s2s_ports = { 5269 }", "s2s_ports = { @S2S_PORT@ }; interfaces = { \"127.0.0.1\" }; run_as_root = true"),
            // It makes the accounts of this test.
            ("\"waxwing\";", "\"waxwing\"; \"waxwing_seed\";"),
        ],
    );
    let habits = Habits { compresses: true, by_name: true, ranges: false };
    xmpp_server(Kind::Prosody, &page, &copy, &config, habits);
}

fn xmpp_server(kind: Kind, documentation: &str, copy: &Copy, config: &str, habits: Habits) {
    scene(async |stage| {
        let file = place::file("configuration", config.as_bytes());
        let (server, people) = Server::as_configured(kind, Ports::claim(), &file, "example.org", &["romeo", "juliet"]);
        let port = match kind {
            Kind::Ejabberd => 5443,
            Kind::Prosody => 5281,
        };
        let names = [format!("example.org:{port}"), format!("upload.example.org:{port}")];
        let places = [(names[0].as_str(), server.port()), (names[1].as_str(), server.port())];
        check_console(documentation, &places);

        let host = Host::elsewhere(&format!("https://example.org:{port}/"), at_home(&places));
        let host: &'static Host = Box::leak(Box::new(host));
        let his = stage.page(host, "romeo").await;
        gives_the_files(&his, copy, &habits).await;
        talk(stage, host, &his, &people).await;
        server.stop();
    });
}

/// What the documented configurations are for: signing in, talking, files, group chats, guests.
async fn talk(stage: &Stage, host: &'static Host, his: &Page, people: &[crate::support::server::Person]) {
    let [romeo, juliet] = people else { panic!("two people") };
    let hers = stage.page(host, "juliet").await;
    // The domain completes a name.
    his.try_to_log_in(romeo.name(), romeo.password).await;
    hers.log_in(juliet).await;
    his.wait_connection("online").await;
    his.write_to(&juliet.address).await;
    his.send("It is the east").await;
    his.wait_state("It is the east", "acked").await;
    his.attach(&[place::file("window.txt", b"What light?")]).await;
    his.press_hook("send").await;
    his.wait_until_gone(&by_hook("tray")).await;
    his.wait_text(&by_hook("file-card"), |card| card.contains("window.txt")).await;
    hers.show_requests().await;
    hers.open_chat(&romeo.address).await;
    hers.wait_text(&by_hook("message-list"), |said| said.contains("It is the east")).await;
    hers.log_out().await;
    // A guest of the same copy.
    hers.press_hook("login-guest").await;
    hers.wait_connection("online").await;
    hers.log_out().await;
    his.log_out().await;
}

/// Every file comes as documented: its type, its headers, in few bytes, and no other in its place.
async fn gives_the_files(page: &Page, copy: &Copy, habits: &Habits) {
    let (program, widget) = (copy.file("waxwing-", ".wasm"), copy.file("widget-", ".wasm"));
    let unknown = "waxwing-0123456789abcdef.js";
    let asked = json!([
        ["./", {}],
        [program, {}],
        ["boot.js", {}],
        ["config.json", {}],
        [unknown, {}],
        [program, { "method": "HEAD" }],
        [program, { "headers": { "Range": "bytes=0-99" } }],
        ["icons/", {}],
        ["manifest.webmanifest", {}],
        [widget, {}],
        ["widget.js", {}],
        ["emoji.txt", {}],
        ["frame.html", {}],
        ["widget.html", {}],
    ]);
    // The console tells of every answer that is no file, as it must.
    page.expects("/waxwing-0123456789abcdef.js - Failed to load resource");
    page.expects("/icons/ - Failed to load resource");
    let answers = page.browser.client.execute_async(ASK, vec![asked]).await.expect("answers");
    let Value::Array(answers) = answers else { panic!("{answers}") };
    let [index, wasm, boot, config, missing, head, range, folder, manifest, answers @ ..] = &answers[..] else {
        panic!("{answers:?}")
    };
    let [widget, launcher, emoji, frame, demo] = answers else { panic!("{answers:?}") };
    for (answer, media_type) in [
        (index, "text/html; charset=utf-8"),
        (wasm, "application/wasm"),
        (boot, "text/javascript; charset=utf-8"),
        (config, "application/json"),
        (manifest, "application/manifest+json"),
    ] {
        assert_eq!((&answer["status"], &answer["content-type"]), (&json!(200), &json!(media_type)), "{answer}");
        assert_eq!(answer["x-content-type-options"], "nosniff", "{answer}");
        assert_eq!(answer["referrer-policy"], "no-referrer", "{answer}");
        assert_eq!(answer["cross-origin-opener-policy"], "same-origin", "{answer}");
        assert_eq!(answer["access-control-allow-origin"], Value::Null, "{answer}");
        assert_eq!(answer["cross-origin-resource-policy"], "same-origin", "{answer}");
        let policy = answer["content-security-policy"].as_str().unwrap_or_default();
        assert!(policy.starts_with("default-src 'none'") && policy.ends_with("trusted-types waxwing"), "{answer}");
        assert!(policy.contains("frame-ancestors 'none';"), "{answer}");
    }
    for answer in [index, boot, config, launcher, emoji, frame] {
        assert_eq!(answer["cache-control"], "no-cache", "{answer}");
    }
    assert_eq!(missing["status"], 404, "{missing}");
    assert!(!missing["cache-control"].to_string().contains("immutable"), "{missing}");
    assert_ne!(folder["status"], 200, "no list of files: {folder}");
    assert_eq!((&head["status"], &head["size"]), (&json!(200), &json!(0)), "{head}");
    let whole = &wasm["size"];
    if habits.ranges {
        assert_eq!((&range["status"], &range["size"]), (&json!(206), &json!(100)), "{range}");
    } else {
        assert_eq!((&range["status"], &range["size"]), (&json!(200), whole), "{range}");
    }
    if habits.by_name {
        for answer in [wasm, widget] {
            assert_eq!(answer["cache-control"], "public, max-age=31536000, immutable", "{answer}");
        }
        // What other pages load, and what they do not.
        for answer in [widget, launcher, emoji] {
            assert_eq!(answer["cross-origin-resource-policy"], "cross-origin", "{answer}");
            assert_eq!(answer["access-control-allow-origin"], "*", "{answer}");
        }
        for answer in [frame, demo] {
            assert_eq!(answer["access-control-allow-origin"], Value::Null, "{answer}");
        }
        let policy = frame["content-security-policy"].as_str().unwrap_or_default();
        let framed = "frame-ancestors 'self' https://www.example.com;";
        assert!(policy.contains(framed) && policy.ends_with("trusted-types waxwing"), "{frame}");
    }
    if habits.compresses {
        assert_eq!((&wasm["content-encoding"], &wasm["vary"]), (&json!("br"), &json!("Accept-Encoding")), "{wasm}");
        assert_eq!(config["content-encoding"], Value::Null, "its operator changes it: {config}");
    }
    // The program itself was compiled while it came in: a wrong type is complained about in the console.
    page.sees("the form, taken over", "return document.querySelector('[data-ready]') !== null").await;
}
