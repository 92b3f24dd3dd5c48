//! How the file is read: what was detected, to be corrected.

use contract::source::{Format, Inspection};
use leptos::prelude::*;

use super::draft::Draft;
use crate::components::{Choice, Field, Select};
use crate::text::{Text, lang, number, t, word};

/// Formats in the order offered.
const FORMATS: [Format; 7] =
    [Format::Csv, Format::Xlsx, Format::Xls, Format::Ods, Format::Json, Format::Jsonl, Format::Parquet];
/// Encodings offered beside the detected one.
const ENCODINGS: [&str; 7] = ["utf-8", "utf-16le", "utf-16be", "windows-1251", "koi8-r", "ibm866", "windows-1252"];
/// Delimiters offered beside the detected one.
const DELIMITERS: [&str; 4] = [",", ";", "\t", "|"];

/// A delimiter as a person reads it.
pub fn delimiter_name(delimiter: &str) -> String {
    match delimiter {
        "\t" => t(Text::DelimiterTab).to_owned(),
        "," => t(Text::DelimiterComma).to_owned(),
        ";" => t(Text::DelimiterSemicolon).to_owned(),
        "|" => t(Text::DelimiterBar).to_owned(),
        other => other.to_owned(),
    }
}

/// The detected format, encoding, delimiter and sheet.
#[component]
pub fn Reading(draft: Draft) -> impl IntoView {
    let facts = move || {
        draft
            .inspection
            .map(|inspection| {
                let rows = inspection.rows_estimate.map(|rows| Text::about_rows(lang(), &number(rows)));
                let size = catalogue::file_size(lang(), inspection.size);
                let columns = Text::columns_found(lang(), inspection.columns.len() as u64);
                [Some(size), Some(columns), rows].into_iter().flatten().collect::<Vec<_>>().join(" · ")
            })
            .unwrap_or_default()
    };
    let format = Signal::derive(move || {
        let at = draft.inspection.map(|inspection| FORMATS.iter().position(|format| *format == inspection.format));
        at.flatten().map(|at| at.to_string()).unwrap_or_default()
    });
    let formats = move || {
        FORMATS.iter().enumerate().map(|(at, format)| Choice::new(at.to_string(), word(format))).collect::<Vec<_>>()
    };
    let set_format = move |at: String| {
        let format = at.parse().ok().and_then(|at: usize| FORMATS.get(at).copied());
        // Another format has none of the other options that were corrected.
        draft.read.set(contract::source::ReadOptions { format, ..Default::default() });
    };
    view! {
        <section class="panel">
            <div class="panel-head">
                <h2>{t(Text::AddReading)}</h2>
                <span class="soft small number" data-testid="import-facts">{facts}</span>
            </div>
            <div class="panel-body add-reading">
                <Field label=t(Text::ReadFormat)>
                    <Select label=t(Text::ReadFormat) choices=formats value=format on_change=set_format testid="read-format" />
                </Field>
                <Encoding draft=draft />
                <Delimiter draft=draft />
                <Sheet draft=draft />
            </div>
        </section>
    }
}

#[component]
fn Encoding(draft: Draft) -> impl IntoView {
    let found = Memo::new(move |_| draft.inspection.map(|inspection| inspection.encoding.clone()).flatten());
    let choices = move || with_found(&ENCODINGS, found.get(), |encoding| encoding.to_uppercase());
    let value = Signal::derive(move || found.get().unwrap_or_default().to_lowercase());
    let set = move |encoding: String| draft.read.update(|read| read.encoding = Some(encoding));
    view! {
        <Show when=move || found.get().is_some()>
            <Field label=t(Text::ReadEncoding)>
                <Select label=t(Text::ReadEncoding) choices=choices value=value on_change=set testid="read-encoding" />
            </Field>
        </Show>
    }
}

#[component]
fn Delimiter(draft: Draft) -> impl IntoView {
    let found = Memo::new(move |_| draft.inspection.map(|inspection| inspection.delimiter.clone()).flatten());
    let choices = move || with_found(&DELIMITERS, found.get(), delimiter_name);
    let value = Signal::derive(move || found.get().unwrap_or_default());
    let set = move |delimiter: String| draft.read.update(|read| read.delimiter = Some(delimiter));
    view! {
        <Show when=move || found.get().is_some()>
            <Field label=t(Text::ReadDelimiter)>
                <Select label=t(Text::ReadDelimiter) choices=choices value=value on_change=set testid="read-delimiter" />
            </Field>
        </Show>
    }
}

#[component]
fn Sheet(draft: Draft) -> impl IntoView {
    let sheets = Memo::new(move |_| draft.inspection.map(|inspection| inspection.sheets.clone()).unwrap_or_default());
    let choices = move || sheets.get().into_iter().map(|sheet| Choice::new(sheet.clone(), sheet)).collect::<Vec<_>>();
    let chosen = |inspection: &Inspection| inspection.sheet.clone().unwrap_or_default();
    let value = Signal::derive(move || draft.inspection.map(chosen).unwrap_or_default());
    let set = move |sheet: String| draft.read.update(|read| read.sheet = Some(sheet));
    view! {
        <Show when=move || !sheets.with(Vec::is_empty)>
            <Field label=t(Text::ReadSheet)>
                <Select label=t(Text::ReadSheet) choices=choices value=value on_change=set testid="read-sheet" />
            </Field>
        </Show>
    }
}

/// What is offered, with what was found first if it is none of them.
fn with_found(offered: &[&str], found: Option<String>, name: impl Fn(&str) -> String) -> Vec<Choice> {
    let found = found.unwrap_or_default();
    let new = (!found.is_empty() && !offered.iter().any(|offer| offer.eq_ignore_ascii_case(&found)))
        .then(|| found.to_lowercase());
    new.iter().map(String::as_str).chain(offered.iter().copied()).map(|value| Choice::new(value, name(value))).collect()
}
