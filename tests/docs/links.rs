//! A link that leads nowhere is worse than none.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn pages(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            pages(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
}

/// What stands between `](` and `)`, outside of blocks of code.
fn links(text: &str) -> Vec<&str> {
    let words = text.split("```").step_by(2);
    words.flat_map(|part| part.split("](").skip(1).filter_map(|rest| rest.split(')').next())).collect()
}

#[test]
fn every_link_leads_to_a_file() {
    let mut found: Vec<PathBuf> =
        ["README.md", "ARCHITECTURE.md", "scripts/README.md"].map(|page| root().join(page)).into();
    pages(&root().join("docs"), &mut found);
    assert!(found.len() > 3, "the documentation was not found");
    let mut lost = Vec::new();
    for page in found {
        for link in links(&fs::read_to_string(&page).unwrap()) {
            let file = link.split('#').next().unwrap_or_default();
            if !link.contains("://") && !file.is_empty() && !page.parent().unwrap().join(file).exists() {
                lost.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

#[test]
fn every_page_is_in_the_index() {
    let index = fs::read_to_string(root().join("docs/README.md")).unwrap();
    for entry in fs::read_dir(root().join("docs")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(name == "README.md" || index.contains(&format!("({name}")), "docs/README.md does not name {name}");
    }
}

#[test]
fn links_are_seen_outside_of_code_only() {
    assert_eq!(links("[a](b.md) and [c](d.md#e)\n```\n[f](g.md)\n```\n[h](i)"), ["b.md", "d.md#e", "i"]);
}
