//! Somebody types, while the page has much to do.

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use std::time::Duration;

use crate::support::page::Page;

/// Ten keys in a second: a quick typist.
const PAUSE: Duration = Duration::from_millis(100);
const KEYS: &str = "the quick ";

/// Types for a second, wherever the focus is.
pub async fn a_second(page: &Page) {
    let mut keys = KeyActions::new("keyboard".to_owned());
    for value in KEYS.chars() {
        keys = keys.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        keys = keys.then(KeyAction::Pause { duration: PAUSE });
    }
    page.browser.client.perform_actions(keys).await.expect("to type");
}

/// The value that so many hundredths of all do not exceed. They are in order.
pub fn percentile(sorted: &[f64], hundredths: usize) -> f64 {
    let place = (sorted.len() * hundredths).div_ceil(100).saturating_sub(1);
    sorted.get(place).copied().unwrap_or(f64::NAN)
}
