//! The shell: opens the window, hands its calls to `api`, forwards job events, shows the system's dialogs. Nothing else.
//!
//! Invariant: no rule of the product lives here; what the window can do, the command line can do too.

mod commands;
mod dialogs;
mod frame;
mod launch;

use std::process::ExitCode;

use api::{Environment, Winnow};
use contract::CallError;
use tauri::{AppHandle, Emitter, Manager, RunEvent};

use crate::launch::Launch;

/// Runs the program until its window is closed.
pub fn run() -> ExitCode {
    let launch = Launch::of_process();
    let environment = Environment::of_system();
    let data_folder = environment.data_folder.clone();
    // Nothing of a project is opened here: that waits until the page asks.
    let winnow = Winnow::new(environment);
    let failure = winnow.as_ref().err().cloned();
    let held = winnow.ok();

    let built = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .manage(launch)
        .invoke_handler(tauri::generate_handler![
            commands::call,
            commands::startup,
            commands::interactive,
            dialogs::pick_file,
            dialogs::pick_folder,
            dialogs::save_file,
        ])
        .setup({
            let held = held.clone();
            move |app| {
                match (held, failure) {
                    (Some(winnow), _) => {
                        forward_jobs(app.handle().clone(), &winnow);
                        app.manage(winnow);
                        frame::open(app.handle(), &data_folder)?;
                    }
                    (None, failure) => refuse(app.handle(), failure),
                }
                Ok(())
            }
        })
        .build(context());
    let app = match built {
        Ok(app) => app,
        Err(error) => {
            eprintln!("winnow-desktop: the window can't be opened: {error}");
            return ExitCode::FAILURE;
        }
    };
    let code = app.run_return(move |_, event| {
        if let (RunEvent::Exit, Some(winnow)) = (event, &held) {
            winnow.shutdown();
        }
    });
    u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from)
}

/// The configuration, as Tauri's build step wrote it down in code of its own style.
#[allow(clippy::unwrap_used)]
fn context() -> tauri::Context {
    tauri::tauri_build_context!()
}

/// Tells the page of every change of a job.
fn forward_jobs(app: AppHandle, winnow: &Winnow) {
    winnow.subscribe(Box::new(move |status| {
        // A window that is closing hears nothing any more; the job's record is in the project.
        let _ = app.emit("job", status);
    }));
}

/// Says why the program can't start, and ends it.
fn refuse(app: &AppHandle, failure: Option<CallError>) {
    let error = failure.unwrap_or_else(|| CallError::new(contract::ErrorCode::Internal));
    eprintln!("winnow-desktop: {error}");
    dialogs::tell_failure(app, &error);
}
