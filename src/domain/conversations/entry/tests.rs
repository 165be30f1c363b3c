//! Rows against a plain list, through memory and disk.

use std::collections::BTreeMap;

use super::*;
use crate::clock::Timestamp;

fn row(key: u64) -> Row {
    let message = Message {
        key: MessageKey(key),
        direction: Direction::In,
        from: "ann@s.ex".parse().unwrap(),
        body: Body::Text("x".into()),
        stamp: Timestamp(0),
        delivery: None,
        more: None,
        author: None,
        private: None,
    };
    Row { id: Some(format!("id {key}")), archive_id: Some(format!("a {key}")), ..Row::new(message) }
}

fn keys(rows: &[Row]) -> Vec<u64> {
    rows.iter().map(|row| row.message.key.0).collect()
}

fn entry() -> Entry {
    Entry::new(1, Conversation::new("ann@s.ex".parse().unwrap()), History::None)
}

/// Some numbers that follow from a seed.
fn numbers(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) as usize).checked_rem(below).unwrap_or_default()
    }
}

#[test]
fn what_went_to_disk_and_came_back_is_what_was_there() {
    for seed in 0..60 {
        let mut random = numbers(seed);
        let (mut entry, mut disk, mut model) = (entry(), BTreeMap::new(), Vec::new());
        let mut chunk = 0;
        for key in 1..800 {
            // Rows that are on disk only, from the oldest on: what is inserted comes behind them.
            let hidden = model.len() - entry.rows.len();
            let at = match random(10) {
                0 => 0,
                1 => random(entry.rows.len() + 1),
                _ => entry.rows.len(),
            };
            entry.insert(at, row(key), true, &mut chunk);
            model.insert(hidden + at, key);
            if random(12) == 0 && !entry.rows.is_empty() {
                let at = random(entry.rows.len());
                entry.remove(at);
                model.remove(hidden + at);
            }
            if random(20) == 0 {
                let (behind, empty) = entry.take_behind();
                disk.extend(behind);
                empty.iter().for_each(|id| drop(disk.remove(id)));
            }
            if random(30) == 0 {
                let before = entry.rows.len();
                let first = entry.trim(40);
                assert_eq!(first.is_some(), entry.rows.len() < before);
            }
            if random(60) == 0 {
                for id in entry.wanted(100, true).into_iter().rev() {
                    entry.load(disk.get(&id).cloned(), MessageKey(0), &|_| true);
                }
            }
            assert_eq!(entry.chunks.iter().skip(entry.unloaded).map(Chunk::len).sum::<usize>(), entry.rows.len());
        }
        let (behind, empty) = entry.take_behind();
        disk.extend(behind);
        empty.iter().for_each(|id| drop(disk.remove(id)));
        assert_eq!(disk.len(), entry.chunks.len(), "nothing is left behind on disk");
        assert!(entry.chunks.iter().all(|chunk| chunk.len() <= MOST));
        let mut restored = self::entry();
        restored.unloaded = entry.chunks.len();
        restored.chunks = entry.chunks;
        for id in restored.wanted(usize::MAX, true).into_iter().rev() {
            restored.load(disk.get(&id).cloned(), MessageKey(0), &|_| true);
        }
        assert_eq!(keys(&restored.rows), model, "seed {seed}");
        assert!(model.iter().all(|key| restored.archived(&format!("a {key}")) == Some(MessageKey(*key))));
    }
}

#[test]
fn what_is_not_on_disk_yet_does_not_leave_memory() {
    let (mut entry, mut chunk) = (entry(), 0);
    for key in 1..=200 {
        entry.insert(usize::MAX, row(key), true, &mut chunk);
    }
    assert_eq!(entry.trim(10), None);
    entry.take_behind();
    assert_eq!(entry.trim(10), Some(MessageKey(129)), "whole chunks go, and what is asked for stays");
}

#[test]
fn closed_gaps_do_not_come_back() {
    let (mut entry, mut chunk) = (entry(), 0);
    entry.insert(0, row(1), true, &mut chunk);
    let gap = entry.gap_row(MessageKey(2), 7, Gap::Filling);
    entry.insert(1, gap, false, &mut chunk);
    let (behind, _) = entry.take_behind();
    let mut restored = self::entry();
    (restored.unloaded, restored.chunks) = (1, entry.chunks);
    restored.load(behind.first().map(|(_, rows)| rows.clone()), MessageKey(0), &|_| false);
    assert_eq!(keys(&restored.rows), [1]);
    assert!(restored.dirty, "the record follows");
}
