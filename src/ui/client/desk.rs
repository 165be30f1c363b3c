//! What views read of support desks.

use std::rc::Rc;

use super::Client;
use crate::domain::desk::Desk;
use crate::engine::command::Command;
use crate::engine::desk::DeskOrder;
use crate::engine::mirror::Topic;

impl Client {
    /// The desk of which the user is an agent.
    pub(crate) fn desk(&self) -> Rc<Desk> {
        self.read(Topic::Desk, |mirror| mirror.desk())
    }

    /// Asks for something about a desk.
    pub(crate) fn order_desk(&self, order: DeskOrder) {
        self.send(Command::Desk(order));
    }
}
