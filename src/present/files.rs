//! Files in words: their names, their sizes, and why one could not be sent.

use crate::domain::file::{clean_name, ending};
use crate::domain::problem::{Condition, Refusal};
use crate::domain::upload::Trouble;

/// The name of the file at an address: what stands last in its path.
pub fn name(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    clean_name(&decoded(path.split_once('/').map_or("", |(_, path)| path.rsplit('/').next().unwrap_or_default())))
}

/// Text in which bytes may be written as `%41`. What is no text that way stays as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let mut ahead = rest.clone();
        match (byte, digit(ahead.next()), digit(ahead.next())) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(high.saturating_mul(16).saturating_add(low));
                rest = ahead;
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// What kind of file it is, by the ending of its name.
pub fn kind(name: &str) -> String {
    match ending(name) {
        Some(ending) if ending.len() <= 5 && ending.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            format!("{} file", ending.to_ascii_uppercase())
        }
        _ => "File".to_owned(),
    }
}

/// A size as people say it, in thousands as their systems count.
pub fn size(bytes: u64) -> String {
    let tenths =
        |unit: u64| bytes.saturating_mul(10).saturating_add(unit.wrapping_div(2)).checked_div(unit).unwrap_or(0);
    let (tenths, name) = match bytes {
        1 => return "1 byte".to_owned(),
        0..1_000 => return exactly(bytes),
        1_000..999_950 => (tenths(1_000), "KB"),
        999_950..999_950_000 => (tenths(1_000_000), "MB"),
        _ => (tenths(1_000_000_000), "GB"),
    };
    let (whole, part) = (tenths.wrapping_div(10), tenths % 10);
    if part == 0 || whole >= 100 { format!("{whole} {name}") } else { format!("{whole}.{part} {name}") }
}

fn exactly(bytes: u64) -> String {
    format!("{bytes} bytes")
}

/// What the button says that takes files, and what they may weigh.
pub fn attach(limit: Option<u64>) -> String {
    match limit {
        Some(limit) => format!("Attach files, up to {} each", size(limit)),
        None => "Attach files".to_owned(),
    }
}

/// Why a file was not sent.
pub fn trouble(trouble: &Trouble, bytes: u64) -> String {
    match trouble {
        Trouble::NotConnected => "There is no connection at the moment.".to_owned(),
        Trouble::NoService => "Your server takes no files.".to_owned(),
        Trouble::TooLarge { limit: Some(limit) } => {
            // Rounded, one byte too many would look like none.
            let say = if size(bytes) == size(*limit) { exactly } else { size };
            format!("Too large: it has {}, and your server takes up to {}.", say(bytes), say(*limit))
        }
        Trouble::TooLarge { limit: None } => format!("Too large: your server does not take {}.", size(bytes)),
        Trouble::Refused(refusal) => refused(refusal),
        Trouble::Unsafe => "Your server named a place for it that is not safe.".to_owned(),
        Trouble::Status(status) => format!("The place for it refused it (HTTP {status})."),
        Trouble::Unreachable => "The place for it cannot be reached, or does not take files from this page.".to_owned(),
        Trouble::Stalled => "It did not get any further.".to_owned(),
        Trouble::Unreadable => "It cannot be read any more. Attach it again.".to_owned(),
    }
}

/// Why a server gave no place; its own words, if it has any.
fn refused(refusal: &Refusal) -> String {
    if let Some(said) = &refusal.text {
        return format!("Your server refused it: “{}”", super::text::name(said));
    }
    match refusal.condition {
        Condition::NotAcceptable => "Your server does not take a file like this.",
        Condition::ResourceConstraint => "Your server takes no more at the moment. Try again later.",
        Condition::Forbidden | Condition::NotAllowed => "Your server does not let you send files.",
        _ => "Your server refused it.",
    }
    .to_owned()
}

/// Whether the same file may arrive at another try.
pub const fn may_help(trouble: &Trouble) -> bool {
    !matches!(trouble, Trouble::TooLarge { .. } | Trouble::Unreadable)
}

/// What the page says after it was loaded again while files were on their way.
pub fn forgotten(files: u32) -> String {
    match files {
        1 => "The page was loaded again before a file was sent. Files are not kept: attach it again.".to_owned(),
        files => {
            format!("The page was loaded again before {files} files were sent. Files are not kept: attach them again.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_stands_last_and_tells_the_truth() {
        assert_eq!(name("https://up.example/x/my%20photo.jpg"), "my photo.jpg");
        assert_eq!(name("https://up.example/x/a.png?b=/c.exe#/d"), "a.png");
        assert_eq!(name("https://up.example/%e2%80%aegpj.exe"), "gpj.exe");
        assert_eq!(name("https://up.example/..%2f..%2fetc%2fpasswd"), "passwd");
        assert_eq!(name("https://up.example/100%"), "100%");
        assert_eq!(name("https://up.example/%ff.jpg"), "%ff.jpg");
        assert_eq!(name("https://up.example/%e5%86%99.jpg"), "写.jpg");
        assert_eq!(name("https://up.example"), "file");
        assert_eq!(name("https://up.example/"), "file");
        assert_eq!(kind("a.pdf"), "PDF file");
        assert_eq!(kind("a.tar.gz"), "GZ file");
        assert_eq!(kind("README"), "File");
        assert_eq!(kind("a.verylongending"), "File");
    }

    #[test]
    fn sizes_are_short() {
        for (bytes, said) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1_000, "1 KB"),
            (1_500, "1.5 KB"),
            (999_949, "999 KB"),
            (999_950, "1 MB"),
            (10_485_760, "10.5 MB"),
            (250_000_000, "250 MB"),
            (5_000_000_000, "5 GB"),
            (u64::MAX, "1844674407 GB"),
        ] {
            assert_eq!(size(bytes), said);
        }
    }
}
