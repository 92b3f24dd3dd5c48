//! The frame around the screens: rail, header, connection to the backend.

use crate::macros::texts;

texts! {
    NavSources: "Sources", "Источники";
    NavSchema: "Schema", "Схема";
    NavModels: "Labellers", "Разметчики";
    NavLabel: "Label", "Разметка";
    NavReview: "Review", "Проверка";
    NavDatasets: "Datasets", "Датасеты";
    NavJobs: "Jobs", "Задачи";
    NavSettings: "Settings", "Настройки";
    ReadOnlyBanner: "Read-only: another process works with this project.",
        "Только чтение: с проектом работает другой процесс.";
    read_only_banner(pid: plain): "Read-only: another process (number {pid}) works with this project. Close it and open the project again to make changes.",
        "Только чтение: с проектом работает другой процесс (номер {pid}). Чтобы вносить изменения, закройте его и откройте проект снова.";
    RailLabel: "Screens", "Экраны";
    RailProjects: "Close the project and show all projects", "Закрыть проект и показать все проекты";
    HeadItems: "items", "элементов";
    HeadLabelled: "labelled", "размечено";
    HeadReviewed: "reviewed", "проверено";
    ShortcutsTitle: "Keyboard shortcuts", "Сочетания клавиш";
    ShortcutsEverywhere: "Everywhere", "Везде";
    ShortcutsByNumber: "Screens by number, up to Ctrl+8", "Экраны по номеру, до Ctrl+8";
    ShortcutsLeaveField: "Leave a field, so that single keys work again", "Выйти из поля, чтобы снова работали одиночные клавиши";
    ShortcutsMessage: "Message", "Сообщение";
    CardPrevious: "Previous card", "Предыдущая карточка";
    CardNext: "Next card", "Следующая карточка";
    ErrorCopy: "Copy details", "Скопировать подробности";
    ErrorCopied: "Copied", "Скопировано";
    number_range(min: text, max: text): "Enter a number from {min} to {max}.", "Введите число от {min} до {max}.";
    NumberWanted: "Enter a number.", "Введите число.";
    list_end(count: rows): "All shown: {count}", "Показано всё: {count}";
    loaded_of(loaded: number, total: number): "{loaded} of {total} loaded", "загружено {loaded} из {total}";
    loaded_so_far(loaded: number): "{loaded} loaded so far", "загружено {loaded}";
    DropHere: "Drop the file here", "Отпустите файл здесь";
    PathOfFile: "Path of the file", "Путь к файлу";
    PathOfFolder: "Path of the folder", "Путь к папке";
    Browse: "Browse…", "Обзор…";
    ProductLine: "From raw logs and tables to trusted, versioned training data.",
        "Из сырых логов и таблиц — проверенные обучающие данные.";
}
