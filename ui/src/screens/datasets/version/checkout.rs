//! Writing a version's files to a folder.

use contract::dataset::DatasetFormat;
use contract::job::JobResult;
use contract::version::{CheckoutReport, StartCheckout};
use leptos::prelude::*;

use crate::components::{
    Button, ButtonKind, Checkbox, Choice, Dialog, Field, Notice, PathField, PathKind, Segmented, Symbol, Tone,
};
use crate::screens::datasets::task::{Task, TaskProgress};
use crate::state::Project;
use crate::text::{Text, lang, t, word};

/// The formats and their values.
pub const FORMATS: [(DatasetFormat, &str); 4] = [
    (DatasetFormat::Jsonl, "jsonl"),
    (DatasetFormat::Csv, "csv"),
    (DatasetFormat::Parquet, "parquet"),
    (DatasetFormat::HuggingFace, "hugging_face"),
];

/// The format of a value.
pub fn format_of(value: &str) -> DatasetFormat {
    FORMATS.iter().find(|(_, name)| *name == value).map(|(format, _)| *format).unwrap_or_default()
}

/// The dialog.
#[component]
pub fn CheckoutDialog(
    /// The version's number.
    version: String,
    /// Set to `None` when it is closed.
    open: RwSignal<Option<String>>,
) -> impl IntoView {
    let project = Project::get();
    let folder = RwSignal::new(String::new());
    let format = RwSignal::new(FORMATS[0].1.to_owned());
    let formula_safe = RwSignal::new(false);
    let task = Task::new();
    let title = Text::checkout_title(lang(), &version);
    let empty = Memo::new(move |_| folder.with(|folder| folder.trim().is_empty()));
    let check_out = Callback::new(move |()| {
        if !empty.get_untracked() {
            task.start(StartCheckout {
                project: project.folder(),
                version: version.clone(),
                to: folder.with_untracked(|folder| folder.trim().to_owned()),
                format: format.with_untracked(|format| format_of(format)),
                formula_safe: formula_safe.get_untracked(),
            });
        }
    });
    let csv = Memo::new(move |_| format.with(|format| format_of(format) == DatasetFormat::Csv));
    let jsonl = Memo::new(move |_| format.with(|format| format_of(format) == DatasetFormat::Jsonl));
    let done = move || match task.result() {
        Some(JobResult::Checkout(report)) => Some(view! { <CheckedOut report=report /> }),
        _ => None,
    };
    let formats = FORMATS.map(|(format, value)| Choice::new(value, word(&format))).to_vec();
    view! {
        <Dialog
            title=title
            close_label=t(Text::ActionClose)
            on_close=move |()| open.set(None)
            testid="checkout-dialog"
            wide=true
            footer=move || {
                view! {
                    <Button
                        text=t(Text::CheckoutStart)
                        testid="checkout-start"
                        kind=ButtonKind::Primary
                        icon=Symbol::Import
                        keys="Enter"
                        disabled=Signal::derive(move || empty.get() || task.blocked().get())
                        busy=task.busy()
                        on_click=check_out
                    />
                }
            }
        >
            <div class="stack">
                <PathField
                    label=t(Text::CheckoutFolder)
                    kind=PathKind::Folder
                    value=folder
                    testid="checkout-folder"
                    browse_text=t(Text::ActionChooseFolder)
                    hint=t(Text::CheckoutFolderHint)
                    on_enter=check_out
                    autofocus=true
                />
                <Field
                    label=t(Text::SplitFormat)
                    hint=Signal::derive(move || if jsonl.get() { t(Text::CheckoutJsonlHint).to_owned() } else { String::new() })
                >
                    <Segmented label=t(Text::SplitFormat) choices=formats value=format testid="checkout-format" />
                </Field>
                <Show when=move || csv.get()>
                    <Checkbox
                        label=t(Text::SplitFormulaSafe)
                        checked=formula_safe
                        testid="checkout-formula-safe"
                        hint=t(Text::SplitFormulaSafeHint)
                    />
                </Show>
                <TaskProgress task=task testid="checkout" />
                {done}
            </div>
        </Dialog>
    }
}

/// What a checkout wrote.
#[component]
fn CheckedOut(report: CheckoutReport) -> impl IntoView {
    let file = |(name, hash): (String, String)| {
        view! {
            <dt class="mono">{name}</dt>
            <dd class="mono small">{hash}</dd>
        }
    };
    view! {
        <Notice tone=Tone::Good title=Text::checkout_done(lang(), &report.version) testid="checkout-done">
            <p class="mono small copyable">{report.folder}</p>
            <dl class="facts">{report.files.into_iter().map(file).collect_view()}</dl>
        </Notice>
    }
}
