//! Times as sources write them.

use std::collections::HashMap;

use contract::{SourceId, UnixMillis};

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

/// A time as it can be read from its text alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeText {
    /// It can be nothing else. Without an offset it is UTC.
    Clear(UnixMillis),
    /// `3/4/2024`: which of the two is the day must be told by other rows of the source.
    Slashed { first: u32, second: u32, year: i64, of_day: i64 },
}

impl TimeText {
    /// Reads `2024-03-18`, `2024-03-18T10:00:00.5+03:00`, `2020/3/18`, `18.03.2024 10:00`, `03/22/23`, and seconds, milliseconds,
    /// microseconds or nanoseconds since 1970; `None` for what is no time or no day of the calendar.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(number) = text.parse::<i64>() {
            return since_1970(number).map(Self::Clear);
        }
        let (date, rest) = match text.find(['T', 't', ' ']) {
            Some(at) => (&text[..at], text[at + 1..].trim()),
            None => (text, ""),
        };
        let of_day = if rest.is_empty() { 0 } else { time_of_day(rest)? };
        let separator = ['-', '/', '.'].into_iter().find(|separator| date.contains(*separator))?;
        let mut parts = date.split(separator);
        let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let number = |part: &str| part.parse::<u32>().ok().filter(|_| part.len() <= 4);
        let (a, b, c) = (number(first)?, number(second)?, number(third)?);
        if first.len() == 4 {
            return Some(Self::Clear(day(i64::from(a), b, c)? * DAY + of_day));
        }
        let year = if third.len() == 4 { i64::from(c) } else { 2000 + i64::from(c) - if c >= 70 { 100 } else { 0 } };
        if separator == '/' {
            return Some(Self::Slashed { first: a, second: b, year, of_day });
        }
        Some(Self::Clear(day(year, b, a)? * DAY + of_day))
    }

    /// The time, where the day stands first or second as `day_first` says.
    pub(crate) fn at(self, day_first: bool) -> Option<UnixMillis> {
        match self {
            Self::Clear(at) => Some(at),
            Self::Slashed { first, second, year, of_day } => {
                let (month, of_month) = if day_first { (second, first) } else { (first, second) };
                Some(day(year, month, of_month)? * DAY + of_day)
            }
        }
    }
}

/// Which sources write the day first: those with a first number that can be no month. Others are read as month, day, year.
#[derive(Default)]
pub(crate) struct DayFirst(HashMap<SourceId, bool>);

impl DayFirst {
    pub(crate) fn learn(&mut self, source: SourceId, text: TimeText) {
        if let TimeText::Slashed { first, .. } = text {
            *self.0.entry(source).or_default() |= first > 12;
        }
    }

    pub(crate) fn of(&self, source: SourceId) -> bool {
        self.0.get(&source).copied().unwrap_or(false)
    }
}

/// A number of seconds or of smaller parts, told by its size.
fn since_1970(number: i64) -> Option<UnixMillis> {
    match number.unsigned_abs() {
        0..100_000_000 => None,
        100_000_000..100_000_000_000 => number.checked_mul(1000),
        100_000_000_000..100_000_000_000_000 => Some(number),
        100_000_000_000_000..100_000_000_000_000_000 => Some(number / 1000),
        _ => Some(number / 1_000_000),
    }
}

/// `10:00`, `10:00:07`, `10:00:07.5` with an offset (`Z`, `+03:00`, `+0300`, `+03`) or without; milliseconds, UTC.
fn time_of_day(text: &str) -> Option<i64> {
    let at = text.find(['Z', 'z', '+', '-']).unwrap_or(text.len());
    let (clock, offset) = (text[..at].trim_end(), &text[at..]);
    let mut parts = clock.split(':');
    let number = |part: &str, below: i64| part.parse::<i64>().ok().filter(|value| (0..below).contains(value));
    let hours = number(parts.next()?, 25)?;
    let minutes = number(parts.next()?, 60)?;
    let seconds = match parts.next() {
        Some(part) => part.parse::<f64>().ok().filter(|seconds| (0.0..61.0).contains(seconds))?,
        None => 0.0,
    };
    if parts.next().is_some() {
        return None;
    }
    let digits: String = offset.chars().filter(char::is_ascii_digit).collect();
    let ahead = match digits.len() {
        0 => 0,
        2 => number(&digits, 24)? * 60,
        4 => number(&digits[..2], 24)? * 60 + number(&digits[2..], 60)?,
        _ => return None,
    };
    let ahead = if offset.starts_with('-') { -ahead } else { ahead };
    Some((hours * 60 + minutes - ahead) * 60_000 + (seconds * 1000.0).floor() as i64)
}

/// Days from 1970-01-01 to a day of the Gregorian calendar.
fn day(year: i64, month: u32, of_month: u32) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=length).contains(&of_month) {
        return None;
    }
    // Years begin in March, so that the day that may be missing is the last.
    let year = if month <= 2 { year - 1 } else { year };
    let since_march = (month + 9) % 12;
    let of_year = i64::from((153 * since_march + 2) / 5 + of_month - 1);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_sources_write_them() {
        let at = |text: &str| TimeText::read(text).and_then(|text| text.at(false));
        let noon = 1_710_763_200_000;
        for text in [
            "2024-03-18T12:00:00Z",
            "2024-03-18 12:00",
            "2024-03-18T15:00:00.000+03:00",
            "2024-03-18T07:00:00-0500",
            "18.03.2024 12:00:00",
            "2024/3/18 12:00",
            "1710763200",
            "1710763200000",
            "1710763200000000",
        ] {
            assert_eq!(at(text), Some(noon), "{text}");
        }
        assert_eq!(at("1970-01-01"), Some(0));
        assert_eq!(at("1969-12-31T23:59:59.999"), Some(-1));
        assert_eq!(at("29.02.2000"), Some(951_782_400_000));
        for text in [
            "",
            "yesterday",
            "2024-02-30",
            "2023-02-29",
            "32.01.2024",
            "2024-13-01",
            "12",
            "2024-03-18T25:61",
            "1-2-3-4",
        ] {
            assert_eq!(at(text), None, "{text}");
        }
    }

    #[test]
    fn which_number_is_the_day_is_learnt_from_the_source() {
        let (american, other) = (SourceId(1), SourceId(2));
        let mut days = DayFirst::default();
        for (source, text) in
            [(american, "03/04/23"), (american, "03/22/23"), (other, "03/04/2023"), (other, "22/03/2023")]
        {
            days.learn(source, TimeText::read(text).expect("a time"));
        }
        let at = |source, text: &str| TimeText::read(text).expect("a time").at(days.of(source));
        assert_eq!(at(american, "03/04/23"), at(american, "2023-03-04"));
        assert_eq!(at(other, "03/04/23"), at(other, "2023-04-03"));
        assert_eq!(at(other, "03/22/23"), None);
    }
}
