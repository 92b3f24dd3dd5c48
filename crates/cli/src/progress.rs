//! A job's progress on standard error: one line that is rewritten on a terminal, now and then a line elsewhere.

use std::io::{IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use catalogue::{Language, Text, decimal, duration, file_size, number, time_left, word};
use contract::UnixMillis;
use contract::job::{JobResult, JobState, JobStatus, JobUnit};

/// At most ten a second on a terminal.
const REPAINT: Duration = Duration::from_millis(100);
/// Elsewhere (a log) a line is for good.
const REPORT: Duration = Duration::from_secs(10);

/// Paints progress.
pub struct Progress {
    lang: Language,
    terminal: bool,
    painted: Mutex<Option<Instant>>,
}

impl Progress {
    /// Paints for standard error as it is.
    pub fn new(lang: Language) -> Self {
        Self { lang, terminal: std::io::stderr().is_terminal(), painted: Mutex::new(None) }
    }

    /// Shows where the job is, unless something was shown just now.
    pub fn show(&self, status: &JobStatus) {
        if !status.state.is_active() {
            return;
        }
        let mut painted = self.painted.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        // In a log a short job needs no line.
        let last = if self.terminal { *painted } else { Some(*painted.get_or_insert(now)) };
        let pause = if self.terminal { REPAINT } else { REPORT };
        if last.is_some_and(|last| now.duration_since(last) < pause) {
            return;
        }
        *painted = Some(now);
        let line = progress_line(self.lang, status, unix_millis());
        let mut err = std::io::stderr().lock();
        let _ = if self.terminal { write!(err, "\r{line}\x1b[K") } else { writeln!(err, "{line}") };
        let _ = err.flush();
    }

    /// Takes the line away, so that what follows stands alone.
    pub fn clear(&self) {
        let mut painted = self.painted.lock().unwrap_or_else(PoisonError::into_inner);
        if self.terminal && painted.is_some() {
            let _ = write!(std::io::stderr().lock(), "\r\x1b[K");
        }
        *painted = None;
    }

    /// A line that stays, above the progress.
    pub fn note(&self, text: &str) {
        let mut err = std::io::stderr().lock();
        let _ = if self.terminal { writeln!(err, "\r\x1b[K{text}") } else { writeln!(err, "{text}") };
    }
}

/// The time.
fn unix_millis() -> UnixMillis {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    UnixMillis::try_from(since.as_millis()).unwrap_or(UnixMillis::MAX)
}

/// `Labelling smollm2: 1,204 of 10,003 items (12%) · 35.2 items/s · 4 min left`.
fn progress_line(lang: Language, status: &JobStatus, now: UnixMillis) -> String {
    let amount = |units: u64| match status.unit {
        JobUnit::Bytes => file_size(lang, units),
        _ => number(lang, units),
    };
    let mut line = format!("{} {}", word(lang, &status.kind), crate::output::excerpt(&status.subject, 40));
    line.truncate(line.trim_end().len());
    line += ": ";
    match status.state {
        JobState::Running => {}
        state => return line + word(lang, &state),
    }
    if let Some(JobResult::Label(report)) = &status.result
        && let Some(pause) = &report.paused
    {
        return line + &crate::output::excerpt(&catalogue::pause(lang, pause, now), 300);
    }
    match status.total.filter(|total| *total > 0) {
        Some(total) => {
            let share = f64_of(status.done) / f64_of(total);
            line += &Text::progress_of(lang, &amount(status.done), &amount(total), share.min(1.0));
        }
        None => line += &amount(status.done),
    }
    if let Some(rate) = status.rate.filter(|rate| *rate > 0.0) {
        line += " · ";
        line += &rate_text(lang, status.unit, rate);
    }
    if let Some(left) = status.seconds_left {
        line += &format!(" · {}", time_left(lang, left));
    }
    line
}

/// Units a second in words.
fn rate_text(lang: Language, unit: JobUnit, rate: f64) -> String {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let whole = rate.round() as u64;
    match unit {
        JobUnit::Rows => Text::rows_a_second(lang, whole),
        JobUnit::Bytes => Text::bytes_a_second(lang, whole),
        JobUnit::Items if rate < 100.0 => Text::items_a_second(lang, &decimal(lang, rate, 1)),
        JobUnit::Items => Text::items_a_second(lang, &number(lang, whole)),
        JobUnit::Samples => Text::samples_a_second(lang, whole),
    }
}

#[allow(clippy::cast_precision_loss)]
fn f64_of(value: u64) -> f64 {
    value as f64
}

/// How long a finished job took, where both ends are known.
pub fn took(lang: Language, status: &JobStatus) -> Option<String> {
    let (started, finished) = (status.started?, status.finished?);
    #[allow(clippy::cast_precision_loss)]
    let seconds = (finished - started) as f64 / 1000.0;
    (seconds >= 0.0).then(|| duration(lang, seconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::JobId;
    use contract::job::JobKind;

    fn labelling(done: u64, total: Option<u64>, rate: Option<f64>) -> JobStatus {
        JobStatus {
            id: JobId(1),
            project: "p".into(),
            kind: JobKind::Label,
            subject: "smollm2".into(),
            state: JobState::Running,
            done,
            total,
            unit: JobUnit::Items,
            rate,
            seconds_left: rate.map(|_| 250.0),
            created: 0,
            started: Some(0),
            finished: None,
            error: None,
            result: None,
        }
    }

    #[test]
    fn a_line_says_how_far_how_fast_and_how_long() {
        let status = labelling(1_204, Some(10_003), Some(35.21));
        assert_eq!(
            progress_line(Language::En, &status, 0).replace('\u{a0}', " "),
            "Labelling smollm2: 1,204 of 10,003 (12%) · 35.2 items/s · 4 min 10 s left"
        );
        let status = labelling(7, None, None);
        assert_eq!(progress_line(Language::Ru, &status, 0), "Разметка smollm2: 7");
    }
}
