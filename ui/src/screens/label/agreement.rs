//! How far predictions agree with the labels that items came with.

use contract::label::{AgreementReport, DomainAgreement};
use leptos::prelude::*;

use crate::components::{Notice, ShareBar, Tone};
use crate::state::{Domains, Project, Remote};
use crate::text::{Text, lang, number, percent, t};

/// `part` of `whole` in [0, 1].
fn share(part: u64, whole: u64) -> f64 {
    #[allow(clippy::cast_precision_loss)]
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// The table.
#[component]
pub fn Agreement(
    /// The report.
    report: Remote<AgreementReport>,
    /// The schema.
    domains: Domains,
) -> impl IntoView {
    let project = Project::get();
    let row = move |line: DomainAgreement| {
        let part = share(line.agreed, line.checked);
        let name = domains.name(&line.label);
        let instead = line.confused_with.map(|id| domains.name(&id)).unwrap_or_default();
        let filter = format!("label:\"{}\" agrees:no", line.label);
        let some = line.agreed < line.checked;
        view! {
            <tr>
                <td class="label-name">
                    <button
                        type="button"
                        class="label-link clip"
                        title=name.clone()
                        disabled=!some
                        data-testid="label-agreement-open"
                        on:click=move |_| project.show_items(filter.clone())
                    >
                        {name.clone()}
                    </button>
                </td>
                <td class="right number">{number(line.checked)}</td>
                <td class="label-share">
                    <span class="label-share-line"><ShareBar share=part /><span class="number">{percent(part)}</span></span>
                </td>
                <td class="label-name"><span class="clip soft" title=instead.clone()>{instead.clone()}</span></td>
            </tr>
        }
    };
    move || {
        report.get().map(|report| {
            if report.checked == 0 {
                return view! { <p class="soft" data-testid="label-agreement-empty">{t(Text::LabelAgreementEmpty)}</p> }
                    .into_any();
            }
            let sum =
                Text::label_agreement_sum(lang(), share(report.agreed, report.checked), report.agreed, report.checked);
            let outside = (report.outside_schema > 0)
                .then(|| view! { <Notice tone=Tone::Info title=Text::label_outside(lang(), report.outside_schema) /> });
            view! {
                <div class="stack">
                    <b class="number" data-testid="label-agreement-sum">{sum}</b>
                    {outside}
                    <div class="label-table">
                        <table class="table" data-testid="label-agreement">
                            <thead>
                                <tr>
                                    <th>{t(Text::LabelColumnLabel)}</th>
                                    <th class="right">{t(Text::LabelColumnChecked)}</th>
                                    <th>{t(Text::LabelColumnAgree)}</th>
                                    <th>{t(Text::LabelColumnInstead)}</th>
                                </tr>
                            </thead>
                            <tbody>{report.by_label.into_iter().map(row).collect_view()}</tbody>
                        </table>
                    </div>
                </div>
            }
            .into_any()
        })
    }
}
