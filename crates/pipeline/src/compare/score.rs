//! The figures of a comparison.

use std::cmp::Ordering;
use std::collections::HashMap;

use contract::CallError;
use contract::compare::{Comparison, ConfusionCell, LabellerScore};
use learn::reliability::{BINS, reliability};
use learn::statistics::{Confusion, cohen_kappa, mcnemar};
use store::{Answer, ComparedItem};

use super::Effort;
use crate::labeller::{LEVEL, defect, share_estimate};

/// Below this probability a difference is not put down to chance.
const SIGNIFICANT: f64 = 0.05;
/// Cells of a confusion matrix that a report keeps.
const MOST_CELLS: usize = 2_000;

/// Numbers for domains, so that statistics need no texts.
#[derive(Default)]
struct Numbers<'a> {
    by_name: HashMap<&'a str, u32>,
    names: Vec<&'a str>,
}

impl<'a> Numbers<'a> {
    fn of(&mut self, name: &'a str) -> u32 {
        *self.by_name.entry(name).or_insert_with(|| {
            self.names.push(name);
            u32::try_from(self.names.len() - 1).unwrap_or(u32::MAX)
        })
    }

    fn cells(&self, confusion: &Confusion) -> Vec<ConfusionCell> {
        let name = |number: u32| self.names.get(number as usize).map(|name| (*name).to_owned()).unwrap_or_default();
        let mut cells: Vec<ConfusionCell> = confusion
            .cells()
            .map(|cell| ConfusionCell { truth: name(cell.truth), predicted: name(cell.predicted), count: cell.count })
            .collect();
        cells.sort_by(|a, b| {
            b.count.cmp(&a.count).then_with(|| (&a.truth, &a.predicted).cmp(&(&b.truth, &b.predicted)))
        });
        cells.truncate(MOST_CELLS);
        cells
    }
}

/// Judges what two labellers said of the same items.
///
/// # Errors
/// Numbers that don't fit together.
pub(crate) fn judge(
    items: &[ComparedItem],
    (first, first_effort): (&str, Effort),
    (second, second_effort): (&str, Effort),
) -> Result<Comparison, CallError> {
    let mut numbers = Numbers::default();
    let (first_score, first_confusion) = score(first, first_effort, items, |item| &item.first, &mut numbers)?;
    let (second_score, second_confusion) = score(second, second_effort, items, |item| &item.second, &mut numbers)?;
    let mut pairs = Confusion::default();
    let mut same = 0;
    for (one, other) in items.iter().filter_map(|item| item.first.as_ref().zip(item.second.as_ref())) {
        pairs.add(numbers.of(&one.0), numbers.of(&other.0), 1);
        same += u64::from(one.0 == other.0);
    }
    let [both_right, only_first, only_second, both_wrong] = quarters(items);
    let test = mcnemar(only_first, only_second);
    let known = items.iter().filter(|item| item.truth.is_some()).count() as u64;
    let better = (known > 0 && test.exact < SIGNIFICANT)
        .then(|| if only_first > only_second { first.to_owned() } else { second.to_owned() });
    // Whoever's answers were there already took no time for them: that says nothing of how fast it is.
    let faster = (first_score.cost_is_known() && second_score.cost_is_known())
        .then_some(if first_score.millis <= second_score.millis { first } else { second });
    let likelier = match only_first.cmp(&only_second) {
        Ordering::Greater => Some(first),
        Ordering::Less => Some(second),
        Ordering::Equal => None,
    };
    Ok(Comparison {
        items: items.len() as u64,
        known,
        decided: items.iter().filter(|item| item.decided).count() as u64,
        agreement: (pairs.total() > 0).then(|| share_estimate(same, pairs.total())),
        kappa: if pairs.total() > 0 { Some(cohen_kappa(&pairs, LEVEL).map_err(defect)?.kappa) } else { None },
        only_first,
        only_second,
        both_right,
        both_wrong,
        p_value: (known > 0).then_some(test.exact),
        pick: better.clone().or_else(|| faster.or(likelier).filter(|_| known > 0).map(str::to_owned)),
        better,
        first_confusion: numbers.cells(&first_confusion),
        second_confusion: numbers.cells(&second_confusion),
        first: first_score,
        second: second_score,
        ..Comparison::default()
    })
}

/// Known items that both, only the first, only the second, and none has right; no answer is a wrong one.
fn quarters(items: &[ComparedItem]) -> [u64; 4] {
    let mut counts = [0; 4];
    for item in items {
        let Some(truth) = &item.truth else { continue };
        let right = |answer: &Answer| answer.as_ref().is_some_and(|(domain, _)| domain == truth);
        let place = match (right(&item.first), right(&item.second)) {
            (true, true) => 0,
            (true, false) => 1,
            (false, true) => 2,
            (false, false) => 3,
        };
        counts[place] += 1;
    }
    counts
}

fn score<'a>(
    model: &str,
    effort: Effort,
    items: &'a [ComparedItem],
    answer: impl Fn(&'a ComparedItem) -> &'a Answer,
    numbers: &mut Numbers<'a>,
) -> Result<(LabellerScore, Confusion), CallError> {
    let mut confusion = Confusion::default();
    let (mut confidences, mut verdicts) = (Vec::new(), Vec::new());
    let mut score = LabellerScore {
        model: model.to_owned(),
        version: effort.version,
        millis: effort.millis,
        prompt_tokens: effort.cost.prompt_tokens,
        completion_tokens: effort.cost.completion_tokens,
        cached: effort.cached,
        ..LabellerScore::default()
    };
    let (mut sum, mut known, mut right) = (0.0, 0, 0);
    for item in items {
        known += u64::from(item.truth.is_some());
        let Some((domain, confidence)) = answer(item) else {
            score.failed += 1;
            continue;
        };
        score.answered += 1;
        sum += f64::from(*confidence);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // From 0 to 9.
        let bin = ((confidence.clamp(0.0, 1.0) * 10.0) as usize).min(9);
        score.histogram[bin] += 1;
        if let Some(truth) = &item.truth {
            confusion.add(numbers.of(truth), numbers.of(domain), 1);
            right += u64::from(truth == domain);
            confidences.push(confidence.clamp(0.0, 1.0));
            verdicts.push(truth == domain);
        }
    }
    #[allow(clippy::cast_precision_loss)] // Counts of items.
    if score.answered > 0 {
        score.confidence = sum / score.answered as f64;
    }
    if known > 0 {
        // An item without an answer is not a right one.
        score.accuracy = Some(share_estimate(right, known));
    }
    if !verdicts.is_empty() {
        score.macro_f1 = Some(confusion.macro_f1());
        score.ece = Some(reliability(&confidences, &verdicts, BINS).map_err(defect)?.ece);
    }
    Ok((score, confusion))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use contract::ItemId;

    fn item(number: i64, truth: Option<&str>, first: Option<&str>, second: Option<&str>) -> ComparedItem {
        let answer = |domain: Option<&str>| domain.map(|domain| (domain.to_owned(), 0.8));
        ComparedItem {
            item: ItemId(number),
            truth: truth.map(str::to_owned),
            decided: truth.is_some(),
            first: answer(first),
            second: answer(second),
        }
    }

    #[test]
    fn the_difference_is_tested_on_items_that_only_one_has_right() {
        let mut items: Vec<ComparedItem> = (0..20).map(|n| item(n, Some("a"), Some("a"), Some("b"))).collect();
        items.extend((20..30).map(|n| item(n, Some("b"), Some("b"), Some("b"))));
        items.push(item(30, Some("a"), None, Some("a")));
        items.push(item(31, None, Some("a"), Some("b")));
        let report = judge(&items, ("one", Effort::default()), ("two", Effort::default())).unwrap();
        assert_eq!((report.items, report.known, report.decided), (32, 31, 31));
        assert_eq!([report.both_right, report.only_first, report.only_second, report.both_wrong], [10, 20, 1, 0]);
        // binomtest(1, 21).pvalue of SciPy
        assert!((report.p_value.unwrap() - 2.098_083_496_093_75e-05).abs() < 1e-12, "{:?}", report.p_value);
        assert_eq!(report.better.as_deref(), Some("one"));
        assert_eq!(report.first.failed, 1);
        assert!((report.first.accuracy.unwrap().share - 30.0 / 31.0).abs() < 1e-12);
        assert_eq!(report.first_confusion[0], ConfusionCell { truth: "a".into(), predicted: "a".into(), count: 20 });
    }

    #[test]
    fn without_a_difference_the_faster_one_is_picked() {
        let items: Vec<ComparedItem> = (0..9).map(|n| item(n, Some("a"), Some("a"), Some("a"))).collect();
        let slow = Effort { millis: 90, ..Effort::default() };
        let report = judge(&items, ("slow", slow), ("fast", Effort::default())).unwrap();
        assert_eq!((report.better, report.pick.as_deref()), (None, Some("fast")));
        assert_eq!(report.p_value, Some(1.0));
    }

    #[test]
    fn whose_answers_were_there_is_not_called_faster() {
        let items: Vec<ComparedItem> = (0..9).map(|n| item(n, Some("a"), Some("a"), Some("a"))).collect();
        let slow = || Effort { millis: 90, ..Effort::default() };
        let cached = || Effort { cached: 1, ..Effort::default() };
        for (first, second) in [(slow(), cached()), (cached(), slow()), (cached(), cached())] {
            let counts = (first.cached, second.cached);
            let report = judge(&items, ("one", first), ("two", second)).unwrap();
            assert_eq!((report.better, report.pick), (None, None));
            assert_eq!((report.first.cached, report.second.cached), counts);
        }
        // Nor is anything else known for which one would be taken, unless one was right more often.
        let mut items = items;
        items.push(item(9, Some("a"), Some("b"), Some("a")));
        let report = judge(&items, ("one", slow()), ("two", cached())).unwrap();
        assert_eq!((report.better, report.pick.as_deref()), (None, Some("two")));
        // What is better stays so, whatever it costs.
        let items: Vec<ComparedItem> = (0..20).map(|n| item(n, Some("a"), Some("a"), Some("b"))).collect();
        let report = judge(&items, ("one", cached()), ("two", slow())).unwrap();
        assert_eq!(report.pick.as_deref(), Some("one"));
    }
}
