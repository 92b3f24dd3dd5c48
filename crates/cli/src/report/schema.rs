//! The label schema.

use catalogue::{Language, Text, local_text, t};
use contract::schema::Schema;

use super::Table;
use crate::output::excerpt;

/// The domains in order.
pub fn domains(lang: Language, schema: &Schema) -> String {
    if schema.domains.is_empty() {
        return t(lang, Text::SchemaEmpty).to_owned();
    }
    let count = u64::try_from(schema.domains.len()).unwrap_or(u64::MAX);
    let mut table = Table::new(&[
        (t(lang, Text::HeadId), false),
        (t(lang, Text::HeadName), false),
        (t(lang, Text::HeadKey), false),
        (t(lang, Text::HeadGuideline), false),
    ]);
    for domain in &schema.domains {
        table.row([
            excerpt(&domain.id, 60),
            excerpt(local_text(lang, &domain.name, ""), 40),
            excerpt(&domain.hotkey, 1),
            excerpt(&domain.guideline, 60),
        ]);
    }
    format!("{}\n\n{table}", Text::schema_revision(lang, count, schema.revision))
}

/// A schema that was set just now.
pub fn saved(lang: Language, schema: &Schema) -> String {
    let count = u64::try_from(schema.domains.len()).unwrap_or(u64::MAX);
    Text::schema_saved(lang, count, schema.revision)
}
