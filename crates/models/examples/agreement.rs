//! Labels texts with a model and compares with the labels that they came with:
//! `cargo run --release -p models --example agreement -- MODEL.gguf|http://ADDRESS#MODEL FILE.tsv [SCHEMA.json [TEXTS]]`
//!
//! The file has a text and a label a line, separated by a tab; without a schema the labels that occur are it. With a number of texts,
//! so many of the file's are asked about first, for the correction of the labels' prior. Prints the share that agrees, the mistakes and
//! the speed.

use std::collections::BTreeSet;
use std::error::Error;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use contract::model::ServerSettings;
use contract::schema::{Domain, Schema};
use models::{CancelToken, GgufModel, HttpModel, LabelModel, LabelPrompt};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(model), Some(file)) = (arguments.next(), arguments.next()) else {
        return Err("usage: agreement MODEL.gguf|http://ADDRESS#MODEL FILE.tsv [SCHEMA.json]".into());
    };
    let content = std::fs::read_to_string(file)?;
    let rows: Vec<(&str, &str)> = content.lines().filter_map(|line| line.split_once('\t')).collect();
    let labels: BTreeSet<&str> = rows.iter().map(|(_, label)| *label).collect();
    let bare = || labels.iter().map(|label| Domain { id: (*label).to_owned(), ..Domain::default() }).collect();
    let domains = match arguments.next() {
        Some(schema) => serde_json::from_value(
            serde_json::from_str::<serde_json::Value>(&std::fs::read_to_string(schema)?)?["domains"].take(),
        )?,
        None => bare(),
    };
    let prior: usize = arguments.next().map_or(Ok(0), |count| count.parse())?;
    let step = (rows.len() / prior.max(1)).max(1);
    let calibration: Vec<String> = rows.iter().step_by(step).take(prior).map(|(text, _)| (*text).to_owned()).collect();
    let prompt = LabelPrompt { calibration, ..LabelPrompt::for_schema(&Schema { domains, revision: 1 }) };
    let started = Instant::now();
    let model: Box<dyn LabelModel> = match model.split_once('#') {
        Some((address, id)) => Box::new(HttpModel::connect(address, id, None, ServerSettings::default())?),
        None => Box::new(GgufModel::open(Path::new(&model))?),
    };
    println!("{:?} ({:?} to load)", model.findings(), started.elapsed());
    let texts: Vec<&str> = rows.iter().map(|(text, _)| *text).collect();
    let cancel = CancelToken::new();
    // The prompt is read once; that is not what a longer run is measured by.
    model.label(&prompt, &texts[..1], &cancel, &mut |_, _| ControlFlow::Continue(()))?;
    let started = Instant::now();
    let (mut right, mut failed) = (0, 0);
    let report = model.label(&prompt, &texts, &cancel, &mut |index, result| {
        match result {
            Ok(scored) if prompt.labels[scored.best().0].id == rows[index].1 => right += 1,
            Ok(scored) => {
                let said = &prompt.labels[scored.best().0].id;
                println!("{} is {}, not {said} {:?}", rows[index].0, rows[index].1, scored.probabilities);
            }
            Err(error) => {
                failed += 1;
                eprintln!("{error}");
            }
        }
        ControlFlow::Continue(())
    })?;
    let seconds = started.elapsed().as_secs_f64();
    #[allow(clippy::cast_precision_loss)] // A rate for people.
    let rate = rows.len() as f64 / seconds;
    println!("{right} of {} agree, {failed} failed, {seconds:.1} s, {rate:.1} texts/s, {report:?}", rows.len());
    Ok(())
}
