//! From a call's wire name to its handler.

use std::any::Any;

use contract::{Call, CallError, ErrorCode};
use serde_json::Value;

use crate::Winnow;

/// Answers one call; each call of `contract` has exactly one implementation, in `calls`.
pub(crate) trait Handle: Call {
    /// Does what the request asks for.
    fn handle(self, winnow: &Winnow) -> Result<Self::Answer, CallError>;
}

/// Takes a boxed request and gives a boxed answer of the call's types.
type Typed = fn(&Winnow, Box<dyn Any>) -> Result<Box<dyn Any>, CallError>;

/// A call's way to its handler, once for Rust callers and once for JSON.
pub(crate) struct Route {
    pub(crate) name: &'static str,
    pub(crate) typed: Typed,
    pub(crate) json: fn(&Winnow, Value) -> Result<Value, CallError>,
}

impl Route {
    const fn of<C: Handle>() -> Self {
        Self { name: C::NAME, typed: typed::<C>, json: json::<C> }
    }
}

fn typed<C: Handle>(winnow: &Winnow, request: Box<dyn Any>) -> Result<Box<dyn Any>, CallError> {
    let request = request.downcast::<C>().map_err(|_| misrouted(C::NAME))?;
    Ok(Box::new(request.handle(winnow)?))
}

fn json<C: Handle>(winnow: &Winnow, request: Value) -> Result<Value, CallError> {
    let request: C = serde_json::from_value(request).map_err(|error| malformed(C::NAME, &error))?;
    serde_json::to_value(request.handle(winnow)?).map_err(|error| malformed(C::NAME, &error))
}

fn malformed(name: &str, error: &serde_json::Error) -> CallError {
    CallError::new(ErrorCode::ArgumentInvalid).with("name", name).with("value", "").with("detail", error)
}

pub(crate) fn misrouted(name: &str) -> CallError {
    CallError::new(ErrorCode::Internal).with("detail", format!("no route for {name}"))
}

macro_rules! routes {
    ($($module:ident: $($request:ident)*;)*) => {
        /// Every call.
        pub(crate) static ROUTES: &[Route] = &[$($(Route::of::<contract::$module::$request>(),)*)*];
    };
}

routes! {
    compare: StartComparison ListComparisons GetComparison ListDisagreements ReviewDisagreements;
    confidence: StartCalibration GetCalibration GetThresholds GetPlot;
    dataset: PreviewSplit StartWrite ListDatasets;
    item: ListItems CountItems GetItem GetItemStats;
    job: ListJobs GetJob CancelJob ResumeJob;
    label: StartLabelling GetAgreement;
    labeller: ListEncoders StartTraining GetClassifier GetPrompt SetPrompt ListSimilar;
    model: ListModels AddModel RemoveModel ListServerModels TestModel;
    project: ListRecentProjects CreateProject OpenProject OpenSampleProject CloseProject GetOverview;
    review: NextReviewItems GetReviewCard Decide UndoDecision GetReviewProgress ListReview ExportReviewed ReviewSample
        ImportDecisions;
    schema: GetSchema SetSchema SuggestSchema ReadSchemaFile;
    settings: GetSettings SetSettings GetAbout;
    source: InspectFile TryCleaning StartImport ListSources ListDropped ExportDropped RemoveSource;
    version: StartCommit PreviewCommit ListVersions GetVersion GetVersionPlot StartCheckout StartView StartRollback TagVersion
        UntagVersion SetCurrentVersion CompareVersions ListChanges ExportChanges BlameSample StartCheck StartStatus PreviewMerge
        ListConflicts ResolveConflicts StartMerge StartVerify StartRepair StartCollect GetRetention SetRetention StartArchive
        StartRestore StartExportVersions StartImportVersions;
}

/// The route of a wire name.
pub(crate) fn find(name: &str) -> Option<&'static Route> {
    ROUTES.iter().find(|route| route.name == name)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    /// The wire names in a source file of the contract: `Request => Answer, "name";`.
    fn declared(source: &str) -> impl Iterator<Item = String> + '_ {
        let lines = source.lines().filter(|line| line.contains(" => ") && line.trim_end().ends_with("\";"));
        lines.filter_map(|line| line.rsplit('"').nth(1).map(str::to_owned))
    }

    #[test]
    fn every_call_of_the_contract_has_a_route() {
        let mut names = BTreeSet::new();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../contract/src")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    names.extend(declared(&std::fs::read_to_string(path).unwrap()));
                }
            }
        }
        // The macro's own documentation shows one.
        names.remove("name");
        let routes: BTreeSet<String> = ROUTES.iter().map(|route| route.name.to_owned()).collect();
        assert_eq!(routes, names);
        assert_eq!(routes.len(), ROUTES.len(), "no name twice");
    }
}
