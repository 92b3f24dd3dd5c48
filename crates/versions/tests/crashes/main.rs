//! The plug is pulled: every change to the disk fails once, and processes are killed at random moments. What was committed stays whole,
//! and the work is done when it is started again.
#![allow(clippy::unwrap_used, missing_docs)]

mod scene;
#[path = "../support/mod.rs"]
mod support;

use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use scene::{Scene, act};
use support::Draw;
use versions::{Step, VersionError, Watch};

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

/// What is done to a line of versions has many steps that are alike: one in so many fails. 7 goes into none of their periods.
fn stride(name: &str) -> i64 {
    if name.ends_with("line") { 7 } else { 1 }
}

fn fail_at_every_step(name: &str) {
    let scene = Scene::of(name);
    for (kind, for_good) in [("all after", true), ("only", false)] {
        let (mut step, stride) = (0, stride(name));
        loop {
            let when = format!("{kind} step {step}");
            scene.begin();
            let watch = Failing::after(step, for_good);
            let done = act(name, scene.place(), Some(watch.clone()));
            scene.check_harmless(name, &when);
            scene.check_repeat(name, &when);
            let failed = watch.failed.lock().unwrap();
            // An index of lines saves time, and a commit does without.
            let spared = |path: &PathBuf| path.to_string_lossy().contains("lines");
            match done {
                Ok(()) if failed.is_empty() => break,
                Ok(()) => assert!(failed.iter().all(spared), "{when}: {failed:?}"),
                Err(VersionError::Read { .. } | VersionError::Write { .. }) => {}
                Err(error) => panic!("{name}, {when}: {error}"),
            }
            step += stride;
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
    archiving_a_line_that_fails_at_any_step_harms_nothing: "archive a line";
    a_trial_on_a_line_that_fails_at_any_step_harms_nothing: "trial on a line";
    restoring_of_a_line_that_fails_at_any_step_harms_nothing: "restore of a line";
    a_merge_that_fails_at_any_step_harms_nothing: "merge";
    a_rollback_that_fails_at_any_step_harms_nothing: "rollback";
    a_view_that_fails_at_any_step_harms_nothing: "view";
}

const ACT: &str = "WINNOW_TEST_ACT";
const PLACE: &str = "WINNOW_TEST_PLACE";

/// Deaths of each kind of work: a hundred of those that steps alone don't show to be safe, fewer where they consist of such work.
fn kills(name: &str) -> usize {
    match name {
        "commit" | "checkout" | "collect" | "archive" | "import" => 100,
        _ => 20,
    }
}

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
    let kills = kills(name);
    while killed < kills {
        scene.begin();
        let share = u32::try_from(draw.below(1000)).unwrap();
        let (_, ended) = run_and_kill(name, scene.place(), Some(whole * share / 1000));
        runs += 1;
        assert!(runs < 10 * kills, "{name}: killed only {killed} times");
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
    killed_archiving_of_a_line_harms_nothing: "archive a line";
    a_killed_merge_harms_nothing: "merge";
    a_killed_rollback_harms_nothing: "rollback";
    a_killed_view_harms_nothing: "view";
}
