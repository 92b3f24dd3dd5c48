//! Prints what Winnow makes of files, and how fast it reads them: `cargo run --release -p ingest --example inspect FILE…`.

use std::path::Path;
use std::time::Instant;

use contract::source::{CleaningSettings, FileSpec, ReadOptions};

fn main() {
    for path in std::env::args().skip(1) {
        match ingest::inspect(Path::new(&path), &ReadOptions::default()) {
            Err(error) => println!("{path}: {error}"),
            Ok(found) => {
                println!(
                    "{path}: {:?} {:?} delimiter {:?} header {} rows≈{:?} {:?}",
                    found.format, found.encoding, found.delimiter, found.header, found.rows_estimate, found.mapping
                );
                found.warnings.iter().for_each(|warning| println!("  warning: {warning}"));
                read(path, found.columns.len());
            }
        }
    }
}

fn read(path: String, columns: usize) {
    let cleaning = CleaningSettings { skip_bad_rows: true, ..CleaningSettings::default() };
    let start = Instant::now();
    let spec = FileSpec { path, cleaning, ..FileSpec::default() };
    let (mut kept, mut dropped) = (0, 0);
    match ingest::ImportReader::open(&spec) {
        Err(error) => println!("  {error}"),
        Ok(mut reader) => loop {
            match reader.next_batch(4096) {
                Ok(Some(batch)) => (kept, dropped) = (kept + batch.kept.len(), dropped + batch.dropped.len()),
                Ok(None) => break,
                Err(error) => {
                    println!("  {error}");
                    break;
                }
            }
        },
    }
    println!("  {columns} columns, {kept} kept, {dropped} dropped, {:?}", start.elapsed());
}
