//! Times and days as people read them. Every function takes every timestamp that fits its type.

use crate::clock::Timestamp;

const MINUTE: i64 = 60_000;
const DAY: i64 = 86_400_000;
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A day, counted from 1970-01-01 in the time zone of the reader.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i64);

/// A point in time as a clock on the wall and a calendar show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    /// The day.
    pub day: Day,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
}

impl Civil {
    /// The wall clock that runs `offset` minutes ahead of UTC.
    pub fn new(stamp: Timestamp, offset: i32) -> Self {
        let local = stamp.0.saturating_add(i64::from(offset).saturating_mul(MINUTE));
        let minutes = local.rem_euclid(DAY).div_euclid(MINUTE);
        Self {
            day: Day(local.div_euclid(DAY)),
            hour: u8::try_from(minutes.div_euclid(60)).unwrap_or_default(),
            minute: u8::try_from(minutes.rem_euclid(60)).unwrap_or_default(),
        }
    }

    /// `09:05`
    pub fn time(&self) -> String {
        format!("{:02}:{:02}", self.hour, self.minute)
    }

    /// The time if it was today, else the day, as short as a list wants it.
    pub fn short(&self, today: Day) -> String {
        match self.day.ago(today) {
            0 => self.time(),
            1 => "Yesterday".to_owned(),
            2..=6 => self.day.weekday().to_owned(),
            _ => {
                let (year, month, day) = self.day.date();
                let month: String = month_name(month).chars().take(3).collect();
                if year == today.date().0 { format!("{day} {month}") } else { format!("{day} {month} {year}") }
            }
        }
    }
}

impl Day {
    /// The line between two days: `Today`, `Yesterday`, `Monday`, `Monday, 3 March`, `3 March 2019`.
    pub fn label(self, today: Self) -> String {
        match self.ago(today) {
            0 => "Today".to_owned(),
            1 => "Yesterday".to_owned(),
            2..=6 => self.weekday().to_owned(),
            _ => {
                let (year, month, day) = self.date();
                if year == today.date().0 {
                    format!("{}, {day} {}", self.weekday(), month_name(month))
                } else {
                    format!("{day} {} {year}", month_name(month))
                }
            }
        }
    }

    /// Year, month from 1, day from 1, in the Gregorian calendar; Howard Hinnant's `civil_from_days`.
    pub fn date(self) -> (i64, u8, u8) {
        // Days since 0000-03-01, so that a leap day ends its year.
        let days = self.0.saturating_add(719_468);
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let leaps = (of_era / 1_460).saturating_sub(of_era / 36_524).saturating_add(of_era / 146_096);
        let year_of_era = of_era.saturating_sub(leaps) / 365;
        let before = year_of_era.saturating_mul(365).saturating_add(year_of_era / 4).saturating_sub(year_of_era / 100);
        let of_year = of_era.saturating_sub(before);
        let from_march = of_year.saturating_mul(5).saturating_add(2) / 153;
        let day = of_year.saturating_sub(from_march.saturating_mul(153).saturating_add(2) / 5).saturating_add(1);
        let month = if from_march < 10 { from_march.saturating_add(3) } else { from_march.saturating_sub(9) };
        let year = era.saturating_mul(400).saturating_add(year_of_era).saturating_add(i64::from(month <= 2));
        (year, u8::try_from(month).unwrap_or(1), u8::try_from(day).unwrap_or(1))
    }

    fn weekday(self) -> &'static str {
        // 1970-01-01 was a Thursday.
        let place = usize::try_from(self.0.saturating_add(3).rem_euclid(7)).unwrap_or_default();
        WEEKDAYS.get(place).copied().unwrap_or_default()
    }

    /// Days before `today`; negative in the future.
    const fn ago(self, today: Self) -> i64 {
        today.0.saturating_sub(self.0)
    }
}

fn month_name(month: u8) -> &'static str {
    MONTHS.get(usize::from(month.saturating_sub(1))).copied().unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;

    fn civil(text_ms: i64) -> Civil {
        Civil::new(Timestamp(text_ms), 0)
    }

    #[test]
    fn known_days() {
        for (seconds, date) in [
            (0, (1970, 1, 1)),
            (951_782_400, (2000, 2, 29)),
            (-1, (1969, 12, 31)),
            (1_709_164_800, (2024, 2, 29)),
            (4_107_542_400, (2100, 3, 1)),
            (-62_135_596_800, (1, 1, 1)),
        ] {
            assert_eq!(civil(seconds * 1000).day.date(), date);
        }
        assert_eq!(civil(0).day.weekday(), "Thursday");
        assert_eq!(civil(1_709_164_800_000).day.weekday(), "Thursday");
    }

    #[test]
    fn the_zone_moves_the_clock_and_the_day() {
        let stamp = Timestamp(1_709_164_800_000);
        assert_eq!(Civil::new(stamp, 90).time(), "01:30");
        let evening = Civil::new(stamp, -30);
        assert_eq!((evening.time().as_str(), evening.day.date()), ("23:30", (2024, 2, 28)));
    }

    #[test]
    fn days_in_words() {
        let today = civil(1_709_164_800_000).day;
        let label = |days: i64| Day(today.0 - days).label(today);
        assert_eq!([label(0), label(1), label(2), label(6)], ["Today", "Yesterday", "Tuesday", "Friday"]);
        assert_eq!(label(7), "Thursday, 22 February");
        assert_eq!(label(100), "21 November 2023");
        assert_eq!(label(-1), "Friday, 1 March");
        let short = |days: i64| Civil { day: Day(today.0 - days), hour: 9, minute: 5 }.short(today);
        assert_eq!([short(0), short(1), short(3)], ["09:05", "Yesterday", "Monday"]);
        assert_eq!([short(20), short(100)], ["9 Feb", "21 Nov 2023"]);
    }

    #[test]
    fn no_time_is_too_odd() {
        for stamp in [i64::MIN, i64::MAX, i64::MIN + 1, -1, 0] {
            for offset in [i32::MIN, 0, i32::MAX] {
                let civil = Civil::new(Timestamp(stamp), offset);
                for today in [Day(i64::MIN), Day(0), Day(i64::MAX), civil.day] {
                    assert!(!civil.short(today).is_empty() && !civil.day.label(today).is_empty());
                }
            }
        }
    }
}
