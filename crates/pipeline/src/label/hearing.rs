//! What a run hears of its model, and what it makes of it.

use contract::label::{LabelReport, Pause};
use contract::{ItemId, UnixMillis};
use models::{ItemError, Listener, Next, Scored, Traffic};
use store::ItemToLabel;

use super::run::Run;
use crate::job::Stop;

/// A text to ask about, and the items that have it.
pub(super) struct Question<'i> {
    pub(super) text: &'i str,
    pub(super) items: Vec<ItemId>,
    /// Names its answer in the cache.
    pub(super) key: Option<[u8; 32]>,
}

impl<'i> Question<'i> {
    pub(super) fn of(item: &'i ItemToLabel) -> Self {
        Self { text: &item.text, items: vec![item.id], key: None }
    }
}

/// Listens to a model for one page of a run.
pub(super) struct Hearing<'r, 'a, 'q> {
    run: &'r mut Run<'a>,
    questions: &'q [Question<'q>],
    /// What the report said before this page.
    before: LabelReport,
    stop: Option<Stop>,
}

impl<'r, 'a, 'q> Hearing<'r, 'a, 'q> {
    pub(super) fn new(run: &'r mut Run<'a>, questions: &'q [Question<'q>]) -> Self {
        let before = run.batch.report.clone();
        Self { run, questions, before, stop: None }
    }

    /// Ends it; why the run must stop, if it must.
    pub(super) fn over(self) -> Option<Stop> {
        self.run.batch.report.paused = None;
        self.stop
    }

    fn take(&mut self, question: &Question<'_>, answer: Result<Scored, ItemError>) -> Result<(), Stop> {
        let batch = &mut self.run.batch;
        let scored = match answer {
            Ok(scored) => scored,
            Err(error) => {
                batch.fail(&question.items, error);
                return Ok(());
            }
        };
        if let (Some(cache), Some(key)) = (&self.run.cache, question.key) {
            batch.keep(cache.kept(key, &scored, batch.control.now())?);
        }
        batch.report.from_cache += question.items.len() as u64 - 1;
        question.items.iter().try_for_each(|item| batch.push_scored(*item, &scored))
    }

    /// Brings the report up to what has passed.
    fn report(&mut self, traffic: &Traffic, now: UnixMillis) {
        let (before, report) = (&self.before, &mut self.run.batch.report);
        report.prompt_tokens = before.prompt_tokens + traffic.prompt_tokens;
        report.completion_tokens = before.completion_tokens + traffic.completion_tokens;
        report.retries = before.retries + traffic.retries;
        report.faults = before.faults + traffic.faults;
        report.peak_concurrency = before.peak_concurrency.max(traffic.peak_concurrency);
        let millis = |time: std::time::Duration| i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        let pause = traffic.pause.as_ref();
        let waited = traffic.paused + pause.map_or_else(Default::default, |pause| pause.since);
        report.paused_millis = before.paused_millis + millis(waited).unsigned_abs();
        report.paused = pause.map(|pause| {
            // One pause has one beginning, however it is rounded.
            let since = report.paused.as_ref().map_or(now - millis(pause.since), |known| known.since);
            Box::new(Pause { since, next_try: now + millis(pause.next_try), reason: pause.reason.clone() })
        });
    }

    /// What the run shall do after this.
    fn next(&mut self, done: Result<(), Stop>) -> Next {
        match done {
            Err(stop) => {
                self.stop = Some(stop);
                Next::Stop
            }
            Ok(()) if self.run.is_spent() => Next::Finish,
            Ok(()) => Next::GoOn,
        }
    }
}

impl Listener for Hearing<'_, '_, '_> {
    fn answer(&mut self, index: usize, answer: Result<Scored, ItemError>) -> Next {
        let Some(question) = self.questions.get(index) else { return Next::GoOn };
        let done = self.take(question, answer);
        self.next(done)
    }

    fn traffic(&mut self, traffic: &Traffic) -> Next {
        let now = self.run.batch.control.now();
        self.report(traffic, now);
        if traffic.answered > 0 {
            // It may not have been taken yet, and counts before the others do.
            self.run.batch.prove();
        }
        let done = self.run.batch.check_answers(traffic.wrong_answer.as_deref());
        let done = done.and_then(|()| self.run.batch.store_if_due());
        self.next(done)
    }
}
