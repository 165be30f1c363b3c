//! Just enough of Rust's grammar to see which words, texts and paths a file contains.

/// One word, sign or text of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name, keyword or number.
    Word(String),
    /// The content of a string literal.
    Text(String),
    /// Any other character.
    Sign(char),
}

/// A token and where it stands.
#[derive(Clone, Debug)]
pub struct Token {
    pub kind: Kind,
    pub line: usize,
    /// Whether it belongs to a test only.
    pub test: bool,
}

impl Token {
    pub fn is(&self, word: &str) -> bool {
        matches!(&self.kind, Kind::Word(own) if own == word)
    }

    pub fn is_sign(&self, sign: char) -> bool {
        self.kind == Kind::Sign(sign)
    }

    pub fn word(&self) -> Option<&str> {
        match &self.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }
}

/// A path as it is written, `crate::a::b`, with the inline modules around it.
#[derive(Clone, Debug)]
pub struct Mention {
    pub path: Vec<String>,
    pub modules: Vec<String>,
    pub line: usize,
}

/// Splits a file into tokens, without comments, and marks what is compiled for tests only.
pub fn tokens(text: &str) -> Vec<Token> {
    let text: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < text.len() {
        let start = at;
        let kind = one_token(&text, &mut at);
        if let Some(kind) = kind {
            tokens.push(Token { kind, line, test: false });
        }
        line += text[start..at].iter().filter(|&&c| c == '\n').count();
    }
    mark_tests(&mut tokens);
    tokens
}

fn one_token(text: &[char], at: &mut usize) -> Option<Kind> {
    let ahead = |by: usize| text.get(*at + by).copied().unwrap_or('\0');
    match ahead(0) {
        '/' if ahead(1) == '/' => {
            *at += text[*at..].iter().take_while(|&&c| c != '\n').count();
            None
        }
        '/' if ahead(1) == '*' => {
            let mut depth = 0;
            loop {
                match (text.get(*at), text.get(*at + 1)) {
                    (Some('/'), Some('*')) => (depth, *at) = (depth + 1, *at + 2),
                    (Some('*'), Some('/')) => (depth, *at) = (depth - 1, *at + 2),
                    (None, _) => return None,
                    _ => *at += 1,
                }
                if depth == 0 {
                    return None;
                }
            }
        }
        '"' => {
            *at += 1;
            let start = *at;
            while *at < text.len() && text[*at] != '"' {
                *at += if text[*at] == '\\' { 2 } else { 1 };
            }
            *at = (*at).min(text.len());
            let content = text[start..*at].iter().collect();
            *at += 1;
            *at = (*at).min(text.len());
            Some(Kind::Text(content))
        }
        // 'a' and '\n' are characters, 'a without a closing quote is a lifetime.
        '\'' if ahead(1) == '\\' => {
            *at += 3;
            while *at < text.len() && text[*at] != '\'' {
                *at += 1;
            }
            *at = (*at + 1).min(text.len());
            None
        }
        '\'' if ahead(2) == '\'' => {
            *at += 3;
            None
        }
        c if c.is_alphanumeric() || c == '_' => {
            let length = text[*at..].iter().take_while(|c| c.is_alphanumeric() || **c == '_').count();
            let word: String = text[*at..*at + length].iter().collect();
            *at += length;
            if matches!(word.as_str(), "r" | "br" | "cr") && matches!(text.get(*at), Some('"' | '#')) {
                return raw_text(text, at);
            }
            Some(Kind::Word(word))
        }
        c => {
            *at += 1;
            (!c.is_whitespace()).then_some(Kind::Sign(c))
        }
    }
}

/// The rest of `r#"…"#`. A raw name like `r#type` has no quote after its `#` and is read as a sign and a word.
fn raw_text(text: &[char], at: &mut usize) -> Option<Kind> {
    let hashes = text[*at..].iter().take_while(|&&c| c == '#').count();
    if text.get(*at + hashes) != Some(&'"') {
        *at += hashes;
        return None;
    }
    *at += hashes + 1;
    let start = *at;
    while *at < text.len() {
        if text[*at] == '"' && text[*at + 1..].iter().take_while(|&&c| c == '#').count() >= hashes {
            let content = text[start..*at].iter().collect();
            *at += 1 + hashes;
            return Some(Kind::Text(content));
        }
        *at += 1;
    }
    None
}

/// Marks every item under `#[cfg(test)]`, `#[cfg(all(test, …))]` or `#[test]`.
fn mark_tests(tokens: &mut [Token]) {
    let mut at = 0;
    while at < tokens.len() {
        if !is_test_attribute(&tokens[at..]) {
            at += 1;
            continue;
        }
        let start = at;
        // The item ends at the first `;` outside of brackets, or with the brace that closes its body.
        let mut depth = 0;
        while at < tokens.len() {
            match tokens[at].kind {
                Kind::Sign('{' | '(' | '[') => depth += 1,
                Kind::Sign(')' | ']') => depth -= 1,
                Kind::Sign('}') => {
                    depth -= 1;
                    if depth <= 0 {
                        break;
                    }
                }
                Kind::Sign(';') if depth == 0 => break,
                _ => {}
            }
            at += 1;
        }
        let end = (at + 1).min(tokens.len());
        for token in &mut tokens[start..end] {
            token.test = true;
        }
        at = end;
    }
}

fn is_test_attribute(tokens: &[Token]) -> bool {
    let signs = |words: &[&str]| {
        words.iter().enumerate().all(|(index, word)| {
            tokens.get(index).is_some_and(|token| match &token.kind {
                Kind::Word(own) => own == word,
                Kind::Sign(own) => own.to_string() == **word,
                Kind::Text(_) => false,
            })
        })
    };
    signs(&["#", "[", "cfg", "(", "test", ")"])
        || signs(&["#", "[", "cfg", "(", "all", "(", "test"])
        || signs(&["#", "[", "test", "]"])
}

/// The names of the modules that are declared for tests only and stand in files of their own.
pub fn test_modules(tokens: &[Token]) -> Vec<String> {
    let windows = tokens.windows(3).filter(|three| three[0].test && three[0].is("mod") && three[2].is_sign(';'));
    windows.filter_map(|three| three[1].word().map(str::to_owned)).collect()
}

/// Every path that a file mentions: all of its `use` declarations, and all paths of more than one part.
pub fn mentions(tokens: &[Token]) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut modules: Vec<(String, usize)> = Vec::new();
    let (mut at, mut depth) = (0, 0_usize);
    while at < tokens.len() {
        let token = &tokens[at];
        let inline = || modules.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        match &token.kind {
            Kind::Sign('{') => depth += 1,
            Kind::Sign('}') => {
                depth = depth.saturating_sub(1);
                modules.retain(|(_, opened)| *opened < depth + 1);
            }
            Kind::Word(word) if word == "mod" => {
                if let (Some(name), Some(brace)) = (tokens.get(at + 1).and_then(Token::word), tokens.get(at + 2))
                    && brace.is_sign('{')
                {
                    depth += 1;
                    modules.push((name.to_owned(), depth));
                    at += 3;
                    continue;
                }
            }
            Kind::Word(word) if word == "use" => {
                let mut paths = Vec::new();
                let line = token.line;
                at += 1;
                use_tree(tokens, &mut at, &[], &mut paths);
                found.extend(paths.into_iter().map(|path| Mention { path, modules: inline(), line }));
                continue;
            }
            Kind::Word(word) => {
                let mut path = vec![word.clone()];
                let line = token.line;
                while is_double_colon(tokens, at + 1) {
                    let Some(next) = tokens.get(at + 3).and_then(Token::word) else { break };
                    path.push(next.to_owned());
                    at += 3;
                }
                if path.len() > 1 {
                    found.push(Mention { path, modules: inline(), line });
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

fn is_double_colon(tokens: &[Token], at: usize) -> bool {
    [at, at + 1].iter().all(|&index| tokens.get(index).is_some_and(|token| token.is_sign(':')))
}

/// Reads `a::{b, c as d}` and stops behind its `;`, or at the `,` or `}` of the tree around it.
fn use_tree(tokens: &[Token], at: &mut usize, before: &[String], paths: &mut Vec<Vec<String>>) {
    let mut path = before.to_vec();
    let mut grouped = false;
    while let Some(token) = tokens.get(*at) {
        match &token.kind {
            Kind::Word(word) if word == "as" => *at += 1,
            Kind::Word(word) if word != "self" || path.is_empty() => path.push(word.clone()),
            Kind::Sign('*') => path.push("*".to_owned()),
            Kind::Sign('{') => {
                grouped = true;
                *at += 1;
                while tokens.get(*at).is_some_and(|token| !token.is_sign('}') && !token.is_sign(';')) {
                    use_tree(tokens, at, &path, paths);
                    if tokens.get(*at).is_some_and(|token| token.is_sign(',')) {
                        *at += 1;
                    }
                }
            }
            Kind::Sign(',' | '}') if !before.is_empty() => break,
            Kind::Sign(';') => {
                if before.is_empty() {
                    *at += 1;
                }
                break;
            }
            _ => {}
        }
        *at += 1;
    }
    if !grouped && !path.is_empty() {
        paths.push(path);
    }
}
