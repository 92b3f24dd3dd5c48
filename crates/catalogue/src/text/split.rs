//! The split designer: what a dataset is written with.

use crate::macros::texts;

texts! {
    SplitEval: "Share of eval", "Доля eval";
    SplitMinEval: "Eval at least", "В eval не меньше";
    SplitMinPerDomain: "Of each domain at least", "Каждого класса не меньше";
    SplitMinPerDomainHint: "A domain with fewer samples is left out.", "Класс, где примеров меньше, не войдёт.";
    SplitMaxPerDomain: "Of each domain at most", "Каждого класса не больше";
    SplitNoCap: "no limit", "без предела";
    SplitBalance: "Balance of the domains", "Баланс классов";
    SplitBalanceSmallestHint: "Every domain is cut to the size of the smallest that is kept.", "Каждый класс урезается до наименьшего из вошедших.";
    SplitBalanceWeightsHint: "Each sample gets a column “weight”; small domains weigh more, 1 on average.",
        "У каждого примера появится столбец «weight»: малые классы весят больше, в среднем 1.";
    SplitBalanceOversampleHint: "Samples of small domains are repeated in train up to the size of the largest; eval stays as it is.",
        "Примеры малых классов повторяются в train до размера наибольшего; eval не меняется.";
    SplitBy: "Eval is chosen by", "Eval выбирается";
    SplitByTimeHint: "The latest samples are eval; samples without a time are train.", "В eval — самые поздние; примеры без времени — в train.";
    SplitFormat: "Format", "Формат";

    SplitWhatGoesIn: "What goes in", "Что войдёт";
    SplitConfident: "Confident predictions", "Уверенные предсказания";
    SplitConfidentHint: "Of items that nobody has decided on.", "Для элементов, по которым нет решения.";
    SplitUnchecked: "Labels that no model has checked", "Метки, не проверенные моделью";
    SplitSynthetics: "Synthetics", "Синтетика";

    SplitTogether: "What stays together", "Что держать вместе";
    SplitTogetherHint: "A group stands either in train or in eval, so that eval tests on what is new.",
        "Группа целиком в train или в eval: так eval проверяет на новом.";
    SplitNear: "Near-duplicates", "Почти-дубликаты";
    SplitNearHint: "Similarity from which texts count as the same, 0.5 to 1.", "Сходство, с которого тексты считаются одинаковыми, от 0,5 до 1.";
    SplitNearThreshold: "Similarity", "Сходство";
    SplitUsers: "Everything of one user", "Всё от одного пользователя";
    SplitTimeGroup: "Everything of a span of time", "Всё за отрезок времени";
    SplitTimeGroupNone: "not", "нет";

    SplitFolds: "Folds and files", "Фолды и файлы";
    SplitFoldCount: "Folds", "Фолды";
    SplitFoldHint: "2 to 20 pairs of train and eval for cross-validation, beside the split itself.",
        "От 2 до 20 пар train и eval для кросс-валидации, помимо самого разделения.";
    SplitNoFolds: "none", "нет";
    SplitShardRows: "Rows a file", "Строк в файле";
    SplitShardMegabytes: "MB a file", "МБ в файле";
    SplitOneFile: "one file", "один файл";
    SplitFormulaSafe: "Safe in spreadsheets", "Безопасно для таблиц";
    SplitFormulaSafeHint: "In CSV, cells that a spreadsheet would run as a formula begin with an apostrophe.",
        "В CSV ячейки, которые таблица приняла бы за формулу, начинаются с апострофа.";

    SplitRepeat: "Repeatability", "Повторяемость";
    SplitSeed: "Seed", "Зерно";
    SplitSeedHint: "The same items, settings and seed give the same bytes.", "Те же элементы, настройки и зерно дают те же байты.";
    SplitReset: "Back to the defaults", "Вернуть значения по умолчанию";

    split_told_near(similarity: text): "near-duplicates from {similarity}", "почти-дубликаты от {similarity}";
    SplitToldEqual: "equal texts", "равные тексты";
    SplitToldUsers: "users", "пользователи";
    split_told_folds(folds: number): "{folds} folds", "фолдов: {folds}";
    split_told_shard_rows(rows: rows): "{rows} a file", "{rows} в файле";
    split_told_shard_bytes(bytes: size): "{bytes} a file", "{bytes} в файле";
    split_told_seed(seed: plain): "seed {seed}", "зерно {seed}";
    SplitToldDecided: "decisions", "решения";
    SplitToldConfident: "predictions", "предсказания";
    SplitToldUnchecked: "unchecked labels", "непроверенные метки";

    SplitGroups: "Kept together", "Держатся вместе";
    split_groups(groups: number, samples: samples): "{groups} groups, {samples}", "групп: {groups}, {samples}";
    SplitRepeated: "Repeated rows in train", "Повторов в train";
    SplitFoldsTitle: "Folds", "Фолды";
    split_fold(number: plain): "fold {number}", "фолд {number}";
}
