//! What a labeller's confidence is worth: calibration, the threshold, a random check.

mod calibration;
mod sample;
mod threshold;

use contract::model::ModelEntry;
use leptos::prelude::*;

use super::labeller::{current_labeller, labeller_choices};
use crate::components::{Field, Select};
use crate::state::{Project, Remote};
use crate::text::{Text, t};
use calibration::Calibration;
use sample::Sample;
use threshold::Threshold;

/// The part of the screen.
#[component]
pub fn Trust(
    /// The project's labellers.
    models: Remote<Vec<ModelEntry>>,
) -> impl IntoView {
    let project = Project::get();
    let model = current_labeller(project, models);
    view! {
        <div class="stack trust" data-testid="trust">
            <div class="trust-labeller">
                <Field label=t(Text::TrustLabeller)>
                    <Select
                        label=t(Text::TrustLabeller)
                        choices=labeller_choices(models)
                        value=model
                        on_change=move |name| project.labelling.labeller.set(name)
                        testid="trust-labeller"
                    />
                </Field>
            </div>
            <div class="trust-columns">
                <Calibration model=model />
                <Threshold model=model />
            </div>
            <Sample />
        </div>
    }
}
