//! Pictures, as a page holds them.

use std::collections::HashMap;
use std::rc::Rc;

use super::{Mirror, Topic};
use crate::domain::change::Change;
use crate::domain::face::{Face, FaceChange, Shown};
use crate::jid::BareJid;

/// Files that are held at a time. What is on a page is held by the browser.
const HELD: usize = 40;

/// Who shows which picture.
#[derive(Debug, Default)]
pub(super) struct Faces {
    shown: HashMap<BareJid, Shown>,
    held: Vec<(Rc<str>, Rc<Face>)>,
}

impl Mirror {
    pub(super) fn apply_face(&mut self, change: FaceChange) {
        match change {
            FaceChange::Of(whose, shown) => {
                self.touch(Topic::Face(whose.clone()));
                self.faces.shown.insert(whose, shown);
            }
            FaceChange::Is(name, face) => {
                let seen: Vec<BareJid> = self
                    .faces
                    .shown
                    .iter()
                    .filter(|(_, shown)| shown.names.contains(&name))
                    .map(|(whose, _)| whose.clone())
                    .collect();
                seen.into_iter().for_each(|whose| self.touch(Topic::Face(whose)));
                if self.faces.held.len() >= HELD {
                    self.faces.held.remove(0);
                }
                self.faces.held.push((name, Rc::new(face)));
            }
        }
    }

    /// What an address says about its picture.
    pub fn face_of(&self, whose: &BareJid) -> Option<&Shown> {
        self.faces.shown.get(whose)
    }

    /// The picture of a name, if it came lately.
    pub fn face(&self, name: &str) -> Option<Rc<Face>> {
        self.faces.held.iter().find(|(held, _)| **held == *name).map(|(_, face)| face.clone())
    }

    /// The changes that make an empty mirror show what this one shows of pictures. The files come when they are wanted.
    pub(super) fn face_snapshot(&self) -> impl Iterator<Item = Change> {
        self.faces.shown.iter().map(|(whose, shown)| Change::Face(FaceChange::Of(whose.clone(), shown.clone())))
    }
}
