//! `winnow train`, `calibrate`, `thresholds`, `compare`, `prompt`, `encoders`: what labellers are worth and what they go by.

use std::path::Path;

use catalogue::{Language, Text};
use contract::compare::{GetComparison, ListComparisons, ListDisagreements, ReviewDisagreements, StartComparison};
use contract::confidence::{GetPlot, GetThresholds, Plot, StartCalibration};
use contract::item::ItemFilter;
use contract::job::JobResult;
use contract::label::LabelScope;
use contract::labeller::{FewShot, GetPrompt, ListEncoders, PromptSettings, SetPrompt, StartTraining};
use contract::{CallError, ErrorCode};

use super::items::gathered;
use crate::arguments::{Calibrate, Compare, CompareAction, Prompt, PromptAction, Thresholds, Train};
use crate::failure::Failure;
use crate::output::Reply;
use crate::report;
use crate::session::{Session, path_text};

pub fn train(lang: Language, train: Train) -> Result<Reply, Failure> {
    let session = Session::open(lang, &train.dir)?;
    let status = session.run(StartTraining { project: session.project(), model: train.name })?;
    let Some(JobResult::Train(report)) = status.result else { return Err(without_result()) };
    Reply::new(&report, report::labellers::trained(lang, &report))
}

pub fn calibrate(lang: Language, calibrate: Calibrate) -> Result<Reply, Failure> {
    let session = Session::open(lang, &calibrate.dir)?;
    let (model, limit, trust_labels) = (calibrate.name, calibrate.limit, calibrate.trust_labels);
    let request = StartCalibration { project: session.project(), model: model.clone(), limit, trust_labels };
    let Some(JobResult::Calibrate(report)) = session.run(request)?.result else { return Err(without_result()) };
    if let Some(file) = &calibrate.plot {
        save_plot(&session, Plot::Reliability { model }, file)?;
    }
    Reply::new(&report, report::labellers::calibrated(lang, &report))
}

pub fn thresholds(lang: Language, thresholds: Thresholds) -> Result<Reply, Failure> {
    let session = Session::open(lang, &thresholds.dir)?;
    let (model, max_error, trust_labels) = (thresholds.name, thresholds.max_error, thresholds.trust_labels);
    let request = GetThresholds { project: session.project(), model: model.clone(), max_error, trust_labels };
    let report = session.call(request)?;
    if let Some(file) = &thresholds.plot {
        save_plot(&session, Plot::Thresholds { model, max_error, trust_labels }, file)?;
    }
    Reply::new(&report, report::labellers::thresholds(lang, &report, max_error.is_some()))
}

/// Writes a plot as a file of its own, with colours of its own.
fn save_plot(session: &Session, plot: Plot, file: &Path) -> Result<(), Failure> {
    const STYLE: &str = "<style>.plot-axis{color:#666}.plot-text{color:#222}.plot-grid{color:#ddd}.plot-before{color:#c2410c}\
        .plot-after{color:#1d4ed8}.plot-ideal{color:#999}.plot-error{color:#93b4f5}.plot-review{color:#047857}\
        .plot-target{color:#b91c1c}</style>";
    let svg = session.call(GetPlot { project: session.project(), plot, language: session.lang })?;
    let styled = match svg.find('>') {
        Some(end) => format!("{}{STYLE}{}", &svg[..=end], &svg[end + 1..]),
        None => svg,
    };
    std::fs::write(file, styled).map_err(|error| CallError::from_io(&error, file.display(), true).into())
}

pub fn compare(lang: Language, compare: Compare) -> Result<Reply, Failure> {
    let session = Session::open(lang, &compare.dir)?;
    let project = session.project();
    match compare.action {
        CompareAction::Run { first, second, limit, sample_seed, filter, trust_labels, known_only } => {
            let filter = filter.as_deref().map(ItemFilter::parse).transpose()?.unwrap_or_default();
            let scope = LabelScope { filter, limit: Some(limit), sample_seed: Some(sample_seed) };
            let status = session.run(StartComparison { project, first, second, scope, trust_labels, known_only })?;
            let Some(JobResult::Compare(report)) = status.result else { return Err(without_result()) };
            Reply::new(&report, report::comparison::compared(lang, &report))
        }
        CompareAction::List => {
            let comparisons = session.call(ListComparisons { project, limit: 100 })?;
            Reply::new(&comparisons, report::comparison::list(lang, &comparisons))
        }
        CompareAction::Show { id } => {
            let report = session.call(GetComparison { project, id })?;
            Reply::new(&report, report::comparison::compared(lang, &report))
        }
        CompareAction::Disagreements { id, limit, after } => {
            let page = gathered(limit, after, |after, limit| {
                session.call(ListDisagreements { project: session.project(), id, after, limit })
            })?;
            Reply::new(&page, report::comparison::disagreements(lang, &page))
        }
        CompareAction::Review { id } => {
            let sent = session.call(ReviewDisagreements { project, id })?;
            Reply::new(&sent, Text::sent_to_review(lang, sent))
        }
    }
}

pub fn prompt(lang: Language, prompt: Prompt) -> Result<Reply, Failure> {
    let session = Session::open(lang, &prompt.dir)?;
    let project = session.project();
    let view = match prompt.action {
        PromptAction::Show => session.call(GetPrompt { project })?,
        PromptAction::Reset => session.call(SetPrompt { project, settings: PromptSettings::default() })?,
        PromptAction::Set { instruction, nearest, examples, characters, shortlist, encoder } => {
            let known = session.call(GetPrompt { project: project.clone() })?.settings;
            let instruction = match instruction {
                Some(file) => Some(
                    std::fs::read_to_string(&file)
                        .map_err(|error| CallError::from_io(&error, file.display(), false))?,
                ),
                None => known.instruction,
            };
            let few_shot = FewShot {
                nearest: nearest || known.few_shot.nearest,
                count: examples.unwrap_or(known.few_shot.count),
                characters: characters.unwrap_or(known.few_shot.characters),
                shortlist: shortlist.or(known.few_shot.shortlist),
                encoder: match encoder {
                    Some(name) => Some(encoder_path(&session, &name)?),
                    None => known.few_shot.encoder,
                },
            };
            session.call(SetPrompt { project, settings: PromptSettings { instruction, few_shot } })?
        }
    };
    Reply::new(&view, report::labellers::prompt(lang, &view))
}

pub fn encoders(lang: Language) -> Result<Reply, Failure> {
    let session = Session::at(lang, Path::new("."))?;
    let encoders = session.call(ListEncoders {})?;
    Reply::new(&encoders, report::labellers::encoders(lang, &encoders))
}

/// The folder of an encoder that is named, or given as a path.
pub fn encoder_path(session: &Session, name: &str) -> Result<String, Failure> {
    let known = session.call(ListEncoders {})?;
    match known.into_iter().find(|encoder| encoder.name == name) {
        Some(encoder) => Ok(encoder.path),
        None => path_text(Path::new(name)),
    }
}

fn without_result() -> Failure {
    CallError::new(ErrorCode::Internal).with("detail", "the job gave nothing").into()
}
