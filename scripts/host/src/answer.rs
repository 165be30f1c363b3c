//! What to answer to a request. Pure, so that every header can be tested without a socket.

use crate::compress::{Coding, negotiate};
use crate::policy::{self, Policies};
use crate::site::{Asset, Site};

/// The parts of a request that matter.
#[derive(Clone, Copy, Default)]
pub struct Request<'a> {
    /// Path and query, as sent.
    pub target: &'a str,
    pub accept_encoding: Option<&'a str>,
    pub if_none_match: Option<&'a str>,
}

pub struct Answer<'a> {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: &'a [u8],
}

/// Routes live behind `#`, so a path that is no file is an error and never the page.
pub fn answer<'a>(site: &'a Site, policies: &Policies, request: Request) -> Answer<'a> {
    let path = request.target.split(['?', '#']).next().and_then(|path| path.strip_prefix('/')).unwrap_or_default();
    let mut headers = vec![("Content-Security-Policy", policies.of(path).to_owned())];
    headers.extend(policy::ALWAYS.map(|(name, value)| (name, value.to_owned())));
    if policy::is_embedded(path) {
        for (name, value) in policy::EMBEDDED {
            headers.retain(|(known, _)| *known != name);
            headers.push((name, value.to_owned()));
        }
    }
    let Some((asset, coding, body)) = find(site, request) else {
        headers.push(("Content-Type", "text/plain; charset=utf-8".to_owned()));
        headers.push(("Cache-Control", "no-cache".to_owned()));
        return Answer { status: 404, headers, body: b"Not found\n" };
    };
    let tag = entity_tag(asset, coding);
    let keep = if asset.hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.push(("Cache-Control", keep.to_owned()));
    headers.push(("Vary", "Accept-Encoding".to_owned()));
    headers.push(("ETag", tag.clone()));
    if request.if_none_match.is_some_and(|known| matches(known, &tag)) {
        return Answer { status: 304, headers, body: b"" };
    }
    headers.push(("Content-Type", asset.media_type.to_owned()));
    if let Some(name) = coding.name() {
        headers.push(("Content-Encoding", name.to_owned()));
    }
    Answer { status: 200, headers, body }
}

fn find<'a>(site: &'a Site, request: Request) -> Option<(&'a Asset, Coding, &'a [u8])> {
    let path = request.target.split(['?', '#']).next()?.strip_prefix('/')?;
    let asset = site.get(if path.is_empty() { "index.html" } else { path })?;
    let (coding, body) = asset.body(negotiate(request.accept_encoding));
    Some((asset, coding, body))
}

/// A strong tag names one coding of one content.
fn entity_tag(asset: &Asset, coding: Coding) -> String {
    format!("\"{:016x}-{}\"", asset.fingerprint, coding.name().unwrap_or("id"))
}

/// `If-None-Match` compares weakly (RFC 9110, 13.1.2).
fn matches(known: &str, tag: &str) -> bool {
    known.split(',').map(str::trim).any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policies(page: &str) -> Policies {
        Policies::new(page.to_owned(), &[])
    }

    fn site() -> Site {
        let mut site = Site::default();
        site.insert("index.html", b"<!doctype html>".repeat(20)).unwrap();
        site.insert("boot.js", b"import".to_vec()).unwrap();
        site.insert("waxwing-0123456789abcdef_bg.wasm", vec![0; 500]).unwrap();
        site
    }

    fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
        answer.headers.iter().find(|(n, _)| *n == name).map(|(_, value)| value.as_str())
    }

    #[test]
    fn the_root_is_the_page_and_is_asked_for_again() {
        let site = site();
        let page = answer(&site, &policies("default-src 'none'"), Request { target: "/?x#y", ..Request::default() });
        assert_eq!(page.status, 200);
        assert_eq!(header(&page, "Content-Type"), Some("text/html; charset=utf-8"));
        assert_eq!(header(&page, "Cache-Control"), Some("no-cache"));
        assert_eq!(header(&page, "Content-Security-Policy"), Some("default-src 'none'"));
        assert_eq!(header(&page, "X-Content-Type-Options"), Some("nosniff"));
        assert_eq!(header(&page, "Content-Encoding"), None);
    }

    #[test]
    fn the_service_worker_is_asked_for_again() {
        let mut site = site();
        site.insert("sw.js", b"const VERSION = 1".to_vec()).unwrap();
        let worker = answer(&site, &policies(""), Request { target: "/sw.js", ..Request::default() });
        assert_eq!(header(&worker, "Cache-Control"), Some("no-cache"));
        assert_eq!(header(&worker, "Content-Type"), Some("text/javascript; charset=utf-8"));
    }

    #[test]
    fn what_other_pages_load_says_that_they_may() {
        let mut site = site();
        site.insert("widget.js", b"export".to_vec()).unwrap();
        let ask = |target| answer(&site, &policies(""), Request { target, ..Request::default() }).headers;
        let allows = |headers: &[(&str, String)]| headers.contains(&("Access-Control-Allow-Origin", "*".to_owned()));
        let widget = ask("/widget.js");
        assert!(allows(&widget) && widget.contains(&("Cross-Origin-Resource-Policy", "cross-origin".to_owned())));
        assert_eq!(widget.iter().filter(|(name, _)| *name == "Cross-Origin-Resource-Policy").count(), 1);
        assert!(!allows(&ask("/boot.js")));
    }

    #[test]
    fn hashed_names_are_kept_for_good() {
        let site = site();
        let target = "/waxwing-0123456789abcdef_bg.wasm";
        let wasm =
            answer(&site, &policies(""), Request { target, accept_encoding: Some("gzip, br"), ..Request::default() });
        assert_eq!(header(&wasm, "Cache-Control"), Some("public, max-age=31536000, immutable"));
        assert_eq!(header(&wasm, "Content-Type"), Some("application/wasm"));
        assert_eq!(header(&wasm, "Content-Encoding"), Some("br"));
        assert_eq!(header(&wasm, "Vary"), Some("Accept-Encoding"));
    }

    #[test]
    fn what_the_browser_has_is_not_sent_again() {
        let site = site();
        let ask = |accept_encoding, if_none_match| Request { target: "/", accept_encoding, if_none_match };
        let first = answer(&site, &policies(""), ask(Some("br"), None));
        let tag = header(&first, "ETag").unwrap();
        let again = answer(&site, &policies(""), ask(Some("br"), Some(tag)));
        assert_eq!((again.status, again.body), (304, &b""[..]));
        let weak = format!("\"other\", W/{tag}");
        assert_eq!(answer(&site, &policies(""), ask(Some("br"), Some(&weak))).status, 304);
        assert_eq!(
            answer(&site, &policies(""), ask(Some("gzip"), Some(tag))).status,
            200,
            "another coding is another body"
        );
        assert_eq!(answer(&site, &policies(""), ask(None, Some("\"other\""))).status, 200);
    }

    #[test]
    fn an_unknown_path_is_not_the_page() {
        let site = site();
        for target in ["/rooms", "/../Cargo.toml", "//index.html", "", "index.html", "/index.html/"] {
            let missing = answer(&site, &policies("default-src 'none'"), Request { target, ..Request::default() });
            assert_eq!(missing.status, 404, "{target}");
            assert!(header(&missing, "Content-Security-Policy").is_some());
        }
    }
}
