//! The dataset card of the Hugging Face layout: `README.md` with YAML before it.

use std::collections::BTreeMap;
use std::fmt::Write;

use contract::dataset::{DomainSplit, SplitPreview};

use super::language::card_code;
use super::row::COLUMNS;

/// A language of fewer samples than this is not named.
const LEAST_SHARE: f64 = 0.01;

/// One split of one configuration: rows and bytes as the files have them.
pub(super) struct CardSplit {
    pub(super) name: &'static str,
    pub(super) rows: u64,
    pub(super) bytes: u64,
}

/// What the card tells. There is no clock in it: the same samples give the same card.
pub(super) struct Card<'a> {
    pub(super) splits: [CardSplit; 2],
    /// Bytes of all data files of the default configuration.
    pub(super) download: u64,
    pub(super) folds: u32,
    pub(super) weights: bool,
    pub(super) preview: &'a SplitPreview,
    pub(super) languages: &'a BTreeMap<String, u64>,
}

impl Card<'_> {
    /// The whole file.
    pub(super) fn text(&self) -> String {
        let mut text = String::from("---\n");
        self.front_matter(&mut text);
        text.push_str("---\n\n");
        self.body(&mut text);
        text
    }

    fn front_matter(&self, text: &mut String) {
        let samples: u64 = self.languages.values().sum();
        let named = |(code, count): (&String, &u64)| {
            (code != "und" && *count as f64 >= samples as f64 * LEAST_SHARE).then(|| card_code(code).to_owned())
        };
        let mut languages: Vec<String> = self.languages.iter().filter_map(named).collect();
        languages.sort_unstable();
        if !languages.is_empty() {
            text.push_str("language:\n");
            for code in languages {
                let _ = writeln!(text, "- {code}");
            }
        }
        text.push_str("task_categories:\n- text-classification\n");
        text.push_str("configs:\n");
        config(text, "default", "data", true);
        for fold in 0..self.folds {
            config(text, &format!("fold-{fold}"), &format!("folds/{fold}"), false);
        }
        self.info(text);
    }

    fn info(&self, text: &mut String) {
        text.push_str("dataset_info:\n- config_name: default\n  features:\n");
        let weight = self.weights.then_some("weight");
        for name in COLUMNS.into_iter().chain(weight) {
            let kind = match name {
                "confidence" => "float32",
                "row" => "int64",
                "weight" => "float64",
                _ => "string",
            };
            let _ = writeln!(text, "  - name: {name}\n    dtype: {kind}");
        }
        text.push_str("  splits:\n");
        for CardSplit { name, rows, bytes } in &self.splits {
            let _ = writeln!(text, "  - name: {name}\n    num_bytes: {bytes}\n    num_examples: {rows}");
        }
        let bytes: u64 = self.splits.iter().map(|split| split.bytes).sum();
        let _ = writeln!(text, "  download_size: {}\n  dataset_size: {bytes}", self.download);
    }

    fn body(&self, text: &mut String) {
        let preview = self.preview;
        let _ = writeln!(
            text,
            "# Dataset\n\n{} samples of {} classes for text classification: {} in train, {} in eval.\n",
            preview.train + preview.eval,
            preview.domains.iter().filter(|domain| domain.train + domain.eval > 0).count(),
            preview.train,
            preview.eval
        );
        if preview.repeated > 0 {
            let _ =
                writeln!(text, "Small classes are oversampled: {} rows of train repeat a sample.\n", preview.repeated);
        }
        let _ = writeln!(
            text,
            "Labels: {} decided by people, {} confident predictions, {} of the source.\n\n| class | train | eval |\n|---|---:|---:|",
            preview.decided, preview.confident, preview.unchecked
        );
        for DomainSplit { domain, train, eval, .. } in preview.domains.iter().filter(|of| of.train + of.eval > 0) {
            let _ = writeln!(text, "| {} | {train} | {eval} |", plain(domain));
        }
        text.push_str("\n`metadata.json` tells settings, sources, models and quality; `train.jsonl` and `eval.jsonl` have the same rows.\n");
    }
}

fn config(text: &mut String, name: &str, folder: &str, numbered: bool) {
    let _ = writeln!(text, "- config_name: {name}\n  data_files:");
    for split in ["train", "eval"] {
        let pattern = if numbered { "-*.parquet" } else { "*.parquet" };
        let _ = writeln!(text, "  - split: {split}\n    path: {folder}/{split}{pattern}");
    }
}

/// A class's name as one cell of a Markdown table, whatever is in it.
fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for letter in name.chars() {
        match letter {
            _ if letter.is_control() => plain.push(' '),
            '|' | '\\' | '`' | '*' | '_' | '<' | '>' | '[' | ']' | '&' | '~' => plain.extend(['\\', letter]),
            _ => plain.push(letter),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_tells_files_features_and_counts() {
        let domain =
            |domain: &str, train, eval| DomainSplit { domain: domain.into(), available: 9, train, eval, left_out: 0 };
        let preview = SplitPreview {
            train: 8,
            eval: 2,
            domains: vec![domain("card|lost", 8, 2), domain("none", 0, 0)],
            ..SplitPreview::default()
        };
        let languages = BTreeMap::from([("rus".to_owned(), 7), ("eng".to_owned(), 2), ("und".to_owned(), 1)]);
        let splits = [CardSplit { name: "train", rows: 8, bytes: 80 }, CardSplit { name: "eval", rows: 2, bytes: 20 }];
        let card = Card { splits, download: 55, folds: 2, weights: true, preview: &preview, languages: &languages };
        let text = card.text();
        assert!(text.starts_with(
            "---\nlanguage:\n- en\n- ru\ntask_categories:\n- text-classification\nconfigs:\n- config_name: default\n"
        ));
        for part in [
            "  - split: eval\n    path: data/eval-*.parquet\n",
            "- config_name: fold-1\n",
            "  - name: weight\n    dtype: float64\n",
            "  - name: eval\n    num_bytes: 20\n    num_examples: 2\n  download_size: 55\n  dataset_size: 100\n---\n",
            "| card\\|lost | 8 | 2 |\n",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
        assert!(!text.contains("| none"));
    }
}
