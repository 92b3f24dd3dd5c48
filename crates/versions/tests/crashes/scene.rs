//! What is done to a store in these tests, and what must hold whenever it is broken off.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use contract::version::Resolution;
use versions::{CommitRequest, NewVersion, VersionError, VersionStore, Watch};

use crate::support::{self, Fixture, check_versions, files, going, plant, request, samples, tree};

const NOW: i64 = 1_800_000_000_000;
const ROWS: u32 = 1200;
/// Versions of a line, and how many of them are not archived.
const LINE: u32 = 24;
const STAYING: usize = 4;
/// Versions that share nothing with the current one.
const OLD: [&str; 4] = ["1.0.0", "2.0.0", "2.1.0", "3.0.0"];

/// What is done to the store in `place/versions`.
pub fn act(name: &str, place: &Path, watch: Option<Arc<dyn Watch>>) -> Result<(), VersionError> {
    let mut store = VersionStore::open(&place.join("versions"));
    if let Some(watch) = watch {
        store = store.watched(watch);
    }
    match name {
        "commit" => store.commit(&request(&place.join("next"), "next"), &mut going).map(|_| ()),
        "checkout" => store.checkout("2.1.0", &place.join("out"), &mut going).map(|_| ()),
        "collect" => store.collect(false, &mut going).map(|_| ()),
        "archive" => store.archive(&OLD.map(str::to_owned), false, NOW, &mut going).map(|_| ()),
        "restore" => store.restore("1.0.0", &mut going).map(|_| ()),
        "import" => store.import(&place.join("other.winnow"), &mut going).map(|_| ()),
        "export" => store.export(&[], &place.join("written.winnow"), &mut going).map(|_| ()),
        "repair" => store.repair(&place.join("all.winnow"), &mut going).map(|_| ()),
        "tag" => store.tag("2.0.0", "production", true).map(|_| ()),
        "archive a line" => store.archive(&oldest(&store), false, NOW, &mut going).map(|_| ()),
        "trial on a line" => store.archive(&oldest(&store), true, NOW, &mut going).map(|_| ()),
        "restore of a line" => store.restore("9.0.0", &mut going).map(|_| ()),
        "rollback" => store.rollback("2.0.0", &said("back"), &mut going).map(|_| ()),
        "merge" => store.merge(("4.0.0", "ours"), &said("merged"), &mut going).map(|_| ()),
        "view" => store.view(&place.join("view"), &[], &mut going).map(|_| ()),
        other => panic!("{other}"),
    }
}

/// What a version that no folder is committed for says of itself.
fn said(key: &str) -> NewVersion<'_> {
    NewVersion { message: "m", author: "w", committed: NOW, key, ..NewVersion::default() }
}

/// All versions of a line but the latest few, oldest first.
fn oldest(store: &VersionStore) -> Vec<String> {
    let mut numbers: Vec<String> =
        store.list().unwrap().into_iter().skip(STAYING).map(|version| version.version).collect();
    numbers.reverse();
    numbers
}

/// A store with a history and everything that the acts need.
pub struct Scene {
    fixture: Fixture,
    start: BTreeMap<String, Vec<u8>>,
    /// Versions that are there once the act is done.
    after: BTreeMap<String, BTreeMap<String, Vec<u8>>>,
    /// How many versions were checked so far.
    turn: AtomicUsize,
}

impl Scene {
    pub fn of(act: &str) -> Self {
        if act.contains("line") {
            return Self::of_line(act);
        }
        let mut fixture = Fixture::with_history(ROWS);
        if act == "collect" {
            leave_garbage(&fixture);
        }
        // With garbage, it finds half of its rows there.
        fixture.commit(&samples(300_000..300_000 + 2 * ROWS), &samples(1_000_000..1_000_020), "5");
        let store = &fixture.store;
        store.export(&[], &fixture.path("all.winnow"), &mut going).unwrap();
        let mut other = Fixture::new();
        other.commit(&samples(600_000..600_000 + ROWS), &samples(1_000_000..1_000_050), "o1");
        other.commit(&samples(600_000..600_100 + ROWS), &samples(1_000_000..1_000_050), "o2");
        other.store.export(&[], &fixture.path("other.winnow"), &mut going).unwrap();
        let next = fixture.path("next");
        support::write_dataset(&next, &samples(5..ROWS + 200), &samples(1_000_000..1_000_100));
        prepare(act, &mut fixture);
        let store = &fixture.store;
        let mut after = fixture.expected.clone();
        match act {
            "merge" | "rollback" => after = after_act(act, &fixture),
            "commit" => {
                after.insert("5.0.0".to_owned(), files(&next));
            }
            "import" => {
                after.insert("1.0.1".to_owned(), other.expected["1.0.0"].clone());
                after.insert("1.1.0".to_owned(), other.expected["1.1.0"].clone());
            }
            "restore" => {
                store.archive(&OLD.map(str::to_owned), false, NOW, &mut going).unwrap();
            }
            "repair" => {
                let packs = tree(&fixture.root());
                let (name, bytes) = packs.iter().find(|(name, _)| name.starts_with("packs/")).unwrap();
                let mut bytes = bytes.clone();
                let middle = bytes.len() / 2;
                bytes[middle] ^= 1;
                fs::write(fixture.root().join(name), bytes).unwrap();
                let (name, _) = packs.iter().find(|(name, _)| name.starts_with("manifests/")).unwrap();
                fs::write(fixture.root().join(name), b"{}").unwrap();
            }
            _ => {}
        }
        Self::starting(fixture, after)
    }

    /// One line of versions, whose chunks are told by those of older ones.
    fn of_line(act: &str) -> Self {
        let fixture = Fixture::with_line(ROWS, LINE, 40);
        let store = &fixture.store;
        if act == "restore of a line" {
            store.archive(&oldest(store), false, NOW, &mut going).unwrap();
        }
        let after = fixture.expected.clone();
        Self::starting(fixture, after)
    }

    fn starting(fixture: Fixture, after: BTreeMap<String, BTreeMap<String, Vec<u8>>>) -> Self {
        let start = tree(&fixture.root());
        Self { fixture, start, after, turn: AtomicUsize::new(0) }
    }

    pub fn place(&self) -> &Path {
        self.fixture.folder.path()
    }

    pub fn begin(&self) {
        plant(&self.fixture.root(), &self.start);
        let _ = fs::remove_dir_all(self.fixture.path("out"));
        let _ = fs::remove_dir_all(self.fixture.path("view"));
        let _ = fs::remove_file(self.fixture.path("written.winnow"));
    }

    /// Nothing that was there before is harmed.
    pub fn check_harmless(&self, act: &str, when: &str) {
        if act != "repair" {
            assert_eq!(self.fixture.verify().problems, [], "{act}, {when}");
            self.check_one(&self.fixture.expected);
        }
        if self.fixture.path("out").exists() {
            assert!(files(&self.fixture.path("out")) == self.fixture.expected["2.1.0"], "half a checkout: {when}");
        }
        self.check_view(false);
        let written = self.fixture.path("written.winnow");
        if written.exists() {
            let whole = fs::read(self.fixture.path("all.winnow")).unwrap();
            assert!(fs::read(written).unwrap() == whole, "half an export: {when}");
        }
    }

    /// The act, started again, goes through.
    pub fn check_repeat(&self, act_name: &str, when: &str) {
        if act_name == "checkout" && self.fixture.path("out").exists() {
            fs::remove_dir_all(self.fixture.path("out")).unwrap();
        }
        act(act_name, self.place(), None).unwrap_or_else(|error| panic!("{act_name} again, {when}: {error}"));
        assert_eq!(self.fixture.verify().problems, [], "{act_name} again, {when}");
        self.check_one(&self.after);
        assert!(self.fixture.store.list().unwrap().len() == self.after.len(), "{act_name} again, {when}");
        match act_name {
            "checkout" => assert!(files(&self.fixture.path("out")) == self.fixture.expected["2.1.0"]),
            "restore" => assert!(!self.fixture.store.find("1.0.0").unwrap().archived),
            "archive" => assert!(self.fixture.store.find("2.0.0").unwrap().archived),
            "archive a line" => {
                let archived = self.fixture.store.list().unwrap().iter().filter(|version| version.archived).count();
                assert_eq!(archived, LINE as usize - STAYING);
                self.check_back(when);
            }
            "restore of a line" => assert!(!self.fixture.store.find("9.0.0").unwrap().archived),
            "merge" => {
                let left = fs::read_dir(self.fixture.root().join("merges")).unwrap().count();
                assert_eq!(left, 0, "choices stay: {when}");
            }
            "view" => self.check_view(true),
            "collect" => {
                assert_eq!(tree(&self.fixture.root()).keys().filter(|name| name.contains("packs/")).count(), 6)
            }
            _ => {}
        }
        // Whatever was left behind goes, and nothing else.
        self.fixture.store.collect(false, &mut going).unwrap();
        let left: Vec<String> =
            tree(&self.fixture.root()).into_keys().filter(|name| name.contains("partial")).collect();
        assert_eq!(left, [""; 0], "{act_name}, {when}");
        self.check_one(&self.after);
    }

    /// What lies in a view by a version's number or a tag is that version, from the moment that it lies there.
    fn check_view(&self, whole: bool) {
        let view = self.fixture.path("view");
        let names = [("2.0.0", "2.0.0"), ("4.0.0", "4.0.0"), ("production", "2.0.0"), ("current", "4.0.0")];
        for (name, version) in names {
            let at = view.join(name);
            assert!(at.exists() || !whole, "no {name}");
            if at.exists() {
                assert!(files(&at) == self.fixture.expected[version], "half of {name}");
            }
        }
        if whole {
            let mut found: Vec<String> =
                fs::read_dir(view).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
            found.sort_unstable();
            assert_eq!(found, ["2.0.0", "4.0.0", "current", "production"]);
        }
    }

    /// An archived version comes back as it was, another one each time.
    fn check_back(&self, when: &str) {
        let archived = oldest(&self.fixture.store);
        let number = &archived[self.turn.load(Ordering::SeqCst) % archived.len()];
        let before = tree(&self.fixture.root());
        self.fixture.store.restore(number, &mut going).unwrap_or_else(|error| panic!("{number}, {when}: {error}"));
        assert_eq!(self.fixture.verify().problems, [], "{number} is back, {when}");
        check_versions(
            &self.fixture.root(),
            &BTreeMap::from([(number.clone(), self.fixture.expected[number].clone())]),
        );
        plant(&self.fixture.root(), &before);
    }

    /// A version is what it was, another one each time. That the others are, too, verifying says.
    fn check_one(&self, expected: &BTreeMap<String, BTreeMap<String, Vec<u8>>>) {
        let turn = self.turn.fetch_add(1, Ordering::SeqCst) % expected.len();
        let one = expected.iter().skip(turn).take(1).map(|(number, files)| (number.clone(), files.clone())).collect();
        check_versions(&self.fixture.root(), &one);
    }
}

/// What some acts need beside the history.
fn prepare(act: &str, fixture: &mut Fixture) {
    match act {
        "view" => {
            fixture.store.tag("2.0.0", "production", false).unwrap();
        }
        "merge" => {
            // Another child of the version before the latest one, with a conflict that is resolved.
            let mut train = samples(0..ROWS);
            train.iter_mut().step_by(31).for_each(|sample| sample.label = "d".to_owned());
            let dataset = fixture.dataset(&train, &samples(1_000_000..1_000_020));
            let version = NewVersion { tag: Some("ours"), ..said("branch") };
            let request = CommitRequest { dataset: &dataset, as_written: true, parent: Some("3.0.0"), version };
            let number = fixture.store.commit(&request, &mut going).unwrap().version;
            fixture.expected.insert(number, files(&dataset));
            let theirs = Some(Resolution::Theirs);
            fixture.store.resolve(("4.0.0", "ours"), Vec::new(), theirs, &mut going).unwrap();
        }
        _ => {}
    }
}

/// The versions that there are once an act is done, found out on a copy.
fn after_act(name: &str, fixture: &Fixture) -> BTreeMap<String, BTreeMap<String, Vec<u8>>> {
    let place = tempfile::tempdir().unwrap();
    plant(&place.path().join("versions"), &tree(&fixture.root()));
    act(name, place.path(), None).unwrap();
    let made = VersionStore::open(&place.path().join("versions"));
    let number = made.current().unwrap().unwrap().version;
    let out = place.path().join("out");
    made.checkout(&number, &out, &mut going).unwrap();
    let mut after = fixture.expected.clone();
    assert!(after.insert(number, files(&out)).is_none(), "{name} makes a version");
    after
}

/// A commit that was never recorded, and what other interrupted work left.
fn leave_garbage(fixture: &Fixture) {
    let place = tempfile::tempdir().unwrap();
    let root = place.path().join("versions");
    let refs = fs::read(fixture.root().join("refs.json")).unwrap();
    plant(&root, &tree(&fixture.root()));
    let dataset = place.path().join("dataset");
    support::write_dataset(&dataset, &samples(300_000..300_000 + 5 * ROWS), &samples(1_000_000..1_000_020));
    VersionStore::open(&root).commit(&request(&dataset, "lost"), &mut going).unwrap();
    plant(&fixture.root(), &tree(&root));
    fs::write(fixture.root().join("refs.json"), refs).unwrap();
    fs::write(fixture.root().join("packs/other.partial"), b"half a pack").unwrap();
    fs::create_dir_all(fixture.root().join("incoming.partial")).unwrap();
    fs::write(fixture.root().join("incoming.partial/half"), b"half a pack").unwrap();
}
