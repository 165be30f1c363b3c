//! Forms: what one side of XMPP asks another for when a single answer would not do (XEP-0004), as plain data. How a
//! form travels is told in [`crate::wire::form`].

use serde::{Deserialize, Serialize};

/// A form to be filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// What it is called.
    pub title: Option<String>,
    /// What to do, one paragraph each.
    pub instructions: Vec<String>,
    /// The fields, in the order in which they are shown.
    pub fields: Vec<Field>,
}

/// One field of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its name for whoever reads the answer; empty for a text that stands between the fields.
    pub name: String,
    /// What it takes.
    pub kind: FieldKind,
    /// Its name for people.
    pub label: Option<String>,
    /// What is to be known about it.
    pub hint: Option<String>,
    /// Whether it must be filled in.
    pub required: bool,
    /// What it holds until somebody changes it; for [`FieldKind::Fixed`], what it says.
    pub values: Vec<String>,
    /// What can be chosen.
    pub options: Vec<Choice>,
    /// What must be seen or heard in order to answer (XEP-0221).
    pub media: Option<Media>,
}

/// What a field takes (XEP-0004 §3.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldKind {
    /// One line; also what an unknown type counts as.
    #[default]
    Text,
    /// One line that nobody else should see.
    Secret,
    /// Several lines.
    Lines,
    /// Yes or no.
    Boolean,
    /// One of the options.
    One,
    /// Any of the options.
    Many,
    /// An address.
    Address,
    /// Several addresses.
    Addresses,
    /// Nothing: it says something.
    Fixed,
    /// Nothing: it goes back as it came.
    Hidden,
}

/// Something that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What is answered.
    pub value: String,
    /// What people read; the value, if there is nothing else.
    pub label: Option<String>,
}

/// Something to be seen or heard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Media {
    /// A picture that came with the form. Its first bytes are those of its type.
    Picture {
        /// Of which type it is.
        kind: Picture,
        /// The file.
        bytes: Vec<u8>,
    },
    /// An address of the web. Nothing is loaded from there unless somebody goes there.
    Elsewhere {
        /// The address, with `http:` or `https:`.
        url: String,
        /// Whether it is to be heard.
        sound: bool,
    },
}

/// The types of pictures that are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Picture {
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
    /// GIF.
    Gif,
    /// WebP.
    Webp,
}

/// What was answered in one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The name of the field.
    pub name: String,
    /// The values; none, if it was left empty.
    pub values: Vec<String>,
}

impl Form {
    /// The field of a name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether it can be answered only once: it holds something that must be looked at, or that came with this very
    /// copy of it.
    pub fn is_used_up(&self) -> bool {
        self.fields
            .iter()
            .any(|field| field.media.is_some() || (field.kind == FieldKind::Hidden && field.name != "FORM_TYPE"))
    }
}

impl Picture {
    /// The type of a file by its first bytes; `None`, if it is none that is shown.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            _ => None,
        }
    }

    /// The name of the type (RFC 6838).
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
        }
    }
}

/// Whether a text is an address of the web, and nothing that a browser would run.
pub fn is_web_address(text: &str) -> bool {
    let scheme = text.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http"))
        && !text.chars().any(|c| c.is_control() || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_what_its_bytes_say() {
        assert_eq!(Picture::of(b"\x89PNG\r\n\x1a\nrest"), Some(Picture::Png));
        assert_eq!(Picture::of(b"\xff\xd8\xff\xe0"), Some(Picture::Jpeg));
        assert_eq!(Picture::of(b"GIF89a"), Some(Picture::Gif));
        assert_eq!(Picture::of(b"RIFF\0\0\0\0WEBPVP8 "), Some(Picture::Webp));
        for other in [&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], b"<html>", b"", b"\x89PNG"] {
            assert_eq!(Picture::of(other), None);
        }
    }

    #[test]
    fn only_the_web_is_linked_to() {
        for good in ["https://a.example/x?y#z", "HTTP://a.example"] {
            assert!(is_web_address(good), "{good}");
        }
        for bad in
            ["javascript:alert(1)", "javascript://x%0aalert(1)", "data:text/html,x", "//a.example", "a", "https://a b"]
        {
            assert!(!is_web_address(bad), "{bad}");
        }
    }
}
