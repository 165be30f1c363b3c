//! The way in, in fixed order: is it an answer or a question; is a copy what it claims to be; is it an error;
//! whose is it; is it new.

use super::Engine;
use super::command::Command;
use crate::clock::{Instant, Now};
use crate::condition::Condition;
use crate::domain::conversations::{ArchiveId, Archived, Neighbour, NewMessage, Place};
use crate::domain::timeline::{Body, Direction, MessageKey};
use crate::features::Outgoing;
use crate::features::archive::{Found, Run, Shown};
use crate::features::carbons::{Carbon, Unwrapped};
use crate::features::displayed::Displayed;
use crate::jid::{BareJid, Jid};
use crate::map::Map;
use crate::order;
use crate::wire::ns;
use crate::wire::stanza::{Iq, IqKind, Message, MessageKind, Presence, Stanza};
use crate::wire::stanza_error::{ErrorKind, StanzaError};
use crate::wire::xml::Element;

/// Automatic answers a second at most, so that nobody can make us talk ourselves off the server.
const ANSWERS: u32 = 20;

/// Counts the automatic answers of the current second.
#[derive(Debug, Default)]
pub(super) struct Courtesy {
    since: Instant,
    given: u32,
}

impl Courtesy {
    pub(super) const fn allows(&mut self, now: Instant) -> bool {
        if now.since(self.since) >= 1_000 {
            self.since = now;
            self.given = 0;
        }
        self.given = self.given.saturating_add(1);
        self.given <= ANSWERS
    }
}

/// Something that needs messages which are on disk only. Whatever comes after it waits, too, so that nothing is
/// overtaken.
#[derive(Debug)]
pub(super) struct Deferred {
    /// Stanzas of the stream that had arrived before.
    before: u32,
    what: What,
}

#[derive(Debug)]
enum What {
    Content(Box<Content>),
    /// A message that is more than we take, with the row that stands for it.
    TooMuch(BareJid, Box<NewMessage>),
    Page(Shown),
    Read(Vec<(BareJid, ArchiveId)>),
    Command(Command),
}

/// A run of pages that go backward.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Backward {
    /// Of everybody's messages, or those of a group chat, into a hole, or, under 0, before everything.
    Hole(Option<BareJid>, u32),
    /// Of one conversation.
    Older(BareJid),
}

/// A message whose origin is checked.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) message: Message,
    pub(super) direction: Direction,
    /// What tells when it was sent, if it was late.
    pub(super) delays: Vec<Element>,
    /// It was sent to this device, and nobody else answers it.
    pub(super) is_ours: bool,
    /// Its id in the archive and its place there, if it comes from a page.
    pub(super) found: Option<(ArchiveId, Archived)>,
    /// The group chat that it was said in, by whose word it comes.
    pub(super) room: Option<BareJid>,
}

impl Deferred {
    pub(super) const fn before(&self) -> u32 {
        self.before
    }
}

/// Names a run of pages that go backward; `None` for one that does not.
fn backward(room: Option<&BareJid>, run: &Run) -> Option<Backward> {
    match run {
        Run::Forward(_) => None,
        Run::Backward(hole, _) => Some(Backward::Hole(room.cloned(), *hole)),
        Run::Older(peer, _) => Some(Backward::Older(peer.clone())),
    }
}

impl Engine {
    /// A command that needs messages which are on disk only waits for them. `None`, if it does.
    pub(super) fn when_awake(&mut self, command: Command) -> Option<Command> {
        let Some(peer) = command.needs().cloned() else { return Some(command) };
        if !self.wake(&peer) && self.deferred.is_empty() {
            return Some(command);
        }
        let before = self.session.inbound();
        self.deferred.push_back(Deferred { before, what: What::Command(command) });
        None
    }

    /// Does something that came with the current stanza, or puts it off until the messages that it needs are in
    /// memory.
    fn when_ready(&mut self, now: Now, what: What) {
        let asleep = self.asleep(&what);
        if self.deferred.is_empty() && asleep.is_empty() {
            return self.perform(now, what);
        }
        for peer in asleep {
            self.wake(&peer);
        }
        let before = self.session.inbound().wrapping_sub(1);
        self.deferred.push_back(Deferred { before, what });
    }

    /// Does what was put off, as far as it can be done now.
    pub(super) fn carry_on(&mut self, now: Now) {
        while let Some(first) = self.deferred.front() {
            let asleep = self.asleep(&first.what);
            if !asleep.is_empty() {
                for peer in asleep {
                    self.wake(&peer);
                }
                return;
            }
            if let Some(first) = self.deferred.pop_front() {
                self.perform(now, first.what);
            }
        }
        self.checked();
    }

    /// Takes in what was said, as soon as what it needs is in memory.
    pub(super) fn content_when_ready(&mut self, now: Now, content: Content) {
        self.when_ready(now, What::Content(Box::new(content)));
    }

    fn asleep(&self, what: &What) -> Vec<BareJid> {
        let conversations = &self.domain.conversations;
        let mut peers: Vec<BareJid> = match what {
            What::Content(content) => self.peer_of(&content.message, content.direction).into_iter().collect(),
            What::TooMuch(peer, _) => vec![peer.clone()],
            What::Page(shown) => {
                let messages = shown.messages.iter().map(|found| &found.message);
                messages.filter_map(|message| self.peer_of(message, self.direction(message))).collect()
            }
            What::Read(read) => {
                let counts = read.iter().filter(|(peer, _)| conversations.has_unread(peer));
                counts.map(|(peer, _)| peer.clone()).collect()
            }
            What::Command(command) => command.needs().into_iter().cloned().collect(),
        };
        peers.retain(|peer| conversations.is_asleep(peer));
        order::sort(&mut peers);
        peers.dedup();
        peers
    }

    fn perform(&mut self, now: Now, what: What) {
        match what {
            What::Content(content) => {
                self.content(now, *content);
            }
            What::TooMuch(peer, new) => drop(self.domain.conversations.add(&peer, *new)),
            What::Page(shown) => self.page_is_awake(now, shown),
            What::Read(read) => {
                for (peer, id) in read {
                    self.domain.conversations.read_elsewhere(&peer, id);
                }
            }
            What::Command(command) => self.wish(now, command),
        }
    }

    /// With whom a message is exchanged.
    pub(super) fn peer_of(&self, message: &Message, direction: Direction) -> Option<BareJid> {
        let (me, _) = self.device.as_ref()?;
        match direction {
            Direction::In => Some(message.from.as_ref().map_or_else(|| me.bare(), Jid::bare).clone()),
            Direction::Out => Some(message.to.as_ref()?.bare().clone()),
        }
    }

    /// Other devices read this far.
    pub(super) fn read_elsewhere(&mut self, now: Now, mut read: Vec<(BareJid, ArchiveId)>) {
        // A server tells of every conversation at once: only those that it changes are fetched from disk.
        read.retain(|(peer, id)| self.domain.conversations.is_news(peer, id));
        self.when_ready(now, What::Read(read));
    }

    /// A stanza arrived.
    pub(super) fn inbound(&mut self, now: Now, element: Element) {
        // What is no stanza after all is of no use to anybody, and harms nobody.
        match Stanza::parse(element) {
            Ok(Stanza::Message(message)) => self.message(now, *message),
            Ok(Stanza::Presence(presence)) => self.presence(now, &presence),
            Ok(Stanza::Iq(iq)) => self.iq(now, &iq),
            Err(_) => {}
        }
    }

    /// Something arrived that is more than we take: it is answered or stood for, never dropped in silence.
    pub(super) fn too_much(&mut self, now: Now, root: &Element) {
        match Stanza::parse(root.clone()) {
            Ok(Stanza::Message(message)) if matches!(message.kind, MessageKind::Chat | MessageKind::Normal) => {
                let Some((me, _)) = &self.device else { return };
                if let Some(from) = message.from.as_ref().filter(|from| from.bare() != me.bare()) {
                    let stamp = now.timestamp;
                    let peer = from.bare().clone();
                    let private = self.whisperer_of(from);
                    if private.is_none() && self.domain.rooms.is_room(&peer) {
                        return;
                    }
                    let new = NewMessage::new(Direction::In, peer.clone(), Body::Unreadable, stamp);
                    let new = NewMessage { id: message.id.clone(), author: private.clone(), private, ..new };
                    self.when_ready(now, What::TooMuch(peer, Box::new(new)));
                }
            }
            Ok(_) => {}
            // A question without its payload cannot be parsed, but it can be refused.
            Err(_) if root.name() == "iq" && matches!(root.attribute("type"), Some("get" | "set")) => {
                let (Some(id), Ok(from)) = (root.attribute("id"), crate::wire::stanza::address(root, "from")) else {
                    return;
                };
                let error = StanzaError::new(ErrorKind::Modify, Condition::PolicyViolation);
                let answer = Iq { from: None, to: from, id: id.to_owned(), kind: IqKind::Error(error) };
                self.send(now, Outgoing::Answer(answer));
            }
            Err(_) => {}
        }
    }

    fn iq(&mut self, now: Now, iq: &Iq) {
        match &iq.kind {
            IqKind::Result(payload) => {
                if let Some(purpose) = self.question_of(iq) {
                    self.answered(now, purpose, Ok(payload.as_ref()));
                }
            }
            IqKind::Error(error) => {
                if let Some(purpose) = self.question_of(iq) {
                    self.answered(now, purpose, Err(error.clone()));
                }
            }
            IqKind::Get(payload) | IqKind::Set(payload) => {
                self.with_features(now, |features, context| {
                    let taken = features.all().into_iter().any(|feature| feature.question(context, iq, payload));
                    if !taken {
                        // Also what a stranger gets who may not know that we are here.
                        let error = StanzaError::new(ErrorKind::Cancel, Condition::ServiceUnavailable);
                        context.refuse(iq, error);
                    }
                });
            }
        }
    }

    fn question_of(&mut self, iq: &Iq) -> Option<crate::features::Purpose> {
        let (me, _) = self.device.as_ref()?;
        self.requests.answered(iq, me)
    }

    fn presence(&mut self, now: Now, presence: &Presence) {
        if self.room_presence(now, presence) {
            return;
        }
        let Some((me, _)) = &self.device else { return };
        let from = presence.from.clone().unwrap_or_else(|| me.bare().clone().into());
        self.with_features(now, |features, context| {
            for feature in features.all() {
                feature.presence(context, &from, presence);
            }
        });
    }

    /// A page of the archive is there. Its messages take the same road as live ones.
    pub(super) fn show_page(&mut self, now: Now, shown: Shown) {
        self.when_ready(now, What::Page(shown));
    }

    fn page_is_awake(&mut self, now: Now, shown: Shown) {
        let forward = if let Run::Forward(run) = shown.run { Some(run) } else { None };
        let mut messages = shown.messages;
        if forward.is_none() {
            // From the end on, each before the one behind it.
            messages.reverse();
        }
        let oldest = if forward.is_none() { messages.last() } else { messages.first() }.map(|found| found.id.clone());
        // Only what goes on where the page before it ended stands before what that one placed.
        let before = match &shown.run {
            Run::Backward(_, id) | Run::Older(_, id) => id.as_ref(),
            Run::Forward(_) => None,
        };
        let known = backward(shown.room.as_ref(), &shown.run).and_then(|run| self.backward.remove(&run));
        let (_, mut placed) = known.filter(|(end, _)| end.is_some() && end.as_ref() == before).unwrap_or_default();
        if let Run::Older(peer, Some(id)) = &shown.run
            && !placed.contains_key(peer)
            && let Some(told) = self.domain.conversations.archived(peer, id)
        {
            // Not all that the archive has becomes a row: the next page may have nothing else to stand next to.
            placed.insert(peer.clone(), told);
        }
        let mut first: Map<BareJid, MessageKey> = Map::default();
        for Found { id, message, beside } in messages {
            let direction = self.direction(&message);
            let delays = if beside.is_empty() { message.payloads.clone() } else { beside };
            let peer = self.peer_of(&message, direction);
            let next_to = peer.as_ref().and_then(|peer| {
                let placed = placed.get(peer).copied();
                match &shown.run {
                    Run::Forward(run) => {
                        placed.or_else(|| self.domain.conversations.placed(peer, *run)).map(Neighbour::After)
                    }
                    Run::Older(..) => placed.map(Neighbour::Before),
                    Run::Backward(_, id) => {
                        let told = || self.domain.conversations.archived(peer, id.as_deref()?);
                        placed.or_else(told).map(Neighbour::Before)
                    }
                }
            });
            let archived = Archived { next_to, ..shown.archived };
            let found = Some((id, archived));
            let key = self
                .content(now, Content { message, direction, delays, is_ours: false, found, room: shown.room.clone() });
            // A message that the user dropped has no row that others could stand next to.
            if let (Some(peer), Some(key)) = (peer, key)
                && self.domain.conversations.message(&peer, key).is_some()
            {
                first.entry(peer.clone()).or_insert(key);
                placed.insert(peer, key);
            }
        }
        match (forward, backward(shown.room.as_ref(), &shown.run)) {
            (Some(run), _) => {
                for (peer, key) in &placed {
                    self.domain.conversations.place_reached(peer, run, *key);
                }
                // What is older than a first page stands before it.
                if run == 0 && shown.archived.place == Place::BeforeLive && !shown.archived.unread {
                    self.backward.insert(Backward::Hole(shown.room.clone(), 0), (oldest, first));
                }
            }
            (None, Some(run)) => {
                if let Backward::Hole(_, hole @ 1..) = run {
                    for (peer, key) in &first {
                        self.domain.conversations.place_reached_from_above(peer, hole, *key);
                    }
                }
                self.backward.insert(run, (oldest, placed));
            }
            (None, None) => {}
        }
        if let Some(gap) = shown.closes {
            self.domain.conversations.close_gap(shown.room.as_ref(), gap);
            self.with_features(now, |features, context| match &shown.room {
                None => features.archive.older_again(context),
                Some(room) => {
                    if let Some(archive) = features.room_archives.get_mut(room) {
                        archive.older_again(context);
                    }
                }
            });
        }
        if shown.ends_first_visit && shown.room.is_none() {
            self.domain.conversations.count_first_visit();
        }
        self.checked();
    }

    /// Who wrote a message, by the address that our server vouches for.
    pub(super) fn direction(&self, message: &Message) -> Direction {
        let me = self.device.as_ref().map(|(me, _)| me.bare());
        match &message.from {
            Some(from) if Some(from.bare()) != me => Direction::In,
            _ => Direction::Out,
        }
    }

    fn message(&mut self, now: Now, message: Message) {
        let Some((me, _)) = &self.device else { return };
        let is_own_account = message.from.as_ref().is_none_or(|from| from.as_bare() == Some(me.bare()));
        if !is_own_account && self.room_message(now, &message) {
            return;
        }
        if self.features.archive.take(&message, is_own_account) {
            return;
        }
        if let Some(read) = Displayed::take(&message, is_own_account) {
            return self.read_elsewhere(now, read);
        }
        if let Some(told) = self.features.visits.take(&message, is_own_account) {
            return self.visits_told(now, told, true);
        }
        let wanted = self.with_features(now, |features, context| features.bookmarks.take(context, &message));
        if let Some(wanted) = wanted.flatten() {
            self.follow(now, wanted);
            return self.follow_shared(now);
        }
        if self.tells_of_people(now, &message) {
            return;
        }
        let Some((me, _)) = &self.device else { return };
        match Carbon::unwrap(&message, me.bare()) {
            Unwrapped::Plain => {
                let direction = self.direction(&message);
                let delays =
                    message.payloads.iter().filter(|payload| payload.is(ns::DELAY, "delay")).cloned().collect();
                if self.heard_writing(now, &message, direction) {
                    return;
                }
                let content = Content { message, direction, delays, is_ours: true, found: None, room: None };
                self.when_ready(now, What::Content(Box::new(content)));
            }
            Unwrapped::Carbon(carbon) => {
                let direction = if carbon.sent { Direction::Out } else { Direction::In };
                let Carbon { message, beside, .. } = *carbon;
                let delays = if beside.is_empty() { message.payloads.clone() } else { beside };
                let content = Content { message, direction, delays, is_ours: false, found: None, room: None };
                self.when_ready(now, What::Content(Box::new(content)));
            }
            Unwrapped::Forged => {}
        }
    }
}
