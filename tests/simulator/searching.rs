//! Somebody searches: what is found is what is shown, whatever went to disk and came back meanwhile.

use waxwing::domain::search::HitPlace;
use waxwing::domain::timeline::Body;
use waxwing::engine::command::Command;

use crate::ledger::PEERS;
use crate::world::{World, jid};

/// There is one page, and it has one search at a time.
const NUMBER: u64 = 1 << 32;

impl World {
    /// Searches for everything that was ever said.
    pub fn search(&mut self) {
        self.command(Command::Search { number: NUMBER, text: "after:1970-01-01".into(), most: 10, zone: 0 });
    }

    /// Searches, and goes to the last of what is found at once, where that may have to come from disk.
    pub fn go_to_an_old_one(&mut self) {
        if !self.variant.kept {
            return;
        }
        self.search();
        let hit = self.mirror.found(NUMBER).and_then(|found| found.results.last().cloned());
        if let Some(hit) = hit {
            self.command(Command::GoTo { peer: hit.peer, place: hit.place });
        }
    }

    /// What the last search should have found and did not, or found though it is not there.
    pub fn not_found(&self) -> Option<String> {
        let found = self.mirror.found(NUMBER)?;
        let timelines = PEERS.iter().filter_map(|peer| self.mirror.timeline(&jid(peer)));
        let said = |body: &Body| matches!(body, Body::Text(_));
        let rows = |timeline: &waxwing::engine::mirror::Timeline| {
            (0..timeline.len()).filter(|place| timeline.get(*place).is_some_and(|row| said(&row.body))).count()
        };
        let shown: usize = timelines.map(rows).sum();
        // Without an archive the rest may be on disk only.
        let count = found.count as usize;
        let fits = if self.variant.archive.is_some() { count == shown } else { count >= shown };
        let here = found.results.iter().all(|hit| matches!(hit.place, HitPlace::Row(_)));
        (!fits || found.is_looking || !here).then(|| format!("{shown} texts are shown, and the search says {found:?}"))
    }
}
