//! Words for the contract's enums about datasets and versions.

use contract::dataset::{Balance, SplitBy, Synthetics, TimeSpan};
use contract::version::{ChangeKind, CheckKind, ProblemKind, Split, VersionPlot, VersionStatus};

use super::words::{Worded, worded};
use crate::Text;
use crate::macros::texts;

worded! {
    VersionStatus {
        Draft => VersionDraft,
        Stable => VersionStable,
        Deprecated => VersionDeprecated,
    }
    ChangeKind {
        Added => ChangeAdded,
        Removed => ChangeRemoved,
        Relabelled => ChangeRelabelled,
        TextChanged => ChangeText,
        Moved => ChangeMoved,
        Details => ChangeDetails,
    }
    Split {
        Train => SplitTrain,
        Eval => SplitEvalPart,
    }
    CheckKind {
        MinPerDomain => CheckMinPerDomain,
        LabelDrift => CheckLabelDrift,
        Leakage => CheckLeakage,
        NearDuplicates => CheckNearDuplicates,
        Agreement => CheckAgreement,
        Unreviewed => CheckUnreviewed,
    }
    ProblemKind {
        Damaged => ProblemDamaged,
        Missing => ProblemMissing,
        Unreadable => ProblemUnreadable,
        Redundant => ProblemRedundant,
    }
    Balance {
        None => BalanceNone,
        Smallest => BalanceSmallest,
        Weights => BalanceWeights,
        Oversample => BalanceOversample,
    }
    SplitBy {
        Chance => SplitByChance,
        Time => SplitByTime,
    }
    TimeSpan {
        Hour => SpanHour,
        Day => SpanDay,
        Week => SpanWeek,
        Month => SpanMonth,
    }
    Synthetics {
        Train => SyntheticsTrain,
        Both => SyntheticsBoth,
        LeftOut => SyntheticsLeftOut,
    }
    VersionPlot {
        Domains => VersionPlotDomains,
        Lengths => VersionPlotLengths,
        Confidences => VersionPlotConfidences,
    }
}

texts! {
    VersionDraft: "draft", "черновик";
    VersionStable: "stable", "стабильная";
    VersionDeprecated: "deprecated", "устаревшая";

    ChangeAdded: "added", "добавлено";
    ChangeRemoved: "removed", "убрано";
    ChangeRelabelled: "relabelled", "сменили метку";
    ChangeText: "text changed", "изменён текст";
    ChangeMoved: "moved", "сменили часть";
    ChangeDetails: "other details", "прочие сведения";

    CheckMinPerDomain: "Samples of each domain", "Примеров в каждом классе";
    CheckLabelDrift: "Drift of the labels from the parent", "Сдвиг меток от родителя";
    CheckLeakage: "No text in both train and eval", "Нет общих текстов в train и eval";
    CheckNearDuplicates: "No near-duplicates across train and eval", "Нет почти-дубликатов между train и eval";
    CheckAgreement: "Agreement of the reviewers", "Согласие проверяющих";
    CheckUnreviewed: "Low confidence only with a decision", "Низкая уверенность только с решением";

    ProblemDamaged: "bytes don't match their hash", "байты не сходятся с хешем";
    ProblemMissing: "is missing", "отсутствует";
    ProblemUnreadable: "can't be read", "не читается";
    ProblemRedundant: "not as it was written, but no version needs it: clearing (gc) removes it, and it is made again",
        "не тот, что был записан, но версиям не нужен: очистка (gc) его уберёт, и он будет сделан заново";

    BalanceNone: "As they are", "Как есть";
    BalanceSmallest: "Cut to the smallest", "Урезать до наименьшего";
    BalanceWeights: "Weight column", "Столбец весов";
    BalanceOversample: "Repeat small ones in train", "Повторять малые в train";

    SplitByChance: "Chance", "Случайно";
    SplitByTime: "Time", "По времени";

    SpanHour: "an hour", "час";
    SpanDay: "a day", "сутки";
    SpanWeek: "a week", "неделя";
    SpanMonth: "a month", "месяц";

    SyntheticsTrain: "In train alone", "Только в train";
    SyntheticsBoth: "Beside their parent", "Рядом с исходным примером";
    SyntheticsLeftOut: "Nowhere", "Не брать";

    VersionPlotDomains: "Domains", "Классы";
    VersionPlotLengths: "Lengths", "Длины";
    VersionPlotConfidences: "Confidence", "Уверенность";
}
