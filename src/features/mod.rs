//! One file per XEP or tight family: its types, its behaviour, its tests.
//!
//! A feature never calls another one: they meet in the domain, or ask something of the [`Context`]. What is
//! handed to a feature was checked for its origin before.

pub mod archive;
pub mod blocking;
pub mod bookmarks;
pub mod caps;
pub mod carbons;
pub mod channel_search;
pub mod chat;
pub mod chat_states;
pub mod client_state;
pub mod correction;
pub mod delay;
pub mod direct_invitation;
pub mod disco;
pub mod displayed;
pub mod hats;
pub mod idle;
pub mod invitation;
pub mod local_time;
pub mod manner;
pub mod markers;
pub mod mentions;
pub mod moderation;
pub mod muc;
pub mod nickname;
pub mod notify_settings;
pub mod occupant_id;
pub mod ping;
pub mod presence;
pub mod reactions;
pub mod receipts;
pub mod registration;
pub mod reply;
pub mod retraction;
pub mod roster;
pub mod self_ping;
pub mod stanza_id;
pub mod subscription;
pub mod upload;
pub mod vcard;
pub mod version;
pub mod visit;
pub mod visits;

use crate::clock::Now;
use crate::domain::blocked::Blocked;
use crate::domain::change::{Abilities, Change, Notice};
use crate::domain::contacts::Contacts;
use crate::domain::conversations::Conversations;
use crate::domain::desk::{Desk, OwnVisit};
use crate::domain::face::Faces;
use crate::domain::presence::OwnPresence;
use crate::domain::privacy::Privacy;
use crate::domain::problem::Refusal;
use crate::domain::rooms::Rooms;
use crate::jid::{BareJid, FullJid, Jid};
use crate::map::Map;
use crate::wire::framing::Features as Offer;
use crate::wire::pubsub::field;
use crate::wire::stanza::{Iq, IqKind, Presence};
use crate::wire::stanza_error::StanzaError;
use crate::wire::xml::Element;

impl From<StanzaError> for Refusal {
    fn from(error: StanzaError) -> Self {
        Self { condition: error.condition, text: error.text }
    }
}

/// What a question was asked for; its answer goes to the feature that asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Ours: [`roster`].
    Roster(roster::Asked),
    /// Ours: [`archive`].
    Archive(archive::Asked),
    /// Ours: [`archive`], of a group chat.
    RoomArchive(BareJid, archive::Asked),
    /// Ours: [`blocking`].
    Blocking(blocking::Asked),
    /// Ours: [`displayed`].
    Displayed(displayed::Asked),
    /// Ours: [`caps`].
    Caps(caps::Asked),
    /// Ours: [`local_time`].
    LocalTime(local_time::Asked),
    /// Ours: [`nickname`].
    Nickname(nickname::Asked),
    /// Ours: [`version`].
    Version(version::Asked),
    /// Ours: [`upload`].
    Upload(upload::Asked),
    /// Ours: [`registration`].
    Registration(registration::Asked),
    /// Ours: [`invitation`].
    Invitation(invitation::Asked),
    /// Ours: [`muc`].
    Muc(muc::Asked),
    /// Ours: [`muc`], looking for group chats.
    FindRooms(muc::Sought),
    /// Ours: [`channel_search`].
    ChannelSearch(channel_search::Asked),
    /// Ours: [`bookmarks`].
    Bookmarks(bookmarks::Asked),
    /// Ours: [`self_ping`].
    SelfPing(self_ping::Asked),
    /// Ours: [`moderation`].
    Moderation(moderation::Asked),
    /// Ours: [`vcard`].
    Vcard(vcard::Asked),
    /// Ours: [`visits`].
    Visits(visits::Asked),
    /// Ours: [`visit`].
    Visit(visit::Asked),
    /// Whatever the answer is, nothing depends on it.
    Nothing,
}

/// What a feature wants sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outgoing {
    /// A question.
    Ask {
        /// Whom; our own account, if nobody is named.
        to: Option<Jid>,
        /// What.
        kind: IqKind,
        /// What for.
        purpose: Purpose,
    },
    /// An answer.
    Answer(Iq),
    /// A presence.
    Presence(Presence),
}

/// The user's things, as far as features work on them.
#[derive(Debug, Default)]
pub struct Domain {
    /// Contacts and contact requests.
    pub contacts: Contacts,
    /// Conversations with their messages.
    pub conversations: Conversations,
    /// Own availability.
    pub own_presence: OwnPresence,
    /// What others are told about the user.
    pub privacy: Privacy,
    /// How the user wants to be called.
    pub nickname: Option<String>,
    /// Whom the user blocked.
    pub blocked: Blocked,
    /// Group chats.
    pub rooms: Rooms,
    /// The pictures that addresses show for themselves.
    pub faces: Faces,
    /// The desk of which the user is an agent.
    pub desk: Desk,
    /// The own visit at a desk.
    pub visit: Option<OwnVisit>,
    /// What the server can do.
    pub abilities: Abilities,
    /// Things to tell the user once.
    pub notices: Vec<Notice>,
    /// What else became different.
    pub changes: Vec<Change>,
}

/// What a feature may see and use while it handles something.
#[derive(Debug)]
pub struct Context<'a> {
    /// The time.
    pub now: Now,
    /// The address of this device.
    pub me: &'a FullJid,
    /// What the server offered when the stream began.
    pub offer: &'a Offer,
    /// The user's things.
    pub domain: &'a mut Domain,
    /// What is to be sent, in order.
    pub outgoing: &'a mut Vec<Outgoing>,
}

impl Context<'_> {
    /// Asks something of our own account, or of our server on its behalf.
    pub fn ask(&mut self, kind: IqKind, purpose: Purpose) {
        self.outgoing.push(Outgoing::Ask { to: None, kind, purpose });
    }

    /// Asks something of an address.
    pub fn ask_of(&mut self, to: Jid, kind: IqKind, purpose: Purpose) {
        self.outgoing.push(Outgoing::Ask { to: Some(to), kind, purpose });
    }

    /// Sends a presence.
    pub fn send(&mut self, presence: Presence) {
        self.outgoing.push(Outgoing::Presence(presence));
    }

    /// Answers a question with success.
    pub fn answer(&mut self, question: &Iq, payload: Option<Element>) {
        self.outgoing.push(Outgoing::Answer(Iq {
            from: None,
            to: question.from.clone(),
            id: question.id.clone(),
            kind: IqKind::Result(payload),
        }));
    }

    /// Refuses a question.
    pub fn refuse(&mut self, question: &Iq, error: StanzaError) {
        self.outgoing.push(Outgoing::Answer(Iq {
            from: None,
            to: question.from.clone(),
            id: question.id.clone(),
            kind: IqKind::Error(error),
        }));
    }

    /// Whether a sender speaks for our own account: nobody is named, or our bare address is.
    pub fn is_own_account(&self, from: Option<&Jid>) -> bool {
        from.is_none_or(|from| from.as_bare() == Some(self.me.bare()))
    }

    /// Whether a sender may know that we are here: our own account and server, and those who see our presence.
    pub fn may_see_us(&self, from: Option<&Jid>) -> bool {
        from.is_none_or(|from| {
            from.bare() == self.me.bare()
                || from.as_bare() == Some(&self.me.bare().domain_jid())
                || self.domain.contacts.contact(from.bare()).is_some_and(|contact| contact.subscription.they_see_us())
        })
    }
}

/// What a feature does beyond what the engine calls by name. Every method does nothing unless it is written.
pub trait Feature {
    /// What the feature adds to the answer about what this client can do.
    fn features(&self) -> &'static [&'static str] {
        &[]
    }

    /// A fresh stream is there: nothing is established yet.
    fn fresh_stream(&mut self, _context: &mut Context<'_>) {}

    /// Somebody asks or orders something. `true` if it was this feature's matter.
    fn question(&mut self, _context: &mut Context<'_>, _question: &Iq, _payload: &Element) -> bool {
        false
    }

    /// Adds something to the presence that everybody sees.
    fn decorate(&self, _presence: &mut Presence) {}

    /// A presence arrived.
    fn presence(&mut self, _context: &mut Context<'_>, _from: &Jid, _presence: &Presence) {}
}

/// Every feature. The order is the order in which a fresh stream is set up and in which things are offered.
#[derive(Debug, Default)]
pub struct Features {
    /// The contact list: before presence, so that presences find their contacts.
    pub roster: roster::Roster,
    /// Copies of what our other devices send and receive: before presence, which starts the flow.
    pub carbons: carbons::Carbons,
    /// Who may see whom.
    pub subscription: subscription::Subscriptions,
    /// Who is there.
    pub presence: presence::Presences,
    /// How far other devices have read: before the archive brings what they may have read.
    pub displayed: displayed::Displayed,
    /// Who is writing.
    pub chat_states: chat_states::ChatStates,
    /// What was said while we were away: after presence.
    pub archive: archive::Archive,
    /// What we are and can do.
    pub disco: disco::Disco,
    /// Whether we are there.
    pub ping: ping::Ping,
    /// Which software we are.
    pub version: version::Version,
    /// How people want to be called.
    pub nicknames: nickname::Nicknames,
    /// Since when nobody has been here.
    pub idle: idle::Idle,
    /// Which time it is here.
    pub local_time: local_time::LocalTime,
    /// What the devices of contacts can: after presence, so that they are known.
    pub caps: caps::Caps,
    /// Whom the server lets nothing through of.
    pub blocking: blocking::Blocking,
    /// Where files are put.
    pub upload: upload::Upload,
    /// The group chats that the user's devices share: before the way into them.
    pub bookmarks: bookmarks::Bookmarks,
    /// Invitations of people to group chats.
    pub direct_invitations: direct_invitation::DirectInvitations,
    /// Group chats: after presence.
    pub muc: muc::Muc,
    /// Whether we are still in them.
    pub self_ping: self_ping::SelfPing,
    /// What became of the visits of a desk.
    pub visits: visits::Visits,
    /// Where a visit can be made.
    pub seeking: visit::Seeking,
    /// Their archives.
    pub room_archives: Map<BareJid, archive::Archive>,
}

impl Features {
    /// THE list.
    pub fn all(&mut self) -> [&mut dyn Feature; 20] {
        [
            &mut self.roster,
            &mut self.carbons,
            &mut self.subscription,
            &mut self.presence,
            &mut self.displayed,
            &mut self.chat_states,
            &mut self.archive,
            &mut self.disco,
            &mut self.ping,
            &mut self.version,
            &mut self.nicknames,
            &mut self.idle,
            &mut self.local_time,
            &mut self.caps,
            &mut self.blocking,
            &mut self.upload,
            &mut self.bookmarks,
            &mut self.direct_invitations,
            &mut self.muc,
            &mut self.visits,
        ]
    }
}
