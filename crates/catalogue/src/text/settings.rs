//! The screen of settings.

use crate::macros::texts;

texts! {
    SettingsTitle: "Settings", "Настройки";
    SettingsLanguage: "Language", "Язык";
    SettingsLanguageHint: "Of the interface; texts and labels stay as they are.", "Интерфейса; тексты и метки остаются как есть.";
    SettingsTheme: "Theme", "Тема";
    SettingsThemeHint: "Light, dark, or whatever the system uses.", "Светлая, тёмная или такая, как в системе.";
    SettingsReviewer: "Reviewer's name", "Имя проверяющего";
    SettingsReviewerHint: "Decisions and versions are stored under it.", "Под ним сохраняются решения и версии.";
    SettingsReviewerWanted: "Enter a name.", "Введите имя.";
    SettingsAbout: "About Winnow", "О программе Winnow";
    SettingsVersion: "Version", "Версия";
    SettingsDataFolder: "Data folder", "Папка данных";
    SettingsModels: "Models found", "Найденные модели";
    SettingsKeysHint: "Each screen has its own keys besides: press ? there.", "У каждого экрана есть и свои: нажмите там «?».";
}
