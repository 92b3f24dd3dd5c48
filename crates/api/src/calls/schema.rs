//! The label schema.

use contract::schema::{Domain, GetSchema, ReadSchemaFile, Schema, SetSchema, SuggestSchema, SuggestedDomain};
use contract::{CallError, ErrorCode};

use crate::Winnow;
use crate::path::absolute;
use crate::route::Handle;

/// A column with more labels than this is no label column; the most frequent are suggested.
const SUGGESTED: u32 = 1000;

impl Handle for GetSchema {
    fn handle(self, winnow: &Winnow) -> Result<Schema, CallError> {
        Ok(winnow.project(&self.project)?.store().schema()?)
    }
}

impl Handle for SetSchema {
    fn handle(self, winnow: &Winnow) -> Result<Schema, CallError> {
        let domains: Vec<Domain> = self.domains.into_iter().map(trim).collect();
        ingest::check_schema(&domains)?;
        Ok(winnow.writable(&self.project)?.store().set_schema(&domains)?)
    }
}

impl Handle for SuggestSchema {
    fn handle(self, winnow: &Winnow) -> Result<Vec<SuggestedDomain>, CallError> {
        let suggested = winnow.project(&self.project)?.store().suggest_schema(SUGGESTED)?;
        if suggested.is_empty() { Err(CallError::new(ErrorCode::SchemaNoLabels)) } else { Ok(suggested) }
    }
}

impl Handle for ReadSchemaFile {
    fn handle(self, _: &Winnow) -> Result<Vec<Domain>, CallError> {
        ingest::read_schema(&absolute(&self.path)?)
    }
}

/// Blanks around what a person typed mean nothing.
fn trim(mut domain: Domain) -> Domain {
    let Domain { id, name, guideline, examples, hotkey } = &mut domain;
    for text in [id, &mut name.en, &mut name.ru, guideline, hotkey] {
        if text.trim().len() != text.len() {
            *text = text.trim().to_owned();
        }
    }
    examples.retain(|example| !example.trim().is_empty());
    domain
}
