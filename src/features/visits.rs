//! XEP-0163, XEP-0223: what became of the visits of a support desk, shared between its agents, which are devices of one
//! account (`docs/desk.md`); XEP-0172: by which names the agents go.
//!
//! One item for each visit on a private node of our own account: its id is the address of the group chat. The server puts
//! what is published into one order for everybody, so of two agents who take a visit at the same time the later one has it.

use std::collections::VecDeque;

use super::{Context, Feature, Purpose};
use crate::condition::Condition;
use crate::domain::change::{Change, Notice};
use crate::domain::desk::{DeskNews, Stage, Visit, is_visit};
use crate::domain::fold::seen_name;
use crate::jid::{BareJid, Jid};
use crate::map::Map;
use crate::wire::stanza::{IqKind, Message, Presence, PresenceKind};
use crate::wire::stanza_error::{ErrorKind, StanzaError};
use crate::wire::xml::Element;
use crate::wire::{nick, ns, pubsub, time};

/// Items that are taken from one answer.
const MOST: usize = 1_000;
/// Characters of an agent's name.
const NAME: usize = 60;
/// Devices of the account of which it is known which agent they are.
const AGENTS: usize = 100;

/// What was asked of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// What became of all visits.
    Items,
    /// To keep what became of one.
    Publish,
    /// To keep it of more than one.
    Configure,
}

/// What the own account tells of a visit: what became of it, or that it is forgotten.
pub type Told = (BareJid, Option<Visit>);

/// What is told and heard of visits.
#[derive(Debug, Default)]
pub struct Visits {
    /// The server can keep an item private (XEP-0223 §5), if it is known: without that nothing is told.
    is_private: Option<bool>,
    /// The server does not know every option that the specification wants.
    few_options: bool,
    is_configured: bool,
    /// They were asked for on this stream, or will be.
    is_wanted: bool,
    telling: Option<Visit>,
    /// The server told of the visit that is being told of, of this or of what came after it.
    is_heard: bool,
    to_tell: VecDeque<Visit>,
    /// The agent at this device, if it is one.
    name: Option<String>,
    /// The agents at others, by resource.
    agents: Map<String, String>,
}

impl Visits {
    /// The account said what it can do.
    pub fn found(&mut self, context: &mut Context<'_>, info: &Element) {
        self.is_private = Some(pubsub::can_be_private(info));
        if std::mem::take(&mut self.is_wanted) || context.domain.desk.on || !context.domain.desk.visits.is_empty() {
            self.want(context);
        }
        self.tell_next(context);
    }

    /// The visits matter to this device: what became of them is asked for, once on each stream. Accounts that are no
    /// desk never ask.
    pub fn want(&mut self, context: &mut Context<'_>) {
        if !std::mem::replace(&mut self.is_wanted, true) && self.is_private == Some(true) {
            context.ask(IqKind::Get(pubsub::items(ns::VISITS)), Purpose::Visits(Asked::Items));
        }
    }

    /// What a message tells of visits, if that is what it is about. Only our own account may tell.
    pub fn take(&mut self, message: &Message, is_own_account: bool) -> Option<Vec<Told>> {
        let items = message.payload(ns::PUBSUB_EVENT, "event")?.child(ns::PUBSUB_EVENT, "items")?;
        if items.attribute("node") != Some(ns::VISITS) {
            return None;
        }
        let told = if is_own_account { read(items) } else { Vec::new() };
        self.is_heard |=
            self.telling.as_ref().is_some_and(|telling| told.iter().any(|(room, _)| *room == telling.room));
        Some(told)
    }

    /// The answer to a question of this feature: what became of visits.
    pub fn answered(
        &mut self,
        context: &mut Context<'_>,
        asked: &Asked,
        answer: Result<Option<&Element>, StanzaError>,
    ) -> Option<Vec<Told>> {
        match (asked, answer) {
            (Asked::Items, Ok(answer)) => {
                let items = answer.and_then(|pubsub| pubsub.child(ns::PUBSUB, "items"));
                return Some(items.map(read).unwrap_or_default());
            }
            (Asked::Items, Err(error)) if error.condition == Condition::ItemNotFound => return Some(Vec::new()),
            (Asked::Items | Asked::Configure, _) => {}
            (Asked::Publish, answer) => {
                let told = self.telling.take();
                let is_heard = std::mem::take(&mut self.is_heard);
                let mut holds = None;
                match (answer, told) {
                    // ejabberd 23.01 knows two of the four options, and refuses the others.
                    (Err(error), Some(told))
                        if error.condition == Condition::ResourceConstraint && !self.few_options =>
                    {
                        self.few_options = true;
                        self.to_tell.push_front(told);
                    }
                    // The node is there and is set up in another way.
                    (Err(error), Some(told)) if error.condition == Condition::Conflict && !self.is_configured => {
                        self.configure(context);
                        self.to_tell.push_front(told);
                    }
                    (Err(error), Some(told)) => holds = Some(not_shared(context, told, error)),
                    (Ok(_), told) => {
                        // What could not be said when the node was made is said now: without it the node keeps one item.
                        if self.few_options && !self.is_configured {
                            self.configure(context);
                        }
                        // Not every server tells whoever published, too.
                        holds = told.filter(|_| !is_heard).map(|told| (told.room.clone(), Some(told)));
                    }
                    (Err(_), None) => {}
                }
                self.tell_next(context);
                return holds.map(|told| vec![told]);
            }
        }
        None
    }

    fn configure(&mut self, context: &mut Context<'_>) {
        self.is_configured = true;
        context.ask(IqKind::Set(pubsub::configure(ns::VISITS)), Purpose::Visits(Asked::Configure));
    }

    /// Tells the other agents what became of a visit. Returns it if they cannot be told, and it holds for this device
    /// alone.
    pub fn tell(&mut self, context: &mut Context<'_>, visit: Visit) -> Option<Told> {
        if self.is_private == Some(false) {
            let error = StanzaError::new(ErrorKind::Cancel, Condition::FeatureNotImplemented);
            return Some(not_shared(context, visit, error));
        }
        self.to_tell.push_back(visit);
        self.tell_next(context);
        None
    }

    fn tell_next(&mut self, context: &mut Context<'_>) {
        if self.is_private != Some(true) || self.telling.is_some() {
            return;
        }
        let Some(visit) = self.to_tell.pop_front() else { return };
        let content = write(&visit);
        let publish = pubsub::publish(ns::VISITS, visit.room.as_str(), content, self.few_options);
        context.ask(IqKind::Set(publish), Purpose::Visits(Asked::Publish));
        self.telling = Some(visit);
    }

    /// Nobody needs to know of a visit any more.
    pub fn forget(context: &mut Context<'_>, room: &BareJid) {
        context.ask(IqKind::Set(pubsub::retract(ns::VISITS, room.as_str())), Purpose::Nothing);
    }

    /// Which agent is at this device; none, if nobody is. Whether presence says something else from now on.
    pub fn call(&mut self, name: Option<String>) -> bool {
        std::mem::replace(&mut self.name, name.clone()) != name
    }
}

fn not_shared(context: &mut Context<'_>, visit: Visit, error: StanzaError) -> Told {
    let news = DeskNews::NotShared(error.into());
    context.domain.notices.push(Notice::Desk(visit.room.clone(), news));
    (visit.room.clone(), Some(visit))
}

fn write(visit: &Visit) -> Element {
    let (state, by, from) = match &visit.stage {
        Stage::Waiting => ("open", None, None),
        Stage::Taken { by, from } => ("taken", Some(by.as_str()), from.as_deref()),
        Stage::Closed => ("closed", None, None),
    };
    let element = Element::new(ns::VISIT, "visit").with("state", state).with_some("by", by).with_some("from", from);
    let element = element.with_some("since", time::write(visit.since).as_deref());
    element.with_some("name", visit.name.as_deref()).with_some("topic", visit.topic.as_deref())
}

fn read(items: &Element) -> Vec<Told> {
    items.children().take(MOST).filter_map(one).collect()
}

fn one(item: &Element) -> Option<Told> {
    let room: BareJid = item.attribute("id")?.parse().ok().filter(is_visit)?;
    if item.name() == "retract" {
        return Some((room, None));
    }
    let visit = item.child(ns::VISIT, "visit")?;
    let called = |name: &str| {
        let name = visit.attribute(name).and_then(seen_name)?;
        Some(name.chars().take(NAME).collect::<String>())
    };
    let stage = match visit.attribute("state")? {
        "open" => Stage::Waiting,
        "taken" => Stage::Taken { by: called("by")?, from: called("from") },
        "closed" => Stage::Closed,
        _ => return None,
    };
    let since = visit.attribute("since").and_then(time::parse).unwrap_or_default();
    let known = Visit::new(room.clone(), since, visit.attribute("name"), visit.attribute("topic"));
    Some((room, Some(Visit { stage, ..known })))
}

impl Feature for Visits {
    fn features(&self) -> &'static [&'static str] {
        &[ns::VISITS_NOTIFY]
    }

    fn fresh_stream(&mut self, context: &mut Context<'_>) {
        self.is_private = None;
        self.is_wanted = false;
        // What was not told before the stream was lost may be wrong by now: what holds is asked for instead.
        self.telling = None;
        self.to_tell.clear();
        self.agents.clear();
        self.show_agents(context);
    }

    fn decorate(&self, presence: &mut Presence) {
        if let Some(name) = &self.name {
            presence.payloads.push(Element::new(ns::NICK, "nick").text_with(name));
        }
    }

    fn presence(&mut self, context: &mut Context<'_>, from: &Jid, presence: &Presence) {
        let Some(resource) = from.resource().filter(|_| from.bare() == context.me.bare()) else { return };
        if resource == context.me.resource() {
            return;
        }
        let name = nick::of(presence.payloads.iter()).filter(|_| presence.kind == PresenceKind::Available);
        match name.as_deref().and_then(seen_name).map(|name| name.chars().take(NAME).collect()) {
            Some(name) if self.agents.len() < AGENTS => drop(self.agents.insert(resource.to_owned(), name)),
            Some(_) => {}
            None => drop(self.agents.remove(resource)),
        }
        self.show_agents(context);
    }
}

impl Visits {
    fn show_agents(&self, context: &mut Context<'_>) {
        let mut names: Vec<String> = Vec::new();
        for name in self.agents.values() {
            if Some(name) != self.name.as_ref() && !names.contains(name) {
                let place = names.iter().position(|known| known > name).unwrap_or(names.len());
                names.insert(place, name.clone());
            }
        }
        if context.domain.desk.agents != names {
            context.domain.desk.agents = names;
            context.domain.desk_changed();
        }
    }
}

impl super::Domain {
    /// The agents' side of a desk is different.
    pub fn desk_changed(&mut self) {
        // Of several changes in one slice of work the last one counts.
        self.changes.retain(|change| !matches!(change, Change::Desk(crate::domain::desk::DeskChange::Desk(_))));
        self.changes.push(Change::Desk(crate::domain::desk::DeskChange::Desk(self.desk.clone())));
    }
}
