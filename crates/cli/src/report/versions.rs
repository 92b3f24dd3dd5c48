//! Versions.

use std::fmt::Write;

use catalogue::{Language, Text, decimal, file_size, number, t, word};
use contract::version::{CheckoutReport, CommitPreview, VersionDetail, VersionSummary, ViewReport, graph};

use super::changes::{counts, domains, marks};
use super::{Table, facts, moment};
use crate::output::excerpt;

/// A version that was committed just now.
pub fn committed(lang: Language, version: &VersionSummary) -> String {
    let mut text = Text::version_committed(lang, &version.version, &excerpt(&version.message, 200));
    let _ = write!(text, "\n{}", Text::version_size(lang, version.train, version.eval, version.domains));
    if let Some(parent) = version.parents.first() {
        let _ = write!(text, "\n{} {}", Text::version_against(lang, parent), counts(lang, &version.changes));
    }
    let _ = write!(text, "\n{}", Text::version_stored(lang, version.stored_bytes));
    text
}

/// What a commit would make.
pub fn preview(lang: Language, preview: &CommitPreview) -> String {
    let mut text = match &preview.parent {
        Some(parent) if preview.unchanged => return Text::run_unchanged(lang, parent),
        Some(parent) => format!("{} {}", Text::version_against(lang, parent), counts(lang, &preview.changes)),
        None => String::new(),
    };
    let _ = write!(text, "\n{}", Text::version_would_be(lang, &preview.version));
    let _ = write!(text, "\ntrain {}, eval {}", number(lang, preview.train), number(lang, preview.eval));
    let _ = write!(text, "\n\n{}", domains(lang, &preview.domains));
    text.trim_start().to_owned()
}

/// A version's names and status, after one of them was changed.
pub fn named(lang: Language, version: &VersionSummary) -> String {
    let mut words = vec![word(lang, &version.status).to_owned()];
    words.extend(version.tags.iter().map(|tag| excerpt(tag, 100)));
    if version.current {
        words.push(t(lang, Text::VersionIsCurrent).to_owned());
    }
    if version.archived {
        words.push(t(lang, Text::VersionIsArchived).to_owned());
    }
    format!("{}: {}", Text::version_named(lang, &version.version), words.join(", "))
}

/// Versions, latest first.
pub fn list(lang: Language, versions: &[VersionSummary]) -> String {
    if versions.is_empty() {
        return t(lang, Text::VersionsEmpty).to_owned();
    }
    let mut table = Table::new(&[
        (t(lang, Text::HeadVersion), false),
        (t(lang, Text::HeadTag), false),
        (t(lang, Text::HeadStatus), false),
        ("train", true),
        ("eval", true),
        (t(lang, Text::HeadChanges), false),
        (t(lang, Text::HeadCommitted), false),
        (t(lang, Text::HeadAuthor), false),
        (t(lang, Text::HeadMessage), false),
    ]);
    for version in versions {
        table.row([
            version.version.clone(),
            tags(version),
            status(lang, version),
            number(lang, version.train),
            number(lang, version.eval),
            marks(lang, &version.changes),
            moment(lang, version.committed),
            excerpt(&version.author, 30),
            excerpt(&version.message, 60),
        ]);
    }
    table.to_string()
}

fn tags(version: &VersionSummary) -> String {
    if version.tags.is_empty() { "—".to_owned() } else { excerpt(&version.tags.join(", "), 40) }
}

fn status(lang: Language, version: &VersionSummary) -> String {
    let status = word(lang, &version.status);
    if version.archived { format!("{status}, {}", t(lang, Text::VersionIsArchived)) } else { status.to_owned() }
}

/// The history as a graph.
pub fn log(lang: Language, versions: &[VersionSummary]) -> String {
    if versions.is_empty() {
        return t(lang, Text::VersionsEmpty).to_owned();
    }
    let rows = graph(versions);
    let mut text = String::new();
    for (at, (version, row)) in versions.iter().zip(&rows).enumerate() {
        let above = at.checked_sub(1).map_or(&[][..], |at| &rows[at].lines);
        let passing: Vec<usize> =
            above.iter().map(|(_, below)| *below).filter(|column| *column != row.column).collect();
        let width = passing.iter().copied().chain([row.column]).max().unwrap_or(0);
        let mark = |column: usize| match column {
            column if column == row.column => {
                if version.current {
                    '◉'
                } else {
                    '●'
                }
            }
            column if passing.contains(&column) => '│',
            _ => ' ',
        };
        let dots: Vec<String> = (0..=width).map(|column| mark(column).to_string()).collect();
        let names = version.tags.iter().map(|tag| format!(" ({})", excerpt(tag, 40))).collect::<String>();
        let _ = writeln!(text, "{}  {}{names}  {}", dots.join(" "), version.version, status(lang, version));
        let lanes = lanes(&row.lines);
        let parents =
            if version.parents.len() > 1 { format!(" ← {}", version.parents.join(", ")) } else { String::new() };
        let told = format!(
            "{}  {}  {}{parents}",
            moment(lang, version.committed),
            excerpt(&version.author, 30),
            marks(lang, &version.changes)
        );
        let _ = writeln!(text, "{lanes}  {told}");
        let _ = writeln!(text, "{lanes}  {}", excerpt(&version.message, 100));
    }
    text
}

/// The lines between two rows, as letters.
fn lanes(lines: &[(usize, usize)]) -> String {
    let width = lines.iter().map(|(above, below)| above.max(below)).max().copied().unwrap_or(0);
    let mut letters = vec![' '; 2 * width + 1];
    for (above, below) in lines {
        match above.cmp(below) {
            std::cmp::Ordering::Equal => letters[2 * above] = '│',
            std::cmp::Ordering::Less => letters[2 * below - 1] = '╲',
            std::cmp::Ordering::Greater => letters[2 * above - 1] = '╱',
        }
    }
    letters.into_iter().collect()
}

/// One version with its statistics.
pub fn detail(lang: Language, version: &VersionDetail) -> String {
    let summary = &version.summary;
    let parents = if summary.parents.is_empty() { "—".to_owned() } else { summary.parents.join(", ") };
    let mut text = facts([
        (t(lang, Text::HeadVersion), summary.version.clone()),
        (t(lang, Text::FactId), summary.id.clone()),
        (t(lang, Text::HeadTag), tags(summary)),
        (t(lang, Text::FactStatus), status(lang, summary)),
        (t(lang, Text::FactParents), parents),
        (t(lang, Text::HeadMessage), excerpt(&summary.message, 400)),
        (t(lang, Text::HeadAuthor), excerpt(&summary.author, 60)),
        (t(lang, Text::HeadCommitted), moment(lang, summary.committed)),
        (t(lang, Text::FactTrain), number(lang, summary.train)),
        (t(lang, Text::FactEval), number(lang, summary.eval)),
        (t(lang, Text::FactMeanLength), decimal(lang, version.statistics.mean_length(), 1)),
        (t(lang, Text::FactStored), file_size(lang, summary.stored_bytes)),
    ]);
    if let Some(parent) = summary.parents.first() {
        let _ = writeln!(text, "{} {}", Text::version_against(lang, parent), counts(lang, &summary.changes));
    }
    let mut table = Table::new(&[(t(lang, Text::HeadDomain), false), ("train", true), ("eval", true)]);
    for (domain, (train, eval)) in &version.statistics.domains {
        table.row([excerpt(domain, 60), number(lang, *train), number(lang, *eval)]);
    }
    let mut files = Table::new(&[("", false), ("", true), ("", false)]);
    for file in &version.files {
        files.row([format!("  {}", file.name), file_size(lang, file.bytes), format!("sha256 {}", file.sha256)]);
    }
    text = format!("{text}\n{table}\n{files}");
    if let Some(report) = &version.checked {
        let _ = write!(text, "\n{}", super::checks::report(lang, report));
    }
    text
}

/// What a view shows.
pub fn view(lang: Language, report: &ViewReport) -> String {
    let mut text = Text::version_view(lang, &excerpt(&report.folder, 400));
    for (name, version) in &report.entries {
        let _ = write!(
            text,
            "\n  {}",
            if name == version { name.clone() } else { format!("{} → {version}", excerpt(name, 100)) }
        );
    }
    text
}

/// What a checkout wrote.
pub fn checked_out(lang: Language, report: &CheckoutReport) -> String {
    let mut text = Text::version_checked_out(lang, &report.version, &excerpt(&report.folder, 400));
    let mut table = Table::new(&[("", false), ("", false)]);
    for (file, hash) in &report.files {
        table.row([format!("  {file}"), format!("sha256 {hash}")]);
    }
    let _ = write!(text, "\n{table}");
    text
}
