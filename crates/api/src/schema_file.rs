//! Schema files: JSON in the shapes that people have, or CSV.

use std::path::Path;

use contract::schema::{Domain, LocalText};
use contract::{CallError, ErrorCode};
use serde_json::{Map, Value};

use crate::schema_check::{check, malformed};

/// A schema is small; what is larger is some other file.
const MAX_BYTES: u64 = 16 << 20;

/// Reads and checks a schema file. JSON: an array of ids, an array of domains, `{"domains": […]}`, or groups of ids
/// `{"group": ["id", …]}`. CSV: `id,name_en,name_ru,guideline,examples,hotkey` with examples joined by `|`; only `id` is needed.
///
/// # Errors
/// What the file system says, [`ErrorCode::SchemaMalformed`] and the other codes of a schema; the file is named.
pub(crate) fn read(path: &Path) -> Result<Vec<Domain>, CallError> {
    crate::path::check_file(path)?;
    let unreadable = |error: std::io::Error| CallError::from_io(&error, path.display(), false);
    if std::fs::metadata(path).map_err(unreadable)?.len() > MAX_BYTES {
        return Err(malformed(format!("> {} MiB", MAX_BYTES >> 20)).in_file(path.display()));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    parse(&bytes).and_then(check).map_err(|error| error.in_file(path.display()))
}

fn parse(bytes: &[u8]) -> Result<Vec<Domain>, CallError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text =
        std::str::from_utf8(bytes).map_err(|_| CallError::new(ErrorCode::EncodingInvalid).with("encoding", "utf-8"))?;
    let start = text.trim_start();
    if start.is_empty() {
        Err(CallError::new(ErrorCode::SchemaEmpty))
    } else if start.starts_with(['[', '{']) {
        from_json(serde_json::from_str(text).map_err(|error| malformed(error.to_string()))?)
    } else {
        from_csv(text)
    }
}

fn from_json(value: Value) -> Result<Vec<Domain>, CallError> {
    match value {
        Value::Array(domains) => domains.into_iter().map(domain).collect(),
        Value::Object(mut object) => match object.remove("domains") {
            Some(Value::Array(domains)) => domains.into_iter().map(domain).collect(),
            Some(_) => Err(malformed("domains".to_owned())),
            None => groups(object),
        },
        _ => Err(malformed("[…], {\"domains\": […]}".to_owned())),
    }
}

/// Groups of ids; the group's name is of no use as a label.
fn groups(object: Map<String, Value>) -> Result<Vec<Domain>, CallError> {
    let mut domains = Vec::new();
    for (group, ids) in object {
        let Value::Array(ids) = ids else { return Err(malformed(group)) };
        for id in ids {
            domains.push(domain(id)?);
        }
    }
    Ok(domains)
}

fn domain(value: Value) -> Result<Domain, CallError> {
    match value {
        Value::String(id) => Ok(Domain { id, ..Domain::default() }),
        Value::Number(id) => Ok(Domain { id: id.to_string(), ..Domain::default() }),
        Value::Object(mut object) => {
            let id = match object.remove("id") {
                Some(Value::String(id)) => id,
                Some(Value::Number(id)) => id.to_string(),
                _ => return Err(malformed("id".to_owned())),
            };
            let name = match object.remove("name") {
                Some(Value::String(name)) => LocalText { en: name.clone(), ru: name },
                Some(Value::Object(mut name)) => LocalText { en: text(&mut name, "en")?, ru: text(&mut name, "ru")? },
                None | Some(Value::Null) => {
                    LocalText { en: text(&mut object, "name_en")?, ru: text(&mut object, "name_ru")? }
                }
                Some(_) => return Err(malformed(format!("name ({id})"))),
            };
            let examples = match object.remove("examples") {
                None | Some(Value::Null) => Vec::new(),
                Some(Value::Array(examples)) => {
                    let example = |value: Value| match value {
                        Value::String(example) => Ok(example),
                        _ => Err(malformed(format!("examples ({id})"))),
                    };
                    examples.into_iter().map(example).collect::<Result<_, _>>()?
                }
                Some(_) => return Err(malformed(format!("examples ({id})"))),
            };
            let (guideline, hotkey) = (text(&mut object, "guideline")?, text(&mut object, "hotkey")?);
            Ok(Domain { id, name, guideline, examples, hotkey })
        }
        other => Err(malformed(other.to_string())),
    }
}

fn text(object: &mut Map<String, Value>, key: &str) -> Result<String, CallError> {
    match object.remove(key) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text),
        Some(Value::Number(number)) => Ok(number.to_string()),
        Some(_) => Err(malformed(key.to_owned())),
    }
}

fn from_csv(text: &str) -> Result<Vec<Domain>, CallError> {
    let header = text.lines().next().unwrap_or_default();
    let count = |delimiter: &char| header.matches(*delimiter).count();
    let delimiter = [',', ';', '\t'].into_iter().max_by_key(count).filter(|best| count(best) > 0).unwrap_or(',');
    let delimiter = u8::try_from(delimiter).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
    let broken = |error: csv::Error| {
        let row = error.position().map(csv::Position::line);
        let error = malformed(error.to_string());
        row.map_or(error.clone(), |row| error.at_row(row))
    };
    let names: Vec<String> = reader.headers().map_err(broken)?.iter().map(|name| name.trim().to_lowercase()).collect();
    let place = |name: &str| names.iter().position(|column| column == name);
    let Some(id) = place("id") else {
        let columns = names.join(", ");
        return Err(CallError::new(ErrorCode::ColumnMissing).with("column", "id").with("columns", columns));
    };
    let mut domains = Vec::new();
    for record in reader.records() {
        let record = record.map_err(broken)?;
        let cell = |name: &str| place(name).and_then(|index| record.get(index)).unwrap_or_default().to_owned();
        let examples = cell("examples").split('|').map(|example| example.trim().to_owned()).collect();
        domains.push(Domain {
            id: record.get(id).unwrap_or_default().to_owned(),
            name: LocalText { en: cell("name_en"), ru: cell("name_ru") },
            guideline: cell("guideline"),
            examples,
            hotkey: cell("hotkey"),
        });
    }
    Ok(domains)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn ids(text: &str) -> Vec<String> {
        check(parse(text.as_bytes()).unwrap()).unwrap().into_iter().map(|domain| domain.id).collect()
    }

    #[test]
    fn every_shape_is_read() {
        for text in [
            r#"["a", "b"]"#,
            r#"[{"id": "a"}, {"id": "b", "name": "B", "examples": ["x"], "hotkey": "b"}]"#,
            r#"{"domains": [{"id": "a", "name": {"en": "A", "ru": "А"}}, {"id": "b", "guideline": null}]}"#,
            r#"{"first": ["a"], "second": ["b"]}"#,
            "id\na\nb\n",
            "\u{feff}id;name_en;examples\na;A;one | two\nb;B;\n",
        ] {
            assert_eq!(ids(text), ["a", "b"], "{text}");
        }
    }

    #[test]
    fn csv_cells_find_their_place() {
        let domains =
            parse("name_ru,id,examples,hotkey\nТовар,goods,\"кирпич, красный|доска\",q\n".as_bytes()).unwrap();
        assert_eq!((domains[0].name.ru.as_str(), domains[0].hotkey.as_str()), ("Товар", "q"));
        assert_eq!(domains[0].examples, ["кирпич, красный", "доска"]);
    }

    #[test]
    fn defects_are_named() {
        let code = |text: &str| parse(text.as_bytes()).and_then(check).unwrap_err().code;
        assert_eq!(code(""), ErrorCode::SchemaEmpty);
        assert_eq!(code("[]"), ErrorCode::SchemaEmpty);
        assert_eq!(code("[1, {}]"), ErrorCode::SchemaMalformed);
        assert_eq!(code("{\"domains\": 3}"), ErrorCode::SchemaMalformed);
        assert_eq!(code("[\"a\", "), ErrorCode::SchemaMalformed);
        assert_eq!(code("name\nx\n"), ErrorCode::ColumnMissing);
        assert_eq!(code("[\"a\", \"a\"]"), ErrorCode::SchemaDuplicateId);
        assert_eq!(parse(b"\xff\xfe").unwrap_err().code, ErrorCode::EncodingInvalid);
        let ragged = parse(b"id,guideline\na,x\nb\n").unwrap_err();
        assert_eq!((ragged.code, ragged.place.row), (ErrorCode::SchemaMalformed, Some(3)));
    }
}
