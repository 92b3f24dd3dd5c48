//! The screen of labelling.

use crate::macros::texts;

texts! {
    LabelTitle: "Labelling", "Разметка";
    LabelLead: "A model labels items. What it is unsure of, and where it disagrees with an existing label, goes to review.",
        "Модель размечает элементы. Где она не уверена или не согласна с меткой в данных — решает человек.";
    LabelNeeds: "Before a model can label", "Что нужно для разметки";
    LabelNeedsText: "A model chooses one of the schema's domains for each text. Three things make that possible.",
        "Для каждого текста модель выбирает один из классов схемы. Для этого нужны три вещи.";
    LabelNeedItems: "Texts: add a file", "Тексты: добавьте файл";
    LabelNeedSchema: "Domains: define the schema", "Классы: задайте схему";
    LabelNeedModel: "A model: a file or a server", "Модель: файл или сервер";
    LabelRun: "New run", "Запуск";
    LabelModel: "Model", "Модель";
    LabelFilter: "Which items", "Какие элементы";
    LabelFilterPlaceholder: "all items", "все элементы";
    LabelFilterHint: "Words of the text, or status:new, source:1, label:refund, confidence<0.5, agrees:no.",
        "Слова текста или status:new, source:1, label:refund, confidence<0.5, agrees:no.";
    LabelLimit: "At most", "Не больше";
    LabelLimitNone: "no limit", "без предела";
    LabelRandom: "Draw at random", "Выбрать случайно";
    LabelRandomHint: "Otherwise the first ones are taken.", "Иначе берутся первые.";
    LabelSeed: "Seed", "Зерно";
    LabelCounting: "Counting…", "Подсчёт…";
    label_scope_all(items: items): "{items} match.", "Подходит: {items}.";
    label_scope_part(take: items, items: number): "{take} of {items} that match.", "{take} из {items} подходящих.";
    LabelScopeNote: "What this model has labelled already, with the same schema, is not done again.",
        "То, что эта модель уже разметила по этой же схеме, второй раз не размечается.";
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
    LabelNoRunText: "Choose a model and start: progress and results appear here. You can leave this screen or close the program meanwhile.",
        "Выберите модель и начните: ход работы и итоги появятся здесь. Экран можно покинуть, а программу — закрыть.";
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
