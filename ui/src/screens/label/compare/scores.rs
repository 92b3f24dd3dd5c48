//! Both labellers side by side, and who is right where.

use contract::compare::{Comparison, LabellerScore};
use contract::labeller::ShareEstimate;
use leptos::prelude::*;

use crate::components::{Bar, Histogram, IntervalBar, StackedBar};
use crate::screens::models::kind::share_with_interval;
use crate::text::{Text, lang, number, percent, t};

/// The table, the counts, the agreement.
#[component]
pub fn Scores(
    /// The comparison.
    comparison: Comparison,
) -> impl IntoView {
    let (first, second) = (comparison.first.clone(), comparison.second.clone());
    let row = |title: Text, hint: Option<Text>, testid: &'static str, cells: [AnyView; 2]| {
        let [one, other] = cells;
        view! {
            <tr data-testid=testid>
                <th scope="row" title=hint.map(t)>{t(title)}</th>
                <td>{one}</td>
                <td>{other}</td>
            </tr>
        }
    };
    let both = |cell: fn(&LabellerScore) -> AnyView| [cell(&first), cell(&second)];
    let agreement = comparison.agreement.as_ref().map(|agreement| {
        let interval = catalogue::percent_interval(lang(), agreement.low, agreement.high);
        match comparison.kappa {
            Some(kappa) => {
                let kappa = catalogue::decimal(lang(), kappa, 2);
                Text::compare_agreement(lang(), agreement.share, &interval, &kappa)
            }
            None => Text::compare_agreement_only(lang(), agreement.share, &interval),
        }
    });
    let counts = (comparison.known > 0).then(|| counts(&comparison));
    let accuracy = [accuracy(first.accuracy.as_ref(), 0), accuracy(second.accuracy.as_ref(), 2)];
    let cached = (!first.cost_is_known() || !second.cost_is_known()).then(|| {
        let told = both(|score| text(Text::compare_cached(lang(), score.cached, score.answered)));
        row(Text::CompareCached, Some(Text::CompareCachedHint), "compare-cached", told)
    });
    view! {
        <div class="stack stack-wide" data-testid="compare-scores">
            <table class="table compare-table">
                <thead>
                    <tr>
                        <th></th>
                        <th class="clip" title=first.model.clone()>{first.model.clone()}</th>
                        <th class="clip" title=second.model.clone()>{second.model.clone()}</th>
                    </tr>
                </thead>
                <tbody>
                    {row(Text::CompareAccuracy, Some(Text::CompareAccuracyHint), "compare-accuracy", accuracy)}
                    {row(Text::CompareF1, Some(Text::CompareF1Hint), "compare-f1", both(|score| share(score.macro_f1)))}
                    {row(Text::CompareEce, Some(Text::TrustEceHint), "compare-ece", both(|score| share(score.ece)))}
                    {row(Text::CompareConfidence, None, "compare-confidence", both(|score| share(Some(score.confidence))))}
                    {row(Text::CompareHistogram, None, "compare-histogram", both(histogram))}
                    {row(Text::ComparePace, None, "compare-pace", both(|score| text(pace(score))))}
                    {row(Text::CompareTokens, None, "compare-tokens", both(|score| text(tokens(score))))}
                    {cached}
                    {row(Text::CompareAnswered, None, "compare-answered", both(|score| text(number(score.answered))))}
                    {row(Text::CompareFailed, None, "compare-failed", both(|score| text(number(score.failed))))}
                </tbody>
            </table>
            {counts}
            {agreement.map(|line| view! { <p class="soft number" data-testid="compare-agreement">{line}</p> })}
        </div>
    }
}

fn text(text: String) -> AnyView {
    view! { <span class="number">{text}</span> }.into_any()
}

fn unknown() -> AnyView {
    view! { <span class="faint">{t(Text::CompareUnknown)}</span> }.into_any()
}

fn share(share: Option<f64>) -> AnyView {
    share.map_or_else(unknown, |share| text(catalogue::percent_fine(lang(), share)))
}

fn accuracy(accuracy: Option<&ShareEstimate>, colour: usize) -> AnyView {
    let Some(share) = accuracy else { return unknown() };
    view! {
        <div class="stack stack-tight">
            <span class="row number">
                <b>{catalogue::percent_fine(lang(), share.share)}</b>
                <span class="small faint">{catalogue::percent_interval(lang(), share.low, share.high)}</span>
            </span>
            <IntervalBar
                share=share.share
                low=share.low
                high=share.high
                colour=colour
                label=share_with_interval(share)
            />
        </div>
    }
    .into_any()
}

fn histogram(score: &LabellerScore) -> AnyView {
    let bins = score.histogram.to_vec();
    view! { <div class="compare-histogram"><Histogram bins=bins label=t(Text::CompareHistogram) /></div> }.into_any()
}

/// Time for one item that was tried.
fn pace(score: &LabellerScore) -> String {
    if !score.cost_is_known() {
        return t(Text::CompareUnknown).to_owned();
    }
    #[allow(clippy::cast_precision_loss)]
    let (millis, tried) = (score.millis as f64, (score.answered + score.failed) as f64);
    if tried == 0.0 {
        return "—".to_owned();
    }
    let each = millis / tried;
    match each {
        each if each < 10.0 => Text::milliseconds_fine(lang(), &catalogue::decimal(lang(), each, 1)),
        each if each < 1000.0 => Text::milliseconds_fine(lang(), &catalogue::decimal(lang(), each, 0)),
        each => Text::seconds_fine(lang(), &catalogue::decimal(lang(), each / 1000.0, 1)),
    }
}

/// Tokens for one item that was answered.
fn tokens(score: &LabellerScore) -> String {
    if !score.cost_is_known() {
        return t(Text::CompareUnknown).to_owned();
    }
    if score.prompt_tokens + score.completion_tokens == 0 || score.answered == 0 {
        return "—".to_owned();
    }
    #[allow(clippy::cast_precision_loss)]
    let each = |tokens: u64| catalogue::decimal(lang(), tokens as f64 / score.answered as f64, 0);
    Text::compare_tokens(lang(), &each(score.prompt_tokens), &each(score.completion_tokens))
}

/// The four counts as one bar.
fn counts(comparison: &Comparison) -> impl IntoView + use<> {
    let known = comparison.known;
    let bar = |name: String, count: u64, colour: usize| {
        #[allow(clippy::cast_precision_loss)]
        let (value, whole) = (count as f64, known.max(1) as f64);
        Bar { name, value, text: format!("{} ({})", number(count), percent(value / whole)), colour }
    };
    let bars = vec![
        bar(t(Text::CompareBothRight).to_owned(), comparison.both_right, 4),
        bar(Text::compare_only(lang(), &comparison.first.model), comparison.only_first, 0),
        bar(Text::compare_only(lang(), &comparison.second.model), comparison.only_second, 2),
        bar(t(Text::CompareBothWrong).to_owned(), comparison.both_wrong, 3),
    ];
    view! {
        <section class="stack stack-tight">
            <h3>{t(Text::CompareCounts)}</h3>
            <StackedBar bars=bars label=t(Text::CompareCounts) testid="compare-counts" />
        </section>
    }
}
