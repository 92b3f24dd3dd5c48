//! Times: spans that stay together, and how a time is written.

use contract::UnixMillis;
use contract::dataset::TimeSpan;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// The number of the span that a time is in; spans are those of UTC, weeks begin on Monday.
pub(super) fn span(at: UnixMillis, span: TimeSpan) -> i64 {
    match span {
        TimeSpan::Hour => at.div_euclid(HOUR),
        TimeSpan::Day => at.div_euclid(DAY),
        // 1970 began on a Thursday.
        TimeSpan::Week => (at.div_euclid(DAY) + 3).div_euclid(7),
        TimeSpan::Month => {
            let (year, month, _) = date(at.div_euclid(DAY));
            year * 12 + i64::from(month)
        }
    }
}

/// RFC 3339, UTC, with milliseconds. Readers that guess types take no such text for a time of their own, so that the column is text
/// in every file.
pub(super) fn rfc3339(at: UnixMillis) -> String {
    let (year, month, day) = date(at.div_euclid(DAY));
    let of_day = at.rem_euclid(DAY);
    let (hours, minutes, millis) = (of_day / HOUR, of_day / 60_000 % 60, of_day % 60_000);
    format!("{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{:02}.{:03}Z", millis / 1000, millis % 1000)
}

/// Year, month and day of a number of days since 1970-01-01 (Gregorian; Hinnant's algorithm).
fn date(days: i64) -> (i64, u32, u32) {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let since_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * since_march + 2) / 5 + 1;
    let month = if since_march < 10 { since_march + 3 } else { since_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month as u32, day as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_rfc_3339() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(rfc3339(951_782_400_123), "2000-02-29T00:00:00.123Z");
        assert_eq!(rfc3339(-1), "1969-12-31T23:59:59.999Z");
        assert_eq!(rfc3339(1_710_763_207_050), "2024-03-18T12:00:07.050Z");
    }

    #[test]
    fn spans_begin_where_people_expect() {
        let sunday = 1_710_633_600_000 - 1; // Sunday 2024-03-17 is the day before.
        let monday = 1_710_720_000_000; // 2024-03-18
        assert_eq!(span(monday, TimeSpan::Week), span(monday + 7 * DAY - 1, TimeSpan::Week));
        assert_ne!(span(monday, TimeSpan::Week), span(monday - 1, TimeSpan::Week));
        assert_eq!(span(sunday, TimeSpan::Week), span(monday - 1, TimeSpan::Week));
        assert_eq!(span(monday, TimeSpan::Month), span(monday + 13 * DAY, TimeSpan::Month));
        assert_ne!(span(monday, TimeSpan::Month), span(monday + 14 * DAY, TimeSpan::Month));
        assert_ne!(span(monday, TimeSpan::Hour), span(monday + HOUR, TimeSpan::Hour));
        assert_eq!(span(monday, TimeSpan::Day), span(monday + HOUR, TimeSpan::Day));
    }
}
