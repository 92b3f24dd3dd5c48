//! The rows of one part of a dataset in one format: a file, or shards of it.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use contract::dataset::{DatasetFormat, SplitSettings};

use super::parquet_file::ParquetFile;
use super::row::{Row, csv_header};

/// What a row takes in Parquet beside its texts, at most.
const PARQUET_ROW: u64 = 64;
/// What a file takes beside its rows, at most.
const PARQUET_FRAME: u64 = 8192;

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Jsonl,
    Csv { safe: bool },
    Parquet,
}

impl Encoding {
    /// The one that the settings ask for.
    pub(super) fn of(settings: &SplitSettings) -> Self {
        match settings.format {
            DatasetFormat::Jsonl => Self::Jsonl,
            DatasetFormat::Csv => Self::Csv { safe: settings.formula_safe },
            DatasetFormat::Parquet | DatasetFormat::HuggingFace => Self::Parquet,
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv { .. } => "csv",
            Self::Parquet => "parquet",
        }
    }
}

/// Where and how a series is written.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    /// Name without number and extension, below the dataset's folder: `train`, `data/eval`, `folds/0/train`.
    pub(super) stem: String,
    pub(super) encoding: Encoding,
    /// Whether names carry the shard's number: `train-00000-of-00003.jsonl`.
    pub(super) numbered: bool,
    /// Rows of a file at most.
    pub(super) rows: Option<u64>,
    /// Bytes of a file at most, but one row at least.
    pub(super) bytes: Option<u64>,
    /// Whether rows have a weight.
    pub(super) weights: bool,
}

/// A part of a dataset that is being written.
pub(super) struct Series {
    folder: PathBuf,
    layout: Layout,
    shards: usize,
    open: Shard,
    /// Rows in all shards.
    pub(super) rows: u64,
    /// Bytes of the rows in all shards: in Parquet before encoding.
    pub(super) bytes: u64,
}

struct Shard {
    file: ShardFile,
    rows: u64,
    bytes: u64,
}

enum ShardFile {
    Lines(BufWriter<File>),
    Parquet(Box<ParquetFile>),
}

impl Series {
    pub(super) fn create(folder: &Path, layout: Layout) -> io::Result<Self> {
        let path = folder.join(part_name(&layout, 0));
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let open = Shard::create(&path, &layout)?;
        Ok(Self { folder: folder.to_owned(), layout, shards: 1, open, rows: 0, bytes: 0 })
    }

    /// Appends a row, in a new shard when the last one is full.
    pub(super) fn push(&mut self, row: &mut Row<'_>) -> io::Result<()> {
        let size = match self.layout.encoding {
            Encoding::Jsonl => row.jsonl()?.len() as u64,
            Encoding::Csv { safe } => row.csv(safe)?.len() as u64,
            Encoding::Parquet => parquet_size(row),
        };
        let full = self.layout.rows.is_some_and(|most| self.open.rows >= most)
            || self.layout.bytes.is_some_and(|most| self.open.bytes + size > most);
        if full && self.open.rows > 0 && self.layout.numbered {
            let next = Shard::create(&self.folder.join(part_name(&self.layout, self.shards)), &self.layout)?;
            std::mem::replace(&mut self.open, next).finish()?;
            self.shards += 1;
        }
        match (&mut self.open.file, self.layout.encoding) {
            (ShardFile::Parquet(file), _) => file.push(row.sample)?,
            (ShardFile::Lines(file), Encoding::Csv { safe }) => file.write_all(row.csv(safe)?)?,
            (ShardFile::Lines(file), _) => file.write_all(row.jsonl()?)?,
        }
        self.open.rows += 1;
        self.open.bytes += size;
        self.rows += 1;
        self.bytes += size;
        Ok(())
    }

    /// Writes what is left, gives the files their names and answers these.
    pub(super) fn finish(self) -> io::Result<Vec<String>> {
        let Self { folder, layout, shards, open, .. } = self;
        open.finish()?;
        let mut names = Vec::with_capacity(shards);
        for shard in 0..shards {
            let part = part_name(&layout, shard);
            if !layout.numbered {
                names.push(part);
                continue;
            }
            let name = format!("{}-{shard:05}-of-{shards:05}.{}", layout.stem, layout.encoding.extension());
            fs::rename(folder.join(part), folder.join(&name))?;
            names.push(name);
        }
        Ok(names)
    }
}

impl Shard {
    fn create(path: &Path, layout: &Layout) -> io::Result<Self> {
        if layout.encoding == Encoding::Parquet {
            let file = ShardFile::Parquet(Box::new(ParquetFile::create(path, layout.weights)?));
            return Ok(Self { file, rows: 0, bytes: PARQUET_FRAME });
        }
        let mut file = BufWriter::with_capacity(1 << 17, File::create(path)?);
        let header = if layout.encoding == Encoding::Jsonl { Vec::new() } else { csv_header(layout.weights) };
        file.write_all(&header)?;
        Ok(Self { file: ShardFile::Lines(file), rows: 0, bytes: header.len() as u64 })
    }

    fn finish(self) -> io::Result<()> {
        match self.file {
            ShardFile::Lines(file) => file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all(),
            ShardFile::Parquet(file) => file.finish(),
        }
    }
}

/// A shard's name until their number is known; a file that has no shards has its name from the beginning.
fn part_name(layout: &Layout, shard: usize) -> String {
    let (stem, extension) = (&layout.stem, layout.encoding.extension());
    if layout.numbered { format!("{stem}-{shard:05}.{extension}.part") } else { format!("{stem}.{extension}") }
}

/// What a row takes at most.
fn parquet_size(row: &Row<'_>) -> u64 {
    let sample = row.sample;
    let texts = [
        &sample.id,
        &sample.text,
        &sample.label,
        &sample.origin,
        &sample.decided_by,
        &sample.decided_at,
        &sample.source,
        &sample.parent,
    ];
    texts.iter().map(|text| text.len() as u64).sum::<u64>() + PARQUET_ROW
}
