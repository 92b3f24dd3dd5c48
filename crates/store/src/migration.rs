//! Migrations: numbered files, forward only, each one transaction, the old file kept beside.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use rusqlite::{Connection, TransactionBehavior};

use crate::{Result, StoreError};

/// The migrations in order; the first is number 1.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_project.sql"),
    include_str!("../migrations/0002_labellers.sql"),
    include_str!("../migrations/0003_asked.sql"),
];

/// Says that a SQLite file is a project: "Winn".
const APPLICATION: i64 = 0x5769_6e6e;

/// What a file is.
pub(crate) fn schema_number(connection: &Connection, file: &Path) -> Result<u32> {
    let number: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let application: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if number > 0 && application != APPLICATION {
        let detail = "a SQLite file of another program".to_owned();
        return Err(StoreError::Damaged { file: file.to_owned(), detail });
    }
    Ok(number)
}

/// The number of the schema that this program writes.
pub(crate) fn known() -> u32 {
    u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX)
}

/// Brings a file to the newest schema. Safe when two processes do it at once: the second finds it done.
pub(crate) fn migrate(connection: &mut Connection, file: &Path) -> Result<()> {
    migrate_with(connection, file, MIGRATIONS)
}

fn migrate_with(connection: &mut Connection, file: &Path, migrations: &[&str]) -> Result<()> {
    let known = u32::try_from(migrations.len()).unwrap_or(u32::MAX);
    let found = schema_number(connection, file)?;
    if found > known {
        let folder = file.parent().unwrap_or(file).to_owned();
        return Err(StoreError::TooNew { folder, found, known });
    }
    if found == known {
        return Ok(());
    }
    if found > 0 {
        back_up(connection, file, found, known)?;
    }
    // References may dangle inside a migration; they are checked before it commits.
    connection.pragma_update(None, "foreign_keys", false)?;
    let done =
        (found + 1..=known).try_for_each(|number| apply(connection, number, migrations[number as usize - 1], file));
    connection.pragma_update(None, "foreign_keys", true)?;
    done
}

/// Applies one migration unless another process has.
fn apply(connection: &mut Connection, number: u32, sql: &str, file: &Path) -> Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if schema_number(&transaction, file)? >= number {
        return Ok(());
    }
    transaction.execute_batch(sql)?;
    let dangling: i64 = transaction.query_row("SELECT COUNT(*) FROM pragma_foreign_key_check", [], |row| row.get(0))?;
    if dangling > 0 {
        let detail = format!("{dangling} dangling references in migration {number}");
        return Err(StoreError::Damaged { file: file.to_owned(), detail });
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", number)?;
    Ok(transaction.commit()?)
}

/// Copies the file to `winnow.db.before-N`, whole or not at all.
fn back_up(connection: &Connection, file: &Path, found: u32, number: u32) -> Result<()> {
    static COPIES: AtomicU32 = AtomicU32::new(0);
    let copy = file.with_extension(format!("db.before-{number}"));
    let own = format!("{}-{}", std::process::id(), COPIES.fetch_add(1, Ordering::Relaxed));
    let unfinished = file.with_extension(format!("db.before-{number}.part-{own}"));
    let _ = std::fs::remove_file(&unfinished);
    connection.execute("VACUUM INTO ?1", [unfinished.to_string_lossy()])?;
    let copied = schema_number(&Connection::open(&unfinished)?, &unfinished)?;
    let io = |error: std::io::Error| StoreError::from_io(&error, &copy);
    if copied != found {
        // Another process has migrated meanwhile and has made its copy before that.
        return std::fs::remove_file(&unfinished).map_err(io);
    }
    std::fs::File::open(&unfinished)
        .and_then(|part| part.sync_all())
        .and_then(|()| std::fs::rename(&unfinished, &copy))
        .map_err(io)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const NEXT: &str = "ALTER TABLE models ADD COLUMN note TEXT; UPDATE models SET note = 'kept';";

    fn at(number: usize, file: &Path) -> Connection {
        let mut connection = Connection::open(file).unwrap();
        connection.pragma_update(None, "journal_mode", "WAL").unwrap();
        migrate_with(&mut connection, file, &MIGRATIONS[..number]).unwrap();
        connection
    }

    #[test]
    fn every_earlier_schema_comes_up_to_the_newest() {
        for number in 0..=MIGRATIONS.len() {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("winnow.db");
            let mut connection = at(number, &file);
            migrate(&mut connection, &file).unwrap();
            assert_eq!(schema_number(&connection, &file).unwrap(), known());
            assert_eq!(
                file.with_extension(format!("db.before-{}", known())).exists(),
                (1..known()).contains(&(number as u32))
            );
        }
    }

    #[test]
    fn a_migration_keeps_the_rows_and_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("winnow.db");
        let mut connection = at(MIGRATIONS.len(), &file);
        connection.execute("INSERT INTO models VALUES ('m', '{}', 1, '')", []).unwrap();
        let next: Vec<&str> = MIGRATIONS.iter().copied().chain([NEXT]).collect();
        migrate_with(&mut connection, &file, &next).unwrap();
        let note: String = connection.query_row("SELECT note FROM models", [], |row| row.get(0)).unwrap();
        assert_eq!(note, "kept");
        let old = Connection::open(file.with_extension(format!("db.before-{}", next.len()))).unwrap();
        assert_eq!(schema_number(&old, &file).unwrap(), known());
        assert_eq!(old.query_row("SELECT COUNT(*) FROM models", [], |row| row.get::<_, i64>(0)).unwrap(), 1);
        let error = migrate(&mut connection, &file).unwrap_err();
        assert!(matches!(error, StoreError::TooNew { found, known: k, .. } if found == k + 1));
    }

    #[test]
    fn a_migration_that_fails_leaves_the_schema_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("winnow.db");
        let mut connection = at(MIGRATIONS.len(), &file);
        let next: Vec<&str> =
            MIGRATIONS.iter().copied().chain(["CREATE TABLE half (a); CREATE TABLE models (a);"]).collect();
        migrate_with(&mut connection, &file, &next).unwrap_err();
        assert_eq!(schema_number(&connection, &file).unwrap(), known());
        connection.execute("SELECT * FROM half", []).unwrap_err();
    }

    #[test]
    fn two_at_once_do_it_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("winnow.db");
        drop(at(MIGRATIONS.len(), &file));
        let next: Vec<&str> = MIGRATIONS.iter().copied().chain([NEXT]).collect();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let mut connection = Connection::open(&file).unwrap();
                    connection.busy_timeout(std::time::Duration::from_secs(20)).unwrap();
                    migrate_with(&mut connection, &file, &next).unwrap();
                });
            }
        });
        let connection = Connection::open(&file).unwrap();
        assert_eq!(schema_number(&connection, &file).unwrap() as usize, next.len());
    }
}
