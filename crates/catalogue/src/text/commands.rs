//! What the command line says.

use crate::macros::texts;

texts! {
    CommandsInterrupted: "Stopping…", "Останавливаю…";
}
