//! The keys of `config.json`: what the operator of a hosted copy may set.
//!
//! This list is all that can be read from the file. Whoever reads a key names a constant of it, and the reference for
//! operators (`docs/config.md`) is made of the same entries. What only the reference says is not compiled for the browser.

/// A key whose value is a text. An empty one counts as none.
#[derive(Clone, Copy, Debug)]
pub struct Text(&'static str);

/// A key whose value is `true` or `false`, and which of the two it is when nobody says.
#[derive(Clone, Copy, Debug)]
pub struct Flag(&'static str, bool);

/// A key whose value is a list of host names, without scheme and port.
#[derive(Clone, Copy, Debug)]
pub struct Hosts(&'static str);

/// A key whose value is a list of origins, each a scheme, a host and perhaps a port.
#[derive(Clone, Copy, Debug)]
pub struct Origins(&'static str);

impl Text {
    /// As it is written in the file.
    pub const fn name(self) -> &'static str {
        self.0
    }
}

impl Flag {
    /// As it is written in the file.
    pub const fn name(self) -> &'static str {
        self.0
    }

    /// What counts when the file says nothing.
    pub const fn default(self) -> bool {
        self.1
    }
}

impl Hosts {
    /// As it is written in the file.
    pub const fn name(self) -> &'static str {
        self.0
    }
}

impl Origins {
    /// As it is written in the file.
    pub const fn name(self) -> &'static str {
        self.0
    }
}

/// What the reference says about a key.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// As it is written in the file.
    pub key: &'static str,
    /// The name of its constant here.
    pub constant: &'static str,
    /// What kind of value it takes.
    pub kind: &'static str,
    /// What counts without it.
    pub without: &'static str,
    /// A value that it could have, as JSON.
    pub example: &'static str,
    /// The lines of its documentation: the meaning, then, after an empty line, what to be careful about.
    pub lines: &'static [&'static str],
}

/// Makes a constant of each key, and of its documentation an entry of the reference.
macro_rules! keys {
    ($($(#[doc = $line:literal])+ $constant:ident = $kind:ident($($value:expr),+), without $without:literal, like $example:literal;)+) => {
        $($(#[doc = $line])+ pub const $constant: $kind = $kind($($value),+);)+

        /// The reference, in the order in which it is read.
        #[cfg(not(target_arch = "wasm32"))]
        pub const REFERENCE: &[Entry] = &[$(Entry {
            key: $constant.name(),
            constant: stringify!($constant),
            kind: $kind::KIND,
            without: $without,
            example: $example,
            lines: &[$($line),+],
        }),+];
    };
}

#[cfg(not(target_arch = "wasm32"))]
impl Text {
    const KIND: &'static str = "text";
}

#[cfg(not(target_arch = "wasm32"))]
impl Flag {
    const KIND: &'static str = "`true` or `false`";
}

#[cfg(not(target_arch = "wasm32"))]
impl Hosts {
    const KIND: &'static str = "list of host names";
}

#[cfg(not(target_arch = "wasm32"))]
impl Origins {
    const KIND: &'static str = "list of origins";
}

keys! {
    /// The domain of your users. They need to type only the part of their address that stands before the `@`.
    DOMAIN = Text("domain"), without "people type whole addresses", like r#""example.org""#;

    /// The WebSocket address of your server (RFC 7395). The field for one is hidden then, and no domain is asked for its own.
    ///
    /// It must begin with `wss://`; `ws://` is admitted for this very machine only, since everybody on the way could read
    /// along. The content security policy must name the same origin in `connect-src`.
    SERVICE = Text("service"), without "the page asks the domain of an address (XEP-0156)", like r#""wss://example.org:5443/ws""#;

    /// Whether a domain may be asked for its WebSocket address at `/.well-known/host-meta.json` and `host-meta` (XEP-0156).
    ///
    /// With `false` only the origin that the page came from is asked. A copy for anybody, with an address of any domain,
    /// needs `connect-src 'self' https: wss:` in its policy; a copy for one server is safer with `service`, or with `false`.
    DISCOVERY = Flag("discovery", true), without "`true`", like "false";

    /// Whether the form offers to come in as a guest, without an account (XEP-0175).
    ///
    /// Guests come in to `guest_domain`, or to `domain`; one of them must name a host with anonymous login.
    GUEST = Flag("guest", false), without "`false`", like "true";

    /// The domain that guests come in to. Servers keep guests and accounts apart, on hosts of their own.
    GUEST_DOMAIN = Text("guest_domain"), without "`domain`", like r#""guests.example.org""#;

    /// Whether the page offers to make an account (XEP-0077), on the server or by an invitation (XEP-0401, XEP-0445).
    ///
    /// This hides the offer and no more. Who may have an account is decided by the server.
    REGISTRATION = Flag("registration", true), without "`true`", like "true";

    /// The name to show in place of Waxwing.
    BRAND = Text("brand"), without "Waxwing", like r#""Example Chat""#;

    /// Hosts from which pictures of contacts are shown without a click, beside those of the user's own server. No patterns.
    ///
    /// Each of these hosts learns who looks, when, and from where. The policy must admit it in `img-src`, too.
    PICTURES = Hosts("pictures"), without "none", like r#"["upload.example.net"]"#;

    /// Sites whose pages may show this copy's chat in a frame (`<waxwing-chat isolation="frame">`). `frame.js` reads it.
    ///
    /// People type passwords into that frame, so name only sites that you trust not to deceive them. The same sites must be
    /// in `frame-ancestors` of the policy of `frame.html`.
    EMBED = Origins("embed"), without "none", like r#"["https://www.example.com"]"#;

    /// Whether those sites are told what is said in the chat, and not only that something is. `frame.js` reads it.
    ///
    /// The site then reads the conversation along.
    EMBED_TEXT = Flag("embed_text", false), without "`false`", like "false";

    /// Whether a password may be sent as it is (SASL PLAIN) to a server that has nothing better than that.
    ///
    /// Unsafe: whoever can pose as the server gets the password itself. It goes over encryption only, and never to a server
    /// that offered SCRAM to the same page before. Let the server store SCRAM instead.
    ALLOW_PLAIN = Flag("allow_plain", false), without "`false`", like "false";
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::REFERENCE;

    #[test]
    fn each_key_is_there_once() {
        for (index, entry) in REFERENCE.iter().enumerate() {
            assert!(REFERENCE.iter().skip(index + 1).all(|other| other.key != entry.key), "{}", entry.key);
        }
    }

    #[test]
    fn the_reference_names_the_default_that_counts() {
        for flag in [super::DISCOVERY, super::GUEST, super::REGISTRATION, super::EMBED_TEXT, super::ALLOW_PLAIN] {
            let entry = REFERENCE.iter().find(|entry| entry.key == flag.name()).unwrap();
            assert_eq!(entry.without, format!("`{}`", flag.default()), "{}", flag.name());
        }
    }
}
