//! What people read about presence, delivery and everything that can go wrong. Short, kind, and saying what to do.
//! No word of the protocol stands in here.

use crate::domain::account::Connection;
use crate::domain::change::{Notice, Wish};
use crate::domain::presence::Availability;
use crate::domain::problem::{Condition, Problem, Reason, Refusal};
use crate::domain::timeline::{Delivery, Gap};

/// How reachable somebody is.
pub const fn availability(availability: Availability) -> &'static str {
    match availability {
        Availability::Unavailable => "Offline",
        Availability::Xa => "Away for a while",
        Availability::Away => "Away",
        Availability::Dnd => "Do not disturb",
        Availability::Available => "Online",
        Availability::Chat => "Free to chat",
    }
}

/// How far a message came.
pub const fn delivery(delivery: &Delivery) -> &'static str {
    match delivery {
        Delivery::Queued => "Waiting to be sent",
        Delivery::Sent => "Sent",
        Delivery::Acked => "On the server",
        Delivery::Delivered => "Delivered",
        Delivery::Displayed => "Read",
        Delivery::Failed(_) => "Not sent",
        Delivery::Unknown => "May not have arrived",
    }
}

/// How many own messages wait to be sent.
pub fn waiting(messages: usize) -> String {
    match messages {
        1 => "1 message waits to be sent.".to_owned(),
        more => format!("{more} messages wait to be sent."),
    }
}

/// How many messages were found, and whether there may be more.
pub fn found(count: u32, is_looking: bool) -> String {
    match (count, is_looking) {
        (0, true) => "Looking through your messages…".to_owned(),
        (0, false) => "Nothing found in your messages".to_owned(),
        (1, false) => "1 message".to_owned(),
        (1..1_000, false) => format!("{count} messages"),
        (1..1_000, true) => format!("{count} messages so far…"),
        _ => "More than 999 messages".to_owned(),
    }
}

/// What is done about messages that are missing in between. Nothing is fetched without a connection.
pub const fn gap(gap: Gap, online: bool) -> &'static str {
    match gap {
        Gap::Filling if online => "Loading missing messages…",
        Gap::Filling => "Messages that are missing here come when you are online.",
        Gap::Failed => "Some messages are missing here.",
    }
}

/// The state of the connection in a few words; empty while all is well.
pub const fn connection(connection: &Connection) -> &'static str {
    match connection {
        Connection::Offline => "Offline",
        Connection::Connecting => "Connecting…",
        Connection::Authenticating => "Signing in…",
        Connection::Online => "Online",
        Connection::Reconnecting { retry_at: None, .. } => {
            "You are offline. Messages are sent when the network is back."
        }
        Connection::Reconnecting { .. } => "Connection lost",
        Connection::Failed(_) => "Not connected",
    }
}

/// What is wrong with the connection, and what the server wrote about it.
pub fn problem(problem: &Problem) -> String {
    match &problem.text {
        Some(text) => format!("{} The server says: “{}”", reason(problem.reason), super::text::name(text)),
        None => reason(problem.reason).to_owned(),
    }
}

/// Why there is no connection.
pub const fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Unreachable => "The server cannot be reached. Check the address and your network.",
        Reason::Lost => "The connection was lost.",
        Reason::TimedOut => "The server takes too long to answer.",
        Reason::NotXmpp => "There is a server at this address, but not one for chat. Check the service address.",
        Reason::HostUnknown => "This server does not know the part of your address after the @.",
        Reason::RedirectRefused => "The server sent us to another one that cannot be trusted.",
        Reason::InsecureService => "The service address is not encrypted. It must begin with wss://",
        Reason::WrongPassword => "The address or the password is not right.",
        Reason::AccountDisabled => "This account is disabled. Ask who runs the server.",
        Reason::CredentialsExpired => "Your password has expired. Change it with who runs the server.",
        Reason::SignInAgain => "Please enter your password again.",
        Reason::NoCommonMechanism => "The server offers no safe way to sign in.",
        Reason::Downgrade => "The server wants a weaker sign-in than before. To protect your password we stopped.",
        Reason::EncryptionRequired => "The server wants an encrypted connection. Use a service address with wss://",
        Reason::TemporaryAuthFailure => "The server cannot check passwords right now. We will try again.",
        Reason::AuthRefused => "The server refused this sign-in.",
        Reason::ServerNotProven => "The server could not prove that it is the right one. To protect you we stopped.",
        Reason::UnsafeIterations => {
            "The server asks for an unsafe way to sign in. To protect your password we stopped."
        }
        Reason::GuestsRefused => "The server does not admit guests.",
        Reason::Replaced => "You signed in somewhere else, which ended this connection.",
        Reason::Shutdown => "The server is restarting. We will try again.",
        Reason::Overloaded => "The server is too busy. We will try again.",
        Reason::PolicyViolation => "The server ended the connection because of a rule of its own.",
        Reason::BindRefused => "The server did not admit this device. Sign out on another one and try again.",
        Reason::BadServer => "The server sent something that cannot be read. We will try again.",
        Reason::BadClient => "The server could not read what we sent. We will try again.",
        Reason::ServerFault => "The server has a fault. We will try again.",
        Reason::Poisoned => "What arrives keeps ending the connection. Try again later.",
    }
}

/// Whether the way out is to enter the password again.
pub const fn needs_sign_in(reason: Reason) -> bool {
    reason.needs_credentials() || matches!(reason, Reason::HostUnknown | Reason::InsecureService)
}

/// Why something was refused, and what the refusing side wrote about it.
pub fn refusal(refusal: &Refusal) -> String {
    match &refusal.text {
        Some(text) => format!("{} They say: “{}”", condition(refusal.condition), super::text::name(text)),
        None => condition(refusal.condition).to_owned(),
    }
}

/// Why something was refused.
pub const fn condition(condition: Condition) -> &'static str {
    match condition {
        Condition::BadRequest | Condition::UnexpectedRequest => "The server did not understand it.",
        Condition::Conflict => "Something of that name is there already.",
        Condition::FeatureNotImplemented => "The server cannot do that.",
        Condition::Forbidden | Condition::NotAllowed => "That is not allowed.",
        Condition::Gone => "The address has moved.",
        Condition::InternalServerError => "The server has a fault. Try again later.",
        Condition::ItemNotFound => "There is nobody at this address.",
        Condition::JidMalformed => "This is not a valid address.",
        Condition::NotAcceptable => "It does not meet what the other side asks for.",
        Condition::NotAuthorized | Condition::SubscriptionRequired => "They have to accept you as a contact first.",
        Condition::PolicyViolation => "A rule of the server forbids it.",
        Condition::RecipientUnavailable => "They cannot be reached at the moment.",
        Condition::Redirect => "They can be reached at another address for now.",
        Condition::RegistrationRequired => "An account there is needed for that.",
        Condition::RemoteServerNotFound => "Their server does not exist. Check the address.",
        Condition::RemoteServerTimeout => "Their server does not answer. Try again later.",
        Condition::ResourceConstraint => "The server is too busy. Try again later.",
        Condition::ServiceUnavailable => "They do not accept this.",
        Condition::UndefinedCondition => "The other side did not say why.",
    }
}

/// What could not be done. `who` is a name.
pub fn wish(wish: Wish, who: &str) -> String {
    match wish {
        Wish::Add => format!("{who} could not be added."),
        Wish::Edit => format!("{who} could not be changed."),
        Wish::Remove => format!("{who} could not be removed."),
        Wish::Subscribe => format!("{who} could not be asked."),
        Wish::Block => format!("{who} could not be blocked."),
        Wish::Unblock => format!("{who} could not be unblocked."),
        Wish::Nickname => "Your name could not be saved.".to_owned(),
    }
}

/// A notice as one text. `name` gives the name of an address.
pub fn notice(notice: &Notice, name: impl Fn(&crate::jid::BareJid) -> String) -> String {
    match notice {
        Notice::Refused { wish: wished, address, refusal: why } => {
            format!("{} {}", wish(*wished, &name(address)), refusal(why))
        }
        Notice::Accepted(address) => format!("{} accepted. You now see when they are online.", name(address)),
        Notice::Declined(address) => format!("{} no longer shows you when they are online.", name(address)),
        Notice::TextTooLong { limit, .. } => {
            format!("This message is too long. Split it into parts of at most {limit} characters.")
        }
        Notice::NotConnected(_) => "There is no connection at the moment. Try again when you are online.".to_owned(),
        Notice::FilesForgotten(files) => super::files::forgotten(*files),
        Notice::Room(room, news) => super::rooms::news(&name(room), news),
        Notice::Desk(_, news) => super::desk::news(news),
        Notice::NotKept { peer } => {
            format!("This device could not keep your message to {}, so it was not sent.", name(peer))
        }
        Notice::NotRemembered => {
            "This device could not keep you signed in. You will need your password next time.".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Instant;

    const JARGON: [&str; 14] = [
        "jid",
        "roster",
        "stanza",
        "xmpp",
        "subscri",
        "resource",
        "iq ",
        "presence",
        "sasl",
        "bind",
        "undefined",
        "constraint",
        "condition",
        "stream",
    ];

    fn check(text: &str) {
        assert!(text.len() > 3, "{text:?}");
        let lower = text.to_lowercase();
        for word in JARGON {
            assert!(!lower.contains(word), "{text:?} says {word:?}");
        }
        for condition in Condition::ALL {
            assert!(!condition.name().contains('-') || !lower.contains(condition.name()), "{text:?}");
        }
    }

    #[test]
    fn everything_has_words_that_people_know() {
        let reasons = [
            Reason::Unreachable,
            Reason::Lost,
            Reason::TimedOut,
            Reason::NotXmpp,
            Reason::HostUnknown,
            Reason::RedirectRefused,
            Reason::InsecureService,
            Reason::WrongPassword,
            Reason::AccountDisabled,
            Reason::CredentialsExpired,
            Reason::SignInAgain,
            Reason::NoCommonMechanism,
            Reason::Downgrade,
            Reason::EncryptionRequired,
            Reason::TemporaryAuthFailure,
            Reason::AuthRefused,
            Reason::ServerNotProven,
            Reason::UnsafeIterations,
            Reason::GuestsRefused,
            Reason::Replaced,
            Reason::Shutdown,
            Reason::Overloaded,
            Reason::PolicyViolation,
            Reason::BindRefused,
            Reason::BadServer,
            Reason::BadClient,
            Reason::ServerFault,
            Reason::Poisoned,
        ];
        for why in reasons {
            check(reason(why));
            check(&problem(&Problem::new(why)));
            assert!(!why.retries() || !needs_sign_in(why), "{why:?}");
        }
        for &condition_ in Condition::ALL {
            check(condition(condition_));
        }
        for state in [
            Delivery::Queued,
            Delivery::Sent,
            Delivery::Acked,
            Delivery::Delivered,
            Delivery::Displayed,
            Delivery::Unknown,
            Delivery::Failed(Refusal { condition: Condition::Gone, text: None }),
        ] {
            check(delivery(&state));
        }
        for told in [
            waiting(1),
            waiting(2),
            gap(Gap::Filling, true).into(),
            gap(Gap::Filling, false).into(),
            gap(Gap::Failed, true).into(),
        ] {
            check(&told);
        }
        for shown in [
            Availability::Unavailable,
            Availability::Xa,
            Availability::Away,
            Availability::Dnd,
            Availability::Available,
            Availability::Chat,
        ] {
            check(availability(shown));
        }
        for state in [
            Connection::Offline,
            Connection::Connecting,
            Connection::Authenticating,
            Connection::Online,
            Connection::Reconnecting { retry_at: None, problem: Problem::new(Reason::Lost) },
            Connection::Reconnecting { retry_at: Some(Instant(1)), problem: Problem::new(Reason::Lost) },
            Connection::Failed(Problem::new(Reason::Lost)),
        ] {
            check(connection(&state));
        }
        let who: crate::jid::BareJid = "a@b".parse().unwrap();
        let wishes = [Wish::Add, Wish::Edit, Wish::Remove, Wish::Subscribe, Wish::Block, Wish::Unblock, Wish::Nickname]
            .map(|wish| Notice::Refused {
                wish,
                address: who.clone(),
                refusal: Refusal { condition: Condition::ItemNotFound, text: Some("no".into()) },
            });
        let others = [
            Notice::Accepted(who.clone()),
            Notice::Declined(who.clone()),
            Notice::TextTooLong { peer: who.clone(), limit: 9 },
            Notice::NotRemembered,
            Notice::NotKept { peer: who.clone() },
        ];
        for told in wishes.iter().chain(&others) {
            check(&notice(told, |_| "Ann".to_owned()));
        }
    }

    #[test]
    fn what_the_server_wrote_cannot_turn_the_page() {
        let text = problem(&Problem { reason: Reason::AuthRefused, text: Some("no\u{202e}!".into()) });
        assert!(text.ends_with("“no!”"));
    }
}
