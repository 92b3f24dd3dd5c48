//! The screen of datasets and versions.

use crate::macros::texts;

texts! {
    DatasetsTitle: "Datasets", "Датасеты";
    DatasetsLead: "Write train and eval from the labels that can be trusted, then commit what was written as a version that never changes.",
        "Запишите train и eval из меток, которым можно доверять, и зафиксируйте записанное как неизменную версию.";
    DatasetsEmpty: "No datasets yet", "Датасетов пока нет";
    DatasetsEmptyText: "Choose how train and eval are split, look at the counts, and write the first dataset.",
        "Выберите, как делить на train и eval, посмотрите на числа и запишите первый датасет.";
    VersionsEmpty: "No versions yet", "Версий пока нет";
    VersionsEmptyText: "Write a dataset and commit it with a message: a version keeps exactly what went in, and can be checked out at any time.",
        "Запишите датасет и зафиксируйте его с сообщением: версия хранит ровно то, что в неё вошло, и её можно выгрузить в любое время.";
    DatasetsTabSplit: "Write", "Запись";
    DatasetsTabWritten: "Written", "Записанные";
    DatasetsTabVersions: "Versions", "Версии";
    DatasetsNoItems: "There is nothing to write yet", "Записывать пока нечего";
    DatasetsNoItemsText: "A dataset is made of labelled items. Add a file first.", "Датасет собирается из размеченных элементов. Сначала добавьте файл.";
    DatasetsGoSources: "Add a file", "Добавить файл";
    DatasetsGoLabel: "Label items", "Разметить";
    DatasetsGoReview: "Review", "К проверке";
    SplitSettingsTitle: "Split", "Разделение";
    SplitEval: "Share of eval", "Доля eval";
    SplitMinEval: "Eval at least", "В eval не меньше";
    SplitMinPerDomain: "Of each domain at least", "Каждого класса не меньше";
    SplitMinPerDomainHint: "A domain with fewer samples is left out.", "Класс, где примеров меньше, не войдёт.";
    SplitMaxPerDomain: "Of each domain at most", "Каждого класса не больше";
    SplitNoCap: "no limit", "без предела";
    SplitSeed: "Seed", "Зерно";
    SplitSeedHint: "The same seed gives the same split.", "То же зерно — то же разделение.";
    SplitBalance: "Balance the domains", "Выровнять классы";
    SplitBalanceHint: "Every domain is cut to the size of the smallest.", "Каждый класс урезается до наименьшего.";
    SplitConfident: "Take confident predictions", "Брать уверенные предсказания";
    SplitConfidentHint: "Of items that nobody has decided on.", "Для элементов, по которым нет решения.";
    SplitUnchecked: "Take labels that no model has checked", "Брать метки, не проверенные моделью";
    SplitFormat: "Format", "Формат";
    SplitReset: "Back to the defaults", "Вернуть значения по умолчанию";
    DatasetWrite: "Write dataset", "Записать датасет";
    SplitTrain: "train", "train";
    SplitEvalPart: "eval", "eval";
    SplitLeftOut: "left out", "не вошло";
    SplitWhole: "Samples", "Примеры";
    SplitFrom: "Where the labels come from", "Откуда метки";
    SplitDecided: "decided by people", "решения людей";
    SplitConfidentPart: "confident predictions", "уверенные предсказания";
    SplitUncheckedPart: "unchecked labels of the data", "непроверенные метки данных";
    split_waiting(items: items): "{items} wait for review and are therefore not in.", "{items} ждут проверки и поэтому не вошли.";
    SplitNotes: "What to know", "Что важно знать";
    split_domains_left_out(domains: domains, needed: number): "{domains} left out: fewer than {needed} samples.", "Не вошло: {domains}, в каждом меньше {needed} примеров.";
    SplitByDomain: "By domain", "По классам";
    SplitNothing: "With these settings nothing would be written.", "С такими настройками записывать нечего.";
    SplitColumnDomain: "Domain", "Класс";
    dataset_ready(id: text): "Dataset {id} is written", "Датасет {id} записан";
    DatasetCommitOpen: "Commit as a version…", "Зафиксировать как версию…";
    dataset_name(id: text): "Dataset {id}", "Датасет {id}";
    dataset_counts(train: number, eval: number, domains: domains): "train {train}, eval {eval}, {domains}", "train {train}, eval {eval}, {domains}";
    DatasetFolder: "Folder", "Папка";
    DatasetWritten: "Written", "Записан";
    DatasetHash: "Hash of the inputs", "Хеш входа";
    DatasetSettings: "Settings", "Настройки";
    dataset_settings(eval: percent, min_eval: number, min_domain: number, seed: plain):
        "eval {eval} (at least {min_eval}), of each domain at least {min_domain}, seed {seed}",
        "eval {eval} (не меньше {min_eval}), каждого класса не меньше {min_domain}, зерно {seed}";
    DatasetUncommitted: "not committed", "не зафиксирован";
    CommitTitle: "Commit as a version", "Зафиксировать как версию";
    CommitMessage: "Message", "Сообщение";
    CommitMessagePlaceholder: "What is new in it?", "Что в ней нового?";
    CommitAuthor: "Author", "Автор";
    CommitTag: "Tag", "Тег";
    CommitTagPlaceholder: "optional", "необязательно";
    CommitIncrement: "Number grows by", "Номер растёт";
    CommitIncrementHint: "By what changed: the domains → major, samples added or removed → minor, else patch.",
        "По изменениям: классы → старшая, состав примеров → младшая, иначе исправление.";
    CommitStart: "Commit", "Зафиксировать";
    commit_already(version: text): "Committed as {version}", "Зафиксирован как {version}";
    VersionShow: "Show the version", "Показать версию";
    VersionFirst: "first version", "первая версия";
    version_changed(added: number, removed: number, relabelled: number): "+{added} −{removed} ~{relabelled}", "+{added} −{removed} ~{relabelled}";
    VersionAdded: "added", "добавлено";
    VersionRemoved: "removed", "убрано";
    VersionRelabelled: "relabelled", "сменили метку";
    VersionDomains: "Domains", "Классы";
    VersionMeanLength: "Mean length", "Средняя длина";
    version_mean_length(length: text): "{length} characters", "{length} символов";
    VersionStored: "Stored by this commit", "Записано этой фиксацией";
    VersionParent: "After", "После";
    VersionSources: "Sources", "Источники";
    CheckoutTitle: "Check out", "Выгрузить";
    CheckoutFolder: "Folder", "Папка";
    CheckoutFolderHint: "Empty or not there yet: train.jsonl, eval.jsonl and metadata.json go into it, verified by their hashes.",
        "Пустая или ещё не созданная: в неё лягут train.jsonl, eval.jsonl и metadata.json, сверенные по хешам.";
    CheckoutStart: "Check out", "Выгрузить";
    checkout_done(version: text): "Version {version} is checked out and verified", "Версия {version} выгружена и сверена";
}
