//! The project picker.

use crate::macros::texts;

texts! {
    PickerTitle: "Projects", "Проекты";
    PickerRecent: "Recent projects", "Недавние проекты";
    PickerNew: "New project…", "Новый проект…";
    PickerOpen: "Open project…", "Открыть проект…";
    PickerSample: "Open the sample project", "Открыть пример";
    PickerEmpty: "No projects yet", "Проектов пока нет";
    PickerRecentEmpty: "Projects that you open appear here.", "Здесь появятся проекты, которые вы открывали.";
    PickerMissing: "not found", "не найден";
    PickerFolder: "Project folder", "Папка проекта";
    PickerFolderHint: "A project is a folder with the data, model settings and versions.",
        "Проект — это папка с данными, настройками моделей и версиями.";
    PickerName: "Name of a new project", "Название нового проекта";
    PickerNameHint: "Left empty, it is called like the folder.", "Если не указать, проект называется как папка.";
    PickerOwn: "Your own data", "Ваши данные";
    PickerCreateHere: "Create project", "Создать проект";
    PickerOpenHere: "Open", "Открыть";
    PickerSampleTitle: "Look around first", "Сначала осмотреться";
    PickerSampleText: "A small project with real bank requests and goods names: label, review and version it.",
        "Небольшой проект с настоящими обращениями в банк и названиями товаров: разметьте, проверьте, зафиксируйте версию.";
    PickerStepLoad: "Load", "Загрузить";
    PickerStepLabel: "Label", "Разметить";
    PickerStepReview: "Review", "Проверить";
    PickerStepVersion: "Version", "Версионировать";
}
