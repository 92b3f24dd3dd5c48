//! The table of items' vectors.

use std::collections::HashMap;

use contract::ItemId;
use half::f16;
use half::slice::HalfFloatSliceExt;
use rusqlite::{Connection, OptionalExtension};

use crate::store::Durability;
use crate::{Result, Store};

impl Store {
    /// Keeps vectors of an encoder; each has `dimensions` numbers and unit length. They are kept in half precision, which moves a
    /// cosine by less than 0.0001. A vector of an item that has one is replaced.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], [`crate::StoreError::DiskFull`].
    pub fn store_vectors(&self, encoder: &str, dimensions: usize, vectors: &[(ItemId, Vec<f32>)]) -> Result<()> {
        self.write(Durability::Crash, |transaction| {
            let encoder = encoder_number(transaction, encoder, dimensions)?;
            let mut insert = transaction
                .prepare_cached("INSERT OR REPLACE INTO vectors (encoder, item, vector) VALUES (?1, ?2, ?3)")?;
            for (item, vector) in vectors {
                insert.execute((encoder, item.0, bytes(vector)))?;
            }
            Ok(())
        })
    }

    /// The vectors that there are of some items.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn vectors(&self, encoder: &str, items: &[ItemId]) -> Result<HashMap<ItemId, Vec<f32>>> {
        self.read(|connection| {
            let Some(encoder) = find_encoder(connection, encoder)? else { return Ok(HashMap::new()) };
            let mut query = connection.prepare_cached("SELECT vector FROM vectors WHERE encoder = ?1 AND item = ?2")?;
            let mut found = HashMap::with_capacity(items.len());
            for &item in items {
                let vector: Option<Vec<u8>> = query.query_row((encoder, item.0), |row| row.get(0)).optional()?;
                if let Some(vector) = vector {
                    found.insert(item, floats(&vector));
                }
            }
            Ok(found)
        })
    }

    /// The next vectors after an item, by item number, for walking through all of them.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn next_vectors(&self, encoder: &str, after: i64, count: u32) -> Result<Vec<(ItemId, Vec<f32>)>> {
        self.read(|connection| {
            let Some(encoder) = find_encoder(connection, encoder)? else { return Ok(Vec::new()) };
            let mut query = connection.prepare_cached(
                "SELECT item, vector FROM vectors WHERE encoder = ?1 AND item > ?2 ORDER BY item LIMIT ?3",
            )?;
            let rows = query.query_map((encoder, after, count), |row| {
                Ok((ItemId(row.get(0)?), floats(&row.get::<_, Vec<u8>>(1)?)))
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// How many items have a vector of an encoder.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn vector_count(&self, encoder: &str) -> Result<u64> {
        self.read(|connection| {
            let Some(encoder) = find_encoder(connection, encoder)? else { return Ok(0) };
            let mut query = connection.prepare_cached("SELECT COUNT(*) FROM vectors WHERE encoder = ?1")?;
            Ok(query.query_row([encoder], |row| row.get(0))?)
        })
    }

    /// The encoder of most of the vectors; `None` when there are none.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn main_encoder(&self) -> Result<Option<String>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT e.identity FROM encoders e ORDER BY (SELECT COUNT(*) FROM vectors v WHERE v.encoder = e.id) DESC LIMIT 1",
            )?;
            Ok(query.query_row([], |row| row.get(0)).optional()?)
        })
    }
}

fn find_encoder(connection: &Connection, identity: &str) -> Result<Option<i64>> {
    let mut query = connection.prepare_cached("SELECT id FROM encoders WHERE identity = ?1")?;
    Ok(query.query_row([identity], |row| row.get(0)).optional()?)
}

fn encoder_number(connection: &Connection, identity: &str, dimensions: usize) -> Result<i64> {
    if let Some(id) = find_encoder(connection, identity)? {
        return Ok(id);
    }
    connection
        .prepare_cached("INSERT INTO encoders (identity, dimensions) VALUES (?1, ?2)")?
        .execute((identity, i64::try_from(dimensions).unwrap_or(i64::MAX)))?;
    Ok(connection.last_insert_rowid())
}

fn bytes(vector: &[f32]) -> Vec<u8> {
    vector.iter().flat_map(|value| f16::from_f32(*value).to_le_bytes()).collect()
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    let (pairs, _) = bytes.as_chunks::<2>();
    let halves: Vec<f16> = pairs.iter().map(|pair| f16::from_le_bytes(*pair)).collect();
    let mut floats = vec![0.0; halves.len()];
    halves.convert_to_f32_slice(&mut floats);
    floats
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_precision_keeps_a_unit_vector() {
        let vector: Vec<f32> = (0..384).map(|index| ((index * 37 % 101) as f32 - 50.0) / 566.0).collect();
        let kept = floats(&bytes(&vector));
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
        let cosine = dot(&vector, &kept) / (dot(&vector, &vector) * dot(&kept, &kept)).sqrt();
        assert!(cosine > 0.999_999, "{cosine}");
    }
}
