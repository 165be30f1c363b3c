//! XEP-0363: a place on the web for a file, before its address is sent.
//!
//! The engine asks for the place; whoever has the file puts it there.

use super::{Context, Feature, Purpose};
use crate::condition::Condition;
use crate::domain::problem::Refusal;
use crate::domain::upload::{Slot, Trouble, Uploads, Wanted};
use crate::jid::Jid;
use crate::wire::ns;
use crate::wire::stanza::IqKind;
use crate::wire::stanza_error::StanzaError;
use crate::wire::web::{host_of_file, is_loopback};
use crate::wire::xml::Element;

/// Parts of a server that are asked what they can do.
const PARTS: usize = 30;
/// Hosts of files that are remembered.
const HOSTS: usize = 8;
/// The longest address of a place, and the longest value of a header.
const LONGEST: usize = 8_000;

/// What was asked of the server or of a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Which parts it has.
    Items,
    /// What this one can do.
    Info(Jid),
    /// For a place for a file, under the name that the page gave to its wish.
    Slot(String),
}

/// What an answer brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// What the server takes is known, or known to be nothing.
    Ability,
    /// There is a place for a file, or none.
    Slot(String, Result<Slot, Trouble>),
}

/// The service that keeps files.
#[derive(Debug, Default)]
pub struct Upload {
    service: Option<Jid>,
    uploads: Uploads,
    /// It was looked for on this stream.
    sought: bool,
    /// It was found on this stream.
    found: bool,
    /// Answers that are still due.
    due: usize,
}

impl Upload {
    /// What the server takes, if it takes files.
    pub fn ability(&self) -> Option<Uploads> {
        self.service.as_ref().map(|_| self.uploads.clone())
    }

    /// Looks for the service, once on each stream: it is the server itself or a part of it (§3).
    pub fn seek(&mut self, context: &mut Context<'_>) {
        if std::mem::replace(&mut self.sought, true) {
            return;
        }
        let server: Jid = context.me.bare().domain_jid().into();
        self.due = 1;
        self.ask_about(context, server.clone());
        let items = Element::new(ns::DISCO_ITEMS, "query");
        context.ask_of(server, IqKind::Get(items), Purpose::Upload(Asked::Items));
    }

    /// Asks for a place for a file.
    ///
    /// # Errors
    ///
    /// The server takes no files, or none that is so large.
    pub fn ask(&self, context: &mut Context<'_>, id: String, wanted: &Wanted) -> Result<(), Trouble> {
        let service = self.service.clone().ok_or(Trouble::NoService)?;
        if self.uploads.limit.is_some_and(|limit| wanted.size > limit) {
            return Err(Trouble::TooLarge { limit: self.uploads.limit });
        }
        let kind = Some(wanted.kind.as_str()).filter(|kind| !kind.is_empty());
        let request = Element::new(ns::UPLOAD, "request")
            .with("filename", crate::domain::file::clean_name(&wanted.name))
            .with("size", wanted.size.to_string())
            .with_some("content-type", kind);
        context.ask_of(service, IqKind::Get(request), Purpose::Upload(Asked::Slot(id)));
        Ok(())
    }

    /// The answer to a question of this feature. It comes from whom we asked, or it would be none.
    pub fn answered(
        &mut self,
        context: &mut Context<'_>,
        asked: Asked,
        answer: Result<Option<&Element>, StanzaError>,
    ) -> Option<Told> {
        let was_found = self.found;
        match (asked, answer) {
            (Asked::Slot(id), Ok(slot)) => {
                let is_local = is_loopback(context.me.bare().domain());
                let slot = slot.and_then(|slot| self.read(slot, is_local)).ok_or(Trouble::Unsafe);
                return Some(Told::Slot(id, slot));
            }
            (Asked::Slot(id), Err(error)) => {
                let trouble = match error.condition {
                    // Nobody answered, or the stream is gone on which they would have.
                    Condition::RemoteServerTimeout => Trouble::Stalled,
                    _ => Trouble::Refused(Refusal::from(error)),
                };
                return Some(Told::Slot(id, Err(trouble)));
            }
            (Asked::Items, answer) => {
                let items = answer.ok().flatten().into_iter().flat_map(Element::children);
                let items =
                    items.filter(|child| child.is(ns::DISCO_ITEMS, "item") && child.attribute("node").is_none());
                for item in items.take(PARTS) {
                    if let Some(part) = item.attribute("jid").and_then(|jid| jid.parse().ok()) {
                        self.ask_about(context, part);
                    }
                }
            }
            (Asked::Info(part), Ok(Some(info))) if !self.found && can(info) => {
                self.found = true;
                let hosts = std::mem::take(&mut self.uploads.hosts);
                self.uploads = Uploads { limit: limit(info), hosts };
                self.learn(part.bare().domain());
                self.service = Some(part);
            }
            (Asked::Info(_), _) => {}
        }
        self.due = self.due.saturating_sub(1);
        if self.due == 0 && !self.found {
            self.service = None;
            return Some(Told::Ability);
        }
        (self.found && !was_found).then_some(Told::Ability)
    }

    fn ask_about(&mut self, context: &mut Context<'_>, part: Jid) {
        self.due = self.due.saturating_add(1);
        let info = Element::new(ns::DISCO_INFO, "query");
        context.ask_of(part.clone(), IqKind::Get(info), Purpose::Upload(Asked::Info(part)));
    }

    /// Reads the place that a service gave (§4).
    fn read(&mut self, slot: &Element, is_local: bool) -> Option<Slot> {
        let (put, get) = (slot.child(ns::UPLOAD, "put")?, slot.child(ns::UPLOAD, "get")?);
        let address = |element: &Element| {
            let url = element.attribute("url").filter(|url| url.len() <= LONGEST)?;
            host_of_file(url, is_local).map(|_| url.to_owned())
        };
        let put_url = address(put)?;
        let url = address(get)?;
        if let Some(host) = host_of_file(&url, is_local) {
            self.learn(host);
        }
        Some(Slot { put: put_url, headers: headers(put), get: url })
    }

    fn learn(&mut self, host: &str) {
        let host = host.to_ascii_lowercase();
        if self.uploads.hosts.len() < HOSTS && !self.uploads.hosts.contains(&host) {
            self.uploads.hosts.push(host);
        }
    }
}

/// What is to go with the file. Of the three names that a service may give, browsers let no page set the third,
/// `Cookie`; all others are none of its business (§4). What could begin another header is taken out (§8).
fn headers(put: &Element) -> Vec<(String, String)> {
    let of = |name: &'static str| {
        let is = |child: &&Element| {
            child.is(ns::UPLOAD, "header")
                && child.attribute("name").is_some_and(|said| said.eq_ignore_ascii_case(name))
        };
        let value: String = put.children().find(is)?.text().chars().filter(|c| !c.is_control()).collect();
        (value.len() <= LONGEST).then(|| (name.to_owned(), value))
    };
    ["Authorization", "Expires"].into_iter().filter_map(of).collect()
}

/// Whether a part of the server keeps files.
fn can(info: &Element) -> bool {
    info.children().any(|child| child.is(ns::DISCO_INFO, "feature") && child.attribute("var") == Some(ns::UPLOAD))
}

/// The most bytes that it takes (§3). Whatever is no number limits nothing here; the server will tell then.
fn limit(info: &Element) -> Option<u64> {
    let value = |form: &Element, name: &str| {
        let mut fields = form.children().filter(|child| child.is(ns::DATA, "field"));
        let field = fields.find(|field| field.attribute("var") == Some(name))?;
        field.child(ns::DATA, "value").map(Element::text)
    };
    let mut forms = info.children().filter(|child| child.is(ns::DATA, "x"));
    let form = forms.find(|form| value(form, "FORM_TYPE").as_deref() == Some(ns::UPLOAD))?;
    value(form, "max-file-size")?.trim().parse().ok()
}

impl Feature for Upload {
    /// Where it was before holds until another place is found.
    fn fresh_stream(&mut self, _context: &mut Context<'_>) {
        self.sought = false;
        self.found = false;
        self.due = 0;
    }
}
