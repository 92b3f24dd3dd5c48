//! Which of the old Cyrillic encodings a text is in: by how Russian it looks when decoded.

use encoding_rs::Encoding;

/// Relative frequencies of the letters а to я (and ё as е) in Russian, per mille; National Corpus of the Russian
/// Language as tabulated by Lyashevskaya and Sharoff (2009).
const FREQUENCY: [f32; 32] = [
    80.1, 15.9, 45.4, 17.0, 29.8, 84.5, 9.4, 16.5, 73.5, 12.1, 34.9, 44.0, 32.1, 67.0, 109.7, 28.1, 47.3, 54.7, 62.6,
    26.2, 2.6, 9.7, 4.8, 14.4, 7.3, 3.6, 0.4, 19.0, 17.4, 3.2, 6.4, 20.1,
];

/// Text in Russian scores about -3, in a wrong encoding about -5 and less.
const LEAST: f32 = -4.0;

/// The encoding among `candidates` in which the bytes read most like Russian; `None` when they do in none.
pub fn most_likely(bytes: &[u8], candidates: &[&'static Encoding]) -> Option<&'static Encoding> {
    let mut best: Option<(f32, &'static Encoding)> = None;
    for encoding in candidates {
        let (text, _) = encoding.decode_without_bom_handling(&bytes[..bytes.len().min(64 << 10)]);
        if let Some(score) = score(&text)
            && best.is_none_or(|(highest, _)| score > highest)
        {
            best = Some((score, encoding));
        }
    }
    best.filter(|(score, _)| *score > LEAST).map(|(_, encoding)| encoding)
}

/// Mean log-probability of the characters outside ASCII, with penalties for what Russian text does not do.
fn score(text: &str) -> Option<f32> {
    let (mut sum, mut count) = (0.0, 0.0);
    let mut previous = ' ';
    for c in text.chars() {
        if !c.is_ascii() {
            count += 1.0;
            sum += match letter(c) {
                Some(index) => {
                    let mut value = (FREQUENCY[index] / 1000.0).ln();
                    // A capital inside a word in small letters, or a Latin letter beside a Cyrillic one.
                    if c.is_uppercase() && previous.is_lowercase() {
                        value -= 5.0;
                    }
                    // Words in capitals are rarer than words in small letters.
                    if c.is_uppercase() && previous.is_uppercase() {
                        value -= 0.5;
                    }
                    if previous.is_ascii_alphabetic() {
                        value -= 4.0;
                    }
                    value
                }
                None if "«»—–№…„“”’\u{a0}".contains(c) => -4.0,
                None => -9.0,
            };
        } else if c.is_ascii_alphabetic() && letter(previous).is_some() {
            sum -= 4.0;
        }
        previous = c;
    }
    (count > 0.0).then(|| sum / count)
}

fn letter(c: char) -> Option<usize> {
    match c {
        'а'..='я' => Some(c as usize - 'а' as usize),
        'А'..='Я' => Some(c as usize - 'А' as usize),
        'ё' | 'Ё' => Some(5),
        _ => None,
    }
}
