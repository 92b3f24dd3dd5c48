//! Label schemas from files and from labels, and what makes one valid.

use std::collections::HashMap;
use std::path::Path;

use contract::schema::{Domain, LocalText};
use contract::source::ReadOptions;
use contract::{CallError, ErrorCode};
use serde_json::{Map, Value};

use crate::format;
use crate::inspect;
use crate::record::Record;

/// Longest id, characters.
const MAX_ID: usize = 200;
/// Most domains of a schema.
const MAX_DOMAINS: usize = 10_000;

/// Reads and checks a schema file: JSON or a table, see [`contract::schema::ReadSchemaFile`]. An object
/// of lists, `{domain: [label, …]}`, gives the domains with the lists as examples; an object of descriptions,
/// `{intents: {label: {description: …}}}`, gives them as guidelines.
///
/// # Errors
/// A file that can't be read or understood, and whatever [`check_schema`] finds, with the file and the row.
pub fn read_schema(path: &Path) -> Result<Vec<Domain>, CallError> {
    let head = format::read_head(path)?;
    let text = crate::encoding::decode_head(&head);
    let json = text.trim_start_matches('\u{feff}').trim_start().starts_with(['[', '{']);
    let (domains, first_row) = if json {
        if !head.whole {
            return Err(malformed(path, "larger than 1 MB"));
        }
        (from_json(path, text.trim_start_matches('\u{feff}'))?, None)
    } else {
        (from_table(path)?, Some(2))
    };
    check(&domains, first_row).map_err(|error| error.in_file(path.display()))?;
    Ok(domains)
}

/// Checks a schema: at least two domains, ids of 1 to 200 characters that are unique without regard to case, hotkeys of one
/// character that are unique.
///
/// # Errors
/// [`ErrorCode::SchemaEmpty`], [`ErrorCode::SchemaMalformed`], [`ErrorCode::SchemaDuplicateId`],
/// [`ErrorCode::SchemaDuplicateHotkey`].
pub fn check_schema(domains: &[Domain]) -> Result<(), CallError> {
    check(domains, None)
}

fn check(domains: &[Domain], first_row: Option<u64>) -> Result<(), CallError> {
    if domains.len() < 2 {
        return Err(CallError::new(ErrorCode::SchemaEmpty));
    }
    if domains.len() > MAX_DOMAINS {
        let error = CallError::new(ErrorCode::SchemaMalformed);
        return Err(error.with("detail", format!("{} domains, at most {MAX_DOMAINS}", domains.len())));
    }
    let (mut ids, mut hotkeys) = (HashMap::new(), HashMap::new());
    for (index, domain) in domains.iter().enumerate() {
        let here = |error: CallError| match first_row {
            Some(first) => error.at_row(first + index as u64),
            None => error,
        };
        let length = domain.id.chars().count();
        if domain.id.trim() != domain.id || length == 0 || length > MAX_ID || domain.id.contains(['\n', '\r', '\0']) {
            let detail = format!("id \"{}\" (domain {})", domain.id, index + 1);
            return Err(here(CallError::new(ErrorCode::SchemaMalformed).with("detail", detail)));
        }
        if ids.insert(domain.id.to_lowercase(), index).is_some() {
            return Err(here(CallError::new(ErrorCode::SchemaDuplicateId).with("id", &domain.id)));
        }
        if domain.hotkey.is_empty() {
            continue;
        }
        if domain.hotkey.chars().count() != 1 {
            let detail = format!("hotkey \"{}\" ({})", domain.hotkey, domain.id);
            return Err(here(CallError::new(ErrorCode::SchemaMalformed).with("detail", detail)));
        }
        if let Some(first) = hotkeys.insert(domain.hotkey.to_lowercase(), &domain.id) {
            let error = CallError::new(ErrorCode::SchemaDuplicateHotkey).with("hotkey", &domain.hotkey);
            return Err(here(error.with("first", first).with("second", &domain.id)));
        }
    }
    Ok(())
}

fn malformed(path: &Path, detail: &str) -> CallError {
    CallError::new(ErrorCode::SchemaMalformed).with("detail", detail).in_file(path.display())
}

fn from_json(path: &Path, text: &str) -> Result<Vec<Domain>, CallError> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        // A line of the file is what a person can go to.
        malformed(path, &error.to_string()).at_row(error.line() as u64)
    })?;
    let list = match value {
        Value::Array(list) => list,
        Value::Object(mut object) => match WRAPPERS.iter().find_map(|name| object.remove(*name)) {
            Some(Value::Array(list)) => list,
            Some(Value::Object(entries)) => return from_entries(path, entries),
            Some(_) => return Err(malformed(path, "\"domains\" is not a list")),
            None => return from_entries(path, object),
        },
        _ => return Err(malformed(path, "neither a list nor an object")),
    };
    list.into_iter()
        .enumerate()
        .map(|(index, value)| match value {
            Value::String(id) => Ok(suggest_domain(id.trim(), Vec::new())),
            Value::Object(_) => {
                let domain: Domain = serde_json::from_value(value)
                    .map_err(|error| malformed(path, &format!("domain {}: {error}", index + 1)))?;
                Ok(named(domain))
            }
            _ => Err(malformed(path, &format!("domain {}: neither a text nor an object", index + 1))),
        })
        .collect()
}

/// Names under which an object holds the domains.
const WRAPPERS: &[&str] = &["domains", "intents", "labels", "categories", "classes"];

fn from_entries(path: &Path, entries: Map<String, Value>) -> Result<Vec<Domain>, CallError> {
    entries.into_iter().map(|(id, value)| from_entry(path, id, value)).collect()
}

/// `id: [examples]`, `id: "guideline"` or `id: {"description": …}`.
fn from_entry(path: &Path, id: String, value: Value) -> Result<Domain, CallError> {
    let domain = suggest_domain(id.trim(), Vec::new());
    match value {
        Value::Array(list) => {
            let examples = list.into_iter().filter_map(|value| value.as_str().map(str::to_owned)).collect();
            Ok(Domain { examples, ..domain })
        }
        Value::String(guideline) => Ok(Domain { guideline, ..domain }),
        Value::Object(fields) => {
            let text = ["guideline", "description"].iter().find_map(|name| fields.get(*name)?.as_str());
            Ok(Domain { guideline: text.unwrap_or_default().to_owned(), ..domain })
        }
        _ => Err(malformed(path, &format!("\"{id}\": neither a list nor a text"))),
    }
}

/// Gives a domain without names the ones that its id suggests.
fn named(domain: Domain) -> Domain {
    if domain.name.en.trim().is_empty() && domain.name.ru.trim().is_empty() {
        let name = suggest_domain(&domain.id, Vec::new()).name;
        Domain { name, ..domain }
    } else {
        domain
    }
}

fn from_table(path: &Path) -> Result<Vec<Domain>, CallError> {
    let mut opened = inspect::open(path, &ReadOptions::default())?;
    let columns: Vec<String> = opened.source.columns().iter().map(|name| name.to_lowercase()).collect();
    let column = |names: &[&str]| columns.iter().position(|column| names.contains(&column.as_str()));
    let id = column(&["id", "label", "domain", "category"]);
    let Some(id) = id.or((columns.len() == 1).then_some(0)) else {
        let error = CallError::new(ErrorCode::ColumnMissing).with("column", "id");
        return Err(error.with("columns", columns.join(", ")).in_file(path.display()).in_column("id"));
    };
    let [en, ru, guideline, examples, hotkey] = [
        column(&["name_en", "name", "en"]),
        column(&["name_ru", "ru"]),
        column(&["guideline", "description"]),
        column(&["examples", "example"]),
        column(&["hotkey", "key"]),
    ];
    let (mut domains, mut record) = (Vec::new(), Record::default());
    while domains.len() <= MAX_DOMAINS && opened.source.next(&mut record)? {
        if let Some(error) = record.error(&path.display().to_string(), opened.source.columns()) {
            return Err(error);
        }
        let cell =
            |column: Option<usize>| column.map(|column| record.get(column).trim().to_owned()).unwrap_or_default();
        let examples = cell(examples);
        domains.push(named(Domain {
            id: cell(Some(id)),
            name: LocalText { en: cell(en), ru: cell(ru) },
            guideline: cell(guideline),
            examples: examples.split('|').map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned).collect(),
            hotkey: cell(hotkey),
        }));
    }
    Ok(domains)
}

/// A domain for a label as it stands in the data: the label is the id, the name is the label made readable, in the
/// language of its letters.
pub fn suggest_domain(label: &str, examples: Vec<String>) -> Domain {
    let words = label.replace('_', " ");
    let mut letters = words.trim().chars();
    let name: String = letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
    let russian = name.chars().any(|c| matches!(c, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё'));
    let name =
        if russian { LocalText { en: String::new(), ru: name } } else { LocalText { en: name, ru: String::new() } };
    Domain { id: label.to_owned(), name, guideline: String::new(), examples, hotkey: String::new() }
}
