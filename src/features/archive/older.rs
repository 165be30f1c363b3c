//! XEP-0313: what is older than what is shown of one conversation.

use super::page::Part;
use super::{Archive, Context};
use crate::domain::timeline::History;
use crate::jid::BareJid;
use crate::wire::rsm::Page;

/// Conversations that wait for their older messages.
const WANTED: usize = 8;

impl Archive {
    /// Asks for what is older than what is shown of a conversation.
    pub fn older(&mut self, context: &mut Context<'_>, peer: &BareJid) {
        // Where it cannot be asked yet, it is asked as soon as it can be.
        if !self.is_there {
            return self.want(peer);
        }
        if self.is_asking(&Part::Older(peer.clone())) {
            return;
        }
        // What is before a hole and what is in it would come to stand behind it.
        if context.domain.conversations.begins_behind_a_hole(peer) {
            return self.want(peer);
        }
        let from = self.older_from.get(peer).cloned();
        // Of a row that came late and of no page it is not known what stands behind it: that is looked through from the
        // end.
        let conversations = &context.domain.conversations;
        let oldest = || conversations.oldest_archived(peer).filter(|_| !conversations.is_scattered(peer));
        let Some(page) = from.or_else(oldest).map(Page::Before).or_else(|| self.is_whole().then_some(Page::Last))
        else {
            return self.want(peer);
        };
        context.domain.conversations.set_history(peer, History::Loading);
        self.ask(context, Part::Older(peer.clone()), page);
    }

    /// Somebody scrolled to the beginning of a conversation while the archive could not be asked.
    pub fn want(&mut self, peer: &BareJid) {
        if !self.wanted.contains(peer) && self.wanted.len() < WANTED {
            self.wanted.push(peer.clone());
        }
    }

    /// Asks for what could not be asked for before.
    pub fn older_again(&mut self, context: &mut Context<'_>) {
        for peer in std::mem::take(&mut self.wanted) {
            self.older(context, &peer);
        }
    }
}
