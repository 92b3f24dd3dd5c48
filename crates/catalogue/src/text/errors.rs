//! Errors as people read them: what happened, where, what to do.

use contract::settings::Language;
use contract::{CallError, ErrorCode};

use super::error_text::{ErrorText, Params, error_place};

/// One entry a code: what happened in English and Russian, what to do in English and Russian, and
/// the option or command that does it. A parameter that a text
/// names must be declared with its kind; the match is exhaustive, so that a new code does not compile without texts.
macro_rules! errors {
    ($($code:ident $(($($param:ident: $kind:ident),+))?: $en:literal, $ru:literal; $hint_en:literal, $hint_ru:literal
        $(=> $command:literal)?;)*) => {
        /// The texts of an error in the person's language.
        #[must_use]
        #[allow(clippy::too_many_lines)]
        pub fn error_message(lang: Language, error: &CallError) -> ErrorText {
            let params = Params { lang, error };
            let (what, hint, command) = match error.code {
                $(ErrorCode::$code => {
                    $($(let $param = params.$kind(stringify!($param));)+)?
                    let command: Option<&'static str> = [$($command)?].first().copied();
                    match lang {
                        Language::En => (format!($en), format!($hint_en), command),
                        Language::Ru => (format!($ru), format!($hint_ru), command),
                    }
                })*
            };
            ErrorText { what, place: error_place(lang, &error.place), hint, command }
        }
    };
}

errors! {
    // Files
    FileMissing: "There is no such file or folder.", "Такого файла или папки нет.";
        "Check the path and the name.", "Проверьте путь и имя.";
    FileIsDirectory: "This is a folder, not a file.", "Это папка, а нужен файл.";
        "Name a file inside it.", "Укажите файл внутри неё.";
    FileEmpty: "The file has no rows.", "В файле нет ни одной строки.";
        "Choose another file or check how it was exported.", "Выберите другой файл или проверьте, как он был выгружен.";
    FileUnreadable(detail: text): "The file can't be read: {detail}.", "Файл не читается: {detail}.";
        "Check the permissions and whether another program holds the file.",
        "Проверьте права доступа и не занят ли файл другой программой.";
    FileProtected: "The workbook is protected with a password.", "Книга защищена паролем.";
        "Open it in a spreadsheet program, save it without a password and import that copy.",
        "Откройте её в табличном редакторе, сохраните без пароля и импортируйте копию.";
    FileDamaged(format: text, detail: text): "The {format} file is cut off or damaged: {detail}.",
        "Файл {format} обрезан или повреждён: {detail}.";
        "Copy or download it again, or export it anew.", "Скопируйте или скачайте его ещё раз либо выгрузите заново.";
    FormatUnknown: "This is not a table that Winnow can read.", "Winnow не умеет читать такой файл.";
        "Use XLSX, XLS, ODS, CSV, TSV, JSON, JSONL or Parquet.", "Подойдут XLSX, XLS, ODS, CSV, TSV, JSON, JSONL и Parquet.";
    FormatMismatch(format: text): "The name says {format}, but the content is something else.",
        "По имени это {format}, но внутри что-то другое.";
        "Check that this is the right file and that it was not renamed.",
        "Проверьте, тот ли это файл и не переименован ли он.";
    RowRagged(expected: number, found: number): "The row has {found} fields, the header has {expected}.",
        "Полей в строке — {found}, а в заголовке — {expected}.";
        "Correct the row or the delimiter, or import without such rows.",
        "Исправьте строку или разделитель либо пропустите такие строки при импорте." => "--skip-bad-rows";
    QuoteUnclosed: "A quote is opened in this row and never closed, so the rest of the file counts as one cell.",
        "В этой строке открыта кавычка и нигде не закрыта, поэтому остаток файла считается одной ячейкой.";
        "Correct the quotes in this row, or import without it.",
        "Исправьте кавычки в этой строке либо пропустите её при импорте." => "--skip-bad-rows";
    EncodingInvalid(encoding: text): "The bytes are not text in {encoding}.", "Байты не читаются как текст в {encoding}.";
        "Choose another encoding, or import without such rows.",
        "Выберите другую кодировку либо пропустите такие строки при импорте." => "--encoding | --skip-bad-rows";
    EncodingUnknown(encoding: text): "There is no encoding named “{encoding}”.", "Кодировки «{encoding}» нет.";
        "Use utf-8, utf-16le, utf-16be, windows-1251, koi8-r, cp866 or another name of the WHATWG list.",
        "Укажите utf-8, utf-16le, utf-16be, windows-1251, koi8-r, cp866 или другое имя из списка WHATWG.";
    NulByte: "The text holds a NUL byte.", "В тексте есть нулевой байт.";
        "Check the encoding and the file, or import without such rows.",
        "Проверьте кодировку и сам файл либо пропустите такие строки при импорте." => "--skip-bad-rows";
    CellTooLarge(size: size, limit: size): "The cell holds {size}, the limit is {limit}.",
        "В ячейке {size}, предел — {limit}.";
        "Check the quotes around it, or import without such rows.",
        "Проверьте кавычки вокруг неё либо пропустите такие строки при импорте." => "--skip-bad-rows";
    JsonMalformed(detail: text): "The JSON can't be understood: {detail}.", "JSON не удалось разобрать: {detail}.";
        "Known shapes: an array of objects, an object of arrays, pairs [text, label], or one object a line.",
        "Подойдут массив объектов, объект с массивами, пары [текст, метка] или по объекту на строку.";
    SheetMissing(sheet: text, sheets: text): "The workbook has no sheet “{sheet}”.", "В книге нет листа «{sheet}».";
        "Its sheets: {sheets}.", "Её листы: {sheets}.";
    ColumnMissing(column: text, columns: text): "There is no column “{column}”.", "Столбца «{column}» нет.";
        "The columns: {columns}.", "Есть столбцы: {columns}.";
    TextColumnUnknown(columns: text): "It is not clear which column holds the text.",
        "Непонятно, в каком столбце текст.";
        "Name it. The columns: {columns}.", "Укажите его. Есть столбцы: {columns}." => "--text";
    DelimiterInvalid(delimiter: text): "“{delimiter}” can't be a delimiter.", "«{delimiter}» не может быть разделителем.";
        "A delimiter is one character, such as , ; | or \\t.", "Разделитель — один символ, например , ; | или \\t.";
    // Projects and disk
    ProjectMissing: "This folder holds no Winnow project.", "В этой папке нет проекта Winnow.";
        "Check the path, or make a project there.", "Проверьте путь или создайте там проект." => "winnow init DIR";
    ProjectExists: "This folder holds a project already.", "В этой папке уже есть проект.";
        "Open it, or choose another folder.", "Откройте его или выберите другую папку.";
    ProjectLocked(pid: text): "Another Winnow works with this project (process {pid}).",
        "С этим проектом уже работает другой Winnow (процесс {pid}).";
        "Close the project there, or wait until it is done. Looking is possible meanwhile.",
        "Закройте проект там или дождитесь конца работы. Смотреть можно и сейчас.";
    ProjectTooNew(found: text, known: text): "The project was written by a newer Winnow (layout {found}, known {known}).",
        "Проект записан более новой версией Winnow (формат {found}, известен {known}).";
        "Update Winnow.", "Обновите Winnow.";
    ProjectDamaged(detail: text): "The project's store is damaged: {detail}.", "Хранилище проекта повреждено: {detail}.";
        "Restore the folder from a copy.", "Восстановите папку из резервной копии.";
    ProjectReadOnly: "The project is open for reading only: another Winnow works with it.",
        "Проект открыт только для чтения: с ним работает другой Winnow.";
        "Close it there and open it again.", "Закройте его там и откройте заново.";
    FolderUnwritable(detail: text): "It can't be written: {detail}.", "Запись не удалась: {detail}.";
        "Check the permissions or choose another folder.", "Проверьте права доступа или выберите другую папку.";
    FolderNotEmpty: "The folder is not empty.", "Папка не пуста.";
        "Choose an empty folder or a new name.", "Выберите пустую папку или новое имя.";
    DiskFull: "There is no space left on the disk.", "На диске кончилось место.";
        "Free some space and run the same again: it goes on where it stopped.",
        "Освободите место и запустите то же снова: работа продолжится с места остановки.";
    // Schema
    SchemaMissing: "The project has no label schema yet.", "В проекте ещё нет схемы разметки.";
        "Set one or take it from the labels.",
        "Задайте её или возьмите из меток." => "winnow schema DIR set FILE | winnow schema DIR from-labels";
    SchemaEmpty: "The schema has too few domains.", "В схеме слишком мало классов.";
        "Add at least two domains.", "Добавьте хотя бы два класса.";
    SchemaDuplicateId(id: text): "Two domains have the id “{id}”.", "У двух классов один идентификатор «{id}».";
        "Give each domain an id of its own (case does not count).",
        "Дайте каждому классу свой идентификатор (регистр не учитывается).";
    SchemaDuplicateHotkey(hotkey: text, first: text, second: text):
        "“{first}” and “{second}” have the same key “{hotkey}”.", "У классов «{first}» и «{second}» одна клавиша «{hotkey}».";
        "Give one of them another key.", "Назначьте одному из них другую клавишу.";
    SchemaMalformed(detail: text): "The schema can't be understood: {detail}.", "Схему не удалось разобрать: {detail}.";
        "JSON: an array of ids or of domains; CSV: columns id, name_en, name_ru, guideline, examples, hotkey (only id is needed).",
        "JSON: массив идентификаторов или классов; CSV: столбцы id, name_en, name_ru, guideline, examples, hotkey (нужен только id).";
    SchemaNoLabels: "No item has a label to take a schema from.", "Ни у одного элемента нет метки, из которой взять схему.";
        "Import a file with a label column, or set a schema from a file.",
        "Импортируйте файл со столбцом меток или задайте схему из файла." => "--label";
    DomainUnknown(domain: text): "The schema has no domain “{domain}”.", "В схеме нет класса «{domain}».";
        "Look at the ids in the schema.", "Посмотрите идентификаторы в схеме." => "winnow schema DIR show";
    // Models
    ModelMissing(name: text): "The project has no model named “{name}”.", "В проекте нет модели «{name}».";
        "Look at the models or add this one.",
        "Посмотрите список моделей или добавьте эту." => "winnow models DIR list | winnow models DIR add";
    ModelExists(name: text): "There is another model named “{name}” already.", "Модель «{name}» уже есть.";
        "Choose another name.", "Выберите другое имя.";
    ModelNotGguf: "The file is not a GGUF model.", "Это не модель GGUF.";
        "Choose a file in the GGUF format.", "Выберите файл в формате GGUF.";
    ModelDamaged(detail: text): "The model's file is cut off or damaged: {detail}.",
        "Файл модели обрезан или повреждён: {detail}.";
        "Download or copy it again.", "Скачайте или скопируйте его ещё раз.";
    ModelArchitecture(architecture: text, supported: text): "The architecture “{architecture}” is not supported.",
        "Архитектура «{architecture}» не поддерживается.";
        "Supported: {supported}. Others can be used over a server.",
        "Поддерживаются: {supported}. Другие модели можно подключить через сервер.";
    ModelTokenizer(tokenizer: text): "The model's tokenizer “{tokenizer}” is not supported.",
        "Токенизатор модели «{tokenizer}» не поддерживается.";
        "Use the model over a server.", "Подключите эту модель через сервер.";
    ModelTemplate(detail: text): "The model's chat template is not supported: {detail}.",
        "Шаблон чата этой модели не поддерживается: {detail}.";
        "Use the model over a server.", "Подключите эту модель через сервер.";
    ModelTooLarge(needed: size, free: size): "The model needs {needed} of memory, {free} are free.",
        "Модели нужно {needed} памяти, свободно {free}.";
        "Close other programs or take a smaller model.", "Закройте другие программы или возьмите модель поменьше.";
    ModelFailed(detail: text): "The model's computation failed: {detail}.", "Вычисление модели не удалось: {detail}.";
        "Run the same again; if it stays, try another model.",
        "Запустите ещё раз; если не поможет, попробуйте другую модель.";
    ModelInUse(name: text, by: text): "“{name}” can't be removed: “{by}” asks it.",
        "«{name}» нельзя убрать: к нему обращается «{by}».";
        "Remove that one first.", "Сначала уберите его.";
    LabellerCircular(name: text): "“{name}” would end up asking itself.", "«{name}» в итоге обращался бы сам к себе.";
        "Choose other labellers for it.", "Выберите для него другие разметчики.";
    EncoderMissing(folders: text): "No text encoder was found in {folders}.", "Кодировщик текста не найден: {folders}.";
        "Give a folder with config.json, tokenizer.json and model.safetensors, or put it into a folder of models.",
        "Укажите папку с config.json, tokenizer.json и model.safetensors или положите её в папку моделей.";
    ExamplesTooFew(found: number, needed: number): "There are {found} examples with a known domain; {needed} are needed.",
        "Примеров с известным классом: {found}, нужно {needed}.";
        "Decide on more items in review, or trust the labels of a source.",
        "Примите больше решений при проверке или доверьтесь меткам источника.";
    ComparisonMissing(id: text): "There is no comparison {id}.", "Сравнения {id} нет.";
        "Look at the list of comparisons.", "Посмотрите список сравнений." => "winnow compare DIR list";
    ServerUnreachable(server: text, detail: text): "The server {server} does not answer: {detail}.",
        "Сервер {server} не отвечает: {detail}.";
        "Check the address and that the server runs, then run the same again: what is done is kept.",
        "Проверьте адрес и что сервер запущен, затем повторите: сделанное сохранено.";
    ServerRefused(server: text, status: text): "The server {server} refused the key (status {status}).",
        "Сервер {server} не принял ключ (код {status}).";
        "Check the key and its rights.", "Проверьте ключ и его права.";
    ServerModelMissing(server: text, model: text, models: text): "The server {server} has no model “{model}”.",
        "На сервере {server} нет модели «{model}».";
        "Its models: {models}.", "Его модели: {models}.";
    ServerNotApi(server: text, detail: text): "What answers at {server} is not an OpenAI-compatible server: {detail}.",
        "По адресу {server} отвечает не OpenAI-совместимый сервер: {detail}.";
        "Check the address and the port; it often ends in /v1.", "Проверьте адрес и порт; часто адрес кончается на /v1.";
    ServerModelGone(server: text, model: text, detail: reason): "The server {server} does not offer the model “{model}”{detail}.",
        "Сервер {server} не даёт модель «{model}»{detail}.";
        "Load it there again or choose another of its models, then run the same again: what is done is kept.",
        "Загрузите её там снова или выберите другую его модель, затем повторите: сделанное сохранено.";
    ServerLoading(server: text): "The server {server} is still loading its model.", "Сервер {server} ещё загружает модель.";
        "Try again in a moment.", "Повторите немного погодя.";
    ServerTimedOut(server: text, seconds: number): "The server {server} gave no answer in {seconds} s.",
        "Сервер {server} не ответил за {seconds} с.";
        "Look whether it is busy, or allow it more time or fewer requests at once; then run the same again: what is done is kept.",
        "Посмотрите, не перегружен ли он, или дайте ему больше времени либо меньше запросов сразу; затем повторите: сделанное сохранено."
        => "--timeout | --concurrency";
    ServerRedirects(server: text, target: text): "The server {server} sends to another address: {target}.",
        "Сервер {server} отсылает на другой адрес: {target}.";
        "If you trust it, give that address: texts and key are not sent on by themselves.",
        "Если вы ему доверяете, укажите этот адрес: тексты и ключ сами туда не передаются.";
    ServerQuota(server: text, status: text, detail: reason):
        "The account's quota at {server} is used up (status {status}){detail}.",
        "Квота учётной записи на {server} исчерпана (код {status}){detail}.";
        "Raise the limit or top up the account, then run the same again: what is done is kept.",
        "Поднимите лимит или пополните счёт, затем повторите: сделанное сохранено.";
    ServerFailed(server: text, status: text, detail: text):
        "The server {server} failed again and again (status {status}): {detail}.",
        "Сервер {server} раз за разом отвечает ошибкой (код {status}): {detail}.";
        "Look into the server's log, then run the same again: what is done is kept.",
        "Посмотрите журнал сервера, затем повторите: сделанное сохранено.";
    ServerAddress(server: text): "“{server}” is not a server's address.", "«{server}» — не адрес сервера.";
        "It looks like http://127.0.0.1:8080 or https://host/v1.", "Он выглядит так: http://127.0.0.1:8080 или https://host/v1.";
    KeyMissing(variable: text): "The environment variable {variable} with the server's key is not set.",
        "Переменная среды {variable} с ключом сервера не задана.";
        "Set it and run the same again.", "Задайте её и повторите.";
    KeyringFailed(detail: text): "The system's keyring failed: {detail}.", "Системное хранилище ключей недоступно: {detail}.";
        "Unlock it, or give the key in an environment variable.",
        "Разблокируйте его или передайте ключ через переменную среды." => "--key-env";
    TextTooLong(tokens: number, limit: number): "The text has {tokens} tokens, the model can take {limit}.",
        "В тексте токенов: {tokens}, модель вмещает {limit}.";
        "Import with a smaller length limit or take a model with a longer context.",
        "Уменьшите предельную длину при импорте или возьмите модель с большим контекстом." => "--max-length";
    AnswerInvalid(answer: text): "The model's answer is none of the labels: “{answer}”.",
        "Ответ модели — не одна из меток: «{answer}».";
        "Run the labelling again for such items, or take a stronger model.",
        "Запустите разметку ещё раз или возьмите модель посильнее.";
    AnswerTooLong(limit: size): "The model's answer is longer than {limit}: too long to be one of the labels.",
        "Ответ модели длиннее {limit}: слишком длинный для метки.";
        "Run the labelling again for such items, or look into the server's log.",
        "Запустите разметку ещё раз или посмотрите журнал сервера.";
    AnswersUseless(name: text, count: number, answer: text):
        "“{name}” has given no usable answer: {count} answers, and none is one of the labels. The last one: “{answer}”.",
        "Модель «{name}» не дала ни одного годного ответа: ответов — {count}, и ни один не совпал с меткой. Последний: «{answer}».";
        "Test it on three items and look at its prompt, or take another model. What is done is kept.",
        "Проверьте её на трёх примерах и посмотрите промпт или возьмите другую модель. Сделанное сохранено."
        => "winnow models DIR test NAME";
    // Jobs
    JobMissing(job: text): "There is no job {job}.", "Задачи {job} нет.";
        "Look at the list of jobs.", "Посмотрите список задач.";
    JobOver(job: text): "Job {job} is over.", "Задача {job} уже завершена.";
        "Start a new one.", "Запустите новую.";
    Cancelled: "The job was stopped.", "Задача остановлена.";
        "It can be resumed: what is done is kept.", "Её можно продолжить: сделанное сохранено.";
    // Items and review
    ItemMissing(item: text): "There is no item {item}.", "Элемента {item} нет.";
        "Look at the list of items.", "Посмотрите список элементов.";
    NothingToApprove(item: text): "Item {item} has no label that could be approved.",
        "У элемента {item} нет метки, которую можно подтвердить.";
        "Choose a domain for it.", "Выберите для него класс.";
    NothingToUndo(reviewer: text): "There is no decision of “{reviewer}” to take back.",
        "У «{reviewer}» нет решения, которое можно отменить.";
        "Check the reviewer's name.", "Проверьте имя проверяющего.";
    FilterMalformed(filter: text, detail: text): "The filter “{filter}” can't be understood at “{detail}”.",
        "Фильтр «{filter}» непонятен в месте «{detail}».";
        "Conditions: status:, source:, label:, domain:, agrees:yes|no, confidence<0.5, confidence>=0.5, words of the text; quotes around blanks.",
        "Условия: status:, source:, label:, domain:, agrees:yes|no, confidence<0.5, confidence>=0.5, слова текста; пробелы — в кавычках.";
    ReviewerMissing: "The reviewer's name is missing.", "Не указано имя проверяющего.";
        "Give it: decisions are stored with a name.", "Укажите его: решения хранятся с именем.";
    // Datasets and versions
    DatasetMissing: "No dataset has been written yet.", "Ещё не записан ни один датасет.";
        "Write one first.", "Сначала запишите его." => "winnow write DIR";
    DatasetEmpty: "There is nothing to write: no item has a trusted label.",
        "Записывать нечего: ни у одного элемента нет надёжной метки.";
        "Label items or review what waits, or lower the minimum for a domain.",
        "Разметьте элементы, проверьте очередь или уменьшите минимум на класс.";
    DatasetImpossible(detail: text): "The settings of the split can't be honoured: {detail}.",
        "С такими настройками разделить нельзя: {detail}.";
        "Change the share or the minimums.", "Измените долю или минимумы.";
    VersionMissing(version: text): "There is no version “{version}”.", "Версии «{version}» нет.";
        "Look at the list of versions. Of an id at least 4 digits are needed.",
        "Посмотрите список версий. От идентификатора нужно хотя бы 4 знака." => "winnow version DIR list";
    TagExists(tag: text): "The tag “{tag}” is taken.", "Тег «{tag}» занят.";
        "Choose another tag.", "Выберите другой.";
    VersionDamaged(version: text, detail: text): "Version {version} does not match its hashes: {detail}.",
        "Содержимое версии {version} не совпадает с её хешами: {detail}.";
        "Verify the store, then repair it from an exported copy.",
        "Проверьте хранилище и почините его из выгруженной копии." => "winnow version DIR verify | repair --from FILE";
    VersionUnchanged(version: text): "Nothing has changed since version {version}.", "С версии {version} ничего не изменилось.";
        "Write a new dataset first.", "Сначала запишите новый датасет.";
    VersionArchived(version: text): "The rows of version {version} lie in an archive.", "Строки версии {version} лежат в архиве.";
        "Restore the version first.", "Сначала верните версию из архива." => "winnow version DIR restore V";
    TagMissing(tag: text): "There is no tag “{tag}”.", "Тега «{tag}» нет.";
        "Look at the list of versions.", "Посмотрите список версий." => "winnow version DIR list";
    TagInvalid(tag: text): "“{tag}” can't be a tag.", "«{tag}» не может быть тегом.";
        "Use 1 to 100 characters without blanks and slashes, not a number like 1.2.0, and not “current”.",
        "Подойдут от 1 до 100 символов без пробелов и косых черт; не номер вроде 1.2.0 и не «current».";
    VersionAmbiguous(version: text): "Several versions begin with “{version}”.", "С «{version}» начинается несколько версий.";
        "Write more of the id, or the number.", "Напишите больше знаков или номер версии.";
    MergeChoicesDamaged: "What was chosen for the conflicts of this merge is damaged.",
        "То, что было выбрано для конфликтов этого слияния, повреждено.";
        "Clear the store, then choose again.", "Очистите хранилище и выберите ещё раз." => "winnow version DIR gc";
    MergeUnrelated(first: text, second: text): "Versions {first} and {second} don't come from a common version.",
        "У версий {first} и {second} нет общей предшествующей версии.";
        "Choose two versions of one history.", "Выберите две версии с общей историей.";
    MergeConflicts(count: number): "Both sides changed the same samples to different ends: {count}.",
        "Обе стороны по-разному изменили одни и те же примеры: {count}.";
        "Decide on each conflict, or say which side all others take.",
        "Решите каждый конфликт или укажите сторону для остальных." => "--conflicts FILE | --resolve FILE | --take ours|theirs|base";
    MergeLabelUnknown(label: text, labels: text): "Neither the schema nor the two versions have the label “{label}”.",
        "Метки «{label}» нет ни в схеме, ни в этих двух версиях.";
        "Possible: {labels}.", "Возможны: {labels}.";
    SampleMalformed(detail: text): "The line is no sample: {detail}.", "Строка — не пример: {detail}.";
        "A line is a JSON object with text and label.", "Строка — объект JSON с полями text и label.";
    SampleWithoutText: "The line has no text.", "В строке нет текста.";
        "Give it a field “text”, or remove the line.", "Добавьте поле «text» или уберите строку.";
    SampleWithoutLabel: "The line has no label.", "В строке нет метки.";
        "Give it a field “label”, or remove the line.", "Добавьте поле «label» или уберите строку.";
    SampleConfidence(confidence: text): "The line has a confidence of {confidence}.", "В строке уверенность {confidence}.";
        "A confidence is between 0 and 1; −1 stands for none.", "Уверенность — от 0 до 1; −1 значит, что её нет.";
    SampleMissing(sample: text): "No version has a sample “{sample}”.", "Примера «{sample}» нет ни в одной версии.";
        "Give a sample's id or its whole text.", "Укажите идентификатор примера или весь его текст.";
    ExportHostile(detail: text): "The file is not a whole export of versions: {detail}.",
        "Это не целая выгрузка версий: {detail}.";
        "Nothing was taken from it. Ask for a new copy.", "Из неё ничего не взято. Попросите новую копию.";
    VersionsBusy(detail: text): "Another process works on the version store: {detail}.",
        "С хранилищем версий работает другой процесс: {detail}.";
        "Wait until it is done and try again.", "Дождитесь его окончания и повторите.";
    // The rest
    ArgumentInvalid(name: text, value: text, detail: reason): "The value “{value}” of “{name}” does not fit{detail}.",
        "Значение «{value}» параметра «{name}» не подходит{detail}.";
        "Correct it and try again.", "Исправьте его и повторите.";
    ArgumentEmpty(name: text): "“{name}” is empty.", "Параметр «{name}» пуст.";
        "Give it a value and try again.", "Укажите значение и повторите.";
    Internal(detail: text): "Winnow has a defect: {detail}.", "Ошибка в самом Winnow: {detail}.";
        "Nothing that was stored is lost. Run the same again; please report it with this text.",
        "Всё сохранённое цело. Повторите; пожалуйста, сообщите об ошибке, приложив этот текст.";
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every parameter that any code documents.
    const PARAMS: &str = "\
        answer architecture by column columns confidence count delimiter detail domain encoding expected \
        filter first folders format found free hotkey id item job known label labels limit model models name \
        needed pid reviewer sample second seconds server sheet sheets size status supported tag target tokenizer \
        tokens value variable version";

    fn params() -> impl Iterator<Item = &'static str> {
        PARAMS.split_whitespace()
    }

    #[test]
    fn every_code_reads_in_both_languages() {
        for &code in ErrorCode::ALL {
            let error = params().fold(CallError::new(code), |error, name| error.with(name, format!("<{name}>")));
            let english = error_message(Language::En, &error);
            let russian = error_message(Language::Ru, &error);
            for text in [&english, &russian] {
                assert!(!text.what.is_empty() && !text.hint.is_empty(), "{code:?}");
                assert!(!text.what.contains(['{', '}', '—']) || text.what.contains(" — "), "{code:?}: {}", text.what);
                assert!(text.what.ends_with(['.', '»', '”']) && text.hint.ends_with('.'), "{code:?}: {text:?}");
            }
            assert_ne!(english.what, russian.what, "{code:?}");
            let used = |text: &ErrorText| {
                let all = format!("{} {}", text.what, text.hint);
                params().filter(|name| all.contains(&format!("<{name}>"))).collect::<Vec<_>>()
            };
            assert_eq!(used(&english), used(&russian), "{code:?}: both languages say the same");
        }
    }

    #[test]
    fn an_error_without_its_parameters_still_reads() {
        for &code in ErrorCode::ALL {
            let text = error_message(Language::Ru, &CallError::new(code));
            assert!(!text.what.contains(['{', '}']) && text.place.is_none(), "{code:?}");
        }
    }

    #[test]
    fn a_value_that_does_not_fit_needs_no_reason() {
        let error = CallError::new(ErrorCode::ArgumentInvalid).with("name", "source").with("value", 99);
        let what = |error: &CallError| error_message(Language::En, error).what;
        assert_eq!(what(&error), "The value “99” of “source” does not fit.");
        assert_eq!(what(&error.with("detail", "0 … 1")), "The value “99” of “source” does not fit: 0 … 1.");
    }

    #[test]
    fn the_place_names_file_row_and_column() {
        let error = CallError::new(ErrorCode::RowRagged)
            .with("expected", 2)
            .with("found", 3)
            .in_file("clients.csv")
            .at_row(12)
            .in_column("text");
        assert_eq!(
            error_message(Language::En, &error).line(),
            "clients.csv, row 12, column “text”: The row has 3 fields, the header has 2. Correct the row or the \
             delimiter, or import without such rows."
        );
        assert_eq!(
            error_message(Language::Ru, &error).place.as_deref(),
            Some("clients.csv, строка 12, столбец «text»")
        );
    }

    #[test]
    fn sizes_are_written_as_sizes() {
        let error = CallError::new(ErrorCode::CellTooLarge).with("size", 10 * 1024 * 1024).with("limit", 1024 * 1024);
        let text = error_message(Language::En, &error).what;
        assert_eq!(text, "The cell holds 10.0\u{a0}MB, the limit is 1.0\u{a0}MB.");
    }
}
