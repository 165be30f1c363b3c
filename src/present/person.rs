//! What is told of a person, in words: since when they are away, which time it is there, which program they use.

use super::dates::Civil;
use super::text;
use crate::clock::Timestamp;
use crate::domain::presence::{About, Device};

const MINUTE: i64 = 60_000;

/// Longer than a month ago is all the same: who knows whose clock that was.
const MONTH: i64 = 31 * 24 * 60;

/// Since when nobody has been there: `Last seen 5 min ago`.
pub fn last_seen(since: Timestamp, now: Timestamp) -> String {
    let minutes = now.0.saturating_sub(since.0).div_euclid(MINUTE);
    match minutes {
        ..=0 => "Last seen just now".to_owned(),
        1..=59 => format!("Last seen {minutes} min ago"),
        60..=1_439 => format!("Last seen {} h ago", minutes.div_euclid(60)),
        1_440..=2_879 => "Last seen yesterday".to_owned(),
        2_880..MONTH => format!("Last seen {} days ago", minutes.div_euclid(1_440)),
        _ => "Last seen more than a month ago".to_owned(),
    }
}

/// Which time it is where a clock is `theirs` minutes ahead of UTC, if that is another time than here: `14:05 there
/// (2 h ahead)`. `None` if it is the same.
pub fn local_time(now: Timestamp, theirs: i32, ours: i32) -> Option<String> {
    let apart = theirs.saturating_sub(ours);
    if apart == 0 {
        return None;
    }
    let (hours, minutes) = (apart.unsigned_abs() / 60, apart.unsigned_abs() % 60);
    let way = if apart > 0 { "ahead" } else { "behind" };
    let by = match (hours, minutes) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    };
    Some(format!("{} there ({by} {way})", Civil::new(now, theirs).time()))
}

/// The program on a device: `Zoo 1.2`, else the name of the device.
pub fn program(device: &Device) -> String {
    match &device.about {
        About { software: Some(software), version: Some(version), .. } => {
            format!("{} {}", text::name(software), text::name(version))
        }
        About { software: Some(software), .. } => text::name(software),
        _ => text::name(&device.resource),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_in_words() {
        let seen = |minutes: i64| last_seen(Timestamp(0), Timestamp(minutes.saturating_mul(MINUTE)));
        assert_eq!(seen(-5), "Last seen just now");
        assert_eq!(seen(5), "Last seen 5 min ago");
        assert_eq!(seen(125), "Last seen 2 h ago");
        assert_eq!(seen(1_500), "Last seen yesterday");
        assert_eq!(seen(3 * 1_440), "Last seen 3 days ago");
        assert_eq!(last_seen(Timestamp(i64::MIN), Timestamp(i64::MAX)), "Last seen more than a month ago");
    }

    #[test]
    fn the_time_there_is_told_if_it_is_another() {
        let noon = Timestamp(12 * 60 * MINUTE);
        assert_eq!(local_time(noon, 60, 60), None);
        assert_eq!(local_time(noon, 330, 0).as_deref(), Some("17:30 there (5 h 30 min ahead)"));
        assert_eq!(local_time(noon, -60, 60).as_deref(), Some("11:00 there (2 h behind)"));
        assert_eq!(local_time(noon, 30, 0).as_deref(), Some("12:30 there (30 min ahead)"));
        assert!(local_time(Timestamp(i64::MAX), i32::MAX, i32::MIN).is_some());
    }
}
