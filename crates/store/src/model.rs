//! The table of the project's models.

use std::path::Path;

use contract::model::{ModelEntry, ModelSpec};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::store::Durability;
use crate::{Result, Store, StoreError};

const COLUMNS: &str = "SELECT name, spec, added, summary FROM models";

impl Store {
    /// The models by name. [`ModelEntry::present`] is looked up now.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn models(&self) -> Result<Vec<ModelEntry>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached(&format!("{COLUMNS} ORDER BY name"))?;
            let rows: Vec<_> = query.query_map([], stored)?.collect::<rusqlite::Result<_>>()?;
            rows.into_iter().map(entry).collect()
        })
    }

    /// One model.
    ///
    /// # Errors
    /// [`crate::StoreError::ModelMissing`].
    pub fn model(&self, name: &str) -> Result<ModelEntry> {
        self.read(|connection| {
            find(connection, name)?.map(entry).unwrap_or_else(|| Err(StoreError::ModelMissing(name.to_owned())))
        })
    }

    /// Adds a model.
    ///
    /// # Errors
    /// [`crate::StoreError::ModelExists`].
    pub fn add_model(&self, model: &ModelEntry) -> Result<()> {
        self.write(Durability::Crash, |transaction| {
            if find(transaction, &model.name)?.is_some() {
                return Err(StoreError::ModelExists(model.name.clone()));
            }
            let spec = serde_json::to_string(&model.spec)?;
            transaction
                .prepare_cached("INSERT INTO models (name, spec, added, summary) VALUES (?1, ?2, ?3, ?4)")?
                .execute((&model.name, spec, model.added, &model.summary))?;
            Ok(())
        })
    }

    /// Takes a model out; its predictions stay.
    ///
    /// # Errors
    /// [`crate::StoreError::ModelMissing`].
    pub fn remove_model(&self, name: &str) -> Result<()> {
        self.write(Durability::Crash, |transaction| {
            match transaction.prepare_cached("DELETE FROM models WHERE name = ?1")?.execute([name])? {
                0 => Err(StoreError::ModelMissing(name.to_owned())),
                _ => Ok(()),
            }
        })
    }
}

type Stored = (String, String, i64, String);

fn stored(row: &Row<'_>) -> rusqlite::Result<Stored> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
}

fn find(connection: &Connection, name: &str) -> Result<Option<Stored>> {
    let mut query = connection.prepare_cached(&format!("{COLUMNS} WHERE name = ?1"))?;
    Ok(query.query_row([name], stored).optional()?)
}

fn entry((name, spec, added, summary): Stored) -> Result<ModelEntry> {
    let spec: ModelSpec = serde_json::from_str(&spec)?;
    let present = match &spec {
        ModelSpec::Gguf { path } => Path::new(path).is_file(),
        ModelSpec::Classifier { encoder, .. } => Path::new(encoder).is_dir(),
        ModelSpec::Server { .. } | ModelSpec::Route { .. } | ModelSpec::Ensemble { .. } => true,
    };
    Ok(ModelEntry { name, spec, added, present, summary })
}
