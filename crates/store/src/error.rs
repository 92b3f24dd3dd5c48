//! What can go wrong in the store.

use std::path::{Path, PathBuf};

use contract::{CallError, ComparisonId, DatasetId, ErrorCode, ItemId, JobId, SourceId};
use rusqlite::ErrorCode as Sqlite;

/// Result of the store's functions.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// What can go wrong in the store. Each maps to a [`CallError`].
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder holds no project.
    #[error("no project in {0}")]
    Missing(PathBuf),
    /// The folder already holds a project.
    #[error("there is a project in {0} already")]
    Exists(PathBuf),
    /// Another process writes to the project.
    #[error("{folder} is written to by process {pid}")]
    Locked {
        /// The project's folder.
        folder: PathBuf,
        /// The other process; 0 where the operating system keeps the lock's content from being read.
        pid: u32,
    },
    /// The project was written by a newer Winnow.
    #[error("{folder} has schema {found}, this program knows {known}")]
    TooNew {
        /// The project's folder.
        folder: PathBuf,
        /// Schema number found.
        found: u32,
        /// The highest one known.
        known: u32,
    },
    /// The project has an older schema and was opened for reading only, so that it can't be migrated.
    #[error("{folder} has schema {found} and must be opened for writing once")]
    NeedsMigration {
        /// The project's folder.
        folder: PathBuf,
        /// Schema number found.
        found: u32,
    },
    /// Not a database, or a damaged one.
    #[error("{file} is damaged: {detail}")]
    Damaged {
        /// The database file.
        file: PathBuf,
        /// What SQLite says.
        detail: String,
    },
    /// A write on a project that was opened for reading.
    #[error("the project was opened for reading")]
    ReadOnly,
    /// No such comparison, or one that is not complete.
    #[error("no comparison {0}")]
    ComparisonMissing(ComparisonId),
    /// The folder can't be written to.
    #[error("{folder} can't be written to: {detail}")]
    Unwritable {
        /// The folder or file.
        folder: PathBuf,
        /// What the operating system says.
        detail: String,
    },
    /// No space left.
    #[error("no space left for {0}")]
    DiskFull(PathBuf),
    /// No such item.
    #[error("no item {0}")]
    ItemMissing(ItemId),
    /// No such source.
    #[error("no source {0}")]
    SourceMissing(SourceId),
    /// No such job.
    #[error("no job {0}")]
    JobMissing(JobId),
    /// The job is over.
    #[error("job {0} is over")]
    JobOver(JobId),
    /// No such dataset.
    #[error("no dataset {0}")]
    DatasetMissing(DatasetId),
    /// No such model.
    #[error("no model {0}")]
    ModelMissing(String),
    /// A model of that name is there already.
    #[error("there is a model {0} already")]
    ModelExists(String),
    /// No such domain in the schema.
    #[error("no domain {0}")]
    DomainUnknown(String),
    /// The item has no prediction or label that could be approved.
    #[error("nothing to approve on item {0}")]
    NothingToApprove(ItemId),
    /// There is no decision of this reviewer to take back.
    #[error("nothing to undo for {0}")]
    NothingToUndo(String),
    /// Stored JSON that doesn't parse: the store was changed by something else.
    #[error("stored value: {0}")]
    Value(#[from] serde_json::Error),
    /// Anything else from SQLite.
    #[error("SQLite: {0}")]
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        StoreError::Sqlite(error)
    }
}

impl StoreError {
    /// Says what an error of SQLite about `file` means to a person.
    pub(crate) fn classified(self, file: &Path) -> Self {
        let StoreError::Sqlite(error) = self else { return self };
        let folder = file.parent().unwrap_or(file);
        match error.sqlite_error_code() {
            Some(Sqlite::DiskFull) => StoreError::DiskFull(folder.to_owned()),
            // The shared index of the log is made when a project is opened; it fails in growing on a full disk.
            Some(Sqlite::SystemIoFailure) if is_growth(&error) => StoreError::DiskFull(folder.to_owned()),
            Some(Sqlite::SystemIoFailure) => {
                StoreError::Unwritable { folder: folder.to_owned(), detail: error.to_string() }
            }
            Some(Sqlite::DatabaseCorrupt | Sqlite::NotADatabase) => {
                StoreError::Damaged { file: file.to_owned(), detail: error.to_string() }
            }
            Some(Sqlite::CannotOpen | Sqlite::ReadOnly | Sqlite::PermissionDenied) => {
                StoreError::Unwritable { folder: folder.to_owned(), detail: error.to_string() }
            }
            Some(Sqlite::DatabaseBusy | Sqlite::DatabaseLocked) => {
                StoreError::Locked { folder: folder.to_owned(), pid: crate::lock::owner(folder) }
            }
            _ => StoreError::Sqlite(error),
        }
    }

    /// Classifies an I/O error on the way to writing `path`.
    pub(crate) fn from_io(error: &std::io::Error, path: &Path) -> Self {
        use std::io::ErrorKind as Kind;
        match error.kind() {
            Kind::StorageFull | Kind::QuotaExceeded => StoreError::DiskFull(path.to_owned()),
            _ => StoreError::Unwritable { folder: path.to_owned(), detail: error.to_string() },
        }
    }
}

/// Whether a file of SQLite's could not be made larger.
fn is_growth(error: &rusqlite::Error) -> bool {
    use rusqlite::ffi::{SQLITE_IOERR_SHMMAP, SQLITE_IOERR_SHMSIZE};
    let growth = [SQLITE_IOERR_SHMMAP, SQLITE_IOERR_SHMSIZE];
    error.sqlite_error().is_some_and(|error| growth.contains(&error.extended_code))
}

impl From<StoreError> for CallError {
    fn from(error: StoreError) -> Self {
        let new = CallError::new;
        match error {
            StoreError::Missing(folder) => new(ErrorCode::ProjectMissing).in_file(folder.display()),
            StoreError::Exists(folder) => new(ErrorCode::ProjectExists).in_file(folder.display()),
            StoreError::Locked { folder, pid } => {
                new(ErrorCode::ProjectLocked).with("pid", pid).in_file(folder.display())
            }
            StoreError::TooNew { folder, found, known } => {
                new(ErrorCode::ProjectTooNew).with("found", found).with("known", known).in_file(folder.display())
            }
            StoreError::NeedsMigration { folder, found } => {
                new(ErrorCode::ProjectReadOnly).with("found", found).in_file(folder.display())
            }
            StoreError::Damaged { file, detail } => {
                new(ErrorCode::ProjectDamaged).with("detail", detail).in_file(file.display())
            }
            StoreError::ReadOnly => new(ErrorCode::ProjectReadOnly),
            StoreError::ComparisonMissing(id) => new(ErrorCode::ComparisonMissing).with("id", id),
            StoreError::Unwritable { folder, detail } => {
                new(ErrorCode::FolderUnwritable).with("detail", detail).in_file(folder.display())
            }
            StoreError::DiskFull(folder) => new(ErrorCode::DiskFull).in_file(folder.display()),
            StoreError::ItemMissing(item) => new(ErrorCode::ItemMissing).with("item", item),
            StoreError::SourceMissing(source) => {
                new(ErrorCode::ArgumentInvalid).with("name", "source").with("value", source).with("detail", "")
            }
            StoreError::JobMissing(job) => new(ErrorCode::JobMissing).with("job", job),
            StoreError::JobOver(job) => new(ErrorCode::JobOver).with("job", job),
            StoreError::DatasetMissing(_) => new(ErrorCode::DatasetMissing),
            StoreError::ModelMissing(name) => new(ErrorCode::ModelMissing).with("name", name),
            StoreError::ModelExists(name) => new(ErrorCode::ModelExists).with("name", name),
            StoreError::DomainUnknown(domain) => new(ErrorCode::DomainUnknown).with("domain", domain),
            StoreError::NothingToApprove(item) => new(ErrorCode::NothingToApprove).with("item", item),
            StoreError::NothingToUndo(reviewer) => new(ErrorCode::NothingToUndo).with("reviewer", reviewer),
            StoreError::Value(error) => new(ErrorCode::ProjectDamaged).with("detail", error),
            StoreError::Sqlite(error) => new(ErrorCode::Internal).with("detail", error),
        }
    }
}
