//! What is found, against all pairs compared one by one, on real texts.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::ControlFlow;
use std::path::Path;

use duplicates::{Cancelled, Groups, Similarity, Texts, clusters, pairs_across, similarity};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

fn column(file: &Path, delimiter: u8, column: usize, header: bool) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(header)
        .delimiter(delimiter)
        .flexible(true)
        .quoting(delimiter == b',')
        .from_path(file)
        .unwrap();
    reader.records().map(|row| row.unwrap()[column].to_owned()).collect()
}

fn go_on(_: u64, _: u64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn found(texts: &Texts, threshold: f64) -> Vec<u32> {
    clusters(texts, Similarity::new(threshold).unwrap(), &mut go_on).unwrap()
}

/// All near-duplicate pairs, by counting the grams that each two texts share.
fn all_pairs(texts: &Texts, threshold: f64) -> Vec<(u32, u32)> {
    let grams = |text: &str| -> HashSet<String> {
        let letters: Vec<char> = text.chars().collect();
        if letters.len() < 5 {
            return HashSet::from([text.to_owned()]);
        }
        letters.windows(5).map(|gram| gram.iter().collect()).collect()
    };
    let sets: Vec<HashSet<String>> = (0..texts.len()).map(|text| grams(texts.get(text))).collect();
    let mut holders: HashMap<&str, Vec<u32>> = HashMap::new();
    let mut pairs = Vec::new();
    let mut shared = vec![0_u32; sets.len()];
    for (text, set) in sets.iter().enumerate() {
        let mut touched = Vec::new();
        for gram in set {
            let before = holders.entry(gram).or_default();
            for other in before.iter() {
                if shared[*other as usize] == 0 {
                    touched.push(*other);
                }
                shared[*other as usize] += 1;
            }
            before.push(text as u32);
        }
        for other in touched {
            let common = std::mem::take(&mut shared[other as usize]) as usize;
            let union = set.len() + sets[other as usize].len() - common;
            if common as f64 / union as f64 >= threshold - 1e-12 {
                pairs.push((other, text as u32));
            }
        }
    }
    pairs
}

fn named(texts: usize, pairs: &[(u32, u32)]) -> Vec<u32> {
    let mut groups = Groups::new(texts);
    for (one, other) in pairs {
        groups.join(*one, *other);
    }
    groups.names()
}

fn members(names: &[u32]) -> Vec<Vec<u32>> {
    let mut by_name: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (text, name) in (0..).zip(names) {
        by_name.entry(*name).or_default().push(text);
    }
    by_name.into_values().filter(|members| members.len() > 1).collect()
}

/// Compares with brute force: nothing is found that is not there, and at least this share of pairs and of clusters is found.
fn check(name: &str, texts: &Texts, threshold: f64, least: f64) {
    let pairs = all_pairs(texts, threshold);
    let (expected, found) = (named(texts.len(), &pairs), found(texts, threshold));
    let together = |pair: &&(u32, u32)| found[pair.0 as usize] == found[pair.1 as usize];
    let pairs_found = pairs.iter().filter(together).count();
    let (expected_clusters, clusters) = (members(&expected), members(&found));
    let whole: HashSet<&Vec<u32>> = clusters.iter().collect();
    let clusters_found = expected_clusters.iter().filter(|cluster| whole.contains(cluster)).count();
    println!(
        "{name} at {threshold}: {pairs_found} of {} pairs, {clusters_found} of {} clusters",
        pairs.len(),
        expected_clusters.len()
    );
    for cluster in &clusters {
        assert!(
            cluster.iter().all(|text| expected[*text as usize] == expected[cluster[0] as usize]),
            "{name}: {cluster:?}"
        );
    }
    assert!(!pairs.is_empty(), "{name} has near-duplicates");
    assert!(pairs_found as f64 >= least * pairs.len() as f64, "{name} at {threshold}: pairs");
    assert!(clusters_found as f64 >= least * expected_clusters.len() as f64, "{name} at {threshold}: clusters");
}

fn banking() -> Vec<String> {
    column(&testbed::data("banking77_train.csv").unwrap(), b',', 0, true)
}

#[test]
fn near_duplicates_of_english_questions_are_found() {
    let texts: Texts = banking().iter().collect();
    for threshold in [0.6, 0.7, 0.8, 0.9, 1.0] {
        check("banking77", &texts, threshold, 0.99);
    }
}

#[test]
fn near_duplicates_of_russian_names_are_found() {
    for (file, delimiter, at, header) in
        [("okved_2014_sections_ru.csv", b',', 3, true), ("okpd2_ru.tsv", b'\t', 1, false)]
    {
        let Some(path) = testbed::data(file) else { continue };
        let mut names = column(&path, delimiter, at, header);
        // All of OKPD-2 would keep the comparison one by one busy for a minute.
        names.truncate(8000);
        let texts: Texts = names.iter().collect();
        for threshold in [0.7, 0.8, 0.9] {
            check(file, &texts, threshold, 0.99);
        }
    }
}

#[test]
fn the_answer_does_not_depend_on_threads_or_repetition() {
    let mut texts = banking();
    let noisy: Vec<String> = texts.iter().map(|text| format!("{text} please")).collect();
    texts.extend(noisy);
    let texts: Texts = texts.iter().collect();
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| found(&texts, 0.8))
    };
    let one = with(1);
    assert_eq!(one, with(2));
    assert_eq!(one, with(7));
    assert!(members(&one).len() > 5000);
}

#[test]
fn pairs_across_two_sets_are_found_and_verified() {
    let all = banking();
    let (left, right): (Vec<_>, Vec<_>) = all.iter().enumerate().partition(|(place, _)| place % 3 == 0);
    let left: Vec<&String> = left.into_iter().map(|(_, text)| text).collect();
    let right: Vec<&String> = right.into_iter().map(|(_, text)| text).collect();
    let (left, right): (Texts, Texts) = (left.into_iter().collect(), right.into_iter().collect());
    let whole: Texts = (0..left.len()).map(|at| left.get(at)).chain((0..right.len()).map(|at| right.get(at))).collect();
    let border = left.len() as u32;
    let expected: HashSet<u32> = all_pairs(&whole, 0.7)
        .into_iter()
        .filter(|(one, other)| *one < border && *other >= border)
        .map(|(one, _)| one)
        .collect();
    let found = pairs_across(&left, &right, Similarity::new(0.7).unwrap(), &mut go_on).unwrap();
    let lefts: HashSet<u32> = found.iter().map(|pair| pair.left).collect();
    assert!(lefts.is_subset(&expected));
    assert!(lefts.len() as f64 >= 0.99 * expected.len() as f64, "{} of {}", lefts.len(), expected.len());
    assert!(found.windows(2).all(|pairs| pairs[0].left < pairs[1].left), "each once, in order");
    for pair in &found {
        let is = similarity(left.get(pair.left as usize), right.get(pair.right as usize));
        assert!((is - pair.similarity).abs() < 1e-12 && is >= 0.7 - 1e-12);
    }
}

#[test]
fn hostile_sets_of_texts_are_borne() {
    let none = Texts::default();
    assert!(found(&none, 0.8).is_empty());
    assert!(pairs_across(&none, &none, Similarity::new(0.8).unwrap(), &mut go_on).unwrap().is_empty());
    let texts: Texts = ["", " ", "a", "A ", "🙂", "\u{10ffff}", "a\u{301}", "ab"].into_iter().collect();
    assert_eq!(found(&texts, 0.8), [0, 0, 2, 2, 4, 5, 6, 7]);
    // All alike, but for a number: far more pairs than can be compared one by one.
    let orders: Texts = (0..60_000).map(|number| format!("order {number:05} has not arrived")).collect();
    let same: Texts = (0..60_000).map(|_| "the same").collect();
    assert!(found(&orders, 0.8).len() == 60_000 && found(&same, 0.8).iter().all(|name| *name == 0));
    let long: Texts = [0, 0, 1].iter().map(|seed| noise(*seed, 200_000)).collect();
    assert_eq!(found(&long, 0.8), [0, 0, 2]);
}

fn noise(seed: u64, length: usize) -> String {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    (0..length).map(|_| char::from(b'a' + (random.next_u32() % 26) as u8)).collect()
}

#[test]
fn it_can_be_stopped() {
    let texts: Texts = banking().iter().collect();
    let similarity = Similarity::new(0.8).unwrap();
    let mut looks = 0;
    let mut stop = |done: u64, all: u64| {
        assert!(done <= all);
        looks += 1;
        if looks == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    assert_eq!(clusters(&texts, similarity, &mut stop), Err(Cancelled));
    let mut stop = |_, _| ControlFlow::Break(());
    assert_eq!(pairs_across(&texts, &texts, similarity, &mut stop), Err(Cancelled));
    for value in [0.0, -1.0, 1.1, f64::NAN] {
        assert!(Similarity::new(value).is_none());
    }
}
