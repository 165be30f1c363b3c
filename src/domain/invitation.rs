//! Invitations as people pass them on: `xmpp:` addresses (RFC 5122) with a token (XEP-0379 §3.2, XEP-0445 §3), alone
//! or behind the `#` of a page of the web. Nothing in one says where or how to sign in, and nothing is done about one
//! before somebody agreed.

use crate::jid::BareJid;

/// Characters of a token or a name at most; a longer one is none.
const MOST: usize = 1_000;

/// An invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Who invites; for an account, the account or the domain on which it is made.
    pub address: BareJid,
    /// To what.
    pub to: To,
    /// What proves it to whoever made it.
    pub token: Option<String>,
    /// What whoever invites is said to be called.
    pub name: Option<String>,
}

/// What one can be invited to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// To become a contact; also to make an account on the same server, if `account`.
    Chat {
        /// The token serves for an account, too.
        account: bool,
    },
    /// To make an account.
    Account,
    /// To come into a group chat (XEP-0045 §17.2.1), under the name that is in it.
    Room,
}

impl Invitation {
    /// Reads what somebody pasted, or what stands behind the `#` of the page. `read` reads an address.
    pub fn parse(text: &str, read: &dyn Fn(&str) -> Option<BareJid>) -> Option<Self> {
        let text = text.trim();
        let text = text.split_once('#').map_or(text, |(_, behind)| behind);
        let (text, packed) = match text.strip_prefix("invite=") {
            Some(text) => (text, !text.contains('?')),
            None => (text, false),
        };
        let text = if packed { decoded(text)? } else { text.to_owned() };
        let (scheme, rest) = text.split_once(':').unwrap_or(("xmpp", &text));
        if !scheme.eq_ignore_ascii_case("xmpp") {
            return None;
        }
        let (address, query) = rest.split_once('?')?;
        let address = read(&decoded(address)?)?;
        let mut parts = query.split([';', '&']);
        let action = parts.next()?;
        let (mut token, mut name, mut account) = (None, None, false);
        for (key, value) in parts.filter_map(|part| part.split_once('=')) {
            let value = decoded(value).filter(|value| !value.is_empty() && value.chars().count() <= MOST);
            match key {
                "preauth" => token = value,
                "name" => name = value,
                "ibr" => account = value.as_deref() == Some("y"),
                _ => {}
            }
        }
        let to = match action {
            "roster" | "subscribe" if address.local().is_some() => To::Chat { account: account && token.is_some() },
            "register" if token.is_some() => To::Account,
            "join" if address.local().is_some() => To::Room,
            _ => return None,
        };
        Some(Self { address, to, token, name })
    }

    /// Whether an account can be made with it.
    pub fn makes_account(&self) -> bool {
        matches!(self.to, To::Account | To::Chat { account: true })
    }
}

/// Undoes percent-encoding (RFC 3986 §2.1); `None`, if it is wrong, or no text comes out.
pub fn decoded(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut out = Vec::new();
    while let Some(byte) = bytes.next() {
        let digit = |byte: Option<u8>| u8::try_from(char::from(byte?).to_digit(16)?).ok();
        out.push(match byte {
            b'%' => digit(bytes.next())?.wrapping_shl(4) | digit(bytes.next())?,
            byte => byte,
        });
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Option<Invitation> {
        Invitation::parse(text, &|text| text.parse().ok())
    }

    #[test]
    fn invitations_are_read_however_they_are_passed_on() {
        let chat = |account| Invitation {
            address: "romeo@a.ex".parse().unwrap(),
            to: To::Chat { account },
            token: Some("T K".into()),
            name: Some("Ro".into()),
        };
        for text in [
            "xmpp:romeo@a.ex?roster;preauth=T%20K;name=Ro",
            " XMPP:romeo@a.ex?subscribe;preauth=T%20K;name=Ro ",
            "#xmpp:romeo%40a.ex?roster;preauth=T%20K;name=Ro",
            "#invite=xmpp:romeo@a.ex?roster;preauth=T%20K;name=Ro",
            "#invite=xmpp%3Aromeo%40a.ex%3Froster%3Bpreauth%3DT%2520K%3Bname%3DRo",
            "https://b.ex/i/#romeo@a.ex?roster;preauth=T%20K;name=Ro",
        ] {
            assert_eq!(parse(text), Some(chat(false)), "{text}");
        }
        assert_eq!(parse("xmpp:romeo@a.ex?roster;preauth=T%20K;ibr=y;name=Ro"), Some(chat(true)));
        let room = parse("https://b.ex/#xmpp:r@a.ex?join;name=Anna%20K").unwrap();
        assert_eq!((room.to, room.name.as_deref(), room.makes_account()), (To::Room, Some("Anna K"), false));
        let account = parse("xmpp:a.ex?register;preauth=T").unwrap();
        assert_eq!((account.to, account.address.local()), (To::Account, None));
        let reserved = parse("xmpp:juliet@a.ex?register;preauth=T;ibr=y").unwrap();
        assert_eq!((reserved.to, reserved.address.local()), (To::Account, Some("juliet")));
        // Whoever has no token can still ask.
        assert_eq!(parse("xmpp:romeo@a.ex?roster").unwrap().token, None);
    }

    #[test]
    fn what_is_no_invitation_is_none() {
        for text in [
            "",
            "#",
            "#/chat/romeo%40a.ex",
            "romeo@a.ex",
            "xmpp:romeo@a.ex",
            "xmpp:romeo@a.ex?message;body=hi",
            "xmpp:romeo@a.ex?remove",
            "xmpp:a.ex?join",
            "xmpp:a.ex?roster;preauth=T",
            "xmpp:a.ex?register",
            "javascript:romeo@a.ex?roster;preauth=T",
            "xmpp:ro meo@a.ex?roster",
            "xmpp:romeo%zz@a.ex?roster",
            "xmpp:romeo%@a.ex?roster",
            "xmpp:%ff@a.ex?roster",
            "xmpp:?roster",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse(&format!("xmpp:a.ex?register;preauth={}", "a".repeat(1_001))), None);
    }
}
