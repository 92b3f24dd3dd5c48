//! Words for the contract's enums.

use contract::dataset::{DatasetFormat, EvalLimit, SplitNote};
use contract::item::ItemStatus;
use contract::job::{JobKind, JobState};
use contract::label::ConfidenceSource;
use contract::model::ModelFinding;
use contract::review::{Action, Priority, ReviewReason, ReviewStatus};
use contract::schema::LocalText;
use contract::settings::{Language, Theme};
use contract::source::{ColumnKind, DropReason, Format, SourceState};
use contract::version::Increment;

use crate::macros::texts;
use crate::{Text, t};

/// A value that has a word in the catalogue.
pub trait Worded {
    /// The word.
    fn text(&self) -> Text;
}

/// The word for a value in the person's language.
#[must_use]
pub fn word(lang: Language, value: &impl Worded) -> &'static str {
    t(lang, value.text())
}

/// Gives each variant of an enum its word: the match is exhaustive, so a new variant does not compile without one.
macro_rules! worded {
    ($($enum:ident { $($variant:ident $({ $($field:tt)* })? => $key:ident,)* })*) => {$(
        impl Worded for $enum {
            fn text(&self) -> Text {
                match self {
                    $($enum::$variant $({ $($field)* })? => Text::$key,)*
                }
            }
        }
    )*};
}
pub(super) use worded;

worded! {
    ItemStatus {
        New => StatusNew,
        Confident => StatusConfident,
        Waiting => StatusWaiting,
        Skipped => StatusSkipped,
        Approved => StatusApproved,
        Corrected => StatusCorrected,
        Rejected => StatusRejected,
    }
    ReviewStatus {
        Pending => StatusWaiting,
        InReview => StatusInReview,
        Approved => StatusApproved,
        Corrected => StatusCorrected,
        Skipped => StatusSkipped,
        Rejected => StatusRejected,
    }
    Priority {
        Low => PriorityLow,
        Medium => PriorityMedium,
        High => PriorityHigh,
        Critical => PriorityCritical,
    }
    ReviewReason {
        Unsure => ReasonUnsure,
        Disagreement => ReasonDisagreement,
        OutsideSchema => ReasonOutsideSchema,
        NoDomain => ReasonNoDomain,
        LabellersDisagree => ReasonLabellersDisagree,
        Sample => ReasonSample,
    }
    Action {
        Approve => DecidedApprove,
        Correct { .. } => DecidedCorrect,
        Skip => DecidedSkip,
        Reject => DecidedReject,
    }
    JobKind {
        Import => JobImport,
        Label => JobLabel,
        Write => JobWrite,
        Commit => JobCommit,
        Rollback => JobRollback,
        Merge => JobMerge,
        Check => JobCheck,
        Status => JobStatus,
        View => JobView,
        Verify => JobVerify,
        Repair => JobRepair,
        Collect => JobCollect,
        Archive => JobArchive,
        Restore => JobRestore,
        ExportVersions => JobExportVersions,
        ImportVersions => JobImportVersions,
        Checkout => JobCheckout,
        Train => JobTrain,
        Calibrate => JobCalibrate,
        Compare => JobCompare,
    }
    JobState {
        Queued => JobQueued,
        Running => JobRunning,
        Cancelling => JobCancelling,
        Done => JobDone,
        Failed => JobFailed,
        Cancelled => JobCancelled,
        Interrupted => JobInterrupted,
    }
    DropReason {
        Ragged => DropRagged,
        BadEncoding => DropBadEncoding,
        NulByte => DropNulByte,
        CellTooLarge => DropCellTooLarge,
        Empty => DropEmpty,
        TooShort => DropTooShort,
        TooLong => DropTooLong,
        Duplicate => DropDuplicate,
        OverLimit => DropOverLimit,
    }
    ConfidenceSource {
        LabelLikelihood => ConfidenceLabelLikelihood,
        TokenLogprobs => ConfidenceTokenLogprobs,
        SelfReport => ConfidenceSelfReport,
        AnswerOnly => ConfidenceAnswerOnly,
        Classifier => ConfidenceClassifier,
        Vote => ConfidenceVote,
    }
    Format {
        Xlsx => FormatXlsx,
        Xls => FormatXls,
        Ods => FormatOds,
        Csv => FormatCsv,
        Json => FormatJson,
        Jsonl => FormatJsonl,
        Parquet => FormatParquet,
    }
    DatasetFormat {
        Jsonl => FormatJsonl,
        Csv => FormatCsv,
        Parquet => FormatParquet,
        HuggingFace => FormatHuggingFace,
    }
    ColumnKind {
        Text => ColumnText,
        Category => ColumnCategory,
        Number => ColumnNumber,
        Time => ColumnTime,
        Identifier => ColumnIdentifier,
        Empty => ColumnEmpty,
    }
    SourceState {
        Importing => SourceImporting,
        Ready => SourceReady,
    }
    Increment {
        Auto => IncrementAuto,
        Major => IncrementMajor,
        Minor => IncrementMinor,
        Patch => IncrementPatch,
    }
    Theme {
        System => ThemeSystem,
        Light => ThemeLight,
        Dark => ThemeDark,
    }
    Language {
        En => LanguageEnglish,
        Ru => LanguageRussian,
    }
}

texts! {
    StatusNew: "new", "новый";
    StatusConfident: "confident", "уверенно";
    StatusWaiting: "waiting", "ждёт проверки";
    StatusInReview: "in review", "на проверке";
    StatusSkipped: "skipped", "отложен";
    StatusApproved: "approved", "подтверждён";
    StatusCorrected: "corrected", "исправлен";
    StatusRejected: "rejected", "отклонён";

    PriorityLow: "low", "низкий";
    PriorityMedium: "medium", "средний";
    PriorityHigh: "high", "высокий";
    PriorityCritical: "critical", "критический";

    ReasonUnsure: "the labeller is unsure", "разметчик не уверен";
    ReasonDisagreement: "the labeller disagrees with the label", "разметчик не согласен с меткой";
    ReasonOutsideSchema: "the label is not in the schema", "метки нет в схеме";
    ReasonNoDomain: "seems to belong to no domain", "похоже, не относится ни к одному классу";
    ReasonLabellersDisagree: "two labellers disagree", "разметчики расходятся";
    ReasonSample: "drawn at random as a check", "случайная выборка";

    DecidedApprove: "approved", "подтверждено";
    DecidedCorrect: "corrected", "исправлено";
    DecidedSkip: "skipped", "отложено";
    DecidedReject: "rejected", "отклонено";

    JobImport: "Import", "Импорт";
    JobLabel: "Labelling", "Разметка";
    JobWrite: "Writing a dataset", "Запись датасета";
    JobCommit: "Committing a version", "Создание версии";
    JobRollback: "Rolling back", "Откат";
    JobMerge: "Merging versions", "Слияние версий";
    JobCheck: "Checking promises", "Проверка обещаний";
    JobStatus: "Changing a status", "Смена статуса";
    JobView: "Laying versions out", "Раскладка версий по папкам";
    JobVerify: "Verifying the version store", "Проверка хранилища версий";
    JobRepair: "Repairing the version store", "Починка хранилища версий";
    JobCollect: "Clearing the version store", "Очистка хранилища версий";
    JobArchive: "Archiving versions", "Архивация версий";
    JobRestore: "Restoring a version", "Возврат версии из архива";
    JobExportVersions: "Exporting versions", "Выгрузка версий";
    JobImportVersions: "Importing versions", "Загрузка версий";
    JobCheckout: "Checkout", "Выгрузка версии";
    JobTrain: "Training a classifier", "Обучение классификатора";
    JobCalibrate: "Calibrating confidence", "Калибровка уверенности";
    JobCompare: "Comparing labellers", "Сравнение разметчиков";

    JobQueued: "queued", "в очереди";
    JobRunning: "running", "выполняется";
    JobCancelling: "stopping", "останавливается";
    JobDone: "done", "готово";
    JobFailed: "failed", "ошибка";
    JobCancelled: "cancelled", "остановлена";
    JobInterrupted: "interrupted", "прервана";

    DropRagged: "wrong number of fields", "неверное число полей";
    DropBadEncoding: "broken encoding", "сбой кодировки";
    DropNulByte: "NUL byte", "нулевой байт";
    DropCellTooLarge: "cell too large", "слишком большая ячейка";
    DropEmpty: "no text", "нет текста";
    DropTooShort: "too short", "слишком короткий текст";
    DropTooLong: "too long", "слишком длинный текст";
    DropDuplicate: "duplicate", "дубликат";
    DropOverLimit: "over the row limit", "сверх лимита строк";

    ConfidenceLabelLikelihood: "likelihood of the labels", "правдоподобие меток";
    ConfidenceTokenLogprobs: "token log-probabilities", "вероятности токенов";
    ConfidenceSelfReport: "the model's own estimate", "оценка самой модели";
    ConfidenceAnswerOnly: "answer without a probability", "ответ без вероятности";
    ConfidenceClassifier: "classifier's probability", "вероятность классификатора";
    ConfidenceVote: "several labellers together", "несколько разметчиков вместе";

    FormatXlsx: "Excel (XLSX)", "Excel (XLSX)";
    FormatXls: "Excel 97–2003 (XLS)", "Excel 97–2003 (XLS)";
    FormatOds: "OpenDocument (ODS)", "OpenDocument (ODS)";
    FormatCsv: "CSV", "CSV";
    FormatJson: "JSON", "JSON";
    FormatJsonl: "JSON Lines", "JSON Lines";
    FormatHuggingFace: "Hugging Face folder", "Папка Hugging Face";
    FormatParquet: "Parquet", "Parquet";

    ColumnText: "text", "текст";
    ColumnCategory: "category", "категория";
    ColumnNumber: "number", "число";
    ColumnTime: "time", "время";
    ColumnIdentifier: "identifier", "идентификатор";
    ColumnEmpty: "empty", "пусто";

    SourceImporting: "importing", "импортируется";
    SourceReady: "ready", "готов";

    IncrementAuto: "by what changed", "по изменениям";
    IncrementMajor: "major", "старшая";
    IncrementMinor: "minor", "младшая";
    IncrementPatch: "patch", "исправление";

    ThemeSystem: "As in the system", "Как в системе";
    ThemeLight: "Light", "Светлая";
    ThemeDark: "Dark", "Тёмная";

    LanguageEnglish: "English", "English";
    LanguageRussian: "Русский", "Русский";

    note_domain_left_out(domain: text, available: samples, needed: number):
        "“{domain}” is left out: it has {available}, the minimum is {needed}.",
        "Класс «{domain}» не вошёл: {available}, минимум — {needed}.";
    note_eval_raised(asked: number, used: samples):
        "Eval is larger than asked for, to reach its minimum: {used} instead of {asked}.",
        "Eval больше заданного, чтобы набрать минимум: {used} вместо {asked}.";
    note_eval_below_minimum(needed: number, used: samples):
        "Too few samples for an eval of {needed}: it has {used}, as its minimum takes at most half of all.",
        "Примеров мало для eval в {needed}: там {used}, ведь ради минимума туда уходит не больше половины.";
    note_eval_train_keeps_domains(needed: number, used: samples):
        "Eval has {used} instead of {needed}: every domain keeps at least one sample in train, so a domain with a single sample has none in eval.",
        "В eval {used} вместо {needed}: каждый класс сохраняет в train хотя бы один пример, и класс с единственным примером в eval не попадает.";
    note_eval_together(needed: number, used: samples):
        "Eval has {used} instead of {needed}: samples that must stay together do not fit.",
        "В eval {used} вместо {needed}: неделимые группы примеров туда не помещаются.";
    note_eval_without_time(needed: number, used: samples):
        "Eval has {used} instead of {needed}: too few samples have a time.",
        "В eval {used} вместо {needed}: примеров со временем слишком мало.";
    note_group_too_large(domain: text, used: samples, asked: number, largest: number):
        "“{domain}” has {used} in eval instead of {asked}: samples that must stay together are too many (up to {largest}).",
        "В eval у класса «{domain}» {used} вместо {asked}: неделимая группа слишком велика (до {largest}).";
    note_without_time(samples: samples):
        "Without a time, and therefore in train: {samples}.", "Без времени, поэтому в train: {samples}.";
    note_synthetics_left_out(samples: samples): "Synthetics left out: {samples}.", "Синтетика не вошла: {samples}.";
    note_conflicts_left_out(texts: number):
        "Texts left out because their labels contradict each other: {texts}. Decide on them to take them in.",
        "Не вошли тексты с противоречивыми метками: {texts}. Примите решение по ним, чтобы они вошли.";
}

/// What a person should know of a split.
#[must_use]
pub fn split_note(lang: Language, note: &SplitNote) -> String {
    match note {
        SplitNote::DomainLeftOut { domain, available, needed } => {
            Text::note_domain_left_out(lang, domain, *available, *needed)
        }
        SplitNote::EvalRaised { asked, used } => Text::note_eval_raised(lang, *asked, *used),
        SplitNote::EvalBelowMinimum { needed, used } => Text::note_eval_below_minimum(lang, *needed, *used),
        SplitNote::EvalShort { needed, used, why } => match why {
            EvalLimit::TrainKeepsDomains => Text::note_eval_train_keeps_domains(lang, *needed, *used),
            EvalLimit::Together => Text::note_eval_together(lang, *needed, *used),
            EvalLimit::WithoutTime => Text::note_eval_without_time(lang, *needed, *used),
        },
        SplitNote::ConflictsLeftOut { texts } => Text::note_conflicts_left_out(lang, *texts),
        SplitNote::GroupTooLarge { domain, asked, used, largest } => {
            Text::note_group_too_large(lang, domain, *used, *asked, *largest)
        }
        SplitNote::WithoutTime { samples } => Text::note_without_time(lang, *samples),
        SplitNote::SyntheticsLeftOut { samples } => Text::note_synthetics_left_out(lang, *samples),
    }
}

/// Something found out about a model.
#[must_use]
pub fn model_finding(lang: Language, finding: &ModelFinding) -> String {
    let text = match finding {
        ModelFinding::File { summary } => return summary.clone(),
        ModelFinding::Weights { full: true, bytes, free } => return Text::finding_weights(lang, *bytes, *free),
        ModelFinding::Weights { full: false, bytes, free } => {
            return Text::finding_weights_stored(lang, *bytes, *free);
        }
        ModelFinding::Graphics { name } => return Text::finding_graphics(lang, name),
        ModelFinding::NoGraphics { detail } => return Text::finding_no_graphics(lang, detail),
        ModelFinding::GraphicsTooSmall { name, needed, free } => {
            return Text::finding_graphics_too_small(lang, name, *needed, *free);
        }
        ModelFinding::Context { tokens } => return Text::finding_context(lang, *tokens),
        ModelFinding::Examples { count } => return Text::finding_examples(lang, *count),
        ModelFinding::CrossValidated { permille } => return Text::finding_cross_validated(lang, share(*permille)),
        ModelFinding::RouteBelow { permille } => return Text::finding_route_below(lang, share(*permille)),
        ModelFinding::RouteUnproved => Text::FindingRouteUnproved,
        ModelFinding::RouteKeeps { permille, low, high, of } => {
            return Text::finding_route_keeps(lang, share(*permille), share(*low), share(*high), *of);
        }
        ModelFinding::Member { name, permille } => return Text::finding_member(lang, name, share(*permille)),
        ModelFinding::Models { count } => return Text::finding_models(lang, *count),
        ModelFinding::Embeddings { dimensions } => return Text::finding_embeddings(lang, *dimensions),
        ModelFinding::Grammar => Text::FindingGrammar,
        ModelFinding::GuidedChoice => Text::FindingGuidedChoice,
        ModelFinding::JsonSchema => Text::FindingJsonSchema,
        ModelFinding::Logprobs => Text::FindingLogprobs,
        ModelFinding::NoLogprobs => Text::FindingNoLogprobs,
        ModelFinding::PlainJson => Text::FindingPlainJson,
        ModelFinding::NoEmbeddings => Text::FindingNoEmbeddings,
    };
    crate::t(lang, text).to_owned()
}

/// Thousandths as a share of one.
fn share(permille: u32) -> f64 {
    f64::from(permille) / 1000.0
}

/// A name from the project in the person's language; the other language's, then `fallback`, where it has none.
#[must_use]
pub fn local_text<'a>(lang: Language, text: &'a LocalText, fallback: &'a str) -> &'a str {
    let (first, second) = match lang {
        Language::En => (&text.en, &text.ru),
        Language::Ru => (&text.ru, &text.en),
    };
    [first, second].into_iter().map(|name| name.trim()).find(|name| !name.is_empty()).unwrap_or(fallback)
}
