//! Pictures that addresses show for themselves: who wants to see which, and when it is fetched.

use super::Engine;
use crate::clock::{Instant, Now};
use crate::condition::Condition;
use crate::domain::face::Face;
use crate::domain::problem::Refusal;
use crate::domain::room::RoomWish;
use crate::features::vcard;
use crate::jid::BareJid;
use crate::wire::stanza_error::StanzaError;
use crate::wire::xml::Element;

/// Pictures that are fetched at a time.
const AT_ONCE: usize = 2;
/// Bytes of a question for one, more or less.
const QUESTION: usize = 160;
/// The largest file that is sent, in bytes: browsers and servers do not take stanzas of any length.
const LARGEST: usize = 73_728;

impl Engine {
    /// When a picture is to be fetched.
    pub(super) fn face_at(&self, now: Instant) -> Option<Instant> {
        let waits = self.session.is_online() && self.domain.faces.waits(AT_ONCE);
        waits.then(|| self.pace.free_at(now, QUESTION))
    }

    /// Fetches what is to be fetched, as far as it does not get in the way of anything else.
    pub(super) fn fetch_faces(&mut self, now: Now) {
        while self.face_at(now.instant).is_some_and(|at| at <= now.instant) {
            let Some(whose) = self.domain.faces.take_next() else { return };
            self.with_features(now, |_, context| vcard::fetch(context, whose));
            self.follow_session(now);
        }
    }

    /// Gives a group chat another picture, or none.
    pub(super) fn set_face(&mut self, now: Now, room: &BareJid, file: Option<Vec<u8>>) {
        let face = file.map(|file| Face::read(file).filter(|face| face.bytes.len() <= LARGEST));
        match face {
            Some(None) => {
                let refusal = Refusal { condition: Condition::NotAcceptable, text: None };
                self.domain.rooms.refused(room, RoomWish::Picture, refusal);
            }
            face => {
                self.with_features(now, |features, context| {
                    features.muc.sets_up(context, room);
                    vcard::change(context, room, face.flatten());
                });
            }
        }
    }

    /// An answer about a picture.
    pub(super) fn face_answered(
        &mut self,
        now: Now,
        asked: vcard::Asked,
        answer: Result<Option<&Element>, StanzaError>,
    ) {
        self.with_features(now, |features, context| {
            if let Some(room) = vcard::answered(context, asked, answer) {
                features.muc.sets_up(context, &room);
                features.muc.ask_info(context, &room);
            }
        });
    }

    /// What a group chat's own presence announces.
    pub(super) fn face_announced(&mut self, room: &BareJid, payloads: &[Element]) {
        if let Some(name) = vcard::announced(payloads) {
            self.domain.faces.say(room, vec![name], None);
        }
    }
}
