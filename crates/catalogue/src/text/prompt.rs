//! The editor of the prompt.

use crate::macros::texts;

texts! {
    PromptInstruction: "Instruction", "Инструкция";
    PromptInstructionHint: "{labels} stands for the list of domains with their guidelines.", "{labels} — место для списка классов с их правилами.";
    PromptOwn: "the product's own", "исходный текст";
    PromptChanged: "own text", "свой текст";
    PromptUnsaved: "not saved", "не сохранено";
    PromptBack: "Back to the product's own", "Вернуть исходную";
    PromptDiscard: "Discard changes", "Отменить изменения";
    PromptDiscarded: "Changes were discarded", "Изменения отменены";
    PromptSaved: "The prompt was saved; language models label anew with it", "Промпт сохранён; языковые модели будут размечать с ним заново";
    PromptNoLabels: "{labels} is missing: the model would not learn which domains there are.",
        "Нет {labels}: модель не узнает, какие есть классы.";
    prompt_version(version: text): "version {version}", "версия {version}";
    PromptVersionHint: "Changes with everything that changes an answer: wording, schema, examples", "Меняется со всем, что меняет ответ: текст, схема, примеры";
    PromptExamples: "Examples in the prompt", "Примеры в промпте";
    PromptNearest: "Show decisions nearest to each text", "Показывать решения, ближайшие к тексту";
    PromptNearestHint: "Beside the schema's examples, the model sees how people decided on similar texts.",
        "Кроме примеров схемы модель видит, как люди решили о похожих текстах.";
    PromptCount: "At most, examples", "Примеров не больше";
    PromptCharacters: "At most, characters", "Символов не больше";
    PromptShortlist: "Shortlist of domains, when there are more than", "Сузить выбор, если классов больше";
    PromptShortlistHint: "Vectors choose so many likely domains for each text, and the model decides among these.",
        "Векторы отберут столько вероятных классов для каждого текста, а модель выберет среди них.";
    PromptShortlistNone: "off", "нет";
    PromptEncoder: "Encoder that says what is near", "Кодировщик, который определяет близость";
    PromptEncoderNeeded: "An encoder is needed for this.", "Для этого нужен кодировщик.";
    PromptPreview: "As models get it", "Каким его видят модели";
    PromptPreviewText: "Instruction with the domains filled in. A try below also shows the examples and the text.",
        "Инструкция с подставленными классами. Проба ниже покажет ещё примеры и текст.";
    PromptTry: "Try on three items", "Проба на трёх элементах";
    PromptTryWith: "With the labeller", "Разметчик";
    PromptTryDraft: "Tries what stands above, saved or not.", "Проверяется то, что выше, даже несохранённое.";
    PromptNoModel: "No language model to try it with", "Нет языковой модели для пробы";
    PromptNoModelText: "The prompt can be written now; add a language model to try it.", "Промпт можно написать сейчас; для пробы добавьте языковую модель.";
}
