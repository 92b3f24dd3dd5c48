//! The project picker.

use crate::macros::texts;

texts! {
    PickerTitle: "Projects", "Проекты";
    PickerRecent: "Recent projects", "Недавние проекты";
    PickerNew: "New project…", "Новый проект…";
    PickerOpen: "Open project…", "Открыть проект…";
    PickerSample: "Open the sample project", "Открыть пример";
    PickerEmpty: "No projects yet", "Проектов пока нет";
}
