//! Commit, list, show, check out: on real folders, with damage and interruption.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use contract::dataset::{DatasetMetadata, Sample, SplitPreview, SplitSettings};
use contract::version::Increment;
use sha2::{Digest, Sha256};
use versions::{CommitRequest, VersionError, VersionStore};

fn sample(number: u32, label: &str) -> Sample {
    Sample {
        id: blake3::hash(&number.to_le_bytes()).to_hex()[..32].to_owned(),
        text: format!("Текст номер {number}: why was my card declined?"),
        label: label.to_owned(),
        origin: "decision".to_owned(),
        confidence: Some(0.5),
        source: "a.csv".to_owned(),
        row: u64::from(number) + 2,
    }
}

fn write_dataset(folder: &Path, train: &[Sample], eval: &[Sample]) {
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
        settings: SplitSettings::default(),
        split: SplitPreview::default(),
        domains: vec!["a".into(), "b".into()],
        sources: Vec::new(),
        models: BTreeMap::new(),
        input_hash: String::new(),
        files,
    };
    fs::write(folder.join("metadata.json"), serde_json::to_vec_pretty(&metadata).unwrap()).unwrap();
}

struct Fixture {
    folder: tempfile::TempDir,
    store: VersionStore,
}

impl Fixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = VersionStore::open(&folder.path().join("versions"));
        Self { folder, store }
    }

    fn dataset(&self, train: &[Sample], eval: &[Sample]) -> PathBuf {
        let folder = self.folder.path().join("dataset");
        write_dataset(&folder, train, eval);
        folder
    }

    fn commit(&self, dataset: &Path, key: &str, tag: Option<&str>) -> Result<String, VersionError> {
        let request =
            CommitRequest { dataset, message: "m", author: "w", tag, increment: Increment::Auto, committed: 1, key };
        self.store.commit(&request, &mut |_| ControlFlow::Continue(())).map(|summary| summary.version)
    }

    fn checkout(&self, version: &str, name: &str) -> Result<PathBuf, VersionError> {
        let to = self.folder.path().join(name);
        self.store.checkout(version, &to, &mut |_| ControlFlow::Continue(())).map(|_| to)
    }
}

fn samples(range: std::ops::Range<u32>) -> Vec<Sample> {
    range.map(|number| sample(number, if number % 2 == 0 { "a" } else { "b" })).collect()
}

#[test]
fn a_checkout_gives_back_the_same_bytes() {
    let fixture = Fixture::new();
    let dataset = fixture.dataset(&samples(0..5000), &samples(5000..5500));
    assert_eq!(fixture.commit(&dataset, "1", Some("stable")).unwrap(), "1.0.0");
    for version in ["1.0.0", "v1.0.0", "stable"] {
        let to = fixture.checkout(version, &format!("out-{version}")).unwrap();
        for name in ["train.jsonl", "eval.jsonl", "metadata.json"] {
            assert_eq!(fs::read(to.join(name)).unwrap(), fs::read(dataset.join(name)).unwrap(), "{name}");
        }
    }
    let detail = fixture.store.show("1.0.0").unwrap();
    assert_eq!(detail.domains["a"], (2500, 250));
    assert_eq!(detail.summary.added, 5500);
}

#[test]
fn a_commit_costs_what_changed_and_says_what() {
    let fixture = Fixture::new();
    let mut train = samples(0..20_000);
    let dataset = fixture.dataset(&train, &samples(20_000..20_500));
    fixture.commit(&dataset, "1", None).unwrap();

    train[10_000].label = "b".to_owned();
    train.remove(5);
    train.insert(7, sample(99_999, "a"));
    let dataset = fixture.dataset(&train, &samples(20_000..20_500));
    assert_eq!(fixture.commit(&dataset, "2", None).unwrap(), "1.1.0");
    let listed = fixture.store.list().unwrap();
    let [second, first] = &listed[..] else { panic!("{listed:?}") };
    assert_eq!((second.added, second.removed, second.relabelled), (1, 1, 1));
    assert_eq!(second.parent.as_deref(), Some("1.0.0"));
    assert!(second.stored_bytes * 4 < first.stored_bytes, "{} of {}", second.stored_bytes, first.stored_bytes);

    // Moving a sample between the sides is neither addition nor removal; a new domain is a major change.
    let moved = train.pop().unwrap();
    let mut eval = samples(20_000..20_500);
    eval.push(moved);
    let dataset = fixture.dataset(&train, &eval);
    assert_eq!(fixture.commit(&dataset, "3", None).unwrap(), "1.1.1");
    train[0].label = "c".to_owned();
    let dataset = fixture.dataset(&train, &eval);
    assert_eq!(fixture.commit(&dataset, "4", None).unwrap(), "2.0.0");
}

#[test]
fn the_same_commit_again_is_the_same_version_and_nothing_new_is_refused() {
    let fixture = Fixture::new();
    let dataset = fixture.dataset(&samples(0..100), &samples(100..120));
    assert_eq!(fixture.commit(&dataset, "job 1", None).unwrap(), "1.0.0");
    assert_eq!(fixture.commit(&dataset, "job 1", None).unwrap(), "1.0.0");
    assert!(
        matches!(fixture.commit(&dataset, "job 2", None), Err(VersionError::Unchanged(version)) if version == "1.0.0")
    );
    assert_eq!(fixture.store.list().unwrap().len(), 1);
}

#[test]
fn tags_are_unique_and_never_look_like_numbers() {
    let fixture = Fixture::new();
    fixture.commit(&fixture.dataset(&samples(0..100), &samples(100..120)), "1", Some("stable")).unwrap();
    let dataset = fixture.dataset(&samples(0..101), &samples(101..120));
    for tag in ["stable", "1.0.0", "v7.0.0"] {
        assert!(matches!(fixture.commit(&dataset, "2", Some(tag)), Err(VersionError::TagTaken(_))), "{tag}");
    }
}

#[test]
fn damage_is_found_and_named() {
    let fixture = Fixture::new();
    fixture.commit(&fixture.dataset(&samples(0..3000), &samples(3000..3100)), "1", None).unwrap();
    let objects = fixture.folder.path().join("versions/objects");
    let chunk = fs::read_dir(&objects).unwrap().flat_map(|dir| fs::read_dir(dir.unwrap().path()).unwrap()).next();
    let chunk = chunk.unwrap().unwrap().path();
    let mut bytes = fs::read(&chunk).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&chunk, bytes).unwrap();
    let error = fixture.checkout("1.0.0", "out").unwrap_err();
    assert!(
        matches!(&error, VersionError::Damaged { detail, .. } if detail.contains(chunk.to_str().unwrap())),
        "{error}"
    );
    assert!(!fixture.folder.path().join("out").exists());
    assert!(!fixture.folder.path().join(".out.partial").exists());

    let manifest = fixture.folder.path().join("versions/manifests/1.0.0.json");
    let changed = fs::read_to_string(&manifest).unwrap().replace("\"message\": \"m\"", "\"message\": \"n\"");
    fs::write(&manifest, changed).unwrap();
    assert!(matches!(fixture.store.list(), Err(VersionError::Damaged { .. })));
}

#[test]
fn a_damaged_chunk_is_mended_by_committing_the_same_samples() {
    let fixture = Fixture::new();
    let dataset = fixture.dataset(&samples(0..3000), &samples(3000..3100));
    fixture.commit(&dataset, "1", None).unwrap();
    for dir in fs::read_dir(fixture.folder.path().join("versions/objects")).unwrap() {
        for chunk in fs::read_dir(dir.unwrap().path()).unwrap() {
            fs::write(chunk.unwrap().path(), b"").unwrap();
        }
    }
    assert!(matches!(fixture.commit(&dataset, "2", None), Err(VersionError::Unchanged(_))));
    fixture.checkout("1.0.0", "out").unwrap();
}

#[test]
fn a_cancelled_commit_leaves_no_version_and_a_full_folder_is_refused() {
    let fixture = Fixture::new();
    let dataset = fixture.dataset(&samples(0..3000), &samples(3000..3100));
    let request = CommitRequest {
        dataset: &dataset,
        message: "",
        author: "",
        tag: None,
        increment: Increment::Auto,
        committed: 1,
        key: "1",
    };
    let cancelled = fixture.store.commit(&request, &mut |_| ControlFlow::Break(()));
    assert!(matches!(cancelled, Err(VersionError::Cancelled)));
    assert!(fixture.store.list().unwrap().is_empty());
    fixture.commit(&dataset, "1", None).unwrap();
    assert!(matches!(fixture.checkout("1.0.0", "dataset"), Err(VersionError::FolderNotEmpty(_))));
    assert!(matches!(fixture.checkout("9.0.0", "out"), Err(VersionError::Missing(_))));
}

#[test]
fn a_dataset_changed_after_writing_is_refused() {
    let fixture = Fixture::new();
    let dataset = fixture.dataset(&samples(0..100), &samples(100..120));
    let eval = dataset.join("eval.jsonl");
    let text = fs::read_to_string(&eval).unwrap();
    fs::write(&eval, text.replacen("declined", "accepted", 1)).unwrap();
    assert!(matches!(fixture.commit(&dataset, "1", None), Err(VersionError::Dataset { path, .. }) if path == eval));
    fs::write(&eval, "not a sample\n").unwrap();
    let error = fixture.commit(&dataset, "1", None).unwrap_err();
    assert!(error.to_string().contains("line 1"), "{error}");
}
