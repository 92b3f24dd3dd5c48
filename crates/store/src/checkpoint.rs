//! Checkpoints: moving committed pages from the log into the file, beside the work instead of in it.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use rusqlite::Connection;
use rusqlite::MAIN_DB;
use rusqlite::wal::CheckpointMode;

/// Pages in the log from which on a checkpoint is worth it (32 MiB): pages that change often are
/// then moved once, not with every batch.
const WORTH_PAGES: i32 = 8_000;
/// Pages in the log from which on the writer itself makes room (256 MiB), so that the log stays bounded under an import that never
/// pauses.
const MUST_PAGES: i32 = 64_000;

/// A thread that makes checkpoints when told so.
pub(crate) struct Checkpointer {
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    pub(crate) fn start(file: PathBuf) -> Self {
        let (wake, woken) = sync_channel(1);
        let thread = std::thread::Builder::new().name("checkpoint".to_owned()).spawn(move || run(&file, &woken)).ok();
        Self { wake: Some(wake), thread }
    }

    /// Looks at the log after a commit; called in the writer's turn.
    pub(crate) fn after_commit(&self, writer: &Connection) {
        // What fails here is tried again after the next commit; nothing is lost meanwhile.
        let Ok((pages, moved)) = writer.wal_checkpoint_v2(Some(MAIN_DB), CheckpointMode::NOOP) else { return };
        if pages >= MUST_PAGES {
            let _ = writer.wal_checkpoint_v2(Some(MAIN_DB), CheckpointMode::PASSIVE);
        } else if pages - moved >= WORTH_PAGES
            && let Some(wake) = &self.wake
        {
            let _ = wake.try_send(());
        }
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.wake = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(file: &std::path::Path, woken: &Receiver<()>) {
    let mut connection = None;
    while woken.recv().is_ok() {
        if connection.is_none() {
            connection = crate::connection::signaller(file).ok();
        }
        if let Some(connection) = &connection {
            let _ = connection.wal_checkpoint_v2(Some(MAIN_DB), CheckpointMode::PASSIVE);
        }
    }
}
