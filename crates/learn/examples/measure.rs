//! How long things take on made-up vectors of 384 dimensions: `cargo run --release -p learn --example measure [vectors]`.
//! The number of vectors in the index is 1,000,000 unless given.

use std::time::Instant;

use learn::logistic::{Examples, LogisticSettings, train};
use learn::nearest::{Nearest, NearestSettings};
use learn::threshold::{ErrorEstimate, Thresholds};
use learn::{Folds, LearnError, NEVER, Rows};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const COLUMNS: usize = 384;
const CLASSES: usize = 77;

/// Unit vectors around `clusters` centres that share a direction, as embeddings do.
fn vectors(rng: &mut ChaCha8Rng, count: usize, clusters: usize) -> (Vec<f32>, Vec<u32>) {
    let mut number = || rng.random::<f32>() + rng.random::<f32>() - 1.0;
    let centres: Vec<f32> =
        (0..clusters * COLUMNS).map(|at| number() + 3.0 * ((at % COLUMNS == 0) as u8 as f32)).collect();
    let mut values = Vec::with_capacity(count * COLUMNS);
    let mut targets = Vec::with_capacity(count);
    for at in 0..count {
        let cluster = at % clusters;
        let from = values.len();
        values.extend(centres[cluster * COLUMNS..(cluster + 1) * COLUMNS].iter().map(|centre| centre + 1.2 * number()));
        let length = values[from..].iter().map(|value| value * value).sum::<f32>().sqrt();
        values[from..].iter_mut().for_each(|value| *value /= length);
        targets.push(cluster as u32);
    }
    (values, targets)
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let out = work();
    println!("{what}: {:.3} s", start.elapsed().as_secs_f64());
    out
}

fn main() -> Result<(), LearnError> {
    let count = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(1_000_000);
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    println!("{} threads", rayon::current_num_threads());
    let (values, mut targets) = vectors(&mut rng, 10_000, CLASSES);
    // One label in twenty is wrong, or there would be nothing to weigh.
    targets.iter_mut().step_by(20).for_each(|target| *target = rng.random_range(0..CLASSES as u32));
    for (rows, c) in [(770, 1.0), (10_000, 1.0), (10_000, 100.0)] {
        let part = Rows::new(&values[..rows * COLUMNS], COLUMNS)?;
        let examples = Examples::new(part, &targets[..rows], CLASSES)?;
        let settings = LogisticSettings { c, ..LogisticSettings::default() };
        let trained = timed(&format!("train {rows} rows, C {c}"), || train(&examples, &settings, None, NEVER))?;
        println!("  {} steps, converged: {}", trained.iterations, trained.converged);
        timed(&format!("probabilities of {rows} rows"), || trained.classifier.probabilities(part))?;
        if rows == 770 {
            let folds = Folds::stratified(&targets[..rows], 5, 1)?;
            let grid = [0.1, 1.0, 10.0, 100.0];
            timed("choose C of 4 by 5 folds, 770 rows", || {
                learn::cross_validation::choose_c(&examples, &folds, &grid, &settings, NEVER)
            })?;
        }
    }
    let confidences: Vec<f32> = (0..1_000_000).map(|_| rng.random()).collect();
    let decided: Vec<(f32, bool)> = confidences[..10_000].iter().map(|&c| (c, rng.random::<f32>() < c)).collect();
    let thresholds = timed("sort 1,000,000 confidences", || Thresholds::new(&confidences, &decided, 0.95))?;
    timed("curve of 101 thresholds", || thresholds.curve(100))?;
    timed("lowest threshold by upper bound", || thresholds.lowest(0.05, ErrorEstimate::Upper))?;
    nearest(&mut rng, count)
}

fn nearest(rng: &mut ChaCha8Rng, count: usize) -> Result<(), LearnError> {
    let (values, _) = vectors(rng, count, 2000);
    let ids: Vec<i64> = (0..count as i64).collect();
    let index = timed(&format!("index of {count}"), || {
        Nearest::build(COLUMNS, ids, &values, NearestSettings::default(), NEVER)
    })?;
    println!("  cells and probes {:?}, recall {:?}", index.cells_and_probes(), index.recall());
    let queries = &values[..1000 * COLUMNS];
    timed("100 searches, one by one", || {
        queries.chunks_exact(COLUMNS).take(100).try_for_each(|query| index.search(query, 10).map(drop))
    })?;
    timed("1000 searches together", || index.search_many(Rows::new(queries, COLUMNS)?, 10))?;
    Ok(())
}
