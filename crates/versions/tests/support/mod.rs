//! Datasets and stores for tests.
#![allow(clippy::unwrap_used, missing_docs, dead_code)]

use std::collections::BTreeMap;
use std::fs;
use std::ops::{ControlFlow, Range};
use std::path::{Path, PathBuf};

use contract::dataset::{DatasetMetadata, QualityReport, Sample, SplitPreview, SplitSettings};
use contract::version::{VerifyReport, VersionSummary};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use versions::{CommitRequest, NewVersion, VersionError, VersionStore};

/// The files of a version.
pub const FILES: [&str; 3] = ["train.jsonl", "eval.jsonl", "metadata.json"];

/// Questions of bank customers as they really came (Banking77), so that compression and matching meet real text.
fn texts() -> &'static [String] {
    static TEXTS: std::sync::OnceLock<Vec<String>> = std::sync::OnceLock::new();
    TEXTS.get_or_init(|| {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/banking77_train.csv");
        fs::read_to_string(file).unwrap().lines().skip(1).map(str::to_owned).collect()
    })
}

pub fn sample(number: u32, label: &str) -> Sample {
    let text = &texts()[number as usize % texts().len()];
    Sample {
        id: blake3::hash(&number.to_le_bytes()).to_hex()[..32].to_owned(),
        text: format!("{text} (обращение {number})"),
        label: label.to_owned(),
        origin: "decision".to_owned(),
        confidence: Some(0.5),
        decided_by: "anna".to_owned(),
        decided_at: "2026-01-02T03:04:05.000Z".to_owned(),
        source: "a.csv".to_owned(),
        row: u64::from(number) + 2,
        parent: String::new(),
        weight: None,
    }
}

pub fn samples(range: Range<u32>) -> Vec<Sample> {
    range.map(|number| sample(number, if number % 2 == 0 { "a" } else { "b" })).collect()
}

pub fn write_dataset(folder: &Path, train: &[Sample], eval: &[Sample]) {
    fs::create_dir_all(folder).unwrap();
    let mut files = BTreeMap::new();
    for (name, samples) in [("train.jsonl", train), ("eval.jsonl", eval)] {
        let lines: String = samples.iter().map(|sample| serde_json::to_string(sample).unwrap() + "\n").collect();
        files.insert(name.to_owned(), format!("{:x}", Sha256::digest(lines.as_bytes())));
        fs::write(folder.join(name), lines).unwrap();
    }
    let metadata = DatasetMetadata {
        format_version: 1,
        written: 0,
        settings: Some(SplitSettings::default()),
        split: SplitPreview::default(),
        domains: vec!["a".into(), "b".into()],
        sources: Vec::new(),
        models: BTreeMap::new(),
        input_hash: String::new(),
        files,
        quality: QualityReport::default(),
    };
    fs::write(folder.join("metadata.json"), serde_json::to_vec_pretty(&metadata).unwrap()).unwrap();
}

pub fn going(_: u64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

pub fn request<'a>(dataset: &'a Path, key: &'a str) -> CommitRequest<'a> {
    let version = NewVersion { message: "m", author: "w", committed: 1_700_000_000_000, key, ..NewVersion::default() };
    CommitRequest { dataset, as_written: true, parent: None, version }
}

/// A store in a folder of its own, and what each version's files are.
pub struct Fixture {
    pub folder: TempDir,
    pub store: VersionStore,
    /// The files of each version, by number.
    pub expected: BTreeMap<String, BTreeMap<String, Vec<u8>>>,
}

impl Fixture {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = VersionStore::open(&folder.path().join("versions"));
        Self { folder, store, expected: BTreeMap::new() }
    }

    /// Four versions: the first, one with scattered changes, one with rows added, one with another eval.
    pub fn with_history(rows: u32) -> Self {
        let mut fixture = Self::new();
        let mut train = samples(0..rows);
        let mut eval = samples(1_000_000..1_000_000 + rows / 10);
        fixture.commit(&train, &eval, "1");
        for place in (0..train.len()).step_by(97) {
            train[place].label = "c".to_owned();
        }
        fixture.commit(&train, &eval, "2");
        train.extend(samples(500_000..500_000 + rows / 5));
        fixture.commit(&train, &eval, "3");
        eval.truncate(eval.len() / 2);
        train[3].text.push_str(", please");
        fixture.commit(&train, &eval, "4");
        fixture
    }

    /// One line of so many versions: in each, one sample in `each` of the one before has another label, and a few another text.
    pub fn with_line(rows: u32, versions: u32, each: usize) -> Self {
        let mut fixture = Self::new();
        let mut train = samples(0..rows);
        let eval = samples(1_000_000..1_000_000 + rows / 10);
        fixture.commit(&train, &eval, "1");
        let mut draw = Draw(u64::from(rows));
        for number in 2..=versions {
            for _ in 0..train.len() / each {
                let place = draw.below(train.len());
                train[place].label = format!("label {}", draw.below(20));
                train[place].decided_by = format!("person {}", draw.below(5));
                if draw.below(10) == 0 {
                    train[place].text.push_str(" (уточнение)");
                }
            }
            fixture.commit(&train, &eval, &number.to_string());
        }
        fixture
    }

    pub fn root(&self) -> PathBuf {
        self.folder.path().join("versions")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn dataset(&self, train: &[Sample], eval: &[Sample]) -> PathBuf {
        let folder = self.path("dataset");
        write_dataset(&folder, train, eval);
        folder
    }

    pub fn commit(&mut self, train: &[Sample], eval: &[Sample], key: &str) -> VersionSummary {
        let dataset = self.dataset(train, eval);
        let summary = self.store.commit(&request(&dataset, key), &mut going).unwrap();
        self.expected.insert(summary.version.clone(), files(&dataset));
        summary
    }

    pub fn checkout(&self, version: &str, name: &str) -> Result<PathBuf, VersionError> {
        let to = self.path(name);
        self.store.checkout(version, &to, &mut going).map(|_| to)
    }

    pub fn verify(&self) -> VerifyReport {
        self.store.verify(&mut going).unwrap()
    }

    /// Every version is what it was, archived ones aside.
    pub fn check(&self) {
        check_versions(&self.root(), &self.expected);
    }
}

/// Every version of a store that is not archived has these files.
pub fn check_versions(root: &Path, expected: &BTreeMap<String, BTreeMap<String, Vec<u8>>>) {
    let store = VersionStore::open(root);
    let listed = store.list().unwrap();
    for (version, expected) in expected {
        let Some(summary) = listed.iter().find(|summary| summary.version == *version) else { panic!("no {version}") };
        if summary.archived {
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("out");
        store.checkout(version, &to, &mut going).unwrap();
        assert!(files(&to) == *expected, "{version} is not what it was");
    }
}

/// The files of a folder and what is in them.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let read = |name: &&str| ((*name).to_owned(), fs::read(folder.join(name)).unwrap());
    FILES.iter().map(read).collect()
}

/// All files below a folder by their names relative to it, locks aside.
pub fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_none_or(|extension| extension != "lock" && extension != "lines") {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// Makes a folder what [`tree`] found.
pub fn plant(folder: &Path, tree: &BTreeMap<String, Vec<u8>>) {
    let _ = fs::remove_dir_all(folder);
    for (name, bytes) in tree {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// Numbers that are the same in every run (SplitMix64).
pub struct Draw(pub u64);

impl Draw {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap()
    }
}
