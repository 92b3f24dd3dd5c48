//! What a labelling run went through with its server.

use contract::UnixMillis;
use contract::label::{BudgetKind, FaultCounts, LabelReport, Pause};
use contract::settings::Language;

use crate::macros::texts;
use crate::{Text, error_message};

texts! {
    traffic_peak(count: requests): "At once: up to {count}", "Одновременно: {count}, не больше";
    traffic_retries(count: requests, kinds: text): "Tried again: {count} ({kinds})", "Повторено: {count} ({kinds})";
    fault_rate_limited(count: number): "asked to slow down {count}", "просили не спешить {count}";
    fault_server_errors(count: number): "server errors {count}", "ошибки сервера {count}";
    fault_timeouts(count: number): "no answer in time {count}", "нет ответа в срок {count}";
    fault_connections_lost(count: number): "connections lost {count}", "обрывы связи {count}";
    fault_malformed(count: number): "damaged answers {count}", "испорченные ответы {count}";
    fault_not_a_label(count: number): "no label in the answer {count}", "в ответе нет метки {count}";
    traffic_paused(time: duration): "Waited for the server: {time}", "Ожидание сервера: {time}";
    traffic_waits(reason: text, next: duration):
        "Paused, the server does not answer. {reason} Next try in {next}; the run goes on by itself.",
        "Пауза: сервер не отвечает. {reason} Следующая попытка через {next}; разметка продолжится сама.";
    traffic_waits_now(reason: text):
        "Paused, the server does not answer. {reason} It is being tried now; the run goes on by itself.",
        "Пауза: сервер не отвечает. {reason} Идёт новая попытка; разметка продолжится сама.";
    budget_tokens(left: items): "The run's budget of tokens is used up. Left for the next run: {left}.",
        "Запас токенов на запуск исчерпан. Осталось на следующий запуск: {left}.";
    budget_time(left: items): "The run's time is used up. Left for the next run: {left}.",
        "Время запуска исчерпано. Осталось на следующий запуск: {left}.";
}

/// What there is to say of a run and its server, a line each; nothing of a run without trouble in process.
#[must_use]
pub fn traffic(lang: Language, report: &LabelReport) -> Vec<String> {
    let mut lines = Vec::new();
    if report.peak_concurrency > 0 {
        lines.push(Text::traffic_peak(lang, u64::from(report.peak_concurrency)));
    }
    if report.retries > 0 {
        let kinds = faults(lang, &report.faults);
        lines.push(match kinds.is_empty() {
            true => Text::label_retries(lang, report.retries),
            false => Text::traffic_retries(lang, report.retries, &kinds),
        });
    }
    if report.paused_millis > 0 {
        #[allow(clippy::cast_precision_loss)] // Exact for thousands of years.
        lines.push(Text::traffic_paused(lang, report.paused_millis as f64 / 1000.0));
    }
    lines.extend(report.ended_by.map(|kind| match kind {
        BudgetKind::Tokens => Text::budget_tokens(lang, report.left),
        BudgetKind::Time => Text::budget_time(lang, report.left),
    }));
    lines
}

/// What a run waits for, as seen at `now`.
#[must_use]
pub fn pause(lang: Language, pause: &Pause, now: UnixMillis) -> String {
    let reason = error_message(lang, &pause.reason).what;
    #[allow(clippy::cast_precision_loss)] // Seconds.
    let next = (pause.next_try - now) as f64 / 1000.0;
    if next < 1.0 { Text::traffic_waits_now(lang, &reason) } else { Text::traffic_waits(lang, &reason, next) }
}

/// The faults by kind, without those that did not occur.
fn faults(lang: Language, faults: &FaultCounts) -> String {
    let kinds = [
        (faults.rate_limited, Text::fault_rate_limited as fn(Language, u64) -> String),
        (faults.server_errors, Text::fault_server_errors),
        (faults.timeouts, Text::fault_timeouts),
        (faults.connections_lost, Text::fault_connections_lost),
        (faults.malformed, Text::fault_malformed),
        (faults.not_a_label, Text::fault_not_a_label),
    ];
    let told = kinds.iter().filter(|(count, _)| *count > 0).map(|(count, text)| text(lang, *count));
    told.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::{CallError, ErrorCode};

    #[test]
    fn a_run_without_a_server_has_nothing_to_say() {
        assert!(traffic(Language::En, &LabelReport::default()).is_empty());
    }

    #[test]
    fn what_went_wrong_is_said_by_kind() {
        let faults = FaultCounts { rate_limited: 3, timeouts: 1, ..FaultCounts::default() };
        let report = LabelReport {
            retries: 4,
            faults,
            paused_millis: 2_000,
            peak_concurrency: 8,
            ended_by: Some(BudgetKind::Tokens),
            left: 5,
            ..LabelReport::default()
        };
        let plain = |lines: Vec<String>| lines.iter().map(|line| line.replace('\u{a0}', " ")).collect::<Vec<_>>();
        assert_eq!(
            plain(traffic(Language::En, &report)),
            [
                "At once: up to 8 requests",
                "Tried again: 4 requests (asked to slow down 3, no answer in time 1)",
                "Waited for the server: 2 s",
                "The run's budget of tokens is used up. Left for the next run: 5 items.",
            ]
        );
        assert_eq!(
            plain(traffic(Language::Ru, &report))[1],
            "Повторено: 4 запроса (просили не спешить 3, нет ответа в срок 1)"
        );
    }

    #[test]
    fn a_pause_says_why_and_for_how_long() {
        let reason = CallError::new(ErrorCode::ServerUnreachable).with("server", "http://s").with("detail", "refused");
        let waits = Pause { since: 0, next_try: 9_000, reason };
        let line = pause(Language::En, &waits, 2_000).replace('\u{a0}', " ");
        assert!(line.contains("http://s") && line.contains("in 7"), "{line}");
        assert!(pause(Language::En, &waits, 9_000).contains("now"));
    }
}
