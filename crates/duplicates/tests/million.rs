//! A million short texts: time and memory. Run with `--ignored`; memory is read where the system tells it.
#![allow(clippy::unwrap_used, missing_docs)]

use std::ops::ControlFlow;
use std::time::Instant;

use duplicates::{Similarity, Texts, clusters};

#[test]
#[ignore = "takes a while; run it for its figures"]
fn a_million_texts() {
    let path = testbed::data("banking77_train.csv").unwrap();
    let rows: Vec<String> =
        csv::Reader::from_path(path).unwrap().records().map(|row| row.unwrap()[0].to_owned()).collect();
    let mut texts = Texts::default();
    for copy in 0..100_usize {
        for (place, row) in rows.iter().enumerate() {
            let other = &rows[(place * 7919 + copy * 104_729) % rows.len()];
            // Halves of two questions: short texts as different, and as alike, as real ones are.
            let (half, rest) = (row.len() / 2, other.len() / 2);
            let cut = |text: &str, at: usize| (at..).find(|at| text.is_char_boundary(*at)).unwrap();
            texts.push(&format!("{}{}", &row[..cut(row, half)], &other[cut(other, rest)..]));
        }
    }
    let before = Instant::now();
    let found = clusters(&texts, Similarity::new(0.8).unwrap(), &mut |_, _| ControlFlow::Continue(())).unwrap();
    let alone = (0..).zip(&found).filter(|(text, name)| text == *name).count();
    println!("{} texts, {alone} clusters, {:.1} s", texts.len(), before.elapsed().as_secs_f64());
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        status.lines().filter(|line| line.starts_with("VmHWM")).for_each(|line| println!("{line}"));
    }
}
