//! Where the entries of a map are, found by hashes; nothing in here knows what they are.

/// A table with open addresses: whoever finds their slot taken goes on to the next one.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// The hash of each entry.
    hashes: Vec<u32>,
    /// One more than the place of an entry, or 0. A power of two of them, and at most three of four are taken.
    slots: Vec<u32>,
}

impl Index {
    /// The place of the entry with this hash of which `is_it` says yes.
    pub(super) fn find(&self, hash: u32, is_it: &dyn Fn(usize) -> bool) -> Option<usize> {
        let mut slot = self.home(hash);
        loop {
            let place = match self.slots.get(slot) {
                None | Some(0) => return None,
                Some(&taken) => before(taken),
            };
            if self.hashes.get(place) == Some(&hash) && is_it(place) {
                return Some(place);
            }
            slot = self.next(slot);
        }
    }

    /// Adds an entry behind all others.
    pub(super) fn push(&mut self, hash: u32) {
        self.hashes.push(hash);
        if self.hashes.len().saturating_mul(4) > self.slots.len().saturating_mul(3) {
            self.rebuild();
        } else {
            self.take(hash, number(self.hashes.len()));
        }
    }

    /// Takes an entry out and puts the last one in its place.
    pub(super) fn swap_remove(&mut self, place: usize) {
        let last = self.hashes.len().saturating_sub(1);
        let (Some(gone), Some(moved)) = (self.slot_of(place), self.slot_of(last)) else { return };
        self.hashes.swap_remove(place);
        self.put(moved, number(place.saturating_add(1)));
        self.free(gone);
    }

    /// Takes all entries out that are not to be kept.
    pub(super) fn retain(&mut self, keep: &[bool]) {
        let mut keep = keep.iter();
        self.hashes.retain(|_| keep.next().copied().unwrap_or(true));
        self.rebuild();
    }

    fn rebuild(&mut self) {
        let slots = self.hashes.len().saturating_mul(2).next_power_of_two().max(4);
        self.slots = vec![0; slots];
        for place in 0..self.hashes.len() {
            let Some(&hash) = self.hashes.get(place) else { break };
            self.take(hash, number(place.saturating_add(1)));
        }
    }

    fn take(&mut self, hash: u32, value: u32) {
        let mut slot = self.home(hash);
        while self.slots.get(slot).is_some_and(|&taken| taken != 0) {
            slot = self.next(slot);
        }
        self.put(slot, value);
    }

    /// Frees a slot, and moves up those behind it that had to go past it.
    fn free(&mut self, mut free: usize) {
        let mut slot = free;
        loop {
            slot = self.next(slot);
            let taken = self.slots.get(slot).copied().unwrap_or(0);
            if taken == 0 {
                break;
            }
            let home = self.hashes.get(before(taken)).map_or(slot, |&hash| self.home(hash));
            // How far it is from where it belongs, and how far from there the free slot is.
            if self.distance(home, slot) >= self.distance(free, slot) {
                self.put(free, taken);
                free = slot;
            }
        }
        self.put(free, 0);
    }

    fn put(&mut self, slot: usize, value: u32) {
        if let Some(slot) = self.slots.get_mut(slot) {
            *slot = value;
        }
    }

    fn slot_of(&self, place: usize) -> Option<usize> {
        let wanted = number(place.saturating_add(1));
        let mut slot = self.home(*self.hashes.get(place)?);
        while *self.slots.get(slot)? != wanted {
            slot = self.next(slot);
        }
        Some(slot)
    }

    fn home(&self, hash: u32) -> usize {
        usize::try_from(hash).unwrap_or_default() & self.mask()
    }

    const fn next(&self, slot: usize) -> usize {
        slot.wrapping_add(1) & self.mask()
    }

    const fn distance(&self, from: usize, to: usize) -> usize {
        to.wrapping_sub(from) & self.mask()
    }

    const fn mask(&self) -> usize {
        self.slots.len().wrapping_sub(1)
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn before(taken: u32) -> usize {
    usize::try_from(taken).unwrap_or(usize::MAX).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use crate::map::Map;
    use std::collections::BTreeMap;

    /// Against the map of the library, with few enough names for every collision to happen.
    #[test]
    fn everything_is_found_whatever_came_and_went() {
        let mut state = 5_u64;
        let mut random = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        for names in [1, 3, 7, 40, 900] {
            let (mut map, mut model) = (Map::default(), BTreeMap::new());
            for step in 0..6_000_u64 {
                let name = random(names);
                match random(9) {
                    0..4 => assert_eq!(map.insert(name, step), model.insert(name, step)),
                    4..7 => assert_eq!(map.remove(&name), model.remove(&name)),
                    7 => *map.entry(name).or_default() += 1,
                    _ if random(60) == 0 => {
                        map.retain(|name, _| name % 3 != 0);
                        model.retain(|name, _| name % 3 != 0);
                    }
                    _ => assert_eq!(map.get(&name), model.get(&name)),
                }
                if let Some(thing) = map.get(&name) {
                    model.insert(name, *thing);
                }
                assert_eq!(map.len(), model.len());
            }
            let mut all: Vec<(u64, u64)> = map.into_iter().collect();
            all.sort_unstable();
            assert_eq!(all, Vec::from_iter(model));
        }
    }
}
