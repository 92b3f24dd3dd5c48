//! The frame around the screens: rail, header, connection to the backend.

use crate::macros::texts;

texts! {
    NavSources: "Sources", "Источники";
    NavSchema: "Schema", "Схема";
    NavModels: "Models", "Модели";
    NavLabel: "Label", "Разметка";
    NavReview: "Review", "Проверка";
    NavDatasets: "Datasets", "Датасеты";
    NavJobs: "Jobs", "Задачи";
    NavSettings: "Settings", "Настройки";
    ReadOnlyBanner: "Read-only: another process works with this project.",
        "Только чтение: с проектом работает другой процесс.";
}
