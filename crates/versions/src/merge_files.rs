//! Writing the data files of a merge: ours, with some lines taken out, replaced and put in.

use std::collections::HashMap;
use std::io::{BufWriter, Write};
use std::path::Path;

use crate::VersionError;
use crate::content::{Content, Stored};
use crate::disk::Disk;
use crate::line::lines;
use crate::manifest::DATA_FILES;
use crate::row::Row;
use crate::secret::Secret;

/// What is to be done to ours.
#[derive(Default)]
pub(crate) struct Edits {
    /// Lines of ours by file: what stands in their place, if anything; as often as they go.
    lines: HashMap<(u8, u128), Vec<Option<Vec<u8>>>>,
    /// Lines that come into each file, with their ids.
    added: [Vec<(String, Vec<u8>)>; 2],
}

impl Edits {
    /// Puts a sample (id, file, line) in place of a line of ours; either may be missing.
    pub fn replace(&mut self, ours: Option<(u8, &[u8])>, with: Option<(String, u8, Vec<u8>)>) {
        let stays = matches!((&ours, &with), (Some((from, _)), Some((_, to, _))) if from == to);
        if let Some((file, line)) = ours {
            let new = if stays { with.as_ref().map(|(_, _, line)| line.clone()) } else { None };
            self.lines.entry((file, Secret::of_process().print(line))).or_default().push(new);
        }
        if let Some((id, file, line)) = with.filter(|_| !stays) {
            self.added[usize::from(file)].push((id, line));
        }
    }
}

/// Writes both files into `folder`. Where ours stands in the order of ids, so does the merge; else what is new comes at the end.
pub(crate) fn write_merged(disk: &Disk, ours: &Stored, mut edits: Edits, folder: &Path) -> Result<(), VersionError> {
    for (file, name) in (0_u8..).zip(DATA_FILES) {
        let mut added = std::mem::take(&mut edits.added[usize::from(file)]);
        added.sort();
        added.reverse();
        let sorted = is_sorted(ours, file)?;
        let path = folder.join(name);
        let failed = VersionError::write;
        let mut output = BufWriter::with_capacity(1 << 20, disk.create(&path).map_err(failed(&path))?);
        for chunk in 0..ours.chunks(file).len() {
            let bytes = ours.read(file, u32::try_from(chunk).unwrap_or(u32::MAX))?;
            for line in lines(&bytes) {
                if sorted && !added.is_empty() {
                    let id = id_of(line);
                    while added.last().is_some_and(|(next, _)| *next < id) {
                        let (_, line) = added.pop().unwrap_or_default();
                        output.write_all(&line).map_err(failed(&path))?;
                    }
                }
                let edit = edits.lines.get_mut(&(file, Secret::of_process().print(&ended(line)))).and_then(Vec::pop);
                let line = match &edit {
                    Some(None) => continue,
                    Some(Some(new)) => new,
                    None => line,
                };
                output.write_all(&ended(line)).map_err(failed(&path))?;
            }
        }
        while let Some((_, line)) = added.pop() {
            output.write_all(&line).map_err(failed(&path))?;
        }
        let mut output = output.into_inner().map_err(|error| failed(&path)(error.into_error()))?;
        output.sync().map_err(failed(&path))?;
    }
    Ok(())
}

/// A line with its newline: the last one of a file may lack it, and something may follow it now.
fn ended(line: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    if line.ends_with(b"\n") { line.into() } else { [line, b"\n"].concat().into() }
}

fn id_of(line: &[u8]) -> String {
    Row::read(line).map(|row| row.name().into_owned()).unwrap_or_default()
}

fn is_sorted(content: &Stored, file: u8) -> Result<bool, VersionError> {
    let mut last = String::new();
    for chunk in 0..content.chunks(file).len() {
        let bytes = content.read(file, u32::try_from(chunk).unwrap_or(u32::MAX))?;
        for line in lines(&bytes) {
            let id = id_of(line);
            if id < last {
                return Ok(false);
            }
            last = id;
        }
    }
    Ok(true)
}
