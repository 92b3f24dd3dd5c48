//! Words on buttons that several screens share.

use crate::macros::texts;

texts! {
    ActionCancel: "Cancel", "Отмена";
    ActionClose: "Close", "Закрыть";
    ActionSave: "Save", "Сохранить";
    ActionSaved: "Saved", "Сохранено";
    ActionAdd: "Add", "Добавить";
    ActionRemove: "Remove", "Удалить";
    ActionEdit: "Edit", "Изменить";
    ActionBack: "Back", "Назад";
    ActionNext: "Next", "Далее";
    ActionRetry: "Try again", "Повторить";
    ActionChooseFile: "Choose file…", "Выбрать файл…";
    ActionChooseFolder: "Choose folder…", "Выбрать папку…";
    ActionExport: "Export…", "Экспорт…";
    ActionSearch: "Search", "Поиск";
    ActionShowMore: "Show more", "Показать ещё";
    ActionDetails: "Details", "Подробности";
    StateLoading: "Loading…", "Загрузка…";
    StateNothingFound: "Nothing found", "Ничего не найдено";
    Yes: "yes", "да";
    No: "no", "нет";
}
