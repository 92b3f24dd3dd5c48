//! How much memory it takes to refuse an exported file that somebody made to do harm. Linux alone tells that of a process.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, missing_docs)]

mod forge;
mod support;

use std::fs;

use forge::{put_together, replace_objects, take_apart};
use support::{Draw, Fixture, going, samples};
use versions::VersionError;

const FILE: &str = "WINNOW_TEST_HOSTILE";
const MIB: usize = 1 << 20;

/// Not a test of its own: what a child process does, which says why the file is refused and how much memory that took.
#[test]
fn child() {
    let Ok(file) = std::env::var(FILE) else { return };
    let store = Fixture::new().store;
    let answer = store.import(std::path::Path::new(&file), &mut going);
    let Err(VersionError::Hostile(reason)) = answer else { panic!("{answer:?}") };
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    println!("refused: {reason} with{most}");
}

/// Imports a file in a process of its own with many threads; answers why it is refused, and the MiB that were in memory at most.
fn weigh(change: impl FnOnce(&mut Vec<forge::Object>)) -> (String, u64) {
    let mut there = Fixture::new();
    there.commit(&samples(0..1500), &samples(2000..2100), "1");
    let export = there.path("export");
    there.store.export(&[], &export, &mut going).unwrap();
    let mut entries = take_apart(&fs::read(export).unwrap());
    replace_objects(&mut entries, change);
    let file = there.path("hostile");
    fs::write(&file, put_together(&entries)).unwrap();
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["child", "--exact", "--nocapture"])
        .env(FILE, &file)
        .env("RAYON_NUM_THREADS", "48")
        .output()
        .unwrap();
    let told = String::from_utf8(child.stdout).unwrap();
    let line = told.lines().find_map(|line| line.split_once("refused: ")).unwrap_or_else(|| panic!("{told}")).1;
    let (reason, most) = line.rsplit_once(" with").unwrap();
    (reason.to_owned(), most.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024)
}

/// An object of zeros that begins with a number, told by another one or not: its delta takes eight bytes from the object before.
fn large_object(number: u64, base: Option<&forge::Object>) -> forge::Object {
    let mut bytes = vec![0; 60 * MIB];
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    let varint = |mut value: usize| {
        let mut bytes = Vec::new();
        while value >= 0x80 {
            bytes.push((value & 0x7f) as u8 | 0x80);
            value >>= 7;
        }
        bytes.push(value as u8);
        bytes
    };
    let content = match base {
        None => bytes.clone(),
        Some(_) => [varint(8 << 1 | 1), bytes[..8].to_vec(), varint((bytes.len() - 8) << 1), varint(8)].concat(),
    };
    let frame = zstd::bulk::compress(&content, 1).unwrap();
    let size = u32::try_from(bytes.len()).unwrap();
    (*blake3::hash(&bytes).as_bytes(), base.map_or([0; 32], |base| base.0), frame, size)
}

/// What can't be compressed, so that the file may unpack to more.
fn noise() -> forge::Object {
    let mut draw = Draw(5);
    let bytes: Vec<u8> = (0..MIB / 4).flat_map(|_| draw.next().to_le_bytes()).collect();
    let frame = zstd::bulk::compress(&bytes, 1).unwrap();
    (*blake3::hash(&bytes).as_bytes(), [0; 32], frame, u32::try_from(bytes.len()).unwrap())
}

/// What an export tells does not decide how much memory it takes to refuse it: that many large objects are unpacked beside each other, or
/// that each has to wait for many others.
#[test]
fn bombs_take_no_more_memory_than_there_is_for_them() {
    let (reason, most) = weigh(|objects| {
        objects.push(noise());
        objects.extend((0..40).map(|number| large_object(number, None)));
    });
    println!("40 large objects: {most} MiB");
    assert!(reason.contains("no version needs"), "all of them are looked at: {reason}");
    assert!(most < 1024, "{most} MiB");
    // Each is told by the one before, and another one, too, for which that must be kept.
    let (reason, most) = weigh(|objects| {
        objects.push(noise());
        let mut last = large_object(0, None);
        for number in 1..20 {
            let next = [large_object(2 * number, Some(&last)), large_object(2 * number + 1, Some(&last))];
            objects.extend([last, next[1].clone()]);
            last = next[0].clone();
        }
        objects.push(last);
    });
    println!("20 that wait for each other: {most} MiB");
    assert!(reason.contains("bytes of memory"), "{reason}");
    assert!(most < 1024, "{most} MiB");
    // Deltas that are far longer than what they make: instructions that take nothing.
    let (reason, most) = weigh(|objects| {
        objects.push(noise());
        let mut last = large_object(0, None);
        for number in 1..20 {
            let mut next = large_object(number, Some(&last));
            let delta = zstd::bulk::decompress(&next.2, 1 << 10).unwrap();
            next.2 = zstd::bulk::compress(&[vec![0; 119 * MIB], delta].concat(), 1).unwrap();
            objects.push(std::mem::replace(&mut last, next));
        }
        objects.push(last);
    });
    println!("20 long deltas: {most} MiB");
    assert!(reason.contains("bytes of memory"), "{reason}");
    assert!(most < 1024, "{most} MiB");
}
