//! The project picker: what one sees first.

use contract::project::{OpenSampleProject};
use leptos::prelude::*;

use crate::components::{Button, ButtonKind, ErrorBox, Symbol};
use crate::state::{App, Sending};
use crate::text::{Text, t};

/// The picker.
#[component]
pub fn Picker() -> impl IntoView {
    let app = App::get();
    let opening = Sending::new();
    let sample = move |()| opening.send(OpenSampleProject {}, move |overview| app.opened.set(Some(overview)));
    view! {
        <div class="picker">
            <h1>"Winnow"</h1>
            <p>{t(Text::ProductLine)}</p>
            <Button
                text=t(Text::PickerSample)
                testid="picker-open-sample"
                kind=ButtonKind::Primary
                icon=Symbol::Spark
                busy=opening.busy()
                on_click=sample
            />
            {move || opening.error().get().map(|error| view! { <ErrorBox error=error /> })}
        </div>
    }
}
