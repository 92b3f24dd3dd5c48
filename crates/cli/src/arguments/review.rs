//! The queue and its decisions.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use contract::ItemId;
use contract::review::{Action, ReviewStatus};

#[derive(Args)]
pub struct Review {
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    #[command(subcommand)]
    pub action: ReviewAction,
}

#[derive(Subcommand)]
pub enum ReviewAction {
    List {
        #[arg(long, value_enum, value_name = "STATUS")]
        status: Option<StatusName>,
        #[arg(long, value_name = "N", default_value_t = 50)]
        limit: u64,
        #[arg(long, value_name = "ID")]
        after: Option<i64>,
    },
    Next {
        #[arg(long, value_name = "N", default_value_t = 1)]
        count: u32,
    },
    Decide {
        #[arg(value_name = "ID")]
        id: ItemId,
        #[command(flatten)]
        verdict: Verdict,
        #[arg(long, value_name = "WHO")]
        reviewer: String,
    },
    Undo {
        #[arg(long, value_name = "WHO")]
        reviewer: String,
    },
    Import {
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[arg(long, value_name = "WHO")]
        reviewer: String,
    },
    Sample {
        #[arg(value_name = "N")]
        count: u64,
        #[arg(long, value_name = "FILTER")]
        filter: Option<String>,
        #[arg(long, value_name = "S", default_value_t = 1)]
        seed: u64,
    },
    Export {
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct Verdict {
    #[arg(long)]
    approve: bool,
    #[arg(long, value_name = "DOMAIN")]
    correct: Option<String>,
    #[arg(long)]
    skip: bool,
    #[arg(long)]
    reject: bool,
}

impl Verdict {
    /// The one that was given (the parser sees to it that it is one).
    pub fn action(self) -> Action {
        match self {
            Self { correct: Some(domain), .. } => Action::Correct { domain },
            Self { skip: true, .. } => Action::Skip,
            Self { reject: true, .. } => Action::Reject,
            Self { .. } => Action::Approve,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
pub enum StatusName {
    Pending,
    InReview,
    Approved,
    Corrected,
    Skipped,
    Rejected,
}

impl StatusName {
    /// The contract's form.
    pub fn contract(self) -> ReviewStatus {
        match self {
            Self::Pending => ReviewStatus::Pending,
            Self::InReview => ReviewStatus::InReview,
            Self::Approved => ReviewStatus::Approved,
            Self::Corrected => ReviewStatus::Corrected,
            Self::Skipped => ReviewStatus::Skipped,
            Self::Rejected => ReviewStatus::Rejected,
        }
    }
}
