//! The screen of sources: adding a file, preview, cleaning, import.

use crate::macros::texts;

texts! {
    SourcesTitle: "Sources", "Источники";
    SourcesEmpty: "No sources yet", "Источников пока нет";
    SourcesAddFile: "Add a file…", "Добавить файл…";
    SourcesEmptyText: "Add a table or a log: CSV, Excel, JSON, JSON Lines or Parquet. You can also drop a file anywhere on the window.",
        "Добавьте таблицу или лог: CSV, Excel, JSON, JSON Lines или Parquet. Файл можно перетащить в любое место окна.";
    SourcesTabFiles: "Files", "Файлы";
    SourcesTabItems: "Items", "Элементы";
    RowsKept: "kept", "оставлено";
    RowsByReason: "Rows by what happened to them", "Строки по тому, что с ними стало";
    source_kept(kept: number, read: rows, share: text): "{kept} kept of {read} ({share})",
        "Оставлено {kept}, прочитано {read} ({share})";
    source_dropped_rows(count: rows): "{count} dropped: show", "Отброшено {count}: показать";
    source_labels(labels: labels, items: text): "{labels} on {items} items", "{labels} у {items} элементов";
    SourceShowItems: "Items", "Элементы";
    SourceRemove: "Remove source", "Удалить источник";
    source_remove_question(name: text): "Remove “{name}”?", "Удалить «{name}»?";
    SourceRemoveText: "Its items leave the project. Items that someone has decided on or that stand in a written dataset stay. The file itself is not touched and can be imported again.",
        "Его элементы уйдут из проекта. Элементы, о которых уже есть решение или которые вошли в записанный датасет, останутся. Сам файл не изменится: его можно импортировать снова.";
    source_removed(name: text, removed: items): "“{name}” removed with {removed}", "«{name}» удалён, вместе с ним {removed}";
    source_removed_some(name: text, removed: items, stayed: items):
        "“{name}” removed with {removed}; {stayed} stayed because they are decided on or in a dataset",
        "«{name}» удалён, вместе с ним {removed}; осталось {stayed}: о них есть решение или они в датасете";
    dropped_title(name: text): "Dropped rows of “{name}”", "Отброшенные строки: «{name}»";
    DroppedExport: "Export as CSV", "Экспорт в CSV";
    dropped_exported(rows: rows, path: text): "{rows} written to {path}", "Записано: {rows}, файл {path}";
    ReasonAll: "All reasons", "Все причины";
    ColumnRow: "Row", "Строка";
    ColumnReason: "Reason", "Причина";
    ColumnExcerpt: "Text", "Текст";
    ColumnDomain: "Domain", "Класс";
    ColumnConfidence: "Confidence", "Уверенность";
    ColumnStatus: "Status", "Статус";
    ImportChange: "Change settings", "Изменить настройки";
    ImportRuns: "Import", "Импорт";
    done_of(done: text, total: text): "{done} of {total}", "{done} из {total}";
    job_done(job: text): "{job}: done", "{job}: готово";
    job_failed(kind: text, why: text): "{kind} failed. {why}", "{kind} — ошибка. {why}";
    AddTitle: "Add a file", "Добавить файл";
    AddFormats: "CSV and TSV, Excel (XLSX, XLS), OpenDocument, JSON, JSON Lines, Parquet. Choose a file, drop it on the window, or type its path.",
        "CSV и TSV, Excel (XLSX, XLS), OpenDocument, JSON, JSON Lines, Parquet. Выберите файл, перетащите его в окно или введите путь.";
    AddLook: "Open", "Открыть";
    FilterTables: "Tables and logs", "Таблицы и логи";
    FilterAll: "All files", "Все файлы";
    files_wait(count: files): "{count} more after this one", "Ещё {count} после этого";
    AddReading: "File", "Файл";
    ReadFormat: "Format", "Формат";
    ReadEncoding: "Encoding", "Кодировка";
    ReadDelimiter: "Delimiter", "Разделитель";
    ReadSheet: "Sheet", "Лист";
    DelimiterTab: "Tab", "Табуляция";
    DelimiterComma: "Comma ,", "Запятая ,";
    DelimiterSemicolon: "Semicolon ;", "Точка с запятой ;";
    DelimiterBar: "Bar |", "Вертикальная черта |";
    about_rows(rows: text): "about {rows} rows", "примерно строк: {rows}";
    columns_found(columns: columns): "{columns}", "{columns}";
    AddColumns: "Columns", "Столбцы";
    AddColumnsHint: "The first rows of the file", "Первые строки файла";
    AddPreview: "Preview of the first rows", "Первые строки";
    RoleText: "Text", "Текст";
    RoleLabel: "Label", "Метка";
    RoleTime: "Time", "Время";
    RoleUser: "User", "Пользователь";
    RoleNone: "—", "—";
    column_role(column: text): "Role of column “{column}”", "Роль столбца «{column}»";
    column_filled(share: text): "{share} filled", "заполнено {share}";
    column_distinct(count: number): "{count} different", "разных: {count}";
    TextColumnWanted: "Choose the column with the text.", "Выберите столбец с текстом.";
    AddCleaning: "Cleaning", "Очистка";
    CleanMinLength: "Min. length", "Мин. длина";
    CleanMaxLength: "Max. length", "Макс. длина";
    CleanMaxRows: "Max. rows", "Макс. строк";
    CleanAllRows: "all", "все";
    CleanDuplicates: "Drop duplicates", "Отбрасывать дубликаты";
    CleanSkipBad: "Skip rows that can't be read", "Пропускать нечитаемые строки";
    CleanSkipBadHint: "Otherwise the import stops at the first one.", "Иначе импорт остановится на первой такой строке.";
    CleanWhitespace: "Join white space", "Сжимать пробелы";
    CleanUnicode: "Normalise Unicode (NFC)", "Нормализовать Юникод (NFC)";
    SkipSuchRows: "Skip such rows", "Пропускать такие строки";
    AddTrial: "What cleaning will do", "Что сделает очистка";
    trial_all(read: text, kept: text): "Of all {read} rows {kept} are kept.", "Из всех строк ({read}) останется {kept}.";
    trial_first(read: text, kept: text): "Of the first {read} rows {kept} are kept.", "Из первых {read} строк останется {kept}.";
    TrialNothingDropped: "Nothing is dropped.", "Ничего не будет отброшено.";
    ImportAll: "Import", "Импортировать";
    ItemsFilter: "Filter", "Фильтр";
    ItemsFilterPlaceholder: "Words of the text, or status:waiting label:… confidence<0.5", "Слова текста или status:waiting label:… confidence<0.5";
    ItemsFilterHelp: "What a filter can say", "Что можно написать в фильтре";
    ItemsFilterFocus: "Filter", "Фильтр";
    ItemsNoneMatch: "No item matches this filter.", "Под этот фильтр не подходит ни один элемент.";
    ItemsEmpty: "No items yet", "Элементов пока нет";
    ItemsEmptyText: "Items appear when a file is imported.", "Элементы появятся после импорта файла.";
    FilterByStatus: "new, confident, waiting, skipped, approved, corrected, rejected", "new, confident, waiting, skipped, approved, corrected, rejected";
    FilterByLabel: "the label it came with", "метка из файла";
    FilterByDomain: "the domain it has now", "класс сейчас";
    FilterByConfidence: "or confidence>=0.9", "или confidence>=0.9";
    FilterByAgreement: "the model disagrees with the label", "модель не согласна с меткой";
    FilterBySource: "number of the source", "номер источника";
    FilterByWords: "words of the text", "слова текста";
    item_number(number: plain): "Item {number}", "Элемент {number}";
    item_place(source: text, row: plain): "{source}, row {row}", "{source}, строка {row}";
    ItemFrom: "From", "Откуда";
    ItemPredictions: "Predictions", "Предсказания";
    ItemNoPredictions: "No model has seen it yet.", "Модель его ещё не видела.";
    ItemDecisions: "Decisions", "Решения";
    ItemNoDecisions: "Nobody has decided on it yet.", "Решений пока нет.";
    DecisionUndone: "taken back", "отменено";
}
