//! Training a classifier on what people decided and on labels that are trusted.

use std::collections::{BTreeMap, HashSet};

use contract::confidence::CalibrationReport;
use contract::labeller::{TrainingReport, TrainingSet};
use contract::model::ModelSpec;
use contract::schema::Schema;
use contract::{CallError, ErrorCode, ItemId, UnixMillis};
use learn::calibration::Calibration;
use learn::cross_validation::{choose_c, out_of_fold};
use learn::logistic::{Examples, LinearClassifier, LogisticSettings, train as fit};
use learn::nearest::near_duplicates;
use learn::{Folds, LearnError, Rows, RowsBuf};
use models::CancelToken;
use serde::{Deserialize, Serialize};
use store::{KnownItem, Store, TextHash};

use super::calibrated::{fit_calibration, share_estimate};
use super::novelty::{Strangeness, strangeness};
use super::open::Bench;
use super::rejected::{said_of_rejected, with_rejected};
use super::vectors::Vectors;
use super::{Known, Question};
use crate::job::Stop;

/// Fewest examples that a classifier is trained on.
pub const TRAINING_NEEDS: usize = 10;
/// Most examples that it is trained on: decisions first, then trusted labels drawn evenly. More cost time and memory and move the
/// accuracy of a linear head by less than its interval.
pub(super) const MOST_EXAMPLES: usize = 30_000;
/// Examples on which the strength of the regularisation is chosen.
const CHOICE_EXAMPLES: usize = 6_000;
/// Strengths that are tried (scikit-learn's `C`).
const STRENGTHS: [f64; 6] = [0.3, 1.0, 3.0, 10.0, 30.0, 100.0];
/// Folds of the cross-validation.
const FOLDS: usize = 5;
/// Seed of the folds.
const SEED: u64 = 17;
/// Examples without which a calibration would be a guess.
const CALIBRATION_NEEDS: usize = 50;
/// Cosine around the mean from which two texts count as variants of one, see docs/CONFIDENCE.md.
const NEAR_DUPLICATE: f32 = 0.85;
/// How a classifier is made of its examples; another name when that changes, so that earlier ones are made anew.
const METHOD: &str = "folds around the mean";
/// Candidates kept of each cross-validated answer.
const KEPT: usize = 10;

/// A trained classifier as it lies in the project.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Head {
    /// Ids of the domains, in the order of its classes.
    pub(crate) domains: Vec<String>,
    /// The linear head.
    pub(crate) classifier: LinearClassifier,
    /// By hash of the text: what a classifier said that had not seen it. Best candidates: class and probability.
    pub(crate) out_of_fold: BTreeMap<String, Vec<(u32, f32)>>,
    /// Items that it was trained on.
    pub(crate) items: Vec<ItemId>,
    /// Their classes.
    pub(crate) classes: Vec<u32>,
    /// From when on a text is taken to belong to no domain; `None` with too few examples.
    pub(crate) strangeness: Option<Strangeness>,
    /// By hash of a text that people decided to belong to no domain: what this head, which has not learned from it, says of
    /// it; `None` where it takes it to belong to none.
    #[serde(default)]
    pub(crate) rejected: BTreeMap<String, Option<Vec<(u32, f32)>>>,
}

/// What there is to learn from.
struct Material {
    schema: Schema,
    known: Vec<KnownItem>,
    /// Examples of the schema that are no item: text and class.
    examples: Vec<(String, u32)>,
    /// What people decided to belong to no domain: nothing is learned from it, but it shows what confidence is worth.
    rejected: Vec<KnownItem>,
}

impl Material {
    fn gather(store: &Store, training: &TrainingSet) -> Result<Self, CallError> {
        let schema = store.schema()?;
        if schema.domains.is_empty() {
            return Err(CallError::new(ErrorCode::SchemaMissing));
        }
        let known = chosen(store.known_items(training)?);
        let seen: HashSet<TextHash> = known.iter().map(|known| known.hash).collect();
        let mut examples = Vec::new();
        for (class, domain) in (0_u32..).zip(&schema.domains) {
            let texts = domain.examples.iter().map(|text| text.trim()).filter(|text| !text.is_empty());
            examples
                .extend(texts.filter(|text| !seen.contains(&TextHash::of(text))).map(|text| (text.to_owned(), class)));
        }
        let rejected = chosen(store.rejected_items()?.into_iter().filter(|item| !seen.contains(&item.hash)).collect());
        Ok(Self { schema, known, examples, rejected })
    }

    fn count(&self) -> usize {
        self.known.len() + self.examples.len()
    }

    fn targets(&self) -> Vec<u32> {
        self.known.iter().map(|known| known.domain).chain(self.examples.iter().map(|(_, class)| *class)).collect()
    }

    /// Changes with everything that changes the classifier.
    fn fingerprint(&self, encoder: &str) -> String {
        let mut hasher = blake3::Hasher::new();
        let mut field = |bytes: &[u8]| {
            hasher.update(&(bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        };
        field(METHOD.as_bytes());
        field(encoder.as_bytes());
        self.schema.domains.iter().for_each(|domain| field(domain.id.as_bytes()));
        let mut known: Vec<(TextHash, u32)> = self.known.iter().map(|known| (known.hash, known.domain)).collect();
        known.sort_unstable();
        for (hash, domain) in known {
            field(&hash.0);
            field(&domain.to_le_bytes());
        }
        for (text, class) in &self.examples {
            field(text.as_bytes());
            field(&class.to_le_bytes());
        }
        if !self.rejected.is_empty() {
            field(b"no domain");
            let mut hashes: Vec<TextHash> = self.rejected.iter().map(|item| item.hash).collect();
            hashes.sort_unstable();
            hashes.iter().for_each(|hash| field(&hash.0));
        }
        hasher.finalize().to_hex()[..16].to_owned()
    }
}

/// One example a text, decisions before labels, at most [`MOST_EXAMPLES`].
fn chosen(known: Vec<KnownItem>) -> Vec<KnownItem> {
    let mut known = known;
    // Hashes are as good as random, so that a cut keeps an even draw.
    known.sort_by(|a, b| b.decided.cmp(&a.decided).then(a.hash.cmp(&b.hash)).then(a.item.cmp(&b.item)));
    known.dedup_by(|later, earlier| later.hash == earlier.hash);
    known.truncate(MOST_EXAMPLES);
    known.sort_by_key(|known| known.item);
    known
}

/// How many examples a classifier would be trained on now.
///
/// # Errors
/// What the store says.
pub fn count_examples(store: &Store, training: &TrainingSet) -> Result<u64, CallError> {
    Ok(Material::gather(store, training)?.count() as u64)
}

/// Trains the classifier of that name, unless nothing has changed since its last training, and calibrates it on its own
/// cross-validated answers. `told` hears how many vectors are ready and of how many.
///
/// # Errors
/// [`ErrorCode::ModelMissing`] when it is no classifier, [`ErrorCode::SchemaMissing`], [`ErrorCode::ExamplesTooFew`],
/// [`Stop::Cancelled`]; what encoder and store say.
pub fn train(
    bench: &Bench,
    model: &str,
    cancel: &CancelToken,
    now: UnixMillis,
    told: &mut dyn FnMut(u64, u64) -> Result<(), CallError>,
) -> Result<TrainingReport, Stop> {
    let entry = bench.store.model(model)?;
    let ModelSpec::Classifier { encoder, training } = &entry.spec else {
        return Err(CallError::new(ErrorCode::ModelMissing).with("name", model).into());
    };
    let material = Material::gather(&bench.store, training)?;
    let vectors = Vectors::new(bench.models.encoder(encoder)?, bench.store.clone());
    let fingerprint = material.fingerprint(&vectors.identity());
    let earlier = bench.store.classifier(model)?;
    if let Some(earlier) = earlier.as_ref().filter(|earlier| earlier.fingerprint == fingerprint) {
        return Ok(TrainingReport { unchanged: true, ..earlier.report.clone() });
    }
    let targets = material.targets();
    let domains = targets.iter().collect::<HashSet<_>>().len();
    if targets.len() < TRAINING_NEEDS || domains < 2 {
        let error = CallError::new(ErrorCode::ExamplesTooFew).with("found", targets.len());
        return Err(error.with("needed", TRAINING_NEEDS).into());
    }
    let begun = (bench.clock)();
    let Some(rows) = encode(bench, &material, &vectors, cancel, told)? else { return Err(Stop::Cancelled) };
    let encoded = (bench.clock)();
    let stop = || cancel.is_cancelled();
    let learned = learn_from(&material, &rows, &targets, &stop).map_err(stopped)?;
    let (known, c) = (known_of(&material, &learned.out_of_fold), learned.c);
    let mut head = head_of(&material, learned);
    let Some(rejected) = said_of_rejected(&bench.store, &head, &vectors, &material.rejected, cancel)? else {
        return Err(Stop::Cancelled);
    };
    head.rejected = rejected;
    let calibration = calibration_on(model, &known, &material.rejected, &head, now)?;
    let report = TrainingReport {
        model: model.to_owned(),
        examples: targets.len() as u64,
        decisions: material.known.iter().filter(|known| known.decided).count() as u64,
        domains: domains as u64,
        missing: missing(&material.schema, &targets),
        accuracy: Some(share_estimate(right(&known), known.count() as u64)).filter(|share| share.of > 0),
        folds: u32::try_from(FOLDS).unwrap_or(u32::MAX),
        c,
        ece_before: calibration.as_ref().map(|(_, report)| report.before.ece),
        ece_after: calibration.as_ref().map(|(_, report)| report.after.ece),
        encoding_millis: millis(begun, encoded),
        training_millis: millis(encoded, (bench.clock)()),
        unchanged: false,
    };
    keep(&bench.store, model, &fingerprint, &head, calibration, &report, now)?;
    Ok(report)
}

/// The calibration on the cross-validated answers, and on what belongs to no domain and is given one all the same; `None` with
/// too few.
fn calibration_on(
    model: &str,
    known: &Known,
    rejected: &[KnownItem],
    head: &Head,
    now: UnixMillis,
) -> Result<Option<(Calibration, CalibrationReport)>, CallError> {
    if known.count() < CALIBRATION_NEEDS {
        return Ok(None);
    }
    fit_calibration(model, &with_rejected(known, rejected, head), now).map(Some)
}

fn keep(
    store: &Store,
    model: &str,
    fingerprint: &str,
    head: &Head,
    calibration: Option<(Calibration, CalibrationReport)>,
    report: &TrainingReport,
    now: UnixMillis,
) -> Result<(), CallError> {
    let json = |error: serde_json::Error| CallError::new(ErrorCode::Internal).with("detail", error);
    let head = serde_json::to_string(head).map_err(json)?;
    store.store_classifier(model, fingerprint, &head, report, now)?;
    if let Some((calibration, report)) = calibration {
        store.store_calibration(&serde_json::to_string(&calibration).map_err(json)?, &report)?;
    }
    Ok(())
}

/// A vector for each example, in order; `None` when cancelled.
fn encode(
    bench: &Bench,
    material: &Material,
    vectors: &Vectors,
    cancel: &CancelToken,
    told: &mut dyn FnMut(u64, u64) -> Result<(), CallError>,
) -> Result<Option<RowsBuf>, CallError> {
    const PAGE: usize = 2_048;
    let total = material.count() as u64;
    let mut values = Vec::with_capacity(material.count() * vectors.dimensions());
    let mut done = 0_u64;
    for page in material.known.chunks(PAGE) {
        let items: Vec<ItemId> = page.iter().map(|known| known.item).collect();
        let texts = bench.store.item_texts(&items)?;
        if texts.len() != items.len() {
            // Items were removed meanwhile: the next training sees what is left.
            return Err(CallError::new(ErrorCode::ItemMissing).with("item", ""));
        }
        let questions: Vec<Question<'_>> =
            texts.iter().map(|(item, text)| Question { item: Some(*item), text }).collect();
        let rows = vectors.of(&questions, cancel, &mut |ready| told(done + ready as u64, total))?;
        let Some(rows) = rows else { return Ok(None) };
        rows.into_iter().for_each(|row| values.extend(row));
        done += page.len() as u64;
    }
    let questions: Vec<Question<'_>> =
        material.examples.iter().map(|(text, _)| Question { item: None, text }).collect();
    let Some(rows) = vectors.of(&questions, cancel, &mut |ready| told(done + ready as u64, total))? else {
        return Ok(None);
    };
    rows.into_iter().for_each(|row| values.extend(row));
    RowsBuf::new(values, vectors.dimensions()).map(Some).map_err(defect)
}

/// What learning gave.
struct Learned {
    classifier: LinearClassifier,
    out_of_fold: Vec<f32>,
    strangeness: Option<Strangeness>,
    c: f64,
}

fn learn_from(
    material: &Material,
    rows: &RowsBuf,
    targets: &[u32],
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Learned, LearnError> {
    let classes = material.schema.domains.len();
    let examples = Examples::new(rows.view(), targets, classes)?;
    let base = LogisticSettings::default();
    // Variants of one text must not be learned from and judged on, or the figures flatter.
    let groups = near_duplicates(rows.view(), targets, NEAR_DUPLICATE, stop)?;
    let folds = Folds::grouped(targets, &groups, FOLDS, SEED)?;
    let (c, out_of_fold) = if targets.len() <= CHOICE_EXAMPLES {
        let chosen = choose_c(&examples, &folds, &STRENGTHS, &base, stop)?;
        (chosen.c, chosen.out_of_fold.probabilities)
    } else {
        // Spread over all of them: items stand in the order in which they came in.
        let step = targets.len().div_ceil(CHOICE_EXAMPLES);
        let some: Vec<usize> = (0..targets.len()).step_by(step).collect();
        let part = rows.view().gather(&some);
        let part_targets: Vec<u32> = some.iter().map(|&index| targets[index]).collect();
        let part = Examples::new(part.view(), &part_targets, classes)?;
        let part_groups: Vec<u32> = some.iter().map(|&index| groups[index]).collect();
        let part_folds = Folds::grouped(&part_targets, &part_groups, FOLDS, SEED)?;
        let chosen = choose_c(&part, &part_folds, &STRENGTHS, &base, stop)?;
        let settings = LogisticSettings { c: chosen.c, ..base };
        (chosen.c, out_of_fold(&examples, &folds, &settings, stop)?.probabilities)
    };
    let trained = fit(&examples, &LogisticSettings { c, ..base }, None, stop)?;
    // The logits but for a constant of each row, which no method that is used here looks at.
    let logits: Vec<f32> = out_of_fold.iter().map(|probability| probability.max(f32::MIN_POSITIVE).ln()).collect();
    let strangeness = strangeness(&examples, Rows::new(&logits, classes)?, &folds, stop)?;
    Ok(Learned { classifier: trained.classifier, out_of_fold, strangeness, c })
}

/// The cross-validated answers about items; those about the schema's examples are left out: they were written to be clear.
fn known_of(material: &Material, out_of_fold: &[f32]) -> Known {
    let domains = material.schema.domains.len();
    let count = material.known.len();
    Known {
        items: material.known.iter().map(|known| known.item).collect(),
        rows: out_of_fold[..count * domains].to_vec(),
        truth: material.known.iter().map(|known| known.domain).collect(),
        domains,
    }
}

fn head_of(material: &Material, learned: Learned) -> Head {
    let domains = material.schema.domains.len();
    let hashes = material.known.iter().map(|known| known.hash);
    // An item may have the text of one of the schema's examples: that one has been seen, too.
    let hashes = hashes.chain(material.examples.iter().map(|(text, _)| TextHash::of(text)));
    let mut out_of_fold = BTreeMap::new();
    for (hash, row) in hashes.zip(learned.out_of_fold.chunks_exact(domains)) {
        out_of_fold.insert(hash.to_string(), best_of(row));
    }
    let classes = material.known.iter().map(|known| known.domain).collect();
    Head {
        domains: material.schema.domains.iter().map(|domain| domain.id.clone()).collect(),
        classifier: learned.classifier,
        out_of_fold,
        items: material.known.iter().map(|known| known.item).collect(),
        classes,
        strangeness: learned.strangeness,
        rejected: BTreeMap::new(),
    }
}

/// The best candidates of a row of probabilities: class and probability.
pub(super) fn best_of(row: &[f32]) -> Vec<(u32, f32)> {
    let mut candidates: Vec<(u32, f32)> = (0_u32..).zip(row.iter().copied()).collect();
    candidates.sort_by(|a, b| b.1.total_cmp(&a.1));
    candidates.truncate(KEPT);
    candidates
}

fn right(known: &Known) -> u64 {
    known.verdicts().filter(|(_, right)| *right).count() as u64
}

fn missing(schema: &Schema, targets: &[u32]) -> Vec<String> {
    let present: HashSet<u32> = targets.iter().copied().collect();
    let absent = (0_u32..).zip(&schema.domains).filter(|(class, _)| !present.contains(class));
    absent.map(|(_, domain)| domain.id.clone()).collect()
}

fn millis(from: UnixMillis, to: UnixMillis) -> u64 {
    u64::try_from(to - from).unwrap_or(0)
}

fn stopped(error: LearnError) -> Stop {
    match error {
        LearnError::Stopped => Stop::Cancelled,
        error => defect(error).into(),
    }
}

/// Numbers that don't fit together are a defect: what comes from people has been checked before.
pub(crate) fn defect(error: impl std::fmt::Display) -> CallError {
    CallError::new(ErrorCode::Internal).with("detail", error)
}
