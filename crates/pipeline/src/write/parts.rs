//! The parts of a dataset: train and eval, once as JSONL and once in the format asked for, and the folds.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use contract::dataset::{Balance, DatasetFormat, Sample, SplitSettings};
use contract::version::Split;

use super::balance::Copies;
use super::card::CardSplit;
use super::row::Row;
use super::series::{Encoding, Layout, Series};
use super::split::{Chosen, copies, is_in_fold};

/// All files of a dataset that is being written.
pub(super) struct Parts<'a> {
    settings: &'a SplitSettings,
    parts: Vec<Part>,
}

struct Part {
    fold: Option<u32>,
    side: Split,
    copies: Copies,
    series: Series,
}

/// What was written.
pub(super) struct Written {
    /// Every data file.
    pub(super) files: Vec<String>,
    /// Train and eval in the format asked for.
    pub(super) splits: [CardSplit; 2],
    /// Files of these.
    pub(super) main: Vec<String>,
}

impl<'a> Parts<'a> {
    /// Makes the files. Versions are made from `train.jsonl` and `eval.jsonl`, so these are always there, in one piece.
    pub(super) fn create(
        folder: &Path,
        chosen: &[Chosen],
        domains: usize,
        settings: &'a SplitSettings,
    ) -> io::Result<Self> {
        let weights = settings.balance == Balance::Weights;
        let encoding = Encoding::of(settings);
        let sharded = settings.shard_rows.is_some() || settings.shard_bytes.is_some();
        let hugging_face = settings.format == DatasetFormat::HuggingFace;
        let whole = |stem: &str| Layout {
            stem: stem.to_owned(),
            encoding: Encoding::Jsonl,
            numbered: false,
            rows: None,
            bytes: None,
            weights,
        };
        let asked = |stem: String, numbered| Layout {
            stem,
            encoding,
            numbered,
            rows: settings.shard_rows,
            bytes: settings.shard_bytes,
            weights,
        };
        let mut parts = Vec::new();
        let folds = (0..settings.folds.unwrap_or(0)).map(Some);
        for fold in [None].into_iter().chain(folds) {
            for side in [Split::Train, Split::Eval] {
                let copies = match side {
                    Split::Train => copies(chosen, domains, settings, |chosen| holds(fold, side, chosen, settings)),
                    Split::Eval => Copies::default(),
                };
                let name = side.name();
                let layouts = match fold {
                    None if hugging_face => vec![whole(name), asked(format!("data/{name}"), true)],
                    None if sharded || encoding != Encoding::Jsonl => {
                        vec![whole(name), asked(name.to_owned(), sharded)]
                    }
                    None => vec![whole(name)],
                    Some(fold) => vec![asked(format!("folds/{fold}/{name}"), sharded)],
                };
                for layout in layouts {
                    parts.push(Part { fold, side, copies: copies.clone(), series: Series::create(folder, layout)? });
                }
            }
        }
        Ok(Self { settings, parts })
    }

    /// Writes a sample wherever it belongs.
    pub(super) fn push(&mut self, chosen: &Chosen, sample: &Sample) -> io::Result<()> {
        let mut row = Row::new(sample);
        for part in &mut self.parts {
            if holds(part.fold, part.side, chosen, self.settings) {
                for _ in 0..part.copies.of(chosen.key.domain, chosen.rank) {
                    part.series.push(&mut row)?;
                }
            }
        }
        Ok(())
    }

    pub(super) fn finish(self) -> io::Result<Written> {
        let mut written: BTreeMap<Split, CardSplit> = BTreeMap::new();
        let (mut files, mut main) = (Vec::new(), Vec::new());
        for Part { fold, side, series, .. } in self.parts {
            let split = CardSplit { name: side.name(), rows: series.rows, bytes: series.bytes };
            let names = series.finish()?;
            if fold.is_none() {
                // Of each side the one that was asked for comes last.
                main.retain(|(of, _)| *of != side);
                main.extend(names.iter().map(|name| (side, name.clone())));
                written.insert(side, split);
            }
            files.extend(names);
        }
        let empty = |side: Split| CardSplit { name: side.name(), rows: 0, bytes: 0 };
        let splits = [Split::Train, Split::Eval].map(|side| written.remove(&side).unwrap_or_else(|| empty(side)));
        Ok(Written { files, splits, main: main.into_iter().map(|(_, name)| name).collect() })
    }
}

fn holds(fold: Option<u32>, side: Split, chosen: &Chosen, settings: &SplitSettings) -> bool {
    match fold {
        None => chosen.side == side,
        Some(fold) => is_in_fold(chosen, fold, settings) == Some(side),
    }
}
