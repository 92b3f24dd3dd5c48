//! The samples of a version in another format than they were committed in.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use contract::CallError;
use contract::dataset::{DatasetFormat, DatasetMetadata, SplitPreview, SplitSettings};
use contract::version::{Split, VersionDetail};
use versions::{VersionError, VersionStore, read_sample};

use super::card::{Card, CardSplit};
use super::dataset::{sha256, write_synced};
use super::folder::PartFolder;
use super::row::Row;
use super::series::{Encoding, Layout, Series};

/// Writes a version's samples as train and eval of the settings' format, with `metadata.json`; answers the files' SHA-256 by name. The
/// folder appears whole or not at all.
///
/// # Errors
/// As [`VersionStore::for_each_line`]; [`contract::ErrorCode::FolderNotEmpty`]; I/O errors.
pub(crate) fn recast(
    versions: &VersionStore,
    detail: &VersionDetail,
    to: &Path,
    (format, formula_safe): (DatasetFormat, bool),
    told: &mut versions::Progress<'_>,
) -> Result<BTreeMap<String, String>, CallError> {
    let failed = |error: io::Error| CallError::from_io(&error, to.display(), true);
    if fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(VersionError::FolderNotEmpty(to.to_owned()).into());
    }
    let settings = SplitSettings { format, formula_safe, ..SplitSettings::default() };
    let folder = PartFolder::create(to)?;
    let mut parts =
        Recast::create(folder.path(), &settings, has_weights(versions, &detail.summary.version)?).map_err(failed)?;
    let mut broken = None;
    let read = versions.for_each_line(&detail.summary.version, told, &mut |split, _, line| {
        parts.push(split, line).map_err(|error| {
            let text = error.to_string();
            broken = Some(error);
            text
        })
    });
    match (read, broken) {
        // The disk, not the version.
        (Err(_), Some(error)) if error.kind() != io::ErrorKind::InvalidData => return Err(failed(error)),
        (read, _) => read?,
    }
    let mut names = parts.finish(folder.path(), detail, &settings).map_err(failed)?;
    if let Some(metadata) = &detail.metadata {
        let hashes = hashes(folder.path(), &names).map_err(failed)?;
        let metadata = DatasetMetadata {
            files: hashes,
            settings: metadata.settings.clone().map(|settings| SplitSettings { format, formula_safe, ..settings }),
            ..metadata.clone()
        };
        let json = serde_json::to_vec_pretty(&metadata).map_err(|error| failed(error.into()))?;
        write_synced(&folder.path().join("metadata.json"), &json).map_err(failed)?;
        names.push("metadata.json".to_owned());
    }
    let hashes = hashes(folder.path(), &names).map_err(failed)?;
    folder.place()?;
    Ok(hashes)
}

fn hashes(folder: &Path, names: &[String]) -> io::Result<BTreeMap<String, String>> {
    names.iter().map(|name| Ok((name.clone(), sha256(&folder.join(name))?))).collect()
}

/// Whether the version's samples have weights: all have them or none.
fn has_weights(versions: &VersionStore, version: &str) -> Result<bool, CallError> {
    let mut weights = false;
    let looked = versions.for_each_line(version, &mut |_| std::ops::ControlFlow::Break(()), &mut |_, number, line| {
        if number == 1 {
            weights |= read_sample(line).is_ok_and(|sample| sample.weight.is_some());
        }
        Ok(())
    });
    match looked {
        // The first chunk was enough.
        Ok(()) | Err(VersionError::Cancelled) => Ok(weights),
        Err(error) => Err(error.into()),
    }
}

/// Train and eval being written.
struct Recast {
    series: [Series; 2],
    weights: bool,
}

impl Recast {
    fn create(folder: &Path, settings: &SplitSettings, weights: bool) -> io::Result<Self> {
        let hugging_face = settings.format == DatasetFormat::HuggingFace;
        let create = |split: Split| {
            let name = split.name();
            let stem = if hugging_face { format!("data/{name}") } else { name.to_owned() };
            let encoding = Encoding::of(settings);
            Series::create(folder, Layout { stem, encoding, numbered: hugging_face, rows: None, bytes: None, weights })
        };
        Ok(Self { series: [create(Split::Train)?, create(Split::Eval)?], weights })
    }

    fn push(&mut self, split: Split, line: &[u8]) -> io::Result<()> {
        let sample = read_sample(line).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        self.series[split as usize].push(&mut Row::new(&sample))
    }

    fn finish(self, folder: &Path, detail: &VersionDetail, settings: &SplitSettings) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        let mut splits = Vec::new();
        for (series, split) in self.series.into_iter().zip([Split::Train, Split::Eval]) {
            splits.push(CardSplit { name: split.name(), rows: series.rows, bytes: series.bytes });
            names.extend(series.finish()?);
        }
        let (Ok(splits), DatasetFormat::HuggingFace) = (<[CardSplit; 2]>::try_from(splits), settings.format) else {
            return Ok(names);
        };
        let mut download = 0;
        for name in &names {
            download += fs::metadata(folder.join(name))?.len();
        }
        let (nothing, none) = (SplitPreview::default(), BTreeMap::new());
        let metadata = detail.metadata.as_ref();
        let card = Card {
            splits,
            download,
            folds: 0,
            weights: self.weights,
            preview: metadata.map_or(&nothing, |metadata| &metadata.split),
            languages: metadata.and_then(|metadata| metadata.quality.languages.as_ref()).unwrap_or(&none),
        };
        write_synced(&folder.join("README.md"), card.text().as_bytes())?;
        names.push("README.md".to_owned());
        Ok(names)
    }
}
