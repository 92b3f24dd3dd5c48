//! The plug is pulled: every change to the disk fails once, and processes are killed at random moments. What was committed stays whole,
//! and the work is done when it is started again.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use support::{Draw, Fixture, check_versions, files, going, plant, request, samples, tree};
use versions::{Step, VersionError, VersionStore, Watch};

/// Lets so many steps pass, then one fails; with `for_good` all after it, too, as after a crash or on a full disk. What is done after a
/// failure must not make it worse.
#[derive(Debug)]
struct Failing {
    left: AtomicI64,
    for_good: bool,
    failed: Mutex<Vec<PathBuf>>,
}

impl Failing {
    fn after(steps: i64, for_good: bool) -> Arc<Self> {
        Arc::new(Self { left: AtomicI64::new(steps), for_good, failed: Mutex::default() })
    }
}

impl Watch for Failing {
    fn before(&self, _: Step, path: &Path) -> io::Result<()> {
        let left = self.left.fetch_sub(1, Ordering::SeqCst);
        if left > 0 || left < 0 && !self.for_good {
            return Ok(());
        }
        self.failed.lock().unwrap().push(path.to_owned());
        Err(io::Error::other("the plug is pulled"))
    }
}

const NOW: i64 = 1_800_000_000_000;
const ROWS: u32 = 1200;
/// Versions that share nothing with the current one.
const OLD: [&str; 4] = ["1.0.0", "2.0.0", "2.1.0", "3.0.0"];

/// What is done to the store in `place/versions`.
fn act(name: &str, place: &Path, watch: Option<Arc<dyn Watch>>) -> Result<(), VersionError> {
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
        other => panic!("{other}"),
    }
}

/// A store with a history and everything that the acts need.
struct Scene {
    fixture: Fixture,
    start: BTreeMap<String, Vec<u8>>,
    /// Versions that are there once the act is done.
    after: BTreeMap<String, BTreeMap<String, Vec<u8>>>,
    /// How many versions were checked so far.
    turn: AtomicUsize,
}

impl Scene {
    fn of(act: &str) -> Self {
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
        let mut after = fixture.expected.clone();
        match act {
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
        let start = tree(&fixture.root());
        Self { fixture, start, after, turn: AtomicUsize::new(0) }
    }

    fn place(&self) -> &Path {
        self.fixture.folder.path()
    }

    fn begin(&self) {
        plant(&self.fixture.root(), &self.start);
        let _ = fs::remove_dir_all(self.fixture.path("out"));
        let _ = fs::remove_file(self.fixture.path("written.winnow"));
    }

    /// Nothing that was there before is harmed.
    fn check_harmless(&self, act: &str, when: &str) {
        if act != "repair" {
            assert_eq!(self.fixture.verify().problems, [], "{act}, {when}");
            self.check_one(&self.fixture.expected);
        }
        if self.fixture.path("out").exists() {
            assert!(files(&self.fixture.path("out")) == self.fixture.expected["2.1.0"], "half a checkout: {when}");
        }
        let written = self.fixture.path("written.winnow");
        if written.exists() {
            let whole = fs::read(self.fixture.path("all.winnow")).unwrap();
            assert!(fs::read(written).unwrap() == whole, "half an export: {when}");
        }
    }

    /// The act, started again, goes through.
    fn check_repeat(&self, act_name: &str, when: &str) {
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

    /// A version is what it was, another one each time. That the others are, too, verifying says.
    fn check_one(&self, expected: &BTreeMap<String, BTreeMap<String, Vec<u8>>>) {
        let turn = self.turn.fetch_add(1, Ordering::SeqCst) % expected.len();
        let one = expected.iter().skip(turn).take(1).map(|(number, files)| (number.clone(), files.clone())).collect();
        check_versions(&self.fixture.root(), &one);
    }
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

fn fail_at_every_step(name: &str) {
    let scene = Scene::of(name);
    for (kind, for_good) in [("all after", true), ("only", false)] {
        let mut step = 0;
        loop {
            let when = format!("{kind} step {step}");
            scene.begin();
            let watch = Failing::after(step, for_good);
            let done = act(name, scene.place(), Some(watch.clone()));
            scene.check_harmless(name, &when);
            scene.check_repeat(name, &when);
            let failed = watch.failed.lock().unwrap();
            match done {
                Ok(()) if failed.is_empty() => break,
                // An index of lines saves time, and a commit does without.
                Ok(()) => {
                    assert!(failed.iter().all(|path| path.to_string_lossy().contains("lines")), "{when}: {failed:?}")
                }
                Err(VersionError::Read { .. } | VersionError::Write { .. }) => {}
                Err(error) => panic!("{name}, {when}: {error}"),
            }
            step += 1;
        }
        assert!(step >= 3, "{name}: only {step} steps");
        println!("{name}: {step} steps ({kind})");
    }
}

macro_rules! failing {
    ($($test:ident: $act:literal;)*) => {
        $(#[test]
        fn $test() {
            fail_at_every_step($act);
        })*
    };
}

failing! {
    a_commit_that_fails_at_any_step_harms_nothing: "commit";
    a_checkout_that_fails_at_any_step_harms_nothing: "checkout";
    a_collection_that_fails_at_any_step_harms_nothing: "collect";
    archiving_that_fails_at_any_step_harms_nothing: "archive";
    restoring_that_fails_at_any_step_harms_nothing: "restore";
    an_import_that_fails_at_any_step_harms_nothing: "import";
    an_export_that_fails_at_any_step_harms_nothing: "export";
    a_repair_that_fails_at_any_step_harms_nothing: "repair";
    a_tag_that_fails_at_any_step_harms_nothing: "tag";
}

const ACT: &str = "WINNOW_TEST_ACT";
const PLACE: &str = "WINNOW_TEST_PLACE";
/// Deaths of each kind of work.
const KILLS: usize = 100;

/// Not a test of its own: what a child process does, saying when it begins and ends.
#[test]
fn child() {
    let (Ok(name), Ok(place)) = (std::env::var(ACT), std::env::var(PLACE)) else { return };
    let say = |word: &str| writeln!(io::stderr(), "{word}").unwrap();
    say("begins");
    act(&name, Path::new(&place), None).unwrap();
    say("ended");
}

/// Runs an act in a process of its own and kills that after a while, if it is not done before. Answers how long it ran, and whether it
/// ended by itself.
fn run_and_kill(name: &str, place: &Path, after: Option<Duration>) -> (Duration, bool) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["child", "--exact", "--nocapture"])
        .env(ACT, name)
        .env(PLACE, place)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| line == "begins"));
    let began = Instant::now();
    if let Some(after) = after {
        std::thread::sleep(after);
        child.kill().unwrap();
    }
    let ended = lines.any(|line| line == "ended");
    let ran = began.elapsed();
    child.wait().unwrap();
    (ran, ended)
}

fn kill_many_times(name: &str) {
    let scene = Scene::of(name);
    let mut times: Vec<Duration> = (0..5)
        .map(|_| {
            scene.begin();
            run_and_kill(name, scene.place(), None).0
        })
        .collect();
    times.sort_unstable();
    let whole = times[2];
    let mut draw = Draw(name.len() as u64);
    let (mut killed, mut runs) = (0, 0);
    while killed < KILLS {
        scene.begin();
        let share = u32::try_from(draw.below(1000)).unwrap();
        let (_, ended) = run_and_kill(name, scene.place(), Some(whole * share / 1000));
        runs += 1;
        assert!(runs < 10 * KILLS, "{name}: killed only {killed} times");
        if ended {
            continue;
        }
        killed += 1;
        let when = format!("death {killed}");
        scene.check_harmless(name, &when);
        scene.check_repeat(name, &when);
    }
    println!("{name}: killed {killed} times in {runs} runs of {whole:?}");
}

macro_rules! killed {
    ($($test:ident: $act:literal;)*) => {
        $(#[test]
        fn $test() {
            kill_many_times($act);
        })*
    };
}

killed! {
    a_killed_commit_harms_nothing: "commit";
    a_killed_checkout_harms_nothing: "checkout";
    a_killed_collection_harms_nothing: "collect";
    killed_archiving_harms_nothing: "archive";
    a_killed_import_harms_nothing: "import";
}
