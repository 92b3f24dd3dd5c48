//! A job's progress in words and numbers, the same wherever a job is shown.

use contract::job::{JobStatus, JobUnit};

use crate::text::{Text, lang, number};

/// How far a job is, in [0, 1]; `None` when the whole is not known.
pub fn share(job: &JobStatus) -> Option<f64> {
    #[allow(clippy::cast_precision_loss)]
    job.total.filter(|total| *total > 0).map(|total| job.done as f64 / total as f64)
}

/// What is done of how much, and how fast.
pub fn done(job: &JobStatus) -> String {
    let amount = |value: u64| match job.unit {
        JobUnit::Bytes => catalogue::file_size(lang(), value),
        JobUnit::Rows | JobUnit::Items | JobUnit::Samples => number(value),
    };
    let done = match job.total {
        Some(total) => Text::done_of(lang(), &amount(job.done), &amount(total)),
        None => amount(job.done),
    };
    match job.rate {
        Some(rate) if rate > 0.0 && job.state.is_active() => format!("{done} · {}", speed(job.unit, rate)),
        _ => done,
    }
}

/// How long it will still take; empty when that is not known.
pub fn left(job: &JobStatus) -> String {
    job.seconds_left.map(|seconds| catalogue::time_left(lang(), seconds)).unwrap_or_default()
}

fn speed(unit: JobUnit, rate: f64) -> String {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let whole = rate.round() as u64;
    match unit {
        JobUnit::Bytes => Text::bytes_a_second(lang(), whole),
        JobUnit::Rows => Text::rows_a_second(lang(), whole),
        JobUnit::Samples => Text::samples_a_second(lang(), whole),
        // A model labels few items a second: a digit more tells something.
        JobUnit::Items if rate < 10.0 => Text::items_a_second(lang(), &catalogue::decimal(lang(), rate, 1)),
        JobUnit::Items => Text::items_a_second(lang(), &number(whole)),
    }
}
