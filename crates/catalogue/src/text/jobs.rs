//! The screen of jobs and what a running job says of itself.

use crate::macros::texts;

texts! {
    JobsTitle: "Jobs", "Задачи";
    JobsLine: "Long work runs here one after another, goes on while you look at other screens, and survives closing the program.",
        "Долгая работа идёт здесь по очереди, не мешает другим экранам и переживает закрытие программы.";
    JobsEmpty: "No jobs yet", "Задач пока нет";
    JobsEmptyText: "Imports, labelling, training, comparisons, datasets and versions appear here with their progress and results.",
        "Здесь появятся импорт, разметка, обучение, сравнения, датасеты и версии — с ходом работы и итогами.";
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
    outcome_train(examples: examples, accuracy: percent, interval: text):
        "learned from {examples}; right in {accuracy} ({interval}) of texts that it did not see",
        "обучен на выборке: {examples}; верно {accuracy} ({interval}) на незнакомых текстах";
    outcome_train_unproved(examples: examples): "learned from {examples}; too few to say how often it is right",
        "обучен на выборке: {examples}; слишком мало, чтобы оценить точность";
    OutcomeTrainUnchanged: "nothing new to learn; the earlier classifier stays", "нового нет, остаётся прежний классификатор";
    outcome_calibrate(examples: items, before: fine, after: fine): "{examples} with a known truth; calibration error {before} → {after}",
        "{examples} с известной истиной; ошибка калибровки {before} → {after}";
    outcome_compare_better(better: text, p: text): "“{better}” is better ({p})", "лучше «{better}» ({p})";
    outcome_compare_none(items: items): "no difference shown on {items}", "разница не показана, сравнено: {items}";
    OutcomeCompareUnknown: "no truth known: only their agreement could be judged", "истина неизвестна: видно только, насколько они согласны";
    outcome_checkout(version: text, folder: text): "version {version} → {folder}", "версия {version} → {folder}";
}
