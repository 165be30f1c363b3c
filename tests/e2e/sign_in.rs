//! Signing in, and what is said when that does not work.

use std::sync::OnceLock;

use futures_util::SinkExt;
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::Message;

use crate::support::host::Host;
use crate::support::page::Page;
use crate::support::proxy::accept;
use crate::support::world::{anywhere, at_ejabberd, hosted_by, world};
use crate::support::{by_hook, scene};

/// What a browser itself says about a connection that could not be made.
const REFUSED: &str = "WebSocket connection to";

#[test]
fn a_wrong_password_is_told_and_can_be_put_right() {
    scene(async |stage| {
        let romeo = stage.person(&world().ejabberd, "romeo");
        let page = stage.page(at_ejabberd(), "romeo").await;
        page.try_to_log_in(&romeo.address, "capulet").await;
        let told = page.login_error().await;
        assert!(told.starts_with("The address or the password is not right."), "{told}");
        keeps_fields(&page, &romeo.address, "capulet").await;
        page.fill("input[name=password]", romeo.password).await;
        page.press_hook("login-submit").await;
        page.wait_connection("online").await;
    });
}

#[test]
fn an_account_that_does_not_exist_is_told_like_a_wrong_password() {
    scene(async |stage| {
        let page = stage.page(at_ejabberd(), "nobody").await;
        page.try_to_log_in("nobody@a.localhost", "secret").await;
        let told = page.login_error().await;
        assert!(told.starts_with("The address or the password is not right."), "{told}");
        keeps_fields(&page, "nobody@a.localhost", "secret").await;
    });
}

#[test]
fn a_domain_that_the_server_does_not_serve_is_told() {
    scene(async |stage| {
        let page = stage.page(at_ejabberd(), "stranger").await;
        page.try_to_log_in("romeo@nowhere.localhost", "secret").await;
        let told = page.login_error().await;
        assert!(told.starts_with("This server does not know the part of your address after the @."), "{told}");
        keeps_fields(&page, "romeo@nowhere.localhost", "secret").await;
    });
}

#[test]
fn a_service_that_nobody_listens_at_is_told() {
    scene(async |stage| {
        // Bound and given back: nobody listens there now.
        let port = TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap().port();
        let page = stage.page(anywhere(), "romeo").await;
        page.expects(REFUSED);
        let service = format!("ws://127.0.0.1:{port}/ws");
        page.name_service(&service).await;
        page.try_to_log_in("romeo@a.localhost", "secret").await;
        assert_eq!(page.login_error().await, "The server cannot be reached. Check the address and your network.");
        keeps_fields(&page, "romeo@a.localhost", "secret").await;
        assert_eq!(page.value("input[name=service]").await, service);
    });
}

#[test]
fn a_service_that_is_for_pages_is_told() {
    scene(async |stage| {
        let page = stage.page(anywhere(), "romeo").await;
        page.expects(REFUSED);
        page.name_service(&anywhere().url().replace("http:", "ws:")).await;
        page.try_to_log_in("romeo@a.localhost", "secret").await;
        assert_eq!(page.login_error().await, "The server cannot be reached. Check the address and your network.");
    });
}

#[test]
fn a_service_that_does_not_speak_xmpp_is_told() {
    scene(async |stage| {
        let page = stage.page(anywhere(), "romeo").await;
        for greeting in ["hello", "<html><body>It works!</body></html>", "{\"type\":\"welcome\"}", ""] {
            page.go("").await;
            page.name_service(&chatterbox(greeting).await).await;
            page.try_to_log_in("romeo@a.localhost", "secret").await;
            let told = page.login_error().await;
            let wanted = "There is a server at this address, but not one for chat. Check the service address.";
            assert_eq!(told, wanted, "to {greeting:?}");
            keeps_fields(&page, "romeo@a.localhost", "secret").await;
        }
    });
}

/// A WebSocket service that agrees to everything and says something else.
async fn chatterbox(greeting: &'static str) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::task::spawn_local(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(mut socket) = accept(stream).await {
                let _ = socket.send(Message::text(greeting)).await;
                tokio::task::spawn_local(async move {
                    use futures_util::StreamExt;
                    while socket.next().await.is_some() {}
                });
            }
        }
    });
    format!("ws://127.0.0.1:{port}/")
}

#[test]
fn an_unparsable_configuration_is_told_and_the_page_works_without_it() {
    static HOST: OnceLock<Host> = OnceLock::new();
    scene(async |stage| {
        let romeo = stage.person(&world().ejabberd, "romeo");
        let broken = || Host::start("broken", "{ \"service\": ", &[world().ejabberd.origin()]);
        let page = stage.page(HOST.get_or_init(broken), "romeo").await;
        let told = page.wait_text("#boot-problem", |text| !text.is_empty()).await;
        assert_eq!(told, "config.json could not be read: it is not a JSON object. This page runs without it.");
        page.name_service(&world().ejabberd.websocket()).await;
        page.log_in(&romeo).await;
    });
}

#[test]
fn a_program_that_the_browser_stops_is_told_and_can_be_loaded_again() {
    scene(async |stage| {
        let page = stage.page(at_ejabberd(), "romeo").await;
        page.expects("unreachable");
        page.expects("a mere mistake");
        // The eight bytes of a module, a type without parameters, a function of it named f, and its body: unreachable.
        page.script(
            "const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11];
             const trap = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes))).exports.f;
             setTimeout(trap); setTimeout(trap); setTimeout(() => { throw new RangeError('a mere mistake') });",
        )
        .await;
        let told = page.wait_text("#boot-problem", |text| !text.is_empty()).await;
        assert_eq!(told, "Something went wrong in this page, and it stopped. Reload");
        page.sees("a form that takes nothing", "return document.querySelector('.login').inert").await;
        page.press("#boot-problem button").await;
        page.sees("a fresh page", "return document.getElementById('boot-problem').hidden").await;
        page.started().await;
    });
}

#[test]
fn a_half_right_configuration_counts_as_far_as_it_is_right() {
    static HOST: OnceLock<Host> = OnceLock::new();
    scene(async |stage| {
        let romeo = stage.person(&world().ejabberd, "romeo");
        let service = world().ejabberd.websocket();
        let config = format!(
            r#"{{"service": "{service}", "domain": "a.localhost", "discovery": 7, "guest": "yes", "brand": "Verona"}}"#
        );
        let odd = || Host::start("odd", &config, &[world().ejabberd.origin()]);
        let page = stage.page(HOST.get_or_init(odd), "romeo").await;
        let told = page.wait_text("#boot-problem", |text| !text.is_empty()).await;
        assert_eq!(told, "config.json: \"guest\" must be true or false, and is ignored.");
        assert_eq!(page.wait_text(&by_hook("login-brand"), |_| true).await, "Verona");
        // The domain completes what was typed.
        page.try_to_log_in(romeo.name(), romeo.password).await;
        page.wait_connection("online").await;
    });
}

#[test]
fn a_guest_needs_no_password() {
    static HOST: OnceLock<Host> = OnceLock::new();
    scene(async |stage| {
        let server = &world().ejabberd;
        let config = format!(
            r#"{{"service": "{}", "domain": "anon.localhost", "guest": true, "discovery": false}}"#,
            server.websocket()
        );
        let open = || Host::start("guests", &config, &[server.origin()]);
        let page = stage.page(HOST.get_or_init(open), "guest").await;
        page.press_hook("login-guest").await;
        page.wait_connection("online").await;
        page.press_hook("status-menu").await;
        let address = page.wait_text(&by_hook("own-address"), |text| !text.is_empty()).await;
        assert!(address.ends_with("@anon.localhost"), "{address}");
    });
}

#[test]
fn guests_are_offered_only_where_the_operator_admits_them() {
    scene(async |stage| {
        let page = stage.page(at_ejabberd(), "guest").await;
        page.sees("no way in for guests", "return document.querySelector('[data-testid=login-guest]').hidden").await;
    });
}

#[test]
fn an_address_in_a_link_changes_nothing_about_where_one_signs_in() {
    static HOST: OnceLock<Host> = OnceLock::new();
    scene(async |stage| {
        let romeo = stage.person(&world().ejabberd, "romeo");
        let page = stage.page(HOST.get_or_init(|| hosted_by(&world().ejabberd)), "romeo").await;
        page.go("?service=ws://127.0.0.1:9/&domain=evil.example&guest=true&address=eve@evil.example").await;
        assert_eq!(page.value("input[name=address]").await, "");
        assert_eq!(page.value("input[name=service]").await, "");
        page.log_in(&romeo).await;
    });
}

async fn keeps_fields(page: &Page, address: &str, password: &str) {
    assert_eq!(page.value("input[name=address]").await, address);
    assert_eq!(page.value("input[name=password]").await, password);
}
