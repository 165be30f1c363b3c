//! What the parts of one open conversation share.

use crate::domain::timeline::{Message, MessageKey};
use crate::engine::command::{Command, Sending};
use crate::jid::BareJid;
use crate::ui::client::Client;
use crate::ui::parts::state::State;

/// What is being written, if it is about a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Composing {
    /// An answer.
    Reply(MessageKey),
    /// Another text for an own message.
    Edit(MessageKey),
}

/// One open conversation.
#[derive(Clone)]
pub(super) struct Talk {
    pub(super) client: Client,
    pub(super) peer: BareJid,
    /// What the field is for.
    pub(super) composing: State<Option<Composing>>,
    /// A message for which any sign is sought.
    pub(super) picking: State<Option<MessageKey>>,
    /// A message to go to.
    pub(super) wanted: State<Option<MessageKey>>,
}

impl Talk {
    pub(super) fn new(client: Client, peer: BareJid) -> Self {
        Self { client, peer, composing: State::new(None), picking: State::new(None), wanted: State::new(None) }
    }

    /// The field is for an answer; to somebody alone, if that is how it was said.
    pub(super) fn reply(&self, message: &Message) {
        if message.private.is_some() {
            super::private::set(self.client, &self.peer, message.private.clone());
        }
        self.composing.set(Some(Composing::Reply(message.key)));
    }

    /// Sends something that is more than a plain text.
    pub(super) fn send(&self, what: Sending) {
        self.client.send(Command::Send { id: None, peer: self.peer.clone(), what });
    }
}
