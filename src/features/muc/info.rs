//! XEP-0045: what a group chat says of itself, and which nickname it keeps for the user.

use super::{Asked, Muc};
use crate::domain::fold::seen_name;
use crate::domain::room::{Phase, RoomChange, Traits, Whispers, Why};
use crate::features::{Context, Purpose};
use crate::jid::BareJid;
use crate::wire::stanza::IqKind;
use crate::wire::stanza_error::StanzaError;
use crate::wire::xml::Element;
use crate::wire::{form, ns};

/// The node that tells which nickname is kept (XEP-0045 §7.12).
const RESERVED: &str = "x-roomuser-item";
/// Characters of a name and of a description that are kept.
const NAME: usize = 200;
const DESCRIPTION: usize = 1_000;

impl Muc {
    /// Asks anew what it is: something about that has changed.
    pub fn ask_info(&self, context: &mut Context<'_>, room: &BareJid) {
        let question = IqKind::Get(Element::new(ns::DISCO_INFO, "query"));
        context.ask_of(room.clone().into(), question, Purpose::Muc(Asked::Info(room.clone(), false)));
    }

    /// The answer. Whatever it is, the way in goes on: whoever does not answer this may let us in all the same.
    /// Returns whether it is known now that there is an archive, and was not before.
    pub(super) fn informed(
        &mut self,
        context: &mut Context<'_>,
        room: &BareJid,
        enters: bool,
        answer: Result<Option<&Element>, StanzaError>,
    ) -> bool {
        let had_archive = context.domain.rooms.room(room).is_some_and(|state| state.traits.archive);
        if let Ok(Some(info)) = answer
            && info.is(ns::DISCO_INFO, "query")
            && !learn(context, room, info)
            && enters
            && is_somebody(info)
        {
            self.refused(context, room, Why::NoGroup);
            return false;
        }
        // Nobody goes into what was given up meanwhile.
        if enters && self.under_way.iter().any(|(known, ..)| known == room) {
            let has_nick = self.visits.get(room).is_some_and(|visit| visit.has_nick);
            if has_nick {
                self.enter(context, room);
            } else {
                let query = Element::new(ns::DISCO_INFO, "query").with("node", RESERVED);
                let purpose = Purpose::Muc(Asked::Reserved(room.clone()));
                context.ask_of(room.clone().into(), IqKind::Get(query), purpose);
            }
        }
        let state = context.domain.rooms.room(room);
        !had_archive && state.is_some_and(|state| state.traits.archive && state.phase == Phase::Joined)
    }

    /// Asks how one is called that the user is invited to.
    pub fn ask_name(context: &mut Context<'_>, room: &BareJid) {
        let question = IqKind::Get(Element::new(ns::DISCO_INFO, "query"));
        context.ask_of(room.clone().into(), question, Purpose::Muc(Asked::Name(room.clone())));
    }

    /// The answer.
    pub(super) fn named(context: &mut Context<'_>, room: BareJid, answer: Result<Option<&Element>, StanzaError>) {
        let identity = answer.ok().flatten().and_then(|info| info.child(ns::DISCO_INFO, "identity"));
        let identity = identity.filter(|identity| identity.attribute("category") == Some("conference"));
        let name = identity.and_then(|identity| identity.attribute("name")).and_then(seen_name);
        if let Some(name) = name {
            context.domain.rooms.tell(RoomChange::Named(room, name.chars().take(NAME).collect()));
        }
    }

    /// Which nickname it keeps for the user, if it does.
    pub(super) fn reserved(
        &mut self,
        context: &mut Context<'_>,
        room: &BareJid,
        answer: Result<Option<&Element>, StanzaError>,
    ) {
        let identity = answer.ok().flatten().and_then(|info| info.child(ns::DISCO_INFO, "identity"));
        let nick = identity.and_then(|identity| identity.attribute("name")).and_then(seen_name);
        if let Some(nick) = nick.filter(|nick| room.with_resource(nick).is_ok()) {
            context.domain.rooms.edit(room, |state| state.nick = nick);
        }
        self.enter(context, room);
    }
}

/// Whether that is certainly the answer of a person's account, of a program or of a server.
fn is_somebody(info: &Element) -> bool {
    let identities = info.children().filter(|child| child.is(ns::DISCO_INFO, "identity"));
    let mut kinds = identities.filter_map(|identity| identity.attribute("category"));
    kinds.any(|kind| matches!(kind, "account" | "client" | "server"))
}

/// Notes what a group chat says of itself; `false`, if that is no answer of a group chat.
fn learn(context: &mut Context<'_>, room: &BareJid, info: &Element) -> bool {
    let has = |feature: &str| {
        let features = info.children().filter(|child| child.is(ns::DISCO_INFO, "feature"));
        features.into_iter().any(|child| child.attribute("var") == Some(feature))
    };
    let is_conference = |child: &Element| child.attribute("category") == Some("conference");
    let mut identities = info.children().filter(|child| child.is(ns::DISCO_INFO, "identity"));
    if !has(ns::MUC) && !identities.any(is_conference) {
        // Somebody or something else.
        return false;
    }
    let extra = info.children().find(|child| child.is(ns::DATA, "x"));
    let value = |name: &str| extra.and_then(|extra| form::value(extra, name));
    let is = |name: &str| value(name).is_some_and(|value| value == "1" || value == "true");
    let archive = has(ns::MAM);
    let logged = context.domain.rooms.room(room).is_some_and(|state| state.traits.logged);
    let traits = Traits {
        known: true,
        members_only: has("muc_membersonly"),
        non_anonymous: has("muc_nonanonymous"),
        hidden: has("muc_hidden"),
        moderated: has("muc_moderated"),
        persistent: has("muc_persistent"),
        password: has("muc_passwordprotected"),
        logged,
        subject_for_all: is("muc#roominfo_changesubject") || is("muc#roominfo_subjectmod"),
        members_invite: is("muc#roomconfig_allowinvites")
            || is("{http://prosody.im/protocol/muc}roomconfig_allowmemberinvites"),
        archive,
        occupant_ids: has(ns::OCCUPANT_ID),
        // Who has an archive names its messages (XEP-0313 §5.1.1).
        message_ids: archive || has(ns::SID),
        moderation: has(ns::MODERATE) || has(ns::MODERATE_OLD),
        old_moderation: !has(ns::MODERATE) && has(ns::MODERATE_OLD),
        whispers: match value("muc#roomconfig_allowpm").as_deref() {
            Some("participants") => Whispers::Participants,
            Some("moderators") => Whispers::Moderators,
            Some("none") => Whispers::None,
            _ => Whispers::All,
        },
    };
    let identity = info.child(ns::DISCO_INFO, "identity").and_then(|identity| identity.attribute("name"));
    let named = value("muc#roomconfig_roomname").or_else(|| identity.map(str::to_owned));
    let clip = |text: String, most: usize| seen_name(&text).map(|text| text.chars().take(most).collect::<String>());
    let name = context.domain.rooms.bookmark(room).and_then(|bookmark| bookmark.name.clone());
    let name = name.or_else(|| named.and_then(|named| clip(named, NAME)));
    let description = value("muc#roominfo_description").and_then(|text| clip(text, DESCRIPTION));
    let pictures = extra.map(|extra| form::all_values(extra, "muc#roominfo_avatarhash")).unwrap_or_default();
    context.domain.faces.say(room, pictures, Some(has(ns::VCARD)));
    context.domain.rooms.edit(room, |state| {
        state.traits = traits;
        state.name = name;
        state.description = description;
    });
    true
}
