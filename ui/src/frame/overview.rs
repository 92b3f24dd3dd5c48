//! The overview of the keys that work on the screen behind it.

use leptos::prelude::*;

use crate::components::{Dialog, KeyHint};
use crate::shortcuts::{Scope, Shortcuts};
use crate::text::{Text, t};

/// All shortcuts, the screen's own first.
#[component]
pub fn ShortcutOverview(
    /// It was closed.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let scopes = expect_context::<Shortcuts>().scopes();
    let scope = |scope: Scope| {
        let lines = scope.list.get_untracked().into_iter().filter(|shortcut| !shortcut.text.is_empty());
        let lines: Vec<_> = lines
            .map(|shortcut| {
                view! {
                    <dt>{shortcut.text}</dt>
                    <dd>
                        <KeyHint keys=shortcut.keys />
                    </dd>
                }
            })
            .collect();
        // What can't be done now has no lines.
        (!lines.is_empty()).then(|| {
            view! {
                <section>
                    <h3>{scope.title}</h3>
                    <dl>{lines}</dl>
                </section>
            }
        })
    };
    view! {
        <Dialog
            title=t(Text::ShortcutsTitle)
            close_label=t(Text::ActionClose)
            on_close=on_close
            testid="shortcuts"
            wide=true
        >
            <div class="shortcuts">{scopes.into_iter().map(scope).collect_view()}</div>
        </Dialog>
    }
}
