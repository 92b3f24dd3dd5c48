//! What the shell tells unasked: jobs, and files dragged over the window.

use std::cell::Cell;
use std::rc::Rc;

use contract::job::JobStatus;
use js_sys::{Function, Promise};
use serde::Deserialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::call::from_js;

#[wasm_bindgen]
extern "C" {
    /// Listens to an event of the shell; the promise gives the function that ends it.
    #[wasm_bindgen(js_namespace = ["window", "__TAURI__", "event"], js_name = listen, catch)]
    fn listen(event: &str, handler: &Function) -> Result<Promise, JsValue>;
}

/// What the shell sends around an event's content.
#[derive(Deserialize)]
struct Event<T> {
    payload: T,
}

/// Listens until it is dropped.
pub struct Listener {
    over: Rc<Cell<bool>>,
    end: Rc<Cell<Option<Function>>>,
}

impl Listener {
    /// Begins to listen.
    fn new<T: for<'a> Deserialize<'a>>(event: &'static str, handler: impl Fn(T) + 'static) -> Self {
        let over = Rc::new(Cell::new(false));
        let heard = over.clone();
        let closure = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
            // An event of another shape is none of ours.
            if !heard.get()
                && let Ok(event) = from_js::<Event<T>>(&event)
            {
                handler(event.payload);
            }
        });
        let end = Rc::new(Cell::new(None));
        if let Ok(promise) = listen(event, closure.as_ref().unchecked_ref()) {
            let (ended, keep) = (over.clone(), end.clone());
            spawn_local(async move {
                if let Ok(unlisten) = JsFuture::from(promise).await
                    && let Ok(unlisten) = unlisten.dyn_into::<Function>()
                {
                    if ended.get() {
                        // Nothing is left to do when the shell can't end it: the handler no longer reacts.
                        let _ = unlisten.call0(&JsValue::NULL);
                    } else {
                        keep.set(Some(unlisten));
                    }
                }
            });
        }
        // The shell holds the function until it is told to end; the little that stays is given to the browser.
        closure.forget();
        Self { over, end }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.over.set(true);
        if let Some(unlisten) = self.end.take() {
            let _ = unlisten.call0(&JsValue::NULL);
        }
    }
}

/// Hears every change of every job.
pub fn on_job(handler: impl Fn(JobStatus) + 'static) -> Listener {
    Listener::new("job", handler)
}

/// Files over the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drag {
    /// They came over it.
    Over,
    /// They left.
    Left,
    /// They were let go.
    Dropped(Vec<String>),
}

/// The shell's own description of a drop.
#[derive(Deserialize)]
struct Files {
    #[serde(default)]
    paths: Vec<String>,
}

/// Hears of files that are dragged over the window.
pub fn on_drag(handler: impl Fn(Drag) + Clone + 'static) -> [Listener; 3] {
    let (over, left, dropped) = (handler.clone(), handler.clone(), handler);
    [
        Listener::new("tauri://drag-enter", move |_: Files| over(Drag::Over)),
        Listener::new("tauri://drag-leave", move |_: serde_json::Value| left(Drag::Left)),
        Listener::new("tauri://drag-drop", move |files: Files| dropped(Drag::Dropped(files.paths))),
    ]
}
