//! The pictures that addresses show, as the browser shows them.

use std::rc::Rc;

use leptos::reactive::graph::untrack;
use web_sys::Url;

use super::Client;
use crate::domain::face::Shown;
use crate::engine::command::Command;
use crate::engine::mirror::Topic;
use crate::jid::BareJid;
use crate::ui::parts::browser::local_address;

/// Pictures that the browser holds for a page.
const HELD: usize = 80;

impl Client {
    /// What an address says about its picture.
    pub(crate) fn face_of(&self, whose: &BareJid) -> Option<Shown> {
        self.read(Topic::Face(whose.clone()), |mirror| mirror.face_of(whose).cloned())
    }

    /// The picture of an address, as something that the browser can show. It is fetched when it is first asked for.
    pub(crate) fn face(&self, whose: &BareJid) -> Option<Rc<str>> {
        let names = self.face_of(whose)?.names;
        let page = self.page();
        let held = |name: &Rc<str>| {
            page.faces.with_untracked(|held| held.iter().find(|(known, _)| known == name).map(|(_, url)| url.clone()))
        };
        if let Some(url) = names.iter().find_map(held) {
            return Some(url);
        }
        let here = |name: &Rc<str>| {
            let face = untrack(|| self.read(Topic::Face(whose.clone()), |mirror| mirror.face(name)))?;
            Some((name.clone(), Rc::from(local_address(face.kind, &face.bytes)?)))
        };
        let Some((name, url)) = names.iter().find_map(here) else {
            if !names.is_empty() {
                self.send(Command::WantFace(whose.clone()));
            }
            return None;
        };
        let shown: Rc<str> = url;
        page.faces.update(|held| {
            if held.len() >= HELD {
                let (_, oldest) = held.remove(0);
                let _ = Url::revoke_object_url(&oldest);
            }
            held.push((name, shown.clone()));
        });
        Some(shown)
    }
}
