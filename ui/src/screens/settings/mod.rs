//! The settings screen: language, theme, the reviewer's name, about the program, keys.

use contract::settings::{AppSettings, GetAbout, Language, Theme};
use leptos::prelude::*;

use crate::components::{Button, Choice, KeyHint, Segmented, Symbol, TextField};
use crate::shortcuts::Shortcuts;
use crate::state::{App, Loaded, Remote};
use crate::text::{Text, t, tag, word};

/// The screen.
#[component]
pub fn Settings() -> impl IntoView {
    view! {
        <div class="page settings-page">
            <div class="page-head">
                <h1>{t(Text::SettingsTitle)}</h1>
            </div>
            <Person />
            <About />
            <Keys />
        </div>
    }
}

/// What the person chooses; each choice is shown and stored at once.
#[component]
fn Person() -> impl IntoView {
    let app = App::get();
    let stored = app.settings.get_untracked();
    let language = RwSignal::new(tag(app.language.get_untracked()).to_owned());
    let theme = RwSignal::new(theme_value(stored.theme).to_owned());
    let reviewer = RwSignal::new(stored.reviewer.clone());
    let change = move |change: &dyn Fn(&mut AppSettings)| {
        let mut settings = app.settings.get_untracked();
        let before = settings.clone();
        change(&mut settings);
        if settings != before {
            app.save_settings(settings);
        }
    };
    Effect::new(move |before: Option<String>| {
        let value = language.get();
        if before.is_some_and(|before| before != value) {
            let chosen = if value == tag(Language::Ru) { Language::Ru } else { Language::En };
            change(&|settings| settings.language = Some(chosen));
        }
        value
    });
    Effect::new(move |before: Option<String>| {
        let value = theme.get();
        if before.is_some_and(|before| before != value) {
            let chosen = [Theme::Light, Theme::Dark].into_iter().find(|theme| theme_value(*theme) == value);
            change(&|settings| settings.theme = chosen.unwrap_or_default());
        }
        value
    });
    let renamed = Memo::new(move |_| {
        let stored = app.settings.with(|settings| settings.reviewer.clone());
        let typed = reviewer.with(|name| name.trim().to_owned());
        !typed.is_empty() && typed != stored
    });
    let save_name = move |()| {
        if renamed.get_untracked() {
            let name = reviewer.with_untracked(|name| name.trim().to_owned());
            change(&|settings| settings.reviewer.clone_from(&name));
            app.toasts.good(t(Text::ActionSaved));
        }
    };
    let unnamed = move || {
        if reviewer.with(|name| name.trim().is_empty()) {
            t(Text::SettingsReviewerWanted).to_owned()
        } else {
            String::new()
        }
    };
    let languages = [Language::En, Language::Ru].map(|language| Choice::new(tag(language), word(&language))).to_vec();
    let themes =
        [Theme::System, Theme::Light, Theme::Dark].map(|theme| Choice::new(theme_value(theme), word(&theme))).to_vec();
    view! {
        <section class="panel">
            <div class="settings-row">
                <div class="settings-what">
                    <h3>{t(Text::SettingsLanguage)}</h3>
                    <p class="soft small">{t(Text::SettingsLanguageHint)}</p>
                </div>
                <Segmented label=t(Text::SettingsLanguage) choices=languages value=language testid="settings-language" />
            </div>
            <div class="settings-row">
                <div class="settings-what">
                    <h3>{t(Text::SettingsTheme)}</h3>
                    <p class="soft small">{t(Text::SettingsThemeHint)}</p>
                </div>
                <Segmented label=t(Text::SettingsTheme) choices=themes value=theme testid="settings-theme" />
            </div>
            <div class="settings-row">
                <div class="settings-what">
                    <h3>{t(Text::SettingsReviewer)}</h3>
                    <p class="soft small">{t(Text::SettingsReviewerHint)}</p>
                </div>
                <div class="settings-name">
                    <div class="grow">
                        <TextField
                            value=reviewer
                            testid="settings-reviewer"
                            aria_label=t(Text::SettingsReviewer)
                            error=Signal::derive(unnamed)
                            on_enter=save_name
                        />
                    </div>
                    <Button
                        text=t(Text::ActionSave)
                        testid="settings-reviewer-save"
                        icon=Symbol::Check
                        keys="Enter"
                        disabled=Signal::derive(move || !renamed.get())
                        on_click=save_name
                    />
                </div>
            </div>
        </section>
    }
}

/// About the program.
#[component]
fn About() -> impl IntoView {
    let about = Remote::new(|| Some(GetAbout {}));
    let facts = move || {
        about.map(|about| {
            let model = |path: &String| view! { <div class="mono">{path.clone()}</div> };
            let models = about.models.iter().map(model).collect_view();
            view! {
                <dl class="facts" data-testid="settings-about">
                    <dt>{t(Text::SettingsVersion)}</dt>
                    <dd>{about.version.clone()}</dd>
                    <dt>{t(Text::SettingsDataFolder)}</dt>
                    <dd class="mono">{about.data_folder.clone()}</dd>
                    {(!about.models.is_empty()).then(|| view! { <dt>{t(Text::SettingsModels)}</dt> <dd>{models}</dd> })}
                </dl>
            }
        })
    };
    view! {
        <section class="panel">
            <div class="panel-head">
                <h2>{t(Text::SettingsAbout)}</h2>
            </div>
            <div class="panel-body">
                <Loaded remote=about lines=3>
                    {facts}
                </Loaded>
            </div>
        </section>
    }
}

/// Every key that works on all screens, and where to see the others.
#[component]
fn Keys() -> impl IntoView {
    let scopes = expect_context::<Shortcuts>().scopes();
    let lines = scopes.into_iter().flat_map(|scope| scope.list.get_untracked()).filter(|key| !key.text.is_empty());
    let line = |shortcut: crate::shortcuts::Shortcut| {
        view! {
            <div class="settings-key">
                <span class="clip">{shortcut.text}</span>
                <KeyHint keys=shortcut.keys />
            </div>
        }
    };
    view! {
        <section class="panel">
            <div class="panel-head">
                <h2>{t(Text::ShortcutsTitle)}</h2>
                <span class="small soft">{t(Text::SettingsKeysHint)}</span>
            </div>
            <div class="panel-body settings-keys" data-testid="settings-keys">{lines.map(line).collect_view()}</div>
        </section>
    }
}

fn theme_value(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}
