//! What the command line tells of versions.

use crate::macros::texts;

texts! {
    HeadKinds: "change", "изменение";
    HeadBefore: "before", "было";
    HeadAfter: "after", "стало";
    HeadSample: "sample", "пример";
    HeadDecided: "decided by", "кто решил";
    HeadCheck: "promise", "обещание";
    HeadMeasured: "found", "найдено";
    HeadPromised: "promised", "обещано";
    HeadBreaking: "breaking it", "нарушают";
    HeadGained: "gained", "пришло";
    HeadLost: "lost", "ушло";
    HeadOurs: "ours", "наше";
    HeadTheirs: "theirs", "их";
    HeadBase: "both had", "было у обеих";

    FactId: "Id", "Идентификатор";
    FactParents: "Parents", "Родители";
    FactStatus: "Status", "Статус";
    FactDrift: "Label drift", "Сдвиг меток";

    version_counts(added: number, removed: number, relabelled: number, text: number, moved: number, details: number):
        "+{added} added, −{removed} removed, {relabelled} relabelled, {text} with another text, {moved} moved, {details} with other details",
        "+{added} добавлено, −{removed} убрано, {relabelled} сменили метку, {text} с другим текстом, {moved} перешли, {details} с другими сведениями";
    VersionSchemaChanged: "The schema's domains are others.", "Состав классов другой.";
    VersionNothingChanged: "Nothing changes.", "Ничего не меняется.";
    version_would_be(version: text): "It would be version {version}.", "Это была бы версия {version}.";
    version_against(parent: text): "Against {parent}:", "По сравнению с {parent}:";
    version_named(version: text): "Version {version}", "Версия {version}";
    VersionIsCurrent: "current", "текущая";
    VersionIsArchived: "archived", "в архиве";
    version_view(folder: text): "Laid out in {folder}:", "Разложено в {folder}:";

    told_checks_hold(version: text): "Version {version} keeps its promises.", "Версия {version} выполняет обещания.";
    told_checks_broken(version: text): "Version {version} does not keep its promises; its status stays.",
        "Версия {version} не выполняет обещания; статус остаётся прежним.";
    told_checks_none(version: text): "Version {version} promises nothing.", "Версия {version} ничего не обещает.";
    ToldHolds: "holds", "выполнено";
    ToldBroken: "BROKEN", "НАРУШЕНО";
    told_check_row(split: text, line: number): "{split}, line {line}", "{split}, строка {line}";
    told_check_more(rows: number): "… and {rows} more", "… и ещё {rows}";

    told_diff_between(from: text, to: text): "From {from} to {to}:", "От {from} к {to}:";
    told_diff_more(after: text): "There are more: --after {after}, or --output FILE for all.",
        "Есть ещё: --after {after} или --output ФАЙЛ для всех.";
    told_diff_exported(rows: number, file: text): "{rows} changed samples in {file}", "Изменённых примеров: {rows}, в файле {file}";
    told_blame_of(id: text): "Sample {id}", "Пример {id}";
    told_blame_in(versions: text): "It is in: {versions}", "Есть в версиях: {versions}";
    told_merge_of(theirs: text, ours: text, base: text):
        "{theirs} into {ours}; both come from {base}.", "{theirs} в {ours}; общая версия — {base}.";
    told_merge_ours(counts: text): "Ours changed: {counts}", "Наши изменения: {counts}";
    told_merge_theirs(counts: text): "Theirs changed: {counts}", "Их изменения: {counts}";
    told_merge_conflicts(conflicts: number, resolved: number): "Conflicts: {conflicts}, resolved: {resolved}",
        "Конфликтов: {conflicts}, решено: {resolved}";

    told_keep_verified(versions: number, chunks: number, size: size): "{versions} versions, {chunks} chunks, {size}: all as it was written.",
        "Версий: {versions}, блоков: {chunks}, {size}: всё как было записано.";
    told_keep_problems(problems: number): "Damaged: {problems}", "Повреждений: {problems}";
    told_keep_repaired(parts: number): "Put right: {parts}", "Исправлено: {parts}";
    told_keep_collected(chunks: number, size: size): "Removed: {chunks} chunks, {size}.", "Удалено: блоков {chunks}, {size}.";
    told_keep_would_collect(chunks: number, size: size): "It would remove {chunks} chunks, {size}.", "Было бы удалено: блоков {chunks}, {size}.";
    told_keep_archived(versions: text): "Archived: {versions}", "В архив: {versions}";
    told_keep_would_archive(versions: text): "It would archive: {versions}", "В архив ушли бы: {versions}";
    told_keep_sizes(before: size, after: size): "The version store: {before}, now {after}", "Хранилище версий: было {before}, стало {after}";
    KeepNothing: "Nothing to do.", "Делать нечего.";
    told_keep_exported(versions: text, file: text, size: size): "{versions} in {file}, {size}", "{versions} в {file}, {size}";
    told_keep_imported(versions: text): "Taken over: {versions}", "Загружено: {versions}";
    told_keep_renumbered(from: text, to: text): "{from} as {to}", "{from} как {to}";
    told_keep_known(versions: text): "Known already: {versions}", "Уже были: {versions}";
    told_keep_unproved(versions: text): "Drafts here, because not all of their promises hold or can be looked at: {versions}",
        "Здесь черновики, потому что не все их обещания выполняются или их нельзя проверить: {versions}";

    told_merge_nothing(theirs: text, ours: text): "Nothing to merge: {theirs} brings nothing into {ours}. No version was committed.",
        "Сливать нечего: {theirs} ничего не меняет в {ours}. Новая версия не создана.";
    told_merge_current(version: text): "The current version is {version}.", "Текущая версия — {version}.";
    ToldMergeStranger: "no conflict of this merge has this id", "в этом слиянии нет конфликта с таким id";
    ToldDiffEndings: "the name has to end in .csv or .jsonl", "имя должно кончаться на .csv или .jsonl";
}
