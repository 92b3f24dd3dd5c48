//! Numbers as each language writes them.

use contract::settings::Language;

/// A whole number with grouped digits: `1,204,500`, `1 204 500` (narrow no-break spaces; Russian groups from five digits on).
#[must_use]
pub fn number(lang: Language, value: u64) -> String {
    let digits = value.to_string();
    let (separator, from) = match lang {
        Language::En => (',', 4),
        Language::Ru => ('\u{202f}', 5),
    };
    if digits.len() < from {
        return digits;
    }
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3 * separator.len_utf8());
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(separator);
        }
        grouped.push(digit);
    }
    grouped
}

/// A number with `places` digits after the decimal point (a comma in Russian).
#[must_use]
pub fn decimal(lang: Language, value: f64, places: usize) -> String {
    pointed(lang, format!("{value:.places$}"))
}

/// A number with the digits that it has: `0.05`, `0,05`.
#[must_use]
pub fn shortest(lang: Language, value: f64) -> String {
    pointed(lang, value.to_string())
}

fn pointed(lang: Language, text: String) -> String {
    match lang {
        Language::En => text,
        Language::Ru => text.replace('.', ","),
    }
}

/// A share (0 to 1) as a whole percentage; below 1 % and above 99 % with one digit more, so that "100 %" means all.
#[must_use]
pub fn percent(lang: Language, share: f64) -> String {
    let value = share * 100.0;
    let places = usize::from((value > 0.0 && value < 1.0) || (value > 99.0 && value < 100.0));
    // Rounding must not turn "nearly all" into all, nor "hardly any" into none.
    let value = match places {
        1 if value > 99.0 => value.min(99.9),
        1 => value.max(0.1),
        _ => value,
    };
    let text = decimal(lang, value, places);
    match lang {
        Language::En => format!("{text}%"),
        Language::Ru => format!("{text}\u{a0}%"),
    }
}

/// A share (0 to 1) as a percentage with one digit after the point: `1.4%`, `1,4 %`.
#[must_use]
pub fn percent_fine(lang: Language, share: f64) -> String {
    let text = decimal(lang, share * 100.0, 1);
    match lang {
        Language::En => format!("{text}%"),
        Language::Ru => format!("{text}\u{a0}%"),
    }
}

/// Two shares as the ends of an interval: `0.6–2.9%`, `0,6–2,9 %`.
#[must_use]
pub fn percent_interval(lang: Language, low: f64, high: f64) -> String {
    format!("{}–{}", decimal(lang, low * 100.0, 1), percent_fine(lang, high))
}

/// A size in bytes, in powers of 1024 with three digits or so.
#[must_use]
pub fn file_size(lang: Language, bytes: u64) -> String {
    let units = match lang {
        Language::En => ["B", "KB", "MB", "GB", "TB"],
        Language::Ru => ["Б", "КБ", "МБ", "ГБ", "ТБ"],
    };
    #[allow(clippy::cast_precision_loss)]
    let (mut value, mut unit) = (bytes as f64, 0);
    while value >= 1023.5 && unit + 1 < units.len() {
        value /= 1024.0;
        unit += 1;
    }
    let places = usize::from(unit > 0 && value < 99.95);
    format!("{}\u{a0}{}", decimal(lang, value, places), units[unit])
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{En, Ru};

    #[test]
    fn digits_are_grouped_as_each_language_does() {
        assert_eq!(number(En, 999), "999");
        assert_eq!(number(En, 1_204_500), "1,204,500");
        assert_eq!(number(Ru, 1204), "1204");
        assert_eq!(number(Ru, 10_003), "10\u{202f}003");
        assert_eq!(number(Ru, 1_204_500), "1\u{202f}204\u{202f}500");
    }

    #[test]
    fn a_percentage_says_all_only_of_all() {
        assert_eq!(percent(En, 1.0), "100%");
        assert_eq!(percent(En, 0.999_9), "99.9%");
        assert_eq!(percent(En, 0.000_1), "0.1%");
        assert_eq!(percent(En, 0.0), "0%");
        assert_eq!(percent(Ru, 0.926), "93\u{a0}%");
    }

    #[test]
    fn a_number_has_the_digits_that_it_has() {
        assert_eq!(shortest(En, 0.05), "0.05");
        assert_eq!(shortest(Ru, 99.9), "99,9");
        assert_eq!(shortest(Ru, 50.0), "50");
    }

    #[test]
    fn an_interval_names_its_unit_once() {
        assert_eq!(percent_fine(En, 0.014), "1.4%");
        assert_eq!(percent_interval(Ru, 0.006, 0.029), "0,6–2,9\u{a0}%");
    }

    #[test]
    fn sizes_have_three_digits_or_so() {
        assert_eq!(file_size(En, 512), "512\u{a0}B");
        assert_eq!(file_size(En, 1536), "1.5\u{a0}KB");
        assert_eq!(file_size(Ru, 491_400_064), "469\u{a0}МБ");
        assert_eq!(file_size(Ru, 98_362_432), "93,8\u{a0}МБ");
    }
}
