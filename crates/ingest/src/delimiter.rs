//! Which character separates the values of a text table, and whether it uses quotes.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

/// Candidates in order of preference. No colon: times and «who: what» would make tables of plain lines.
const CANDIDATES: &[u8] = b",;\t|^~";

/// How a text table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// Between two values.
    pub delimiter: u8,
    /// Whether `"` encloses values.
    pub quoting: bool,
}

impl Dialect {
    /// A parser of this dialect.
    pub fn parser(self) -> Reader {
        ReaderBuilder::new().delimiter(self.delimiter).quoting(self.quoting).build()
    }
}

/// The dialect of the (decoded) beginning of a table. `tabs`: the name says that it is a TSV. `delimiter`: what the
/// person chose.
pub fn detect(sample: &[u8], whole: bool, tabs: bool, delimiter: Option<u8>) -> Dialect {
    let candidates: &[u8] = match &delimiter {
        Some(delimiter) => std::slice::from_ref(delimiter),
        None if tabs => b"\t",
        None => CANDIDATES,
    };
    let mut best: Option<(f32, usize, Dialect)> = None;
    // The dialect that takes the first line for columns' names, should the rest be too ragged to tell.
    let mut by_header: Option<(usize, Dialect)> = None;
    for &delimiter in candidates {
        // Without quotes are tables of tabs and bars only; elsewhere a quote that is not closed is a defect.
        let unquoted = matches!(delimiter, b'\t' | b'|');
        for quoting in if unquoted { &[true, false][..] } else { &[true] } {
            let quoting = *quoting;
            let dialect = Dialect { delimiter, quoting };
            let widths = widths(sample, whole, dialect);
            let Some(&header) = widths.first() else { continue };
            if header < 2 {
                continue;
            }
            if quoting && has_names(sample, delimiter) && by_header.is_none_or(|(most, _)| header > most) {
                by_header = Some((header, dialect));
            }
            let same = widths.iter().filter(|&&width| width == header).count();
            #[allow(clippy::cast_precision_loss)]
            let share = same as f32 / widths.len() as f32;
            // Quotes are the rule: they are given up only where that makes the table clearly more regular.
            let share = if quoting { share + 0.05 } else { share };
            if share >= 0.5 && best.is_none_or(|(highest, columns, _)| (share, header) > (highest, columns)) {
                best = Some((share, header, dialect));
            }
        }
    }
    match best.map(|(.., dialect)| dialect).or(by_header.map(|(_, dialect)| dialect)) {
        Some(dialect) => dialect,
        // One column: a delimiter that doesn't occur keeps commas inside the texts.
        None => {
            let unused = CANDIDATES.iter().chain(b"\x1f").copied().find(|byte| !sample.contains(byte));
            Dialect { delimiter: delimiter.or(unused).unwrap_or(b'\x1f'), quoting: sample.contains(&b'"') }
        }
    }
}

/// Whether the first line reads as columns' names: short, without sentences.
fn has_names(sample: &[u8], delimiter: u8) -> bool {
    let line = sample.split(|&byte| byte == b'\n' || byte == b'\r').next().unwrap_or_default();
    let name = |name: &[u8]| {
        let name = String::from_utf8_lossy(name);
        let name = name.trim().trim_matches('"');
        !name.is_empty()
            && name.chars().count() <= 40
            && name.split(' ').count() <= 4
            && !name.ends_with(['.', '?', '!'])
    };
    line.split(|&byte| byte == delimiter).all(name)
}

/// Numbers of fields of the first records.
fn widths(sample: &[u8], whole: bool, dialect: Dialect) -> Vec<usize> {
    let mut parser = dialect.parser();
    let (mut output, mut ends) = (vec![0; sample.len() + 1], vec![0; 4096]);
    let (mut widths, mut input) = (Vec::new(), sample);
    while widths.len() < 200 {
        let (result, read, _, fields) = parser.read_record(input, &mut output, &mut ends);
        input = &input[read..];
        match result {
            ReadRecordResult::Record => widths.push(fields),
            // The sample's last record is cut, unless the file ends here.
            ReadRecordResult::InputEmpty if whole && !input.is_empty() => {}
            ReadRecordResult::InputEmpty if whole => {
                let (result, _, _, more) = parser.read_record(&[], &mut output, &mut ends[fields..]);
                if result == ReadRecordResult::Record {
                    widths.push(fields + more);
                }
                break;
            }
            _ => break,
        }
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delimiter_of(sample: &str) -> char {
        detect(sample.as_bytes(), true, false, None).delimiter as char
    }

    #[test]
    fn delimiters_are_found_by_regularity() {
        assert_eq!(delimiter_of("text,label\n\"a, b; c\",x\nd,y\n"), ',');
        assert_eq!(delimiter_of("text;label\na, b, c;x\nd, e, f;y\n"), ';');
        assert_eq!(delimiter_of("text\tlabel\na, b\tx\nd; e\ty\n"), '\t');
        assert_eq!(delimiter_of("text|label\na|x\n"), '|');
    }

    #[test]
    fn commas_of_a_single_column_stay_in_the_text() {
        assert_ne!(delimiter_of("text\nHello, world\nWell, yes, no\n"), ',');
    }

    #[test]
    fn a_stray_quote_does_not_swallow_a_table() {
        let sample = "text\tlabel\n\"Hello there\tx\nb\ty\nc\tz\nd\tw\n";
        assert!(!detect(sample.as_bytes(), true, true, None).quoting);
    }
}
