//! Ways out of the page.

use web_sys::Url;

use super::el::{El, a};

/// A link to a page of the web, which opens beside this one and learns nothing of it; `None` for any other address.
pub(crate) fn outside(address: &str, words: &str) -> Option<El> {
    let url = Url::new(address).ok()?;
    matches!(url.protocol().as_str(), "https:" | "http:").then(|| {
        a().attr("href", url.href())
            .attr("target", "_blank")
            .attr("rel", "noopener noreferrer nofollow ugc")
            .child(words)
    })
}
