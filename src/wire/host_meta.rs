//! RFC 6415: the host-meta document, as far as XEP-0156 needs it.

use serde::{Deserialize, Serialize};

use super::ns;
use super::xml::{Limits, parse};

/// The relation of a WebSocket address (XEP-0156 §3).
pub const WEBSOCKET: &str = ns::ALTERNATIVE_WEBSOCKET;

/// The host-meta documents of a domain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostMeta {
    /// `/.well-known/host-meta`, as it came.
    pub xml: Option<String>,
    /// The links of `/.well-known/host-meta.json`.
    pub links: Vec<Link>,
}

/// One link of a host-meta document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What it is for.
    pub rel: String,
    /// Where it leads.
    pub href: String,
}

/// The links of a document with the relation `rel`, in order. A document that cannot be read has none.
pub fn links(document: &str, rel: &str) -> Vec<String> {
    // Documents of the web begin with an XML declaration, which streams may not.
    let document = document.trim_start_matches('\u{feff}').trim_start();
    let document = match document.strip_prefix("<?xml") {
        Some(rest) => rest.split_once("?>").map_or("", |(_, document)| document),
        None => document,
    };
    let Ok(root) = parse(document, &Limits::STANZA) else { return Vec::new() };
    if !root.is(ns::XRD, "XRD") {
        return Vec::new();
    }
    let links = root.children().filter(|link| link.is(ns::XRD, "Link") && link.attribute("rel") == Some(rel));
    links.filter_map(|link| link.attribute("href")).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_websocket_links() {
        let document = "<?xml version='1.0' encoding='utf-8'?>\n<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'>\
            <Link rel='urn:xmpp:alt-connections:xbosh' href='https://a/bosh'/>\
            <Link rel='urn:xmpp:alt-connections:websocket' href='wss://a/ws'/></XRD>\n";
        assert_eq!(links(document, WEBSOCKET), ["wss://a/ws"]);
    }

    #[test]
    fn an_unreadable_document_has_no_links() {
        for document in ["", "<html>", "<?xml", "{}", "<XRD/>", "<!DOCTYPE x><XRD/>"] {
            assert!(links(document, WEBSOCKET).is_empty(), "{document}");
        }
    }
}
