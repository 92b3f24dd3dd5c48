//! The split's settings as a form holds them.

use contract::dataset::{Balance, DatasetFormat, SplitBy, SplitSettings, Synthetics, TimeSpan};
use leptos::prelude::*;

use crate::screens::datasets::version::format_of;
use crate::text::{Text, lang, t};

/// Ways to balance and their values.
pub const BALANCES: [(Balance, &str); 4] = [
    (Balance::None, "none"),
    (Balance::Smallest, "smallest"),
    (Balance::Weights, "weights"),
    (Balance::Oversample, "oversample"),
];
/// What decides what is held out.
pub const SPLITS: [(SplitBy, &str); 2] = [(SplitBy::Chance, "chance"), (SplitBy::Time, "time")];
/// Spans of time; none when empty.
pub const SPANS: [(TimeSpan, &str); 4] =
    [(TimeSpan::Hour, "hour"), (TimeSpan::Day, "day"), (TimeSpan::Week, "week"), (TimeSpan::Month, "month")];
/// Where synthetics may stand.
pub const SYNTHETICS: [(Synthetics, &str); 3] =
    [(Synthetics::Train, "train"), (Synthetics::Both, "both"), (Synthetics::LeftOut, "left_out")];

/// Bytes of a megabyte as people type it.
const MEGABYTE: u64 = 1024 * 1024;

/// The value of an enum in a list of pairs.
fn chosen<T: Copy>(list: &[(T, &str)], field: RwSignal<String>) -> Option<T> {
    field.with(|value| list.iter().find(|(_, name)| name == value).map(|(item, _)| *item))
}

fn name_of<T: Copy + PartialEq>(list: &[(T, &'static str)], item: T) -> String {
    list.iter().find(|(known, _)| *known == item).map_or("", |(_, name)| *name).to_owned()
}

/// The form.
#[derive(Clone, Copy)]
pub struct SplitForm {
    pub(super) eval: RwSignal<Option<f64>>,
    pub(super) min_eval: RwSignal<Option<f64>>,
    pub(super) min_per_domain: RwSignal<Option<f64>>,
    pub(super) max_per_domain: RwSignal<Option<f64>>,
    pub(super) balance: RwSignal<String>,
    pub(super) split_by: RwSignal<String>,
    pub(super) folds: RwSignal<Option<f64>>,
    pub(super) near: RwSignal<bool>,
    pub(super) similarity: RwSignal<Option<f64>>,
    pub(super) users: RwSignal<bool>,
    pub(super) span: RwSignal<String>,
    pub(super) synthetics: RwSignal<String>,
    pub(super) shard_rows: RwSignal<Option<f64>>,
    pub(super) shard_megabytes: RwSignal<Option<f64>>,
    pub(super) seed: RwSignal<Option<f64>>,
    pub(super) confident: RwSignal<bool>,
    pub(super) unchecked: RwSignal<bool>,
    pub(super) format: RwSignal<String>,
    pub(super) formula_safe: RwSignal<bool>,
}

impl SplitForm {
    /// The product's defaults.
    pub fn new() -> Self {
        let (number, text, flag) =
            (|| RwSignal::new(None::<f64>), || RwSignal::new(String::new()), || RwSignal::new(false));
        let form = Self {
            eval: number(),
            min_eval: number(),
            min_per_domain: number(),
            max_per_domain: number(),
            balance: text(),
            split_by: text(),
            folds: number(),
            near: flag(),
            similarity: number(),
            users: flag(),
            span: text(),
            synthetics: text(),
            shard_rows: number(),
            shard_megabytes: number(),
            seed: number(),
            confident: flag(),
            unchecked: flag(),
            format: text(),
            formula_safe: flag(),
        };
        form.reset();
        form
    }

    /// Back to the defaults.
    #[allow(clippy::cast_precision_loss)] // Counts and seeds that people type.
    pub fn reset(self) {
        let defaults = SplitSettings::default();
        self.eval.set(Some(defaults.eval));
        self.min_eval.set(Some(defaults.min_eval as f64));
        self.min_per_domain.set(Some(defaults.min_per_domain as f64));
        self.max_per_domain.set(defaults.max_per_domain.map(|cap| cap as f64));
        self.balance.set(name_of(&BALANCES, defaults.balance));
        self.split_by.set(name_of(&SPLITS, defaults.split_by));
        self.folds.set(defaults.folds.map(f64::from));
        self.near.set(defaults.near_duplicates.is_some());
        self.similarity.set(Some(defaults.near_duplicates.unwrap_or(0.8)));
        self.users.set(defaults.group_users);
        self.span.set(defaults.group_time.map(|span| name_of(&SPANS, span)).unwrap_or_default());
        self.synthetics.set(name_of(&SYNTHETICS, defaults.synthetics));
        self.shard_rows.set(defaults.shard_rows.map(|rows| rows as f64));
        self.shard_megabytes.set(defaults.shard_bytes.map(|bytes| (bytes / MEGABYTE) as f64));
        self.seed.set(Some(defaults.seed as f64));
        self.confident.set(defaults.include_confident);
        self.unchecked.set(defaults.include_unchecked);
        self.format.set("jsonl".to_owned());
        self.formula_safe.set(defaults.formula_safe);
    }

    /// The settings as they stand.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // The fields allow whole numbers from 0.
    pub fn read(self) -> SplitSettings {
        let defaults = SplitSettings::default();
        let whole = |field: RwSignal<Option<f64>>, default: u64| field.get().map_or(default, |value| value as u64);
        SplitSettings {
            eval: self.eval.get().unwrap_or(defaults.eval),
            min_eval: whole(self.min_eval, defaults.min_eval),
            min_per_domain: whole(self.min_per_domain, defaults.min_per_domain),
            max_per_domain: self.max_per_domain.get().map(|cap| cap as u64),
            balance: chosen(&BALANCES, self.balance).unwrap_or_default(),
            split_by: chosen(&SPLITS, self.split_by).unwrap_or_default(),
            folds: self.folds.get().map(|folds| folds as u32),
            near_duplicates: self.similarity.get().filter(|_| self.near.get()),
            group_users: self.users.get(),
            group_time: chosen(&SPANS, self.span),
            synthetics: chosen(&SYNTHETICS, self.synthetics).unwrap_or_default(),
            shard_rows: self.shard_rows.get().map(|rows| rows as u64),
            shard_bytes: self.shard_megabytes.get().map(|megabytes| megabytes as u64 * MEGABYTE),
            seed: whole(self.seed, defaults.seed),
            include_confident: self.confident.get(),
            include_unchecked: self.unchecked.get(),
            format: self.format(),
            formula_safe: self.formula_safe.get() && self.format() == DatasetFormat::Csv,
        }
    }

    /// The format chosen.
    pub fn format(self) -> DatasetFormat {
        self.format.with(|value| format_of(value))
    }

    /// The balance chosen.
    pub fn balance(self) -> Balance {
        chosen(&BALANCES, self.balance).unwrap_or_default()
    }

    /// What goes in, in short.
    pub fn told_in(self) -> String {
        let parts = [
            Some(t(Text::SplitToldDecided)),
            self.confident.get().then(|| t(Text::SplitToldConfident)),
            self.unchecked.get().then(|| t(Text::SplitToldUnchecked)),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// What stays together, in short.
    pub fn told_together(self) -> String {
        let settings = self.read();
        let near = match settings.near_duplicates {
            Some(similarity) => Text::split_told_near(lang(), &catalogue::decimal(lang(), similarity, 2)),
            None => t(Text::SplitToldEqual).to_owned(),
        };
        let users = settings.group_users.then(|| t(Text::SplitToldUsers).to_owned());
        let span = settings.group_time.map(|span| crate::text::word(&span).to_owned());
        std::iter::once(near).chain(users).chain(span).collect::<Vec<_>>().join(", ")
    }

    /// Folds and shards, in short.
    pub fn told_files(self) -> String {
        let settings = self.read();
        let folds = settings.folds.map(|folds| Text::split_told_folds(lang(), folds.into()));
        let rows = settings.shard_rows.map(|rows| Text::split_told_shard_rows(lang(), rows));
        let bytes = settings.shard_bytes.map(|bytes| Text::split_told_shard_bytes(lang(), bytes));
        let parts: Vec<String> = [folds, rows, bytes].into_iter().flatten().collect();
        if parts.is_empty() { t(Text::SplitOneFile).to_owned() } else { parts.join(", ") }
    }

    /// The seed, in short.
    pub fn told_seed(self) -> String {
        Text::split_told_seed(lang(), self.read().seed)
    }
}
