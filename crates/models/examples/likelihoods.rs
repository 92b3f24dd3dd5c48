//! Writes what a model makes of texts, for the study of priors:
//! `cargo run --release -p models --example likelihoods -- MODEL.gguf FILE.tsv SCHEMA.json|- [MORE_TEXTS.txt]`
//!
//! The file has a text and a label a line, separated by a tab; without a schema the labels that occur are it. Each line that is
//! printed is JSON: the label that the text came with (empty for further texts) and the natural logarithms of all labels'
//! likelihoods; the first line has the labels.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;

use contract::schema::{Domain, Schema};
use models::{GgufModel, LabelPrompt};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, file, schema, more @ ..] = arguments.as_slice() else {
        return Err("usage: likelihoods MODEL.gguf FILE.tsv SCHEMA.json|- [MORE_TEXTS.txt]".into());
    };
    let content = std::fs::read_to_string(file)?;
    let mut rows: Vec<(&str, &str)> = content.lines().filter_map(|line| line.split_once('\t')).collect();
    let labels: BTreeSet<&str> = rows.iter().map(|(_, label)| *label).collect();
    let domains = if schema == "-" {
        labels.iter().map(|label| Domain { id: (*label).to_owned(), ..Domain::default() }).collect()
    } else {
        let read: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(schema)?)?;
        serde_json::from_value(read["domains"].clone())?
    };
    let prompt = LabelPrompt::for_schema(&Schema { domains, revision: 1 });
    let more = more.first().map(std::fs::read_to_string).transpose()?.unwrap_or_default();
    rows.extend(more.lines().map(|text| (text, "")));
    let model = GgufModel::open(Path::new(model))?;
    let ids: Vec<&str> = prompt.labels.iter().map(|label| label.id.as_str()).collect();
    println!("{}", serde_json::json!(ids));
    let texts: Vec<&str> = rows.iter().map(|(text, _)| *text).collect();
    for ((_, label), logs) in rows.iter().zip(model.log_likelihoods(&prompt, &texts)?) {
        println!("{}", serde_json::json!([label, logs]));
    }
    Ok(())
}
