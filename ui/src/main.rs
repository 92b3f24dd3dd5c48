//! Winnow's interface: Leptos compiled to WebAssembly, shown in the shell's window.
//!
//! It speaks the calls of `contract` through [`bridge`] and nothing else, and takes every text from `catalogue` through
//! [`text`]. `README.md` beside this folder says how a screen is made.

mod app;
mod bridge;
mod components;
mod frame;
mod job_text;
mod screens;
mod shortcuts;
mod state;
mod text;

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::Application);
}
