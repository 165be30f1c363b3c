//! Group chats in words for people.

use super::text;
use super::wording::refusal;
use crate::domain::problem::{Condition, Refusal};
use crate::domain::room::{Affiliation, RoomNews, RoomWish, Why};
use crate::jid::Jid;

/// What the user did not succeed in.
pub const fn wish(wish: RoomWish) -> &'static str {
    match wish {
        RoomWish::Nick => "Your nickname could not be changed.",
        RoomWish::Subject => "The topic could not be changed.",
        RoomWish::Invite => "The invitation could not be sent.",
        RoomWish::Role => "What this participant may do could not be changed.",
        RoomWish::Affiliation => "The list of this group chat could not be changed.",
        RoomWish::Members => "This list could not be had.",
        RoomWish::Configure => "The group chat could not be set up.",
        RoomWish::Destroy => "The group chat could not be destroyed.",
        RoomWish::Moderate => "The message could not be removed.",
        RoomWish::Voice => "You could not ask to write.",
        RoomWish::Bookmark => "The group chat could not be saved for your other devices.",
        RoomWish::Picture => "The picture could not be changed.",
    }
}

/// To whom alone something goes, or went.
pub fn only_to(nick: &str) -> String {
    format!("Only to {}", text::name(nick))
}

/// That somebody to whom something is to go alone is not there.
pub fn gone(nick: &str) -> String {
    format!("{} is not here any more", text::name(nick))
}

/// Why a text for one participant alone did not go to them.
pub fn whisper_refused(nick: &str, error: &Refusal) -> String {
    match error.condition {
        Condition::ItemNotFound => format!("{}. It was told to nobody.", gone(nick)),
        Condition::Forbidden | Condition::NotAllowed | Condition::NotAcceptable | Condition::PolicyViolation => {
            "Writing to one participant alone is not allowed here.".to_owned()
        }
        _ => refusal(error),
    }
}

/// How somebody belongs to a group chat.
pub const fn affiliation(affiliation: Affiliation) -> &'static str {
    match affiliation {
        Affiliation::Owner => "Owner",
        Affiliation::Admin => "Admin",
        Affiliation::Member => "Member",
        Affiliation::None => "Guest",
        Affiliation::Outcast => "Banned",
    }
}

/// Why the user is not in a group chat.
pub fn why(why: &Why) -> String {
    let said = |what: &str, by: &Option<String>, reason: &Option<String>| {
        let mut told = match by {
            Some(by) => format!("{} {what} you.", text::name(by)),
            None => format!("A moderator {what} you."),
        };
        if let Some(reason) = reason {
            told.push_str(" They say: “");
            told.push_str(&text::name(reason));
            told.push('”');
        }
        told
    };
    match why {
        Why::PasswordRequired => "This group chat needs a password.".into(),
        Why::WrongPassword => "This is not the right password.".into(),
        Why::Banned => "You are banned from this group chat.".into(),
        Why::MembersOnly => "This group chat is for members only. Ask one of them to invite you.".into(),
        Why::NickTaken => "Somebody there has this nickname. Choose another one.".into(),
        Why::NickFixed => "This group chat keeps another nickname for you.".into(),
        Why::Full => "This group chat is full. Try again later.".into(),
        Why::NotThere => "There is no group chat at this address, or it is not open yet.".into(),
        Why::MayNotCreate => "There is no group chat at this address, and you may not make one there.".into(),
        Why::Gone { to: Some(to) } => format!("This group chat has moved to {to}."),
        Why::Gone { to: None } => "This group chat is gone.".into(),
        Why::TooMuch => "The server does not let you into more group chats right now.".into(),
        Why::BadNick => "This nickname cannot be used. Choose another one.".into(),
        Why::Unreachable => "The server of this group chat cannot be reached. We will try again.".into(),
        Why::Other(error) => format!("You could not enter. {}", refusal(error)),
        Why::Kicked { by, reason } => said("removed", by, reason),
        Why::BannedNow { by, reason } => said("banned", by, reason),
        Why::NoMember => "You are no longer a member of this group chat.".into(),
        Why::MembersOnlyNow => "This group chat is for members only now, and you are not one.".into(),
        Why::ShutDown => "The server of this group chat stopped. We will try again.".into(),
        Why::Fault => "The server of this group chat lost you by an error. We will try again.".into(),
        Why::Destroyed { reason: None, .. } => "This group chat was destroyed.".into(),
        Why::Destroyed { reason: Some(reason), .. } => {
            format!("This group chat was destroyed: “{}”", text::name(reason))
        }
        Why::NoGroup => "This is the address of somebody or something else, not of a group chat.".into(),
        Why::Forgotten => "The connection to this group chat was lost. We will try again.".into(),
    }
}

/// Something that happened, told once. `name` is that of the group chat.
pub fn news(name: &str, news: &RoomNews) -> String {
    let what = match news {
        RoomNews::Created => "The group chat is ready. Nobody else is here yet.".to_owned(),
        RoomNews::NickGiven(nick) => format!("You are called {} here.", text::name(nick)),
        RoomNews::AddressesShown => "Everybody here can see your address.".to_owned(),
        RoomNews::AddressesHidden => "Participants no longer see your address.".to_owned(),
        RoomNews::Logged => "What is said here is kept for those who come later.".to_owned(),
        RoomNews::NotLogged => "What is said here is no longer kept for those who come later.".to_owned(),
        RoomNews::ShowsAbsent(true) => "Members who are away are listed, too.".to_owned(),
        RoomNews::ShowsAbsent(false) => "Members who are away are no longer listed.".to_owned(),
        RoomNews::SetUpAnew => "The settings were changed.".to_owned(),
        RoomNews::Belongs(how) => format!("You are now: {}", affiliation(*how)),
        RoomNews::Voice(true) => "You may write now.".to_owned(),
        RoomNews::Voice(false) => "You may only read now.".to_owned(),
        RoomNews::Declined { by, reason: None } => format!("{} declined the invitation.", person(by)),
        RoomNews::Declined { by, reason: Some(reason) } => {
            format!("{} declined the invitation: “{}”", person(by), text::name(reason))
        }
        RoomNews::WantsVoice { nick, .. } => format!("{} asks to be allowed to write.", text::name(nick)),
        RoomNews::NoGroup => "This is the address of a person, not of a group chat.".to_owned(),
        RoomNews::Refused(wished, error) => format!("{} {}", wish(*wished), refusal(error)),
        RoomNews::NotThere(wished) => format!("{} You are not in this group chat at the moment.", wish(*wished)),
    };
    format!("{name}: {what}")
}

fn person(address: &Jid) -> String {
    text::name(address.bare().as_str())
}
