//! What the columns of a table hold, and which is the text, the label, the time, the user.

use std::collections::HashSet;

use contract::source::{ColumnInfo, ColumnKind, ColumnMapping};

/// What the first rows show of a column.
struct Evidence {
    name: String,
    kind: ColumnKind,
    filled: f32,
    /// Filled cells.
    values: usize,
    /// Different values per filled cell.
    variety: f32,
    distinct: usize,
    mean_words: f32,
    mean_length: f32,
    structured: bool,
}

/// Looks at the first rows and guesses what is what.
pub fn examine(names: &[String], rows: &[Vec<String>]) -> (Vec<ColumnInfo>, ColumnMapping) {
    let evidence: Vec<Evidence> = names.iter().enumerate().map(|(column, name)| gather(name, column, rows)).collect();
    let infos = evidence
        .iter()
        .map(|column| ColumnInfo {
            name: column.name.clone(),
            kind: column.kind,
            filled: column.filled,
            distinct: column.distinct as u64,
        })
        .collect();
    (infos, guess(&evidence))
}

#[allow(clippy::cast_precision_loss)] // At most a thousand rows.
fn gather(name: &str, column: usize, rows: &[Vec<String>]) -> Evidence {
    let values: Vec<&str> =
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
    let count = values.len().max(1) as f32;
    let distinct = values.iter().collect::<HashSet<_>>().len();
    let share = |test: fn(&str) -> bool| values.iter().filter(|value| test(value)).count() as f32 / count;
    let mean_length = values.iter().map(|value| value.chars().count()).sum::<usize>() as f32 / count;
    let mean_words = values.iter().map(|value| value.split_whitespace().count()).sum::<usize>() as f32 / count;
    let variety = distinct as f32 / count;
    let kind = if values.is_empty() {
        ColumnKind::Empty
    } else if share(is_time) >= 0.9 {
        ColumnKind::Time
    } else if share(|value| value.replace(',', ".").parse::<f64>().is_ok()) >= 0.95 {
        ColumnKind::Number
    } else if variety >= 0.95 && mean_words < 1.5 && mean_length < 40.0 && values.len() > 5 {
        ColumnKind::Identifier
    } else if variety <= 0.5 && mean_length <= 120.0 || (distinct <= 2 && mean_words < 4.0) {
        ColumnKind::Category
    } else {
        ColumnKind::Text
    };
    Evidence {
        name: name.to_owned(),
        kind,
        filled: values.len() as f32 / rows.len().max(1) as f32,
        values: values.len(),
        variety,
        distinct,
        mean_words,
        mean_length,
        structured: share(|value| value.starts_with(['[', '{'])) > 0.5,
    }
}

/// `2024-05-01`, `01.05.2024`, `3/18/20`, each with or without a time after it.
fn is_time(value: &str) -> bool {
    let date = value.split([' ', 'T']).next().unwrap_or_default();
    let parts: Vec<&str> = date.split(['-', '.', '/']).collect();
    parts.len() == 3
        && parts.iter().all(|part| (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
}

fn guess(columns: &[Evidence]) -> ColumnMapping {
    let pick = |score: &dyn Fn(&Evidence) -> f32, least: f32, taken: &[&Option<String>]| {
        let mut best: Option<(f32, &Evidence)> = None;
        for column in columns.iter().filter(|column| taken.iter().all(|name| name.as_ref() != Some(&column.name))) {
            let points = score(column);
            if points >= least && best.is_none_or(|(highest, _)| points > highest) {
                best = Some((points, column));
            }
        }
        best.map(|(_, column)| column.name.clone())
    };
    let text = pick(&text_points, 3.0, &[]);
    let label = pick(&label_points, 3.5, &[&text]);
    let ts = pick(&time_points, 4.0, &[&text, &label]);
    let user = pick(&user_points, 4.0, &[&text, &label, &ts]);
    ColumnMapping { text, label, ts, user }
}

/// Words of a column's name: split at what is no letter, in small letters.
fn words(name: &str) -> Vec<String> {
    name.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn named(name: &str, list: &[&str]) -> bool {
    words(name).iter().any(|word| list.contains(&word.as_str()))
}

fn text_points(column: &Evidence) -> f32 {
    const FIRST: &[&str] = &[
        "text",
        "texts",
        "sentence",
        "utterance",
        "query",
        "message",
        "narrative",
        "question",
        "review",
        "текст",
        "сообщение",
        "вопрос",
        "обращение",
        "отзыв",
    ];
    const SECOND: &[&str] = &[
        "name",
        "title",
        "description",
        "comment",
        "body",
        "content",
        "request",
        "phrase",
        "наименование",
        "название",
        "описание",
        "комментарий",
        "имя",
    ];
    if matches!(column.kind, ColumnKind::Empty | ColumnKind::Number | ColumnKind::Time) || column.structured {
        return 0.0;
    }
    let by_name = if named(&column.name, FIRST) {
        6.0
    } else if named(&column.name, SECOND) {
        3.0
    } else {
        0.0
    };
    let by_kind = if column.kind == ColumnKind::Text { 3.0 } else { 0.0 };
    by_name + by_kind + 2.0 * column.filled + 2.0 * column.variety + (column.mean_words / 10.0).min(1.0)
}

fn label_points(column: &Evidence) -> f32 {
    const FIRST: &[&str] = &[
        "label",
        "labels",
        "category",
        "intent",
        "class",
        "target",
        "product",
        "domain",
        "метка",
        "категория",
        "класс",
        "интент",
    ];
    const SECOND: &[&str] = &[
        "topic",
        "section",
        "tag",
        "sentiment",
        "emotion",
        "acceptable",
        "toxic",
        "раздел",
        "тема",
        "тональность",
        "рубрика",
    ];
    const THIRD: &[&str] = &["type", "group", "kind", "status", "issue", "тип", "группа", "вид", "статус"];
    if column.kind == ColumnKind::Empty || column.structured || column.mean_length > 200.0 {
        return 0.0;
    }
    let named_so = [FIRST, SECOND, THIRD].into_iter().position(|list| named(&column.name, list));
    let whole = words(&column.name).len() == 1;
    let by_name = match named_so {
        Some(0) if whole => 9.0,
        Some(1) if whole => 6.0,
        Some(0 | 1) => 5.0,
        Some(_) => 3.0,
        None => 0.0,
    };
    // One value for all rows tells nothing; nor do as many values as rows, unless there are hardly any rows.
    let constant = column.distinct < 2 && column.values > 3;
    if named_so.is_none() && (constant || column.mean_words > 4.0) {
        return 0.0;
    }
    let unique = column.variety >= 0.95 && column.values > 10;
    // Names rather than codes, and fewer values than rows.
    let readable = if column.mean_length > 3.0 && column.kind != ColumnKind::Number { 1.0 } else { 0.0 };
    let few = if column.variety <= 0.5 { 2.0 } else { 0.0 };
    let kind = if column.kind == ColumnKind::Category { 1.0 } else { 0.0 };
    let code = if named(&column.name, &["id", "code", "код", "номер"]) { 2.0 } else { 0.0 };
    // A part of a sorted table may well have one label only.
    let useless = match (unique, constant) {
        (true, _) => 6.0,
        (_, true) => 3.0,
        _ => 0.0,
    };
    let nameless = if named_so.is_none() { 1.0 } else { 0.0 };
    by_name + readable + few + kind - code - useless - nameless
}

fn time_points(column: &Evidence) -> f32 {
    let named = named(&column.name, &["ts", "time", "date", "timestamp", "created", "datetime", "дата", "время"]);
    let kind = column.kind == ColumnKind::Time;
    let number = named && column.kind == ColumnKind::Number;
    f32::from(u8::from(named)) * 3.0 + f32::from(u8::from(kind)) * 3.0 + f32::from(u8::from(number))
}

fn user_points(column: &Evidence) -> f32 {
    let list = ["user", "userid", "username", "author", "customer", "client", "пользователь", "клиент", "автор"];
    if named(&column.name, &list) && !column.structured && column.kind != ColumnKind::Empty { 5.0 } else { 0.0 }
}

/// Whether the first row is a header: names, not data.
pub fn is_header(first: &[String], rows: &[Vec<String>]) -> bool {
    let names: Vec<&str> = first.iter().map(|cell| cell.trim()).collect();
    let filled = names.iter().filter(|name| !name.is_empty()).count();
    let different = names.iter().filter(|name| !name.is_empty()).collect::<HashSet<_>>().len();
    let plain = |name: &&str| {
        name.chars().count() <= 64 && !name.contains('\n') && !name.chars().next().is_some_and(|c| c.is_ascii_digit())
    };
    if filled == 0 || different < filled || !names.iter().all(plain) {
        return false;
    }
    if names.len() > 1 {
        return filled * 2 > names.len();
    }
    // One column: a name is one word, or much shorter than what stands below.
    let mean =
        rows.iter().filter_map(|row| row.first()).map(|cell| cell.chars().count()).sum::<usize>() / rows.len().max(1);
    let words = names[0].split_whitespace().count();
    words == 1 && !names[0].ends_with(['.', '?', '!']) && (mean > names[0].chars().count() || words_known(names[0]))
}

fn words_known(name: &str) -> bool {
    named(name, &["text", "name", "sentence", "текст", "наименование"])
}
