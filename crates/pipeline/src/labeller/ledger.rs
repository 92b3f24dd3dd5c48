//! What labellers say of items whose domain is known, beside their own runs: kept, so that it counts wherever it is asked what a
//! labeller is worth.

use std::collections::HashSet;

use contract::label::Candidate;
use contract::project::Access;
use contract::{CallError, ItemId};
use store::Asked;

use super::calibrated::base_version;
use super::evidence::known_items;
use super::open::Bench;
use super::{Opinion, Question, Said};

/// Keeps such answers.
pub(crate) struct Ledger {
    bench: Bench,
    /// Ids of the schema's domains.
    domains: Vec<String>,
    /// The items that people decided on.
    decided: HashSet<ItemId>,
}

impl Ledger {
    /// The ledger of a project.
    ///
    /// # Errors
    /// What the store says.
    pub(crate) fn of(bench: &Bench) -> Result<Self, CallError> {
        let domains = bench.store.schema()?.domains.into_iter().map(|domain| domain.id).collect();
        let decided = known_items(&bench.store, false)?.into_iter().map(|known| known.item).collect();
        Ok(Self { bench: bench.clone(), domains, decided })
    }

    /// Keeps what a labeller of this version, whatever its calibration, says of items. A project that is only looked at stays as
    /// it is.
    ///
    /// # Errors
    /// What the store says.
    pub(crate) fn keep(&self, model: &str, version: &str, said: &[(ItemId, &Opinion)]) -> Result<(), CallError> {
        if said.is_empty() || !matches!(self.bench.store.access(), Access::ReadWrite) {
            return Ok(());
        }
        let said: Vec<Asked> = said.iter().map(|(item, opinion)| self.asked(*item, opinion)).collect();
        Ok(self.bench.store.store_asked(model, base_version(version), &said, (self.bench.clock)())?)
    }

    /// Keeps what a labeller says of those of the questions that people decided on.
    ///
    /// # Errors
    /// What the store says.
    pub(super) fn keep_decided(
        &self,
        model: &str,
        version: &str,
        questions: &[Question<'_>],
        said: &[Said],
    ) -> Result<(), CallError> {
        let of_decided = |(question, said): (&Question<'_>, &Said)| -> Option<(ItemId, Opinion)> {
            let item = question.item.filter(|item| self.decided.contains(item))?;
            let opinion = said.as_ref()?.as_ref().ok()?;
            Some((item, opinion.clone()))
        };
        let kept: Vec<(ItemId, Opinion)> = questions.iter().zip(said).filter_map(of_decided).collect();
        let kept: Vec<(ItemId, &Opinion)> = kept.iter().map(|(item, opinion)| (*item, opinion)).collect();
        self.keep(model, version, &kept)
    }

    fn asked(&self, item: ItemId, opinion: &Opinion) -> Asked {
        let row = opinion.raw.as_ref().unwrap_or(&opinion.probabilities);
        let mut candidates: Vec<Candidate> = self
            .domains
            .iter()
            .zip(row)
            .map(|(domain, probability)| Candidate { domain: domain.clone(), probability: *probability })
            .collect();
        candidates.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        Asked { item, candidates, no_domain: opinion.no_domain }
    }
}
