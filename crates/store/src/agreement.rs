//! Agreement of predictions with the labels that items came with.

use contract::label::AgreementReport;

use crate::{Result, Store};

impl Store {
    /// How far the latest predictions agree with the labels that items came with, from the counters.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn agreement(&self) -> Result<AgreementReport> {
        unimplemented!()
    }
}
