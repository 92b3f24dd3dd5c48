//! Labellers beside language models: the choice of a kind, classifiers, routes, ensembles.

use crate::macros::texts;

texts! {
    LabellersTab: "Labellers", "Разметчики";
    LabellersTabPrompt: "Prompt", "Промпт";
    KindFile: "Language model from a file", "Языковая модель из файла";
    KindFileText: "A GGUF file that runs inside Winnow; no text leaves this machine.",
        "Файл GGUF работает внутри Winnow; тексты не покидают этот компьютер.";
    KindServer: "Language model on a server", "Языковая модель на сервере";
    KindServerText: "Any server with the OpenAI API: Ollama, vLLM, LM Studio, llama.cpp.",
        "Любой сервер с API OpenAI: Ollama, vLLM, LM Studio, llama.cpp.";
    KindClassifier: "Classifier", "Классификатор";
    KindClassifierText: "Learns from people's decisions: fast, and the better the more has been decided.",
        "Учится на решениях людей: быстрый и тем точнее, чем больше решений.";
    KindRoute: "Route", "Маршрут";
    KindRouteText: "A cheap labeller answers first; a strong one only where the cheap one is unsure.",
        "Сначала отвечает дешёвый разметчик, сильный — только там, где дешёвый не уверен.";
    KindEnsemble: "Ensemble", "Ансамбль";
    KindEnsembleText: "Several labellers answer each time, and their answers are combined.",
        "На каждый текст отвечают несколько разметчиков, и их ответы объединяются.";
    ClassifierName: "classifier", "классификатор";
    RouteName: "route", "маршрут";
    EnsembleName: "ensemble", "ансамбль";
    ClassifierEncoder: "Encoder", "Кодировщик";
    ClassifierEncoderHint: "Turns texts into vectors; the classifier learns on these.", "Превращает тексты в векторы, на которых учится классификатор.";
    EncoderOther: "Another folder…", "Другая папка…";
    EncoderFolder: "Folder of the encoder", "Папка кодировщика";
    EncoderNone: "No encoder was found in the model folders. Give the folder of one: config.json, tokenizer.json and weights as safetensors.",
        "В папках моделей кодировщика нет. Укажите его папку: config.json, tokenizer.json и веса safetensors.";
    ClassifierLearns: "Learns from", "Учится на";
    classifier_decisions(decisions: decisions): "People's decisions, always: {decisions} now", "Решениях людей — всегда; сейчас {decisions}";
    classifier_schema_examples(examples: examples): "The schema's examples: {examples}", "Примерах из схемы: {examples}";
    ClassifierTrustAll: "Labels of every source, future ones too", "Метках всех источников, и будущих тоже";
    ClassifierTrustHint: "Trust labels only where people set them with care: the classifier learns their mistakes too.",
        "Доверяйте меткам, только если их ставили внимательно: классификатор выучит и ошибки.";
    classifier_trust_source(name: text, labels: labels): "Labels of {name}: {labels}", "Метках источника {name}: {labels}";
    classifier_examples_now(examples: examples_up_to): "Up to {examples}", "Всего до {examples}";
    ClassifierExamplesFew: "With fewer than 2 domains having examples nothing can be learned. Decide on some items first, or trust a source's labels.",
        "Если примеры есть меньше чем у двух классов, учиться не на чем. Сначала примите решения по части элементов или доверьтесь меткам источника.";
    ClassifierTitle: "Training", "Обучение";
    ClassifierTrain: "Train", "Обучить";
    ClassifierTrainHint: "A labelling run trains it by itself when there are new decisions.",
        "Если появились новые решения, запуск разметки обучит его сам.";
    ClassifierUntrained: "Not trained yet", "Ещё не обучен";
    classifier_untrained_text(examples: examples): "There is enough to begin with: {examples}. Training also tells how often it will be right.",
        "Для начала есть {examples}. Обучение заодно покажет, как часто он прав.";
    ClassifierNothing: "There are no examples yet. Decide on items in review, or trust the labels of a source.",
        "Примеров ещё нет. Примите решения на экране проверки или доверьтесь меткам источника.";
    classifier_new(examples: examples): "{examples} new since", "новых: {examples}";
    ClassifierAccuracy: "right on unseen texts", "верно на незнакомых текстах";
    classifier_judged(interval: text, folds: plain, texts: texts_on): "{interval}, by {folds}-fold cross-validation on {texts}",
        "{interval}; кросс-валидация, частей: {folds}, на {texts}";
    ClassifierAccuracyNone: "Too few examples for a cross-validation: how often it is right is not known.",
        "Слишком мало примеров для кросс-валидации: точность неизвестна.";
    ClassifierExamples: "Examples", "Примеры";
    classifier_examples(examples: examples, decisions: number): "{examples}, {decisions} of them decided by people", "{examples}, из них решений людей — {decisions}";
    ClassifierDomains: "Domains", "Классы";
    classifier_missing(domains: domains): "{domains} without examples: they can't be predicted.", "{domains} без примеров: их он предсказать не может.";
    ClassifierEce: "Calibration error", "Ошибка калибровки";
    ece_before_after(before: fine, after: fine): "{before} → {after} after calibration", "{before} → {after} после калибровки";
    ClassifierTimes: "Time", "Время";
    classifier_times(encoding: duration, training: duration): "{encoding} for vectors, {training} for training", "{encoding} на векторы, {training} на обучение";
    ClassifierTrained: "Trained", "Обучен";
    ClassifierTrusts: "Beside decisions", "Кроме решений";
    ClassifierTrustsNothing: "the schema's examples only", "только примеры из схемы";
    ClassifierTrustsAll: "the labels of every source", "метки всех источников";
    classifier_trusts(names: text): "labels of {names}", "метки: {names}";
    RouteCheap: "Asked first (cheap)", "Отвечает первым (дешёвый)";
    RouteStrong: "Asked where the first is unsure (strong)", "Отвечает, где первый не уверен (сильный)";
    RouteRule: "When the strong one is asked", "Когда спрашивать сильного";
    RouteByAccuracy: "For accuracy", "Ради точности";
    RouteByAccuracyText: "As rarely as possible, while the cheap one is right in at least this share of what it keeps.",
        "Как можно реже, но так, чтобы в оставленном себе дешёвый был прав не реже заданного.";
    RouteByBudget: "Within a budget", "В пределах бюджета";
    RouteByBudgetText: "For at most this share of the items: those that the cheap one is least sure of.",
        "Не больше чем для такой доли элементов — тех, в которых дешёвый уверен меньше всего.";
    RouteByThreshold: "By a threshold", "По порогу";
    RouteByThresholdText: "Wherever the cheap one's confidence is below this.", "Везде, где уверенность дешёвого ниже заданной.";
    RouteAccuracyField: "Right in at least, %", "Верно не меньше, %";
    RouteBudgetField: "At most, % of items", "Не больше, % элементов";
    RouteThresholdField: "Confidence below", "Уверенность ниже";
    RouteNeedsDecisions: "The threshold is found on people's decisions; without enough of them it can't be.",
        "Порог подбирается по решениям людей; если их мало, подобрать его нельзя.";
    RouteSame: "Choose two different labellers.", "Выберите двух разных разметчиков.";
    route_rule_threshold(below: text): "where the cheap one's confidence is below {below}", "где уверенность дешёвого ниже {below}";
    route_rule_accuracy(share: percent): "as rarely as possible, while what the cheap one keeps is right in at least {share}",
        "как можно реже, пока оставленное дешёвым верно не меньше чем в {share} случаев";
    route_rule_budget(share: percent): "for at most {share} of the items", "не больше чем для {share} элементов";
    EnsembleMembers: "Members", "Участники";
    EnsembleMembersHint: "At least two; each of them answers for every text, so the slowest sets the pace.",
        "Не меньше двух; каждый отвечает на каждый текст, так что темп задаёт самый медленный.";
    EnsembleRule: "How answers are combined", "Как объединять ответы";
    EnsembleVote: "Vote", "Голосование";
    EnsembleVoteText: "Each gives its voice to one domain; who is right more often weighs more.",
        "Каждый голосует за один класс; голос того, кто чаще прав, весит больше.";
    EnsembleAverage: "Average", "Среднее";
    EnsembleAverageText: "Their probabilities are averaged.", "Их вероятности усредняются.";
    CombinationNeedsTwo: "It combines labellers that the project has. Add at least two others first.",
        "Он объединяет разметчиков проекта. Сначала добавьте хотя бы двух других.";
    CombinationNote: "Weights and thresholds come from people's decisions; a test below shows what they are now.",
        "Веса и пороги берутся из решений людей; проба ниже покажет, какие они сейчас.";
    CombinationMissing: "A labeller that it asks is no longer in the project.", "Разметчика, которого он спрашивает, в проекте больше нет.";
}
