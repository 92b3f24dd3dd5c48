//! Acts on versions that take effect at once, each with the way back in its message.

use contract::Call;
use contract::version::{SetCurrentVersion, TagVersion, UntagVersion, VersionSummary};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::place::Place;
use crate::bridge;
use crate::state::{App, Project, Sending};
use crate::text::{Text, explain, lang, t};

/// What such acts need; outlives nothing.
#[derive(Clone, Copy)]
pub struct Acts {
    app: App,
    project: Project,
    place: Place,
    /// Why the last one failed.
    pub sending: Sending,
}

impl Acts {
    /// For the calling component.
    pub fn new(place: Place) -> Self {
        Self { app: App::get(), project: Project::get(), place, sending: Sending::new() }
    }

    /// Tells what was done and offers to take it back by `request`.
    pub fn told<C: Call + Clone + Sync>(self, text: String, action: &str, request: C) {
        let (app, project) = (self.app, self.project);
        // The message outlives the screen, and maybe the project.
        app.toasts.with_action(text, action, move || {
            let request = request.clone();
            spawn_local(async move {
                match bridge::call(request).await {
                    Ok(_) => project.data_changed(),
                    Err(error) => app.toasts.bad(explain(&error)),
                }
            });
        });
    }

    /// Points a tag at a version, away from where it stood.
    pub fn tag(self, version: String, tag: String, done: impl FnOnce() + 'static) {
        let project = self.project.folder();
        let before = untrack(|| self.place.tagged(&tag));
        let request = TagVersion {
            project: project.clone(),
            version: version.clone(),
            tag: tag.clone(),
            force: before.is_some(),
        };
        self.sending.send(request, move |_| {
            let text = Text::tag_set(lang(), &tag, &version);
            match before {
                Some(before) => {
                    let back = TagVersion { project, version: before.version, tag, force: true };
                    self.told(text, t(Text::UndoAction), back);
                }
                None => self.told(text, t(Text::UndoAction), UntagVersion { project, tag }),
            }
            self.project.data_changed();
            done();
        });
    }

    /// Takes a tag away.
    pub fn untag(self, tag: String) {
        let project = self.project.folder();
        self.sending.send(UntagVersion { project: project.clone(), tag: tag.clone() }, move |was: VersionSummary| {
            let text = Text::tag_removed(lang(), &tag);
            self.told(text, t(Text::UndoAction), TagVersion { project, version: was.version, tag, force: false });
            self.project.data_changed();
        });
    }

    /// Makes a version current.
    pub fn make_current(self, version: String) {
        let project = self.project.folder();
        let before = untrack(|| self.place.current());
        self.sending.send(SetCurrentVersion { project: project.clone(), version: version.clone() }, move |_| {
            let text = Text::version_is_current(lang(), &version);
            match before {
                Some(before) => {
                    let back = SetCurrentVersion { project, version: before.version };
                    self.told(text, t(Text::UndoAction), back);
                }
                None => self.app.toasts.good(text),
            }
            self.project.data_changed();
        });
    }
}
