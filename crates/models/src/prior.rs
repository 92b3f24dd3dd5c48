//! What a model would say of any text: long and common names, and those that stand first, must not win by themselves.
//!
//! After batch calibration (Zhou et al., 2024, "Batch Calibration: Rethinking Calibration for In-Context Learning and Prompt
//! Engineering"): what the labels' log-likelihoods are on average over texts without labels is taken for the prompt's
//! prior, and a share of it is taken off. The texts come with the prompt and not from the batch at hand, so that an answer
//! depends on nothing else.

/// The share of the prior that is taken off. Of 0.25, 0.5, 0.75 and 1 this one gained almost the most on questions with 8 and
/// 77 labels and lost least where one label is really the frequent one (docs/BENCHMARKS.md): what is held against a
/// label is its frequency in the sample too.
const SHARE: f64 = 0.5;

/// What is added to the labels' log-likelihoods, from their log-likelihoods for the texts of a sample. The mean over the labels
/// is 0.
#[allow(clippy::cast_precision_loss)] // Counts of texts and labels.
pub(crate) fn corrections(sample: &[Vec<f64>]) -> Vec<f64> {
    let labels = sample.first().map_or(0, Vec::len);
    let mut corrections = vec![0.0; labels];
    for logs in sample {
        for (correction, log) in corrections.iter_mut().zip(logs) {
            *correction -= SHARE * log / sample.len() as f64;
        }
    }
    let mean = corrections.iter().sum::<f64>() / labels.max(1) as f64;
    corrections.iter_mut().for_each(|correction| *correction -= mean);
    corrections
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_what_all_texts_have_in_common_is_taken_off() {
        let found = corrections(&[vec![-1.0, -4.0], vec![-3.0, -2.0], vec![-2.0, -6.0]]);
        for (found, expected) in found.iter().zip([-0.5, 0.5]) {
            assert!((found - expected).abs() < 1e-12, "{found}");
        }
        assert!(corrections(&[]).is_empty());
    }
}
