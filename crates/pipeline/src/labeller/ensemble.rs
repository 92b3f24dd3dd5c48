//! Several labellers whose answers are combined.

use std::sync::Arc;

use contract::CallError;
use contract::label::ConfidenceSource;
use contract::labeller::EnsembleRule;
use contract::model::ModelFinding;
use learn::Rows;
use learn::ensemble::{mean_weights, vote_weight, weighted_mean, weighted_vote};
use models::CancelToken;
use store::NO_DOMAIN;

use super::ledger::Ledger;
use super::training::defect;
use super::{Known, Labeller, Opinion, OpinionSink, Outcome, Question, label_all};

/// Questions that all members answer before they are combined.
const STEP: usize = 256;
/// Items that all members have answered without which their weights would be guesses.
const WEIGHTS_NEED: usize = 30;

/// A member: its name, itself, its weight.
pub(super) struct Member {
    pub(super) name: String,
    pub(super) labeller: Arc<dyn Labeller>,
    pub(super) weight: f64,
}

/// An ensemble.
pub(super) struct Ensemble {
    members: Vec<Member>,
    rule: EnsembleRule,
    domains: usize,
    /// Keeps what members say of decided items; `None` where nothing is to be kept.
    ledger: Option<Ledger>,
}

impl Ensemble {
    /// Combines members by a rule; `known` is what is known of each, calibrated, in their order. What they say of decided items
    /// goes to the `ledger`: the next weights are made of it.
    pub(super) fn new(
        members: Vec<(String, Arc<dyn Labeller>)>,
        rule: EnsembleRule,
        known: &[Known],
        domains: usize,
        ledger: Option<Ledger>,
    ) -> Result<Self, CallError> {
        let weights = weights(rule, known, domains)?;
        let members = members
            .into_iter()
            .zip(weights)
            .map(|((name, labeller), weight)| Member { name, labeller, weight })
            .collect();
        Ok(Self { members, rule, domains, ledger })
    }

    fn combined(&self, opinions: &[Opinion]) -> Result<Opinion, CallError> {
        let weights: Vec<f64> = self.members.iter().map(|member| member.weight).collect();
        let probabilities = match self.rule {
            EnsembleRule::Vote => {
                let votes: Vec<Option<u32>> =
                    opinions.iter().map(|opinion| u32::try_from(opinion.best().0).ok()).collect();
                weighted_vote(&votes, &weights, self.domains).map_err(defect)?
            }
            EnsembleRule::Average => {
                let rows: Vec<Rows<'_>> = opinions
                    .iter()
                    .map(|opinion| Rows::new(&opinion.probabilities, self.domains))
                    .collect::<Result<_, _>>()
                    .map_err(defect)?;
                weighted_mean(&rows, &weights).map_err(defect)?
            }
        };
        let no_domain = opinions.iter().any(|opinion| opinion.no_domain);
        let from_cache = opinions.iter().all(|opinion| opinion.from_cache);
        let is_reused = opinions.iter().any(|opinion| opinion.is_reused);
        Ok(Opinion { no_domain, from_cache, is_reused, ..Opinion::of(probabilities, ConfidenceSource::Vote) })
    }
}

/// The members' weights from the items that all of them have answered; equal ones while these are too few. What belongs to no
/// domain has no right answer among them and tells none from the other.
fn weights(rule: EnsembleRule, known: &[Known], domains: usize) -> Result<Vec<f64>, CallError> {
    let equal = vec![1.0; known.len()];
    let Some(first) = known.first() else { return Ok(equal) };
    let shared: Vec<_> = first
        .items
        .iter()
        .zip(&first.truth)
        .filter(|(_, truth)| **truth != NO_DOMAIN)
        .map(|(item, _)| *item)
        .filter(|item| known.iter().all(|known| known.items.binary_search(item).is_ok()))
        .collect();
    if shared.len() < WEIGHTS_NEED {
        return Ok(equal);
    }
    let picked: Vec<Known> = known.iter().map(|known| known.only(&shared)).collect();
    match rule {
        EnsembleRule::Vote => picked
            .iter()
            .map(|known| {
                let right = known.verdicts().filter(|(_, right)| *right).count() as u64;
                vote_weight(right, known.count() as u64, domains.max(2)).map_err(defect)
            })
            .collect(),
        EnsembleRule::Average => {
            let rows: Vec<Rows<'_>> =
                picked.iter().map(|known| Rows::new(&known.rows, domains)).collect::<Result<_, _>>().map_err(defect)?;
            mean_weights(&rows, &picked[0].truth).map_err(defect)
        }
    }
}

impl Labeller for Ensemble {
    fn version(&self) -> String {
        let members: Vec<String> =
            self.members.iter().map(|member| format!("{}:{:.4}", member.labeller.version(), member.weight)).collect();
        let parts = format!("{:?}|{}", self.rule, members.join("|"));
        format!("ensemble-{}", &blake3::hash(parts.as_bytes()).to_hex()[..12])
    }

    fn findings(&self) -> Vec<ModelFinding> {
        let total: f64 = self.members.iter().map(|member| member.weight).sum::<f64>().max(f64::MIN_POSITIVE);
        let member = |member: &Member| {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // From 0 to 1000.
            let permille = (member.weight / total * 1000.0).round() as u32;
            ModelFinding::Member { name: member.name.clone(), permille }
        };
        self.members.iter().map(member).collect()
    }

    fn explained(&self, question: Question<'_>) -> Result<String, CallError> {
        let parts: Vec<String> = self
            .members
            .iter()
            .map(|member| Ok(format!("{}\n\n{}", member.name, member.labeller.explained(question)?)))
            .collect::<Result<_, CallError>>()?;
        Ok(parts.join("\n\n—\n\n"))
    }

    fn label(
        &self,
        questions: &[Question<'_>],
        cancel: &CancelToken,
        sink: &mut OpinionSink<'_>,
    ) -> Result<Outcome, CallError> {
        let mut outcome = Outcome::default();
        for (step, questions) in questions.chunks(STEP).enumerate() {
            let mut answers = Vec::with_capacity(self.members.len());
            for member in &self.members {
                let (opinions, run) = label_all(member.labeller.as_ref(), questions, cancel)?;
                outcome.cost.add(run.cost);
                if run.cancelled {
                    return Ok(Outcome { cancelled: true, ..outcome });
                }
                if let Some(ledger) = &self.ledger {
                    ledger.keep_decided(&member.name, &member.labeller.version(), questions, &opinions)?;
                }
                answers.push(opinions.into_iter());
            }
            for index in 0..questions.len() {
                let said: Result<Vec<Opinion>, _> = answers.iter_mut().filter_map(Iterator::next).flatten().collect();
                let opinion = match said {
                    Ok(opinions) if opinions.len() == self.members.len() => Ok(self.combined(&opinions)?),
                    Ok(_) => continue,
                    Err(error) => Err(error),
                };
                if sink(step * STEP + index, opinion).is_break() {
                    return Ok(Outcome { cancelled: true, ..outcome });
                }
            }
        }
        Ok(outcome)
    }
}
