//! The review screen.

use crate::macros::texts;

texts! {
    ReviewTitle: "Review", "Проверка";
    ReviewQueue: "Queue", "Очередь";
    ReviewAll: "All review items", "Все на проверке";
    ReviewApprove: "Approve", "Подтвердить";
    ReviewSkip: "Skip", "Отложить";
    ReviewReject: "Reject", "Отклонить";
    ReviewUndo: "Undo", "Отменить";
    ReviewPass: "Next", "Дальше";
    ReviewBack: "Back", "Назад";
    ReviewJump: "Go to an item", "Перейти к элементу";
    ReviewJumpNumber: "Number of the item", "Номер элемента";
    ReviewJumpHint: "It stands at the top right of each card and in the lists.", "Он указан справа вверху карточки и в списках.";
    ReviewJumpGo: "Go", "Перейти";
    ReviewSearch: "Another domain: type a part of its name", "Другой класс: введите часть названия";
    ReviewAbout: "Item", "Элемент";
    ReviewHistory: "History", "История";
    ReviewGuideline: "Guideline", "Правила";
    ReviewHistoryEmpty: "Nobody has decided on this item yet.", "Решений по этому элементу ещё нет.";
    ReviewGuidelineEmpty: "The domains offered here have no guideline. Write one on the screen “Schema”.",
        "У предложенных классов нет правил. Напишите их на экране «Схема».";
    ReviewTakenBack: "taken back", "решение отменено";
    review_you(name: text): "{name} (you)", "{name} (вы)";
    ReviewWhy: "Why it is here", "Почему на проверке";
    ReviewWhyUnsure: "The labeller's confidence is below the threshold.", "Уверенность разметчика ниже порога.";
    ReviewWhyVeryUnsure: "The labeller's confidence is far below the threshold, so it comes early.",
        "Уверенность разметчика намного ниже порога, поэтому элемент идёт раньше.";
    ReviewWhyDisagreement: "The labeller predicts another domain than the label that the item came with.",
        "Разметчик предсказал не тот класс, с меткой которого пришёл элемент.";
    ReviewWhyCritical: "The labeller is very sure, and yet it predicts another domain than the label that the item came with. One of the two is wrong.",
        "Разметчик очень уверен, но его класс не совпадает с меткой элемента. Кто-то из двоих ошибся.";
    ReviewWhyOutside: "The label that the item came with is no domain of the schema.", "Метки, с которой пришёл элемент, нет в схеме.";
    ReviewWhyNoDomain: "The text is far from everything that is known of the domains: it may belong to none. Reject it, or choose the domain that it does belong to.",
        "Текст далёк от всего, что известно о классах: возможно, он не относится ни к одному. Отклоните его или выберите класс, если он всё же есть.";
    ReviewWhyLabellers: "Two labellers gave it different domains in a comparison. Your decision shows which of them is right.",
        "При сравнении два разметчика дали разные классы. Ваше решение покажет, кто прав.";
    ReviewWhySample: "It was drawn at random, whatever the confidence: such decisions show how often the labeller is right where it is sure.",
        "Выбран случайно, какой бы ни была уверенность: такие решения показывают, как часто разметчик прав там, где уверен.";
    ReviewCalibrated: "calibrated", "откалибрована";
    ReviewCalibratedHint: "Corrected by what people's decisions show of this labeller", "Поправлена по решениям людей для этого разметчика";
    ReviewSimilar: "Similar", "Похожие";
    ReviewSimilarEmpty: "No similar items are known. They are found once a classifier has been trained or the prompt shows the nearest examples.",
        "Похожие элементы не найдены. Они появятся, когда обучен классификатор или включён показ ближайших примеров в промпте.";
    ReviewSimilarity: "Similarity of the texts' vectors", "Близость векторов текстов";
    ReviewSimilarNone: "no domain yet", "класса ещё нет";
    ReviewLabels: "Label and prediction", "Метка и предсказание";
    ReviewCameWith: "Came with", "Метка в данных";
    ReviewPredicted: "Predicted", "Предсказано";
    ReviewConfidence: "Confidence", "Уверенность";
    ReviewModel: "Labeller", "Разметчик";
    ReviewNoLabel: "no label", "без метки";
    ReviewOwnLabel: "label", "метка";
    ReviewAgrees: "prediction and label agree", "предсказание и метка совпадают";
    ReviewDisagrees: "prediction and label disagree", "предсказание и метка расходятся";
    ReviewOrigin: "Where from", "Откуда";
    ReviewSource: "Source", "Источник";
    ReviewRow: "Row", "Строка";
    ReviewTime: "Time", "Время";
    ReviewUser: "User", "Пользователь";
    review_priority(priority: text): "priority: {priority}", "приоритет: {priority}";
    review_item(item: plain): "item {item}", "элемент {item}";
    review_session(decisions: decisions): "this sitting: {decisions}", "за сеанс: {decisions}";
    review_per_hour(rate: number): "{rate} an hour", "{rate} в час";
    ReviewExportHint: "Writes all decisions to a file", "Записать все решения в файл";
    review_exported(rows: decisions, path: text): "Written: {rows} to {path}", "Записано: {rows} в {path}";
    ReviewEmpty: "Nothing waits for review", "Проверять нечего";
    ReviewEmptyNoItems: "There are no items yet. Add a file, label its texts with a model, and what the model is unsure of comes here.",
        "Элементов пока нет. Добавьте файл и разметьте тексты моделью: то, в чём модель не уверена, появится здесь.";
    ReviewEmptyNoLabels: "No item has been labelled yet. What the model is unsure of, and where it disagrees with an existing label, comes here.",
        "Разметки пока нет. Здесь появится то, в чём модель не уверена, и то, где она не согласна с меткой в данных.";
    ReviewEmptyDone: "Every review item has a decision. The dataset can be written.", "По всем элементам есть решения. Можно записывать датасет.";
    review_beyond(items: items): "Everything in the queue has a decision. Another {items} did not fit into it and come with the next labelling run.",
        "По всей очереди есть решения. Ещё {items} в неё не поместились и придут со следующей разметкой.";
    review_put_off(items: items): "Put off in this sitting: {items}. Go through them again, or write the dataset without them.",
        "Отложено за этот сеанс: {items}. Вернитесь к ним или запишите датасет без них.";
    ReviewBringBack: "Go through what was put off", "Вернуться к отложенным";
    ReviewGoSources: "Add a file", "Добавить файл";
    ReviewGoLabel: "Label items", "Разметить";
    ReviewGoDatasets: "Write a dataset", "Записать датасет";
    ReviewEveryStatus: "all", "все";
    ReviewColumnItem: "Item", "Элемент";
    ReviewColumnText: "Text", "Текст";
    ReviewColumnPriority: "Priority", "Приоритет";
    ReviewColumnStatus: "Status", "Статус";
    ReviewListEmpty: "No such review items", "Таких элементов нет";
    ReviewListEmptyText: "Items come here when a labelling run is unsure of them or disagrees with their label.",
        "Элементы попадают сюда, когда модель в них не уверена или не согласна с их меткой.";
    ReviewListHint: "A double click or Enter opens the item in the queue.", "Двойной щелчок или Enter открывает элемент в очереди.";
    review_left(left: items): "{left} left", "осталось {left}";
}
