//! What a person has decided so far about a file.

use contract::source::{CleaningSettings, ColumnMapping, FileSpec, InspectFile, Inspection, ReadOptions};
use leptos::prelude::*;

use crate::state::Remote;

/// The state of the form; every part of the page reads and changes it.
#[derive(Clone, Copy)]
pub struct Draft {
    path: StoredValue<String>,
    /// What was corrected of how the file is read; the rest is detected.
    pub read: RwSignal<ReadOptions>,
    /// What the file's beginning shows, read that way.
    pub inspection: Remote<Inspection>,
    /// Which column is what.
    pub mapping: RwSignal<ColumnMapping>,
    /// Shortest text kept.
    pub min_length: RwSignal<Option<f64>>,
    /// Longest text kept.
    pub max_length: RwSignal<Option<f64>>,
    /// Most rows read.
    pub max_rows: RwSignal<Option<f64>>,
    /// Whether equal texts are dropped.
    pub drop_duplicates: RwSignal<bool>,
    /// Whether rows that can't be read are dropped rather than stop the import.
    pub skip_bad_rows: RwSignal<bool>,
    /// Unicode NFC.
    pub normalise_unicode: RwSignal<bool>,
    /// White space.
    pub normalise_whitespace: RwSignal<bool>,
}

impl Draft {
    /// Begins with a file, the product's defaults and the guesses of the inspection.
    pub fn new(path: String) -> Self {
        let path = StoredValue::new(path);
        let read = RwSignal::new(ReadOptions::default());
        let defaults = CleaningSettings::default();
        let draft = Self {
            path,
            read,
            inspection: Remote::new(move || Some(InspectFile { path: path.get_value(), read: read.get() })),
            mapping: RwSignal::new(ColumnMapping::default()),
            min_length: RwSignal::new(Some(f64::from(defaults.min_length))),
            max_length: RwSignal::new(Some(f64::from(defaults.max_length))),
            max_rows: RwSignal::new(None),
            drop_duplicates: RwSignal::new(!defaults.keep_duplicates),
            skip_bad_rows: RwSignal::new(defaults.skip_bad_rows),
            normalise_unicode: RwSignal::new(defaults.normalise_unicode),
            normalise_whitespace: RwSignal::new(defaults.normalise_whitespace),
        };
        draft.follow_guesses();
        draft
    }

    /// Takes the guess of what is what whenever the columns are others than before; a correction stays while they are
    /// the same (read with another encoding, say).
    fn follow_guesses(self) {
        Effect::new(move |before: Option<Vec<String>>| {
            let seen = self.inspection.map(|inspection| (names(inspection), inspection.mapping.clone()));
            let Some((names, guess)) = seen else { return before.unwrap_or_default() };
            if before.as_ref() != Some(&names) {
                self.mapping.set(guess);
            }
            names
        });
    }

    /// The cleaning as it is set.
    pub fn cleaning(self) -> CleaningSettings {
        let defaults = CleaningSettings::default();
        CleaningSettings {
            min_length: whole(self.min_length.get()).unwrap_or(defaults.min_length),
            max_length: whole(self.max_length.get()).unwrap_or(defaults.max_length),
            keep_duplicates: !self.drop_duplicates.get(),
            max_rows: whole(self.max_rows.get()).map(u64::from),
            skip_bad_rows: self.skip_bad_rows.get(),
            normalise_unicode: self.normalise_unicode.get(),
            normalise_whitespace: self.normalise_whitespace.get(),
        }
    }

    /// The file and all that was decided.
    pub fn spec(self) -> FileSpec {
        FileSpec {
            path: self.path.get_value(),
            read: self.read.get(),
            mapping: self.mapping.get(),
            exact_mapping: true,
            cleaning: self.cleaning(),
        }
    }
}

fn names(inspection: &Inspection) -> Vec<String> {
    inspection.columns.iter().map(|column| column.name.clone()).collect()
}

fn whole(number: Option<f64>) -> Option<u32> {
    // The fields allow whole numbers in this range only.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    number.map(|number| number.clamp(0.0, f64::from(u32::MAX)) as u32)
}
