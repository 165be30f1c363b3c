//! What of a mirror can be watched, and what of that was touched.

use std::collections::HashSet;

use crate::domain::timeline::MessageKey;
use crate::jid::BareJid;

/// Something that a view can watch.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// Who is signed in.
    Account,
    /// Where the connection stands.
    Connection,
    /// Whether what is shown will be here at the next visit.
    Storage,
    /// What the user does about the account itself.
    Errand,
    /// Own availability.
    OwnPresence,
    /// How the user is called.
    OwnNickname,
    /// Whom the user blocked.
    Blocked,
    /// What the server can do.
    Abilities,
    /// What others are told about the user.
    Privacy,
    /// Who is a contact, and under which name.
    ContactNames,
    /// Which contacts there are, their order, and any of them.
    ContactList,
    /// One contact.
    Contact(BareJid),
    /// Who asks to become a contact.
    Requests,
    /// Which conversations there are, their order, and any of them.
    ConversationList,
    /// One conversation.
    Conversation(BareJid),
    /// Which messages a conversation has, and their order.
    Rows(BareJid),
    /// One message.
    Message(BareJid, MessageKey),
    /// How many own messages wait to be sent.
    Waiting,
    /// What searches found, and what was gone to.
    Search,
    /// Notices wait to be told.
    Notices,
    /// There are places for files.
    Slots,
    /// One group chat.
    Room(BareJid),
    /// Who is in a group chat.
    Occupants(BareJid),
    /// What a group chat answered: its form, its lists.
    RoomAnswers(BareJid),
    /// Invitations to group chats.
    RoomInvitations,
    /// The group chats that the user's devices know.
    Bookmarks,
    /// What was found of group chats.
    FoundRooms,
    /// The picture of an address.
    Face(BareJid),
    /// Support desks: as an agent, or as a visitor.
    Desk,
}

/// What changed since the last flush.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Whatever can be watched.
    pub everything: bool,
    /// Every contact.
    pub all_contacts: bool,
    /// These.
    pub topics: HashSet<Topic>,
}

impl Touched {
    /// Whether somebody who watches `topic` must look again.
    pub fn contains(&self, topic: &Topic) -> bool {
        self.everything || (self.all_contacts && matches!(topic, Topic::Contact(_))) || self.topics.contains(topic)
    }

    /// Whether nobody must look again.
    pub fn is_empty(&self) -> bool {
        !self.everything && !self.all_contacts && self.topics.is_empty()
    }
}
