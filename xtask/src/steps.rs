//! Steps with their durations, so that it is seen where the time goes.

use std::time::{Duration, Instant};

use crate::failure::Outcome;

/// The steps of one command.
#[derive(Default)]
pub struct Steps {
    done: Vec<(String, Duration)>,
}

impl Steps {
    /// Does a step and says how long it took.
    pub fn step<T>(&mut self, name: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        println!("\n== {name}");
        let began = Instant::now();
        let outcome = work();
        let took = began.elapsed();
        let word = if outcome.is_ok() { "done" } else { "failed" };
        println!("== {name}: {word} after {}", shown(took));
        self.done.push((name.to_owned(), took));
        outcome
    }

    /// Lists all steps.
    pub fn summary(&self) {
        println!("\nSteps:");
        for (name, took) in &self.done {
            println!("  {:>9}  {name}", shown(*took));
        }
        println!("  {:>9}  in all", shown(self.done.iter().map(|(_, took)| *took).sum()));
    }
}

fn shown(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 60.0 {
        format!("{seconds:.1} s")
    } else {
        format!("{} min {:02} s", seconds as u64 / 60, seconds as u64 % 60)
    }
}
