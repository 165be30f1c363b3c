//! `docs/config.md` is made of the keys in `src/config.rs`. `make docs` writes it.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use waxwing::config::{Entry, REFERENCE};

const HEAD: &str = "<!-- Made by `make docs` from src/config.rs. Change it there. -->

# config.json

A file beside `index.html`, for the operator of a copy. It may be changed at any time and counts from the next visit on. What is not in
it has a default, keys that are not listed here are ignored, and so is a value of the wrong kind: the page then says so, and works with
the rest. Nothing in the page's address overrides any of it. The file is public; no secret belongs into it.

An example with all that there is:

";

/// The two paragraphs of a key: what it means, and what to be careful about.
fn paragraphs(entry: &Entry) -> (String, String) {
    let lines: Vec<&str> = entry.lines.iter().map(|line| line.trim()).collect();
    let (meaning, caution) = match lines.iter().position(|line| line.is_empty()) {
        Some(empty) => (&lines[..empty], &lines[empty + 1..]),
        None => (&lines[..], &[][..]),
    };
    (meaning.join(" "), caution.join(" "))
}

fn reference() -> String {
    let mut page = String::from(HEAD);
    page.push_str("```json\n{\n");
    for (index, entry) in REFERENCE.iter().enumerate() {
        let end = if index + 1 < REFERENCE.len() { "," } else { "" };
        writeln!(page, "  \"{}\": {}{end}", entry.key, entry.example).unwrap();
    }
    page.push_str("}\n```\n\n| key | value | meaning | without it |\n| --- | --- | --- | --- |\n");
    for entry in REFERENCE {
        writeln!(page, "| `{}` | {} | {} | {} |", entry.key, entry.kind, paragraphs(entry).0, entry.without).unwrap();
    }
    page.push_str("\n## What to be careful about\n\n");
    for entry in REFERENCE {
        let (_, caution) = paragraphs(entry);
        if !caution.is_empty() {
            writeln!(page, "- `{}`: {caution}", entry.key).unwrap();
        }
    }
    page
}

fn file(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()))
}

#[test]
fn the_reference_of_the_configuration_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/config.md");
    let made = reference();
    if env::var_os("WAXWING_WRITE_DOCS").is_some() {
        fs::write(path, made).unwrap();
        return;
    }
    assert!(fs::read_to_string(path).is_ok_and(|kept| kept == made), "docs/config.md is out of date: run `make docs`");
}

/// Only a constant of the list gives a reader its key, so nothing is read that is not listed; this is the other way round.
#[test]
fn each_key_of_the_reference_is_read() {
    let (reader, frame) = (file("src/platform/config.rs"), file("public/frame.js"));
    for entry in REFERENCE {
        let by_the_page = reader.contains(&format!("(keys::{})", entry.constant));
        let by_the_frame =
            frame.contains(&format!("known.{}", entry.key)) || frame.contains(&format!(", {} }}", entry.key));
        assert!(by_the_page || by_the_frame, "nobody reads {}", entry.key);
    }
    assert!(!reader.contains("reader.text(\"") && !reader.contains("document, \""), "a key is read past the list");
}
