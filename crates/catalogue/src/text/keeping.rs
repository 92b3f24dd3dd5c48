//! Keeping the version store for years, and what its jobs gave.

use crate::macros::texts;

texts! {
    KeepLead: "The store keeps every version byte for byte. Look after it here.", "Хранилище держит каждую версию байт в байт. Здесь — уход за ним.";
    KeepVerify: "Integrity", "Целостность";
    KeepVerifyText: "Rehashes everything that is stored and names what is not as it was written.", "Пересчитывает хеши всего хранимого и называет то, что не совпало.";
    KeepVerifyStart: "Verify", "Проверить";
    KeepSound: "Everything is as it was written", "Всё цело";
    keep_looked(versions: versions, files: files, size: size): "{versions}, {files}, {size} looked at", "Просмотрено: {versions}, {files}, {size}";
    keep_problems(problems: number): "Damaged places: {problems}", "Повреждённых мест: {problems}";
    keep_problem_at(offset: plain): "from byte {offset}", "с байта {offset}";
    keep_problem_versions(versions: text): "can't be read: {versions}", "не читаются: {versions}";
    KeepProblemNone: "no version needs it", "не нужно ни одной версии";
    KeepRepair: "Repair from file…", "Исправить из файла…";
    KeepRepairText: "Puts damaged parts right from an exported file that has them.", "Восстанавливает повреждённое из выгруженного файла, где оно есть.";
    keep_repaired(parts: number): "Parts put right: {parts}", "Исправлено частей: {parts}";
    KeepRepairLeft: "Some damage is left; try another exported file.", "Часть повреждений осталась; попробуйте другой выгруженный файл.";

    KeepCollect: "Space", "Место";
    KeepCollectText: "Removes what no version, tag or archive needs. What would go is shown first.", "Удаляет то, что не нужно ни версиям, ни тегам, ни архивам. Сначала показывает, что уйдёт.";
    KeepCollectTry: "See what would go", "Посмотреть, что уйдёт";
    KeepCollectStart: "Remove it", "Удалить это";
    KeepCollectNothing: "There is nothing to remove", "Удалять нечего";
    keep_collect_would(size: size, chunks: number): "{size} would be freed ({chunks} chunks)", "Освободится {size} (кусков: {chunks})";
    keep_collected(size: size, chunks: number): "{size} freed ({chunks} chunks)", "Освобождено {size} (кусков: {chunks})";
    keep_kept(chunks: number): "Chunks that stay: {chunks}", "Остаётся кусков: {chunks}";

    KeepArchive: "Archive", "Архив";
    KeepArchiveText: "The oldest versions move to a compressed archive and can be brought back. Tagged and stable ones stay.",
        "Самые старые версии переходят в сжатый архив, откуда их можно вернуть. С тегом и стабильные остаются.";
    KeepArchiveKeep: "Versions that stay", "Версий остаётся";
    KeepArchiveAge: "Younger than, days", "Моложе, дней";
    KeepArchiveAgeHint: "These stay in any case.", "Такие остаются в любом случае.";
    KeepArchiveAuto: "After each commit, by itself", "После каждой фиксации, само";
    KeepArchiveSaved: "The rule is saved", "Правило сохранено";
    KeepArchiveTry: "See what would move", "Посмотреть, что уйдёт";
    KeepArchiveStart: "Archive now", "Архивировать";
    KeepArchiveNothing: "No version has to move", "Ни одной версии переносить не нужно";
    keep_archive_would(versions: versions): "Would move: {versions}", "Перейдут в архив: {versions}";
    keep_archived(versions: versions): "Moved to the archive: {versions}", "Перешли в архив: {versions}";
    keep_bytes(before: size, after: size): "store {before} → {after}", "хранилище {before} → {after}";

    KeepCarry: "To and from other machines", "На другие машины и обратно";
    KeepCarryText: "Versions travel as one file with everything that proves them whole.", "Версии переносятся одним файлом, в котором есть всё для проверки целостности.";
    KeepExport: "Export all…", "Выгрузить все…";
    KeepImport: "Import file…", "Загрузить файл…";
    keep_exported(versions: versions, size: size): "Exported: {versions}, {size}", "Выгружено: {versions}, {size}";
    KeepSha: "SHA-256", "SHA-256";
    keep_imported(added: versions): "New here: {added}", "Новых здесь: {added}";
    keep_imported_as(version: text, number: text): "{version} as {number}, its number was taken", "{version} как {number}: номер был занят";
    keep_known(versions: versions): "Already here: {versions}", "Уже были: {versions}";
    KeepFile: "Exported versions", "Выгруженные версии";
    KeepView: "As folders", "Папками";
    KeepViewText: "Lays out tagged versions and the current one as folders for programs that expect them.",
        "Раскладывает версии с тегами и текущую по папкам для программ, которые их ждут.";
    KeepViewStart: "Lay out…", "Разложить…";
    keep_viewed(folder: text): "Laid out in {folder}", "Разложено в {folder}";

    outcome_check_holds(version: text): "{version}: all promises hold", "{version}: все обещания выполнены";
    outcome_check_broken(version: text, broken: number): "{version}: {broken} promises don't hold", "{version}: нарушено обещаний — {broken}";
    outcome_status(version: text, before: text, after: text): "{version}: {before} → {after}", "{version}: {before} → {after}";
    outcome_view(entries: number, folder: text): "{entries} folders in {folder}", "папок: {entries}, в {folder}";
    outcome_sound(versions: versions, size: size): "{versions}, {size}: everything is as it was written", "{versions}, {size}: всё цело";
    outcome_damaged(problems: number): "damaged places: {problems}", "повреждённых мест: {problems}";
    outcome_repair(repaired: number, left: number): "{repaired} parts put right, {left} still damaged", "исправлено частей: {repaired}, осталось повреждений: {left}";
    outcome_export(versions: versions, size: size, file: text): "{versions}, {size} → {file}", "{versions}, {size} → {file}";
    outcome_import_versions(added: versions, known: number): "{added} new, {known} were here", "новых: {added}, уже были: {known}";
}
