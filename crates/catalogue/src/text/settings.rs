//! The screen of settings.

use crate::macros::texts;

texts! {
    SettingsTitle: "Settings", "Настройки";
    SettingsLanguage: "Language", "Язык";
    SettingsTheme: "Theme", "Тема";
    SettingsReviewer: "Reviewer's name", "Имя проверяющего";
}
