//! XEP-0156: where a domain can be reached, and which addresses are safe to go to.

use crate::wire::host_meta::{self, HostMeta};
use crate::wire::web::{self, is_loopback};

/// A WebSocket address, as far as its safety is concerned.
struct Parts<'a> {
    encrypted: bool,
    host: &'a str,
}

fn parts(url: &str) -> Option<Parts<'_>> {
    let (encrypted, rest) = match url.split_once("://")? {
        (scheme, rest) if scheme.eq_ignore_ascii_case("wss") => (true, rest),
        (scheme, rest) if scheme.eq_ignore_ascii_case("ws") => (false, rest),
        _ => return None,
    };
    let host = web::host(url, rest)?;
    Some(Parts { encrypted, host })
}

/// Whether a password may be proven over this connection: encrypted, or not leaving the machine.
pub fn is_safe(url: &str) -> bool {
    parts(url).is_some_and(|parts| parts.encrypted || is_loopback(parts.host))
}

/// Whether a server may send us there: no less safe, and the same host (RFC 7395 §3.6.1 leaves the policy to us).
pub fn may_redirect(from: &str, to: &str) -> bool {
    match (parts(from), parts(to)) {
        (Some(old), Some(new)) => {
            is_safe(to) && new.host.eq_ignore_ascii_case(old.host) && new.encrypted >= old.encrypted
        }
        _ => false,
    }
}

/// The addresses of a domain to try, in order: what it announces, else the usual ones of ejabberd, Prosody and
/// Openfire on the host of that name.
pub fn candidates(domain: &str, host_meta: &HostMeta) -> Vec<String> {
    let mut announced =
        host_meta.xml.as_deref().map(|xml| host_meta::links(xml, host_meta::WEBSOCKET)).unwrap_or_default();
    announced
        .extend(host_meta.links.iter().filter(|link| link.rel == host_meta::WEBSOCKET).map(|link| link.href.clone()));
    announced.retain(|url| is_safe(url));
    announced.dedup();
    if !announced.is_empty() {
        return announced;
    }
    let mut usual = Vec::new();
    if is_loopback(domain) {
        for rest in [":5280/ws", ":5280/xmpp-websocket", ":7070/ws/"] {
            usual.push(format!("ws://{domain}{rest}"));
        }
    }
    for rest in ["/xmpp-websocket", "/ws", ":5443/ws", ":5281/xmpp-websocket", ":7443/ws/"] {
        usual.push(format!("wss://{domain}{rest}"));
    }
    usual
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::host_meta::Link;

    #[test]
    fn only_encrypted_and_local_addresses_are_safe() {
        for url in [
            "wss://a.example/ws",
            "WSS://a",
            "ws://localhost:5280/ws",
            "ws://a.localhost/ws",
            "ws://127.0.0.1:1",
            "ws://[::1]:5280/ws",
        ] {
            assert!(is_safe(url), "{url}");
        }
        for url in [
            "ws://a.example/ws",
            "http://a",
            "https://localhost",
            "wss://",
            "a.example",
            "",
            "ws://localhost.evil.example/",
            "ws://localhost@evil.example/",
            "ws://evil.example/localhost",
            "ws://127.0.0.1.evil.example",
            "ws://evil.example\\localhost",
            "wss://a example",
            "javascript://localhost",
        ] {
            assert!(!is_safe(url), "{url}");
        }
    }

    #[test]
    fn a_redirect_stays_on_the_host_and_encrypted() {
        assert!(may_redirect("wss://a.example/ws", "wss://A.example:5443/other"));
        assert!(may_redirect("ws://localhost:1/ws", "ws://localhost:2/ws"));
        for to in [
            "wss://evil.example/ws",
            "ws://a.example/ws",
            "wss://a.example@evil.example/",
            "a.example",
            "https://a.example",
        ] {
            assert!(!may_redirect("wss://a.example/ws", to), "{to}");
        }
    }

    #[test]
    fn what_is_announced_wins_if_it_is_safe() {
        let link = |href: &str| Link { rel: host_meta::WEBSOCKET.into(), href: href.into() };
        let xml = "<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'><Link rel='urn:xmpp:alt-connections:websocket' href='wss://x/ws'/></XRD>";
        let host_meta = HostMeta { xml: Some(xml.into()), links: vec![link("ws://a.example/ws"), link("wss://y/ws")] };
        assert_eq!(candidates("a.example", &host_meta), ["wss://x/ws", "wss://y/ws"]);
        let unsafe_only = HostMeta { xml: None, links: vec![link("ws://a.example/ws")] };
        assert_eq!(candidates("a.example", &unsafe_only)[0], "wss://a.example/xmpp-websocket");
        assert_eq!(candidates("a.localhost", &HostMeta::default())[0], "ws://a.localhost:5280/ws");
    }
}
