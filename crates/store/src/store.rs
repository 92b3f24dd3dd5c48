//! An open project.

use std::path::Path;
use std::sync::Mutex;

use contract::UnixMillis;
use contract::project::Access;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::checkpoint::Checkpointer;
use crate::connection::{self, Readers};
use crate::lock::{self, ProjectLock};
use crate::turn::Turn;
use crate::{ProjectFolder, Result, StoreError, TextHashes, job, migration, project};

/// An open project folder. Shared between threads behind an `Arc`.
pub struct Store {
    // In this order: connections close before the checkpointer's, the lock goes last.
    readers: Readers,
    writer: Option<Writer>,
    folder: ProjectFolder,
}

/// What only the process has that holds the lock.
struct Writer {
    connection: Turn<Connection>,
    checkpointer: Checkpointer,
    /// Hashes of all texts, kept from one import to the next; `None` until needed and after items were removed.
    hashes: Mutex<Option<TextHashes>>,
    _lock: ProjectLock,
}

/// What a write survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// A crash of the program; after a power cut the last moments may be missing, never torn. (`synchronous = NORMAL`.)
    Crash,
    /// A power cut, too: the answer comes when it is on disk. (`synchronous = FULL`.)
    PowerCut,
}

impl Store {
    /// Makes a project in `folder` (made if missing) and opens it for writing. Files that are not a project's stay.
    ///
    /// # Errors
    /// [`crate::StoreError::Exists`], [`crate::StoreError::Unwritable`], [`crate::StoreError::DiskFull`],
    /// [`crate::StoreError::Locked`].
    pub fn create(folder: &Path, name: &str, now: UnixMillis) -> Result<Self> {
        let layout = ProjectFolder::new(folder);
        let io = |error: std::io::Error| StoreError::from_io(&error, folder);
        std::fs::create_dir_all(folder).map_err(io)?;
        let lock = ProjectLock::take(&layout)?;
        if layout.is_project() {
            return Err(StoreError::Exists(folder.to_owned()));
        }
        for part in [layout.versions(), layout.models(), layout.exports()] {
            std::fs::create_dir_all(&part).map_err(io)?;
        }
        // Made aside and renamed, so that a folder either holds a project or doesn't.
        let unfinished = folder.join("winnow.db.new");
        let _ = std::fs::remove_file(&unfinished);
        make(&unfinished, name, now)
            .and_then(|()| std::fs::rename(&unfinished, layout.database()).map_err(io))
            .inspect_err(|_| {
                let _ = std::fs::remove_file(&unfinished);
            })
            .map_err(|error| error.classified(&layout.database()))?;
        // Where folders can't be synced (Windows), the rename is as safe as the file system makes it.
        let _ = std::fs::File::open(folder).and_then(|folder| folder.sync_all());
        Self::open_locked(layout, lock, now)
    }

    /// Opens a project for writing: takes its lock, migrates it, marks jobs that died with another process as
    /// interrupted. The lock is held until the last `Arc` of the store is gone.
    ///
    /// # Errors
    /// [`crate::StoreError::Missing`], [`crate::StoreError::Locked`], [`crate::StoreError::TooNew`], [`crate::StoreError::Damaged`],
    /// [`crate::StoreError::Unwritable`], [`crate::StoreError::DiskFull`].
    pub fn open(folder: &Path, now: UnixMillis) -> Result<Self> {
        let layout = ProjectFolder::new(folder);
        if !layout.is_project() {
            return Err(StoreError::Missing(folder.to_owned()));
        }
        let lock = ProjectLock::take(&layout)?;
        Self::open_locked(layout, lock, now)
    }

    fn open_locked(layout: ProjectFolder, lock: ProjectLock, now: UnixMillis) -> Result<Self> {
        let file = layout.database();
        let classified = |error: StoreError| error.classified(&file);
        let mut writer = connection::writer(&file).map_err(classified)?;
        migration::migrate(&mut writer, &file).map_err(classified)?;
        let store = Self {
            readers: Readers::new(file.clone()),
            writer: Some(Writer {
                connection: Turn::new(writer),
                checkpointer: Checkpointer::start(file.clone()),
                hashes: Mutex::new(None),
                _lock: lock,
            }),
            folder: layout,
        };
        store.write(Durability::Crash, |transaction| job::interrupt_orphans(transaction, now))?;
        Ok(store)
    }

    /// Opens a project beside its writer: everything can be read, every change is refused with
    /// [`crate::StoreError::ReadOnly`] but [`Store::request_cancel`].
    ///
    /// # Errors
    /// As [`Store::open`], but for the lock; [`crate::StoreError::NeedsMigration`].
    pub fn open_read_only(folder: &Path) -> Result<Self> {
        let layout = ProjectFolder::new(folder);
        if !layout.is_project() {
            return Err(StoreError::Missing(folder.to_owned()));
        }
        let file = layout.database();
        let store = Self { readers: Readers::new(file.clone()), writer: None, folder: layout };
        let found = store.read(|connection| migration::schema_number(connection, &file))?;
        let (known, folder) = (migration::known(), folder.to_owned());
        match found {
            _ if found > known => Err(StoreError::TooNew { folder, found, known }),
            _ if found < known => Err(StoreError::NeedsMigration { folder, found }),
            _ => Ok(store),
        }
    }

    /// Where things are.
    pub fn folder(&self) -> &ProjectFolder {
        &self.folder
    }

    /// Whether this process may write, else who does.
    pub fn access(&self) -> Access {
        match self.writer {
            Some(_) => Access::ReadWrite,
            None => Access::ReadOnly { pid: lock::owner(self.folder.path()) },
        }
    }

    /// Reads, in one transaction and without waiting for a writer.
    pub(crate) fn read<T>(&self, query: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        self.readers.with(query).map_err(|error| error.classified(&self.folder.database()))
    }

    /// Writes in one transaction, in the order of asking; what fails leaves nothing behind.
    pub(crate) fn write<T>(
        &self,
        durability: Durability,
        change: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        let writer = self.writer.as_ref().ok_or(StoreError::ReadOnly)?;
        writer
            .connection
            .with(|connection| {
                if durability == Durability::PowerCut {
                    connection.pragma_update(None, "synchronous", "FULL")?;
                }
                let answer = in_transaction(connection, change);
                if durability == Durability::PowerCut {
                    connection.pragma_update(None, "synchronous", "NORMAL")?;
                }
                writer.checkpointer.after_commit(connection);
                answer
            })
            .map_err(|error| error.classified(&self.folder.database()))
    }

    /// The hashes of all texts that the last import left; the caller puts them back when they are right again.
    pub(crate) fn kept_hashes(&self) -> Result<&Mutex<Option<TextHashes>>> {
        self.writer.as_ref().map(|writer| &writer.hashes).ok_or(StoreError::ReadOnly)
    }
}

fn in_transaction<T>(connection: &mut Connection, change: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let answer = change(&transaction)?;
    transaction.commit()?;
    Ok(answer)
}

/// Makes a project's file, complete and on disk.
fn make(file: &Path, name: &str, now: UnixMillis) -> Result<()> {
    let mut connection = connection::maker(file)?;
    migration::migrate(&mut connection, file)?;
    let transaction = connection.transaction()?;
    project::set(&transaction, "name", &name)?;
    project::set(&transaction, "created", &now)?;
    transaction.commit()?;
    Ok(())
}
