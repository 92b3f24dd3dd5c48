//! How fast rows are read, cleaned and hashed on one core: `read_speed FILE [TEXT_COLUMN [LABEL_COLUMN]]`.

use std::time::Instant;

use contract::source::{ColumnMapping, FileSpec};
use contract::{CallError, ErrorCode};
use ingest::ImportReader;

fn main() -> Result<(), CallError> {
    let mut arguments = std::env::args().skip(1);
    let usage = || CallError::new(ErrorCode::ArgumentInvalid).with("name", "FILE");
    let path = arguments.next().ok_or_else(usage)?;
    let mapping = ColumnMapping { text: arguments.next(), label: arguments.next(), ..ColumnMapping::default() };
    let spec = FileSpec { path, mapping, ..FileSpec::default() };
    let start = Instant::now();
    let mut reader = ImportReader::open(&spec)?;
    let opened = start.elapsed();
    let (mut kept, mut dropped) = (0, 0);
    while let Some(batch) = reader.next_batch(4096)? {
        kept += batch.kept.len();
        dropped += batch.dropped.len();
    }
    println!("opened in {opened:.2?}; {kept} kept, {dropped} dropped in {:.2?}", start.elapsed());
    Ok(())
}
