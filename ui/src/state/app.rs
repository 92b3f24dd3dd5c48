//! The application: settings, messages, which project is open.

use contract::project::ProjectOverview;
use contract::settings::{AppSettings, GetSettings, Language, SetSettings, Theme};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::bridge;
use crate::components::Toasts;
use crate::text;

/// What every screen can reach with [`App::get`].
#[derive(Clone, Copy)]
pub struct App {
    /// The person's settings as they are stored.
    pub settings: RwSignal<AppSettings>,
    /// The language in use: the person's, else the system's.
    pub language: Memo<Language>,
    /// Messages at the top.
    pub toasts: Toasts,
    /// The project to show; `None` shows the picker.
    pub opened: RwSignal<Option<ProjectOverview>>,
    /// Whether the system is dark.
    system_dark: bool,
}

impl App {
    /// Makes the application's state and puts it where [`App::get`] finds it. Call it once, in the root.
    pub fn provide() -> Self {
        let settings = RwSignal::new(AppSettings::default());
        let language = Memo::new(move |_| settings.with(|settings| settings.language).unwrap_or_else(system_language));
        let app =
            Self { settings, language, toasts: Toasts::new(), opened: RwSignal::new(None), system_dark: system_dark() };
        provide_context(app);
        Effect::new(move |_| app.show_theme(settings.with(|settings| settings.theme)));
        Effect::new(move |_| set_root_attribute("lang", text::tag(language.get())));
        app
    }

    /// The application's state.
    pub fn get() -> Self {
        expect_context()
    }

    /// Reads the stored settings.
    pub async fn load_settings(self) {
        match bridge::call(GetSettings {}).await {
            Ok(settings) => self.settings.set(settings),
            Err(error) => self.toasts.bad(text::explain(&error)),
        }
    }

    /// Shows the settings at once and stores them.
    pub fn save_settings(self, settings: AppSettings) {
        self.settings.set(settings.clone());
        spawn_local(async move {
            if let Err(error) = bridge::call(SetSettings { settings }).await {
                self.toasts.bad(text::explain(&error));
            }
        });
    }

    /// Puts the theme on the page.
    fn show_theme(self, theme: Theme) {
        let dark = match theme {
            Theme::System => self.system_dark,
            Theme::Light => false,
            Theme::Dark => true,
        };
        set_root_attribute("data-theme", if dark { "dark" } else { "light" });
    }
}

fn set_root_attribute(name: &str, value: &str) {
    if let Some(root) = document().document_element() {
        // Both names are valid, so this can't fail.
        let _ = root.set_attribute(name, value);
    }
}

/// Russian where the system speaks it, else English.
fn system_language() -> Language {
    let russian = window().navigator().language().is_some_and(|tag| tag.to_lowercase().starts_with("ru"));
    if russian { Language::Ru } else { Language::En }
}

fn system_dark() -> bool {
    matches!(window().match_media("(prefers-color-scheme: dark)"), Ok(Some(query)) if query.matches())
}
