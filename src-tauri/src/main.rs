//! Winnow's window.
// Without this a console would open beside the window on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    winnow_desktop::run()
}
