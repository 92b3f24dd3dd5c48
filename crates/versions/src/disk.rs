//! Every change to the disk goes through here, so that a test can fail any one of them.

use std::fmt::Debug;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A step that changes the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A folder is made.
    MakeFolder,
    /// A file is made or cut to nothing.
    Create,
    /// Bytes are written to it.
    Write,
    /// What was written is made durable.
    Sync,
    /// A file or folder gets its name.
    Rename,
    /// A file or folder goes.
    Remove,
}

/// Asked before each step; an error from it is what the step ends with. The usual one lets everything pass.
pub trait Watch: Debug + Send + Sync {
    /// Lets the step pass, or fails it.
    ///
    /// # Errors
    /// Whatever the disk is to answer.
    fn before(&self, step: Step, path: &Path) -> io::Result<()>;
}

/// Lets everything pass.
#[derive(Debug)]
struct Unwatched;

impl Watch for Unwatched {
    fn before(&self, _: Step, _: &Path) -> io::Result<()> {
        Ok(())
    }
}

/// The disk.
#[derive(Clone, Debug)]
pub(crate) struct Disk {
    watch: Arc<dyn Watch>,
}

impl Default for Disk {
    fn default() -> Self {
        Self { watch: Arc::new(Unwatched) }
    }
}

impl Disk {
    pub fn watched(watch: Arc<dyn Watch>) -> Self {
        Self { watch }
    }

    pub fn make_folder(&self, folder: &Path) -> io::Result<()> {
        if folder.is_dir() {
            return Ok(());
        }
        self.watch.before(Step::MakeFolder, folder)?;
        fs::create_dir_all(folder)
    }

    pub fn create(&self, path: &Path) -> io::Result<OutFile> {
        self.watch.before(Step::Create, path)?;
        Ok(OutFile { file: File::create(path)?, watch: self.watch.clone(), path: path.to_owned() })
    }

    /// Gives a file that never changes a second name, or makes a copy of it where there are no such links.
    pub fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.watch.before(Step::Create, to)?;
        fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(|_| ()))
    }

    pub fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.watch.before(Step::Rename, to)?;
        fs::rename(from, to)?;
        to.parent().map_or(Ok(()), |folder| self.sync_folder(folder))
    }

    /// Gives a file its name without waiting until that is durable: for what can be made again.
    pub fn rename_unsynced(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.watch.before(Step::Rename, to)?;
        fs::rename(from, to)
    }

    pub fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.watch.before(Step::Remove, path)?;
        absent_is_fine(fs::remove_file(path))
    }

    pub fn remove_folder(&self, path: &Path) -> io::Result<()> {
        self.watch.before(Step::Remove, path)?;
        absent_is_fine(fs::remove_dir_all(path))
    }

    /// Makes a folder's entries durable.
    pub fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.watch.before(Step::Sync, folder)?;
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        // Only Unix lets a folder be opened and synced; elsewhere the file system orders renames itself.
        if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
    }

    /// Writes a whole small file by way of a temporary one: write, sync, rename, sync the folder.
    pub fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let temporary = temporary(path);
        let written = (|| {
            let mut file = self.create(&temporary)?;
            file.write_all(bytes)?;
            file.sync()
        })();
        if let Err(error) = written.and_then(|()| self.rename(&temporary, path)) {
            // A full disk must not be filled further by what is of no use.
            let _ = fs::remove_file(&temporary);
            return Err(error);
        }
        Ok(())
    }
}

/// A file being written.
#[derive(Debug)]
pub(crate) struct OutFile {
    file: File,
    watch: Arc<dyn Watch>,
    path: PathBuf,
}

impl OutFile {
    /// Writes bytes at a place of their own; several may do so at once.
    pub fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.watch.before(Step::Write, &self.path)?;
        write_all_at(&self.file, bytes, offset)
    }

    /// Asks for the room that the file will take, so that a disk without it says so before anything is written; writing is a quarter faster,
    /// too. A file system that can't promise room doesn't.
    pub fn reserve(&self, bytes: u64) -> io::Result<()> {
        self.watch.before(Step::Write, &self.path)?;
        reserve(&self.file, bytes)
    }

    /// Makes what was written durable.
    pub fn sync(&mut self) -> io::Result<()> {
        self.watch.before(Step::Sync, &self.path)?;
        self.file.sync_all()
    }
}

impl Write for OutFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.watch.before(Step::Write, &self.path)?;
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A file on its way to its name. Dropped before it has one, it goes: a full disk must not stay full of what is of no use.
#[derive(Debug)]
pub(crate) struct Unnamed {
    disk: Disk,
    path: PathBuf,
    is_named: bool,
}

impl Unnamed {
    /// Makes a file that lies beside where it will be called `path`.
    pub fn create(disk: &Disk, path: &Path) -> io::Result<(Self, OutFile)> {
        let path = temporary(path);
        let file = disk.create(&path)?;
        Ok((Self { disk: disk.clone(), path, is_named: false }, file))
    }

    /// Gives it its name, durably.
    pub fn name(mut self, path: &Path) -> io::Result<()> {
        self.disk.rename(&self.path, path)?;
        self.is_named = true;
        Ok(())
    }

    /// Gives it its name without waiting until that is durable: for what can be made again.
    pub fn name_unsynced(mut self, path: &Path) -> io::Result<()> {
        self.disk.rename_unsynced(&self.path, path)?;
        self.is_named = true;
        Ok(())
    }
}

impl Drop for Unnamed {
    fn drop(&mut self) {
        if !self.is_named {
            // What stays is cleared away by the next collection.
            let _ = self.disk.remove_file(&self.path);
        }
    }
}

#[cfg(target_os = "linux")]
fn reserve(file: &File, bytes: u64) -> io::Result<()> {
    use rustix::fs::{FallocateFlags, fallocate};
    if bytes == 0 {
        return Ok(());
    }
    match fallocate(file, FallocateFlags::empty(), 0, bytes) {
        Err(error) if error == rustix::io::Errno::NOSPC => Err(error.into()),
        // Writing will tell whatever else is the matter.
        _ => Ok(()),
    }
}

#[cfg(not(target_os = "linux"))]
fn reserve(_: &File, _: u64) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn write_all_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(windows)]
fn write_all_at(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match std::os::windows::fs::FileExt::seek_write(file, bytes, offset) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => {
                bytes = &bytes[written..];
                offset += written as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Where a file lies before it gets its name.
pub(crate) fn temporary(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    path.with_file_name(name)
}

/// The files of a folder with an extension, by name; none where there is no folder.
pub(crate) fn files_of(folder: &Path, extension: &str) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|found| found == extension) {
            files.push(path);
        }
    }
    files.sort_unstable();
    Ok(files)
}

fn absent_is_fine(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
