//! Comparing two labellers.

use crate::macros::texts;

texts! {
    CompareNew: "New comparison", "Новое сравнение";
    CompareTwoNeeded: "A comparison needs two labellers", "Для сравнения нужны два разметчика";
    CompareTwoNeededText: "Add a second one: another model, or a classifier that learns from decisions.",
        "Добавьте второго: другую модель или классификатор, который учится на решениях.";
    CompareAdd: "Add a labeller", "Добавить разметчика";
    CompareFirst: "First", "Первый";
    CompareSecond: "Second", "Второй";
    CompareSame: "Choose two different labellers.", "Выберите двух разных разметчиков.";
    CompareSize: "Sample", "Выборка";
    CompareSizeHint: "Drawn at random; both label the same items.", "Берётся случайно; оба размечают одно и то же.";
    CompareKnown: "Only items whose truth is known", "Только элементы с известной истиной";
    CompareKnownHint: "Otherwise the rest shows only how far the two agree.", "По остальным видно только, насколько двое согласны.";
    CompareStart: "Compare", "Сравнить";
    CompareNote: "The answers are kept apart: items, labels and the review queue stay as they are.",
        "Ответы хранятся отдельно: элементы, метки и очередь проверки не меняются.";
    CompareNone: "No comparison yet.", "Сравнений ещё не было.";
    compare_pair(first: text, second: text): "{first} and {second}", "{first} и {second}";
    compare_line(items: items, known: number): "{items}, truth known for {known}", "{items}, истина известна для {known}";
    compare_better(name: text): "“{name}” is better", "«{name}» лучше";
    CompareNoDifference: "No difference shown", "Разница не показана";
    CompareNoTruth: "Truth unknown", "Истина неизвестна";
    compare_real(p: text): "The difference is real ({p}).", "Разница настоящая ({p}).";
    compare_chance(p: text): "It may be chance ({p}). A larger sample or more decisions may tell.", "Это может быть случайностью ({p}). Поможет выборка больше или новые решения.";
    CompareNoTruthText: "No item of the sample has a known truth, so it can't be said who is right. Send what they disagree about to review.",
        "Ни у одного элемента выборки нет известной истины, поэтому нельзя сказать, кто прав. Отправьте расхождения на проверку.";
    CompareTest: "McNemar's exact test, two-sided: the probability of such a difference by chance", "Точный двусторонний тест Макнемара: вероятность такой разницы по случайности";
    compare_pick(name: text): "Go on with “{name}”.", "Продолжать стоит с «{name}».";
    compare_pick_likelier(name: text): "“{name}” was right more often here, which may be chance; which is faster isn't known.",
        "«{name}» здесь чаще прав, но это может быть случайность; кто быстрее, неизвестно.";
    compare_pick_faster(name: text): "Go on with “{name}”: it is faster.", "Продолжать стоит с «{name}»: он быстрее.";
    ComparePickUnpriced: "Which is faster isn't known: some answers were there already.",
        "Кто быстрее, неизвестно: часть ответов уже была готова.";
    CompareRunWith: "Label with it", "Разметить им";
    CompareToReview: "Disagreements to review", "Расхождения на проверку";
    compare_sent(items: items): "{items} sent to review", "Отправлено на проверку: {items}";
    CompareSentNone: "Nothing was sent: all of them wait or have a decision", "Отправлять нечего: все уже ждут проверки или решены";
    CompareTabResult: "Result", "Итог";
    CompareTabConfusion: "Confusions", "Путаница";
    CompareTabDisagreements: "Disagreements", "Расхождения";
    CompareAccuracy: "Right", "Верно";
    CompareAccuracyHint: "On items with a known truth, with the 95% interval", "На элементах с известной истиной, с интервалом 95 %";
    CompareF1: "Macro F1", "Макро-F1";
    CompareF1Hint: "Mean of the domains' F1: rare domains count as much as frequent ones", "Среднее F1 по классам: редкие весят столько же, сколько частые";
    CompareEce: "Calibration error", "Ошибка калибровки";
    CompareConfidence: "Mean confidence", "Средняя уверенность";
    ComparePace: "Time for an item", "Время на элемент";
    CompareTokens: "Tokens for an item", "Токенов на элемент";
    CompareCached: "Answers there already", "Готовых ответов";
    CompareCachedHint: "From the cache, or by vectors made before: their time and tokens aren't known", "Из кеша или по готовым векторам: их время и токены неизвестны";
    compare_cached(cached: number, answered: number): "{cached} of {answered}", "{cached} из {answered}";
    CompareAnswered: "Answered", "Ответов";
    CompareFailed: "Could not answer", "Не смог ответить";
    CompareHistogram: "Confidence", "Уверенность";
    compare_tokens(read: text, written: text): "{read} read, {written} written", "{read} прочитано, {written} написано";
    milliseconds_fine(millis: text): "{millis} ms", "{millis} мс";
    seconds_fine(seconds: text): "{seconds} s", "{seconds} с";
    CompareUnknown: "not known", "неизвестно";
    CompareCounts: "Who is right", "Кто прав";
    CompareBothRight: "both right", "оба правы";
    compare_only(name: text): "only {name}", "только {name}";
    CompareBothWrong: "both wrong", "оба ошиблись";
    compare_agreement(share: percent, interval: text, kappa: text): "They agree on {share} ({interval}); Cohen's kappa {kappa}.",
        "Согласны в {share} случаев ({interval}); каппа Коэна {kappa}.";
    compare_agreement_only(share: percent, interval: text): "They agree on {share} ({interval}).", "Согласны в {share} случаев ({interval}).";
    CompareConfusionLead: "Rows: the truth; columns: the answer. Only the domains that are confused most.",
        "Строки — истина, столбцы — ответ. Только классы, которые путают чаще всего.";
    CompareConfusionTop: "Most frequent confusions", "Чаще всего путает";
    CompareConfusionNone: "Nothing was confused on items with a known truth.", "На элементах с известной истиной путаницы нет.";
    CompareTruth: "Truth", "Истина";
    CompareAnswer: "Answer", "Ответ";
    CompareTimes: "Times", "Раз";
    CompareOthers: "others", "прочие";
    compare_cell(truth: text, predicted: text, times: plain): "{truth} → {predicted}: {times}", "{truth} → {predicted}: {times}";
    CompareColumnItem: "Item", "Элемент";
    CompareColumnText: "Text", "Текст";
    CompareNoDisagreements: "They agree on every item", "Они согласны во всём";
    CompareNoDisagreementsText: "There is nothing to decide between them in this sample.", "В этой выборке между ними нечего решать.";
    CompareOpenHint: "A double click or Enter opens the item in review.", "Двойной щелчок или Enter открывает элемент на проверке.";
    CompareRunning: "The comparison runs; its result appears here.", "Сравнение идёт; итог появится здесь.";
}
