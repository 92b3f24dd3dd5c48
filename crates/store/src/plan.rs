//! The plan of a labelling job: which items it has still to label.

use contract::label::LabelScope;
use contract::{ItemId, JobId};
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};

use crate::count::{self, Kind};
use crate::filter::Selection;
use crate::store::Durability;
use crate::{Result, Store, prediction, project};

/// What a labelling job is to do.
#[derive(Clone, Copy, Debug)]
pub struct LabelPlan<'a> {
    /// Which items.
    pub scope: &'a LabelScope,
    /// The model's name.
    pub model: &'a str,
    /// Version of the prompt; items that have a prediction of this model and prompt version are left out.
    pub prompt_version: &'a str,
}

/// An item that a labelling job has to label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemToLabel {
    /// Number.
    pub id: ItemId,
    /// Its text.
    pub text: String,
    /// Label it came with.
    pub label: Option<String>,
}

impl Store {
    /// Chooses the items of a labelling job once, so that resuming labels the same ones, and answers how many. A second call for
    /// the same job keeps the first choice and answers what is left.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], or whatever SQLite says.
    pub fn plan_labelling(&self, job: JobId, plan: &LabelPlan<'_>) -> Result<u64> {
        self.write(Durability::Crash, |transaction| {
            let done = format!("planned.{job}");
            if project::get::<bool>(transaction, &done)?.is_none() {
                choose(transaction, job, plan)?;
                project::set(transaction, &done, &true)?;
            }
            let mut query = transaction.prepare_cached("SELECT COUNT(*) FROM planned WHERE job = ?1")?;
            Ok(query.query_row([job.0], |row| row.get(0))?)
        })
    }

    /// The next items of the plan after `after`, by number. Items leave the plan as their predictions are stored, so `None` starts
    /// with what is left; those that failed are in it until the job ends.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn items_to_label(&self, job: JobId, after: Option<ItemId>, count: u32) -> Result<Vec<ItemToLabel>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT i.id, i.text, (SELECT text FROM terms WHERE id = i.label)
                 FROM planned p JOIN items i ON i.id = p.item WHERE p.job = ?1 AND p.item > ?2 ORDER BY p.item LIMIT ?3",
            )?;
            let rows = query.query_map((job.0, after.map_or(i64::MIN, |after| after.0), count), item_to_label)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Texts of items drawn at random with a seed.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn sample_items(&self, count: u32, seed: u64) -> Result<Vec<(ItemId, String)>> {
        self.read(|connection| {
            let mut query =
                connection.prepare_cached("SELECT id, text FROM items ORDER BY sample_key(id, ?1), id LIMIT ?2")?;
            let rows = query.query_map((seed.cast_signed(), count), |row| Ok((ItemId(row.get(0)?), row.get(1)?)))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Items to try a model on: the first of the most frequent labels, or the first at all where none has a label.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn items_to_try(&self, count: u32) -> Result<Vec<ItemToLabel>> {
        self.read(|connection| {
            let mut of_label = connection.prepare_cached(
                "SELECT i.id, i.text, t.text FROM items i JOIN terms t ON t.id = i.label WHERE t.text = ?1 ORDER BY i.id LIMIT 1",
            )?;
            let labels = count::most_frequent(connection, Kind::Label, count)?;
            let mut items: Vec<ItemToLabel> =
                labels.iter().filter_map(|(label, _)| of_label.query_row([label], item_to_label).ok()).collect();
            let mut first = connection.prepare_cached(
                "SELECT i.id, i.text, (SELECT text FROM terms WHERE id = i.label) FROM items i ORDER BY i.id LIMIT ?1",
            )?;
            for item in first.query_map([count.saturating_mul(2)], item_to_label)? {
                let item = item?;
                if items.len() < count as usize && items.iter().all(|known| known.id != item.id) {
                    items.push(item);
                }
            }
            Ok(items)
        })
    }
}

/// Writes the plan: what matches the filter, belongs to a complete source and has no prediction of this labeller.
fn choose(connection: &Connection, job: JobId, plan: &LabelPlan<'_>) -> Result<()> {
    let labeller = prediction::labeller(connection, plan.model, plan.prompt_version)?;
    let mut selection = Selection::of(connection, &plan.scope.filter)?;
    selection.conditions.push("i.source IN (SELECT id FROM sources WHERE state = 1)".to_owned());
    selection
        .conditions
        .push("NOT EXISTS (SELECT 1 FROM predictions p WHERE p.item = i.id AND p.labeller = ?)".to_owned());
    selection.values.push(Value::Integer(labeller));
    let tail = selection.tail();
    let mut sql = format!("INSERT INTO planned (job, item) SELECT {job}, i.id {tail}");
    if let (Some(_), Some(seed)) = (plan.scope.limit, plan.scope.sample_seed) {
        sql.push_str(" ORDER BY sample_key(i.id, ?)");
        selection.values.push(Value::Integer(seed.cast_signed()));
    } else {
        sql.push_str(&format!(" ORDER BY {}", selection.key));
    }
    if let Some(limit) = plan.scope.limit {
        sql.push_str(" LIMIT ?");
        selection.values.push(Value::Integer(i64::try_from(limit).unwrap_or(i64::MAX)));
    }
    connection.prepare(&sql)?.execute(params_from_iter(&selection.values))?;
    Ok(())
}

fn item_to_label(row: &Row<'_>) -> rusqlite::Result<ItemToLabel> {
    Ok(ItemToLabel { id: ItemId(row.get(0)?), text: row.get(1)?, label: row.get(2)? })
}

/// Forgets the plan of a job that is done.
pub(crate) fn forget(connection: &Connection, job: JobId) -> Result<()> {
    connection.prepare_cached("DELETE FROM planned WHERE job = ?1")?.execute([job.0])?;
    connection.prepare_cached("DELETE FROM project WHERE name = ?1")?.execute([format!("planned.{job}")])?;
    Ok(())
}
