//! The nearest vectors by cosine: exact up to some number, then approximate by inverted lists.
//!
//! Vectors are brought to unit length when they come in and held as 16-bit floats: 2 bytes a dimension (768 bytes for 384
//! dimensions) and about 40 bytes for the number and its place; a million vectors of 384 dimensions are about 0.8 GB.
//! Rounding moves a cosine by 5 · 10⁻⁴ at most, and by about 10⁻⁵ with hundreds of dimensions.
//!
//! Above [`NearestSettings::exact_up_to`] vectors, the space is divided into about √n cells by k-means, and a search
//! looks into the cells nearest to the query alone. How many is measured on a sample of the vectors when the cells are
//! made, so that on average [`NearestSettings::recall`] of the true ten nearest are found.

mod cells;
mod duplicates;
mod half;
mod scan;
mod spread;
mod top;

pub use duplicates::near_duplicates;
pub use spread::{Candidate, spread};

use std::collections::HashMap;

use crate::error::{all_finite, same_size, setting_in};
use crate::product::{Before, Factor, Threads, multiply};
use crate::{LearnError, Rows, Stop};
use cells::Cells;
use top::TopK;

/// How an index is built.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NearestSettings {
    /// Up to this many vectors every search is exact.
    pub exact_up_to: usize,
    /// Share of the true ten nearest that an approximate search has to find, measured on a sample.
    pub recall: f64,
    /// Of the sample and of k-means.
    pub seed: u64,
}

impl Default for NearestSettings {
    /// Exact up to 100,000; recall 0.95.
    fn default() -> Self {
        Self { exact_up_to: 100_000, recall: 0.95, seed: 0 }
    }
}

/// Vectors that lie together.
#[derive(Default)]
struct Cell {
    ids: Vec<i64>,
    /// The vectors, one after the other, see [`half`].
    vectors: Vec<u16>,
}

/// An index of vectors by number.
pub struct Nearest {
    dimension: usize,
    settings: NearestSettings,
    /// One cell as long as searches are exact.
    cells: Vec<Cell>,
    /// Where each number's vector is: cell and place.
    places: HashMap<i64, (u32, u32)>,
    approximate: Option<Cells>,
}

impl Nearest {
    /// Builds an index of `ids.len()` vectors, one after the other in `vectors`. Of equal numbers the last counts.
    ///
    /// # Errors
    /// [`LearnError::Shape`], [`LearnError::NotFinite`], [`LearnError::Setting`] for no dimension or a recall that is not
    /// between 0 and 1, [`LearnError::Stopped`].
    pub fn build(
        dimension: usize,
        ids: Vec<i64>,
        vectors: &[f32],
        settings: NearestSettings,
        stop: Stop<'_>,
    ) -> Result<Self, LearnError> {
        setting_in("dimension", dimension as f64, 1.0..=65_536.0)?;
        setting_in("recall", settings.recall, 0.0..=1.0)?;
        let mut index = Self {
            dimension,
            settings,
            cells: vec![Cell::default()],
            places: HashMap::with_capacity(ids.len()),
            approximate: None,
        };
        index.add(&ids, vectors, stop)?;
        Ok(index)
    }

    /// How many vectors.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// True without vectors.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The length of the vectors.
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// The number is in the index.
    pub fn contains(&self, id: i64) -> bool {
        self.places.contains_key(&id)
    }

    /// The share of the true ten nearest that searches found on the sample when the cells were made; `None` while
    /// searches are exact.
    pub fn recall(&self) -> Option<f64> {
        self.approximate.as_ref().map(|cells| cells.recall)
    }

    /// How many cells there are, and into how many a search looks. (1, 1) while searches are exact.
    pub fn cells_and_probes(&self) -> (usize, usize) {
        (self.cells.len(), self.approximate.as_ref().map_or(1, |cells| cells.probes))
    }

    /// Adds vectors, or replaces those whose numbers are there. They go to the nearest cell; when the number has doubled
    /// since the cells were made, or has just passed the limit of exact searches, all is divided anew. That took 2.4 s for
    /// 200,000 vectors of 384 dimensions on two cores, and grows as n √n. Stopped during it, the index stays good with
    /// its old cells.
    ///
    /// # Errors
    /// [`LearnError::Shape`], [`LearnError::NotFinite`], [`LearnError::Stopped`].
    pub fn add(&mut self, ids: &[i64], vectors: &[f32], stop: Stop<'_>) -> Result<(), LearnError> {
        same_size("numbers of vectors", ids.len().saturating_mul(self.dimension), vectors.len())?;
        all_finite("vectors", vectors)?;
        const BLOCK: usize = 4096;
        for (ids, vectors) in ids.chunks(BLOCK).zip(vectors.chunks(BLOCK * self.dimension)) {
            let mut unit = vectors.to_vec();
            unit.chunks_exact_mut(self.dimension).for_each(to_unit_length);
            let cells = match &self.approximate {
                None => vec![0; ids.len()],
                Some(cells) => cells::nearest_cells(&unit, &cells.centroids, self.dimension),
            };
            for ((&id, vector), cell) in ids.iter().zip(unit.chunks_exact(self.dimension)).zip(cells) {
                self.remove(id);
                let into = &mut self.cells[cell as usize];
                self.places.insert(id, (cell, into.ids.len() as u32));
                into.ids.push(id);
                into.vectors.extend(vector.iter().map(|&value| half::encode(value)));
            }
        }
        let limit = self.approximate.as_ref().map_or(self.settings.exact_up_to, |cells| 2 * cells.built_from);
        if self.len() > limit { self.rebuild(stop) } else { Ok(()) }
    }

    /// Removes a vector; false when its number isn't there.
    pub fn remove(&mut self, id: i64) -> bool {
        let Some((cell, place)) = self.places.remove(&id) else { return false };
        let Cell { ids, vectors } = &mut self.cells[cell as usize];
        let (place, last) = (place as usize, ids.len() - 1);
        // The last one moves into the gap.
        ids.swap_remove(place);
        vectors.copy_within(last * self.dimension.., place * self.dimension);
        vectors.truncate(last * self.dimension);
        if let Some(&moved) = ids.get(place) {
            self.places.insert(moved, (cell, place as u32));
        }
        true
    }

    /// The `k` nearest to a query of any length, by falling cosine, equal ones by number.
    ///
    /// # Errors
    /// [`LearnError::Shape`] for a query of another dimension, [`LearnError::NotFinite`].
    pub fn search(&self, query: &[f32], k: usize) -> Result<Vec<(i64, f32)>, LearnError> {
        same_size("dimension of a query", self.dimension, query.len())?;
        all_finite("query", query)?;
        let mut query = query.to_vec();
        to_unit_length(&mut query);
        let probed = match &self.approximate {
            None => vec![0],
            Some(cells) => cells.probed(&cells.similarities(&query, self.dimension)),
        };
        Ok(scan::one(&self.cells, &probed, &query, k).into_sorted())
    }

    /// The `k` nearest to each of many queries: much faster than one by one. Cosines may differ from those of
    /// [`Self::search`] in the last digits.
    ///
    /// # Errors
    /// [`LearnError::Shape`] for queries of another dimension.
    pub fn search_many(&self, queries: Rows<'_>, k: usize) -> Result<Vec<Vec<(i64, f32)>>, LearnError> {
        same_size("dimension of a query", self.dimension, queries.columns())?;
        let mut found = Vec::with_capacity(queries.count());
        for block in queries.values().chunks(scan::QUERIES * self.dimension) {
            let mut block = block.to_vec();
            block.chunks_exact_mut(self.dimension).for_each(to_unit_length);
            let top = match &self.approximate {
                None => {
                    scan::many(&self.cells, &[(0..block.len() / self.dimension).collect()], &block, self.dimension, k)
                }
                Some(cells) => self.probe_many(cells, &block, k),
            };
            found.extend(top.into_iter().map(TopK::into_sorted));
        }
        Ok(found)
    }

    fn probe_many(&self, cells: &Cells, queries: &[f32], k: usize) -> Vec<TopK> {
        let count = queries.len() / self.dimension;
        let mut similarities = vec![0.0; count * self.cells.len()];
        let centroids = Factor::new(&cells.centroids, self.dimension).transposed();
        multiply(Factor::new(queries, self.dimension), centroids, &mut similarities, Before::Replaced, Threads::All);
        let mut asked = vec![Vec::new(); self.cells.len()];
        for (query, similarities) in similarities.chunks_exact(self.cells.len()).enumerate() {
            for cell in cells.probed(similarities) {
                asked[cell].push(query);
            }
        }
        scan::many(&self.cells, &asked, queries, self.dimension, k)
    }

    /// The stored vector of a number.
    pub fn vector(&self, id: i64) -> Option<Vec<f32>> {
        let &(cell, place) = self.places.get(&id)?;
        let from = place as usize * self.dimension;
        let vector = self.cells.get(cell as usize)?.vectors.get(from..from + self.dimension)?;
        Some(vector.iter().map(|&bits| half::decode(bits)).collect())
    }
}

/// Zero stays zero: its cosine with anything is 0.
fn to_unit_length(vector: &mut [f32]) {
    let length = vector.iter().map(|&value| f64::from(value) * f64::from(value)).sum::<f64>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|value| *value = (f64::from(*value) / length) as f32);
    }
}
