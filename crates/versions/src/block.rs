//! Blocks of a file that is read once, hashed as a whole beside whatever else is done with them.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::ops::Deref;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use sha2::{Digest, Sha256};

use crate::hash::hex;

/// Bytes of a block: small enough to stay in the processor's cache until it was worked on.
const BLOCK: usize = 4 << 20;
/// Blocks that may wait to be hashed.
const WAITING: usize = 8;

/// Some bytes of a file.
#[derive(Debug, Default)]
pub(crate) struct Block {
    bytes: Vec<u8>,
    length: usize,
}

impl Block {
    /// Reads the next bytes of a file, fewer only at its end, into memory that is no longer used.
    pub fn read(file: &mut File, mut bytes: Vec<u8>) -> io::Result<Self> {
        bytes.resize(BLOCK, 0);
        let mut length = 0;
        while length < bytes.len() {
            match file.read(&mut bytes[length..]) {
                Ok(0) => break,
                Ok(read) => length += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Self { bytes, length })
    }
}

impl Deref for Block {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// Hashes blocks one after another in a thread of its own: SHA-256 is the slowest of what is done with them and can't be divided.
pub(crate) struct BlockHasher {
    blocks: SyncSender<Arc<Block>>,
    /// Those that were handed over and may be in use.
    lent: VecDeque<Arc<Block>>,
    thread: JoinHandle<Sha256>,
}

impl BlockHasher {
    pub fn start() -> Self {
        let (blocks, waiting) = sync_channel::<Arc<Block>>(WAITING);
        let thread = std::thread::spawn(move || {
            let mut sha256 = Sha256::new();
            waiting.into_iter().for_each(|block| sha256.update(&**block));
            sha256
        });
        Self { blocks, lent: VecDeque::new(), thread }
    }

    /// Hands the next block over.
    pub fn update(&mut self, block: Arc<Block>) {
        self.lent.push_back(block.clone());
        // The thread ends when this is dropped, not before; if it panicked, `finish` says so.
        let _ = self.blocks.send(block);
    }

    /// Memory of a block that is no longer used; nothing when all are.
    pub fn free(&mut self) -> Vec<u8> {
        let unused = self.lent.front().is_some_and(|block| Arc::strong_count(block) == 1);
        let block = if unused { self.lent.pop_front() } else { None };
        block.and_then(Arc::into_inner).map(|block| block.bytes).unwrap_or_default()
    }

    /// The hash of all blocks, hex.
    pub fn finish(self) -> io::Result<String> {
        drop(self.blocks);
        let hash = self.thread.join().map_err(|_| io::Error::other("hashing failed"))?;
        Ok(hex(&hash.finalize()))
    }
}
