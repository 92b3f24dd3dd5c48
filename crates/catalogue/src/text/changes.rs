//! What changed between versions: comparing, the history of a row, merging.

use crate::macros::texts;

texts! {
    DiffFrom: "From", "Было";
    DiffTo: "To", "Стало";
    DiffSwap: "Swap", "Поменять местами";
    DiffSame: "Choose two different versions.", "Выберите две разные версии.";
    DiffTwoNeeded: "A comparison needs two versions", "Для сравнения нужны две версии";
    DiffTwoNeededText: "Commit a second version: then every changed row, and who decided it, is shown here.",
        "Зафиксируйте вторую версию: тогда здесь будет видна каждая изменённая строка и кто её решил.";
    DiffRows: "Changed rows", "Изменённые строки";
    DiffDomains: "By domain", "По классам";
    DiffLabels: "Relabelled", "Смена меток";
    DiffNextView: "Next view", "Следующий вид";
    DiffEqual: "They are equal", "Они равны";
    DiffEqualText: "No row differs between the two.", "Ни одна строка не отличается.";
    DiffNoRows: "No changed row fits", "Подходящих изменений нет";
    DiffNoRowsText: "Take other kinds of change, another domain or other words.", "Выберите другие виды изменений, другой класс или слова.";
    DiffDrift: "label drift", "сдвиг меток";
    DiffDriftHint: "Jensen–Shannon distance of the label distributions: 0 equal, 1 disjoint", "Расстояние Йенсена — Шеннона между распределениями меток: 0 — равны, 1 — ничего общего";
    DiffFilter: "Words in the text, or the id", "Слова или идентификатор";
    DiffFilterFocus: "Search the rows", "Искать в строках";
    DiffAllDomains: "All domains", "Все классы";
    DiffDomain: "Domain", "Класс";
    DiffExport: "Export…", "Экспорт…";
    diff_exported(rows: rows, file: text): "{rows} → {file}", "{rows} → {file}";
    DiffColumnChange: "Change", "Изменение";
    DiffColumnText: "Text", "Текст";
    DiffColumnLabel: "Label", "Метка";
    DiffColumnSplit: "Part", "Часть";
    DiffColumnWho: "Decided by", "Кто решил";
    DiffColumnBefore: "Before", "Было";
    DiffColumnAfter: "After", "Стало";
    DiffColumnGained: "Came", "Пришло";
    DiffColumnLost: "Left", "Ушло";
    DiffColumnSamples: "Samples", "Примеров";
    DiffColumnDrawn: "Before and after", "Было и стало";
    DiffPairsNone: "No label changed between the two.", "Ни одна метка не изменилась.";
    DiffPairsHint: "Choose a pair to see its rows.", "Выберите пару, чтобы увидеть строки.";
    DiffDomainHint: "Choose a domain to see its rows.", "Выберите класс, чтобы увидеть строки.";

    BlameTitle: "History of the row", "История строки";
    BlameId: "Id", "Идентификатор";
    BlameSource: "From", "Откуда";
    BlameOrigin: "Label from", "Откуда метка";
    BlameConfidence: "Confidence", "Уверенность";
    blame_in(versions: versions): "It stands in {versions}", "Стоит в выборке: {versions}";
    blame_others(ids: text): "The same text is that of {ids}, too.", "Тот же текст и у {ids}.";
    BlameUntold: "there already, perhaps: the version before is not here", "возможно, была и раньше: предыдущей версии здесь нет";
    blame_decided(who: text, at: text): "{who}, {at}", "{who}, {at}";
    BlameNobody: "nobody decided", "решений нет";
    BlameNext: "Next row", "Следующая строка";
    BlamePrevious: "Row before", "Предыдущая строка";
    blame_place(file: text, row: plain): "{file}, row {row}", "{file}, строка {row}";

    MergeTitle: "Merge", "Слияние";
    MergeLead: "Takes what both changed since the version that they come from. Where they disagree, you decide.",
        "Берёт то, что изменили обе версии после общей. Там, где они расходятся, решаете вы.";
    MergeOurs: "Into (ours)", "Куда (наша)";
    MergeTheirs: "What (theirs)", "Что (их)";
    MergeNeeds: "A merge needs two branches", "Для слияния нужны две ветви";
    MergeNeedsText: "Two versions that follow the same one: choose another parent in the commit dialog to begin a branch.",
        "Две версии, следующие за одной: чтобы начать ветвь, выберите другого родителя в окне фиксации.";
    MergeBase: "both come from", "обе происходят от";
    MergeOurChanges: "ours changed", "изменила наша";
    MergeTheirChanges: "theirs changed", "изменила их";
    merge_resolved(resolved: number, conflicts: number): "{resolved} of {conflicts} resolved", "Решено {resolved} из {conflicts}";
    MergeNoConflicts: "There are no conflicts", "Конфликтов нет";
    MergeNoConflictsText: "Both sets of changes fit together.", "Изменения обеих версий совместимы.";
    MergeAllResolved: "All conflicts are resolved", "Все конфликты решены";
    MergeConflicts: "Conflicts", "Конфликты";
    MergeOnlyOpen: "Only unresolved", "Только нерешённые";
    MergeSideOurs: "Ours", "Наша";
    MergeSideTheirs: "Theirs", "Их";
    MergeSideBase: "Before both", "До обеих";
    MergeNotThere: "not there", "нет в ней";
    MergeTakeOurs: "Take ours", "Взять нашу";
    MergeTakeTheirs: "Take theirs", "Взять их";
    MergeTakeBase: "Take the one before", "Взять прежнюю";
    MergeTakeLabel: "Another label", "Другая метка";
    MergeRestOurs: "Ours for the rest", "Остальное — наше";
    MergeRestTheirs: "Theirs for the rest", "Остальное — их";
    MergeUndo: "Undo", "Отменить";
    MergeResolution: "Ends as", "Итог";
    MergeUnresolved: "unresolved", "не решён";
    MergeChoose: "Choose a conflict to decide it.", "Выберите конфликт, чтобы решить его.";
    MergeStart: "Merge", "Слить";
    MergeMessage: "Message", "Сообщение";
    MergeMessagePlaceholder: "Names both versions when empty", "Если пусто — назовёт обе версии";
    merge_done(version: text): "Merged as {version}", "Слито как {version}";
}
