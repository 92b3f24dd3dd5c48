//! Who may do what at the same time: one writer; readers beside it; nobody while objects are removed.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use crate::{Progress, VersionError};

/// How long to sleep between two tries.
const PAUSE: Duration = Duration::from_millis(20);

/// A lock that is held until it is dropped, or the process ends.
#[derive(Debug)]
pub(crate) struct Held {
    _file: File,
}

/// Waits until the lock is free; `told` may break off.
pub(crate) fn wait(path: &Path, shared: bool, told: &mut Progress<'_>) -> Result<Held, VersionError> {
    loop {
        let file = OpenOptions::new().create(true).truncate(false).write(true).read(true).open(path);
        let file = file.map_err(VersionError::write(path))?;
        let tried = if shared { file.try_lock_shared() } else { file.try_lock() };
        match tried {
            Ok(()) => return Ok(Held { _file: file }),
            Err(TryLockError::WouldBlock) => {
                if told(0) == ControlFlow::Break(()) {
                    return Err(VersionError::Cancelled);
                }
                std::thread::sleep(PAUSE);
            }
            // A file system that knows no locks, as some network shares: the project's own lock must do.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                return Ok(Held { _file: file });
            }
            Err(TryLockError::Error(error)) => return Err(VersionError::write(path)(error)),
        }
    }
}
