//! XEP-0082: date and time as text, in the profile `DateTime`.

use crate::clock::Timestamp;

const DAY: i64 = 86_400_000;

/// Reads `2026-11-22T10:11:12.5Z` or `…+01:00`. A leap second counts as the second before it.
pub fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let (date, rest) = text.split_once('T')?;
    let (clock, minutes_east) = match rest.strip_suffix('Z') {
        Some(clock) => (clock, 0),
        None => {
            let at = rest.rfind(['+', '-'])?;
            let (clock, zone) = rest.split_at_checked(at)?;
            let sign = if zone.starts_with('-') { -1 } else { 1 };
            let (hours, minutes) = zone.trim_start_matches(['+', '-']).split_once(':')?;
            let minutes = number(hours, 2, 23)?.checked_mul(60)?.checked_add(number(minutes, 2, 59)?)?;
            (clock, minutes.checked_mul(sign)?)
        }
    };
    let mut date = date.split('-');
    let (year, month, day) =
        (number(date.next()?, 4, 9999)?, number(date.next()?, 2, 12)?, number(date.next()?, 2, 31)?);
    let mut clock = clock.split(':');
    let (hour, minute, seconds) = (number(clock.next()?, 2, 23)?, number(clock.next()?, 2, 59)?, clock.next()?);
    if date.next().is_some() || clock.next().is_some() || day == 0 || day > days_of_month(year, month)? {
        return None;
    }
    let (second, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
    let second = number(second, 2, 60)?.min(59);
    if fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let thousandths = fraction.chars().chain("000".chars()).take(3).collect::<String>();
    let milliseconds = number(&thousandths, 3, 999)?;
    let minutes = hour.checked_mul(60)?.checked_add(minute)?.checked_sub(minutes_east)?;
    days_since_1970(year, month, day)?
        .checked_mul(DAY)?
        .checked_add(minutes.checked_mul(60_000)?)?
        .checked_add(second.checked_mul(1_000)?)?
        .checked_add(milliseconds)
        .map(Timestamp)
}

fn number(digits: &str, length: usize, most: i64) -> Option<i64> {
    if digits.len() != length || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok().filter(|number| *number <= most)
}

fn days_of_month(year: i64, month: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    Some(match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    })
}

/// Writes a point in time as UTC, in whole seconds; `None` outside the years that four digits can name.
pub fn write(stamp: Timestamp) -> Option<String> {
    let seconds = stamp.0.div_euclid(1_000);
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // The last day not after it that begins a year, then a month: at most a few steps from a first guess.
    let mut year = days.div_euclid(366).checked_add(1970).filter(|year| (0..=9999).contains(year))?;
    while days_since_1970(year.checked_add(1)?, 1, 1)? <= days {
        year = year.checked_add(1)?;
    }
    while days_since_1970(year, 1, 1)? > days {
        year = year.checked_sub(1)?;
    }
    let month = (1..=12).rev().find(|month| days_since_1970(year, *month, 1).is_some_and(|first| first <= days))?;
    let day = days.checked_sub(days_since_1970(year, month, 1)?)?.checked_add(1)?;
    let (hour, minute, second) =
        (second.div_euclid(3_600), second.div_euclid(60).rem_euclid(60), second.rem_euclid(60));
    (0..=9999).contains(&year).then(|| format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"))
}

/// Minutes east of UTC, as a zone says it: `Z`, `+05:30`.
pub fn zone(text: &str) -> Option<i32> {
    let zone = text.trim();
    if zone == "Z" {
        return Some(0);
    }
    let (sign, rest) = match zone.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, zone.strip_prefix('+')?),
    };
    let (hours, minutes) = rest.split_once(':')?;
    let minutes = number(hours, 2, 14)?.checked_mul(60)?.checked_add(number(minutes, 2, 59)?)?;
    i32::try_from(minutes).ok()?.checked_mul(sign)
}

/// The same, written.
pub fn write_zone(minutes_east: i32) -> String {
    let sign = if minutes_east < 0 { '-' } else { '+' };
    let minutes = minutes_east.unsigned_abs();
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Days from 1970-01-01 to a date of the Gregorian calendar, counted from the first of March so that the leap
/// day comes last.
fn days_since_1970(year: i64, month: i64, day: i64) -> Option<i64> {
    let year = if month <= 2 { year.checked_sub(1)? } else { year };
    let month_from_march = month.checked_add(9)?.checked_rem(12)?;
    let day_of_year =
        month_from_march.checked_mul(153)?.checked_add(2)?.checked_div(5)?.checked_add(day)?.checked_sub(1)?;
    let leap_days = year.div_euclid(4).checked_sub(year.div_euclid(100))?.checked_add(year.div_euclid(400))?;
    year.checked_mul(365)?.checked_add(leap_days)?.checked_add(day_of_year)?.checked_sub(719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_examples_of_the_document() {
        // The moon landing as given in XEP-0082, in three ways.
        for text in ["1969-07-21T02:56:15Z", "1969-07-20T21:56:15-05:00", "1969-07-21T02:56:15.000Z"] {
            assert_eq!(parse(text), Some(Timestamp(-14_159_025_000)), "{text}");
        }
        assert_eq!(parse("1970-01-01T00:00:00Z"), Some(Timestamp(0)));
        assert_eq!(parse("2024-02-29T12:00:00.1234Z"), Some(Timestamp(1_709_208_000_123)));
        assert_eq!(parse("2026-11-22T10:11:12+05:30"), Some(Timestamp(1_795_322_472_000)));
        assert_eq!(parse("2016-12-31T23:59:60Z"), parse("2016-12-31T23:59:59Z"));
    }

    #[test]
    fn writes_what_it_reads() {
        for text in [
            "1970-01-01T00:00:00Z",
            "1969-12-31T23:59:59Z",
            "2024-02-29T12:34:56Z",
            "2000-03-01T00:00:00Z",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
        ] {
            assert_eq!(parse(text).and_then(write).as_deref(), Some(text));
        }
        for stamp in [i64::MIN, i64::MAX, 300_000_000_000_000] {
            assert_eq!(write(Timestamp(stamp)), None);
        }
    }

    #[test]
    fn zones_are_read_and_written() {
        for (text, minutes) in [("+00:00", 0), ("+05:30", 330), ("-09:30", -570), ("+14:00", 840)] {
            assert_eq!((zone(text), write_zone(minutes).as_str()), (Some(minutes), text));
        }
        assert_eq!(zone("Z"), Some(0));
        for text in ["", "+", "05:30", "+15:00", "+5:30", "+05:60", "+0530", "--1:00"] {
            assert_eq!(zone(text), None, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_time() {
        for text in [
            "",
            "T",
            "2026-11-22",
            "2026-11-22T10:11:12",
            "2026-13-22T10:11:12Z",
            "2026-02-29T10:11:12Z",
            "1900-02-29T10:11:12Z",
            "2026-04-31T10:11:12Z",
            "2026-11-22T24:00:00Z",
            "2026-11-22T10:11:12.Z",
            "99999-01-01T00:00:00Z",
            "2026-1-1T00:00:00Z",
            "2026-11-22T10:11:12+0100",
            "2026-11-22T10:11:-1Z",
            "2026-00-01T00:00:00Z",
            "2026-11-22T10:11:12ü+01:00",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
