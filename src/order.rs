//! Sorting, for whatever there is to sort.
//!
//! The sort of the standard library is three to five kilobytes for each type and each order, so there is one, of
//! numbers of places; everything else is only put where these say.

use std::cmp::Ordering;

/// Sorts numbers.
pub fn sort_numbers(numbers: &mut [u32], compare: &dyn Fn(u32, u32) -> Ordering) {
    numbers.sort_by(|&a, &b| compare(a, b));
}

/// Sorts by what is compared; equals stay in the order they are in. For no more than 2³² things.
pub fn sort_by<T>(things: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let thing = |number: u32| place(number).and_then(|place| things.get(place));
    let swaps = swaps(things.len(), &|a, b| match (thing(a), thing(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    for (here, there) in swaps {
        things.swap(here, there);
    }
}

/// Sorts by the order things have themselves.
pub fn sort<T: Ord>(things: &mut [T]) {
    sort_by(things, T::cmp);
}

/// What to swap, one after the other, for so many things to be in order.
fn swaps(count: usize, compare: &dyn Fn(u32, u32) -> Ordering) -> Vec<(usize, usize)> {
    let mut order: Vec<u32> = (0..).take(count).collect();
    sort_numbers(&mut order, compare);
    // Which thing is at each place after the swaps so far, and at which place each thing is.
    let mut at: Vec<usize> = (0..count).collect();
    let mut place_of = at.clone();
    let mut swaps = Vec::new();
    for (here, wanted) in order.into_iter().enumerate() {
        let Some(wanted) = place(wanted) else { continue };
        let (Some(&there), Some(&moved)) = (place_of.get(wanted), at.get(here)) else { continue };
        if here == there {
            continue;
        }
        swaps.push((here, there));
        at.swap(here, there);
        place_of.swap(wanted, moved);
    }
    swaps
}

fn place(number: u32) -> Option<usize> {
    usize::try_from(number).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_comes_where_the_sort_of_the_library_puts_it_and_equals_stay() {
        let mut state = 7_u32;
        for count in 0..60_usize {
            let mut things: Vec<(u32, usize)> = (0..count)
                .map(|at| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    ((state >> 24) % 9, at)
                })
                .collect();
            let mut expected = things.clone();
            expected.sort_by_key(|(key, _)| *key);
            sort_by(&mut things, |a, b| a.0.cmp(&b.0));
            assert_eq!(things, expected);
        }
        let mut words = ["c", "a", "b"];
        sort(&mut words);
        assert_eq!(words, ["a", "b", "c"]);
    }
}
