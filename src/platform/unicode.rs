//! Unicode operations asked of the browser, whose tables we need not carry.

use js_sys::JsString;

use crate::jid::Prepare;

/// The browser's own Unicode tables.
#[derive(Clone, Copy, Debug, Default)]
pub struct BrowserUnicode;

impl Prepare for BrowserUnicode {
    fn nfkc(&self, text: &str) -> String {
        JsString::from(text).normalize("NFKC").into()
    }

    fn lowercase(&self, text: &str) -> String {
        JsString::from(text).to_lower_case().into()
    }
}

/// A password in the form in which servers hash it: SASLprep (RFC 4013) as far as it changes text. RFC 7613
/// replaced it by another profile, but the servers kept to this one, and for almost every password both agree.
pub fn prepare_password(password: &str) -> String {
    if password.is_ascii() {
        return password.to_owned();
    }
    let mapped: String = password
        .chars()
        .filter_map(|character| match character {
            _ if is_other_space(character) => Some(' '),
            _ if is_mapped_to_nothing(character) => None,
            _ => Some(character),
        })
        .collect();
    BrowserUnicode.nfkc(&mapped)
}

/// RFC 3454 table C.1.2.
const fn is_other_space(character: char) -> bool {
    matches!(character, '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200b}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
}

/// RFC 3454 table B.1.
const fn is_mapped_to_nothing(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{34f}' | '\u{1806}' | '\u{180b}'..='\u{180d}' | '\u{200c}' | '\u{200d}'
        | '\u{2060}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}
