//! Durations and moments as each language writes them.

use contract::UnixMillis;
use contract::settings::Language;

/// A duration in seconds, in its two largest units: `45 s`, `3 min`, `1 h 5 min`, `2 d 3 h`.
#[must_use]
pub fn duration(lang: Language, seconds: f64) -> String {
    let [second, minute, hour, day] = match lang {
        Language::En => ["s", "min", "h", "d"],
        Language::Ru => ["с", "мин", "ч", "д"],
    };
    if !seconds.is_finite() || seconds < 0.0 {
        return "—".to_owned();
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let whole = seconds.round() as u64;
    let pair = |large: u64, name: &str, small: u64, small_name: &str| match small {
        0 => format!("{large}\u{a0}{name}"),
        _ => format!("{large}\u{a0}{name} {small}\u{a0}{small_name}"),
    };
    match whole {
        0 if seconds > 0.0 => format!("<\u{a0}1\u{a0}{second}"),
        0..=59 => format!("{whole}\u{a0}{second}"),
        60..=599 => pair(whole / 60, minute, whole % 60, second),
        600..=3_599 => format!("{}\u{a0}{minute}", whole / 60),
        3_600..=86_399 => pair(whole / 3_600, hour, whole % 3_600 / 60, minute),
        _ => pair(whole / 86_400, day, whole % 86_400 / 3_600, hour),
    }
}

/// How long a job will still take: `3 min left`, «осталось 3 мин».
#[must_use]
pub fn time_left(lang: Language, seconds: f64) -> String {
    let seconds = if seconds >= 60.0 { (seconds / 10.0).round() * 10.0 } else { seconds };
    match lang {
        Language::En => format!("{} left", duration(lang, seconds)),
        Language::Ru => format!("осталось {}", duration(lang, seconds)),
    }
}

/// A moment on the clock and calendar of the person: year, month, day, hour, minute, second.
fn civil(at: UnixMillis, offset_minutes: i32) -> (i64, i64, i64, i64, i64, i64) {
    let seconds = at.div_euclid(1000) + i64::from(offset_minutes) * 60;
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Days to a date of the Gregorian calendar: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day, rest / 3_600, rest % 3_600 / 60, rest % 60)
}

/// The day: `21 Nov 2026`, `21.11.2026`. `offset_minutes` is the person's distance from UTC, east positive.
#[must_use]
pub fn date(lang: Language, at: UnixMillis, offset_minutes: i32) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (year, month, day, ..) = civil(at, offset_minutes);
    match lang {
        Language::En => {
            let month = usize::try_from(month - 1).ok().and_then(|index| MONTHS.get(index)).copied().unwrap_or("?");
            format!("{day} {month} {year}")
        }
        Language::Ru => format!("{day:02}.{month:02}.{year}"),
    }
}

/// The time of day: `07:39`.
#[must_use]
pub fn time_of_day(at: UnixMillis, offset_minutes: i32) -> String {
    let (_, _, _, hour, minute, _) = civil(at, offset_minutes);
    format!("{hour:02}:{minute:02}")
}

/// Day and time: `21 Nov 2026, 07:39`, `21.11.2026, 07:39`.
#[must_use]
pub fn date_time(lang: Language, at: UnixMillis, offset_minutes: i32) -> String {
    format!("{}, {}", date(lang, at, offset_minutes), time_of_day(at, offset_minutes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{En, Ru};

    #[test]
    fn durations_show_two_units() {
        assert_eq!(duration(En, 0.2), "<\u{a0}1\u{a0}s");
        assert_eq!(duration(En, 45.0), "45\u{a0}s");
        assert_eq!(duration(Ru, 185.0), "3\u{a0}мин 5\u{a0}с");
        assert_eq!(duration(Ru, 3_900.0), "1\u{a0}ч 5\u{a0}мин");
        assert_eq!(time_left(En, 181.0), "3\u{a0}min left");
        assert_eq!(time_left(Ru, 30.0), "осталось 30\u{a0}с");
    }

    #[test]
    fn moments_follow_the_calendar_and_the_offset() {
        assert_eq!(date_time(En, 0, 0), "1 Jan 1970, 00:00");
        assert_eq!(date_time(Ru, 951_782_400_000, 0), "29.02.2000, 00:00");
        assert_eq!(date_time(Ru, 1_795_246_740_000, 180), "21.11.2026, 10:39");
        assert_eq!(date_time(En, -1, -60), "31 Dec 1969, 22:59");
    }
}
