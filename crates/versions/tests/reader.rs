//! Another program, written after docs/VERSION_STORE.md alone, reads what is stored.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::path::Path;
use std::process::Command;

use support::{Fixture, files, going};

#[test]
fn another_program_reads_packs_archives_and_exports() {
    let Some(python) = testbed::readers_python() else { return };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/read_version.py");
    let fixture = Fixture::with_history(2500);
    fixture.store.tag("2.1.0", "production", false).unwrap();
    let export = fixture.path("all.winnow");
    fixture.store.export(&[], &export, &mut going).unwrap();
    fixture.store.archive(&["1.0.0".to_owned(), "2.0.0".to_owned()], false, 0, &mut going).unwrap();
    for store in [fixture.root(), export] {
        for (number, expected) in &fixture.expected {
            let name = if number == "2.1.0" { "production" } else { number };
            let to = fixture.path("read");
            let output = Command::new(&python).arg(&script).arg(&store).arg(name).arg(&to).output().unwrap();
            assert!(output.status.success(), "{number}: {}", String::from_utf8_lossy(&output.stderr));
            assert!(files(&to) == *expected, "{number} from {}", store.display());
        }
    }
}
