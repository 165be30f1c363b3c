//! `<waxwing-chat>` in somebody else's page: what it does there, and what it leaves alone.

use std::rc::Rc;
use std::sync::OnceLock;

use fantoccini::key::Key;
use serde_json::{Value, json};

use crate::support::host::Host;
use crate::support::page::Page;
use crate::support::server::Server;
use crate::support::shop::Shop;
use crate::support::world::{at_ejabberd, at_prosody, world};
use crate::support::{Stage, by_hook, scene};

/// The domain whose guests come in, on both servers.
const GUESTS: &str = "anon.localhost";

/// Who embeds the chat of an operator with ejabberd: one that may put it into a frame, and one that may not.
struct Street {
    shop: Shop,
    stranger: Shop,
}

fn street() -> &'static Street {
    static STREET: OnceLock<Street> = OnceLock::new();
    STREET.get_or_init(|| {
        let server = &world().ejabberd;
        let sites = [Shop::site(), Shop::site()];
        let [known, other] = [0, 1].map(|which| Shop::origin_of(&sites[which]));
        let (service, domain) = (server.websocket(), server.domain());
        let config = json!({ "service": service, "domain": domain, "discovery": false, "embed": [known] });
        // Whoever may not talk to the frame may not show it either; here they may, so that it is the frame that refuses.
        let host = Host::embedded("embedded", &config.to_string(), &[server.origin()], &[], &[known, other]);
        let [shop, stranger] = sites.map(|site| Shop::open(site, &host, &server.origin()));
        Street { shop, stranger }
    })
}

/// A chat with somebody, as a guest.
fn as_guest(server: &Server, peer: &str) -> Value {
    json!({ "service": server.websocket(), "domain": GUESTS, "peer": peer })
}

fn with(mut options: Value, more: &[(&str, &str)]) -> Value {
    for (name, value) in more {
        options[name] = json!(value);
    }
    options
}

/// Somebody in a shop.
async fn visitor(stage: &Stage, url: &str) -> Rc<Page> {
    let page = stage.visit(url, "visitor").await;
    page.sees("the element", "return customElements.get('waxwing-chat') !== undefined").await;
    page
}

/// Puts an element into the page.
async fn put(page: &Page, id: &str, options: &Value) {
    page.script(&format!("chat({id:?}, {options}); return true")).await;
}

async fn wait_inside(page: &Page, id: &str, selector: &str) {
    page.sees(&format!("{selector} in {id}"), &format!("return !!inside({id:?}, {selector:?})")).await;
}

async fn wait_online(page: &Page, id: &str) {
    wait_inside(page, id, "[data-connection=online]").await;
}

async fn wait_told(page: &Page, id: &str, what: &str, detail: &str) {
    let script = format!("return told.some(([what, id, d]) => what === {what:?} && id === {id:?} && ({detail}))");
    page.sees(&format!("{what} of {id}"), &script).await;
}

/// The texts of the messages in an element.
async fn said(page: &Page, id: &str) -> Vec<String> {
    let read = format!(
        "return [...document.getElementById({id:?}).shadowRoot.querySelectorAll('[data-testid=message-body]')].map(b => b.textContent)"
    );
    serde_json::from_value(page.script(&read).await).expect("texts")
}

/// What must hold at the end of each scene in a shop.
async fn leave(page: &Page, shop: &Shop) {
    assert_eq!(shop.violations(), Vec::<String>::new(), "the shop's policy was offended");
    let left = page
        .script(
            "return [document.title, location.pathname.slice(1) + location.hash, history.length <= 2, document.body.children.length,
             document.documentElement.attributes.length, Object.keys(window).filter(name => !known.includes(name) && /waxwing/i.test(name)),
             Object.keys(localStorage).filter(name => !name.startsWith('waxwing.'))]",
        )
        .await;
    assert_eq!(left[0], "Shop", "the title");
    assert!(left[1] == "plain" || left[1] == "hostile", "the address: {}", left[1]);
    assert_eq!(left[2], true, "no steps of the history");
    assert_eq!((&left[3], &left[4]), (&json!(4), &json!(1)), "nothing is added to the body and the root");
    assert_eq!((&left[5], &left[6]), (&json!([]), &json!([])), "no globals, and nothing kept but under the own prefix");
}

#[test]
fn from_the_launcher_to_a_message_by_the_keyboard_alone() {
    scene(async |stage| {
        let server = &world().ejabberd;
        let romeo = stage.person(server, "romeo");
        let agent = stage.page(at_ejabberd(), "romeo").await;
        agent.log_in(&romeo).await;

        let shop = &street().shop;
        let page = visitor(stage, &shop.url(false)).await;
        put(&page, "c", &with(as_guest(server, &romeo.address), &[("label", "Ask us")])).await;
        let launcher = "inside('c', '.launcher')";
        let is_focused = format!("return document.getElementById('c').shadowRoot.activeElement === {launcher}");
        // Nothing is loaded before somebody wants it.
        let loaded = "return performance.getEntriesByType('resource').filter(r => /widget-/.test(r.name)).length";
        assert_eq!(page.script(loaded).await, 0);
        for _ in 0..20 {
            if page.script(&is_focused).await == true {
                break;
            }
            page.press_key(Key::Tab).await;
        }
        page.sees("the focus on the launcher", &is_focused).await;
        page.sees(
            "what it is",
            &format!("return {launcher}.ariaLabel === 'Open chat: Ask us' && {launcher}.ariaExpanded === 'false'"),
        )
        .await;
        page.press_key(Key::Enter).await;
        page.sees("that it is open", &format!("return {launcher}.ariaExpanded === 'true'")).await;
        page.sees(
            "a dialog with a name",
            "return inside('c', '.panel').role === 'dialog' && inside('c', '.panel').ariaLabel === 'Ask us'",
        )
        .await;
        page.sees(
            "the cursor in the field",
            "return document.getElementById('c').shadowRoot.activeElement?.matches('textarea') ?? false",
        )
        .await;
        page.type_keys("Is anybody there?").await;
        page.press_key(Key::Enter).await;
        agent.show_requests().await;
        agent.press(&by_hook("conversation")).await;
        agent.wait_said(&["in: Is anybody there?"]).await;
        wait_told(&page, "c", "message", "d.direction === 'out'").await;

        // Away, and back: what comes meanwhile is counted and announced, and seen afterwards.
        page.press_key(Key::Escape).await;
        page.sees("the focus on the launcher", &is_focused).await;
        agent.press_hook("stranger-add").await;
        agent.send("I am").await;
        page.sees(
            "the badge",
            "return inside('c', '.unread').checkVisibility() && inside('c', '.unread').textContent === '1'",
        )
        .await;
        wait_told(&page, "c", "unread", "d.count === 1").await;
        page.sees("the news for who cannot see", "return inside('c', '.say-to').textContent.includes('I am')").await;
        page.press_key(Key::Enter).await;
        page.sees("no badge", "return !inside('c', '.unread').checkVisibility()").await;
        wait_told(&page, "c", "unread", "d.count === 0").await;
        assert_eq!(said(&page, "c").await, ["Is anybody there?", "I am"]);
        leave(&page, shop).await;
    });
}

#[test]
fn guests_of_prosody_come_in_too() {
    scene(async |stage| {
        let server = &world().prosody;
        let romeo = stage.person(server, "romeo");
        let agent = stage.page(at_prosody(), "romeo").await;
        agent.log_in(&romeo).await;
        let shop = Shop::open(Shop::site(), at_prosody(), &server.origin());
        let page = visitor(stage, &shop.url(false)).await;
        put(&page, "c", &with(as_guest(server, &romeo.address), &[("mode", "inline")])).await;
        wait_told(&page, "c", "ready", "true").await;
        page.script("document.getElementById('c').send('Hello Prosody'); return true").await;
        agent.show_requests().await;
        agent.press(&by_hook("conversation")).await;
        agent.wait_said(&["in: Hello Prosody"]).await;
        leave(&page, &shop).await;
    });
}

#[test]
fn a_page_looks_the_same_with_it_and_it_looks_the_same_in_any_page() {
    /// All styles of all elements below one, as they are computed.
    const LOOK: &str = "const look = (root, out = []) => {
        for (const one of root.querySelectorAll('*')) {
            if (one.localName === 'waxwing-chat' || one.localName === 'path') continue;
            const style = getComputedStyle(one);
            out.push(one.localName + '.' + (one.getAttribute('class') ?? '') + ' '
                + [...style].filter(name => !/^--|origin/.test(name)).map(name => name + ':' + style.getPropertyValue(name)).join(';'));
        }
        return out;
    };";
    scene(async |stage| {
        let server = &world().ejabberd;
        let shop = &street().shop;
        let mut looks = Vec::new();
        for hostile in [false, true] {
            let page = visitor(stage, &shop.url(hostile)).await;
            page.resize(1000, 800).await;
            let host = format!("{LOOK} return look(document.body)");
            let before = page.script(&host).await;
            put(&page, "c", &with(as_guest(server, "romeo@a.localhost"), &[("theme", "light")])).await;
            page.script("document.getElementById('c').open(); return true").await;
            wait_online(&page, "c").await;
            // The last that comes: the server told whether it takes files.
            wait_inside(&page, "c", "[data-testid=attach]").await;
            page.sees(
                "the field",
                "return document.getElementById('c').shadowRoot.activeElement?.matches('textarea') ?? false",
            )
            .await;
            page.sees("a page at rest", "return document.getElementById('c').shadowRoot.getAnimations().length === 0")
                .await;
            assert_eq!(page.script(&host).await, before, "the page looks different");
            let look = format!("{LOOK} return look(document.getElementById('c').shadowRoot)");
            looks.push(page.script(&look).await);
            leave(&page, shop).await;
        }
        let [plain, hostile] = [0, 1].map(|which| looks[which].as_array().expect("elements").clone());
        assert_eq!(plain.len(), hostile.len());
        for (plain, hostile) in plain.iter().zip(&hostile) {
            let pairs = plain.as_str().unwrap().split(';').zip(hostile.as_str().unwrap().split(';'));
            let different: Vec<_> = pairs.filter(|(one, other)| one != other).collect();
            assert!(
                different.is_empty(),
                "the chat looks different: {} {different:?}",
                plain.as_str().unwrap().split(' ').next().unwrap()
            );
        }
    });
}

#[test]
fn nothing_is_left_of_elements_that_went() {
    scene(async |stage| {
        let server = &world().ejabberd;
        let shop = &street().shop;
        let page = visitor(stage, &shop.url(false)).await;
        let options = with(as_guest(server, "romeo@a.localhost"), &[("mode", "inline")]);
        let mount = async |times: u32| {
            for _ in 0..times {
                put(&page, "c", &options).await;
                wait_online(&page, "c").await;
                page.script("document.getElementById('c').remove(); return true").await;
            }
            page.sees("no open socket", "return sockets.opened === sockets.closed").await;
        };
        let count = || {
            for command in [
                "HeapProfiler.enable",
                "HeapProfiler.collectGarbage",
                "HeapProfiler.collectGarbage",
                "Performance.enable",
            ] {
                page.browser.chromium(command, &json!({}));
            }
            let metrics = page.browser.chromium("Performance.getMetrics", &json!({}));
            let metric = |name: &str| {
                let all = metrics["metrics"].as_array().expect("metrics");
                all.iter().find(|one| one["name"] == name).and_then(|one| one["value"].as_f64()).expect("a metric")
            };
            ["Nodes", "JSEventListeners", "JSHeapUsedSize"].map(metric)
        };
        // What is made once for a page is made by the first.
        mount(10).await;
        let memory = page.script("return memory.buffer.byteLength").await;
        let [nodes, listeners, heap] = count();
        mount(190).await;
        let [nodes_after, listeners_after, heap_after] = count();
        assert!(nodes_after <= nodes + 10.0, "{nodes} nodes became {nodes_after}");
        assert!(listeners_after <= listeners + 5.0, "{listeners} listeners became {listeners_after}");
        assert!(heap_after <= heap + 500_000.0, "a heap of {heap} became {heap_after}");
        assert_eq!(page.script("return memory.buffer.byteLength").await, memory, "the program's memory");
        assert_eq!(page.script("return sockets.opened").await, 200);
        leave(&page, shop).await;
    });
}

#[test]
fn two_of_a_page_are_two_people_and_one_that_is_moved_stays_who_it_is() {
    scene(async |stage| {
        let server = &world().ejabberd;
        let (romeo, juliet) = (stage.person(server, "romeo"), stage.person(server, "juliet"));
        let agent = stage.page(at_ejabberd(), "romeo").await;
        agent.log_in(&romeo).await;
        let shop = &street().shop;
        let page = visitor(stage, &shop.url(false)).await;
        put(&page, "guest", &with(as_guest(server, &romeo.address), &[("mode", "inline")])).await;
        let token = with(as_guest(server, &romeo.address), &[("mode", "inline"), ("auth", "token")]);
        put(&page, "own", &token).await;
        // A token that is refused is told, and another one may come.
        let give = |token: &str| {
            format!("document.getElementById('own').setToken({:?}, {token:?}); return true", juliet.address)
        };
        page.script(&give("not.a.token")).await;
        wait_told(&page, "own", "error", "d.code === 'sign-in-refused'").await;
        page.script(&give(juliet.password)).await;
        for id in ["guest", "own"] {
            wait_told(&page, id, "ready", "true").await;
            page.script(&format!("document.getElementById({id:?}).send('I am {id}'); return true")).await;
        }
        agent.show_requests().await;
        agent.sees("two who ask", "return document.querySelectorAll('[data-testid=conversation]').length === 2").await;
        agent.sees("who they are", &format!(
            "const from = [...document.querySelectorAll('[data-testid=conversation]')].map(one => one.dataset.jid).sort((a, b) => a.includes('anon') - b.includes('anon'));
             return from[0] === {:?} && from[1].endsWith('@{GUESTS}')", juliet.address)).await;

        // The server takes its time to close that of the token that it refused.
        page.sees("a connection each", "return sockets.opened - sockets.closed === 2").await;
        let opened = page.script("return sockets.opened").await;
        page.script("document.getElementById('other').append(document.getElementById('guest')); return true").await;
        page.sees(
            "what was said, in its new place",
            "return inside('guest', '[data-testid=message-body]')?.textContent === 'I am guest'",
        )
        .await;
        page.script("document.getElementById('guest').send('Still here'); return true").await;
        page.sees(
            "both",
            "return document.getElementById('guest').shadowRoot.querySelectorAll('[data-testid=message]').length === 2",
        )
        .await;
        assert_eq!(page.script("return sockets.opened").await, opened, "no new connection");

        // Another attribute makes another chat of it, in the same place.
        page.script("Object.assign(document.getElementById('guest'), { nickname: 'Nobody', domain: 'anon.localhost' }); return true").await;
        page.sees(
            "a chat in which nothing was said",
            "return !inside('guest', '[data-testid=message]') && !!inside('guest', 'textarea')",
        )
        .await;
        let places = "return document.getElementById('guest').shadowRoot.querySelectorAll('.place').length";
        assert_eq!(page.script(places).await, 1);
        page.sees("two connections", "return sockets.opened - sockets.closed === 2").await;
        leave(&page, shop).await;
    });
}

#[test]
fn a_password_is_asked_for_in_a_frame_only_and_strangers_get_no_word() {
    scene(async |stage| {
        let server = &world().ejabberd;
        let (romeo, juliet) = (stage.person(server, "romeo"), stage.person(server, "juliet"));
        server.befriend(&romeo, &juliet);
        let shop = &street().shop;
        let page = visitor(stage, &shop.url(true)).await;
        let login = json!({ "peer": juliet.address, "auth": "login" });
        put(&page, "bare", &with(login.clone(), &[("mode", "inline")])).await;
        wait_told(&page, "bare", "error", "d.code === 'needs-frame'").await;
        page.sees("no field", "return !inside('bare', 'input')").await;
        page.script("document.getElementById('bare').remove(); return true").await;

        let framed = with(login, &[("isolation", "frame")]);
        put(&page, "c", &framed).await;
        page.script("document.getElementById('c').open(); return true").await;
        page.sees("that the frame is there", "return inside('c', '.wait').hidden && !!inside('c', 'iframe')").await;
        page.script("document.getElementById('c').focus(); return true").await;
        page.sees(
            "the focus in the frame",
            "return document.getElementById('c').shadowRoot.activeElement?.localName === 'iframe'",
        )
        .await;
        // The page around speaks for nobody, and who is not the frame is not heard.
        page.script("document.getElementById('c').send('Not by me'); postMessage({ waxwing: 1, what: 'unread', detail: { count: 7 } }, '*'); return true").await;
        page.type_keys(&romeo.address).await;
        page.press_key(Key::Tab).await;
        page.type_keys(romeo.password).await;
        page.press_key(Key::Enter).await;
        wait_told(&page, "c", "ready", "true").await;
        let peer = stage.page(at_ejabberd(), "juliet").await;
        peer.log_in(&juliet).await;
        peer.show_contacts().await;
        peer.open_chat(&romeo.address).await;

        peer.send("Hello to the frame").await;
        wait_told(&page, "c", "message", "d.direction === 'in' && !('text' in d)").await;
        page.type_keys("From the frame").await;
        page.press_key(Key::Enter).await;
        peer.wait_said(&["out: Hello to the frame", "in: From the frame"]).await;
        assert_eq!(page.script("return told.some(([what, id, d]) => what === 'unread' && d.count === 7)").await, false);
        page.press_key(Key::Escape).await;
        page.sees("that it is closed", "return !document.getElementById('c').isOpen").await;
        leave(&page, shop).await;

        let stranger = &street().stranger;
        let page = visitor(stage, &stranger.url(false)).await;
        page.script("window.heard = []; addEventListener('message', e => heard.push(e.data)); return true").await;
        put(&page, "c", &framed).await;
        page.script("document.getElementById('c').open(); return true").await;
        wait_told(&page, "c", "error", "d.code === 'not-allowed'").await;
        assert_eq!(page.script("return heard").await, json!([]));
        leave(&page, stranger).await;
    });
}
