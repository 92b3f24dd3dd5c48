//! One sample before and after: its text, its label, who decided.

use contract::version::SampleSide;
use leptos::prelude::*;

use super::edit::{Piece, pieces};
use crate::text::{Text, date_time, percent, t};

/// A text, or two where it was edited: what went and what came is marked.
#[component]
pub fn EditedText(
    /// Before.
    before: Option<String>,
    /// After.
    after: Option<String>,
) -> impl IntoView {
    match (before, after) {
        (Some(before), Some(after)) if before != after => {
            let (old, new) = pieces(&before, &after);
            view! {
                <span class="edit">
                    <span class="edit-line edit-old" title=before>{old.into_iter().map(|piece| marked(piece, true)).collect_view()}</span>
                    <span class="edit-line" title=after>{new.into_iter().map(|piece| marked(piece, false)).collect_view()}</span>
                </span>
            }
            .into_any()
        }
        (None, Some(text)) => view! { <span class="edit"><span class="edit-both" title=text.clone()>{text.clone()}</span></span> }.into_any(),
        (Some(text), None) => {
            view! { <span class="edit"><span class="edit-both edit-gone" title=text.clone()>{text.clone()}</span></span> }.into_any()
        }
        (Some(text), Some(_)) => view! { <span class="edit"><span class="edit-both" title=text.clone()>{text.clone()}</span></span> }.into_any(),
        (None, None) => ().into_any(),
    }
}

fn marked(piece: Piece, old: bool) -> AnyView {
    match (piece.changed, old) {
        (false, _) => piece.text.into_any(),
        (true, true) => view! { <del>{piece.text}</del> }.into_any(),
        (true, false) => view! { <ins>{piece.text}</ins> }.into_any(),
    }
}

/// A value, or both with an arrow where it changed.
#[component]
pub fn Label(
    /// Before.
    before: Option<String>,
    /// After.
    after: Option<String>,
) -> impl IntoView {
    match (before, after) {
        (Some(before), Some(after)) if before != after => view! {
            <span class="diff-label">
                <span class="clip soft" title=before.clone()>{before.clone()}</span>
                <span class="clip" title=after.clone()><span class="faint">"→ "</span>{after.clone()}</span>
            </span>
        }
        .into_any(),
        (before, after) => {
            let text = after.or(before).unwrap_or_default();
            view! { <span class="clip" title=text.clone()>{text.clone()}</span> }.into_any()
        }
    }
}

/// Who decided a sample's label and when; else where the label came from.
#[component]
pub fn Who(
    /// The sample.
    side: Option<SampleSide>,
) -> impl IntoView {
    let side = side?;
    let at = side.decided_at.map(date_time).unwrap_or_default();
    let confidence = side.confidence.map(|share| percent(f64::from(share))).unwrap_or_default();
    let (first, second) = match side.decided_by {
        Some(who) if !who.is_empty() => (who, at),
        _ if side.origin.is_empty() => (t(Text::BlameNobody).to_owned(), String::new()),
        _ => (super::super::version::origin(&side.origin), confidence),
    };
    Some(view! {
        <span class="diff-label">
            <span class="clip" title=first.clone()>{first.clone()}</span>
            <span class="clip faint small number">{second}</span>
        </span>
    })
}
