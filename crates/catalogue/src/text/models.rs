//! The screen of labellers: the list, language models, the test.

use crate::macros::texts;

texts! {
    ModelsTitle: "Labellers", "Разметчики";
    ModelsLead: "What gives texts their domains: language models, classifiers that learn from decisions, and combinations.",
        "Кто размечает тексты: языковые модели, классификаторы, которые учатся на решениях, и их сочетания.";
    ModelsEmpty: "No labellers yet", "Разметчиков пока нет";
    ModelsEmptyText: "Begin with a language model: a GGUF file runs inside Winnow with no network; a server speaks the OpenAI API. Once people have decided on some texts, a classifier can learn from them.",
        "Начните с языковой модели: файл GGUF работает внутри Winnow без сети, сервер — через API OpenAI. Когда по части текстов есть решения людей, на них может учиться классификатор.";
    ModelsAdd: "Add a labeller", "Добавить разметчика";
    ModelsReady: "Ready on this machine", "Уже есть на этом компьютере";
    model_add_ready(name: text): "Add {name}", "Добавить {name}";
    ModelFileGone: "file missing", "файла нет";
    ModelFileGoneTitle: "The model's file is no longer there", "Файла модели больше нет на месте";
    ModelFileGoneText: "Put it back, or remove this model and add it from where it is now. Its predictions stay.",
        "Верните его или удалите модель и добавьте с нового места. Её предсказания останутся.";
    ModelKind: "Kind", "Вид";
    ModelKindFile: "language model, a GGUF file that runs inside Winnow", "языковая модель, файл GGUF внутри Winnow";
    ModelKindServer: "language model on an OpenAI-compatible server", "языковая модель на сервере с API OpenAI";
    ModelFile: "File", "Файл";
    ModelFileHint: "Architectures llama, qwen2, qwen3, gemma3 and phi3; any common quantisation.",
        "Архитектуры llama, qwen2, qwen3, gemma3 и phi3; любая обычная квантизация.";
    ModelFileFilter: "GGUF models", "Модели GGUF";
    ModelAddress: "Address", "Адрес";
    ModelAddressHint: "With or without /v1.", "С /v1 или без.";
    ModelId: "Model on the server", "Модель на сервере";
    ModelIdHint: "Load the server's list, or type the id.", "Загрузите список с сервера или введите имя.";
    ModelLoadList: "Load list", "Загрузить список";
    model_list_loaded(count: models): "The server offers {count}.", "На сервере {count}.";
    ModelListEmpty: "The server answers, but offers no model.", "Сервер отвечает, но моделей на нём нет.";
    ModelKey: "Key", "Ключ";
    ModelKeyNone: "not needed", "не нужен";
    ModelKeyKeyring: "in the system's keyring", "в хранилище ключей системы";
    ModelKeyVariable: "environment variable", "переменная окружения";
    ModelKeyField: "API key", "Ключ API";
    ModelKeyHint: "Goes into the system's keyring; never into the project, never into a log.",
        "Попадёт в хранилище ключей системы; не в проект и не в журнал.";
    ModelKeyVariableField: "Name of the variable", "Имя переменной";
    ModelName: "Name in the project", "Имя в проекте";
    ModelAdvanced: "Advanced: speed, retries, cache", "Дополнительно: скорость, повторы, кэш";
    ModelConcurrency: "Calls at the same time", "Одновременных вызовов";
    ModelInterval: "Pause between calls, ms", "Пауза между вызовами, мс";
    ModelIntervalAuto: "automatic", "авто";
    ModelIntervalHint: "Empty: 400, but 0 for a server on this machine.", "Пусто: 400, но 0 для сервера на этом компьютере.";
    ModelRetries: "Further tries", "Повторных попыток";
    ModelTimeout: "Longest wait, s", "Ждать не дольше, с";
    ModelCache: "Keep answers for, h", "Хранить ответы, ч";
    ModelCacheHint: "0: no cache.", "0: без кэша.";
    ModelSettings: "Calls", "Вызовы";
    model_calls(concurrency: plain, pause: text, retries: plain, timeout: duration, cache: plain):
        "{concurrency} at a time, pause {pause} ms, {retries} retries, timeout {timeout}, cache {cache} h",
        "одновременно {concurrency}, пауза {pause} мс, повторов {retries}, ожидание {timeout}, кэш {cache} ч";
    ModelSummary: "In short", "Коротко";
    ModelAdded: "Added", "Добавлен";
    ModelRemoveHint: "Files stay where they are, and so do the predictions.", "Файлы останутся на месте, предсказания тоже.";
    model_taken_out(name: text): "“{name}” was removed from the project", "Разметчик «{name}» убран из проекта";
    finding_weights(size: size, free: size): "weights in full precision: {size}, {free} of memory free",
        "веса в полной точности: {size}, свободно {free} памяти";
    finding_weights_stored(size: size, free: size): "weights as in the file: {size}, {free} of memory free",
        "веса как в файле: {size}, свободно {free} памяти";
    finding_graphics(name: text): "on the graphics processor {name}", "на видеокарте {name}";
    finding_no_graphics(detail: text):
        "no graphics processor answers ({detail}): this processor computes",
        "видеокарта не отвечает ({detail}): считает процессор";
    finding_graphics_too_small(name: text, needed: size, free: size):
        "too large for the graphics processor {name} (needs {needed}, {free} free): this processor computes",
        "не помещается на видеокарту {name} (нужно {needed}, свободно {free}): считает процессор";
    finding_context(tokens: number): "context {tokens} tokens", "контекст {tokens} токенов";
    finding_examples(count: texts): "learned from {count}", "обучен на {count}";
    finding_cross_validated(share: percent): "right in {share} of texts that it did not see", "верных ответов на незнакомых текстах: {share}";
    finding_route_below(share: percent): "the strong one is asked below {share}", "сильный отвечает при уверенности ниже {share}";
    FindingRouteUnproved: "the strong one is asked about everything: the decided items don't prove the accuracy of the cheap one",
        "сильный отвечает на всё: решённые элементы не доказывают точность дешёвого";
    finding_route_keeps(share: percent, low: percent, high: percent, of: number):
        "what the cheap one keeps is right in {share} ({low}–{high}) of {of} decided items",
        "из {of} решённых элементов в оставленном дешёвым верно {share} ({low}–{high})";
    finding_member(name: text, share: percent): "{name}: weight {share}", "{name}: вес {share}";
    FindingGrammar: "answers held to the labels by a grammar", "ответы ограничены метками через грамматику";
    FindingJsonSchema: "answers held to a JSON schema", "ответы ограничены схемой JSON";
    FindingGuidedChoice: "answers held to a list of choices", "ответы ограничены списком вариантов";
    FindingLogprobs: "with log-probabilities", "с логарифмами вероятностей";
    FindingNoLogprobs: "no log-probabilities: confidence is the model's own word",
        "нет логарифмов вероятностей: уверенность — со слов модели";
    FindingPlainJson: "answers are held to nothing, but checked", "ответы ничем не ограничены, но проверяются";
    finding_models(count: models): "{count} on the server", "на сервере {count}";
    finding_embeddings(dimensions: number): "makes embeddings of {dimensions} numbers", "умеет эмбеддинги, чисел в каждом: {dimensions}";
    FindingNoEmbeddings: "makes no embeddings", "не умеет эмбеддинги";
    ModelTestTitle: "Try it", "Проба";
    ModelTest: "Test", "Проверить";
    ModelTestTexts: "Texts, one a line", "Тексты, по одному в строке";
    ModelTestHint: "Empty: three items of the project.", "Пусто: три элемента проекта.";
    ModelTestNoItems: "The project has no items yet: enter a text to try.", "В проекте ещё нет элементов: введите текст для пробы.";
    ModelTestNoSchema: "A labeller chooses among the domains of the schema, and there are none yet.",
        "Разметчик выбирает среди классов схемы, а их пока нет.";
    ModelGoSchema: "Define the schema", "Задать схему";
    model_testing(seconds: duration): "Making the labeller ready and labelling… {seconds}", "Подготовка разметчика и разметка… {seconds}";
    model_ready_after(seconds: duration): "Ready after {seconds}.", "Готов через {seconds}.";
    milliseconds(millis: plain): "{millis} ms", "{millis} мс";
    ModelPrompt: "Prompt as the model gets it", "Промпт, каким его видит модель";
}
