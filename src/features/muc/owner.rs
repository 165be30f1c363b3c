//! XEP-0045 §10: making a group chat, setting it up, destroying it.

use super::orders::Asked;
use super::{Event, Muc, SETTING_UP};
use crate::domain::desk::is_visit;
use crate::domain::room::{Affiliation, Answered, RoomKind, RoomNews, RoomWish};
use crate::features::{Context, Purpose};
use crate::form::{Answer, Form};
use crate::jid::BareJid;
use crate::wire::stanza::IqKind;
use crate::wire::stanza_error::StanzaError;
use crate::wire::xml::Element;
use crate::wire::{form, ns};

/// A group chat that the user makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Making {
    /// Which kind.
    pub kind: RoomKind,
    /// What it is called.
    pub name: Option<String>,
    /// Who is invited.
    pub invite: Vec<BareJid>,
    /// It is a visit at a support desk, which begins or ends.
    pub visit: Option<Step>,
}

/// What is done with the group chat of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is made: in no list, open to whoever knows its address, and the desk owns it.
    Begin,
    /// It is ended: whoever is no owner may read, and write no more.
    Close,
}

impl Making {
    /// What its form is answered with, as far as the server asks for it.
    fn answers(&self, form: &Form) -> Vec<Answer> {
        let is_group = self.kind == RoomKind::PrivateGroup;
        let is_visit = self.visit.is_some();
        let yes = |is: bool| if is { "1" } else { "0" };
        if self.visit == Some(Step::Close) {
            // The second is what ejabberd goes by when somebody enters.
            return answers(form, [("muc#roomconfig_moderatedroom", "1"), ("members_by_default", "0")].into_iter());
        }
        let wishes = [
            ("muc#roomconfig_persistentroom", "1"),
            ("muc#roomconfig_membersonly", yes(is_group)),
            ("muc#roomconfig_publicroom", yes(!is_group && !is_visit)),
            ("muc#roomconfig_whois", if is_group { "anyone" } else { "moderators" }),
            ("muc#roomconfig_allowinvites", "1"),
            ("muc#roomconfig_allowpm", if is_group || is_visit { "none" } else { "anyone" }),
            // The archive, by the names that Prosody and ejabberd give it.
            ("muc#roomconfig_enablearchiving", "1"),
            ("muc#roomconfig_mam", "1"),
            ("mam", "1"),
        ];
        let name = self.name.as_deref().map(|name| ("muc#roomconfig_roomname", name));
        answers(form, wishes.into_iter().chain(name))
    }
}

/// Those that fit the form.
fn answers<'a>(form: &Form, wishes: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Answer> {
    let fits = |(name, value): &(&str, &str)| {
        form.field(name).is_some_and(|field| {
            // Of a list only what is in it.
            field.options.is_empty() || field.options.iter().any(|option| option.value == **value)
        })
    };
    let answer = |(name, value): (&str, &str)| Answer { name: name.to_owned(), values: vec![value.to_owned()] };
    wishes.filter(fits).map(answer).collect()
}

fn query(inner: Option<Element>) -> Element {
    let query = Element::new(ns::MUC_OWNER, "query");
    match inner {
        Some(inner) => query.child_with(inner),
        None => query,
    }
}

impl Muc {
    /// The user's way in made the group chat. As long as nothing more is said it is closed to others (§10.1.2). Returns
    /// whether it is to be left again: a visit of which nobody meant to make a new one is over.
    pub(super) fn made(&mut self, context: &mut Context<'_>, room: &BareJid) -> bool {
        let is_meant = self.visits.get(room).is_some_and(|visit| visit.making.is_some());
        if !is_meant && is_visit(room) {
            return true;
        }
        if is_meant {
            let purpose = Purpose::Muc(Asked::Form(room.clone(), true));
            context.ask_of(room.clone().into(), IqKind::Get(query(None)), purpose);
        } else {
            // Nobody meant to.
            context.domain.rooms.news(room, RoomNews::Created);
            let as_it_is = Element::new(ns::DATA, "x").with("type", "submit");
            self.submit(context, room, as_it_is, true);
        }
        false
    }

    /// Ends a visit: what stays of it can be read.
    pub fn close(&mut self, context: &mut Context<'_>, room: &BareJid) {
        let making = Making { kind: RoomKind::PublicChannel, name: None, invite: Vec::new(), visit: Some(Step::Close) };
        self.visits.entry(room.clone()).or_default().making = Some(making);
        let purpose = Purpose::Muc(Asked::Form(room.clone(), true));
        context.ask_of(room.clone().into(), IqKind::Get(query(None)), purpose);
    }

    /// What it tells of its settings soon comes of what we do to them.
    pub fn sets_up(&mut self, context: &Context<'_>, room: &BareJid) {
        let visit = self.visits.entry(room.clone()).or_default();
        visit.set_up_until = Some(context.now.instant.after(SETTING_UP));
    }

    fn submit(&mut self, context: &mut Context<'_>, room: &BareJid, answers: Element, making: bool) {
        self.sets_up(context, room);
        let purpose = Purpose::Muc(Asked::SetUp(room.clone(), making));
        context.ask_of(room.clone().into(), IqKind::Set(query(Some(answers))), purpose);
    }

    /// Asks for the form that sets it up.
    pub fn configure(context: &mut Context<'_>, room: &BareJid) {
        let purpose = Purpose::Muc(Asked::Form(room.clone(), false));
        context.ask_of(room.clone().into(), IqKind::Get(query(None)), purpose);
    }

    /// Answers the form, or closes it (§10.2).
    pub fn answer_form(&mut self, context: &mut Context<'_>, room: &BareJid, answers: Option<&[Answer]>) {
        let Some(visit) = self.visits.get_mut(room) else { return };
        let Some(answers) = answers else {
            if visit.form.take().is_some() {
                context.domain.rooms.answered(room, Answered::Configured);
                let cancel = query(Some(Element::new(ns::DATA, "x").with("type", "cancel")));
                context.ask_of(room.clone().into(), IqKind::Set(cancel), Purpose::Nothing);
            }
            return;
        };
        let Some(form) = &visit.form else { return };
        let submitted = form::submit(form, answers);
        self.submit(context, room, submitted, false);
    }

    /// The form is here, or is not given. Returns whether a visit could not be set up for that.
    pub(super) fn form_came(
        &mut self,
        context: &mut Context<'_>,
        room: &BareJid,
        making: bool,
        answer: Result<Option<&Element>, StanzaError>,
    ) -> bool {
        let query = match answer {
            Ok(query) => query.filter(|query| query.is(ns::MUC_OWNER, "query")),
            Err(error) => return self.not_set_up(context, room, making, error),
        };
        let form = query.and_then(|query| form::read(query.child(ns::DATA, "x")?, query)).unwrap_or_default();
        let Some(visit) = self.visits.get_mut(room) else { return false };
        match visit.making.as_ref().filter(|_| making) {
            Some(making) => {
                let submitted = form::submit(&form, &making.answers(&form));
                self.submit(context, room, submitted, true);
            }
            None => {
                visit.form = Some(form.clone());
                context.domain.rooms.answered(room, Answered::Form(form));
            }
        }
        false
    }

    fn not_set_up(&mut self, context: &mut Context<'_>, room: &BareJid, making: bool, error: StanzaError) -> bool {
        context.domain.rooms.refused(room, RoomWish::Configure, error.into());
        let step = self.visits.get_mut(room).and_then(|visit| visit.making.take_if(|_| making));
        step.is_some_and(|step| step.visit.is_some())
    }

    /// It is set up, or the answers were refused. Returns who is invited now, and whether a visit has ended or could not be
    /// set up.
    pub(super) fn set_up(
        &mut self,
        context: &mut Context<'_>,
        room: &BareJid,
        making: bool,
        answer: Result<Option<&Element>, StanzaError>,
    ) -> (Vec<BareJid>, bool) {
        if let Err(error) = answer {
            return (Vec::new(), self.not_set_up(context, room, making, error));
        }
        let Some(visit) = self.visits.get_mut(room) else { return (Vec::new(), false) };
        let made = visit.making.take_if(|_| making);
        if !making {
            visit.form = None;
            context.domain.rooms.answered(room, Answered::Configured);
        }
        self.ask_info(context, room);
        let Some(made) = made else { return (Vec::new(), false) };
        if made.kind == RoomKind::PrivateGroup || made.visit.is_some() {
            // They belong to it first: they are invited as soon as they do.
            let how = if made.visit.is_some() { Affiliation::Owner } else { Affiliation::Member };
            made.invite.iter().for_each(|who| Self::admit(context, room, who, how, None));
            return (Vec::new(), made.visit == Some(Step::Close));
        }
        (made.invite, false)
    }

    /// Destroys it (§10.9).
    pub fn destroy(context: &mut Context<'_>, room: &BareJid, alternate: Option<&BareJid>, reason: Option<&str>) {
        let mut destroy = Element::new(ns::MUC_OWNER, "destroy").with_some("jid", alternate.map(BareJid::as_str));
        if let Some(reason) = reason {
            destroy.push(Element::new(ns::MUC_OWNER, "reason").text_with(reason));
        }
        let purpose = Purpose::Muc(Asked::Wish(room.clone(), RoomWish::Destroy));
        context.ask_of(room.clone().into(), IqKind::Set(query(Some(destroy))), purpose);
    }
}

/// What an answer had for consequence, for whoever else must know.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What became of the group chat.
    pub event: Option<Event>,
    /// It has an archive, which was not known before.
    pub archive: Option<BareJid>,
    /// A visit has ended, or could not be set up.
    pub visit: Option<BareJid>,
    /// Who is to be invited, where to, and why.
    pub invite: Vec<(BareJid, BareJid, Option<String>)>,
}
