//! How long a server asks to be left alone.

use std::time::Duration;

use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

/// Longest wait that a server may ask for.
const MAX_WAIT: Duration = Duration::from_secs(120);
/// OpenAI's and Azure's finer form, milliseconds.
const RETRY_AFTER_MS: HeaderName = HeaderName::from_static("retry-after-ms");

/// Reads `retry-after-ms`, or `Retry-After` in seconds or as a date (RFC 9110, 10.2.3). A date is taken relative to the
/// server's own `Date`, so that clocks that differ do no harm.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| *number >= 0.0 && number.is_finite());
    let wait = |seconds: f64| Duration::from_secs_f64(seconds.min(MAX_WAIT.as_secs_f64()));
    if let Some(millis) = text(RETRY_AFTER_MS).and_then(number) {
        return Some(wait(millis / 1000.0));
    }
    let asked = text(RETRY_AFTER)?;
    if let Some(seconds) = number(asked) {
        return Some(wait(seconds));
    }
    let (until, now) = (seconds_of(asked)?, seconds_of(text(DATE)?)?);
    Some(Duration::from_secs(until.saturating_sub(now)).min(MAX_WAIT))
}

/// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`.
fn seconds_of(date: &str) -> Option<u64> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut parts = date.split_whitespace().skip(1);
    let day: u64 = parts.next()?.parse().ok()?;
    let month = parts.next()?;
    let month = MONTHS.iter().position(|known| *known == month)? as u64 + 1;
    let year: u64 = parts.next()?.parse().ok().filter(|year| (1970..10_000).contains(year))?;
    let mut clock = parts.next()?.split(':').map(|part| part.parse::<u64>().ok());
    let (hours, minutes, seconds) = (clock.next()??, clock.next()??, clock.next()??);
    // Days before a date, years counted from March (H. Hinnant, "chrono-compatible low-level date algorithms").
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day.checked_sub(1)?;
    Some((days.checked_sub(719_468)?) * 86_400 + hours.min(23) * 3_600 + minutes.min(59) * 60 + seconds.min(60))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(lines: &[(&'static str, &str)]) -> Option<Duration> {
        let headers =
            lines.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect();
        retry_after(&headers)
    }

    #[test]
    fn every_form_is_read() {
        assert_eq!(seconds_of("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(seconds_of("Thu, 29 Feb 2024 00:00:00 GMT"), Some(1_709_164_800));
        assert_eq!(read(&[("retry-after", "7")]), Some(Duration::from_secs(7)));
        assert_eq!(read(&[("retry-after", "999999")]), Some(MAX_WAIT));
        assert_eq!(read(&[("retry-after-ms", "250"), ("retry-after", "1")]), Some(Duration::from_millis(250)));
        let (date, later) = ("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:40 GMT");
        assert_eq!(read(&[("date", date), ("retry-after", later)]), Some(Duration::from_secs(3)));
        assert_eq!(read(&[("date", later), ("retry-after", date)]), Some(Duration::ZERO));
        for nonsense in ["soon", "-1", "NaN", "Sun, 99 Foo 1994 08:49:37 GMT", ""] {
            assert_eq!(read(&[("date", date), ("retry-after", nonsense)]), None, "{nonsense}");
        }
    }
}
