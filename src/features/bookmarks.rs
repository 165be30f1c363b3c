//! XEP-0402: the group chats that the devices of an account share; XEP-0048 inside XEP-0049 where the server does not
//! keep both in step. The form in which XEP-0048 was kept on a node of its own is not spoken: it loses what others put.

use super::{Context, Feature, Purpose};
use crate::condition::Condition;
use crate::domain::room::{Bookmark, RoomWish};
use crate::jid::BareJid;
use crate::map::Map;
use crate::wire::stanza::{IqKind, Message};
use crate::wire::stanza_error::StanzaError;
use crate::wire::xml::Element;
use crate::wire::{ns, pubsub};

/// Bookmarks of an account that are taken.
const MOST: usize = 1_000;
/// Characters of a name that are kept.
const NAME: usize = 200;

/// What was asked of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// What it can do: a page before this one asked on this stream.
    Support,
    /// All of them.
    Items,
    /// To keep one.
    Publish(BareJid),
    /// To drop one.
    Retract(BareJid),
    /// To keep all, in the older form; the one that is different.
    Store(BareJid),
    /// To set up the node.
    Configure,
}

/// How they are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Way {
    /// It is not known yet.
    #[default]
    Unknown,
    /// Each by itself.
    Items,
    /// All in one piece.
    Storage,
}

/// Where the user's devices want to be, or no longer.
pub type Wanted = (BareJid, bool);

/// The list that the devices share.
#[derive(Debug, Default)]
pub struct Bookmarks {
    way: Way,
    /// The list is here: until then nothing is written, or what others put there would be lost.
    is_here: bool,
    /// What was put there by others and means nothing here, by address.
    foreign: Map<BareJid, Vec<Element>>,
    /// The same, of the older form, where it belongs to none.
    others: Vec<Element>,
    /// The server does not know every option that the specification wants.
    few_options: bool,
    is_configured: bool,
    asks_support: bool,
    /// What waits for the list: `None` takes one out.
    waiting: Vec<(BareJid, Option<Bookmark>)>,
}

impl Bookmarks {
    /// The account said what it can do.
    pub fn found(&mut self, context: &mut Context<'_>, info: &Element) {
        let features = |name: &str| {
            let mut all = info.children().filter(|child| child.is(ns::DISCO_INFO, "feature"));
            all.any(|child| child.attribute("var") == Some(name))
        };
        // Without its options a node could be open to everybody (§5.1).
        let is_new = features(ns::BOOKMARKS_COMPAT) && pubsub::can_be_private(info);
        self.way = if is_new { Way::Items } else { Way::Storage };
        let question = if is_new {
            pubsub::items(ns::BOOKMARKS)
        } else {
            Element::new(ns::PRIVATE, "query").child_with(Element::new(ns::STORAGE_BOOKMARKS, "storage"))
        };
        context.ask(IqKind::Get(question), Purpose::Bookmarks(Asked::Items));
    }

    /// What a message tells of the list. Everything that claims to is taken, and believed only from the own account:
    /// anybody else could send us wherever they like (CVE-2023-28686).
    pub fn take(&mut self, context: &mut Context<'_>, message: &Message) -> Option<Vec<Wanted>> {
        let items = message.payload(ns::PUBSUB_EVENT, "event")?.child(ns::PUBSUB_EVENT, "items")?;
        if items.attribute("node") != Some(ns::BOOKMARKS) {
            return None;
        }
        let mut wanted = Vec::new();
        if !context.is_own_account(message.from.as_ref()) || self.way != Way::Items {
            return Some(wanted);
        }
        for child in items.children().take(MOST) {
            if child.name() == "retract" {
                let Some(room) = child.attribute("id").and_then(|id| id.parse().ok()) else { continue };
                self.foreign.remove(&room);
                context.domain.rooms.drop_bookmark(&room);
                wanted.push((room, false));
            } else if let Some((bookmark, foreign)) = item(child) {
                let was = context.domain.rooms.bookmark(&bookmark.room).is_some_and(|known| known.autojoin);
                if was != bookmark.autojoin {
                    wanted.push((bookmark.room.clone(), bookmark.autojoin));
                }
                self.foreign.insert(bookmark.room.clone(), foreign);
                context.domain.rooms.put_bookmark(bookmark);
            }
        }
        Some(wanted)
    }

    /// Keeps one in the list.
    pub fn set(&mut self, context: &mut Context<'_>, bookmark: Bookmark) {
        if context.domain.rooms.bookmark(&bookmark.room) == Some(&bookmark) && self.is_here {
            return;
        }
        let room = bookmark.room.clone();
        context.domain.rooms.put_bookmark(bookmark.clone());
        self.write(context, room, Some(bookmark));
    }

    /// What others put beside a bookmark, and whatever else means nothing in here; `None`, as long as the list is not
    /// here, or if there is no such place.
    pub fn beside(&self, room: &BareJid) -> Option<&[Element]> {
        let has_place = self.is_here && self.way == Way::Items;
        has_place.then(|| self.foreign.get(room).map_or(&[][..], Vec::as_slice))
    }

    /// Whether the list is here.
    pub const fn is_here(&self) -> bool {
        self.is_here
    }

    /// Sees to it that the list comes: a page before this one may have asked for it on this stream.
    pub fn seek(&mut self, context: &mut Context<'_>) {
        if self.way == Way::Unknown && !std::mem::replace(&mut self.asks_support, true) {
            let account = context.me.bare().clone();
            let question = IqKind::Get(Element::new(ns::DISCO_INFO, "query"));
            context.ask_of(account.into(), question, Purpose::Bookmarks(Asked::Support));
        }
    }

    /// Keeps something else beside a bookmark.
    pub fn set_beside(&mut self, context: &mut Context<'_>, room: &BareJid, beside: Vec<Element>) {
        if let Some(bookmark) = context.domain.rooms.bookmark(room).cloned() {
            self.foreign.insert(room.clone(), beside);
            self.publish(context, &bookmark);
        }
    }

    /// Takes one out of it.
    pub fn remove(&mut self, context: &mut Context<'_>, room: &BareJid) {
        if context.domain.rooms.bookmark(room).is_some() {
            context.domain.rooms.drop_bookmark(room);
            self.write(context, room.clone(), None);
        }
    }

    fn write(&mut self, context: &mut Context<'_>, room: BareJid, bookmark: Option<Bookmark>) {
        if !self.is_here {
            self.waiting.retain(|(known, _)| *known != room);
            self.waiting.push((room, bookmark));
            return self.seek(context);
        }
        match (self.way, bookmark) {
            (Way::Items, Some(bookmark)) => self.publish(context, &bookmark),
            (Way::Items, None) => {
                let retract = pubsub::retract(ns::BOOKMARKS, room.as_str());
                context.ask(IqKind::Set(retract), Purpose::Bookmarks(Asked::Retract(room)));
            }
            (_, _) => self.store(context, room),
        }
    }

    fn publish(&self, context: &mut Context<'_>, bookmark: &Bookmark) {
        let conference = conference(Element::new(ns::BOOKMARKS, "conference"), bookmark, self.foreign_of(bookmark));
        let pubsub = pubsub::publish(ns::BOOKMARKS, bookmark.room.as_str(), conference, self.few_options);
        context.ask(IqKind::Set(pubsub), Purpose::Bookmarks(Asked::Publish(bookmark.room.clone())));
    }

    fn store(&self, context: &mut Context<'_>, room: BareJid) {
        let mut storage = Element::new(ns::STORAGE_BOOKMARKS, "storage");
        self.others.iter().cloned().for_each(|other| storage.push(other));
        for bookmark in context.domain.rooms.bookmarks() {
            let element = Element::new(ns::STORAGE_BOOKMARKS, "conference").with("jid", bookmark.room.as_str());
            storage.push(conference(element, bookmark, self.foreign_of(bookmark)));
        }
        let query = Element::new(ns::PRIVATE, "query").child_with(storage);
        context.ask(IqKind::Set(query), Purpose::Bookmarks(Asked::Store(room)));
    }

    fn foreign_of(&self, bookmark: &Bookmark) -> &[Element] {
        self.foreign.get(&bookmark.room).map_or(&[], Vec::as_slice)
    }

    fn configure(&mut self, context: &mut Context<'_>) {
        self.is_configured = true;
        context.ask(IqKind::Set(pubsub::configure(ns::BOOKMARKS)), Purpose::Bookmarks(Asked::Configure));
    }

    /// The server's answer. Where the user's devices want to be, if that is in it.
    pub fn answered(
        &mut self,
        context: &mut Context<'_>,
        asked: Asked,
        answer: Result<Option<&Element>, StanzaError>,
    ) -> Vec<Wanted> {
        match (asked, answer) {
            (Asked::Support, answer) => {
                self.asks_support = false;
                if let Ok(Some(info)) = answer {
                    self.found(context, info);
                }
            }
            (Asked::Items, Ok(answer)) => return self.came(context, answer),
            // Nothing was ever kept there.
            (Asked::Items, Err(error)) if error.condition == Condition::ItemNotFound => {
                return self.came(context, None);
            }
            // The stream was lost, perhaps: it is said again on the next one.
            (Asked::Publish(room) | Asked::Store(room) | Asked::Retract(room), Err(error))
                if error.condition == Condition::RemoteServerTimeout =>
            {
                let bookmark = context.domain.rooms.bookmark(&room).cloned();
                self.waiting.retain(|(known, _)| *known != room);
                self.waiting.push((room, bookmark));
            }
            (Asked::Publish(room), Err(error)) => {
                let again = match error.condition {
                    // ejabberd 23.01 knows two of the four options, and refuses the others.
                    Condition::ResourceConstraint => !std::mem::replace(&mut self.few_options, true),
                    // The node is there and is set up in another way.
                    Condition::Conflict if !self.is_configured => {
                        self.configure(context);
                        true
                    }
                    _ => false,
                };
                match context.domain.rooms.bookmark(&room).cloned() {
                    Some(bookmark) if again => self.publish(context, &bookmark),
                    _ => context.domain.rooms.refused(&room, RoomWish::Bookmark, error.into()),
                }
            }
            // What could not be said when the node was made is said now: without it the node keeps one item.
            (Asked::Publish(_), Ok(_)) if self.few_options && !self.is_configured => self.configure(context),
            (Asked::Retract(room), Err(error)) if error.condition != Condition::ItemNotFound => {
                context.domain.rooms.refused(&room, RoomWish::Bookmark, error.into());
            }
            (Asked::Store(room), Err(error)) => {
                context.domain.rooms.refused(&room, RoomWish::Bookmark, error.into());
            }
            _ => {}
        }
        Vec::new()
    }

    /// The list is here.
    fn came(&mut self, context: &mut Context<'_>, answer: Option<&Element>) -> Vec<Wanted> {
        self.is_here = true;
        self.foreign.clear();
        self.others.clear();
        let mut bookmarks: Vec<Bookmark> = Vec::new();
        let mut add = |(bookmark, foreign): (Bookmark, Vec<Element>)| {
            let place = bookmarks.iter().position(|known| known.room >= bookmark.room).unwrap_or(bookmarks.len());
            if bookmarks.get(place).is_none_or(|known| known.room != bookmark.room) {
                self.foreign.insert(bookmark.room.clone(), foreign);
                bookmarks.insert(place, bookmark);
            }
        };
        match self.way {
            Way::Items => {
                let items = answer.and_then(|pubsub| pubsub.child(ns::PUBSUB, "items"));
                items.into_iter().flat_map(Element::children).take(MOST).filter_map(item).for_each(&mut add);
            }
            _ => {
                let storage = answer.and_then(|query| query.child(ns::STORAGE_BOOKMARKS, "storage"));
                for child in storage.into_iter().flat_map(Element::children).take(MOST) {
                    let room = child.attribute("jid").and_then(|jid| jid.parse().ok());
                    match room.filter(|_| child.name() == "conference") {
                        Some(room) => add(read(room, child)),
                        None => self.others.push(child.clone()),
                    }
                }
            }
        }
        let wanted = bookmarks.iter().filter(|one| one.autojoin).map(|one| (one.room.clone(), true)).collect();
        context.domain.rooms.set_bookmarks(bookmarks);
        for (room, bookmark) in std::mem::take(&mut self.waiting) {
            match bookmark {
                Some(bookmark) => self.set(context, bookmark),
                None => self.remove(context, &room),
            }
        }
        wanted
    }
}

/// An item of the node: its id is the address.
fn item(item: &Element) -> Option<(Bookmark, Vec<Element>)> {
    let room = item.attribute("id")?.parse().ok()?;
    Some(read(room, item.child(ns::BOOKMARKS, "conference")?))
}

/// A bookmark of either form, and what in it means nothing here.
fn read(room: BareJid, conference: &Element) -> (Bookmark, Vec<Element>) {
    let own = |child: &Element, name: &str| child.namespace() == conference.namespace() && child.name() == name;
    let text = |name: &str| {
        let child = conference.children().find(|child| own(child, name))?;
        Some(child.text().trim().to_owned()).filter(|text| !text.is_empty())
    };
    let name = conference.attribute("name").map(|name| name.trim().chars().take(NAME).collect::<String>());
    let bookmark = Bookmark {
        room,
        name: name.filter(|name| !name.is_empty()),
        nick: text("nick"),
        password: text("password"),
        autojoin: matches!(conference.attribute("autojoin"), Some("true" | "1")),
    };
    let foreign = conference.children().filter(|child| !own(child, "nick") && !own(child, "password"));
    (bookmark, foreign.cloned().collect())
}

/// A bookmark as an element of either form.
fn conference(mut element: Element, bookmark: &Bookmark, foreign: &[Element]) -> Element {
    let is_old = element.namespace() == ns::STORAGE_BOOKMARKS;
    let namespace = if is_old { ns::STORAGE_BOOKMARKS } else { ns::BOOKMARKS };
    if let Some(name) = &bookmark.name {
        element.set("name", name.as_str());
    }
    element.set("autojoin", if bookmark.autojoin { "true" } else { "false" });
    for (name, text) in [("nick", &bookmark.nick), ("password", &bookmark.password)] {
        if let Some(text) = text {
            element.push(Element::new(namespace, name).text_with(text));
        }
    }
    foreign.iter().cloned().for_each(|child| element.push(child));
    element
}

impl Feature for Bookmarks {
    fn features(&self) -> &'static [&'static str] {
        &[ns::BOOKMARKS_NOTIFY]
    }

    fn fresh_stream(&mut self, _context: &mut Context<'_>) {
        self.way = Way::Unknown;
        self.is_here = false;
    }
}
