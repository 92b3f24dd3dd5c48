//! Deciding conflicts: what was decided, stored at once, and taken back in order.

use contract::CallError;
use contract::version::{ListConflicts, MergeConflict, MergePreview, Resolution, ResolveConflicts};
use leptos::prelude::*;

use crate::bridge;
use crate::state::{Project, Remote, Sending};

/// Conflicts asked for at once where all open ones are decided together.
const PAGE: u32 = 500;

/// How conflicts ended before a decision, to take it back: their ids and resolutions.
type Before = Vec<(String, Option<Resolution>)>;

/// The conflicts of one pair of versions.
#[derive(Clone, Copy)]
pub struct Resolving {
    project: Project,
    ours: StoredValue<String>,
    theirs: StoredValue<String>,
    /// How many there are and how many are decided.
    pub preview: Remote<MergePreview>,
    /// The conflict looked at.
    pub shown: RwSignal<Option<MergeConflict>>,
    /// Moves along the list.
    pub step: RwSignal<isize>,
    /// Grows with every decision: the list reads it to load again.
    pub decided: RwSignal<u64>,
    /// Whether decided ones are left out of the list.
    pub only_open: RwSignal<bool>,
    done: RwSignal<Vec<Before>>,
    /// Why the last decision could not be stored.
    pub sending: Sending,
}

impl Resolving {
    /// Nothing decided in this sitting. Lives as long as the calling component.
    pub fn new(ours: String, theirs: String, preview: Remote<MergePreview>) -> Self {
        Self {
            project: Project::get(),
            ours: StoredValue::new(ours),
            theirs: StoredValue::new(theirs),
            preview,
            shown: RwSignal::new(None),
            step: RwSignal::new(0),
            decided: RwSignal::new(0),
            only_open: RwSignal::new(false),
            done: RwSignal::new(Vec::new()),
            sending: Sending::new(),
        }
    }

    /// The call for a page of the list.
    pub fn list(self, after: Option<i64>, limit: u32) -> ListConflicts {
        self.decided.track();
        self.page(self.only_open.get(), after, limit)
    }

    fn page(self, unresolved: bool, after: Option<i64>, limit: u32) -> ListConflicts {
        let (ours, theirs) = (self.ours.get_value(), self.theirs.get_value());
        ListConflicts { project: self.project.folder(), ours, theirs, unresolved, after, limit }
    }

    /// Whether nothing can be decided now.
    pub fn blocked(self) -> Signal<bool> {
        let (busy, read_only) = (self.sending.busy(), self.project.read_only());
        Signal::derive(move || busy.get() || read_only.get())
    }

    /// Whether there is a decision to take back.
    pub fn undoable(self) -> bool {
        self.done.with(|done| !done.is_empty())
    }

    /// Ends the conflict looked at and goes to the next.
    pub fn resolve(self, resolution: Resolution) {
        let Some(conflict) = self.shown.get_untracked() else { return };
        if self.blocked().get_untracked() {
            return;
        }
        let before = vec![(conflict.id.clone(), conflict.resolution)];
        let id = conflict.id;
        self.store(vec![(id.clone(), Some(resolution.clone()))], move || {
            self.done.update(|done| done.push(before));
            // The list shows it once it has loaded again; the card at once.
            self.shown.update(|shown| {
                if let Some(shown) = shown.as_mut().filter(|shown| shown.id == id) {
                    shown.resolution = Some(resolution);
                }
            });
            self.step.set(1);
        });
    }

    /// Ends all that nobody has decided in one way.
    pub fn resolve_rest(self, resolution: Resolution) {
        if self.blocked().get_untracked() {
            return;
        }
        let work = async move {
            let open = self.open().await?;
            let all: Before = open.iter().map(|id| (id.clone(), Some(resolution.clone()))).collect();
            let preview = bridge::call(self.request(all)).await?;
            Ok::<_, CallError>((open, preview))
        };
        self.sending.run(work, move |(open, preview)| {
            self.done.update(|done| done.push(open.into_iter().map(|id| (id, None)).collect()));
            self.told(preview);
        });
    }

    /// Takes the last decision back.
    pub fn undo(self) {
        if self.blocked().get_untracked() {
            return;
        }
        let Some(before) = self.done.with_untracked(|done| done.last().cloned()) else { return };
        self.store(before.clone(), move || {
            self.done.update(|done| {
                done.pop();
            });
            self.shown.update(|shown| {
                if let Some(shown) = shown
                    && let Some((_, former)) = before.iter().find(|(id, _)| *id == shown.id)
                {
                    shown.resolution.clone_from(former);
                }
            });
        });
    }

    /// The ids of all that nobody has decided.
    async fn open(self) -> Result<Vec<String>, CallError> {
        let (mut ids, mut after) = (Vec::new(), None);
        loop {
            let page = bridge::call(self.page(true, after, PAGE)).await?;
            ids.extend(page.rows.into_iter().map(|conflict| conflict.id));
            after = page.next;
            if after.is_none() {
                return Ok(ids);
            }
        }
    }

    fn request(self, resolutions: Before) -> ResolveConflicts {
        let (ours, theirs) = (self.ours.get_value(), self.theirs.get_value());
        ResolveConflicts { project: self.project.folder(), ours, theirs, resolutions, others: None }
    }

    fn store(self, resolutions: Before, done: impl FnOnce() + 'static) {
        self.sending.send(self.request(resolutions), move |preview| {
            done();
            self.told(preview);
        });
    }

    fn told(self, preview: MergePreview) {
        self.preview.set(preview);
        self.decided.update(|decided| *decided += 1);
    }
}
