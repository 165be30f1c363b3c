//! Which rows of a long list are on screen. Heights are guessed until they are measured; what the reader looks at
//! stays where it is, whatever happens above it, and a reader at the end stays at the end.

use std::collections::HashMap;
use std::ops::Range;

/// More rows than this are never in the page at once.
pub const MOST_ROWS: usize = 120;

/// How far beyond the edges rows are kept ready, in pixels.
const OVERSCAN: f64 = 480.0;

/// The key of a row that nobody reads, such as "Loading…" at the top: the list does not hold on to it when rows come.
pub const LOOSE: u64 = u64::MAX;

/// Closer to the end than this counts as being there, in pixels.
const AT_END: f64 = 24.0;

/// Heights of rows with their sums: a Fenwick tree.
#[derive(Clone, Debug, Default)]
struct Heights {
    values: Vec<f64>,
    /// `tree[i]` is the sum of the last `(i+1) & -(i+1)` values up to `i`.
    tree: Vec<f64>,
}

impl Heights {
    fn len(&self) -> usize {
        self.values.len()
    }

    fn get(&self, index: usize) -> f64 {
        self.values.get(index).copied().unwrap_or_default()
    }

    fn push(&mut self, height: f64) {
        let height = snap(height);
        let node = self.len().saturating_add(1);
        // The sum of the values that the new node covers besides its own.
        let covered = self.offset(self.len()) - self.offset(node & node.wrapping_sub(1));
        self.values.push(height);
        self.tree.push(covered + height);
    }

    fn set(&mut self, index: usize, height: f64) {
        let Some(value) = self.values.get_mut(index) else { return };
        let change = snap(height) - *value;
        *value += change;
        let mut node = index.saturating_add(1);
        while let Some(sum) = self.tree.get_mut(node.wrapping_sub(1)) {
            *sum += change;
            node = node.saturating_add(lowest_bit(node));
        }
    }

    /// The sum of the first `count` heights.
    fn offset(&self, count: usize) -> f64 {
        let mut node = count.min(self.len());
        let mut sum = 0.0;
        while node > 0 {
            sum += self.tree.get(node.wrapping_sub(1)).copied().unwrap_or_default();
            node = node.saturating_sub(lowest_bit(node));
        }
        sum
    }

    /// The row that covers `offset`; the last one beyond the end.
    fn at(&self, offset: f64) -> usize {
        let mut before = 0_usize;
        let mut rest = offset.max(0.0);
        let mut step = self.len().checked_next_power_of_two().unwrap_or_default();
        while step > 0 {
            let node = before.saturating_add(step);
            if let Some(sum) = self.tree.get(node.wrapping_sub(1)).filter(|&&sum| sum <= rest) {
                before = node;
                rest -= sum;
            }
            step /= 2;
        }
        before.min(self.len().saturating_sub(1))
    }
}

const fn lowest_bit(node: usize) -> usize {
    node & node.wrapping_neg()
}

/// Layout counts in 64ths of a pixel; sums of those are exact.
fn snap(height: f64) -> f64 {
    if height.is_finite() { (height.max(0.0) * 64.0).round() / 64.0 } else { 0.0 }
}

/// The rows of a list, of which a window is on screen.
#[derive(Clone, Debug, Default)]
pub struct Window {
    keys: Vec<u64>,
    heights: Heights,
    measured: HashMap<u64, f64>,
    scroll: f64,
    viewport: f64,
    /// Whether the list follows its end.
    follows: bool,
    at_end: bool,
    /// The first row on screen, and how far its upper edge is above the viewport's.
    anchor: Option<(u64, f64)>,
}

impl Window {
    /// An empty window. A list that `follows` starts at its end and stays there.
    pub fn new(follows: bool) -> Self {
        Self { follows, at_end: follows, ..Self::default() }
    }

    /// Takes other rows. `guess` gives the height of a row that was never measured.
    pub fn set_rows(&mut self, keys: Vec<u64>, guess: impl Fn(usize) -> f64) {
        self.keep_anchor(&keys);
        let kept = keys.iter().zip(&self.keys).take_while(|(new, old)| new == old).count();
        if kept < self.keys.len() {
            self.heights = Heights::default();
        }
        for (index, key) in keys.iter().enumerate().skip(self.heights.len()) {
            self.heights.push(self.measured.get(key).copied().unwrap_or_else(|| guess(index)));
        }
        self.keys = keys;
        if self.measured.len() > self.keys.len().saturating_mul(2).saturating_add(256) {
            let known = |key: &u64| Some((*key, *self.measured.get(key)?));
            self.measured = self.keys.iter().filter_map(known).collect();
        }
        self.hold();
    }

    /// Takes the heights that rows have on screen.
    pub fn measured(&mut self, heights: impl IntoIterator<Item = (usize, f64)>) {
        for (index, height) in heights {
            if let Some(&key) = self.keys.get(index) {
                self.measured.insert(key, height);
                self.heights.set(index, height);
            }
        }
        self.hold();
    }

    /// Forgets every measured height: the width has changed.
    pub fn forget_heights(&mut self) {
        self.measured.clear();
    }

    /// Takes the height of the view. A keyboard or a taller composer shrinks it: whoever was at the end stays there.
    pub fn resized(&mut self, viewport: f64) {
        // A view that is not shown has no height, and nobody moves in it.
        if viewport > 0.0 {
            self.viewport = viewport;
            self.hold();
        }
    }

    /// Takes the position to which the reader, or the page, scrolled.
    pub fn scrolled(&mut self, scroll: f64) {
        if self.viewport <= 0.0 {
            return;
        }
        // Not `clamp`: the message of its panic brings in the printing of floats, 12 KB of code.
        self.scroll = scroll.min(self.furthest()).max(0.0);
        self.at_end = self.furthest() - self.scroll <= AT_END;
        self.anchor = self.new_anchor();
    }

    /// Goes to the end and stays there.
    pub fn go_to_end(&mut self) {
        self.at_end = true;
        self.scroll = self.furthest();
        self.anchor = None;
    }

    /// Scrolls as little as needed to show a row whole.
    pub fn reveal(&mut self, index: usize) {
        let top = self.heights.offset(index);
        let bottom = top + self.heights.get(index);
        if top < self.scroll {
            self.scroll = top;
        } else if bottom > self.scroll + self.viewport {
            self.scroll = bottom - self.viewport;
        }
        self.scrolled(self.scroll);
    }

    /// Puts a row at the upper edge, a little below it.
    pub fn go_to(&mut self, index: usize) {
        let wanted = self.heights.offset(index) - self.viewport / 4.0;
        self.scrolled(wanted);
    }

    /// Where the page must be scrolled to.
    pub const fn scroll(&self) -> f64 {
        self.scroll
    }

    /// Whether the reader sees the end.
    pub const fn is_at_end(&self) -> bool {
        self.at_end
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The key of a row.
    pub fn key(&self, index: usize) -> Option<u64> {
        self.keys.get(index).copied()
    }

    /// The rows to keep in the page.
    pub fn range(&self) -> Range<usize> {
        if self.keys.is_empty() || self.viewport <= 0.0 {
            return 0..0;
        }
        let first = self.heights.at(self.scroll - OVERSCAN);
        let last = self.heights.at(self.scroll + self.viewport + OVERSCAN).saturating_add(1);
        if last.saturating_sub(first) <= MOST_ROWS {
            return first..last;
        }
        let first = self.heights.at(self.scroll);
        first..last.min(first.saturating_add(MOST_ROWS))
    }

    /// The space above the rows of a range, and below them.
    pub fn padding(&self, range: &Range<usize>) -> (f64, f64) {
        let total = self.heights.offset(self.heights.len());
        (self.heights.offset(range.start), total - self.heights.offset(range.end))
    }

    fn new_anchor(&self) -> Option<(u64, f64)> {
        let first = self.heights.at(self.scroll);
        let is_loose = self.keys.get(first) == Some(&LOOSE) && first.saturating_add(1) < self.keys.len();
        let index = if is_loose { first.saturating_add(1) } else { first };
        self.keys.get(index).map(|&key| (key, self.scroll - self.heights.offset(index)))
    }

    /// The row that the reader looks at is about to go: holds on to one that stays, before the heights are others.
    fn keep_anchor(&mut self, keys: &[u64]) {
        let Some((anchor, _)) = self.anchor.filter(|(key, _)| !keys.contains(key)) else { return };
        let place = |wanted: u64| self.keys.iter().position(|&key| key == wanted);
        // One row is gone, or all rows up to one that now is the first.
        let neighbour = place(anchor).and_then(|at| {
            let next = at.saturating_add(1);
            (next..next.saturating_add(8)).find(|&index| self.key(index).is_some_and(|key| keys.contains(&key)))
        });
        let first = || place(*keys.iter().find(|&&key| key != LOOSE)?);
        let stays = neighbour.or_else(first).and_then(|index| Some((self.key(index)?, index)));
        self.anchor = stays.map(|(key, index)| (key, self.scroll - self.heights.offset(index)));
    }

    fn furthest(&self) -> f64 {
        (self.heights.offset(self.heights.len()) - self.viewport).max(0.0)
    }

    /// Keeps what the reader looks at where it is, after rows or heights changed.
    fn hold(&mut self) {
        if self.follows && self.at_end {
            self.scroll = self.furthest();
            return;
        }
        let anchored = self.anchor.and_then(|(key, within)| {
            let index = self.keys.iter().position(|&known| known == key)?;
            Some(self.heights.offset(index) + within)
        });
        self.scroll = anchored.unwrap_or(self.scroll).min(self.furthest()).max(0.0);
        if anchored.is_none() {
            self.anchor = self.new_anchor();
        }
        self.at_end = self.furthest() - self.scroll <= AT_END;
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;

    fn window(follows: bool, rows: u64) -> Window {
        let mut window = Window::new(follows);
        window.set_rows((0..rows).collect(), |_| 40.0);
        window.resized(400.0);
        window
    }

    #[test]
    fn sums_agree_with_adding_up() {
        let mut heights = Heights::default();
        let mut plain = Vec::new();
        for number in 0..300_u32 {
            plain.push(f64::from(number * 7 % 50 + 1));
            heights.push(f64::from(number * 7 % 50 + 1));
        }
        for number in (0..300).step_by(13) {
            plain[number] = 99.5;
            heights.set(number, 99.5);
        }
        let mut sum = 0.0;
        for (index, height) in plain.iter().enumerate() {
            assert_eq!(heights.offset(index), sum);
            assert_eq!(heights.at(sum), index);
            assert_eq!(heights.at(sum + height - 0.25), index);
            sum += height;
        }
        assert_eq!(heights.at(1e12), 299);
        assert_eq!(heights.at(-5.0), 0);
        assert_eq!(Heights::default().at(10.0), 0);
    }

    #[test]
    fn few_rows_are_in_the_page() {
        let mut window = window(false, 10_000);
        window.resized(800.0);
        for scroll in [0.0, 1_000.0, 200_000.0, 399_600.0, 1e9] {
            window.scrolled(scroll);
            let range = window.range();
            assert!(range.len() <= 60 && !range.is_empty(), "{range:?}");
            let (above, below) = window.padding(&range);
            assert_eq!(above + below + 40.0 * range.len() as f64, 400_000.0);
        }
        let mut tiny = Window::new(false);
        tiny.set_rows((0..10_000).collect(), |_| 1.0);
        tiny.resized(2_000.0);
        tiny.scrolled(5_000.0);
        assert_eq!(tiny.range().len(), MOST_ROWS);
    }

    #[test]
    fn a_reader_at_the_end_stays_there() {
        let mut window = window(true, 100);
        assert_eq!(window.scroll(), 3_600.0);
        window.set_rows((0..101).collect(), |_| 40.0);
        assert_eq!(window.scroll(), 3_640.0);
        window.measured([(100, 140.0)]);
        assert_eq!(window.scroll(), 3_740.0);
        window.resized(300.0);
        assert_eq!(window.scroll(), 3_840.0, "the view shrank");
        assert!(window.is_at_end());
    }

    #[test]
    fn a_reader_of_history_is_not_moved() {
        let mut window = window(true, 100);
        window.scrolled(1_010.0);
        assert!(!window.is_at_end());
        window.set_rows((0..150).collect(), |_| 40.0);
        assert_eq!(window.scroll(), 1_010.0, "new messages below");
        window.set_rows((1_000..1_050).chain(0..150).collect(), |_| 40.0);
        assert_eq!(window.scroll(), 1_010.0 + 50.0 * 40.0, "history above");
        window.measured([(10, 90.0)]);
        assert_eq!(window.scroll(), 3_060.0, "a row above was higher than guessed");
        window.measured([(190, 90.0)]);
        assert_eq!(window.scroll(), 3_060.0, "a row below was");
    }

    #[test]
    fn history_that_comes_above_moves_nothing_even_at_the_very_top() {
        let mut window = Window::new(true);
        window.set_rows([LOOSE].into_iter().chain(50..100).collect(), |_| 40.0);
        window.resized(400.0);
        window.scrolled(0.0);
        window.set_rows([LOOSE].into_iter().chain(0..100).collect(), |_| 40.0);
        assert_eq!(window.scroll(), 50.0 * 40.0);
    }

    #[test]
    fn what_the_reader_sees_stays_when_its_first_row_goes() {
        let mut window = window(false, 100);
        window.scrolled(1_010.0);
        window.set_rows((0..100).filter(|key| *key != 25).collect(), |_| 40.0);
        assert_eq!(window.scroll(), 970.0, "row 26 is where it was");
        window.set_rows(Vec::new(), |_| 40.0);
        assert_eq!((window.scroll(), window.range()), (0.0, 0..0));
    }

    #[test]
    fn rows_that_are_no_longer_held_move_nothing() {
        let mut reader = window(true, 300);
        reader.measured([(100, 90.0), (260, 90.0)]);
        reader.scrolled(250.0 * 40.0 + 50.0 + 10.0);
        reader.set_rows([LOOSE].into_iter().chain(200..300).collect(), |_| 40.0);
        assert_eq!(reader.scroll(), 51.0 * 40.0 + 10.0);
        reader.set_rows([LOOSE].into_iter().chain(290..300).collect(), |_| 40.0);
        assert_eq!(reader.scroll(), 0.0, "what was read is gone; what comes next is at hand");
        let mut end = window(true, 300);
        end.set_rows((250..300).collect(), |_| 40.0);
        assert!(end.is_at_end() && end.scroll() == 50.0 * 40.0 - 400.0);
    }

    #[test]
    fn a_row_is_revealed_with_the_least_movement() {
        let mut window = window(false, 100);
        window.reveal(5);
        assert_eq!(window.scroll(), 0.0);
        window.reveal(10);
        assert_eq!(window.scroll(), 40.0);
        window.reveal(0);
        assert_eq!(window.scroll(), 0.0);
        window.go_to(50);
        assert_eq!(window.scroll(), 1_900.0);
    }
}
