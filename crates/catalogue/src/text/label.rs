//! The screen of labelling.

use crate::macros::texts;

texts! {
    LabelTitle: "Labelling", "Разметка";
    LabelLead: "A labeller labels items. What it is unsure of, and where it disagrees with an existing label, goes to review.",
        "Разметчик размечает элементы. Где он не уверен или не согласен с меткой в данных — решает человек.";
    LabelNeeds: "Before items can be labelled", "Что нужно для разметки";
    LabelNeedsText: "A labeller chooses one of the schema's domains for each text. Three things make that possible.",
        "Для каждого текста разметчик выбирает один из классов схемы. Для этого нужны три вещи.";
    LabelNeedItems: "Texts: add a file", "Тексты: добавьте файл";
    LabelNeedSchema: "Domains: define the schema", "Классы: задайте схему";
    LabelNeedModel: "A labeller: a language model, to begin with", "Разметчик: для начала языковая модель";
    LabelRun: "New run", "Запуск";
    LabelModel: "Labeller", "Разметчик";
    LabelFilter: "Which items", "Какие элементы";
    LabelFilterPlaceholder: "all items", "все элементы";
    LabelFilterHint: "Words of the text, or status:new, source:1, label:refund, confidence<0.5, agrees:no.",
        "Слова текста или status:new, source:1, label:refund, confidence<0.5, agrees:no.";
    LabelLimit: "At most", "Не больше";
    LabelLimitNone: "no limit", "без предела";
    LabelRandom: "Draw at random", "Выбрать случайно";
    LabelRandomHint: "Otherwise the first ones are taken.", "Иначе берутся первые.";
    LabelSeed: "Seed", "Зерно";
    LabelMinutes: "Minutes at most", "Не дольше, минут";
    LabelTokens: "Tokens at most", "Не больше токенов";
    LabelCounting: "Counting…", "Подсчёт…";
    label_scope_all(items: items): "{items} match.", "Подходит: {items}.";
    label_scope_part(take: items, items: number): "{take} of {items} that match.", "{take} из {items} подходящих.";
    LabelScopeNote: "What this labeller has labelled already, with the same schema and prompt, is not done again.",
        "То, что этот разметчик уже разметил по той же схеме и с тем же промптом, второй раз не размечается.";
    LabelScopeNone: "No item matches.", "Нет подходящих элементов.";
    LabelThreshold: "To review below", "На проверку ниже";
    LabelHigh: "Early below", "В первую очередь ниже";
    label_zones(high: percent, review: percent):
        "Below {review} a person decides; below {high} these come first. From {review} on the prediction counts as confident.",
        "Ниже {review} решает человек, ниже {high} — в первую очередь. От {review} предсказание считается уверенным.";
    LabelZoneHigh: "early", "сначала";
    LabelZoneReview: "review", "проверка";
    LabelZoneConfident: "confident", "уверенно";
    LabelHighAbove: "This can't be above the threshold for review.", "Не может быть выше порога проверки.";
    LabelStart: "Start labelling", "Начать разметку";
    LabelLatest: "Latest run", "Последний запуск";
    LabelNoRun: "No run yet", "Запусков ещё не было";
    LabelNoRunText: "Choose a labeller and start: progress and results appear here. You can leave this screen or close the program meanwhile.",
        "Выберите разметчика и начните: ход работы и итоги появятся здесь. Экран можно покинуть, а программу — закрыть.";
    LabelLabelled: "labelled", "размечено";
    LabelConfident: "confident", "уверенно";
    LabelToReview: "to review", "на проверку";
    LabelAgreed: "agree with label", "совпало с меткой";
    LabelDisagreed: "disagree", "не совпало";
    LabelFailed: "failed", "не удалось";
    LabelHistogram: "Confidence of the items labelled", "Уверенность размеченных элементов";
    label_tokens_spent(prompt: number, completion: number): "tokens: {prompt} read, {completion} written", "токенов: прочитано {prompt}, написано {completion}";
    label_cached(items: number): "{items} from the cache", "из кэша {items}";
    label_retried(retries: number): "{retries} requests tried again", "повторных запросов {retries}";
    label_full_queue(items: items): "The review queue is full: {items} come when it has room.", "Очередь проверки полна: {items} придут, когда в ней будет место.";
    label_failures(items: items): "{items} could not be labelled; the next run tries them again.", "Не удалось разметить: {items}; следующий запуск попробует снова.";
    LabelTabRun: "Run", "Запуск";
    LabelTabTrust: "Confidence", "Уверенность";
    LabelTabCompare: "Comparison", "Сравнение";
    LabelNoDomain: "no domain", "вне классов";
    LabelByStrong: "by the strong one", "сильным разметчиком";
    label_error_rate(share: fine, failed: number, all: number): "failed: {share} ({failed} of {all})", "сбоев: {share} ({failed} из {all})";
    LabelMaxError: "Wrong at most, %", "Ошибок не больше, %";
    LabelMaxErrorNone: "not set", "не задано";
    LabelCaution: "How sure this should be", "Насколько надёжно";
    LabelCautionExpected: "on average", "в среднем";
    LabelCautionSafe: "with a margin", "с запасом";
    label_threshold_means(threshold: text, review: percent, error: fine, interval: text, known: items_by):
        "At {threshold}: {review} go to review, {error} ({interval}) of the accepted are expected to be wrong, judged on {known} whose truth is known.",
        "При {threshold}: на проверку уйдёт {review}, среди принятых ожидается {error} ошибок ({interval}); оценка по {known} с известной истиной.";
    label_threshold_review(threshold: text, review: percent): "At {threshold}: {review} go to review. How many of the accepted are wrong is not known there.",
        "При {threshold}: на проверку уйдёт {review}. Сколько ошибок среди принятых, там неизвестно.";
    label_threshold_none(target: fine): "No threshold is known to keep errors at {target} or below. Decide on more items, or allow more errors.",
        "Ни один порог не даёт {target} ошибок или меньше — насколько это известно. Проверьте больше элементов или допустите больше ошибок.";
    LabelEvidenceNoItems: "This labeller has not labelled anything yet, so nothing is known of its errors. A first run shows its confidence.",
        "Этот разметчик ещё ничего не разметил, и о его ошибках ничего не известно. Первый запуск покажет его уверенность.";
    LabelEvidenceNoTruth: "Nobody has decided on items that this labeller has labelled, so its errors are not known. Review some, or trust the labels of the data.",
        "По размеченным им элементам ещё нет решений людей, и его ошибки неизвестны. Проверьте часть элементов или доверьтесь меткам в данных.";
    LabelEvidenceOpen: "Look at its confidence", "Посмотреть уверенность";
    LabelGoReview: "Go to review", "К проверке";
    LabelTabAgreement: "Agreement with labels", "Согласие с метками";
    LabelTabDomains: "Domains", "Классы";
    LabelTabConfidence: "Confidence", "Уверенность";
    LabelResultsEmpty: "Nothing has been labelled yet.", "Пока ничего не размечено.";
    label_agreement_sum(share: percent, agreed: number, checked: items): "{share} agree: {agreed} of {checked} checked",
        "Совпало {share}: {agreed} из {checked}";
    label_outside(items: items): "{items} came with a label that is no domain of the schema.", "{items} с меткой, которой нет в схеме.";
    LabelAgreementEmpty: "No item has both a prediction and a label of its own, so there is nothing to compare.",
        "Нет элементов, у которых есть и предсказание, и своя метка: сравнивать нечего.";
    LabelColumnLabel: "Label in the data", "Метка в данных";
    LabelColumnChecked: "Checked", "Проверено";
    LabelColumnAgree: "Agree", "Совпало";
    LabelColumnInstead: "Most often instead", "Чаще всего вместо";
    LabelWaitsModel: "Its run waits for other jobs.", "Запуск ждёт других задач.";
}
