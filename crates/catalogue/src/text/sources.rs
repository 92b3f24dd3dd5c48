//! The screen of sources: adding a file, preview, cleaning, import.

use crate::macros::texts;

texts! {
    SourcesTitle: "Sources", "Источники";
    SourcesEmpty: "No sources yet", "Источников пока нет";
    SourcesAddFile: "Add a file…", "Добавить файл…";
}
