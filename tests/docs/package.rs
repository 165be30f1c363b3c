//! The types of the package are those of the element.

use std::fs;
use std::path::Path;

fn file(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The texts of a list in a script.
fn list(script: &str, name: &str) -> Vec<String> {
    let begin = format!("const {name} = [");
    let inside =
        script.split(&begin).nth(1).and_then(|rest| rest.split(']').next()).unwrap_or_else(|| panic!("no {name}"));
    inside.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_attribute_has_a_type() {
    let (script, types) = (file("public/widget.js"), file("npm/index.d.ts"));
    let attributes = [list(&script, "IDENTITY"), list(&script, "LOOKS")].concat();
    assert!(attributes.len() > 10, "{attributes:?}");
    for name in attributes {
        assert!(types.contains(&format!("\n  {name}: ")), "npm/index.d.ts does not have the attribute {name}");
    }
}

#[test]
fn every_method_has_a_type() {
    let (script, types) = (file("public/widget.js"), file("npm/index.d.ts"));
    let class = script.split("export class WaxwingChat").nth(1).unwrap();
    let from_the_browser = ["constructor", "connectedCallback", "disconnectedCallback", "connectedMoveCallback"];
    let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphabetic()) && !name.is_empty();
    let mut known = 0;
    for line in class.lines().filter(|line| line.starts_with("  ") && line.ends_with(") {")) {
        let name = line.trim_start().trim_start_matches("get ").split('(').next().unwrap();
        let own = line.as_bytes().get(2).is_some_and(u8::is_ascii_alphabetic);
        if own && is_name(name) && !from_the_browser.contains(&name) && name != "attributeChangedCallback" {
            let typed = types.contains(&format!("\n  {name}(")) || types.contains(&format!("readonly {name}: "));
            assert!(typed, "npm/index.d.ts does not have {name}");
            known += 1;
        }
    }
    assert!(known > 5, "the methods were not found");
}

/// What the program tells goes to the page under these names.
#[test]
fn every_event_has_a_type() {
    let (script, types) = (file("public/widget.js") + &file("src/bin/widget.rs"), file("npm/index.d.ts"));
    let told = script.split("tell(hears, \"").skip(1).chain(script.split("#emit(\"").skip(1));
    let names: Vec<&str> = told.filter_map(|rest| rest.split('"').next()).collect();
    assert!(names.len() > 4, "{names:?}");
    for name in names {
        assert!(types.contains(&format!("\"waxwing-{name}\": ")), "npm/index.d.ts does not have waxwing-{name}");
    }
}
