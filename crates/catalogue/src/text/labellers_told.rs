//! What the command line tells of labellers: training, calibration, thresholds, comparisons, the prompt.

use crate::macros::texts;

texts! {
    TrainingUnchanged: "Nothing new to learn since the last training.", "С прошлого обучения учиться больше не на чем.";
    training_done(model: text, examples: texts, decisions: number, time: duration):
        "{model} learned from {examples}, {decisions} of them decided by people, in {time}.",
        "{model}: обучение на {examples}, из них решено людьми {decisions}, за {time}.";
    training_missing(domains: text): "Domains without examples, never predicted: {domains}.",
        "Классы без примеров, не предсказываются: {domains}.";
    FactCrossValidated: "right on texts it did not see", "верно на текстах, которых не видел";
    FactEce: "calibration error (ECE)", "ошибка калибровки (ECE)";
    FactBrier: "Brier score", "оценка Брайера";
    FactRegularisation: "regularisation C", "регуляризация C";
    FactMethod: "method", "способ";
    FactAccuracy: "right", "верно";
    CalibrationNone: "none betters it", "ничто не улучшает";
    calibration_temperature(value: text): "temperature {value}", "температура {value}";
    calibration_isotonic(steps: number): "isotonic, {steps} steps", "изотоническая, ступеней {steps}";
    calibration_done(model: text, examples: items): "{model} is calibrated on {examples} with a known domain.",
        "{model}: калибровка на известных классах, {examples}.";
    thresholds_of(model: text, items: items, known: number): "{model}: {items} labelled, the domain of {known} is known.",
        "{model}: размечено {items}, класс известен у {known}.";
    ThresholdsUnknown: "How many of the accepted would be wrong can't be told: no item that it answered and that could be accepted has a known domain. Label with it and decide on some of these items, or take the labels of the data for the truth with --trust-labels.",
        "Сколько будет ошибок среди принятых, сказать нельзя: среди элементов с его ответом, которые могли бы быть приняты, нет ни одного с известным классом. Разметьте им элементы и решите часть из них или считайте истиной метки данных: --trust-labels.";
    ThresholdNone: "none, by what is decided so far", "нет такого, судя по решённому до сих пор";
    ThresholdSuggested: "Lowest threshold that keeps to it", "Наименьший подходящий порог";
    ThresholdCautious: "Lowest that keeps to it with 97.5 % certainty", "Наименьший с уверенностью 97,5 %";
    threshold_means(threshold: text, review: text, error: text): "{threshold}: {review} go to review, {error} of the accepted are wrong",
        "{threshold}: на проверку уйдёт {review}, среди принятых неверно {error}";
    HeadThreshold: "threshold", "порог";
    HeadExpectedError: "wrong among accepted", "неверно среди принятых";
    HeadTime: "time", "время";
    HeadTokens: "tokens", "токенов";
    HeadTruth: "true", "на самом деле";
    HeadFirst: "first", "первый";
    HeadSecond: "second", "второй";
    HeadWhen: "when", "когда";
    HeadPick: "pick", "выбор";
    FactAgreement: "say the same", "говорят одно и то же";
    FactBothRight: "both right", "оба верно";
    FactOnlyFirst: "only the first right", "верно только первый";
    FactOnlySecond: "only the second right", "верно только второй";
    FactBothWrong: "both wrong", "оба неверно";
    FactVersion: "version", "версия";
    FactNearestExamples: "nearest decisions shown", "показывать ближайших решений";
    FactShortlist: "shortlist of domains", "короткий список классов";
    FactEncoder: "encoder", "кодировщик";
    EncodersEmpty: "No encoder in the folders of models.", "В папках моделей нет кодировщиков.";
    comparison_of(items: items, known: number, decided: number):
        "{items} compared; the domain of {known} is known, {decided} decided by people.",
        "Сравнено: {items}; класс известен у {known}, из них решено людьми {decided}.";
    ComparisonNoTruth: "The domain of none of these items is known, so nobody can say which labeller is right.",
        "Ни у одного из этих элементов класс не известен, поэтому нельзя сказать, кто прав.";
    comparison_better(better: text, p: text): "{better} is better, and that is no chance (McNemar, p {p}).",
        "{better} лучше, и это не случайность (Мак-Немар, p {p}).";
    comparison_equal(p: text, pick: text): "No difference is shown (McNemar, p {p}); {pick} is faster.",
        "Разница не доказана (Мак-Немар, p {p}); {pick} быстрее.";
    comparison_equal_likelier(p: text, pick: text): "No difference is shown (McNemar, p {p}); {pick} was right more often, and which is faster isn't known.",
        "Разница не доказана (Мак-Немар, p {p}); {pick} чаще прав, а кто быстрее, неизвестно.";
    comparison_equal_unpriced(p: text): "No difference is shown (McNemar, p {p}); which is faster isn't known.",
        "Разница не доказана (Мак-Немар, p {p}); кто быстрее, неизвестно.";
    comparison_cached(model: text, cached: number, answered: number):
        "{model}: {cached} of {answered} answers were there already (from the cache, or by vectors made before): their time and tokens aren't known.",
        "{model}: готовых ответов {cached} из {answered} (из кеша или по готовым векторам): их время и токены неизвестны.";
    comparison_confusions(model: text): "{model} most often takes", "Чаще всего {model} путает";
    ComparisonsEmpty: "No comparisons yet.", "Сравнений пока нет.";
    DisagreementsEmpty: "They agree everywhere.", "Расхождений нет.";
    sent_to_review(items: items): "{items} sent to review.", "На проверку отправлено: {items}.";
    decisions_imported(rows: rows, decided: decisions, unchanged: number): "{rows} read: {decided}, {unchanged} known already.",
        "Прочитано: {rows}; {decided}, уже известно {unchanged}.";
    decisions_overruled(rows: number): "Rows that a later row with the same text overrules: {rows}.",
        "Строк, которые отменяет более поздняя строка с тем же текстом: {rows}.";
    decisions_without_item(rows: number): "Rows whose text no item has: {rows}.", "Строк, текста которых нет среди элементов: {rows}.";
    decisions_without_domain(rows: number): "Rows whose label is no domain of the schema: {rows}.", "Строк с меткой не из схемы: {rows}.";
    decisions_without_label(rows: number): "Rows without a label: {rows}.", "Строк без метки: {rows}.";
    SimilarEmpty: "No similar items: vectors are made when a classifier labels or is trained.",
        "Похожих нет: векторы появляются при обучении классификатора и разметке им.";
    label_no_domain(items: items): "{items} seem to belong to no domain and wait for a person.", "{items}: похоже, ни к одному классу, ждут решения человека.";
    label_by_strong(items: items): "{items} answered by the strong labeller.", "{items}: ответил сильный разметчик.";
}
