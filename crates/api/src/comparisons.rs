//! Comparisons of versions, kept between calls: a list of changed rows is paged through many of them.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};

use contract::CallError;
use versions::{Comparison, VersionStore};

/// So many are kept.
const KEPT: usize = 2;

/// The comparisons of an open project that were asked for last.
#[derive(Default)]
pub(crate) struct Comparisons {
    kept: Mutex<Vec<Arc<Comparison>>>,
}

impl Comparisons {
    /// Compares two versions and answers something about it. What is kept may lie elsewhere since; then it is compared anew.
    pub(crate) fn with<T>(
        &self,
        versions: &VersionStore,
        (from, to): (&str, &str),
        answer: impl Fn(&Comparison) -> Result<T, CallError>,
    ) -> Result<T, CallError> {
        let (from, to) = (versions.find(from)?, versions.find(to)?);
        let ids = (from.id.as_str(), to.id.as_str());
        if let Some(known) = self.known(ids)
            && let Ok(answer) = answer(&known)
        {
            return Ok(answer);
        }
        let comparison = versions.compare(&from.version, &to.version, &mut |_| ControlFlow::Continue(()))?;
        let comparison = Arc::new(comparison);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|known| known.ids() != ids);
        kept.insert(0, comparison.clone());
        kept.truncate(KEPT);
        drop(kept);
        answer(&comparison)
    }

    fn known(&self, ids: (&str, &str)) -> Option<Arc<Comparison>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|known| known.ids() == ids).cloned()
    }
}
