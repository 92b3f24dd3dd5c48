//! `winnow schema`: the domains of a project.

use catalogue::Language;
use contract::schema::{Domain, GetSchema, ReadSchemaFile, Schema as LabelSchema, SetSchema, SuggestSchema};

use crate::arguments::{Schema, SchemaAction};
use crate::failure::Failure;
use crate::output::Reply;
use crate::report;
use crate::session::{Session, path_text};

pub fn schema(lang: Language, schema: &Schema) -> Result<Reply, Failure> {
    let session = Session::open(lang, &schema.dir)?;
    match &schema.action {
        SchemaAction::Show => {
            let schema = session.call(GetSchema { project: session.project() })?;
            Reply::new(&schema, report::schema::domains(lang, &schema))
        }
        SchemaAction::Set { file } => {
            let domains = session.call(ReadSchemaFile { path: path_text(file)? })?;
            let schema = set_domains(&session, domains)?;
            Reply::new(&schema, report::schema::saved(lang, &schema))
        }
        SchemaAction::FromLabels => {
            let domains = suggested(&session)?;
            let schema = set_domains(&session, domains)?;
            let text =
                format!("{}\n\n{}", report::schema::saved(lang, &schema), report::schema::domains(lang, &schema));
            Reply::new(&schema, text)
        }
    }
}

/// The domains that the items' labels suggest.
pub fn suggested(session: &Session) -> Result<Vec<Domain>, Failure> {
    let suggestions = session.call(SuggestSchema { project: session.project() })?;
    Ok(suggestions.into_iter().map(|suggestion| suggestion.domain).collect())
}

/// Sets the domains, unless they are the project's already: a new revision would make predictions stale.
pub fn set_domains(session: &Session, domains: Vec<Domain>) -> Result<LabelSchema, Failure> {
    let present = session.call(GetSchema { project: session.project() })?;
    if present.revision > 0 && present.domains == domains {
        return Ok(present);
    }
    session.call(SetSchema { project: session.project(), domains })
}
