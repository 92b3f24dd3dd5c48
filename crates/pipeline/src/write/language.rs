//! Which languages the samples are in.

use std::collections::BTreeMap;

use rayon::prelude::*;
use whatlang::{Detector, Lang};

/// Where the language can't be told.
const UNKNOWN: &str = "und";
/// A language that a smaller share of the first texts is surely in is no language of the dataset.
const LEAST_SHARE: f64 = 0.02;

/// Bytes of text in which a language is surely recognised.
const ENOUGH: usize = 20_000;

/// Counts samples by language.
///
/// A short text alone is seldom sure evidence. The first texts together, those of each script as one, and the surely recognised
/// among them tell which languages the dataset is in; every text is then one of these, unless its script is none of theirs.
#[derive(Default)]
pub(super) struct Languages {
    counts: BTreeMap<String, u64>,
    expected: Option<Vec<Lang>>,
}

impl Languages {
    /// Counts texts; those of the first call tell which languages are there.
    pub(super) fn count(&mut self, texts: &[&str]) {
        let expected = self.expected.get_or_insert_with(|| expected(texts));
        let detector = Detector::with_allowlist(expected.clone());
        let none = expected.is_empty();
        let found: Vec<&'static str> = texts
            .par_iter()
            .map(|text| {
                let known = if none { None } else { detector.detect_lang(text) };
                known.or_else(|| surely(text)).map_or(UNKNOWN, |language| language.code())
            })
            .collect();
        for language in found {
            *self.counts.entry(language.to_owned()).or_default() += 1;
        }
    }

    pub(super) fn counts(self) -> BTreeMap<String, u64> {
        self.counts
    }
}

fn surely(text: &str) -> Option<Lang> {
    whatlang::detect(text).filter(whatlang::Info::is_reliable).map(|info| info.lang())
}

fn expected(texts: &[&str]) -> Vec<Lang> {
    let sure: Vec<Lang> = texts.par_iter().filter_map(|text| surely(text)).collect();
    let mut counts: BTreeMap<&str, (Lang, usize)> = BTreeMap::new();
    for language in &sure {
        counts.entry(language.code()).or_insert((*language, 0)).1 += 1;
    }
    let least = (sure.len() as f64 * LEAST_SHARE).max(1.0);
    let mut expected: Vec<Lang> =
        counts.into_values().filter(|(_, count)| *count as f64 >= least).map(|(language, _)| language).collect();
    for together in by_script(texts).values() {
        expected.extend(surely(together).filter(|language| !expected.contains(language)));
    }
    expected
}

/// The texts of each script as one, as far as is enough to recognise a language.
fn by_script(texts: &[&str]) -> BTreeMap<String, String> {
    let mut by_script: BTreeMap<String, String> = BTreeMap::new();
    for text in texts {
        if let Some(script) = whatlang::detect_script(text) {
            let together = by_script.entry(script.name().to_owned()).or_default();
            if together.len() < ENOUGH {
                together.push_str(text);
                together.push('\n');
            }
        }
    }
    by_script
}

/// The two-letter code that dataset cards have, where there is one.
pub(super) fn card_code(code: &str) -> &str {
    match code {
        "rus" => "ru",
        "eng" => "en",
        "ukr" => "uk",
        "bel" => "be",
        "bul" => "bg",
        "deu" => "de",
        "fra" => "fr",
        "spa" => "es",
        "ita" => "it",
        "por" => "pt",
        "pol" => "pl",
        "tur" => "tr",
        "cmn" => "zh",
        "jpn" => "ja",
        "kor" => "ko",
        "ara" => "ar",
        "kat" => "ka",
        "hye" => "hy",
        "aze" => "az",
        "uzb" => "uz",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_are_read_in_the_languages_of_the_dataset() {
        let mut languages = Languages::default();
        languages.count(&[
            "Почему мой платёж до сих пор не прошёл и сколько ещё ждать?",
            "Why has my transfer still not arrived, and how long do I have to wait for it?",
            "верните деньги",
            "card lost",
            "12345",
            "カードをなくしました、どうすればいいですか",
        ]);
        let counts = languages.counts();
        let of = |code: &str| counts.get(code).copied().unwrap_or(0);
        assert_eq!((of("rus"), of("eng"), of("jpn"), of("und")), (2, 2, 1, 1), "{counts:?}");
    }
}
