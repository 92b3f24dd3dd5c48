//! What an import did, and what its trial would do.

use catalogue::{Language, Text, number, percent, t, word};
use contract::source::{ImportReport, WrittenFile};

use super::{Table, share};
use crate::output::excerpt;

/// A report for each file, and the sum when there are several.
pub fn imported(lang: Language, reports: &[ImportReport], trial: bool) -> String {
    let mut text = String::new();
    for report in reports {
        text += &file(lang, report, trial);
        text.push('\n');
    }
    if reports.len() > 1 {
        let read = reports.iter().map(|report| report.read).sum();
        let kept = reports.iter().map(|report| report.kept).sum();
        let files = u64::try_from(reports.len()).unwrap_or(u64::MAX);
        text += &Text::import_sum(lang, files, read, kept);
        text.push('\n');
    }
    if trial {
        text += t(lang, Text::ImportTrialNote);
    }
    text
}

fn file(lang: Language, report: &ImportReport, trial: bool) -> String {
    let mut text = format!("{}\n", excerpt(&report.path, 400));
    let mut reading: Vec<String> = Vec::new();
    if let Some(format) = &report.format {
        reading.push(word(lang, format).to_owned());
    }
    reading.extend(report.encoding.clone());
    if let Some(delimiter) = &report.delimiter {
        reading.push(Text::delimiter_is(lang, &visible(delimiter)));
    }
    if let Some(sheet) = &report.sheet {
        reading.push(Text::sheet_is(lang, &excerpt(sheet, 40)));
    }
    let columns = [
        (Text::ColumnRoleText, &report.mapping.text),
        (Text::ColumnRoleLabel, &report.mapping.label),
        (Text::ColumnRoleTime, &report.mapping.ts),
        (Text::ColumnRoleUser, &report.mapping.user),
    ];
    let roles: Vec<String> = columns
        .into_iter()
        .filter_map(|(role, column)| Some(format!("{} ← {}", t(lang, role), excerpt(column.as_ref()?, 40))))
        .collect();
    text += &format!("  {}\n  {}\n", reading.join(", "), roles.join(", "));
    let kept = share(report.kept, report.read);
    text += "  ";
    text += &match trial {
        true => Text::import_would_keep(lang, report.read, report.kept, kept),
        false => Text::import_kept(lang, report.read, report.kept, kept),
    };
    text.push('\n');
    if report.with_label > 0 {
        text += &format!("  {}\n", Text::import_labels(lang, report.with_label, report.labels));
    }
    if !report.dropped.is_empty() {
        text += &format!("  {}\n", t(lang, Text::ImportDropped));
        let mut table = Table::new(&[("", false), ("", true), ("", true)]);
        for (reason, &rows) in &report.dropped {
            let part = percent(lang, share(rows, report.read));
            table.row([format!("    {}", word(lang, reason)), number(lang, rows), part]);
        }
        text += &table.to_string();
    }
    text
}

/// A delimiter that can be seen.
fn visible(delimiter: &str) -> String {
    match delimiter {
        "\t" | "\\t" => "TAB".to_owned(),
        other => excerpt(other, 4),
    }
}

/// A file that was written.
pub fn written(lang: Language, file: &WrittenFile) -> String {
    Text::file_written(lang, &excerpt(&file.path, 400), file.rows)
}
