//! Places on the web for files, for whichever page has the file.

use super::Engine;
use crate::clock::Now;
use crate::domain::change::Change;
use crate::domain::upload::{Trouble, Wanted};
use crate::features::upload::Told;

impl Engine {
    /// Tells what the server can do.
    pub(super) fn tell_abilities(&mut self) {
        self.domain.abilities.upload = self.features.upload.ability();
        self.change(Change::Abilities(self.domain.abilities.clone()));
    }

    /// Looks for the service that keeps files: when somebody may want to send one, and not with every visit.
    pub(super) fn seek_uploads(&mut self, now: Now) {
        if self.session.is_online() {
            self.with_features(now, |features, context| features.upload.seek(context));
        }
    }

    /// Asks for a place for a file. There is always an answer.
    pub(super) fn ask_slot(&mut self, now: Now, id: String, wanted: &Wanted) {
        let asked = if self.session.is_online() {
            let name = id.clone();
            self.with_features(now, |features, context| features.upload.ask(context, name, wanted))
        } else {
            None
        };
        if let Err(trouble) = asked.unwrap_or(Err(Trouble::NotConnected)) {
            self.change(Change::Slot(id, Err(trouble)));
        }
    }

    /// Passes on what the service said.
    pub(super) fn uploads_told(&mut self, told: Option<Told>) {
        match told {
            Some(Told::Ability) => self.tell_abilities(),
            Some(Told::Slot(id, slot)) => {
                self.tell_abilities();
                self.change(Change::Slot(id, slot));
            }
            None => {}
        }
    }
}
