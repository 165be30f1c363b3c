//! What views read of support desks.

use std::rc::Rc;

use super::Client;
use crate::domain::desk::{Desk, OwnVisit};
use crate::engine::command::Command;
use crate::engine::desk::DeskOrder;
use crate::engine::mirror::Topic;

impl Client {
    /// The desk of which the user is an agent.
    pub(crate) fn desk(&self) -> Rc<Desk> {
        self.read(Topic::Desk, |mirror| mirror.desk())
    }

    /// The own visit at a desk.
    pub(crate) fn own_visit(&self) -> Option<Rc<OwnVisit>> {
        self.read(Topic::Desk, |mirror| mirror.own_visit())
    }

    /// Asks for something about a desk.
    pub(crate) fn order_desk(&self, order: DeskOrder) {
        self.send(Command::Desk(order));
    }
}
