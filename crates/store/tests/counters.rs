//! Whatever happens, the counters say what a recount says.
#![allow(clippy::unwrap_used)]

mod common;

use common::{domains, import, predict, prediction, project};
use contract::ItemId;
use contract::review::Action;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use store::{Store, StoreError};

/// Each counter by kind and keys: as kept, and as recounted from what is recorded.
const RECOUNTS: &[(i64, &str)] = &[
    (1, "SELECT COALESCE(s.status, 0), 0, COUNT(*) FROM items i LEFT JOIN states s ON s.item = i.id GROUP BY 1"),
    (2, "SELECT domain, 0, COUNT(*) FROM states WHERE domain IS NOT NULL GROUP BY 1"),
    (3, "SELECT label, 0, COUNT(*) FROM items WHERE label IS NOT NULL GROUP BY 1"),
    (4, "SELECT source, 0, COUNT(*) FROM items GROUP BY 1"),
    (5, "SELECT status, 0, COUNT(*) FROM review GROUP BY 1"),
    (6, "SELECT priority, 0, COUNT(*) FROM review WHERE status = 0 GROUP BY 1"),
    (
        7,
        "SELECT MIN(CAST(confidence * 10 AS INTEGER), 9), 0, COUNT(*) FROM states WHERE prediction IS NOT NULL GROUP BY 1",
    ),
    (
        8,
        "SELECT i.label, s.predicted, COUNT(*) FROM items i JOIN states s ON s.item = i.id
         WHERE i.label IS NOT NULL AND s.predicted IS NOT NULL GROUP BY 1, 2",
    ),
];

fn check(folder: &std::path::Path) {
    let file = rusqlite::Connection::open(folder.join("winnow.db")).unwrap();
    let rows = |sql: &str| -> Vec<(i64, i64, i64)> {
        let mut query = file.prepare(sql).unwrap();
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        rows.map(Result::unwrap).collect()
    };
    for (kind, recount) in RECOUNTS {
        let kept = rows(&format!("SELECT a, b, n FROM counts WHERE kind = {kind} ORDER BY a, b"));
        let mut recounted = rows(recount);
        recounted.sort_unstable();
        assert_eq!(kept, recounted, "counter {kind}");
    }
    let no_predictions = "SELECT s.item, s.prediction, 0 FROM states s WHERE s.prediction IS NOT NULL
        AND s.prediction <> (SELECT MAX(id) FROM predictions p WHERE p.item = s.item)";
    assert_eq!(rows(no_predictions), []);
}

/// One random thing that people or jobs do.
fn step(store: &Store, random: &mut ChaCha8Rng, at: i64) {
    let domain = |random: &mut ChaCha8Rng| ["a", "b", "c"][random.random_range(0..3)];
    let item = ItemId(random.random_range(1..80));
    let reviewer = ["anna", "boris"][random.random_range(0..2)];
    let outcome = match random.random_range(0..12) {
        0 => {
            let texts: Vec<String> = (0..8).map(|_| format!("text {}", random.random_range(0..120))).collect();
            let labels = [None, Some("a"), Some("B "), Some("strange")];
            let rows: Vec<(&str, Option<&str>)> =
                texts.iter().map(|text| (text.as_str(), labels[random.random_range(0..4)])).collect();
            import(store, &rows);
            Ok(())
        }
        1..=3 => {
            let model = ["m", "n"][random.random_range(0..2)];
            let predictions: Vec<_> =
                (0..5).map(|_| prediction(random.random_range(1..80), domain(random), random.random())).collect();
            predict(store, model, &predictions);
            Ok(())
        }
        4 => store.decide(item, &Action::Approve, reviewer, at).map(drop),
        5..=6 => {
            let domain = domain(random).to_owned();
            store.decide(item, &Action::Correct { domain }, reviewer, at).map(drop)
        }
        7 => store.decide(item, &Action::Skip, reviewer, at).map(drop),
        8 => store.decide(item, &Action::Reject, reviewer, at).map(drop),
        9..=10 => store.undo(reviewer, at).map(drop),
        _ if random.random_bool(0.3) => match store.sources().unwrap().as_slice() {
            [] => Ok(()),
            sources => store.remove_source(sources[random.random_range(0..sources.len())].id).map(drop),
        },
        _ => store.set_queue_limit(random.random_range(0..20)),
    };
    match outcome {
        Ok(())
        | Err(
            StoreError::ItemMissing(_)
            | StoreError::NothingToApprove(_)
            | StoreError::NothingToUndo(_)
            | StoreError::DomainUnknown(_),
        ) => {}
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn counters_equal_recounts_after_random_work() {
    for seed in 0..6 {
        let project = project();
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        project.store.set_schema(&domains(&["a", "b", "c", "other"])).unwrap();
        for at in 0..300 {
            step(&project.store, &mut random, at);
            if at % 10 == 0 {
                check(project.folder.path());
            }
        }
        check(project.folder.path());
        // Taking everything back leaves no decision that holds.
        for reviewer in ["anna", "boris"] {
            while project.store.undo(reviewer, 1_000).is_ok() {}
        }
        check(project.folder.path());
        let stats = project.store.item_stats().unwrap();
        use contract::item::ItemStatus::{Approved, Corrected, Rejected, Skipped};
        for decided in [Approved, Corrected, Rejected, Skipped] {
            assert_eq!(stats.by_status[&decided], 0, "{decided:?}, seed {seed}");
        }
    }
}
