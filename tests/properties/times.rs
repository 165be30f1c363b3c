//! Time stamps.

use proptest::prelude::*;
use waxwing::wire::time::parse;
use xmpp_parsers::date::DateTime;

use crate::cases;

fn judged(text: &str) -> Option<i64> {
    text.parse::<DateTime>().ok().map(|time| time.0.timestamp_millis())
}

/// Looks like a time, and is one about half of the time.
fn stamp() -> impl Strategy<Value = String> {
    let zone = prop_oneof![
        3 => Just("Z".to_owned()),
        2 => (prop::sample::select(vec!['+', '-']), 0..26_u8, 0..62_u8).prop_map(|(sign, h, m)| format!("{sign}{h:02}:{m:02}")),
        1 => "[+-]?[0-9]{0,4}:?",
    ];
    let fraction = prop_oneof![2 => Just(String::new()), 2 => "\\.[0-9]{1,9}", 1 => "\\.[0-9a]{0,3}"];
    ((0..10_000_u16, 0..14_u8, 0..33_u8), (0..26_u8, 0..62_u8, 0..63_u8), fraction, zone).prop_map(
        |((year, month, day), (hour, minute, second), fraction, zone)| {
            format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}{zone}")
        },
    )
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn no_text_makes_the_reader_of_times_panic(text in any::<String>(), like in "[0-9TZ:.+\\- é]{0,32}") {
        let _ = parse(&text);
        let _ = parse(&like);
    }

    /// A time that we read is the time that others read.
    #[test]
    fn times_agree_with_the_judge(stamp in stamp()) {
        let ours = parse(&stamp).map(|time| time.0);
        // A leap second is the last second of its minute for us and the first of the next for the judge, and
        // the judge knows it at the end of a minute only, while we do not care where it stands.
        if !stamp.contains(":60") {
            prop_assert_eq!(ours, judged(&stamp), "{}", stamp);
        }
    }
}
