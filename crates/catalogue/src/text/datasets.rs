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
    DatasetsTabVersions: "History", "История";
    DatasetsTabCompare: "Compare", "Сравнение";
    DatasetsTabMerge: "Merge", "Слияние";
    DatasetsTabKeeping: "Store", "Хранилище";
    SplitSettingsTitle: "Split", "Разделение";
    DatasetsNoItems: "There is nothing to write yet", "Записывать пока нечего";
    DatasetsNoItemsText: "A dataset is made of labelled items. Add a file first.", "Датасет собирается из размеченных элементов. Сначала добавьте файл.";
    DatasetsGoSources: "Add a file", "Добавить файл";
    DatasetsGoLabel: "Label items", "Разметить";
    DatasetsGoReview: "Review", "К проверке";
    DatasetWrite: "Write dataset", "Записать";
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
    SplitNearPending: "Looking for near-duplicates; groups may still change", "Ищем почти-дубликаты; группы ещё могут измениться";
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
}
