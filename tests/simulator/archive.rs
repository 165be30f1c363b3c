//! The archive of the account (XEP-0313), with the ways of different servers.

use waxwing::wire::xml::Element;
use waxwing::wire::{ns, time};

use crate::ledger::{ME, peer_of};
use crate::rng::Rng;
use crate::server::stamp;
use crate::variant::Style;

#[derive(Clone, Debug)]
pub struct Entry {
    pub id: String,
    /// The message as it was sent, with `from` and `to`.
    pub xml: String,
    pub peer: usize,
    /// When it came, by the server's clock.
    pub at: i64,
}

#[derive(Debug)]
pub struct Archive {
    pub style: Style,
    pub entries: Vec<Entry>,
    /// The most results of one page.
    pub cap: usize,
    last_id: u64,
}

impl Archive {
    pub const fn new(style: Style, cap: usize) -> Self {
        Self { style, entries: Vec::new(), cap, last_id: 0 }
    }

    /// Takes a message in and gives it an id.
    pub fn store(&mut self, rng: &mut Rng, at: i64, peer: usize, xml: &str) -> String {
        let id = match self.style {
            Style::Ejabberd => {
                self.last_id = (self.last_id + 1).max(u64::try_from(at).unwrap() * 1_000);
                self.last_id.to_string()
            }
            Style::Prosody | Style::ProsodySql => rng.id(),
        };
        self.entries.push(Entry { id: id.clone(), xml: xml.to_owned(), peer, at });
        id
    }

    fn matching(&self, form: Option<&Element>) -> Result<Vec<&Entry>, &'static str> {
        let mut found: Vec<&Entry> = self.entries.iter().collect();
        let fields = form.into_iter().flat_map(Element::children).filter(|field| field.is(ns::DATA, "field"));
        for field in fields {
            let value = field.child(ns::DATA, "value").map(Element::text).unwrap_or_default();
            match field.attribute("var") {
                Some("FORM_TYPE") => {}
                Some("with") => found.retain(|entry| Some(entry.peer) == peer_of(&value)),
                Some("start") => {
                    let start = time::parse(&value).ok_or("bad-request")?.0;
                    found.retain(|entry| entry.at >= start);
                }
                Some("end") => {
                    let end = time::parse(&value).ok_or("bad-request")?.0;
                    found.retain(|entry| entry.at <= end);
                }
                _ if self.style == Style::Ejabberd => return Err("bad-request"),
                _ => {}
            }
        }
        Ok(found)
    }

    /// One page: its results, its `<fin/>`, or the condition of a refusal.
    pub fn page(&self, query: &Element) -> Result<(Vec<String>, String), &'static str> {
        let all = self.matching(query.child(ns::DATA, "x"))?;
        let set = query.child(ns::RSM, "set");
        let item = |name| set.and_then(|set| set.child(ns::RSM, name)).map(|item| item.text().trim().to_owned());
        let most = item("max").and_then(|max| max.parse::<usize>().ok()).unwrap_or(self.cap).min(self.cap);
        let (mut from, mut to) = (0, all.len());
        if let Some(after) = item("after") {
            from = self.place(&all, &after)?.map_or(to, |(place, found)| place + usize::from(found));
        }
        let backwards = item("before").is_some();
        if let Some(before) = item("before").filter(|before| !before.is_empty()) {
            to = self.place(&all, &before)?.map_or(0, |(place, _)| place);
        }
        from = from.min(to);
        let complete = to - from <= most;
        if backwards {
            from = from.max(to.saturating_sub(most));
        } else {
            to = to.min(from + most);
        }
        let page = &all[from..to];
        let sender = if self.style == Style::Ejabberd { format!(" from='{ME}'") } else { String::new() };
        let queryid = query.attribute("queryid").map(|id| format!(" queryid='{id}'")).unwrap_or_default();
        let results = page.iter().map(|entry| {
            let Entry { id, xml, at, .. } = entry;
            let inner = match self.style {
                Style::Ejabberd => xml.replace(
                    "</message>",
                    &format!("<archived xmlns='urn:xmpp:mam:tmp' by='{ME}' id='{id}'/><stanza-id xmlns='urn:xmpp:sid:0' by='{ME}' id='{id}'/></message>"),
                ),
                _ => xml.clone(),
            };
            format!(
                "<message xmlns='jabber:client'{sender} to='{ME}'><result xmlns='urn:xmpp:mam:2'{queryid} id='{id}'><forwarded xmlns='urn:xmpp:forward:0'>\
                 <delay xmlns='urn:xmpp:delay' stamp='{}'/>{inner}</forwarded></result></message>",
                stamp(*at)
            )
        });
        let ends = match (page.first(), page.last()) {
            (Some(first), Some(last)) => format!("<first>{}</first><last>{}</last>", first.id, last.id),
            _ => String::new(),
        };
        let (complete, count) = match (self.style, complete) {
            (Style::Ejabberd, _) => (format!(" complete='{complete}'"), format!("<count>{}</count>", all.len())),
            (_, true) => (" complete='true'".to_owned(), String::new()),
            (_, false) => (String::new(), String::new()),
        };
        let fin = format!(
            "<fin xmlns='urn:xmpp:mam:2'{complete}><set xmlns='http://jabber.org/protocol/rsm'>{ends}{count}</set></fin>"
        );
        Ok((results.collect(), fin))
    }

    /// Where an id stands, or would stand, and whether it is there; `None` where it is unknown and that means nothing.
    fn place(&self, all: &[&Entry], id: &str) -> Result<Option<(usize, bool)>, &'static str> {
        if let Some(place) = all.iter().position(|entry| entry.id == id) {
            return Ok(Some((place, true)));
        }
        // An id of another conversation stands somewhere, too.
        if let Some(place) = self.entries.iter().position(|entry| entry.id == id) {
            let before = |entry: &&&Entry| self.entries[..place].iter().any(|other| other.id == entry.id);
            return Ok(Some((all.iter().filter(before).count(), false)));
        }
        match self.style {
            Style::Ejabberd => {
                let number = id.parse::<u64>().map_err(|_| "item-not-found")?;
                let before = all.iter().filter(|entry| entry.id.parse::<u64>().unwrap() < number).count();
                Ok(Some((before, false)))
            }
            Style::Prosody => Ok(None),
            Style::ProsodySql => Err("item-not-found"),
        }
    }
}
