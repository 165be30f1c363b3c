//! Where a domain keeps its WebSocket: the documents of XEP-0156, fetched but not judged.

use js_sys::{Array, JSON};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{RequestCache, RequestCredentials};

use super::fetch::{self, member};
use crate::engine::{HostMeta, Link};

/// The most links of a document that are looked at.
const LINK_LIMIT: usize = 64;

/// Where documents may be sought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// Everywhere.
    #[default]
    Anywhere,
    /// At the page's own origin only: the operator said so, because the page's policy forbids the rest and
    /// every try would be reported as an offence against it.
    OwnOrigin,
}

/// Both host-meta documents of a domain, sought side by side. What cannot be had is empty.
pub async fn host_meta(domain: &str, reach: Reach) -> HostMeta {
    let Some(origin) = origin(domain, reach) else { return HostMeta::default() };
    let base = format!("{origin}/.well-known/host-meta");
    // Promises run on their own from here; futures would run one after the other.
    let (xml, json) = (begin(base.clone()), begin(format!("{base}.json")));
    let xml = xml.await.ok().and_then(|text| text.as_string());
    let links = json.await.ok().and_then(|text| text.as_string()).map(|text| links(&text)).unwrap_or_default();
    HostMeta { xml, links }
}

/// The links of a `host-meta.json`; none, if it is no such document.
pub fn links(json: &str) -> Vec<Link> {
    let Ok(document) = JSON::parse(json) else { return Vec::new() };
    let Ok(links) = member(&document, "links").dyn_into::<Array>() else { return Vec::new() };
    let link = |value: JsValue| {
        Some(Link { rel: member(&value, "rel").as_string()?, href: member(&value, "href").as_string()? })
    };
    links.iter().take(LINK_LIMIT).filter_map(link).collect()
}

/// Whether a host is this machine, so that nobody stands between it and the page.
pub fn is_loopback(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]") || host.ends_with(".localhost")
}

fn origin(domain: &str, reach: Reach) -> Option<String> {
    let location = web_sys::window()?.location();
    let own = location.origin().ok()?;
    if location.hostname().ok()? == domain && (own.starts_with("https:") || is_loopback(domain)) {
        return Some(own);
    }
    let scheme = if is_loopback(domain) { location.protocol().ok()? } else { "https:".to_owned() };
    let origin = format!("{scheme}//{domain}");
    (reach == Reach::Anywhere || origin == own).then_some(origin)
}

fn begin(url: String) -> JsFuture {
    future_to_promise(async move {
        let text = fetch::text(&url, RequestCredentials::Omit, RequestCache::Default).await;
        Ok(text.map_or(JsValue::UNDEFINED, JsValue::from))
    })
    .into()
}
