//! The error that crosses a border.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Declares the error codes once: the enum, its wire form and the list of all.
macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident,)*) => {
        /// What went wrong, stable on the wire. The catalogue has a message and a hint for each, in both languages;
        /// the parameters that a message uses are named in the variant's documentation.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum ErrorCode {
            $($(#[$doc])* $code,)*
        }

        impl ErrorCode {
            /// Every code, for tests that walk the catalogue.
            pub const ALL: &'static [ErrorCode] = &[$(ErrorCode::$code,)*];
        }
    };
}

codes! {
    // Files
    /// The file or folder does not exist.
    FileMissing,
    /// A folder was given where a file is wanted.
    FileIsDirectory,
    /// The file has no rows.
    FileEmpty,
    /// The operating system refused to read it. `detail`.
    FileUnreadable,
    /// A workbook with a password.
    FileProtected,
    /// The file is cut or damaged. `format`, `detail`.
    FileDamaged,
    /// None of the formats that can be read.
    FormatUnknown,
    /// The name says one format, the content is not that. `format`.
    FormatMismatch,
    /// A row has another number of fields than the header. `expected`, `found`.
    RowRagged,
    /// A quote that is opened in this row and never closed.
    QuoteUnclosed,
    /// Bytes that are not text in the file's encoding. `encoding`.
    EncodingInvalid,
    /// An encoding name that is not known. `encoding`.
    EncodingUnknown,
    /// A NUL byte inside a text.
    NulByte,
    /// A cell larger than the limit. `size`, `limit` (bytes).
    CellTooLarge,
    /// JSON that does not parse or has another shape than the known ones. `detail`.
    JsonMalformed,
    /// No such sheet in the workbook. `sheet`, `sheets`.
    SheetMissing,
    /// No such column. `column`, `columns`.
    ColumnMissing,
    /// No column could be taken for the text. `columns`.
    TextColumnUnknown,
    /// A delimiter that is not one character. `delimiter`.
    DelimiterInvalid,
    // Projects and disk
    /// The folder holds no project.
    ProjectMissing,
    /// The folder already holds a project.
    ProjectExists,
    /// Another process writes to the project. `pid`.
    ProjectLocked,
    /// The project was written by a newer Winnow. `found`, `known`.
    ProjectTooNew,
    /// The project's store is damaged. `detail`.
    ProjectDamaged,
    /// A write call on a project that was opened for reading.
    ProjectReadOnly,
    /// The folder can't be written to. `detail`.
    FolderUnwritable,
    /// The folder has something in it and must be empty.
    FolderNotEmpty,
    /// No space left on the disk.
    DiskFull,
    // Schema
    /// The project has no label schema yet.
    SchemaMissing,
    /// A schema without domains.
    SchemaEmpty,
    /// Two domains with one id. `id`.
    SchemaDuplicateId,
    /// Two domains with one hotkey. `hotkey`, `first`, `second`.
    SchemaDuplicateHotkey,
    /// A schema file that can't be understood. `detail`.
    SchemaMalformed,
    /// No item has a label to take a schema from.
    SchemaNoLabels,
    /// No such domain. `domain`.
    DomainUnknown,
    // Models
    /// No model of that name. `name`.
    ModelMissing,
    /// A model of that name is there already. `name`.
    ModelExists,
    /// The file is not GGUF.
    ModelNotGguf,
    /// The model's file is cut or damaged. `detail`.
    ModelDamaged,
    /// An architecture that is not supported. `architecture`, `supported`.
    ModelArchitecture,
    /// A tokenizer that is not supported. `tokenizer`.
    ModelTokenizer,
    /// A chat template that is not supported. `detail`.
    ModelTemplate,
    /// The model needs more memory than is free. `needed`, `free` (bytes).
    ModelTooLarge,
    /// The model's computation failed. `detail`.
    ModelFailed,
    /// The server can't be reached, or was lost on the way. `server`, `detail`.
    ServerUnreachable,
    /// The server refused the key. `server`, `status`.
    ServerRefused,
    /// The server doesn't have this model. `server`, `model`, `models`.
    ServerModelMissing,
    /// What answers there is not an OpenAI-compatible server. `server`, `detail`.
    ServerNotApi,
    /// The server says that it doesn't have this model, or not any more. `server`, `model`, `detail`.
    ServerModelGone,
    /// The server is there and has not loaded its model yet. `server`.
    ServerLoading,
    /// No answer came in time. `server`, `seconds`.
    ServerTimedOut,
    /// The server sends everybody to another address. `server`, `target`.
    ServerRedirects,
    /// The account has no money or quota left. `server`, `status`, `detail`.
    ServerQuota,
    /// The server failed again and again. `server`, `status`, `detail`.
    ServerFailed,
    /// An address that is not http or https. `server`.
    ServerAddress,
    /// The key's environment variable is not set. `variable`.
    KeyMissing,
    /// The operating system's keyring failed. `detail`.
    KeyringFailed,
    /// The text is longer than the model's context. `tokens`, `limit`.
    TextTooLong,
    /// The model's answer was not one of the labels. `answer`.
    AnswerInvalid,
    /// The model's answer was too long to be one of the labels. `limit` (bytes).
    AnswerTooLong,
    /// The model has answered often enough, and with a label not once. `name`, `count`, `answer`.
    AnswersUseless,
    /// A labeller that others ask can't be removed. `name`, `by`.
    ModelInUse,
    /// A labeller would ask itself. `name`.
    LabellerCircular,
    /// No encoder in the model folders or under the path. `folders`.
    EncoderMissing,
    /// Too few examples to learn or to calibrate from. `found`, `needed`.
    ExamplesTooFew,
    /// No such comparison. `id`.
    ComparisonMissing,
    // Jobs
    /// No such job. `job`.
    JobMissing,
    /// The job is over and can't be cancelled or resumed. `job`.
    JobOver,
    /// The job was cancelled.
    Cancelled,
    // Items and review
    /// No such item. `item`.
    ItemMissing,
    /// The item has no prediction or label that could be approved. `item`.
    NothingToApprove,
    /// There is no decision of this reviewer to take back. `reviewer`.
    NothingToUndo,
    /// A filter that can't be understood. `filter`, `detail`.
    FilterMalformed,
    /// The reviewer's name is empty.
    ReviewerMissing,
    // Datasets and versions
    /// No dataset has been written yet.
    DatasetMissing,
    /// Nothing to write: no item has a label that is trusted.
    DatasetEmpty,
    /// The settings can't be honoured. `detail`.
    DatasetImpossible,
    /// No such version. `version`.
    VersionMissing,
    /// The tag is taken. `tag`.
    TagExists,
    /// A version's content doesn't match its hashes. `version`, `detail`.
    VersionDamaged,
    /// Nothing changed since the last version. `version`.
    VersionUnchanged,
    /// The version's rows lie in an archive. `version`.
    VersionArchived,
    /// No such tag. `tag`.
    TagMissing,
    /// A tag that is no name for one. `tag`.
    TagInvalid,
    /// A beginning of an id that several versions share. `version`.
    VersionAmbiguous,
    /// Two versions that don't come from one. `first`, `second`.
    MergeUnrelated,
    /// What a person chose in a merge is not as it was written.
    MergeChoicesDamaged,
    /// Conflicts that nobody has resolved. `count`.
    MergeConflicts,
    /// A conflict can't end with a label that neither the schema nor either version has. `label`, `labels`.
    MergeLabelUnknown,
    /// No sample with that id or text in any version. `sample`.
    SampleMissing,
    /// A line of a dataset's file is not JSON, or not an object of a sample's fields. `detail`.
    SampleMalformed,
    /// A line of a dataset's file has no text.
    SampleWithoutText,
    /// A line of a dataset's file has no label.
    SampleWithoutLabel,
    /// A line of a dataset's file has a confidence beyond 1. `confidence`.
    SampleConfidence,
    /// An exported file that is not to be trusted. `detail`.
    ExportHostile,
    /// Another process works on the version store. `detail`.
    VersionsBusy,
    // The rest
    /// A value out of its range. `name`, `value`, `detail`.
    ArgumentInvalid,
    /// A value that is missing or empty. `name`.
    ArgumentEmpty,
    /// A defect of the program. `detail`.
    Internal,
}

/// Where it happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// File or folder.
    pub file: Option<String>,
    /// Line of the table, counted as a person counts: the header is row 1 and the first record row 2 (JSON and
    /// Parquet, which have no header: the first record is row 1).
    pub row: Option<u64>,
    /// Column, by name.
    pub column: Option<String>,
}

/// An error on the wire: rendered in the person's language by the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallError {
    /// What went wrong.
    pub code: ErrorCode,
    /// What the message needs to know, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
    /// Where it happened.
    #[serde(default)]
    pub place: Place,
}

impl CallError {
    /// An error with no parameters and no place.
    pub fn new(code: ErrorCode) -> Self {
        Self { code, params: BTreeMap::new(), place: Place::default() }
    }

    /// Adds a parameter for the message.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }

    /// Names the file or folder.
    #[must_use]
    pub fn in_file(mut self, file: impl ToString) -> Self {
        self.place.file = Some(file.to_string());
        self
    }

    /// Names the row, as a person counts (see [`Place::row`]).
    #[must_use]
    pub fn at_row(mut self, row: u64) -> Self {
        self.place.row = Some(row);
        self
    }

    /// Names the column.
    #[must_use]
    pub fn in_column(mut self, column: impl ToString) -> Self {
        self.place.column = Some(column.to_string());
        self
    }

    /// Classifies an I/O error about `file`: missing, a folder, no right to read, a full disk.
    pub fn from_io(error: &std::io::Error, file: impl ToString, writing: bool) -> Self {
        use std::io::ErrorKind as Kind;
        let code = match error.kind() {
            Kind::NotFound if !writing => ErrorCode::FileMissing,
            Kind::IsADirectory => ErrorCode::FileIsDirectory,
            Kind::StorageFull | Kind::QuotaExceeded => ErrorCode::DiskFull,
            _ if writing => ErrorCode::FolderUnwritable,
            _ => ErrorCode::FileUnreadable,
        };
        Self::new(code).with("detail", error).in_file(file)
    }
}

impl std::fmt::Display for CallError {
    /// For logs; people read the catalogue's message.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.code)?;
        for (name, value) in &self.params {
            write!(f, " {name}={value}")?;
        }
        if let Some(file) = &self.place.file {
            write!(f, " file={file}")?;
        }
        if let Some(row) = self.place.row {
            write!(f, " row={row}")?;
        }
        Ok(())
    }
}

impl std::error::Error for CallError {}
