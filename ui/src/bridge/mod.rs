//! The way out of the window: typed calls, events and the shell's own commands. Nothing else touches the shell.
//!
//! The shell offers `window.__TAURI_INTERNALS__.invoke` and `window.__TAURI__.event.listen`. Requests and answers cross
//! as JSON, exactly as the command line and REST have them.

mod call;
mod events;
mod shell;

pub use call::call;
pub use events::{Drag, on_drag, on_job};
pub use shell::{FileFilter, interactive, pick_file, pick_folder, save_file, startup};
