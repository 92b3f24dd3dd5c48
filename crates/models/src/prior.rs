//! What a model would say of any text: long and common names, and those that stand first, must not win by themselves.
//!
//! Batch calibration (Zhou et al., 2024, "Batch Calibration: Rethinking Calibration for In-Context Learning and Prompt
//! Engineering"): the mean of the labels' probabilities over texts without labels is taken for the prior of the prompt, and
//! divided out. The texts come with the prompt, not from the batch at hand, so that an answer depends on nothing else.

/// The share of the prior that is divided out, chosen by measurement (docs/BENCHMARKS.md): at 1 a sample in which one label is
/// really frequent is held against that label.
const WEIGHT: f64 = 0.5;
/// Added to each mean, in shares of an even distribution: what a label can gain at most.
const FLOOR: f64 = 0.02;

/// Corrections of log-likelihoods, from the labels' log-likelihoods for the texts of a sample.
#[allow(clippy::cast_precision_loss)] // Counts of texts and labels.
pub(crate) fn corrections(sample: &[Vec<f64>]) -> Vec<f64> {
    let labels = sample.first().map_or(0, Vec::len);
    let mut means = vec![0.0; labels];
    for logs in sample {
        for (mean, log) in means.iter_mut().zip(logs) {
            *mean += log.exp() / sample.len() as f64;
        }
    }
    means.into_iter().map(|mean| -WEIGHT * (mean * labels as f64 + FLOOR).ln()).collect()
}
