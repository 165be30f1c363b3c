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
