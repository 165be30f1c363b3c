//! The local store: it answers late, and a crash loses what it had not answered, or not.

use std::collections::BTreeMap;

use waxwing::engine::effect::{Record, Remembered, StoreFault, Table, Write};

#[derive(Debug, Default)]
pub struct Disk {
    pub remembered: Option<Remembered>,
    tables: BTreeMap<(u8, u64), Vec<u8>>,
    /// Asked for and not yet done, in order.
    pending: Vec<(u64, Vec<Write>)>,
    pub fault: Option<StoreFault>,
    /// When the last save is done.
    pub busy_until: u64,
}

const TABLES: [Table; 5] = [Table::Meta, Table::Outbox, Table::Contacts, Table::Conversations, Table::Chunks];

impl Disk {
    pub fn save(&mut self, number: u64, writes: Vec<Write>) {
        self.pending.push((number, writes));
    }

    /// The next save is done, or fails.
    pub fn finish(&mut self) -> Option<(u64, Option<StoreFault>)> {
        if self.pending.is_empty() {
            return None;
        }
        let (number, writes) = self.pending.remove(0);
        if self.fault.is_none() {
            self.apply(writes);
        }
        Some((number, self.fault))
    }

    fn apply(&mut self, writes: Vec<Write>) {
        for write in writes {
            match write {
                Write::Put(record) => self.tables.insert((record.table as u8, record.id), record.bytes),
                Write::Delete { table, id } => self.tables.remove(&(table as u8, id)),
            };
        }
    }

    /// The page is gone; so many saves that it waited for were done all the same.
    pub fn crash(&mut self, done: usize) {
        let pending = std::mem::take(&mut self.pending);
        if self.fault.is_none() {
            pending.into_iter().take(done).for_each(|(_, writes)| self.apply(writes));
        }
        self.busy_until = 0;
    }

    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    pub fn erase(&mut self) {
        *self = Self { busy_until: self.busy_until, ..Self::default() };
    }

    fn records(&self, wanted: impl Fn(Table, u64) -> bool) -> Vec<Record> {
        let all = self.tables.iter().map(|((table, id), bytes)| (TABLES[usize::from(*table)], *id, bytes));
        all.filter(|(table, id, _)| wanted(*table, *id))
            .map(|(table, id, bytes)| Record { table, id, bytes: bytes.clone() })
            .collect()
    }

    pub fn open(&self) -> Result<Vec<Record>, StoreFault> {
        match self.fault {
            Some(fault) => Err(fault),
            None => Ok(self.records(|table, _| table != Table::Chunks)),
        }
    }

    pub fn load(&self, chunks: &[u64]) -> Vec<Record> {
        self.records(|table, id| table == Table::Chunks && chunks.contains(&id))
    }
}
