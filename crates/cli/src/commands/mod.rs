//! The commands, one file each: arguments in, calls made, a reply out.

mod import;
mod init;
mod items;
mod jobs;
mod label;
mod labellers;
mod models;
mod review;
mod run;
mod schema;
mod version;
mod version_keep;
mod version_merge;
mod write;

use catalogue::Language;

use crate::arguments::{Arguments, Command};
use crate::failure::Failure;
use crate::output::Reply;

/// Does what was asked for.
///
/// # Errors
/// Whatever the command ran into.
pub fn execute(arguments: Arguments, lang: Language) -> Result<Reply, Failure> {
    match arguments.command {
        Command::Init(init) => init::init(lang, &init),
        Command::Import(import) => import::import(lang, &import),
        Command::Schema(schema) => schema::schema(lang, &schema),
        Command::Models(models) => models::models(lang, models),
        Command::Label(label) => label::label(lang, label),
        Command::Train(train) => labellers::train(lang, train),
        Command::Calibrate(calibrate) => labellers::calibrate(lang, calibrate),
        Command::Thresholds(thresholds) => labellers::thresholds(lang, thresholds),
        Command::Compare(compare) => labellers::compare(lang, compare),
        Command::Prompt(prompt) => labellers::prompt(lang, prompt),
        Command::Encoders => labellers::encoders(lang),
        Command::Review(review) => review::review(lang, review),
        Command::Write(write) => write::write(lang, &write),
        Command::Version(version) => version::version(lang, &version),
        Command::Jobs(jobs) => jobs::jobs(lang, &jobs),
        Command::Items(items) => items::items(lang, items),
        Command::Stats(project) => items::stats(lang, &project.dir),
        Command::Run(run) => run::run(lang, &run),
    }
}
