//! What confidence is worth: calibration, thresholds, samples.

use crate::macros::texts;

texts! {
    TrustLabeller: "Labeller", "Разметчик";
    TrustCalibration: "Calibration", "Калибровка";
    TrustCalibrate: "Calibrate", "Откалибровать";
    TrustCalibrateAgain: "Calibrate again", "Откалибровать заново";
    TrustCalibrationNone: "Not calibrated yet", "Ещё не откалиброван";
    TrustCalibrationNoneText: "Calibration compares this labeller's confidence with people's decisions and corrects it: then 80% confidence means right in 80 of 100.",
        "Калибровка сверяет уверенность разметчика с решениями людей и поправляет её: тогда уверенность 80 % значит, что он прав в 80 случаях из 100.";
    TrustLimit: "At most, items", "Элементов не больше";
    TrustLimitHint: "What it has not labelled of the decided items is labelled for this.", "Решённые элементы, которых он ещё не размечал, он для этого разметит.";
    TrustLabels: "Trust the labels of the data", "Доверять меткам в данных";
    TrustLabelsHint: "Takes the label that an undecided item came with for the truth.", "Метка элемента, по которому нет решения, считается истиной.";
    MethodNone: "Its confidence needs no correction, or too little is known for one.", "Уверенность не нуждается в поправке, или для неё мало данных.";
    method_over(temperature: text): "It was too sure of itself: temperature {temperature}.", "Был слишком уверен в себе: температура {temperature}.";
    method_under(temperature: text): "It was less sure than it could be: temperature {temperature}.", "Был осторожнее, чем нужно: температура {temperature}.";
    method_isotonic(steps: plain): "Confidence is mapped to how often it was right, in a rising map of {steps} steps.",
        "Уверенность заменяется частотой верных ответов по возрастающей шкале, ступеней: {steps}.";
    TrustEce: "Calibration error", "Ошибка калибровки";
    TrustEceHint: "Mean distance between confidence and how often it is right; 0 is best", "Среднее расхождение уверенности и доли верных ответов; лучше всего 0";
    TrustAccuracy: "Right", "Верно";
    TrustExamples: "Judged on", "Судим по";
    trust_examples(items: items): "{items} with a known truth", "{items} с известной истиной";
    TrustFitted: "Fitted", "Выполнена";
    TrustBrier: "Brier score", "Оценка Брайера";
    TrustReliability: "Confidence against how often it was right, before and after calibration", "Уверенность и доля верных ответов до и после калибровки";
    TrustThreshold: "Threshold", "Порог";
    TrustThresholdPlot: "Expected errors and share of review by threshold", "Ожидаемые ошибки и доля проверки в зависимости от порога";
    TrustThresholdSlider: "To review below", "На проверку ниже";
    TrustUse: "Use for the next run", "Взять для запуска";
    TrustSet: "The next run sends items below this confidence to review", "Следующий запуск отправит на проверку всё, что ниже этой уверенности";
    TrustReview: "go to review", "уйдёт на проверку";
    TrustWrong: "of the accepted wrong", "ошибок среди принятых";
    TrustAccepted: "accepted", "принято";
    trust_wrong_interval(interval: text): "95%: {interval}", "95 %: {interval}";
    TrustWrongUnknown: "not known", "неизвестно";
    trust_known(known: items, items: items): "Known: {known} of {items} that it labelled.", "Известно {known} из тех, что он разметил: {items}.";
    trust_no_domain(items: items): "Taken to belong to no domain: {items}. They go to review at every threshold.",
        "Сочтено не относящимися ни к одному классу: {items}. На проверку они уйдут при любом пороге.";
    TrustSample: "Random check", "Случайная проверка";
    TrustSampleText: "Review sees mostly what the labeller is unsure of. Items drawn at random are the way to know how often it is right where it is sure.",
        "На проверку обычно попадает то, в чём разметчик не уверен. Случайная выборка — способ узнать, как часто он прав там, где уверен.";
    TrustSampleCount: "Items", "Элементов";
    TrustSampleSend: "Send to review", "На проверку";
    trust_sampled(items: items): "{items} sent to review", "Отправлено на проверку: {items}";
    TrustSampledNone: "Nothing was left to draw: every item waits or has a decision", "Выбирать не из чего: все элементы уже ждут проверки или решены";
    TrustPlotWaits: "The plot appears here.", "Здесь появится график.";
}
