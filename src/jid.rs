//! XMPP addresses (RFC 7622), parsed once into types that cannot hold anything else.
//!
//! Two ways lead to an address. What arrives from the server was prepared by it already, so [`str::parse`]
//! checks it and folds ASCII case only. What a person types goes through [`BareJid::prepare`], which asks a
//! [`Prepare`] for Unicode normalisation: the tables weigh more than this client, and every browser has them.
//! An address that a peer smuggles in unprepared compares as different, which is the safe side.

use std::fmt;
use std::rc::Rc;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The longest part of an address, in bytes (RFC 7622 §3.1).
const PART_LIMIT: usize = 1023;

/// Unicode operations that need large tables.
pub trait Prepare {
    /// Normalisation form KC.
    fn nfkc(&self, text: &str) -> String;
    /// Full lower-casing, independent of language.
    fn lowercase(&self, text: &str) -> String;
}

/// Why a text is not an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JidError {
    /// Nothing stands where the domain belongs.
    NoDomain,
    /// An `@` with nothing before it.
    EmptyLocal,
    /// A `/` with nothing after it.
    EmptyResource,
    /// A part is longer than 1,023 bytes.
    TooLong,
    /// The part after the `@` is neither the name of a host nor an address of the Internet.
    BadDomain,
    /// A character that no address may contain.
    Forbidden(char),
    /// A bare address was wanted, but there is a resource.
    UnwantedResource,
    /// A full address was wanted, but there is no resource.
    NoResource,
}

impl fmt::Display for JidError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoDomain => f.write_str("the part after the @ is missing"),
            Self::EmptyLocal => f.write_str("the part before the @ is missing"),
            Self::EmptyResource => f.write_str("nothing follows the /"),
            Self::TooLong => f.write_str("a part is longer than 1023 bytes"),
            Self::BadDomain => f.write_str("the part after the @ is not the name of a server"),
            Self::Forbidden(character) => write!(f, "“{character}” may not stand in an address"),
            Self::UnwantedResource => f.write_str("an address without a /resource is wanted"),
            Self::NoResource => f.write_str("an address with a /resource is wanted"),
        }
    }
}

impl std::error::Error for JidError {}

/// `local@domain` or `domain`: an account, a room or a service.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BareJid(Rc<str>);

/// An address with a resource: one connected device, or one participant of a room.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FullJid {
    bare: BareJid,
    resource: Rc<str>,
}

/// Any address.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Jid {
    bare: BareJid,
    resource: Option<Rc<str>>,
}

impl BareJid {
    /// Reads what a person typed: white space around it is dropped, letters are folded and normalised.
    pub fn prepare(text: &str, unicode: &dyn Prepare) -> Result<Self, JidError> {
        let text = text.trim();
        if text.is_ascii() {
            return text.parse();
        }
        // Divided first: normalisation makes an `@` and a `/` of characters that only look like them (RFC 7622 §3.1).
        let prepared = |part: &str| {
            // Twice, because lower-casing can leave the normal form (RFC 3454 §3.2).
            let folded = unicode.nfkc(&unicode.lowercase(&unicode.nfkc(part)));
            // Stringprep folds these two, plain lower-casing does not, and servers still use stringprep.
            folded.replace('ß', "ss").replace('ς', "σ")
        };
        let (local, domain) = divided(text)?;
        // The full stops of other keyboards divide a domain too (RFC 3490 §3.1), but no dot may come out of a
        // character like ⒈, which is a different one.
        let domain = domain.replace(['\u{3002}', '\u{ff0e}', '\u{ff61}'], ".");
        let prepared_domain = prepared(&domain);
        if prepared_domain.matches('.').count() != domain.matches('.').count() {
            return Err(JidError::BadDomain);
        }
        checked_bare(local.map(prepared).as_deref(), &prepared_domain)
    }

    /// The part before the `@`.
    pub fn local(&self) -> Option<&str> {
        self.0.split_once('@').map(|(local, _)| local)
    }

    /// The part after the `@`, or all of it.
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or(&*self.0, |(_, domain)| domain)
    }

    /// The domain as an address of its own.
    pub fn domain_jid(&self) -> Self {
        Self(self.domain().into())
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// This account on one device.
    pub fn with_resource(&self, resource: &str) -> Result<FullJid, JidError> {
        Ok(FullJid { bare: self.clone(), resource: checked_resource(resource)? })
    }
}

impl FullJid {
    /// The address without its resource.
    pub fn bare(&self) -> &BareJid {
        &self.bare
    }

    /// The part after the `/`.
    pub fn resource(&self) -> &str {
        &self.resource
    }
}

impl Jid {
    /// The address without its resource.
    pub fn bare(&self) -> &BareJid {
        &self.bare
    }

    /// The part after the `/`.
    pub fn resource(&self) -> Option<&str> {
        self.resource.as_deref()
    }

    /// The bare address, if there is no resource.
    pub fn as_bare(&self) -> Option<&BareJid> {
        self.resource.is_none().then_some(&self.bare)
    }

    /// The same address with its resource, if it has one.
    pub fn to_full(&self) -> Option<FullJid> {
        self.resource.clone().map(|resource| FullJid { bare: self.bare.clone(), resource })
    }
}

impl From<BareJid> for Jid {
    fn from(bare: BareJid) -> Self {
        Self { bare, resource: None }
    }
}

impl From<FullJid> for Jid {
    fn from(full: FullJid) -> Self {
        Self { bare: full.bare, resource: Some(full.resource) }
    }
}

impl FromStr for Jid {
    type Err = JidError;

    fn from_str(text: &str) -> Result<Self, JidError> {
        // The first slash ends the bare address; a resource may contain both `/` and `@` (RFC 7622 §3.1).
        match text.split_once('/') {
            Some((bare, resource)) => Ok(Self { bare: bare.parse()?, resource: Some(checked_resource(resource)?) }),
            None => Ok(Self { bare: text.parse()?, resource: None }),
        }
    }
}

impl FromStr for BareJid {
    type Err = JidError;

    fn from_str(text: &str) -> Result<Self, JidError> {
        let (local, domain) = divided(text)?;
        checked_bare(local, domain)
    }
}

impl FromStr for FullJid {
    type Err = JidError;

    fn from_str(text: &str) -> Result<Self, JidError> {
        text.parse::<Jid>()?.to_full().ok_or(JidError::NoResource)
    }
}

/// The local part, if there is one, and the domain.
fn divided(text: &str) -> Result<(Option<&str>, &str), JidError> {
    if text.contains('/') {
        return Err(JidError::UnwantedResource);
    }
    Ok(text.split_once('@').map_or((None, text), |(local, domain)| (Some(local), domain)))
}

fn checked_bare(local: Option<&str>, domain: &str) -> Result<BareJid, JidError> {
    let mut prepared = String::new();
    if let Some(local) = local {
        // The characters that RFC 7622 §3.3.1 excludes, because the rest of an address is made of them.
        fold_into(&mut prepared, local, |c| matches!(c, '"' | '&' | '\'' | '/' | ':' | '<' | '>' | '@'))?;
        if prepared.is_empty() {
            // A missing domain is the worse mistake of the two.
            return Err(if domain.is_empty() { JidError::NoDomain } else { JidError::EmptyLocal });
        }
        prepared.push('@');
    }
    let mut folded = String::new();
    fold_into(&mut folded, domain, |c| c.is_ascii() && !domain_ascii(c))?;
    let domain = folded.strip_suffix('.').unwrap_or(&folded);
    if domain.is_empty() {
        return Err(JidError::NoDomain);
    }
    if !is_domain(domain) {
        return Err(JidError::BadDomain);
    }
    prepared.push_str(domain);
    Ok(BareJid(prepared.into()))
}

/// Whether this can be the name of a host, or is an IPv6 address in brackets. The lengths of names that are not
/// ASCII are left to the server: they count in an encoding that we do not have.
fn is_domain(domain: &str) -> bool {
    if let Some(address) = domain.strip_prefix('[') {
        return address.strip_suffix(']').is_some_and(is_like_ipv6);
    }
    let too_long = |name: &str, most: usize| name.is_ascii() && name.len() > most;
    let is_label = |label: &str| {
        let bad_end = label.starts_with('-') || label.ends_with('-');
        !(label.is_empty() || bad_end || too_long(label, 63) || label.contains(['[', ']', ':']))
    };
    !too_long(domain, 253) && domain.split('.').all(is_label)
}

/// Whether this has the form of an IPv6 address. Whether it is one, its server knows; the library's parser weighs
/// more than this.
fn is_like_ipv6(address: &str) -> bool {
    (address.contains("::") || address.matches(':').count() == 7)
        && address.len() <= 45
        && address.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'))
}

const fn domain_ascii(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '.' | '_' | '[' | ']' | ':')
}

fn checked_resource(text: &str) -> Result<Rc<str>, JidError> {
    if text.is_empty() {
        return Err(JidError::EmptyResource);
    }
    if text.len() > PART_LIMIT {
        return Err(JidError::TooLong);
    }
    match text.chars().find(|&c| c != ' ' && forbidden(c)) {
        Some(character) => Err(JidError::Forbidden(character)),
        None => Ok(text.into()),
    }
}

fn fold_into(out: &mut String, part: &str, also_forbidden: impl Fn(char) -> bool) -> Result<(), JidError> {
    let start = out.len();
    for character in part.chars().filter(|&c| !vanishes(c)) {
        if forbidden(character) || also_forbidden(character) {
            return Err(JidError::Forbidden(character));
        }
        out.push(character.to_ascii_lowercase());
    }
    if out.len().saturating_sub(start) > PART_LIMIT { Err(JidError::TooLong) } else { Ok(()) }
}

/// Characters that stringprep maps to nothing (RFC 3454 table B.1).
const fn vanishes(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{34f}' | '\u{1806}' | '\u{180b}'..='\u{180d}' | '\u{200b}'..='\u{200d}'
        | '\u{2060}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Characters that no part of an address may contain (RFC 3454 tables C.1 to C.9): spaces, controls, private
/// use, non-characters, replacement and direction marks.
fn forbidden(character: char) -> bool {
    character.is_control()
        || character.is_whitespace()
        || matches!(character, '\u{180e}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2061}'..='\u{206f}' | '\u{2ff0}'..='\u{2ffb}' | '\u{340}' | '\u{341}' | '\u{6dd}' | '\u{70f}'
            | '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}' | '\u{fff9}'..='\u{ffff}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0001}' | '\u{e0020}'..='\u{e007f}' | '\u{f0000}'..='\u{10ffff}')
        || (character as u32) & 0xfffe == 0xfffe
}

macro_rules! text_form {
    ($($type:ty),*) => {$(
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{self}")
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

text_form!(BareJid, FullJid, Jid);

impl fmt::Display for BareJid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for FullJid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.bare, self.resource)
    }
}

impl fmt::Display for Jid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.resource {
            Some(resource) => write!(f, "{}/{resource}", self.bare),
            None => write!(f, "{}", self.bare),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_at_the_first_slash_only() {
        let jid: Jid = "Romeo@A.localhost./a@b/c".parse().unwrap();
        assert_eq!(jid.bare().local(), Some("romeo"));
        assert_eq!(jid.bare().domain(), "a.localhost");
        assert_eq!(jid.resource(), Some("a@b/c"));
        assert_eq!(jid.to_string(), "romeo@a.localhost/a@b/c");
    }

    #[test]
    fn refuses_what_is_no_address() {
        for (text, error) in [
            ("", JidError::NoDomain),
            ("romeo@", JidError::NoDomain),
            ("@a.localhost", JidError::EmptyLocal),
            ("\u{200b}@a.localhost", JidError::EmptyLocal),
            ("romeo@a.localhost/", JidError::EmptyResource),
            ("a@b@c", JidError::Forbidden('@')),
            ("a:b@c", JidError::Forbidden(':')),
            ("a@b..c", JidError::BadDomain),
            ("a@-b", JidError::BadDomain),
            ("a@b:5222", JidError::BadDomain),
            ("a@[::1", JidError::BadDomain),
            ("a@.\u{200b}", JidError::NoDomain),
            ("ro meo@a", JidError::Forbidden(' ')),
            ("ro\u{202e}meo@a", JidError::Forbidden('\u{202e}')),
            ("romeo@a/\u{7}", JidError::Forbidden('\u{7}')),
        ] {
            assert_eq!(text.parse::<Jid>(), Err(error), "{text:?}");
        }
        assert_eq!(format!("{}@a", "x".repeat(1024)).parse::<Jid>(), Err(JidError::TooLong));
    }
}
