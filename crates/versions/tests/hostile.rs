//! Exported files that somebody made to do harm, and files that were harmed: refused with a reason, and nothing of them stays.
#![allow(clippy::unwrap_used, missing_docs)]

mod forge;
mod support;

use std::fs;

use forge::{
    Entry, RECORD, change, change_record, put_together, rename, replace_checksum, replace_manifest, replace_objects,
    resize, take_apart,
};
use serde_json::{Value, json};
use support::{Draw, Fixture, going, samples, tree};
use versions::VersionError;

struct Siege {
    fixture: Fixture,
    export: Vec<u8>,
}

impl Siege {
    /// A store, and an export of one version of another one.
    fn new() -> Self {
        let mut there = Fixture::new();
        there.commit(&samples(0..1500), &samples(2000..2100), "1");
        there.store.tag("1.0.0", "production", false).unwrap();
        let file = there.path("export");
        there.store.export(&[], &file, &mut going).unwrap();
        let mut fixture = Fixture::new();
        fixture.commit(&samples(0..100), &samples(100..120), "own");
        Self { fixture, export: fs::read(file).unwrap() }
    }

    /// What importing these bytes is refused with. Nothing of them stays, here or elsewhere.
    fn refusal(&self, bytes: &[u8]) -> String {
        let file = self.fixture.path("hostile");
        fs::write(&file, bytes).unwrap();
        let before = tree(self.fixture.folder.path());
        let started = std::time::Instant::now();
        let answer = self.fixture.store.import(&file, &mut going);
        let Err(VersionError::Hostile(reason)) = answer else { panic!("{answer:?}") };
        assert!(tree(self.fixture.folder.path()) == before, "something stays: {reason}");
        assert!(started.elapsed().as_secs() < 20, "too long: {reason}");
        assert!(self.fixture.store.repair(&file, &mut going).is_err());
        reason
    }

    fn refused(&self, change: impl FnOnce(&mut Vec<Entry>), expected: &str) {
        let mut entries = take_apart(&self.export);
        change(&mut entries);
        let reason = self.refusal(&put_together(&entries));
        assert!(reason.contains(expected), "{reason:?} where {expected:?} was expected");
    }
}

#[test]
fn what_is_as_it_was_exported_is_taken() {
    let siege = Siege::new();
    let mut entries = take_apart(&siege.export);
    // The instruments of these tests make no difference by themselves.
    change_record(&mut entries, |_| {});
    replace_objects(&mut entries, |_| {});
    assert!(put_together(&entries) == siege.export);
    let file = siege.fixture.path("export");
    fs::write(&file, &siege.export).unwrap();
    siege.fixture.store.import(&file, &mut going).unwrap();
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    let siege = Siege::new();
    for name in ["../../escaped", "/tmp/escaped", "packs/../../escaped.pack", "manifests/x.json", "C:\\escaped"] {
        siege.refused(|entries| rename(&mut entries[2].header, name), "where packs/");
        let agreed = |entries: &mut Vec<Entry>| {
            rename(&mut entries[2].header, name);
            change_record(entries, |record| record["files"][1]["name"] = json!(name));
        };
        siege.refused(agreed, &format!("{name:?} of"));
    }
    siege.refused(|entries| rename(&mut entries[0].header, "../winnow-versions.json"), RECORD);
}

#[test]
fn links_devices_and_extensions_are_refused() {
    let siege = Siege::new();
    for (kind, expected) in [
        (b'1', "a hard link"),
        (b'2', "a symbolic link"),
        (b'3', "a device"),
        (b'4', "a device"),
        (b'5', "a folder"),
        (b'6', "a pipe"),
        (b'L', "an extension"),
        (b'x', "an extension"),
    ] {
        for place in [1, 2] {
            let linked = |entries: &mut Vec<Entry>| {
                change(&mut entries[place].header, |header| {
                    header[156] = kind;
                    header[157..168].copy_from_slice(b"/etc/passwd");
                });
            };
            siege.refused(linked, expected);
            // One more, before what belongs there.
            let added = |entries: &mut Vec<Entry>| {
                let mut more = Entry { header: entries[place].header, content: Vec::new() };
                resize(&mut more.header, 0);
                change(&mut more.header, |header| header[156] = kind);
                entries.insert(place, more);
            };
            siege.refused(added, "bytes where");
        }
    }
}

#[test]
fn what_is_there_twice_or_not_at_all_is_refused() {
    let siege = Siege::new();
    siege.refused(|entries| entries.push(entries[2].clone()), "bytes where");
    siege.refused(|entries| drop(entries.remove(2)), "bytes where");
    let twice = |entries: &mut Vec<Entry>| {
        entries.push(entries[2].clone());
        change_record(entries, |record| {
            let file = record["files"][1].clone();
            record["files"].as_array_mut().unwrap().push(file);
        });
    };
    siege.refused(twice, "packs/");
    let versions = |entries: &mut Vec<Entry>| {
        change_record(entries, |record| {
            let version = record["refs"]["versions"][0].clone();
            record["refs"]["versions"].as_array_mut().unwrap().push(version);
        });
    };
    siege.refused(versions, "a version twice");
    let without = |entries: &mut Vec<Entry>| {
        entries.remove(1);
        change_record(entries, |record| drop(record["files"].as_array_mut().unwrap().remove(0)));
    };
    siege.refused(without, "without its manifest");
}

#[test]
fn what_is_cut_or_goes_on_is_refused() {
    let siege = Siege::new();
    let whole = &siege.export;
    for length in [0, 1, 511, 512, 600, 2048, whole.len() / 2, whole.len() - 1024, whole.len() - 1] {
        siege.refusal(&whole[..length]);
    }
    assert!(siege.refusal(&[whole, &[0; 512][..]].concat()).contains("bytes where"));
    assert!(siege.refusal(&[whole, &b"more"[..]].concat()).contains("bytes where"));
    let mut inside = whole.clone();
    let end = inside.len() - 700;
    inside[end..].fill(1);
    siege.refusal(&inside);
    siege.refusal(b"PK\x03\x04 and so on");
    siege.refusal(&[0x42; 4096]);
    siege.refusal(&[0; 4096]);
    assert!(siege.fixture.store.import(siege.fixture.folder.path(), &mut going).is_err(), "a folder");
}

#[test]
fn any_flipped_bit_is_refused() {
    let siege = Siege::new();
    let mut draw = Draw(7);
    for _ in 0..60 {
        let mut bytes = siege.export.clone();
        let at = draw.below(bytes.len());
        bytes[at] ^= 1 << draw.below(8);
        siege.refusal(&bytes);
    }
    // Headers and the record above all.
    for _ in 0..60 {
        let mut bytes = siege.export.clone();
        let at = draw.below(3000);
        bytes[at] ^= 1 << draw.below(8);
        siege.refusal(&bytes);
    }
}

#[test]
fn hashes_that_are_not_theirs_are_refused() {
    let siege = Siege::new();
    siege.refused(|entries| entries[2].content[100] ^= 1, "hash");
    siege.refused(|entries| entries[1].content[100] ^= 1, "hash");
    siege.refused(
        |entries| {
            replace_objects(entries, |objects| objects[0].2 = zstd::bulk::compress(b"something else", 3).unwrap())
        },
        "hash",
    );
    siege.refused(|entries| replace_checksum(entries, |checksum| checksum ^ 1), "hash");
    siege.refused(
        |entries| {
            replace_manifest(entries, |manifest| manifest["files"]["train.jsonl"]["sha256"] = json!("0".repeat(64)));
        },
        "SHA-256",
    );
    siege.refused(
        |entries| replace_manifest(entries, |manifest| manifest["files"]["train.jsonl"]["rows"] = json!(7)),
        "list of chunks",
    );
}

#[test]
fn claims_that_rows_contradict_are_refused() {
    let siege = Siege::new();
    let claim = |change: fn(&mut Value), expected: &str| {
        siege.refused(|entries| replace_manifest(entries, change), expected);
    };
    claim(|manifest| manifest["statistics"]["domains"]["a"] = json!([9999, 1]), "statistics");
    claim(|manifest| manifest["statistics"]["characters"] = json!(7), "statistics");
    claim(|manifest| manifest["changes"]["relabelled"] = json!(424_242), "changes");
    // Against a parent that nobody sees.
    let orphan = |manifest: &mut Value| {
        manifest["parents"] = json!(["ab".repeat(32)]);
        manifest["changes"]["relabelled"] = json!(424_242);
    };
    claim(orphan, "changes");
}

#[test]
fn bombs_are_refused_before_they_go_off() {
    let siege = Siege::new();
    // A size that fills any disk, in the header, in the record, in both.
    siege.refused(|entries| resize(&mut entries[2].header, 8_000_000_000), "not as it was written");
    siege.refused(|entries| resize(&mut entries[0].header, 8_000_000_000), RECORD);
    let huge = |entries: &mut Vec<Entry>| {
        resize(&mut entries[2].header, 8_000_000_000);
        change_record(entries, |record| record["files"][1]["bytes"] = json!(8_000_000_000_u64));
    };
    siege.refused(huge, "bytes where");
    let endless = |entries: &mut Vec<Entry>| {
        change_record(entries, |record| record["files"][1]["bytes"] = json!(u64::MAX - 5));
    };
    siege.refused(endless, "beyond all measure");
    // A frame that unpacks to a gigabyte, and says so, or not.
    let bomb = zstd::bulk::compress(&vec![0; 1 << 30], 1).unwrap();
    for size in [100, 1 << 30] {
        let explode = |entries: &mut Vec<Entry>| {
            replace_objects(entries, |objects| {
                objects[0].2.clone_from(&bomb);
                objects[0].3 = size;
            });
        };
        siege.refused(explode, if size == 100 { "hash" } else { "an object of" });
    }
    // A few thousand of them, each small enough.
    let small = zstd::bulk::compress(&vec![0; 60 << 20], 1).unwrap();
    let many = |entries: &mut Vec<Entry>| {
        replace_objects(entries, |objects| {
            for number in 0..3000_u32 {
                let name = *blake3::hash(&number.to_le_bytes()).as_bytes();
                objects.push((name, [0; 32], small[..20].to_vec(), 60 << 20));
            }
        });
    };
    siege.refused(many, "unpack to");
    // A delta that takes the same megabyte over and over.
    let echo = |entries: &mut Vec<Entry>| {
        replace_objects(entries, |objects| {
            let base = objects[0].0;
            let copy = [0xfe, 0xff, 0xff, 0xff, 0x0f, 0x00].repeat(1 << 16);
            objects[1].1 = base;
            objects[1].2 = zstd::bulk::compress(&copy, 3).unwrap();
        });
    };
    siege.refused(echo, "hash");
}

#[test]
fn objects_told_by_each_other_are_refused() {
    let siege = Siege::new();
    let circle = |entries: &mut Vec<Entry>| {
        replace_objects(entries, |objects| {
            (objects[0].1, objects[1].1) = (objects[1].0, objects[0].0);
        });
    };
    siege.refused(circle, "told by each other");
    siege.refused(
        |entries| {
            replace_objects(entries, |objects| objects[0].1 = objects[0].0);
        },
        "told by each other",
    );
    siege.refused(|entries| replace_objects(entries, |objects| objects[0].1 = [7; 32]), "what is not there");
    siege.refused(|entries| replace_objects(entries, |objects| drop(objects.remove(0))), "chunks");
    let surplus = |entries: &mut Vec<Entry>| {
        replace_objects(entries, |objects| {
            let bytes = b"nobody needs this";
            objects.push((*blake3::hash(bytes).as_bytes(), [0; 32], zstd::bulk::compress(bytes, 3).unwrap(), 17));
        });
    };
    siege.refused(surplus, "no version needs");
}

#[test]
fn manifests_and_records_that_no_store_writes_are_refused() {
    let siege = Siege::new();
    for name in ["../../.bashrc", "/etc/passwd", "other.jsonl"] {
        siege.refused(
            |entries| {
                replace_manifest(entries, |manifest| {
                    let file = manifest["files"]["train.jsonl"].clone();
                    manifest["files"][name] = file;
                });
            },
            name,
        );
    }
    siege.refused(|entries| replace_manifest(entries, |manifest| manifest["layout"] = json!(99)), "layout 99");
    siege.refused(
        |entries| {
            let mut record: Value = serde_json::from_slice(&entries[0].content).unwrap();
            record["layout"] = json!(3);
            entries[0].content = serde_json::to_vec_pretty(&record).unwrap();
        },
        "layout 3",
    );
    for tag in ["../up", "1.0.0", "current", ".hidden", ""] {
        siege.refused(
            |entries| {
                change_record(entries, |record| {
                    let id = record["refs"]["versions"][0]["id"].clone();
                    record["refs"]["tags"][tag] = id;
                });
            },
            "tag",
        );
    }
    siege.refused(
        |entries| change_record(entries, |record| record["refs"]["current"] = json!("0".repeat(64))),
        "current",
    );
    siege.refused(
        |entries| change_record(entries, |record| record["refs"]["versions"][0]["archive"] = json!("0".repeat(64))),
        "archived",
    );
}
