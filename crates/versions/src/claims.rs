//! What manifests claim of their rows, beside what these are: an import believes neither counts nor changes.

use contract::version::ChangeCounts;

use crate::bundle::Bundle;
use crate::content::{Content, Stored};
use crate::manifest::{DATA_FILES, Manifest};
use crate::{Progress, VersionError, difference};

/// Each version's statistics must be those of its rows, and its changes those against its first parent, where that is in the file, too.
/// Against another one they can't be told, but then no kind of change may be of more samples than there are.
///
/// # Errors
/// [`VersionError::Hostile`] naming the version, [`VersionError::Cancelled`].
pub(crate) fn check(bundle: &Bundle, told: &mut Progress<'_>) -> Result<(), VersionError> {
    for version in &bundle.refs.versions {
        let Some((_, manifest)) = bundle.manifests.get(&version.id) else { continue };
        let number = version.version.to_string();
        let open = |manifest: &Manifest| Stored::open(&bundle.objects, manifest, number.clone());
        let parent = manifest.parents.first().and_then(|id| bundle.manifests.get(id)).map(|(_, parent)| parent);
        let before = parent.map(open).transpose()?;
        let content = open(manifest)?;
        let found = difference::between(before.as_ref().map(|before| before as &dyn Content), &content, told);
        let found = found.map_err(|error| refused(error, &number))?;
        // Parents come first, so theirs were found to be right.
        let statistics = parent.map(|parent| parent.statistics.clone()).unwrap_or_default();
        if found.tally.applied_to(&statistics) != manifest.statistics {
            return Err(VersionError::Hostile(format!("{number}: statistics")));
        }
        let claimed = ChangeCounts { schema_changed: false, ..manifest.changes };
        let fits = match parent {
            None if !manifest.parents.is_empty() => can_be(&claimed, manifest),
            _ => claimed == found.counts,
        };
        if !fits {
            return Err(VersionError::Hostile(format!("{number}: changes")));
        }
    }
    Ok(())
}

fn can_be(changes: &ChangeCounts, manifest: &Manifest) -> bool {
    let rows: u64 = DATA_FILES.iter().map(|name| manifest.rows(name)).sum();
    let ChangeCounts { added, relabelled, text_changed, moved, details, .. } = *changes;
    [added, relabelled, text_changed, moved, details].into_iter().all(|count| count <= rows)
}

/// A line that is no sample is the file's fault.
fn refused(error: VersionError, number: &str) -> VersionError {
    match error {
        VersionError::Damaged { detail, .. } => VersionError::Hostile(format!("{number}: {detail}")),
        other => other,
    }
}
