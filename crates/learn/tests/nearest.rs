//! The index against looking at every vector, in both of its forms and while it changes.

mod support;

use std::collections::HashMap;

use learn::nearest::{Candidate, Nearest, NearestSettings, spread};
use learn::{LearnError, NEVER, Rows};
use rand::RngExt;
use support::{clustered, normal, rng};

const SMALL: NearestSettings = NearestSettings { exact_up_to: 2000, recall: 0.95, seed: 1 };

/// What rounding to 16 bits does to a cosine at most.
const ROUNDING: f64 = 1.0 / 2048.0;

fn unit(vector: &[f32]) -> Vec<f64> {
    let length = vector.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>().sqrt();
    vector.iter().map(|&x| if length > 0.0 { f64::from(x) / length } else { 0.0 }).collect()
}

fn cosine(a: &[f32], b: &[f32]) -> f64 {
    unit(a).iter().zip(unit(b)).map(|(x, y)| x * y).sum()
}

/// Numbers and cosines of all vectors, the nearest first.
fn ranked(vectors: &HashMap<i64, Vec<f32>>, query: &[f32]) -> Vec<(i64, f64)> {
    let mut all: Vec<(i64, f64)> = vectors.iter().map(|(&id, vector)| (id, cosine(vector, query))).collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    all
}

/// The hits are as near as the true ones, up to the rounding to 16 bits.
fn check_exact(vectors: &HashMap<i64, Vec<f32>>, query: &[f32], hits: &[(i64, f32)], k: usize) {
    let all = ranked(vectors, query);
    assert_eq!(hits.len(), k.min(vectors.len()));
    for ((id, score), (_, best)) in hits.iter().zip(&all) {
        assert!((f64::from(*score) - best).abs() < ROUNDING, "{score} found where {best} is there");
        assert!((f64::from(*score) - cosine(&vectors[id], query)).abs() < ROUNDING, "the score is not the vector's");
    }
    assert!(hits.windows(2).all(|pair| pair[0].1 >= pair[1].1));
}

#[test]
fn exact_search_finds_what_looking_at_all_finds() {
    for (columns, count) in [(1, 5), (7, 40), (32, 1500), (100, 300)] {
        let mut rng = rng(columns as u64);
        let (values, _) = clustered(&mut rng, count, columns, 5, 0.7);
        let ids: Vec<i64> = (0..count as i64).map(|id| id * 3 - 50).collect();
        let vectors = ids.iter().copied().zip(values.chunks_exact(columns).map(<[f32]>::to_vec)).collect();
        let index = Nearest::build(columns, ids, &values, SMALL, NEVER).expect("vectors");
        let queries: Vec<f32> = (0..20 * columns).map(|_| normal(&mut rng)).collect();
        let many = index.search_many(Rows::new(&queries, columns).expect("rows"), 8).expect("width");
        for (query, many) in queries.chunks_exact(columns).zip(many) {
            let hits = index.search(query, 8).expect("width");
            check_exact(&vectors, query, &hits, 8);
            check_exact(&vectors, query, &many, 8);
        }
        assert_eq!(index.recall(), None);
    }
}

#[test]
fn many_queries_are_searched_like_one() {
    // More queries than fit into one round, and more vectors than one task looks through.
    let mut rng = rng(77);
    let (values, _) = clustered(&mut rng, 1900, 8, 9, 0.5);
    let index = Nearest::build(8, (0..1900).collect(), &values, SMALL, NEVER).expect("vectors");
    let queries: Vec<f32> = (0..1300 * 8).map(|_| normal(&mut rng)).collect();
    let many = index.search_many(Rows::new(&queries, 8).expect("rows"), 3).expect("width");
    assert_eq!(many.len(), 1300);
    for (query, many) in queries.chunks_exact(8).zip(many) {
        let one = index.search(query, 3).expect("width");
        assert!(one.iter().zip(&many).all(|(a, b)| (a.1 - b.1).abs() < 1e-5), "{one:?} and {many:?}");
    }
}

fn recall_of(index: &Nearest, vectors: &HashMap<i64, Vec<f32>>, queries: &[f32], columns: usize) -> f64 {
    let (mut found, mut wanted) = (0, 0);
    let many = index.search_many(Rows::new(queries, columns).expect("rows"), 10).expect("width");
    for (query, hits) in queries.chunks_exact(columns).zip(many) {
        let single: Vec<i64> = index.search(query, 10).expect("width").into_iter().map(|(id, _)| id).collect();
        let truth = ranked(vectors, query);
        // A neighbour as near as the true tenth counts, whichever of the equals it is.
        let least = truth[9].1 - 1e-4;
        found += hits.iter().filter(|(id, _)| cosine(&vectors[id], query) >= least).count();
        wanted += 10;
        let same = hits.iter().filter(|(id, _)| single.contains(id)).count();
        assert!(same >= 9, "searched together {hits:?}, alone {single:?}");
    }
    found as f64 / wanted as f64
}

#[test]
fn approximate_search_keeps_its_promise_while_the_index_grows() {
    let (columns, mut rng) = (24, rng(4));
    let (values, _) = clustered(&mut rng, 14_000, columns, 60, 0.8);
    let part = |from: usize, to: usize| &values[from * columns..to * columns];
    let mut vectors: HashMap<i64, Vec<f32>> = HashMap::new();
    let mut keep = |from: usize, to: usize| {
        for (at, vector) in part(from, to).chunks_exact(columns).enumerate() {
            vectors.insert((from + at) as i64, vector.to_vec());
        }
        vectors.clone()
    };
    let mut index = Nearest::build(columns, (0..5000).collect(), part(0, 5000), SMALL, NEVER).expect("vectors");
    let (cells, probes) = index.cells_and_probes();
    assert_eq!(cells, 71, "about √5000");
    assert!(probes < cells / 2, "{probes} of {cells} cells are looked into: nothing is saved");
    assert!(index.recall().is_some_and(|recall| recall >= 0.95));
    let known = keep(0, 5000);
    let recall = recall_of(&index, &known, part(13_900, 14_000), columns);
    assert!(recall >= 0.92, "{recall} for new queries");

    // Added vectors are found before and after the cells are made anew.
    index.add(&(5000..9000).collect::<Vec<_>>(), part(5000, 9000), NEVER).expect("vectors");
    assert_eq!((index.cells_and_probes().0, index.len()), (71, 9000));
    let known = keep(5000, 9000);
    let recall = recall_of(&index, &known, part(13_900, 14_000), columns);
    assert!(recall >= 0.9, "{recall} after adding");
    index.add(&(9000..11_000).collect::<Vec<_>>(), part(9000, 11_000), NEVER).expect("vectors");
    assert_eq!(index.cells_and_probes().0, 105, "√11000: the number has doubled");
    let known = keep(9000, 11_000);
    let recall = recall_of(&index, &known, part(13_900, 14_000), columns);
    assert!(recall >= 0.92, "{recall} after dividing anew");
}

#[test]
fn removing_and_replacing_at_random() {
    let (columns, mut rng) = (6, rng(12));
    for settings in [SMALL, NearestSettings { exact_up_to: 50, recall: 1.0, ..SMALL }] {
        let mut vectors: HashMap<i64, Vec<f32>> = HashMap::new();
        let mut index = Nearest::build(columns, vec![], &[], settings, NEVER).expect("nothing");
        for round in 0..600 {
            let id = rng.random_range(-200..200);
            if rng.random_range(0..3) == 0 {
                assert_eq!(index.remove(id), vectors.remove(&id).is_some());
            } else {
                let vector: Vec<f32> = (0..columns).map(|_| normal(&mut rng)).collect();
                index.add(&[id], &vector, NEVER).expect("a vector");
                vectors.insert(id, vector);
            }
            assert_eq!(index.len(), vectors.len());
            if round % 20 == 0 {
                for (&id, vector) in &vectors {
                    let stored = index.vector(id).expect("it was added");
                    assert!((cosine(&stored, vector) - 1.0).abs() < 1e-5);
                }
                let query: Vec<f32> = (0..columns).map(|_| normal(&mut rng)).collect();
                let (cells, probes) = index.cells_and_probes();
                let hits = index.search(&query, 7).expect("width");
                if cells == probes {
                    check_exact(&vectors, &query, &hits, 7);
                }
                assert!(hits.iter().all(|(id, _)| vectors.contains_key(id)), "a removed vector was found");
            }
        }
        assert!(!index.is_empty() && !index.contains(1000));
    }
}

#[test]
fn equal_vectors_fill_cells_too() {
    // All the same: k-means has nothing to divide, and every search must still find something.
    let values = [1.0_f32, 2.0, 3.0].repeat(3000);
    let index = Nearest::build(3, (0..3000).collect(), &values, SMALL, NEVER).expect("vectors");
    let hits = index.search(&[1.0, 2.0, 3.0], 4).expect("width");
    assert_eq!(hits.iter().map(|hit| hit.0).collect::<Vec<_>>(), [0, 1, 2, 3], "equal ones by number");
    assert!((hits[0].1 - 1.0).abs() < 1e-3);
}

#[test]
fn bad_input_is_an_error() {
    assert!(matches!(Nearest::build(2, vec![1], &[1.0], SMALL, NEVER), Err(LearnError::Shape { .. })));
    assert!(matches!(Nearest::build(0, vec![], &[], SMALL, NEVER), Err(LearnError::Setting { .. })));
    assert!(matches!(Nearest::build(1, vec![1], &[f32::NAN], SMALL, NEVER), Err(LearnError::NotFinite { .. })));
    let mut index = Nearest::build(2, vec![1, 2, 1], &[1.0, 0.0, 0.0, 0.0, 0.0, 1.0], SMALL, NEVER).expect("vectors");
    assert_eq!(index.len(), 2, "the last of equal numbers counts");
    assert_eq!(index.search(&[0.0, 5.0], 9), Ok(vec![(1, 1.0), (2, 0.0)]));
    assert_eq!(index.search(&[0.0, 5.0], 0), Ok(vec![]));
    assert!(index.search(&[0.0], 1).is_err() && index.search(&[f32::NAN, 0.0], 1).is_err());
    assert!(index.search_many(Rows::new(&[1.0], 1).expect("a row"), 1).is_err());
    assert!(index.add(&[5], &[1.0], NEVER).is_err());
    assert!(!index.remove(5));

    let (values, _) = clustered(&mut rng(3), 3000, 4, 5, 0.5);
    let mut index = Nearest::build(4, (0..1500).collect(), &values[..6000], SMALL, NEVER).expect("vectors");
    let stopped = index.add(&(1500..3000).collect::<Vec<_>>(), &values[6000..], &|| true);
    assert_eq!(stopped, Err(LearnError::Stopped));
    let all: HashMap<i64, Vec<f32>> = (0..3000).zip(values.chunks_exact(4).map(<[f32]>::to_vec)).collect();
    check_exact(&all, &values[..4], &index.search(&values[..4], 5).expect("width"), 5);
}

/// The value of the best choice, by trying all.
fn best_by_trying(candidates: &[Candidate], count: usize, diversity: f32) -> f64 {
    (0..1_u32 << candidates.len())
        .filter(|set| set.count_ones() as usize == count.min(candidates.len()))
        .map(|set| {
            let chosen = candidates.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1).map(|(_, c)| *c);
            value(&chosen.collect::<Vec<_>>(), diversity)
        })
        .fold(f64::NEG_INFINITY, f64::max)
}

fn value(chosen: &[Candidate], diversity: f32) -> f64 {
    let pairs = (0..chosen.len()).flat_map(|a| (0..a).map(move |b| (a, b)));
    let same = pairs.filter(|&(a, b)| chosen[a].class == chosen[b].class).count();
    chosen.iter().map(|c| f64::from(c.relevance)).sum::<f64>() - f64::from(diversity) * same as f64
}

#[test]
fn spreading_is_the_best_choice_there_is() {
    let mut rng = rng(21);
    for round in 0..60 {
        let candidates: Vec<Candidate> =
            (0..10).map(|id| Candidate { id, class: rng.random_range(0..4), relevance: rng.random() }).collect();
        for diversity in [0.0, 0.1, 0.5, 2.0] {
            let count = round % 11;
            let chosen = spread(&candidates, count, diversity);
            assert_eq!(chosen.len(), count);
            let best = best_by_trying(&candidates, count, diversity);
            assert!((value(&chosen, diversity) - best).abs() < 1e-5, "{chosen:?} where {best} is possible");
        }
    }
    assert!(spread(&[], 3, 1.0).is_empty());
}
