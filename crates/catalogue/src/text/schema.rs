//! The screen of the label schema.

use crate::macros::texts;

texts! {
    SchemaTitle: "Label schema", "Схема разметки";
    SchemaEmpty: "No domains yet", "Классов пока нет";
    SchemaEmptyText: "Domains are the classes that texts are sorted into. Take them from the labels in your data, load a file, or type them.",
        "Классы — это то, по чему раскладываются тексты. Возьмите их из меток в данных, загрузите файл или введите сами.";
    SchemaLine: "The classes that models choose from and people decide on.", "Классы, из которых выбирают модели и о которых решают люди.";
    SchemaFromLabels: "Take from labels", "Взять из меток";
    SchemaLoad: "Load file…", "Загрузить файл…";
    SchemaAdd: "Add domain", "Добавить класс";
    SchemaSave: "Save schema", "Сохранить схему";
    SchemaDiscard: "Discard changes", "Отменить изменения";
    SchemaUnsaved: "not saved", "не сохранено";
    SchemaFind: "Find a domain", "Найти класс";
    SchemaColumnId: "Id", "Идентификатор";
    SchemaColumnNameEn: "Name (en)", "Название (en)";
    SchemaColumnNameRu: "Name (ru)", "Название (ru)";
    SchemaColumnHotkey: "Key", "Клавиша";
    SchemaColumnItems: "Labels", "Меток";
    SchemaGuideline: "Guideline", "Правило";
    SchemaGuidelineHint: "When a text belongs here. Models and reviewers both read it.", "Когда текст относится сюда. Это читают и модели, и люди.";
    SchemaExamples: "Examples", "Примеры";
    SchemaExamplesHint: "One a line. Models see them too.", "По одному в строке. Их видят и модели.";
    SchemaMoveUp: "Move up", "Выше";
    SchemaMoveDown: "Move down", "Ниже";
    SchemaRemove: "Remove domain", "Удалить класс";
    SchemaChoose: "Choose a domain to write its guideline and examples.", "Выберите класс, чтобы написать правило и примеры.";
    SchemaIdWanted: "An id is needed.", "Нужен идентификатор.";
    SchemaIdTwice: "This id is there twice.", "Такой идентификатор уже есть.";
    SchemaIdLong: "At most 200 characters.", "Не больше 200 символов.";
    SchemaKeyTwice: "This key is taken.", "Клавиша занята.";
    SchemaKeyLong: "One character.", "Один символ.";
    SchemaTooFew: "A schema needs at least two domains.", "В схеме нужно хотя бы два класса.";
    schema_problems(count: number): "To correct: {count}", "Нужно исправить: {count}";
    schema_stored(count: domains): "Schema saved: {count}", "Схема сохранена: {count}";
    schema_taken(count: domains): "Taken from labels: {count}", "Взято из меток: {count}";
    SchemaNothingNew: "Every label is in the schema already", "Все метки уже есть в схеме";
    schema_loaded(count: domains): "Loaded: {count}", "Загружено: {count}";
    schema_removed(id: text): "“{id}” removed", "«{id}» удалён";
    SchemaLoadTitle: "Load a schema", "Загрузить схему";
    SchemaLoadText: "JSON (a list of ids or of domains) or CSV with the columns id, name_en, name_ru, guideline, examples, hotkey; only id is needed. The domains replace those shown; nothing is saved until you save.",
        "JSON (список идентификаторов или классов) или CSV со столбцами id, name_en, name_ru, guideline, examples, hotkey; обязателен только id. Классы заменят показанные; до сохранения ничего не изменится.";
    SchemaLoadButton: "Load", "Загрузить";
    SchemaFilter: "Schema files", "Файлы схем";
    UndoAction: "Undo", "Вернуть";
}
