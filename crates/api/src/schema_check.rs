//! What a label schema must be like.

use std::collections::HashMap;

use contract::schema::Domain;
use contract::{CallError, ErrorCode};

/// Longest id, in characters.
const MAX_ID: usize = 200;

/// Trims and checks domains: at least two, ids of 1 to 200 characters and unique without regard to case and blanks,
/// hotkeys of one character and unique.
///
/// # Errors
/// [`ErrorCode::SchemaEmpty`], [`ErrorCode::SchemaDuplicateId`], [`ErrorCode::SchemaDuplicateHotkey`],
/// [`ErrorCode::SchemaMalformed`].
pub(crate) fn check(domains: Vec<Domain>) -> Result<Vec<Domain>, CallError> {
    if domains.is_empty() {
        return Err(CallError::new(ErrorCode::SchemaEmpty));
    }
    let domains: Vec<Domain> = domains.into_iter().map(trim).collect();
    let mut ids: HashMap<String, &str> = HashMap::new();
    let mut hotkeys: HashMap<String, &str> = HashMap::new();
    for domain in &domains {
        check_id(&domain.id)?;
        // A model is given ids with single blanks, so two that differ in blanks alone can't be told apart.
        let folded = domain.id.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        if ids.insert(folded, &domain.id).is_some() {
            return Err(CallError::new(ErrorCode::SchemaDuplicateId).with("id", &domain.id));
        }
        if domain.hotkey.is_empty() {
            continue;
        }
        if domain.hotkey.chars().count() != 1 {
            return Err(malformed(format!("hotkey {:?} ({})", domain.hotkey, domain.id)));
        }
        if let Some(first) = hotkeys.insert(domain.hotkey.to_lowercase(), &domain.id) {
            return Err(CallError::new(ErrorCode::SchemaDuplicateHotkey)
                .with("hotkey", &domain.hotkey)
                .with("first", first)
                .with("second", &domain.id));
        }
    }
    if domains.len() < 2 {
        return Err(malformed(format!("1 ({})", domains[0].id)).with("needed", 2));
    }
    Ok(domains)
}

fn check_id(id: &str) -> Result<(), CallError> {
    if id.is_empty() || id.chars().count() > MAX_ID || id.chars().any(char::is_control) {
        let shown: String = id.chars().take(MAX_ID).collect();
        return Err(malformed(format!("id {shown:?}")));
    }
    Ok(())
}

pub(crate) fn malformed(detail: String) -> CallError {
    CallError::new(ErrorCode::SchemaMalformed).with("detail", detail)
}

fn trim(mut domain: Domain) -> Domain {
    for text in [&mut domain.id, &mut domain.name.en, &mut domain.name.ru, &mut domain.guideline, &mut domain.hotkey] {
        if text.trim().len() != text.len() {
            *text = text.trim().to_owned();
        }
    }
    domain.examples.retain(|example| !example.trim().is_empty());
    domain
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn domain(id: &str, hotkey: &str) -> Domain {
        Domain { id: id.into(), hotkey: hotkey.into(), ..Domain::default() }
    }

    #[test]
    fn defects_are_named() {
        let code = |domains: Vec<Domain>| check(domains).unwrap_err().code;
        assert_eq!(code(vec![]), ErrorCode::SchemaEmpty);
        assert_eq!(code(vec![domain("a", ""), domain(" A ", "")]), ErrorCode::SchemaDuplicateId);
        assert_eq!(code(vec![domain("a b", ""), domain("a  b", "")]), ErrorCode::SchemaDuplicateId);
        assert_eq!(code(vec![domain("a", "q"), domain("b", "Q")]), ErrorCode::SchemaDuplicateHotkey);
        assert_eq!(code(vec![domain("a", "qq"), domain("b", "")]), ErrorCode::SchemaMalformed);
        assert_eq!(code(vec![domain("", ""), domain("b", "")]), ErrorCode::SchemaMalformed);
        assert_eq!(code(vec![domain("only", "")]), ErrorCode::SchemaMalformed);
        assert_eq!(code(vec![domain(&"x".repeat(201), ""), domain("b", "")]), ErrorCode::SchemaMalformed);
    }

    #[test]
    fn texts_are_trimmed() {
        let domains = check(vec![domain(" товар ", ""), domain("услуга", "у")]).unwrap();
        assert_eq!(domains[0].id, "товар");
    }
}
