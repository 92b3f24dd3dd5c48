//! What the command line says.

use crate::macros::texts;

texts! {
    rollback_message(version: text): "Roll back to {version}", "Откат к {version}";
    merge_message(theirs: text, ours: text): "Merge {theirs} into {ours}", "Слияние {theirs} с {ours}";

    CommandError: "error", "ошибка";
    CommandStopping: "Stopping… (once more: end at once)", "Останавливаю… (ещё раз — завершить сразу)";
    CommandStopped: "Stopped. What is done is kept; the same command goes on from here.",
        "Остановлено. Сделанное сохранено; та же команда продолжит с этого места.";
    progress_of(done: text, total: text, share: percent): "{done} of {total} ({share})", "{done} из {total} ({share})";

    project_created(name: text, folder: text): "Project “{name}” is ready in {folder}.", "Проект «{name}» создан в папке {folder}.";
    ProjectNextStep: "Next: winnow import DIR FILE", "Дальше: winnow import DIR FILE";
    FactProject: "Project", "Проект";
    FactSources: "Sources", "Источники";
    FactItems: "Items", "Элементы";
    FactLabelled: "Labelled", "Размечено";
    FactWaiting: "Waiting for review", "Ждут проверки";
    FactReviewed: "Reviewed", "Проверено";
    FactDomains: "Domains", "Классы";
    FactVersions: "Versions", "Версии";

    delimiter_is(delimiter: text): "delimiter {delimiter}", "разделитель {delimiter}";
    sheet_is(sheet: text): "sheet “{sheet}”", "лист «{sheet}»";
    ColumnRoleText: "text", "текст";
    ColumnRoleLabel: "label", "метка";
    ColumnRoleTime: "time", "время";
    ColumnRoleUser: "user", "пользователь";
    import_kept(read: rows, kept: number, share: percent): "{read} read, {kept} kept ({share})",
        "Прочитано: {read}, оставлено: {kept} ({share})";
    import_would_keep(read: rows, kept: number, share: percent): "{read} read, {kept} would be kept ({share})",
        "Прочитано: {read}, останется: {kept} ({share})";
    import_labels(labelled: number, labels: labels): "{labelled} came with a label: {labels}", "С меткой: {labelled} ({labels})";
    ImportDropped: "Dropped:", "Отброшено:";
    import_sum(files: files, read: rows, kept: number): "{files}, {read}, {kept} kept", "{files}, {read}, оставлено: {kept}";
    ImportTrialNote: "Nothing was written (--dry-run).", "Ничего не записано (--dry-run).";
    file_written(path: text, rows: rows): "{path}: {rows} written", "{path}: записано, {rows}";

    schema_has(count: domains): "The schema has {count}.", "В схеме {count}.";
    schema_revision(count: domains, revision: plain): "{count}, revision {revision}", "{count}, редакция {revision}";
    schema_saved(count: domains, revision: plain): "The schema is set: {count}, revision {revision}.",
        "Схема задана: {count}, редакция {revision}.";

    model_added(name: text, summary: text): "Model “{name}” is added: {summary}", "Модель «{name}» добавлена: {summary}";
    model_removed(name: text): "Model “{name}” is removed. Its predictions stay.",
        "Модель «{name}» удалена. Её предсказания остались.";
    model_ready(time: duration): "Ready in {time}", "Готова через {time}";
    ModelTesting: "Loading the model…", "Загружаю модель…";
    FileGone: "the file is gone", "файла больше нет";

    LabelNothingToDo: "Nothing to label: all these items have a prediction of this model.",
        "Размечать нечего: у всех этих элементов уже есть предсказание этой модели.";
    label_done(model: text, count: items): "{model}: {count} labelled", "{model}: размечено, {count}";
    label_done_in(model: text, count: items, time: text): "{model}: {count} labelled in {time}", "{model}: размечено за {time}, {count}";
    FactConfident: "Confident", "Уверенно";
    FactToReview: "To review", "На проверку";
    FactConfidence: "Confidence", "Уверенность";
    label_agreement(agreed: number, checked: number, share: percent):
        "Agree with the label they came with: {agreed} of {checked} ({share})",
        "Согласны с исходной меткой: {agreed} из {checked} ({share})";
    label_from_cache(count: items): "From the cache: {count}", "Из кеша: {count}";
    label_tokens(prompt: number, completion: number): "Tokens: {prompt} read, {completion} written",
        "Токены: прочитано {prompt}, написано {completion}";
    label_retries(count: requests): "Tried again: {count}", "Повторено: {count}";
    label_beyond_queue(count: items): "Unsure, but the review queue is full: {count}. They come as it empties.",
        "Модель не уверена, но очередь проверки полна: {count}. Они придут, когда место освободится.";
    label_failed(count: items, last: text): "Not labelled: {count}. The last failure: {last}",
        "Не размечено: {count}. Последняя ошибка: {last}";

    HeadItem: "Item", "Элемент";
    HeadStatus: "Status", "Статус";
    HeadPriority: "Priority", "Приоритет";
    HeadPredicted: "Predicted", "Предсказание";
    HeadConfidence: "Conf.", "Увер.";
    HeadLabel: "Label", "Метка";
    HeadText: "Text", "Текст";
    HeadDomain: "Domain", "Класс";
    HeadId: "Id", "Идентификатор";
    HeadName: "Name", "Имя";
    HeadKey: "Key", "Клавиша";
    HeadGuideline: "Guideline", "Указание";
    HeadModel: "Model", "Модель";
    HeadPlace: "Where", "Где";
    HeadNumber: "No.", "№";
    HeadJob: "Job", "Задача";
    HeadSubject: "Of what", "Над чем";
    HeadState: "State", "Состояние";
    HeadProgress: "Done", "Готово";
    HeadTook: "Took", "Время";
    HeadCreated: "Started", "Начата";
    HeadAvailable: "available", "всего";
    HeadLeftOut: "left out", "не вошло";
    HeadVersion: "Version", "Версия";
    HeadTag: "Tag", "Тег";
    HeadChanges: "Changes", "Изменения";
    HeadCommitted: "Committed", "Создана";
    HeadAuthor: "Author", "Автор";
    HeadMessage: "Message", "Сообщение";
    list_total(count: items): "{count} in all", "Всего: {count}";
    list_more(after: text): "More: --after {after}", "Дальше: --after {after}";
    list_rest(count: number): "… and {count} more (all of them with --json)", "… и ещё {count} (все — с --json)";
    from_row(file: text, row: plain): "{file}, row {row}", "{file}, строка {row}";
    DecidedUndo: "taken back", "решение отменено";

    StatsByDomain: "By domain", "По классам";
    StatsByLabel: "By the label they came with", "По исходным меткам";
    StatsBySource: "By source", "По источникам";

    dataset_written(number: text, folder: text): "Dataset {number} is written to {folder}", "Датасет {number} записан в {folder}";
    FactTrain: "Train", "Train";
    FactEval: "Eval", "Eval";
    FactFromDecisions: "Decided by people", "Решения людей";
    FactFromPredictions: "Confident predictions", "Уверенные предсказания";
    FactFromSource: "Unchecked labels of the source", "Непроверенные исходные метки";
    FactLeftWaiting: "Not in: waiting for review", "Не вошли: ждут проверки";
    FactGroups: "Groups that stay together", "Неделимые группы";
    groups_of(groups: number, samples: number): "{groups} ({samples} samples)", "{groups} (примеров: {samples})";
    FactRepeated: "Rows of train that repeat a sample", "Повторные строки в train";
    HeadFold: "Fold", "Блок";

    version_committed(version: text, message: text): "Version {version} is committed: {message}", "Версия {version} создана: {message}";
    version_size(train: number, eval: number, count: domains): "train {train}, eval {eval}, {count}", "train {train}, eval {eval}, {count}";
    version_changes(parent: text, added: number, removed: number, relabelled: number):
        "Since {parent}: {added} added, {removed} removed, {relabelled} relabelled",
        "С версии {parent}: добавлено {added}, удалено {removed}, сменили метку {relabelled}";
    version_stored(bytes: size): "Stored: {bytes}", "Записано на диск: {bytes}";
    version_checked_out(version: text, folder: text): "Version {version} is in {folder}; the hashes match.",
        "Версия {version} — в папке {folder}; хеши совпали.";
    FactMeanLength: "Mean length, characters", "Средняя длина, символов";
    FactStored: "Stored", "На диске";

    run_imported_already(file: text): "{file} is imported already.", "{file}: уже импортирован.";
    run_unchanged(version: text): "Nothing has changed: version {version} holds exactly this.",
        "Ничего не изменилось: именно это — в версии {version}.";
    run_waiting(count: items): "{count} wait in the review queue: winnow review DIR next",
        "В очереди проверки {count}: winnow review DIR next";
}
