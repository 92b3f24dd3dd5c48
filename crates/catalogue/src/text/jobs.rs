//! The screen of jobs and what a running job says of itself.

use crate::macros::texts;

texts! {
    JobsTitle: "Jobs", "Задачи";
    JobsLine: "Long work runs here one after another, goes on while you look at other screens, and survives closing the program.",
        "Долгая работа идёт здесь по очереди, не мешает другим экранам и переживает закрытие программы.";
    JobsEmpty: "No jobs yet", "Задач пока нет";
    JobsEmptyText: "Imports, labelling, writing datasets and committing versions appear here with their progress and results.",
        "Здесь появятся импорт, разметка, запись датасетов и фиксация версий — с ходом работы и итогами.";
    JobCancel: "Stop", "Остановить";
    JobShow: "Show", "Показать";
    JobResume: "Resume", "Продолжить";
    rows_a_second(rate: number): "{rate} rows/s", "{rate} строк/с";
    bytes_a_second(rate: size): "{rate}/s", "{rate}/с";
    items_a_second(rate: text): "{rate} items/s", "{rate} эл./с";
    samples_a_second(rate: number): "{rate} samples/s", "{rate} прим./с";
    outcome_import(kept: items, dropped: rows): "{kept} kept, {dropped} dropped", "{kept} принято, {dropped} отброшено";
    outcome_label(labelled: items, confident: number, review: number): "{labelled} labelled: {confident} confident, {review} to review",
        "{labelled} размечено: уверенно {confident}, на проверку {review}";
    outcome_write(id: text, train: number, eval: number): "dataset {id}: train {train}, eval {eval}", "датасет {id}: train {train}, eval {eval}";
    outcome_commit(version: text, train: number, eval: number): "version {version}: train {train}, eval {eval}",
        "версия {version}: train {train}, eval {eval}";
    outcome_checkout(version: text, folder: text): "version {version} → {folder}", "версия {version} → {folder}";
}
