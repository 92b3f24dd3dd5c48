//! How fast rows go into the store: `cargo run --release -p store --example import_speed -- [rows] [batch]`.
//!
//! One thread makes rows (30 % duplicates, 70 characters, 77 labels) and hashes them, as a parser would; the other stores them.

#![allow(clippy::unwrap_used)]

use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use contract::job::{JobKind, JobUnit};
use contract::source::ImportReport;
use store::{JobProgress, NewItem, NewJob, NewSource, Store, TextHash};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let rows: u64 = arguments.next().map_or(1_000_000, |rows| rows.parse().unwrap());
    let batch: u64 = arguments.next().map_or(16_000, |batch| batch.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let store = Store::create(folder.path(), "speed", 0).unwrap();
    let params = serde_json::Value::Null;
    let new = NewJob { kind: JobKind::Import, subject: String::new(), unit: JobUnit::Rows, params };
    let job = store.create_job(&new, 0).unwrap();
    store.start_job(job, 0).unwrap();
    let began = Instant::now();
    let report = ImportReport::default();
    let source = NewSource { name: "rows.csv".to_owned(), job, keep_duplicates: false, report };
    let mut writer = store.begin_import(&source, 0).unwrap();
    let (send, receive) = sync_channel::<Vec<NewItem>>(4);
    let mut storing = Duration::ZERO;
    let mut longest = Duration::ZERO;
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for first in (0..rows).step_by(batch as usize) {
                let items = (first..rows.min(first + batch)).map(item).collect();
                send.send(items).unwrap();
            }
        });
        while let Ok(items) = receive.recv() {
            let count = items.len();
            let began = Instant::now();
            let progress = |report: &ImportReport| JobProgress {
                done: report.read,
                cursor: Some(serde_json::json!({ "row": report.read })),
                ..JobProgress::default()
            };
            writer.push(items, Vec::new(), progress).unwrap();
            storing += began.elapsed();
            longest = longest.max(began.elapsed());
            assert!(count > 0);
        }
    });
    let report = writer.finish(ImportReport::default(), |_| JobProgress::default(), 0).unwrap();
    let all = began.elapsed();
    let size = std::fs::metadata(store.folder().database()).unwrap().len();
    let log = std::fs::metadata(folder.path().join("winnow.db-wal")).map_or(0, |file| file.len());
    println!(
        "{rows} rows: {:.2} s in all, {:.2} s storing, longest batch {} ms; kept {}, duplicates {:?}; {} MB, log {} MB",
        all.as_secs_f64(),
        storing.as_secs_f64(),
        longest.as_millis(),
        report.kept,
        report.dropped.values().sum::<u64>(),
        size / 1_000_000,
        log / 1_000_000
    );
    if let Ok(times) = std::fs::read_to_string("/proc/thread-self/schedstat") {
        let nanoseconds: f64 = times.split_whitespace().next().map_or(0.0, |time| time.parse().unwrap_or(0.0));
        println!("{:.2} s of processor time in the storing thread", nanoseconds / 1e9);
    }
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        print!("{}", status.lines().filter(|line| line.starts_with("VmHWM")).collect::<String>());
        println!();
    }
}

/// Row `row`: three of ten repeat an earlier text.
fn item(row: u64) -> NewItem {
    let key = if row % 10 < 3 { row / 2 } else { row };
    let label = key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
    let text = format!("I am still waiting on my card number {key:08}, please tell me where it is");
    NewItem {
        hash: TextHash::of(&text),
        row: row + 2,
        text,
        label: Some(format!("label_{}", label % 77)),
        ts: None,
        user: None,
        metadata: None,
    }
}
