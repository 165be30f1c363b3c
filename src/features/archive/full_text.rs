//! XEP-0431: asking the archive for messages by their words.
//!
//! Whether it can be asked says the form of the archive (XEP-0313 §4.1.5); a field that is not in it would be passed
//! over, and everything would be found. ejabberd calls the field by a name of its own.

use super::page::{Asked, Found, Part, Query};
use super::{Archive, Context, Purpose};
use crate::domain::search::ArchiveSearch;
use crate::features::field;
use crate::jid::BareJid;
use crate::wire::ns;
use crate::wire::rsm::{self, Page};
use crate::wire::stanza::IqKind;
use crate::wire::xml::Element;

/// The names of the field, the best first.
const FIELDS: [&str; 2] = [ns::FULL_TEXT, "withtext"];

/// Messages of an answer.
const MOST: u32 = 50;

/// What is sought in the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sought {
    /// The number of the search.
    pub number: u64,
    /// The words.
    pub text: String,
    /// In which conversation, if only there.
    pub with: Option<BareJid>,
}

/// What is known of the archive's search.
#[derive(Debug, Default)]
pub(super) struct FullText {
    is_asked: bool,
    /// The form is here: the field for the words, if it has one.
    form: Option<Option<&'static str>>,
    /// Answers with the number of their search; `None` is a refusal.
    answers: Vec<(u64, Option<Vec<Found>>)>,
}

impl FullText {
    pub(super) fn stream_began(&mut self) {
        self.is_asked = false;
        self.form = None;
    }

    /// The form of the archive, if it gave one.
    pub(super) fn offered(&mut self, answer: Option<&Element>) {
        let form = answer.filter(|query| query.is(ns::MAM, "query")).and_then(|query| query.child(ns::DATA, "x"));
        let has = |name: &str| {
            form.is_some_and(|form| {
                form.children().any(|child| child.is(ns::DATA, "field") && child.attribute("var") == Some(name))
            })
        };
        self.form = Some(FIELDS.into_iter().find(|name| has(name)));
    }

    pub(super) fn answered(&mut self, number: u64, answer: Option<Vec<Found>>) {
        self.answers.push((number, answer));
    }
}

impl Archive {
    /// Asks once on each stream whether the archive searches texts.
    pub fn look_for_search(&mut self, context: &mut Context<'_>) {
        if self.is_there && !std::mem::replace(&mut self.full_text.is_asked, true) {
            context.ask(IqKind::Get(Element::new(ns::MAM, "query")), Purpose::Archive(Asked::Form));
        }
    }

    /// Whether the archive searches texts, as far as is known.
    pub fn searches(&self) -> ArchiveSearch {
        match self.full_text.form {
            Some(Some(_)) => ArchiveSearch::Possible,
            _ => ArchiveSearch::None,
        }
    }

    /// Asks for the newest messages that have these words. Whether that can be asked.
    pub fn seek(&mut self, context: &mut Context<'_>, sought: &Sought) -> bool {
        let Some(Some(name)) = self.full_text.form else { return false };
        self.number = self.number.saturating_add(1);
        let id = format!("archive-{}", self.number);
        let mut form = Element::new(ns::DATA, "x").with("type", "submit");
        form.push(field("FORM_TYPE", ns::MAM));
        form.push(field(name, &sought.text));
        if let Some(peer) = &sought.with {
            form.push(field("with", peer.as_str()));
        }
        let query = Element::new(ns::MAM, "query").with("queryid", &*id);
        let query = query.child_with(form).child_with(rsm::request(&Page::Last, MOST));
        let part = Part::Search(sought.number);
        self.queries.insert(id.clone(), Query { part, page: Page::Last, results: Vec::new() });
        context.ask(IqKind::Set(query), Purpose::Archive(Asked::Page(id)));
        true
    }

    /// What the archive answered since the last call, with the number of the search; `None` is a refusal.
    pub fn take_sought(&mut self) -> Vec<(u64, Option<Vec<Found>>)> {
        std::mem::take(&mut self.full_text.answers)
    }
}
