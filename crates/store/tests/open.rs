//! Making, opening, locking and damaging projects.
#![allow(clippy::unwrap_used)]

mod common;

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use common::{import, job, project};
use contract::job::{JobKind, JobState};
use contract::project::Access;
use contract::{CallError, ErrorCode};
use store::{Store, StoreError};

fn code(error: StoreError) -> ErrorCode {
    CallError::from(error).code
}

#[test]
fn a_project_is_made_once_and_beside_other_files() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("notes.txt"), "mine").unwrap();
    let inside = folder.path().join("deep/project");
    let store = Store::create(&inside, "Письма", 1).unwrap();
    assert_eq!(store.name().unwrap(), "Письма");
    assert!(store.folder().exports().is_dir());
    drop(store);
    assert_eq!(code(Store::create(&inside, "again", 1).err().unwrap()), ErrorCode::ProjectExists);
    assert_eq!(Store::open(&inside, 2).unwrap().name().unwrap(), "Письма");
    assert_eq!(code(Store::open(folder.path(), 2).err().unwrap()), ErrorCode::ProjectMissing);
}

#[test]
fn a_project_in_a_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    assert_eq!(code(Store::create(&file.join("project"), "x", 1).err().unwrap()), ErrorCode::FolderUnwritable);
}

#[test]
fn what_is_no_database_and_what_is_another_programs_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("winnow.db");
    std::fs::write(&file, "this is no database at all, and long enough to be seen as none").unwrap();
    assert_eq!(code(Store::open(folder.path(), 1).err().unwrap()), ErrorCode::ProjectDamaged);
    assert_eq!(code(Store::open_read_only(folder.path()).err().unwrap()), ErrorCode::ProjectDamaged);
    std::fs::remove_file(&file).unwrap();
    let other = rusqlite::Connection::open(&file).unwrap();
    other.execute_batch("CREATE TABLE t (a); PRAGMA user_version = 1;").unwrap();
    drop(other);
    assert_eq!(code(Store::open(folder.path(), 1).err().unwrap()), ErrorCode::ProjectDamaged);
}

#[test]
fn a_newer_project_is_named() {
    let project = project();
    drop(project.store);
    let file = rusqlite::Connection::open(project.folder.path().join("winnow.db")).unwrap();
    file.pragma_update(None, "user_version", 99).unwrap();
    drop(file);
    for error in [Store::open(project.folder.path(), 1).err(), Store::open_read_only(project.folder.path()).err()] {
        let error = CallError::from(error.unwrap());
        assert_eq!((error.code, error.params["found"].as_str()), (ErrorCode::ProjectTooNew, "99"));
    }
}

#[test]
fn a_damaged_page_is_an_error_and_no_panic() {
    let project = project();
    let texts: Vec<String> = (0..2000).map(|number| format!("text number {number}")).collect();
    let rows: Vec<(&str, Option<&str>)> = texts.iter().map(|text| (text.as_str(), None)).collect();
    import(&project.store, &rows);
    drop(project.store);
    let file = project.folder.path().join("winnow.db");
    let connection = rusqlite::Connection::open(&file).unwrap();
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    drop(connection);
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..].fill(0xa5);
    std::fs::write(&file, bytes).unwrap();
    let error = match Store::open(project.folder.path(), 1) {
        Ok(store) => store.text_hashes().err(),
        Err(error) => Some(error),
    };
    assert_eq!(code(error.unwrap()), ErrorCode::ProjectDamaged);
}

#[test]
fn a_full_disk_leaves_nothing_of_the_batch() {
    let project = project();
    import(&project.store, &[("first text", None)]);
    // What SQLite does when no page can be added is what it does when the disk has none.
    let limited = rusqlite::Connection::open(project.folder.path().join("winnow.db")).unwrap();
    let pages: i64 = limited.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    limited.pragma_update(None, "max_page_count", pages).unwrap();
    let big = "x".repeat(1_000_000);
    let full = limited.execute("INSERT INTO project VALUES ('big', ?1)", [big]).unwrap_err();
    assert_eq!(full.sqlite_error_code(), Some(rusqlite::ErrorCode::DiskFull));
    assert_eq!(project.store.item_stats().unwrap().items, 1);
}

/// The other process of the tests below: opens a project, says so and waits for a line.
#[test]
#[ignore = "run by other tests as a process of its own"]
fn child_holds_a_project() {
    let Ok(folder) = std::env::var("STORE_TEST_FOLDER") else { return };
    let store = Store::open(folder.as_ref(), 5).unwrap();
    let id = job(&store, JobKind::Label);
    println!("\nopen {id}");
    std::io::stdout().flush().unwrap();
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    println!("\ncancelled {}", store.cancel_requested(id).unwrap());
}

#[test]
fn a_second_process_reads_beside_the_first_and_can_cancel_its_job() {
    let project = project();
    import(&project.store, &[("a text", Some("l"))]);
    drop(project.store);
    let path = project.folder.path();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "child_holds_a_project", "--nocapture"])
        .env("STORE_TEST_FOLDER", path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let opened = lines.by_ref().find(|line| line.starts_with("open ")).unwrap();
    let running: contract::JobId = opened["open ".len()..].parse().unwrap();

    let error = CallError::from(Store::open(path, 6).err().unwrap());
    assert_eq!((error.code, error.params["pid"].clone()), (ErrorCode::ProjectLocked, child.id().to_string()));
    let reader = Store::open_read_only(path).unwrap();
    assert_eq!(reader.access(), Access::ReadOnly { pid: child.id() });
    assert_eq!(reader.overview().unwrap().items, 1);
    assert_eq!(code(reader.set_queue_limit(5).unwrap_err()), ErrorCode::ProjectReadOnly);
    assert_eq!(code(reader.undo("anna", 7).unwrap_err()), ErrorCode::ProjectReadOnly);
    assert_eq!(code(reader.remove_source(contract::SourceId(1)).unwrap_err()), ErrorCode::ProjectReadOnly);
    assert_eq!(reader.request_cancel(running, 7).unwrap().state, JobState::Cancelling);

    child.stdin.take().unwrap().write_all(b"go on\n").unwrap();
    assert_eq!(lines.find(|line| line.starts_with("cancelled ")).unwrap(), "cancelled true");
    child.wait().unwrap();
    // The lock went with the process; its job was asked to stop and counts as cancelled.
    let store = Store::open(path, 8).unwrap();
    assert_eq!(store.job(running).unwrap().status.state, JobState::Cancelled);
}

#[test]
fn jobs_of_a_process_that_was_killed_are_interrupted() {
    let project = project();
    drop(project.store);
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "child_holds_a_project", "--nocapture"])
        .env("STORE_TEST_FOLDER", project.folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.starts_with("open ")));
    child.kill().unwrap();
    child.wait().unwrap();
    let store = Store::open(project.folder.path(), 9).unwrap();
    let jobs = store.jobs(10).unwrap();
    assert_eq!(jobs[0].state, JobState::Interrupted);
    assert_eq!(store.requeue_job(jobs[0].id).unwrap().state, JobState::Queued);
    assert_eq!(store.next_queued_job().unwrap(), Some(jobs[0].id));
}
