//! What changed between versions, the history of a sample, and merges.

use std::fmt::Write;

use catalogue::{Language, Text, decimal, number, t, word};
use contract::Page;
use contract::version::{
    Blame, ChangeCounts, ChangeKind, DomainChange, MergeConflict, MergePreview, SampleChange, SampleSide,
    VersionComparison,
};

use super::{Table, moment};
use crate::output::excerpt;

/// Domains that a summary names.
const DOMAINS: usize = 20;

/// Counts of what changed, on one line.
pub fn counts(lang: Language, counts: &ChangeCounts) -> String {
    let ChangeCounts { added, removed, relabelled, text_changed, moved, details, schema_changed } = *counts;
    let mut text = Text::version_counts(lang, added, removed, relabelled, text_changed, moved, details);
    if schema_changed {
        let _ = write!(text, "\n{}", t(lang, Text::VersionSchemaChanged));
    }
    text
}

/// The sign of a kind of change, as the window has it.
fn sign(kind: ChangeKind) -> char {
    match kind {
        ChangeKind::Added => '+',
        ChangeKind::Removed => '−',
        ChangeKind::Relabelled => '~',
        ChangeKind::TextChanged => 'Δ',
        ChangeKind::Moved => '⇄',
        ChangeKind::Details => '·',
    }
}

/// Counts of what changed as marks, for a table: `+12 Δ3`; without the kinds that don't occur, and a dash where nothing changed.
pub fn marks(lang: Language, counts: &ChangeCounts) -> String {
    let occurring = ChangeKind::ALL.iter().filter(|kind| counts.of(**kind) > 0);
    let mut marks: Vec<String> =
        occurring.map(|kind| format!("{}{}", sign(*kind), number(lang, counts.of(*kind)))).collect();
    if counts.schema_changed {
        marks.push(t(lang, Text::ChangesSchema).to_owned());
    }
    if marks.is_empty() { "—".to_owned() } else { marks.join(" ") }
}

/// The domains where something changed.
pub fn domains(lang: Language, changes: &[DomainChange]) -> String {
    let mut table = Table::new(&[
        (t(lang, Text::HeadDomain), false),
        ("train", true),
        ("eval", true),
        (t(lang, Text::HeadGained), true),
        (t(lang, Text::HeadLost), true),
    ]);
    let arrow =
        |before: u64, after: u64| if before == after { after.to_string() } else { format!("{before} → {after}") };
    let changed = |change: &&DomainChange| change.gained + change.lost > 0 || change.before != change.after;
    let mut shown = false;
    for change in changes.iter().filter(changed).take(DOMAINS) {
        shown = true;
        table.row([
            excerpt(&change.domain, 50),
            arrow(change.before.0, change.after.0),
            arrow(change.before.1, change.after.1),
            change.gained.to_string(),
            change.lost.to_string(),
        ]);
    }
    if shown { table.to_string() } else { String::new() }
}

/// Two versions beside each other, with some of the rows.
pub fn diff(lang: Language, comparison: &VersionComparison, rows: &Page<SampleChange>) -> String {
    let mut text = Text::told_diff_between(lang, &comparison.from, &comparison.to);
    let _ = write!(text, "\n{}", counts(lang, &comparison.changes));
    let _ = writeln!(text, "\n{}: {}", t(lang, Text::FactDrift), decimal(lang, comparison.label_drift, 4));
    let _ = writeln!(text, "\n{}", domains(lang, &comparison.domains));
    for change in &rows.rows {
        let _ = writeln!(text, "{}", row(lang, change));
    }
    if let Some(next) = rows.next {
        let _ = writeln!(text, "{}", Text::told_diff_more(lang, &next.to_string()));
    }
    text
}

/// A changed sample on a few lines.
fn row(lang: Language, change: &SampleChange) -> String {
    let kinds: Vec<&str> = change.kinds.iter().map(|kind| word(lang, kind)).collect();
    let mut text = format!("{}  {}", excerpt(&change.id, 32), kinds.join(", "));
    let labels = match (&change.before, &change.after) {
        (Some(before), Some(after)) if before.label != after.label => format!("{} → {}", before.label, after.label),
        (Some(side), None) | (_, Some(side)) => side.label.clone(),
        (None, None) => String::new(),
    };
    let _ = write!(text, "\n    [{}] {}", excerpt(&labels, 80), split(change));
    for (mark, side) in [('−', &change.before), ('+', &change.after)] {
        let both = change.before.is_some() && change.after.is_some();
        if let Some(side) =
            side.as_ref().filter(|_| mark == '+' || !both || change.kinds.contains(&ChangeKind::TextChanged))
        {
            let _ = write!(text, "\n    {mark} {}", excerpt(&side.text, 110));
        }
    }
    if let Some(decided) = change.after.as_ref().and_then(|side| decided(lang, side)) {
        let _ = write!(text, "\n    {decided}");
    }
    text
}

fn split(change: &SampleChange) -> String {
    let name = |side: &Option<SampleSide>| side.as_ref().and_then(|side| side.split).map(|split| split.name());
    match (name(&change.before), name(&change.after)) {
        (Some(before), Some(after)) if before != after => format!("{before} → {after}"),
        (before, after) => after.or(before).unwrap_or_default().to_owned(),
    }
}

fn decided(lang: Language, side: &SampleSide) -> Option<String> {
    let who = side.decided_by.as_ref()?;
    let when = side.decided_at.map(|at| format!(", {}", moment(lang, at))).unwrap_or_default();
    Some(format!("{}: {}{when}", t(lang, Text::HeadDecided), excerpt(who, 60)))
}

/// How many changed samples went to a file.
pub fn exported(lang: Language, rows: u64, file: &str) -> String {
    Text::told_diff_exported(lang, rows, &excerpt(file, 400))
}

/// The history of a sample, oldest first.
pub fn blame(lang: Language, blame: &Blame) -> String {
    let mut text = Text::told_blame_of(lang, &excerpt(&blame.id, 64));
    if !blame.others.is_empty() {
        let others: Vec<String> = blame.others.iter().map(|id| excerpt(id, 64)).collect();
        let _ = write!(text, "\n{}", Text::blame_others(lang, &others.join(", ")));
    }
    for entry in &blame.entries {
        let kinds: Vec<&str> = entry.kinds.iter().map(|kind| word(lang, kind)).collect();
        let kinds = if kinds.is_empty() { t(lang, Text::BlameUntold).to_owned() } else { kinds.join(", ") };
        let head = format!("{}  {}  {}", entry.version, moment(lang, entry.committed), excerpt(&entry.author, 40));
        let _ = write!(text, "\n{head}  {kinds}\n    {}", excerpt(&entry.message, 100));
        if let Some((before, after)) = &entry.ids {
            let _ = write!(text, "\n    {}: {} → {}", t(lang, Text::BlameId), excerpt(before, 64), excerpt(after, 64));
        }
        for (mark, side) in [('−', &entry.before), ('+', &entry.after)] {
            if let Some(side) = side {
                let split = side.split.map(|split| split.name()).unwrap_or_default();
                let _ =
                    write!(text, "\n    {mark} {split} [{}] {}", excerpt(&side.label, 50), excerpt(&side.text, 100));
            }
        }
        if let Some(decided) = entry.after.as_ref().and_then(|side| decided(lang, side)) {
            let _ = write!(text, "\n    {decided}");
        }
    }
    let _ = write!(text, "\n{}", Text::told_blame_in(lang, &blame.versions.join(", ")));
    text
}

/// A merge that brought nothing: what was asked, and what is current.
pub fn nothing_merged(lang: Language, preview: &MergePreview, current: Option<&str>) -> String {
    let mut text = Text::told_merge_nothing(lang, &preview.theirs, &preview.ours);
    if let Some(current) = current {
        let _ = write!(text, "\n{}", Text::told_merge_current(lang, current));
    }
    text
}

/// What a merge would do, and what stands in its way.
pub fn merge(lang: Language, preview: &MergePreview, conflicts: &[MergeConflict]) -> String {
    let mut text = Text::told_merge_of(lang, &preview.theirs, &preview.ours, &preview.base);
    let _ = write!(text, "\n{}", Text::told_merge_ours(lang, &counts(lang, &preview.our_changes)));
    let _ = write!(text, "\n{}", Text::told_merge_theirs(lang, &counts(lang, &preview.their_changes)));
    let _ = writeln!(text, "\n{}", Text::told_merge_conflicts(lang, preview.conflicts, preview.resolved));
    if conflicts.is_empty() {
        return text;
    }
    let mut table = Table::new(&[
        (t(lang, Text::HeadSample), false),
        (t(lang, Text::HeadBase), false),
        (t(lang, Text::HeadOurs), false),
        (t(lang, Text::HeadTheirs), false),
        ("", false),
    ]);
    for conflict in conflicts {
        let label =
            |side: &Option<SampleSide>| side.as_ref().map_or_else(|| "—".to_owned(), |side| excerpt(&side.label, 30));
        let any = conflict.ours.as_ref().or(conflict.theirs.as_ref()).or(conflict.base.as_ref());
        table.row([
            excerpt(&conflict.id, 32),
            label(&conflict.base),
            label(&conflict.ours),
            label(&conflict.theirs),
            any.map(|side| excerpt(&side.text, 60)).unwrap_or_default(),
        ]);
    }
    text + &table.to_string()
}
