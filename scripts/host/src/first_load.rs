//! Which files a first visit fetches before the page is alive: the page, its styles, its scripts and its wasm. Icons,
//! the manifest and whatever is loaded later do not count.

use crate::site::Site;
use std::collections::BTreeSet;

pub fn first_load(site: &Site) -> BTreeSet<String> {
    let mut found = BTreeSet::from(["index.html".to_owned()]);
    let mut unread = vec!["index.html".to_owned()];
    while let Some(name) = unread.pop() {
        let Some(text) = site.get(&name).and_then(|asset| str::from_utf8(asset.plain()).ok()) else { continue };
        let named: Vec<&str> =
            if name.ends_with(".html") { attributes(text).collect() } else { imports(text).collect() };
        let base = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        for path in named.into_iter().filter_map(|reference| resolve(base, reference)) {
            if counts(&path) && site.get(&path).is_some() && found.insert(path.clone()) {
                unread.push(path);
            }
        }
    }
    found
}

fn counts(path: &str) -> bool {
    [".js", ".css", ".wasm"].iter().any(|extension| path.ends_with(extension))
}

/// Every attribute value, quoted or not; what is no file of ours is dropped later.
fn attributes(html: &str) -> impl Iterator<Item = &str> {
    html.split('=').skip(1).filter_map(|rest| match rest.chars().next()? {
        quote @ ('"' | '\'') => rest.split(quote).nth(1),
        _ => rest.split([' ', '\n', '>']).next(),
    })
}

/// What a script imports before it runs: `from "./x.js"` and `import "./x.js"`, but not `import("./x.js")`; and what a
/// style sheet imports.
fn imports(code: &str) -> impl Iterator<Item = &str> {
    ["from", "import"].into_iter().flat_map(move |keyword| {
        code.match_indices(keyword).filter_map(move |(at, _)| {
            let rest = code.get(at + keyword.len()..)?.trim_start();
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            rest.get(1..)?.split(quote).next()
        })
    })
}

/// A reference as a path below the root; nothing for another origin.
fn resolve(base: &str, reference: &str) -> Option<String> {
    let reference = reference.split(['?', '#']).next()?;
    if reference.contains(':') || reference.starts_with("//") {
        return None;
    }
    let mut parts: Vec<&str> = match reference.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => base.split('/').filter(|part| !part.is_empty()).collect(),
    };
    for part in reference.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_the_page_needs_to_start_is_counted_and_nothing_else() {
        let mut site = Site::default();
        let page = r#"<link rel="stylesheet" href="/main-1.css"><link rel=icon href=/icon.svg>
            <script type=module src=./boot.js data-js='/app-1.js' data-wasm="./app-1_bg.wasm"></script>"#;
        for (name, content) in [
            ("index.html", page),
            ("main-1.css", "body {}"),
            ("icon.svg", "<svg/>"),
            ("boot.js", "const later = () => import('./later.js');"),
            ("app-1.js", "import { a } from './snippets/x/inline0.js'; new URL('app-1_bg.wasm', import.meta.url)"),
            ("app-1_bg.wasm", "\0asm"),
            ("snippets/x/inline0.js", "export { b } from \"../y.js\""),
            ("snippets/y.js", ""),
            ("later.js", ""),
            ("sw.js", ""),
        ] {
            site.insert(name, content.into()).unwrap();
        }
        let files: Vec<String> = first_load(&site).into_iter().collect();
        let expected = [
            "app-1.js",
            "app-1_bg.wasm",
            "boot.js",
            "index.html",
            "main-1.css",
            "snippets/x/inline0.js",
            "snippets/y.js",
        ];
        assert_eq!(files, expected);
    }

    #[test]
    fn a_reference_cannot_leave_the_site() {
        assert_eq!(resolve("", "../x.js"), None);
        assert_eq!(resolve("a", "https://example.org/x.js"), None);
        assert_eq!(resolve("a/b", "../x.js?v=1"), Some("a/x.js".to_owned()));
        assert_eq!(resolve("a/b", "/x.js"), Some("x.js".to_owned()));
    }
}
