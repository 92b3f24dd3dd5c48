//! Numbers under which enumerations of the contract are stored. Never renumbered.

use contract::item::ItemStatus;
use contract::job::{JobKind, JobState, JobUnit};
use contract::label::ConfidenceSource;
use contract::review::{Priority, ReviewReason};
use contract::source::DropReason;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

/// An enumeration that is stored as a number.
pub(crate) trait Coded: Copy + 'static {
    /// Every value with its number.
    const CODES: &'static [(Self, i64)];

    fn code(self) -> i64;

    fn from_code(code: i64) -> Option<Self> {
        Self::CODES.iter().find(|(_, known)| *known == code).map(|(value, _)| *value)
    }
}

/// A value of an enumeration on its way to or from SQLite.
pub(crate) struct Code<T>(pub(crate) T);

impl<T: Coded> ToSql for Code<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.code().into())
    }
}

impl<T: Coded> FromSql for Code<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let code = value.as_i64()?;
        T::from_code(code).map(Code).ok_or(FromSqlError::OutOfRange(code))
    }
}

macro_rules! codes {
    ($($type:ident { $($variant:ident = $code:literal,)* })*) => {$(
        impl Coded for $type {
            const CODES: &'static [(Self, i64)] = &[$(($type::$variant, $code),)*];

            fn code(self) -> i64 {
                match self { $($type::$variant => $code,)* }
            }
        }
    )*};
}
pub(crate) use codes;

codes! {
    ItemStatus { New = 0, Confident = 1, Waiting = 2, Skipped = 3, Approved = 4, Corrected = 5, Rejected = 6, }
    Priority { Low = 0, Medium = 1, High = 2, Critical = 3, }
    ReviewReason { Unsure = 0, Disagreement = 1, OutsideSchema = 2, NoDomain = 3, LabellersDisagree = 4, Sample = 5, }
    ConfidenceSource { LabelLikelihood = 0, TokenLogprobs = 1, SelfReport = 2, AnswerOnly = 3, Classifier = 4, Vote = 5, }
    DropReason {
        Ragged = 0, BadEncoding = 1, NulByte = 2, CellTooLarge = 3, Empty = 4, TooShort = 5, TooLong = 6, Duplicate = 7,
        OverLimit = 8,
    }
    JobKind {
        Import = 0, Label = 1, Write = 2, Commit = 3, Checkout = 4, Train = 5, Calibrate = 6, Compare = 7, Rollback = 8, Merge = 9,
        Check = 10, Status = 11, View = 12, Verify = 13, Repair = 14, Collect = 15, Archive = 16, Restore = 17,
        ExportVersions = 18, ImportVersions = 19,
    }
    JobState {
        Queued = 0, Running = 1, Cancelling = 2, Done = 3, Failed = 4, Cancelled = 5, Interrupted = 6,
    }
    JobUnit { Rows = 0, Bytes = 1, Items = 2, Samples = 3, }
}
