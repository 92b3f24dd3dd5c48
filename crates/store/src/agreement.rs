//! Agreement of predictions with the labels that items came with.

use std::collections::HashMap;

use contract::label::{AgreementReport, DomainAgreement};

use crate::count::{self, Kind};
use crate::term::{self, DomainTerms};
use crate::{Result, Store};

/// What is counted of one label.
#[derive(Default)]
struct Checked {
    all: u64,
    agreed: u64,
    /// The most frequent other prediction and how often.
    confused: Option<(i64, u64)>,
}

impl Store {
    /// How far the latest predictions agree with the labels that items came with, from the counters.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn agreement(&self) -> Result<AgreementReport> {
        self.read(|connection| {
            let mut domains = DomainTerms::load(connection)?;
            let mut labels: HashMap<i64, Checked> = HashMap::new();
            let mut report = AgreementReport { checked: 0, agreed: 0, outside_schema: 0, by_label: Vec::new() };
            for (label, predicted, items) in count::all(connection, Kind::Agreement)? {
                let items = u64::try_from(items).unwrap_or_default();
                let meant = domains.meant_by(connection, label)?;
                let checked = labels.entry(label).or_default();
                checked.all += items;
                report.checked += items;
                if meant.is_none() {
                    report.outside_schema += items;
                }
                if meant == Some(predicted) {
                    checked.agreed += items;
                    report.agreed += items;
                } else if checked.confused.is_none_or(|(other, most)| (items, other) > (most, predicted)) {
                    checked.confused = Some((predicted, items));
                }
            }
            for (label, checked) in labels {
                report.by_label.push(DomainAgreement {
                    label: term::text(connection, label)?,
                    checked: checked.all,
                    agreed: checked.agreed,
                    confused_with: checked.confused.map(|(other, _)| term::text(connection, other)).transpose()?,
                });
            }
            report.by_label.sort_by(|one, other| {
                let disagreed = |row: &DomainAgreement| row.checked - row.agreed;
                disagreed(other).cmp(&disagreed(one)).then_with(|| one.label.cmp(&other.label))
            });
            Ok(report)
        })
    }
}
