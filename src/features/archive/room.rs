//! XEP-0313: the archive of a group chat. It is asked anew whenever the user goes in.

use super::page::Part;
use super::{Archive, CatchUp, Context, RETRIES};
use crate::jid::BareJid;
use crate::wire::rsm::Page;

impl Archive {
    /// That of a group chat.
    pub fn of_room(room: BareJid) -> Self {
        Self { room: Some(room), ..Self::default() }
    }

    /// The user is in, and the group chat has an archive: what was missed is asked for.
    pub fn entered(&mut self, context: &mut Context<'_>) {
        self.begin_anew();
        self.catch_up = CatchUp::Running;
        self.is_there = true;
        self.is_absent = false;
        context.domain.conversations.archive_found(self.room.as_ref());
        if self.pointers.top.is_none() {
            self.ask(context, Part::Newest, Page::Last);
        } else {
            self.after_top(context, Part::Missed);
        }
    }

    /// The user is not in any more, or it has no archive.
    pub fn left(&mut self) {
        self.queries.clear();
        self.is_there = false;
        self.catch_up = CatchUp::Unknown;
    }

    /// Nothing is known of what was asked before.
    pub(super) fn begin_anew(&mut self) {
        self.passed.clear();
        self.filling = false;
        self.is_there = false;
        self.full_text.stream_began();
        self.first_visit = self.pointers.top.is_none();
        self.live = 0;
        self.retries = RETRIES;
    }
}
