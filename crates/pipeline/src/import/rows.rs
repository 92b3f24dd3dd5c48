//! The reading side: a thread that parses, cleans and hashes, a few batches ahead of the store.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use contract::source::{FileSpec, ImportReport};
use contract::{CallError, ErrorCode};
use ingest::{CleanBatch, ImportReader};
use models::CancelToken;
use store::{NewDrop, NewItem, TextHash};

/// Rows stored in one transaction.
const BATCH: usize = 10_000;
/// Rows parsed between two looks at the size of the batch and at cancellation.
const STEP: usize = 500;
/// A batch is closed at this many bytes of text, too.
const BATCH_BYTES: usize = 16 << 20;
/// Batches waiting for the store.
const AHEAD: usize = 2;
/// How often somebody who waits for a batch looks whether to go on.
const LOOK: Duration = Duration::from_millis(100);

/// What the reading thread says.
pub(super) enum Message {
    /// The file is open: what was found out about it.
    Opened(Box<ImportReport>),
    /// Rows.
    Batch(Batch),
    /// The end, with the Blake3 of the file, hex.
    End(String),
}

/// Rows ready to be stored.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) items: Vec<NewItem>,
    pub(super) drops: Vec<NewDrop>,
    /// Rows of the file read so far.
    pub(super) read: u64,
    /// How far that is into the file, 0 to 1.
    pub(super) share: f64,
}

/// A file that is read on another thread. Dropping it ends the thread at its next step.
pub(super) struct Rows {
    messages: Receiver<Result<Message, CallError>>,
    cancel: CancelToken,
    path: String,
}

impl Rows {
    /// Starts reading after the first `skip` rows.
    pub(super) fn read(spec: &FileSpec, skip: u64) -> Self {
        let (sender, messages) = sync_channel(AHEAD);
        let cancel = CancelToken::new();
        let (thread_spec, thread_cancel) = (spec.clone(), cancel.clone());
        // Not waited for: opening a large workbook can't be interrupted, a job can.
        std::thread::spawn(move || {
            if let Err(error) = send_all(&thread_spec, skip, &sender, &thread_cancel) {
                // Nobody listens any more when the job was stopped.
                let _ = sender.send(Err(error));
            }
        });
        Self { messages, cancel, path: spec.path.clone() }
    }

    /// The next message; `check` is asked now and then whether to go on waiting.
    pub(super) fn next<E: From<CallError>>(&self, check: impl Fn() -> Result<(), E>) -> Result<Message, E> {
        loop {
            check()?;
            match self.messages.recv_timeout(LOOK) {
                Ok(message) => return Ok(message?),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    // The thread panicked: a parser met something that it was not made for.
                    let error = CallError::new(ErrorCode::FileDamaged).with("format", "").with("detail", "");
                    return Err(error.in_file(&self.path).into());
                }
            }
        }
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

type Sender = SyncSender<Result<Message, CallError>>;

fn send_all(spec: &FileSpec, skip: u64, sender: &Sender, cancel: &CancelToken) -> Result<(), CallError> {
    // The same bytes are being read anyway, so hashing beside costs no further look at the disk.
    let path = PathBuf::from(&spec.path);
    let hash = std::thread::spawn(move || ingest::content_hash(&path));
    let mut reader = ImportReader::open(spec)?;
    let mut report = ImportReport::default();
    reader.describe(&mut report);
    let gone = || CallError::new(ErrorCode::Cancelled);
    sender.send(Ok(Message::Opened(Box::new(report)))).map_err(|_| gone())?;
    let mut skipped = 0;
    while skipped < skip {
        if cancel.is_cancelled() {
            return Err(gone());
        }
        skipped = skip.min(skipped + BATCH as u64);
        reader.skip(skipped)?;
    }
    let total = reader.total().max(1) as f64;
    let mut batch = Batch::default();
    let mut bytes = 0;
    loop {
        if cancel.is_cancelled() {
            return Err(gone());
        }
        let step = reader.next_batch(STEP)?;
        let end = step.is_none();
        if let Some(step) = step {
            batch.share = (step.position as f64 / total).min(1.0);
            bytes += batch.take(step);
        }
        let rows = batch.items.len() + batch.drops.len();
        if rows > 0 && (end || rows >= BATCH || bytes >= BATCH_BYTES) {
            bytes = 0;
            sender.send(Ok(Message::Batch(std::mem::take(&mut batch)))).map_err(|_| gone())?;
        }
        if end {
            break;
        }
    }
    let panicked = |_| CallError::new(ErrorCode::FileUnreadable).with("detail", "").in_file(&spec.path);
    let hash = hash.join().map_err(panicked)??;
    sender.send(Ok(Message::End(hash))).map_err(|_| gone())
}

impl Batch {
    /// Takes cleaned rows; answers how many bytes of text they are.
    fn take(&mut self, step: CleanBatch) -> usize {
        self.read = step.read;
        let mut bytes = 0;
        for item in step.kept {
            bytes += item.text.len() + item.metadata.as_ref().map_or(0, String::len);
            self.items.push(NewItem {
                hash: TextHash::of(&item.text),
                row: item.row,
                text: item.text,
                label: item.label,
                ts: item.ts,
                user: item.user,
                metadata: item.metadata,
            });
        }
        let drops = step.dropped.into_iter();
        self.drops.extend(drops.map(|drop| NewDrop { row: drop.row, reason: drop.reason, excerpt: drop.excerpt }));
        bytes
    }
}
