//! The tables of trained classifiers and of calibrations: appended, the latest holds.

use contract::UnixMillis;
use contract::confidence::CalibrationReport;
use contract::labeller::TrainingReport;
use rusqlite::OptionalExtension;

use crate::store::Durability;
use crate::{Result, Store};

/// So many earlier classifiers of a model are kept, so that predictions can be repeated.
const KEPT: i64 = 10;

/// A classifier as it was trained.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainedClassifier {
    /// Number.
    pub id: i64,
    /// Of what it was trained on and how: the same fingerprint, the same classifier.
    pub fingerprint: String,
    /// The classifier, as its writer wrote it.
    pub head: String,
    /// What the training showed.
    pub report: TrainingReport,
    /// When.
    pub at: UnixMillis,
}

/// A labeller's calibration.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredCalibration {
    /// Number.
    pub id: i64,
    /// The calibration, as its writer wrote it.
    pub calibration: String,
    /// What it showed.
    pub report: CalibrationReport,
}

impl Store {
    /// The latest classifier of a model.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn classifier(&self, model: &str) -> Result<Option<TrainedClassifier>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT id, fingerprint, head, report, at FROM classifiers WHERE model = ?1 ORDER BY id DESC LIMIT 1",
            )?;
            let found: Option<(i64, String, String, String, i64)> = query
                .query_row([model], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))
                .optional()?;
            let Some((id, fingerprint, head, report, at)) = found else { return Ok(None) };
            Ok(Some(TrainedClassifier { id, fingerprint, head, report: serde_json::from_str(&report)?, at }))
        })
    }

    /// Keeps a classifier as the latest of its model; answers its number.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], [`crate::StoreError::DiskFull`].
    pub fn store_classifier(
        &self,
        model: &str,
        fingerprint: &str,
        head: &str,
        report: &TrainingReport,
        now: UnixMillis,
    ) -> Result<i64> {
        self.write(Durability::Crash, |transaction| {
            let report = serde_json::to_string(report)?;
            transaction
                .prepare_cached(
                    "INSERT INTO classifiers (model, fingerprint, head, report, at) VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute((model, fingerprint, head, report, now))?;
            let id = transaction.last_insert_rowid();
            transaction
                .prepare_cached(
                    "DELETE FROM classifiers WHERE model = ?1 AND id NOT IN
                     (SELECT id FROM classifiers WHERE model = ?1 ORDER BY id DESC LIMIT ?2)",
                )?
                .execute((model, KEPT))?;
            Ok(id)
        })
    }

    /// The latest calibration of a labeller.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn calibration(&self, model: &str) -> Result<Option<StoredCalibration>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT id, calibration, report FROM calibrations WHERE model = ?1 ORDER BY id DESC LIMIT 1",
            )?;
            let found: Option<(i64, String, String)> =
                query.query_row([model], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
            let Some((id, calibration, report)) = found else { return Ok(None) };
            Ok(Some(StoredCalibration { id, calibration, report: serde_json::from_str(&report)? }))
        })
    }

    /// Keeps a calibration as the latest of its labeller; answers its number.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], [`crate::StoreError::DiskFull`].
    pub fn store_calibration(&self, calibration: &str, report: &CalibrationReport) -> Result<i64> {
        self.write(Durability::Crash, |transaction| {
            transaction
                .prepare_cached("INSERT INTO calibrations (model, calibration, report, at) VALUES (?1, ?2, ?3, ?4)")?
                .execute((&report.model, calibration, serde_json::to_string(report)?, report.at))?;
            Ok(transaction.last_insert_rowid())
        })
    }
}
