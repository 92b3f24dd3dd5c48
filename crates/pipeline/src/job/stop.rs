//! Why a job ends before its work is done.

use contract::{CallError, ErrorCode};
use store::StoreError;
use versions::VersionError;

/// Why a job ends before its work is done.
#[derive(Debug)]
pub enum Stop {
    /// It was asked to.
    Cancelled,
    /// Something is wrong; after the cause is gone the job can be resumed.
    Failed(CallError),
}

impl From<CallError> for Stop {
    fn from(error: CallError) -> Self {
        if error.code == ErrorCode::Cancelled { Self::Cancelled } else { Self::Failed(error) }
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        CallError::from(error).into()
    }
}

impl From<VersionError> for Stop {
    fn from(error: VersionError) -> Self {
        CallError::from(error).into()
    }
}
