//! What a group chat says in numbers (XEP-0045 §15.6), and by errors (§7.2).

use crate::condition::Condition;
use crate::domain::room::{Affiliation, Role, RoomNews, Why};
use crate::jid::{BareJid, Jid};
use crate::wire::ns;
use crate::wire::stanza_error::StanzaError;
use crate::wire::xml::Element;

/// Numbers of one stanza that are looked at.
const MOST: usize = 20;
/// Characters of a reason that are kept.
const REASON: usize = 300;

/// The `<x/>` of a group chat, read.
pub(super) struct Said {
    pub(super) codes: Vec<u16>,
    pub(super) affiliation: Option<Affiliation>,
    pub(super) role: Option<Role>,
    pub(super) address: Option<BareJid>,
    pub(super) nick: Option<String>,
    /// Who did it, and why.
    pub(super) by: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) destroyed: Option<Why>,
}

impl Said {
    pub(super) fn read(x: &Element) -> Self {
        let item = x.child(ns::MUC_USER, "item");
        let attribute = |name: &str| item.and_then(|item| item.attribute(name));
        let actor = item.and_then(|item| item.child(ns::MUC_USER, "actor"));
        let destroy = x.child(ns::MUC_USER, "destroy");
        Self {
            codes: codes(x),
            affiliation: attribute("affiliation").and_then(affiliation),
            role: attribute("role").and_then(|role| Role::ALL.into_iter().find(|known| known.name() == role)),
            address: attribute("jid").and_then(|jid| jid.parse::<Jid>().ok()).map(|jid| jid.bare().clone()),
            nick: attribute("nick").filter(|nick| !nick.is_empty()).map(str::to_owned),
            by: actor.and_then(|actor| actor.attribute("nick").or_else(|| actor.attribute("jid"))).map(str::to_owned),
            reason: item.and_then(reason),
            destroyed: destroy.map(|destroy| Why::Destroyed {
                alternate: destroy.attribute("jid").and_then(|jid| jid.parse().ok()),
                password: destroy.child(ns::MUC_USER, "password").map(Element::text),
                reason: reason(destroy),
            }),
        }
    }

    pub(super) fn has(&self, code: u16) -> bool {
        self.codes.contains(&code)
    }

    /// Why the user was put out; `None`, if nothing was said, as when somebody leaves.
    pub(super) fn put_out(self) -> Option<Why> {
        if self.destroyed.is_some() {
            return self.destroyed;
        }
        let (by, reason) = (self.by, self.reason);
        // 333 comes with 307 from servers that put out whoever has an error.
        if self.codes.contains(&333) {
            return Some(Why::Fault);
        }
        self.codes.iter().find_map(|code| match code {
            301 => Some(Why::BannedNow { by: by.clone(), reason: reason.clone() }),
            307 => Some(Why::Kicked { by: by.clone(), reason: reason.clone() }),
            321 => Some(Why::NoMember),
            322 => Some(Why::MembersOnlyNow),
            332 => Some(Why::ShutDown),
            _ => None,
        })
    }
}

/// The numbers of an `<x/>`.
pub(super) fn codes(x: &Element) -> Vec<u16> {
    let statuses = x.children().filter(|child| child.is(ns::MUC_USER, "status")).take(MOST);
    statuses.filter_map(|status| status.attribute("code")?.parse().ok()).collect()
}

/// How somebody belongs to a group chat, by its name.
pub(super) fn affiliation(name: &str) -> Option<Affiliation> {
    Affiliation::ALL.into_iter().find(|known| known.name() == name)
}

/// Why, in somebody's words.
pub(super) fn reason(element: &Element) -> Option<String> {
    let reason = element.child(element.namespace(), "reason")?.text();
    Some(reason.trim().chars().take(REASON).collect::<String>()).filter(|reason| !reason.is_empty())
}

/// What a number of the group chat tells the user once.
pub(super) const fn news(code: u16) -> Option<RoomNews> {
    Some(match code {
        100 | 172 => RoomNews::AddressesShown,
        102 => RoomNews::ShowsAbsent(true),
        103 => RoomNews::ShowsAbsent(false),
        104 => RoomNews::SetUpAnew,
        170 => RoomNews::Logged,
        171 => RoomNews::NotLogged,
        173 | 174 => RoomNews::AddressesHidden,
        201 => RoomNews::Created,
        _ => return None,
    })
}

/// Why a group chat does not let the user in.
pub(super) fn why(error: &StanzaError, with_password: bool) -> Why {
    match error.condition {
        Condition::NotAuthorized if with_password => Why::WrongPassword,
        Condition::NotAuthorized => Why::PasswordRequired,
        Condition::Forbidden => Why::Banned,
        Condition::RegistrationRequired => Why::MembersOnly,
        Condition::Conflict => Why::NickTaken,
        Condition::NotAcceptable => Why::NickFixed,
        Condition::ServiceUnavailable => Why::Full,
        Condition::ItemNotFound => Why::NotThere,
        Condition::NotAllowed => Why::MayNotCreate,
        Condition::Gone | Condition::Redirect => Why::Gone { to: error.elsewhere.as_deref().and_then(address) },
        Condition::ResourceConstraint | Condition::PolicyViolation => Why::TooMuch,
        Condition::JidMalformed => Why::BadNick,
        Condition::RemoteServerNotFound | Condition::RemoteServerTimeout => Why::Unreachable,
        _ => Why::Other(error.clone().into()),
    }
}

/// The address in a `xmpp:` URI, or by itself.
fn address(text: &str) -> Option<BareJid> {
    let text = text.trim();
    let text = text.strip_prefix("xmpp:").unwrap_or(text);
    text.split_once('?').map_or(text, |(address, _)| address).parse().ok()
}
