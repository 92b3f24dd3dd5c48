//! What a person reads, word for word, in both languages: `tests/snapshots/*.txt`. With `WINNOW_UPDATE_SNAPSHOTS=1` the
//! files are written anew; look at the difference before committing it.

#![allow(clippy::unwrap_used)]

mod support;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use support::{Workplace, files, root, sample, smollm2};

/// A conversation with the program: each command and what it printed.
struct Transcript<'a> {
    place: &'a Workplace,
    lang: &'a str,
    text: String,
}

impl Transcript<'_> {
    fn say(&mut self, arguments: &[&str]) {
        let ended = self.place.run(&[arguments, &["--lang", self.lang]].concat());
        let _ = writeln!(self.text, "$ winnow {}", arguments.join(" "));
        self.text += &ended.stdout;
        // Progress is told of what takes a while; how long it takes is up to the machine.
        let progress = |line: &&str| ended.code == 0 && line.ends_with("%)");
        ended.stderr.lines().filter(|line| !progress(line)).for_each(|line| self.text += &format!("{line}\n"));
        let _ = writeln!(self.text, "[{}]\n", ended.code);
    }

    /// Without what differs from run to run: folders, times, durations, hashes, sizes on disk, process numbers.
    fn normalised(&self) -> String {
        let mut text = self.text.replace(&self.place.text(""), "WORK/").replace(root().to_str().unwrap(), "ROOT");
        text = replaced(&text, is_date_time, "DATE");
        text = replaced(&text, is_duration, "TIME");
        text = replaced(&text, is_size, "SIZE");
        replaced(&text, is_hash, "HASH")
    }

    /// Without the probabilities, whose last digit depends on the processor.
    fn without_probabilities(mut self) -> Self {
        self.text = replaced(&self.text, is_probability, "P.PP");
        self
    }

    fn check(&self, name: &str) {
        let file =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(format!("{name}.{}.txt", self.lang));
        check(&file, &self.normalised());
    }
}

fn check(file: &PathBuf, found: &str) {
    if std::env::var_os("WINNOW_UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(file, found).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(file).unwrap_or_default();
    assert_eq!(found, expected, "{} differs; WINNOW_UPDATE_SNAPSHOTS=1 writes it anew", file.display());
}

/// Replaces every longest run that `matches` finds at a position.
fn replaced(text: &str, matches: fn(&str) -> Option<usize>, with: &str) -> String {
    let (mut rest, mut result) = (text, String::new());
    while let Some(first) = rest.chars().next() {
        match matches(rest).filter(|_| !result.ends_with(|c: char| c.is_alphanumeric())) {
            Some(length) => {
                result.push_str(with);
                rest = &rest[length..];
            }
            None => {
                result.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    result
}

/// Digits (with separators) at the beginning.
fn digits(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(text.len())
}

/// `21 Nov 2026, 07:39` or `21.11.2026, 07:39`.
fn is_date_time(text: &str) -> Option<usize> {
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let end = text.find(':')? + 3;
    let found = text.get(..end)?;
    let year = found.split([' ', '.', ',']).any(|part| part.len() == 4 && part.starts_with("20"));
    (end <= 20 && year && found.contains(", ")).then_some(end)
}

/// `45 s`, `<1 s`, `3 min`, «2 мин 5 с».
fn is_duration(text: &str) -> Option<usize> {
    let start = if text.starts_with('<') { "<\u{a0}".len() } else { 0 };
    let number = text.get(start..).map(digits).filter(|length| *length > 0)?;
    let after = text.get(start + number..)?.strip_prefix('\u{a0}')?;
    let unit = ["s", "min", "h", "с", "мин", "ч"]
        .iter()
        .rev()
        .find(|unit| after.strip_prefix(**unit).is_some_and(|rest| !rest.starts_with(char::is_alphabetic)))?;
    let end = start + number + 2 + unit.len();
    let more = text.get(end..)?.strip_prefix(' ').and_then(|rest| is_duration(rest).map(|length| length + 1));
    Some(end + more.unwrap_or(0))
}

/// `0.53`, «0,53».
fn is_probability(text: &str) -> Option<usize> {
    let found = text.get(..4)?.as_bytes();
    let point = matches!(found[1], b'.' | b',');
    let ended = !text[4..].starts_with(|c: char| c.is_ascii_digit());
    (matches!(found[0], b'0' | b'1') && point && found[2..].iter().all(u8::is_ascii_digit) && ended).then_some(4)
}

fn is_size(text: &str) -> Option<usize> {
    let number = Some(digits(text)).filter(|length| *length > 0)?;
    let after = text.get(number..)?.strip_prefix('\u{a0}')?;
    let unit = ["B", "KB", "MB", "GB", "Б", "КБ", "МБ", "ГБ"]
        .iter()
        .rev()
        .find(|unit| after.strip_prefix(**unit).is_some_and(|rest| !rest.starts_with(char::is_alphabetic)))?;
    Some(number + 2 + unit.len())
}

fn is_hash(text: &str) -> Option<usize> {
    let length = text.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(text.len());
    (length == 64).then_some(length)
}

fn small_table(place: &Workplace) {
    let mut rows = files::csv_rows(sample("bank_questions.csv"), 80);
    rows.push(vec!["ok".into(), "card_arrival".into()]);
    rows.push(rows[1].clone());
    place.file("questions.csv", files::csv_text(&rows, b','));
}

#[test]
fn from_a_file_to_a_version_without_a_model() {
    for lang in ["en", "ru"] {
        let place = Workplace::new();
        small_table(&place);
        let mut talk = Transcript { place: &place, lang, text: String::new() };
        talk.say(&["init", "p"]);
        talk.say(&["schema", "p", "show"]);
        talk.say(&["import", "p", "questions.csv", "--dry-run"]);
        talk.say(&["import", "p", "questions.csv", "--dropped", "dropped.csv"]);
        talk.say(&["schema", "p", "from-labels"]);
        talk.say(&["models", "p", "list"]);
        talk.say(&["items", "p", "list", "--limit", "3"]);
        talk.say(&["items", "p", "show", "1"]);
        talk.say(&["review", "p", "next"]);
        talk.say(&["review", "p", "decide", "1", "--reject", "--reviewer", "anna"]);
        talk.say(&["review", "p", "undo", "--reviewer", "anna"]);
        talk.say(&["review", "p", "decide", "2", "--correct", "exchange_rate", "--reviewer", "anna"]);
        talk.say(&["stats", "p"]);
        talk.say(&["write", "p", "--min-eval", "10", "--dry-run"]);
        talk.say(&["write", "p", "--min-eval", "10"]);
        talk.say(&["version", "p", "list"]);
        talk.say(&["version", "p", "commit", "-m", "first", "--tag", "base", "--author", "anna"]);
        talk.say(&["version", "p", "list"]);
        talk.say(&["version", "p", "show", "base"]);
        talk.say(&["version", "p", "checkout", "1.0.0", "--to", "out"]);
        talk.say(&["jobs", "p", "list"]);
        talk.check("without-model");
    }
}

#[test]
fn labelling_with_a_model() {
    let Some(model) = smollm2() else { return };
    for lang in ["en", "ru"] {
        let place = Workplace::new();
        small_table(&place);
        place.ok(&["init", "p", "--labels", &sample("bank_questions.schema.json")]);
        place.ok(&["import", "p", "questions.csv"]);
        std::os::unix::fs::symlink(&model, place.path("smol.gguf")).unwrap();
        let mut talk = Transcript { place: &place, lang, text: String::new() };
        talk.say(&["models", "p", "add", "m", "--gguf", "smol.gguf"]);
        talk.say(&["models", "p", "list"]);
        talk.say(&["label", "p", "--model", "m", "--limit", "8"]);
        talk.say(&["review", "p", "list", "--limit", "3"]);
        talk.without_probabilities().check("with-model");
    }
}

#[test]
fn errors() {
    for lang in ["en", "ru"] {
        let place = Workplace::new();
        small_table(&place);
        place.file("ragged.csv", "text,label\nmy card is lost,card\nwhere is it, my card,card\n");
        place.file("twice.json", r#"["card", "Card"]"#);
        let mut talk = Transcript { place: &place, lang, text: String::new() };
        talk.say(&["stats", "nowhere"]);
        talk.say(&["init", "p"]);
        talk.say(&["init", "p"]);
        talk.say(&["import", "p", "nowhere.csv"]);
        talk.say(&["import", "p", "ragged.csv"]);
        talk.say(&["import", "p", "questions.csv", "--text", "body"]);
        talk.say(&["schema", "p", "from-labels"]);
        talk.say(&["schema", "p", "set", "twice.json"]);
        talk.say(&["models", "p", "add", "m", "--gguf", "questions.csv"]);
        talk.say(&["label", "p", "--model", "m"]);
        talk.say(&["items", "p", "list", "--filter", "status:lost"]);
        talk.say(&["write", "p"]);
        talk.say(&["version", "p", "show", "9.9.9"]);
        talk.check("errors");
    }
}
