//! The help of the command line: what each command and each option is for.
//!
//! Keys are paths: `import` is the command, `import.text` its option or argument, `review.decide.id` of a verb.

use contract::settings::Language;

use crate::{Text, t};

macro_rules! help {
    ($($path:literal: $en:literal, $ru:literal;)*) => {
        /// Every path with its text.
        const HELP: &[(&str, Text)] = &[$(($path, Text::new($en, $ru)),)*];
    };
}

/// The help of a command (`import`) or of its option (`import.text`); an option that several commands share has one
/// entry under `*`.
#[must_use]
pub fn help(lang: Language, path: &str) -> Option<&'static str> {
    let find = |path: &str| HELP.iter().find(|(key, _)| *key == path).map(|(_, text)| t(lang, *text));
    let option = path.rsplit_once('.').map_or(path, |(_, option)| option);
    find(path).or_else(|| find(&format!("*.{option}")))
}

help! {
    "": "Turns raw tables and logs into labelled, reviewed, versioned training data.\n\nEvery command takes the project's folder first. The answer goes to standard output, as a summary or, with --json, as one JSON document (an error too: {\"error\": {…, \"message\"}}); progress and messages go to standard error. Nothing asks questions. Exit status: 0 done, 1 failed, 2 wrong usage. Ctrl-C stops a job and keeps what is done; the same command goes on from there.",
        "Превращает сырые таблицы и журналы в размеченные, проверенные обучающие данные с версиями.\n\nПервым у каждой команды идёт папка проекта. Ответ выводится в стандартный вывод: сводкой или, с --json, одним документом JSON (ошибка тоже: {\"error\": {…, \"message\"}}); ход работы и сообщения — в стандартный поток ошибок. Вопросов команды не задают. Код завершения: 0 — готово, 1 — ошибка, 2 — неверный вызов. Ctrl-C останавливает задачу и сохраняет сделанное; та же команда продолжит с этого места.";
    "!": "Examples:\n  winnow init support --labels labels.json\n  winnow import support tickets.xlsx --text question --label intent\n  winnow models support add qwen --gguf qwen2.5-0.5b-instruct.gguf\n  winnow label support --model qwen --limit 500\n  winnow review support next\n  winnow write support && winnow version support commit -m \"first labels\"\n\n  All in one go:\n  winnow run support tickets.xlsx --labels labels.json --model qwen --gguf qwen2.5-0.5b-instruct.gguf -m \"first labels\"",
        "Примеры:\n  winnow init support --labels labels.json\n  winnow import support tickets.xlsx --text question --label intent\n  winnow models support add qwen --gguf qwen2.5-0.5b-instruct.gguf\n  winnow label support --model qwen --limit 500\n  winnow review support next\n  winnow write support && winnow version support commit -m \"первая разметка\"\n\n  Всё сразу:\n  winnow run support tickets.xlsx --labels labels.json --model qwen --gguf qwen2.5-0.5b-instruct.gguf -m \"первая разметка\"";

    "*.dir": "The project's folder", "Папка проекта";
    "*.json": "Print one JSON document instead of a summary", "Вывести документ JSON вместо сводки";
    "*.lang": "Language of what people read [default: of LC_ALL, LC_MESSAGES, LANG]", "Язык сообщений [по умолчанию: из LC_ALL, LC_MESSAGES, LANG]";
    "*.help": "Print help", "Показать справку";
    "*.program_version": "Print the program's version", "Показать версию программы";

    "init": "Make a project in a folder", "Создать проект в папке";
    "init.labels": "Label schema to start with, JSON or CSV", "Начальная схема разметки, JSON или CSV";
    "init.name": "The project's name [default: the folder's]", "Имя проекта [по умолчанию: имя папки]";

    "import": "Import files: read, clean, drop duplicates, keep what is left as items", "Импортировать файлы: прочитать, очистить, убрать дубликаты, остальное сохранить как элементы";
    "import!": "Format, encoding, delimiter and columns are found out; options correct them.\n\nExamples:\n  winnow import support tickets.csv --dry-run\n  winnow import support a.csv b.jsonl c.parquet --text body\n  winnow import support old.txt --encoding cp866 --delimiter \";\"",
        "Формат, кодировка, разделитель и столбцы определяются сами; параметры их поправляют.\n\nПримеры:\n  winnow import support tickets.csv --dry-run\n  winnow import support a.csv b.jsonl c.parquet --text body\n  winnow import support old.txt --encoding cp866 --delimiter \";\"";
    "import.files": "Files: XLSX, XLS, ODS, CSV, TSV, JSON, JSONL, Parquet", "Файлы: XLSX, XLS, ODS, CSV, TSV, JSON, JSONL, Parquet";
    "import.dropped": "Write the dropped rows with their reasons to this CSV file", "Записать отброшенные строки с причинами в этот файл CSV";
    "import.dry_run": "Show what would be kept and dropped; write nothing", "Показать, что останется и что отбросится; ничего не записывать";
    "*.text": "Column with the text [default: found by content]", "Столбец с текстом [по умолчанию: по содержимому]";
    "*.label": "Column with the existing label [default: found by name]", "Столбец с меткой [по умолчанию: по имени]";
    "*.ts": "Column with the time [default: found by name]", "Столбец со временем [по умолчанию: по имени]";
    "*.user": "Column with the user [default: found by name]", "Столбец с пользователем [по умолчанию: по имени]";
    "*.only_named_columns": "Don't guess label, time and user: take only the columns named here", "Не угадывать метку, время и пользователя: брать только названные столбцы";
    "*.source_format": "The file's format [default: found out]", "Формат файла [по умолчанию определяется]";
    "*.encoding": "Encoding: utf-8, utf-16le, windows-1251, koi8-r, cp866, … [default: found out]", "Кодировка: utf-8, utf-16le, windows-1251, koi8-r, cp866, … [по умолчанию определяется]";
    "*.delimiter": "Delimiter, one character; \\t is a tab [default: found out]", "Разделитель, один символ; \\t — табуляция [по умолчанию определяется]";
    "*.sheet": "Sheet of a workbook [default: the first]", "Лист книги [по умолчанию первый]";
    "*.max_rows": "Take only the first N rows of each file", "Взять только первые N строк каждого файла";
    "*.min_length": "Drop texts shorter than this, in characters", "Отбросить тексты короче, в символах";
    "*.max_length": "Drop texts longer than this, in characters", "Отбросить тексты длиннее, в символах";
    "*.keep_duplicates": "Keep texts that are equal after cleaning", "Оставить тексты, одинаковые после очистки";
    "*.skip_bad_rows": "Drop rows that can't be read instead of stopping at the first", "Отбрасывать нечитаемые строки, а не останавливаться на первой";

    "schema": "The domains that items are labelled with", "Классы, по которым размечаются элементы";
    "schema.show": "Show the schema", "Показать схему";
    "schema.set": "Set the schema from a file", "Задать схему из файла";
    "schema.set!": "JSON: an array of ids, an array of domains, or {\"domains\": […]}; a domain is {id, name: {en, ru}, guideline, examples, hotkey}.\nCSV: columns id, name_en, name_ru, guideline, examples (joined by |), hotkey. Only the id is needed.",
        "JSON: массив идентификаторов, массив классов или {\"domains\": […]}; класс — {id, name: {en, ru}, guideline, examples, hotkey}.\nCSV: столбцы id, name_en, name_ru, guideline, examples (через |), hotkey. Нужен только id.";
    "schema.set.file": "Schema file, JSON or CSV", "Файл схемы, JSON или CSV";
    "schema.from-labels": "Take the schema from the labels that items came with", "Взять схему из меток, с которыми пришли элементы";

    "models": "The models that the project labels with", "Модели, которыми размечает проект";
    "models.list": "List the models", "Показать модели";
    "models.add": "Add a model: a GGUF file or an OpenAI-compatible server", "Добавить модель: файл GGUF или OpenAI-совместимый сервер";
    "models.add!": "Examples:\n  winnow models support add smol --gguf SmolLM2-135M-Instruct.Q4_1.gguf\n  winnow models support add cloud --server https://host/v1 --model some-model --key-env API_KEY",
        "Примеры:\n  winnow models support add smol --gguf SmolLM2-135M-Instruct.Q4_1.gguf\n  winnow models support add cloud --server https://host/v1 --model some-model --key-env API_KEY";
    "models.add.name": "Name in the project", "Имя в проекте";
    "*.gguf": "Model file, run in process", "Файл модели, работает внутри Winnow";
    "*.server": "Server's address, with or without /v1", "Адрес сервера, с /v1 или без";
    "models.add.model": "The model's id on the server", "Идентификатор модели на сервере";
    "*.key_env": "Environment variable that holds the server's key", "Переменная среды с ключом сервера";
    "*.concurrency": "Calls at the same time, at most [default: 4]", "Одновременных запросов, не больше [по умолчанию 4]";
    "*.min_interval": "Least time between two calls, milliseconds [default: 400, 0 on this machine]", "Наименьшее время между запросами, мс [по умолчанию 400, для этой машины 0]";
    "*.retries": "Further tries after a failure that may pass [default: 3]", "Повторов после временной ошибки [по умолчанию 3]";
    "*.timeout": "Longest wait for an answer, seconds [default: 60]", "Сколько ждать ответа, секунд [по умолчанию 60]";
    "*.backoff": "Wait before the first further try, milliseconds; it doubles with each [default: 500]", "Ожидание перед первым повтором, мс; удваивается с каждым [по умолчанию 500]";
    "*.pause_after": "Failures in a row after which the run waits for the server to come back [default: 4]", "После скольких сбоев подряд ждать возвращения сервера [по умолчанию 4]";
    "*.longest_pause": "Longest wait for the server to come back, seconds; then the run fails and can be resumed [default: 1800]", "Сколько ждать возвращения сервера, секунд; потом запуск прерывается, его можно продолжить [по умолчанию 1800]";
    "*.max_tokens": "End after so many tokens read and written; the rest waits for the next run", "Закончить после стольких токенов, прочитанных и написанных; остальное — в следующий раз";
    "*.max_seconds": "End after so many seconds; the rest waits for the next run", "Закончить через столько секунд; остальное — в следующий раз";
    "*.cache_hours": "How long answers in the cache are valid, hours; 0: no cache [default: 24]", "Сколько часов хранить ответы в кеше; 0 — без кеша [по умолчанию 24]";
    "models.test": "Label a few texts and show the answers; keep nothing", "Разметить несколько текстов и показать ответы, ничего не сохраняя";
    "models.test.name": "The model's name", "Имя модели";
    "models.test.texts": "Texts to try [default: three items]", "Тексты для пробы [по умолчанию три элемента]";
    "models.remove": "Take a model out of the project; its file and predictions stay", "Убрать модель из проекта; файл и предсказания останутся";
    "models.remove.name": "The model's name", "Имя модели";

    "label": "Label items with a model", "Разметить элементы моделью";
    "label!": "Items that have a prediction of this model already are left out, so the same command again goes on.\nWhat the model is unsure of, and what disagrees with an existing label, goes to review.\n\nExamples:\n  winnow label support --model qwen --limit 200 --sample-seed 1\n  winnow label support --model qwen --filter 'source:1 label:\"card arrival\"'\n\nFilter: status:new|confident|waiting|skipped|approved|corrected|rejected source:N label:L domain:D\nagrees:yes|no confidence<X confidence>=X and words of the text; values with blanks in double quotes.",
        "Элементы, у которых уже есть предсказание этой модели, пропускаются: та же команда продолжает работу.\nТо, в чём модель не уверена или не согласна с исходной меткой, уходит на проверку.\n\nПримеры:\n  winnow label support --model qwen --limit 200 --sample-seed 1\n  winnow label support --model qwen --filter 'source:1 label:\"card arrival\"'\n\nФильтр: status:new|confident|waiting|skipped|approved|corrected|rejected source:N label:L domain:D\nagrees:yes|no confidence<X confidence>=X и слова текста; значения с пробелами — в двойных кавычках.";
    "label.model": "The model's name in the project", "Имя модели в проекте";
    "*.limit": "At most so many", "Не больше стольких";
    "*.sample_seed": "Draw the limit at random with this seed instead of taking the first", "Выбрать случайно с этим зерном, а не первые подряд";
    "*.filter": "Which items; see winnow label --help", "Какие элементы; см. winnow label --help";
    "*.threshold": "Confidence below this goes to review", "Уверенность ниже этой — на проверку";
    "*.high_threshold": "Confidence below this goes to review with high priority [default: 0.3]", "Уверенность ниже этой — на проверку с высоким приоритетом [по умолчанию 0.3]";

    "review": "The queue of what is unsure, and people's decisions", "Очередь сомнительного и решения людей";
    "review.list": "List review items", "Показать элементы на проверке";
    "review.list.status": "Only of this status", "Только с этим статусом";
    "*.after": "Go on after this item's number", "Продолжить после элемента с этим номером";
    "review.next": "Show the next items that wait", "Показать следующие в очереди";
    "review.next.count": "How many", "Сколько";
    "review.decide": "Store a decision about an item", "Записать решение по элементу";
    "review.decide!": "Examples:\n  winnow review support decide 17 --approve --reviewer anna\n  winnow review support decide 18 --correct card_arrival --reviewer anna",
        "Примеры:\n  winnow review support decide 17 --approve --reviewer anna\n  winnow review support decide 18 --correct card_arrival --reviewer anna";
    "review.decide.id": "The item's number", "Номер элемента";
    "review.decide.approve": "The predicted domain is right", "Предсказанный класс верен";
    "review.decide.correct": "This domain is right", "Верен этот класс";
    "review.decide.skip": "Put it off; it comes back after the others", "Отложить; вернётся после остальных";
    "review.decide.reject": "It belongs in no dataset", "Не брать ни в один датасет";
    "*.reviewer": "Who decides", "Кто решает";
    "review.undo": "Take back the reviewer's latest decision", "Отменить последнее решение проверяющего";
    "review.export": "Write what was reviewed to a file, JSONL or CSV by its extension", "Записать проверенное в файл, JSONL или CSV по расширению";
    "review.export.file": "The file", "Файл";

    "write": "Write train and eval from what is trusted", "Записать train и eval из надёжного";
    "write!": "The files go to exports/dataset-N in the project. A text and its near-duplicates are never on both sides; the same seed gives the same split, and the same bytes. train.jsonl and eval.jsonl are always there, in one piece; other formats, shards and folds stand beside them.\n\nExamples:\n  winnow write support --eval 0.2 --max-per-domain 500 --format parquet\n  winnow write support --balance weights --folds 5\n  winnow write support --split-by time --group-users --format hugging-face --shard-bytes 256M",
        "Файлы пишутся в exports/dataset-N внутри проекта. Текст и почти такие же тексты никогда не попадают в обе части; одно зерно даёт одно разделение, вплоть до байта. train.jsonl и eval.jsonl есть всегда и целиком; другие форматы, части и блоки лежат рядом.\n\nПримеры:\n  winnow write support --eval 0.2 --max-per-domain 500 --format parquet\n  winnow write support --balance weights --folds 5\n  winnow write support --split-by time --group-users --format hugging-face --shard-bytes 256M";
    "write.dry_run": "Show the split in numbers; write nothing", "Показать разделение в числах; ничего не записывать";
    "*.eval": "Share of eval", "Доля eval";
    "*.min_eval": "Eval samples at least", "Примеров в eval не меньше";
    "*.min_per_domain": "Leave out domains with fewer samples", "Не брать классы, где примеров меньше";
    "*.balance": "Balance the domains: smallest (alone: this) cuts all to the smallest, weights adds a column of weights, oversample repeats samples of small domains in train",
        "Уравнять классы: smallest (и без значения) — урезать до наименьшего, weights — добавить столбец весов, oversample — повторить в train примеры малых классов";
    "*.split_by": "What decides which samples are held out; time: the latest ones", "Что решает, какие примеры уйдут в eval; time — самые поздние";
    "*.folds": "Write so many folds for cross-validation beside train and eval, 2 to 20", "Записать рядом столько блоков для перекрёстной проверки, от 2 до 20";
    "*.near_duplicates": "Keep texts this similar on one side (Jaccard similarity of character 5-grams); off: equal texts alone",
        "Держать по одну сторону настолько похожие тексты (мера Жаккара по пятёркам символов); off — только одинаковые";
    "*.group_users": "Keep all samples of a user on one side", "Держать все примеры пользователя по одну сторону";
    "*.group_time": "Keep all samples of such a span of time on one side", "Держать все примеры такого промежутка времени по одну сторону";
    "*.synthetics": "Where synthetics may stand; both: beside their parent", "Куда можно синтетику; both — туда же, где её исходный пример";
    "*.shard_rows": "Cut files into shards of so many rows at most", "Делить файлы на части не больше стольких строк";
    "*.shard_bytes": "Cut files into shards of such a size at most: 500K, 64M, 1G", "Делить файлы на части не больше такого размера: 500K, 64M, 1G";
    "*.formula_safe": "In CSV, put an apostrophe before what a spreadsheet would take for a formula", "В CSV ставить апостроф перед тем, что таблица приняла бы за формулу";
    "*.max_per_domain": "At most so many samples of each domain", "Примеров каждого класса не больше";
    "*.seed": "Seed of the split", "Зерно разделения";
    "*.format": "Format of the files", "Формат файлов";
    "*.without_predictions": "Leave out confident predictions that nobody decided on", "Не брать уверенные предсказания без решения человека";
    "*.without_unchecked": "Leave out labels of the source that no model has checked", "Не брать исходные метки, которые не проверила модель";

    "version": "Immutable versions of datasets", "Неизменные версии датасетов";
    "version.commit": "Commit a dataset (the latest unless told otherwise) or a folder as a version", "Сохранить датасет (последний, если не указан другой) или папку как версию";
    "*.message": "What this version is", "Что это за версия";
    "*.tag": "A name for it", "Имя версии (тег)";
    "*.author": "Who commits [default: the name in the settings]", "Кто создаёт [по умолчанию: имя из настроек]";
    "*.increment": "Which part of the number grows; auto: by what changed (removed, relabelled, other texts or domains: major; added or moved: minor; else patch)", "Какая часть номера растёт; auto — по изменениям (убрано, сменилась метка, текст или состав классов — старшая; добавлено или перешло — младшая; иначе — исправление)";
    "version.commit.dataset": "This dataset", "Этот датасет";
    "version.commit.folder": "A folder with train.jsonl and eval.jsonl: a checkout that was edited, or files from elsewhere", "Папка с train.jsonl и eval.jsonl: исправленная выгрузка или файлы со стороны";
    "version.commit.parent": "The version that it follows [default: the current one]", "Версия, за которой она идёт [по умолчанию: текущая]";
    "version.commit.status": "Stable only if its promises hold", "stable — только если обещания выполнены";
    "version.commit.dry_run": "Only say what would change", "Только показать, что изменится";
    "*.promise_per_domain": "Promise: samples of each domain at least", "Обещание: примеров в каждом классе не меньше";
    "*.promise_drift": "Promise: Jensen–Shannon distance of the labels from the parent's at most (0…1)", "Обещание: расстояние Йенсена–Шеннона меток от родителя не больше (0…1)";
    "*.promise_no_leakage": "Promise: no text in both train and eval", "Обещание: нет общих текстов в train и eval";
    "*.promise_no_near_duplicates": "Promise: no text of eval this similar to one of train (0…1; 0.8 is usual)", "Обещание: в eval нет текстов, настолько похожих на train (0…1; обычно 0.8)";
    "*.promise_agreement": "Promise: Krippendorff's alpha of the reviewers at least", "Обещание: альфа Криппендорфа проверяющих не меньше";
    "*.promise_reviewed_below": "Promise: below this confidence a person decided (0…1)", "Обещание: ниже этой уверенности решил человек (0…1)";
    "*.promise_nothing": "Promise nothing [default: what the parent promised]", "Ничего не обещать [по умолчанию: обещания родителя]";
    "version.list": "List the versions", "Показать версии";
    "version.log": "Show the history as a graph", "Показать историю графом";
    "version.show": "Show a version with its statistics", "Показать версию со статистикой";
    "version.show.version": "Number, tag, current, or the beginning of its id, at least 4 digits", "Номер, тег, current или начало идентификатора, хотя бы 4 знака";
    "version.tag": "Name a version, or take a name away", "Дать версии имя или снять его";
    "version.tag.version": "Number, tag or id", "Номер, тег или идентификатор";
    "version.tag.tag": "The name: production, baseline, …", "Имя: production, baseline, …";
    "version.tag.remove": "Take this name away", "Снять это имя";
    "version.tag.force": "Move the name when another version has it", "Перенести имя, если оно у другой версии";
    "version.status": "Show or set a version's status; stable only if its promises hold", "Показать или сменить статус версии; stable — только если обещания выполнены";
    "version.status.version": "Number, tag or id", "Номер, тег или идентификатор";
    "version.status.status": "The status", "Статус";
    "version.check": "Look whether a version's promises hold, or those given", "Проверить обещания версии или указанные здесь";
    "version.check.version": "Number, tag or id", "Номер, тег или идентификатор";
    "version.current": "Make a version the one that the next commit follows", "Сделать версию текущей: следующая пойдёт за ней";
    "version.current.version": "Number, tag or id", "Номер, тег или идентификатор";
    "version.checkout": "Write a version's files to an empty or new folder, verified", "Выгрузить файлы версии в пустую или новую папку с проверкой";
    "version.checkout.version": "Number, tag or id", "Номер, тег или идентификатор";
    "version.checkout.to": "The folder", "Папка";
    "version.checkout.format": "Format of the files; jsonl gives the very bytes that were committed", "Формат файлов; jsonl — те же байты, что были сохранены";
    "version.checkout.formula_safe": "Make formulas in CSV harmless", "Обезвредить формулы в CSV";
    "version.view": "Lay versions out as folders by number and tag, and current", "Разложить версии по папкам с номерами и тегами, и current";
    "version.view.versions": "Which [default: tagged ones and the current one]", "Какие [по умолчанию: с тегами и текущая]";
    "version.view.to": "The folder", "Папка";
    "version.diff": "Show what changed between two versions", "Показать, что изменилось между версиями";
    "version.diff.from": "The older version", "Старая версия";
    "version.diff.to": "The newer version", "Новая версия";
    "version.diff.kind": "Only changes of this kind; may be given several times", "Только такие изменения; можно указать несколько раз";
    "version.diff.domain": "Only with this domain before or after", "Только с этим классом до или после";
    "version.diff.text": "Only with these words", "Только с этими словами";
    "version.diff.limit": "Changed samples to show", "Сколько изменённых примеров показать";
    "version.diff.after": "Go on after this one", "Продолжить после этого";
    "version.diff.output": "Write all changed samples to a .csv or .jsonl file", "Записать все изменённые примеры в файл .csv или .jsonl";
    "version.blame": "Show the versions in which a sample appeared, changed or went, and who decided", "Показать, в каких версиях пример появился, изменился или ушёл, и кто решил";
    "version.blame.sample": "The sample's id or its whole text", "Идентификатор примера или весь его текст";
    "version.blame.version": "Only the history of this version", "Только история этой версии";
    "version.merge": "Merge two versions that come from one", "Слить две версии с общей историей";
    "version.merge!": "Samples that both sides changed to different ends are conflicts. --conflicts FILE writes them as CSV; fill in the column “take” (ours, theirs, base, label:ID) and pass the file to --resolve. A label is one of the schema or of either version. Files written with --formula-safe are understood as well as others.", "Примеры, которые обе стороны изменили по-разному, — конфликты. --conflicts ФАЙЛ запишет их в CSV; заполните столбец take (ours, theirs, base, label:ID) и передайте файл в --resolve. Метка — из схемы или из любой из двух версий. Файлы, записанные с --formula-safe, понятны так же, как остальные.";
    "version.merge.ours": "The version that is merged into", "Версия, в которую сливают";
    "version.merge.theirs": "The other version", "Другая версия";
    "version.merge.take": "How conflicts end that nobody resolved", "Чем кончаются нерешённые конфликты";
    "version.merge.resolve": "CSV with the resolved conflicts", "CSV с решёнными конфликтами";
    "version.merge.conflicts": "Write the conflicts to this CSV file", "Записать конфликты в этот файл CSV";
    "version.merge.dry_run": "Only say what would happen", "Только показать, что будет";
    "version.rollback": "Commit an old version anew, after the current one", "Сохранить старую версию заново, после текущей";
    "version.rollback.version": "The old version", "Старая версия";
    "version.verify": "Rehash everything that is stored", "Проверить хеши всего, что хранится";
    "version.repair": "Put damaged parts right from an exported file", "Исправить повреждённое из выгруженного файла";
    "version.repair.from": "The exported file", "Выгруженный файл";
    "version.gc": "Remove what no version, tag or archive needs", "Удалить то, что не нужно ни версиям, ни тегам, ни архивам";
    "version.gc.dry_run": "Only say what it would remove", "Только показать, что будет удалено";
    "version.archive": "Move versions to compressed archives: those named, or those that the rule says", "Перенести версии в сжатые архивы: указанные или по правилу";
    "version.archive.versions": "Which [default: the oldest beyond the rule's number, untagged and not stable]", "Какие [по умолчанию: самые старые сверх числа в правиле, без тегов и не stable]";
    "version.archive.dry_run": "Only say what it would move; the options of the rule are tried, not kept", "Только показать, что будет перенесено; параметры правила примеряются, но не сохраняются";
    "version.archive.keep": "Change the rule: so many versions stay out of archives", "Изменить правило: столько версий остаётся вне архивов";
    "version.archive.min_age_days": "Change the rule: younger versions stay in any case", "Изменить правило: более молодые версии остаются в любом случае";
    "version.archive.automatic": "Change the rule: whether each commit looks after it", "Изменить правило: выполнять ли его при каждом сохранении";
    "version.restore": "Bring an archived version back", "Вернуть версию из архива";
    "version.restore.version": "Its number", "Её номер";
    "version.export": "Write versions into one file, to be opened elsewhere", "Записать версии в один файл, чтобы открыть в другом месте";
    "version.export.versions": "Which [default: all that are not archived]", "Какие [по умолчанию: все, что не в архиве]";
    "version.export.to": "The file", "Файл";
    "version.import": "Take versions over from an exported file", "Загрузить версии из выгруженного файла";
    "version.import.from": "The file", "Файл";

    "jobs": "What runs and ran", "Что выполняется и выполнялось";
    "jobs.list": "List jobs, latest first", "Показать задачи, последние первыми";
    "jobs.cancel": "Stop a job, also one of another process", "Остановить задачу, в том числе другого процесса";
    "jobs.cancel.id": "The job's number", "Номер задачи";
    "jobs.resume": "Go on with a job that was stopped or cut off", "Продолжить остановленную или прерванную задачу";
    "jobs.resume.id": "The job's number", "Номер задачи";

    "items": "Look at items", "Просмотр элементов";
    "items.list": "List items", "Показать элементы";
    "items.list!": "Example:\n  winnow items support list --filter 'status:waiting confidence<0.3 refund'",
        "Пример:\n  winnow items support list --filter 'status:waiting confidence<0.3 refund'";
    "items.stats": "The items in numbers", "Элементы в числах";
    "items.show": "Show one item with its predictions and decisions", "Показать элемент с предсказаниями и решениями";
    "items.show.id": "The item's number", "Номер элемента";
    "*.folder": "The project's folder", "Папка проекта";
    "stats": "The items in numbers (the same as items DIR stats)", "Элементы в числах (то же, что items DIR stats)";

    "train": "Train a classifier on decisions and trusted labels", "Обучить классификатор на решениях и доверенных метках";
    "train!": "Labelling with it trains it, too, when there are new decisions.", "Разметка им тоже обучает его, если появились новые решения.";
    "train.name": "The classifier's name", "Имя классификатора";
    "calibrate": "Correct a labeller's confidence by what people decided", "Поправить уверенность разметчика по решениям людей";
    "calibrate!": "What it has not labelled yet of the decided items is labelled for it. The next run of the labeller applies the correction; what it said already is not asked again.",
        "Решённые элементы, которых он ещё не размечал, будут размечены для этого. Поправку применит следующая разметка; уже сказанное второй раз не спрашивается.";
    "*.name": "The labeller's name", "Имя разметчика";
    "calibrate.limit": "Label at most so many items for it", "Разметить для этого не больше стольких элементов";
    "*.trust_labels": "Take the label that an undecided item came with for the truth", "Считать истиной метку, с которой пришёл нерешённый элемент";
    "*.plot": "Write the plot to this SVG file", "Записать график в этот файл SVG";
    "thresholds": "What a threshold would mean: how much goes to review, how much of the rest is wrong", "Что значит порог: сколько уйдёт на проверку и сколько ошибок останется";
    "thresholds.max_error": "Find the lowest threshold with at most this share of wrong labels among the accepted", "Найти наименьший порог, при котором среди принятых не больше такой доли неверных";
    "compare": "Compare two labellers on the same items", "Сравнить два разметчика на одних и тех же элементах";
    "compare.run": "Label a sample with both and judge them", "Разметить выборку обоими и оценить";
    "compare.run!": "The items' predictions are not touched.\n\nExample:\n  winnow compare support run classifier qwen --limit 300 --known-only",
        "Предсказания элементов не меняются.\n\nПример:\n  winnow compare support run classifier qwen --limit 300 --known-only";
    "compare.run.first": "One labeller", "Один разметчик";
    "compare.run.second": "The other", "Другой";
    "compare.run.limit": "Items in the sample", "Элементов в выборке";
    "compare.run.known_only": "Only items whose domain is known", "Только элементы с известным классом";
    "compare.list": "List the comparisons, latest first", "Показать сравнения, последние первыми";
    "compare.show": "Show a comparison", "Показать сравнение";
    "compare.show.id": "The comparison's number", "Номер сравнения";
    "compare.disagreements": "List the items on which they disagree", "Показать элементы, в которых они расходятся";
    "compare.disagreements.id": "The comparison's number", "Номер сравнения";
    "compare.review": "Send the disagreements to review", "Отправить расхождения на проверку";
    "compare.review.id": "The comparison's number", "Номер сравнения";
    "prompt": "What language models are told", "Что говорится языковым моделям";
    "prompt.show": "Show the prompt and its settings", "Показать промпт и его настройки";
    "prompt.set": "Change the prompt; what isn't named stays", "Изменить промпт; неназванное останется";
    "prompt.set!": "Another prompt is another version: items are labelled anew with it.", "Другой промпт — другая версия: элементы размечаются заново.";
    "prompt.set.instruction": "File with the instruction; {labels} in it stands for the list of labels", "Файл с инструкцией; {labels} в нём заменяется списком меток";
    "prompt.set.nearest": "Show each text the decisions nearest to it as examples", "Показывать к каждому тексту ближайшие решения как примеры";
    "prompt.set.examples": "At most so many of them", "Не больше стольких";
    "prompt.set.characters": "At most so many characters of them", "Не больше стольких символов";
    "prompt.set.shortlist": "Choose so many domains by vectors first, and let the model decide among them", "Сначала выбрать столько классов по векторам, а модель решит среди них";
    "prompt.set.encoder": "Encoder that says what is near: its name or folder", "Кодировщик, который решает, что близко: имя или папка";
    "prompt.reset": "Back to the product's own prompt", "Вернуть собственный промпт продукта";
    "encoders": "The text encoders on this machine", "Кодировщики текста на этой машине";
    "models.add.classifier": "A classifier on the vectors of this encoder (name or folder), trained on decisions", "Классификатор по векторам этого кодировщика (имя или папка), обучается на решениях";
    "models.add.route": "A route: the first labeller, and the second where the first is unsure", "Маршрут: первый разметчик, а где он не уверен — второй";
    "models.add.ensemble": "An ensemble of these labellers", "Ансамбль из этих разметчиков";
    "models.add.trust_source": "Learn from the labels of this source, too (its number; can be repeated)", "Учиться и на метках этого источника (номер; можно повторять)";
    "models.add.trust_all": "Learn from the labels of every source", "Учиться на метках всех источников";
    "models.add.below": "Ask the second where the first is less sure than this", "Спрашивать второго, где уверенность первого ниже";
    "models.add.accuracy": "Ask the second as rarely as the first is still right this often in what it keeps, by the lower end of the interval on decided items [default: 0.95]", "Спрашивать второго как можно реже, лишь бы первый в оставшемся был прав с такой долей по нижней границе интервала на решённых элементах [по умолчанию 0.95]";
    "models.add.budget": "Ask the second about at most this share of the items", "Спрашивать второго не больше чем о такой доле элементов";
    "models.add.vote": "Let the members vote instead of averaging their probabilities", "Голосовать, а не усреднять вероятности";
    "review.import": "Take decisions from a table: a column with the text and one with the domain", "Взять решения из таблицы: столбец с текстом и столбец с классом";
    "review.import!": "Of rows with one text the last one counts. What the reviewer decided so already is left alone; what others decided so is decided by this reviewer, too, and counts for how far reviewers agree.", "Из строк с одним текстом учитывается последняя. То, что проверяющий уже решил так же, не меняется; то, что так решили другие, решает и он: это учитывается в согласии проверяющих.";
    "review.import.file": "The table, in any format that can be imported", "Таблица в любом формате импорта";
    "review.sample": "Send items drawn at random to review, to know how good the labels are", "Отправить на проверку случайные элементы, чтобы узнать качество разметки";
    "review.sample.count": "How many", "Сколько";
    "review.sample.seed": "Seed of the draw", "Зерно выбора";
    "items.similar": "Items most like one", "Элементы, больше всего похожие на данный";
    "items.similar.id": "The item's number", "Номер элемента";
    "items.similar.count": "How many", "Сколько";

    "run": "All in one go: init, schema, import, label, write, commit", "Всё сразу: init, schema, import, label, write, commit";
    "run!": "What the model is unsure of waits in the review queue. The same command again goes on where it was cut off and does not repeat what is done.\n\nThe model is one of the project's, one that the options describe, or a GGUF file of that name among the installed models.\n\nExample:\n  winnow run support tickets.csv --labels labels.json --model qwen --gguf qwen2.5-0.5b-instruct.gguf -m \"first labels\"",
        "То, в чём модель не уверена, ждёт в очереди проверки. Та же команда продолжает с места обрыва и не повторяет сделанное.\n\nМодель — из проекта, из параметров или файл GGUF с таким именем среди установленных.\n\nПример:\n  winnow run support tickets.csv --labels labels.json --model qwen --gguf qwen2.5-0.5b-instruct.gguf -m \"первая разметка\"";
    "run.files": "Files to import", "Файлы для импорта";
    "run.labels": "Label schema, JSON or CSV [default: taken from the labels]", "Схема разметки, JSON или CSV [по умолчанию: из меток]";
    "run.model": "The model's name", "Имя модели";
    "run.server_model": "The model's id on the server", "Идентификатор модели на сервере";
    "run.limit": "Label at most so many items", "Разметить не больше стольких элементов";
}

/// Headings and words of the help's frame.
pub mod frame {
    use crate::macros::texts;

    texts! {
        HelpUsage: "Usage", "Вызов";
        HelpCommands: "Commands", "Команды";
        HelpArguments: "Arguments", "Аргументы";
        HelpOptions: "Options", "Параметры";
        help_default(value: text): "[default: {value}]", "[по умолчанию: {value}]";
    }
}
