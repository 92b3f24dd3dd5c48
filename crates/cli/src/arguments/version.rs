//! Versions of datasets.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use contract::DatasetId;
use contract::version::{ChangeFilter, ChangeKind, Checks, CommitSource, Increment, Resolution, VersionStatus};

use super::dataset::DatasetFormatName;

#[derive(Args)]
pub struct Version {
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    #[command(subcommand)]
    pub action: VersionAction,
}

#[derive(Subcommand)]
pub enum VersionAction {
    Commit {
        #[command(flatten)]
        commit: Commit,
        #[arg(long, value_name = "N", conflicts_with = "folder")]
        dataset: Option<i64>,
        #[arg(long, value_name = "FOLDER")]
        folder: Option<PathBuf>,
        #[arg(long, value_name = "V")]
        parent: Option<String>,
        #[arg(long, value_enum, value_name = "STATUS", default_value = "draft")]
        status: StatusName,
        #[command(flatten)]
        promises: Promises,
        #[arg(long)]
        dry_run: bool,
    },
    List,
    Log,
    Show {
        #[arg(value_name = "V")]
        version: String,
    },
    Tag {
        #[arg(value_name = "V", required_unless_present = "remove")]
        version: Option<String>,
        #[arg(value_name = "T", required_unless_present = "remove")]
        tag: Option<String>,
        #[arg(long, value_name = "T", conflicts_with_all = ["version", "tag", "force"])]
        remove: Option<String>,
        #[arg(long)]
        force: bool,
    },
    Status {
        #[arg(value_name = "V")]
        version: String,
        #[arg(value_enum, value_name = "STATUS")]
        status: Option<StatusName>,
    },
    Check {
        #[arg(value_name = "V")]
        version: String,
        #[command(flatten)]
        promises: Promises,
    },
    Current {
        #[arg(value_name = "V")]
        version: String,
    },
    Checkout {
        #[arg(value_name = "V")]
        version: String,
        #[arg(long, value_name = "FOLDER")]
        to: PathBuf,
        #[arg(long, value_enum, value_name = "FORMAT", default_value = "jsonl")]
        format: DatasetFormatName,
        #[arg(long)]
        formula_safe: bool,
    },
    View {
        #[arg(value_name = "V")]
        versions: Vec<String>,
        #[arg(long, value_name = "FOLDER")]
        to: PathBuf,
    },
    Diff {
        #[arg(value_name = "OLDER")]
        from: String,
        #[arg(value_name = "NEWER")]
        to: String,
        #[command(flatten)]
        filter: DiffFilter,
        #[arg(long, value_name = "N", default_value_t = 20)]
        limit: u32,
        #[arg(long, value_name = "N")]
        after: Option<i64>,
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
        #[arg(long, requires = "output")]
        formula_safe: bool,
    },
    Blame {
        #[arg(value_name = "SAMPLE")]
        sample: String,
        #[arg(long, value_name = "V")]
        version: Option<String>,
    },
    Merge(MergeOptions),
    Rollback {
        #[arg(value_name = "V")]
        version: String,
        #[arg(short, long, value_name = "MESSAGE", default_value = "")]
        message: String,
        #[arg(long, value_name = "WHO", default_value = "")]
        author: String,
    },
    Verify,
    Repair {
        #[arg(long, value_name = "FILE")]
        from: PathBuf,
    },
    Gc {
        #[arg(long)]
        dry_run: bool,
    },
    Archive {
        #[arg(value_name = "V")]
        versions: Vec<String>,
        #[arg(long)]
        dry_run: bool,
        #[arg(long, value_name = "N")]
        keep: Option<u64>,
        #[arg(long, value_name = "DAYS")]
        min_age_days: Option<u64>,
        #[arg(long, value_name = "YES|NO")]
        automatic: Option<YesNo>,
    },
    Restore {
        #[arg(value_name = "V")]
        version: String,
    },
    Export {
        #[arg(value_name = "V")]
        versions: Vec<String>,
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    Import {
        #[arg(value_name = "FILE")]
        from: PathBuf,
    },
}

/// What a version is committed with.
#[derive(Args)]
pub struct Commit {
    #[arg(short, long, value_name = "MESSAGE")]
    pub message: String,
    #[arg(long, value_name = "T")]
    pub tag: Option<String>,
    #[arg(long, value_name = "WHO")]
    pub author: Option<String>,
    #[arg(long, value_enum, value_name = "PART", default_value = "auto")]
    pub increment: IncrementName,
}

/// What a version promises.
#[derive(Args)]
pub struct Promises {
    #[arg(long, value_name = "N")]
    pub promise_per_domain: Option<u64>,
    #[arg(long, value_name = "D")]
    pub promise_drift: Option<f64>,
    #[arg(long)]
    pub promise_no_leakage: bool,
    #[arg(long, value_name = "S")]
    pub promise_no_near_duplicates: Option<f64>,
    #[arg(long, value_name = "ALPHA")]
    pub promise_agreement: Option<f64>,
    #[arg(long, value_name = "P")]
    pub promise_reviewed_below: Option<f64>,
    #[arg(long, conflicts_with_all = ["promise_per_domain", "promise_drift", "promise_no_leakage", "promise_no_near_duplicates",
        "promise_agreement", "promise_reviewed_below"])]
    pub promise_nothing: bool,
}

impl Promises {
    /// The contract's form; `None` where nothing was said.
    pub fn checks(&self) -> Option<Checks> {
        let checks = Checks {
            min_per_domain: self.promise_per_domain,
            max_label_drift: self.promise_drift,
            no_leakage: self.promise_no_leakage,
            no_near_duplicates: self.promise_no_near_duplicates,
            min_agreement: self.promise_agreement,
            no_unreviewed_below: self.promise_reviewed_below,
        };
        (self.promise_nothing || !checks.is_empty()).then_some(checks)
    }
}

/// Which changed samples.
#[derive(Args)]
pub struct DiffFilter {
    #[arg(long, value_enum, value_name = "KIND")]
    pub kind: Vec<ChangeName>,
    #[arg(long, value_name = "ID")]
    pub domain: Option<String>,
    #[arg(long, value_name = "WORDS")]
    pub text: Option<String>,
}

impl DiffFilter {
    /// The contract's form.
    pub fn filter(&self) -> ChangeFilter {
        let kinds = self.kind.iter().map(|kind| kind.contract()).collect();
        ChangeFilter { kinds, domain: self.domain.clone(), text: self.text.clone() }
    }
}

#[derive(Args)]
pub struct MergeOptions {
    #[arg(value_name = "OURS")]
    pub ours: String,
    #[arg(value_name = "THEIRS")]
    pub theirs: String,
    #[arg(short, long, value_name = "MESSAGE", default_value = "")]
    pub message: String,
    #[arg(long, value_name = "WHO", default_value = "")]
    pub author: String,
    #[arg(long, value_enum, value_name = "PART", default_value = "auto")]
    pub increment: IncrementName,
    #[arg(long, value_enum, value_name = "SIDE")]
    pub take: Option<SideName>,
    #[arg(long, value_name = "FILE")]
    pub resolve: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub conflicts: Option<PathBuf>,
    #[arg(long, requires = "conflicts")]
    pub formula_safe: bool,
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum SideName {
    Ours,
    Theirs,
    Base,
}

impl SideName {
    /// The contract's form.
    pub fn contract(self) -> Resolution {
        match self {
            Self::Ours => Resolution::Ours,
            Self::Theirs => Resolution::Theirs,
            Self::Base => Resolution::Base,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
pub enum StatusName {
    Draft,
    Stable,
    Deprecated,
}

impl StatusName {
    /// The contract's form.
    pub fn contract(self) -> VersionStatus {
        match self {
            Self::Draft => VersionStatus::Draft,
            Self::Stable => VersionStatus::Stable,
            Self::Deprecated => VersionStatus::Deprecated,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
pub enum ChangeName {
    Added,
    Removed,
    Relabelled,
    TextChanged,
    Moved,
    Details,
}

impl ChangeName {
    fn contract(self) -> ChangeKind {
        match self {
            Self::Added => ChangeKind::Added,
            Self::Removed => ChangeKind::Removed,
            Self::Relabelled => ChangeKind::Relabelled,
            Self::TextChanged => ChangeKind::TextChanged,
            Self::Moved => ChangeKind::Moved,
            Self::Details => ChangeKind::Details,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum YesNo {
    Yes,
    No,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum IncrementName {
    Auto,
    Major,
    Minor,
    Patch,
}

impl IncrementName {
    /// The contract's form.
    pub fn contract(self) -> Increment {
        match self {
            Self::Auto => Increment::Auto,
            Self::Major => Increment::Major,
            Self::Minor => Increment::Minor,
            Self::Patch => Increment::Patch,
        }
    }
}

/// What is to be committed: a dataset by number, a folder, or the latest dataset.
pub fn commit_source(dataset: Option<i64>, folder: Option<String>) -> CommitSource {
    match (dataset, folder) {
        (_, Some(folder)) => CommitSource::Folder(folder),
        (Some(id), None) => CommitSource::Dataset(DatasetId(id)),
        (None, None) => CommitSource::Latest,
    }
}
