//! Jobs.

use catalogue::{Language, Text, error_message, percent, t, word};
use contract::job::{JobState, JobStatus};

use super::{Table, moment, share};
use crate::output::excerpt;
use crate::progress::took;

/// Jobs, latest first.
pub fn list(lang: Language, jobs: &[JobStatus]) -> String {
    if jobs.is_empty() {
        return t(lang, Text::JobsEmpty).to_owned();
    }
    let mut table = Table::new(&[
        (t(lang, Text::HeadNumber), true),
        (t(lang, Text::HeadJob), false),
        (t(lang, Text::HeadSubject), false),
        (t(lang, Text::HeadState), false),
        (t(lang, Text::HeadProgress), true),
        (t(lang, Text::HeadTook), true),
        (t(lang, Text::HeadCreated), false),
    ]);
    for job in jobs {
        let progress = match (job.state, job.total) {
            (JobState::Done, _) => percent(lang, 1.0),
            (_, Some(total)) => percent(lang, share(job.done, total)),
            (_, None) => "—".to_owned(),
        };
        table.row([
            job.id.to_string(),
            word(lang, &job.kind).to_owned(),
            excerpt(&job.subject, 40),
            word(lang, &job.state).to_owned(),
            progress,
            took(lang, job).unwrap_or_else(|| "—".to_owned()),
            moment(lang, job.created),
        ]);
    }
    let mut text = table.to_string();
    for job in jobs {
        if let Some(error) = &job.error {
            let error = error_message(lang, error).line();
            text += &format!("\n{} {}: {}", t(lang, Text::HeadNumber), job.id, excerpt(&error, 1000));
        }
    }
    text
}

/// One job.
pub fn state(lang: Language, job: &JobStatus) -> String {
    format!("{} {}: {}", word(lang, &job.kind), job.id, word(lang, &job.state))
}
