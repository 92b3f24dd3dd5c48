//! How an argument of a text is written: each kind is a function of the language and the value.
//!
//! `text` takes `&str`, `percent` and `fine` a share (0 to 1) and `duration` seconds as `f64`; all the others take `u64`: `plain`
//! (digits alone: numbers of items, rows in a file), `number` (grouped digits), `size` (bytes) and the counted nouns
//! (`items` writes «5 элементов»).

use crate::plural::{Forms, counted};
use contract::settings::Language;

/// A text as it is.
#[must_use]
pub fn text(_: Language, value: &str) -> &str {
    value
}

/// Digits without grouping, for numbers that name something.
#[must_use]
pub fn plain(_: Language, value: u64) -> u64 {
    value
}

/// Grouped digits.
#[must_use]
pub fn number(lang: Language, value: u64) -> String {
    crate::number::number(lang, value)
}

/// A share as a percentage.
#[must_use]
pub fn percent(lang: Language, share: f64) -> String {
    crate::number::percent(lang, share)
}

/// A share as a percentage with one digit after the point, where a whole one would hide the difference.
#[must_use]
pub fn fine(lang: Language, share: f64) -> String {
    crate::number::percent_fine(lang, share)
}

/// Seconds as a duration.
#[must_use]
pub fn duration(lang: Language, seconds: f64) -> String {
    crate::time::duration(lang, seconds)
}

/// Bytes as a size.
#[must_use]
pub fn size(lang: Language, bytes: u64) -> String {
    crate::number::file_size(lang, bytes)
}

macro_rules! nouns {
    ($($(#[$doc:meta])* $noun:ident: $one:literal $other:literal, $ru1:literal $ru2:literal $ru5:literal;)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $noun(lang: Language, count: u64) -> String {
            counted(lang, count, &Forms { en: [$one, $other], ru: [$ru1, $ru2, $ru5] })
        }
    )*};
}

nouns! {
    /// Items.
    items: "item" "items", "элемент" "элемента" "элементов";
    /// Items after «по»: «по 412 элементам».
    items_by: "item" "items", "элементу" "элементам" "элементам";
    /// Rows of a file.
    rows: "row" "rows", "строка" "строки" "строк";
    /// Rows of a file, as an object: «пропустить 1 строку».
    rows_object: "row" "rows", "строку" "строки" "строк";
    /// Columns of a file.
    columns: "column" "columns", "столбец" "столбца" "столбцов";
    /// Files.
    files: "file" "files", "файл" "файла" "файлов";
    /// Sources.
    sources: "source" "sources", "источник" "источника" "источников";
    /// Domains of a schema.
    domains: "domain" "domains", "класс" "класса" "классов";
    /// Labels that items came with.
    labels: "label" "labels", "метка" "метки" "меток";
    /// Texts.
    texts: "text" "texts", "текст" "текста" "текстов";
    /// Texts, after «на»: «на 21 тексте».
    texts_on: "text" "texts", "тексте" "текстах" "текстах";
    /// Examples that a classifier learns from.
    examples: "example" "examples", "пример" "примера" "примеров";
    /// The same after «до»: «до 172 примеров».
    examples_up_to: "example" "examples", "примера" "примеров" "примеров";
    /// Models.
    models: "model" "models", "модель" "модели" "моделей";
    /// Samples of a dataset.
    samples: "sample" "samples", "пример" "примера" "примеров";
    /// Decisions of people.
    decisions: "decision" "decisions", "решение" "решения" "решений";
    /// Dataset versions.
    versions: "version" "versions", "версия" "версии" "версий";
    /// Datasets.
    datasets: "dataset" "datasets", "датасет" "датасета" "датасетов";
    /// Jobs.
    jobs: "job" "jobs", "задача" "задачи" "задач";
    /// Characters.
    characters: "character" "characters", "символ" "символа" "символов";
    /// Tokens of a model.
    tokens: "token" "tokens", "токен" "токена" "токенов";
    /// Requests to a server.
    requests: "request" "requests", "запрос" "запроса" "запросов";
    /// Fields of a row.
    fields: "field" "fields", "поле" "поля" "полей";
}
