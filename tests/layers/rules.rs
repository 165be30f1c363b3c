//! The rules, and the check of one file against them.

use crate::source::{self, Kind, Mention, Token};

/// No file is longer; what grows beyond it has become two things.
const MOST_LINES: usize = 500;

/// Words that every layer may use, because they are the words of the protocol and of time.
const VOCABULARY: &[&str] = &["jid", "clock", "condition", "form", "map"];

/// The parts of the crate, and which other parts each may know.
const LAYERS: &[(&str, &[&str])] = &[
    ("jid", &[]),
    ("clock", &[]),
    ("condition", &[]),
    ("form", &[]),
    ("map", &[]),
    ("config", &[]),
    ("wire", &[]),
    // The session says where it stands, and why, in the words of the domain: they need no translation further up.
    ("session", &["wire", "domain::account", "domain::errand", "domain::problem"]),
    ("domain", &[]),
    ("features", &["wire", "domain"]),
    ("engine", &["wire", "session", "features", "domain"]),
    ("present", &["domain"]),
    // The browser stretches passwords (PBKDF2), so it names the hash and the keys of SCRAM.
    ("platform", &["engine", "domain", "session::scram", "config"]),
    ("ui", &["engine", "domain", "present"]),
    ("main", &["platform", "ui", "engine", "domain", "present"]),
    ("bin", &["platform", "ui", "engine", "domain", "present"]),
];

/// The one file of the views that knows who runs the engine.
const BRIDGE: &str = "ui/client.rs";

/// Where the clock, randomness, waiting and logging are at home.
const OUTSIDE: &[&str] = &["platform", "ui", "main", "bin"];

/// No thread shares anything here, nothing waits, and what people write to each other is not logged.
const FORBIDDEN_WORDS: &[&str] = &["Arc", "Mutex", "RwLock", "async", "await", "println", "eprintln", "print", "dbg"];

/// Paths that read a clock, draw a random number or log: two parts that follow each other, `*` for any.
const FORBIDDEN_PATHS: &[(&str, &str)] = &[
    ("time", "Instant"),
    ("time", "SystemTime"),
    ("Instant", "now"),
    ("SystemTime", "now"),
    ("Date", "now"),
    ("Math", "random"),
    ("getrandom", "*"),
    ("rand", "*"),
    ("log", "*"),
    ("tracing", "*"),
    ("console", "*"),
];

/// How namespaces begin that must be written once only.
const NAMESPACES: &[&str] = &["jabber:", "urn:xmpp:", "http://jabber.org", "urn:ietf:params:xml:ns:"];

/// The rules, with what must be known of the whole tree to apply them.
pub struct Rules {
    /// The features, by the names of their files.
    features: Vec<String>,
    /// Files that are compiled for tests only, without `.rs`.
    test_files: Vec<String>,
}

impl Rules {
    pub fn new(files: &[(String, String)]) -> Self {
        let mut features = Vec::new();
        let mut test_files = Vec::new();
        for (path, text) in files {
            if let Some(("features", feature)) = path.split_once('/') {
                let feature = feature.split(['/', '.']).next().unwrap_or_default();
                if feature != "mod" && !features.iter().any(|known| known == feature) {
                    features.push(feature.to_owned());
                }
            }
            let folder = module_of(path).join("/");
            let names = source::test_modules(&source::tokens(text));
            test_files.extend(names.iter().map(|name| format!("{folder}/{name}")));
        }
        Self { features, test_files }
    }

    /// What is wrong with a file.
    pub fn check(&self, path: &str, text: &str) -> Vec<String> {
        let mut broken = Vec::new();
        let lines = text.lines().count();
        if lines >= MOST_LINES {
            broken.push(format!("src/{path}: {lines} lines; a file stays under {MOST_LINES} lines"));
        }
        let module = module_of(path);
        // The root of the library holds the list of modules and nothing to check.
        let Some(layer) = module.first() else { return broken };
        let tokens = source::tokens(text);
        let mentions = source::mentions(&tokens);
        let mut complain = |line: usize, what: String| broken.push(format!("src/{path}:{line}: {what}"));
        for mention in &mentions {
            if let Some(what) = self.bad_path(path, &module, mention) {
                complain(mention.line, what);
            }
        }
        if self.is_test_file(&module) {
            return broken;
        }
        if !OUTSIDE.contains(&layer.as_str()) {
            for token in tokens.iter().filter(|token| !token.test) {
                if let Some(word) = FORBIDDEN_WORDS.iter().find(|word| token.is(word)) {
                    complain(token.line, format!("{word} belongs into platform or ui"));
                }
            }
            let code: Vec<Token> = tokens.iter().filter(|token| !token.test).cloned().collect();
            for mention in source::mentions(&code) {
                if let Some(what) = FORBIDDEN_PATHS.iter().find(|forbidden| is_forbidden(&mention.path, forbidden)) {
                    complain(mention.line, format!("{}::{} belongs into platform or ui", what.0, what.1));
                }
            }
        }
        if path != "wire/ns.rs" {
            for token in tokens.iter().filter(|token| !token.test) {
                if let Kind::Text(text) = &token.kind
                    && NAMESPACES.iter().any(|start| text.contains(start))
                {
                    complain(token.line, format!("the namespace {text:?} belongs into wire/ns.rs"));
                }
            }
        }
        broken
    }

    fn is_test_file(&self, module: &[String]) -> bool {
        let module = module.join("/");
        module.split('/').any(|part| part == "tests")
            || self.test_files.iter().any(|file| module == *file || module.starts_with(&format!("{file}/")))
    }

    fn bad_path(&self, file: &str, module: &[String], mention: &Mention) -> Option<String> {
        let layer = module.first()?.as_str();
        if mention.path.first().is_some_and(|first| first == "quick_xml") && layer != "wire" {
            return Some("only wire may know quick_xml".to_owned());
        }
        let path = absolute(module, mention)?;
        let Some(target) = path.first().filter(|first| *first != "*") else {
            return Some("the whole crate is imported; name the parts".to_owned());
        };
        let known = LAYERS.iter().any(|(name, _)| name == target);
        if target == "features" && layer == "features" {
            return self.bad_feature(module, &path);
        }
        if !known
            || target == layer
            || VOCABULARY.contains(&target.as_str())
            || (file == BRIDGE && target == "platform")
        {
            return None;
        }
        let (_, allowed) = LAYERS.iter().find(|(name, _)| *name == layer)?;
        let fits = |allowed: &str| {
            allowed.split("::").enumerate().all(|(index, part)| path.get(index).is_some_and(|own| own == part))
        };
        (!allowed.iter().any(|allowed| fits(allowed))).then(|| format!("{layer} may not know {}", path.join("::")))
    }

    /// Features meet in the domain, never each other; only their list knows them all.
    fn bad_feature(&self, module: &[String], path: &[String]) -> Option<String> {
        let own = module.get(1)?;
        let other = path.get(1).filter(|other| *other != own && self.features.contains(other))?;
        Some(format!("the feature {own} may not know the feature {other}"))
    }
}

fn is_forbidden(path: &[String], (owner, name): &(&str, &str)) -> bool {
    path.windows(2).any(|two| two[0] == *owner && (*name == "*" || two[1] == *name))
}

/// `wire/xml/tests.rs` is the module `wire::xml::tests`, and `engine/mod.rs` is `engine`.
fn module_of(path: &str) -> Vec<String> {
    let path = path.strip_suffix(".rs").unwrap_or(path);
    let mut parts: Vec<String> = path.split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| last == "mod") || path == "lib" {
        parts.pop();
    }
    parts
}

/// The path from the root of the crate, or `None` if it leads to another crate or to something local.
fn absolute(module: &[String], mention: &Mention) -> Option<Vec<String>> {
    let mut rest = mention.path.iter().peekable();
    let mut base = match rest.next()?.as_str() {
        "crate" | "waxwing" => return Some(rest.cloned().collect()),
        "self" => [module, &mention.modules].concat(),
        "super" => {
            let mut base = [module, &mention.modules].concat();
            base.pop();
            base
        }
        _ => return None,
    };
    while rest.next_if(|part| *part == "super").is_some() {
        base.pop();
    }
    base.extend(rest.cloned());
    Some(base)
}
