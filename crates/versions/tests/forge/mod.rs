//! Instruments for making exported files that no store writes.
#![allow(clippy::unwrap_used, missing_docs, dead_code)]

use serde_json::{Value, json};

pub const RECORD: &str = "winnow-versions.json";

/// A file of an export.
#[derive(Clone)]
pub struct Entry {
    pub header: [u8; 512],
    pub content: Vec<u8>,
}

/// Takes an export apart.
pub fn take_apart(mut tar: &[u8]) -> Vec<Entry> {
    let mut entries = Vec::new();
    while tar[0] != 0 {
        let header: [u8; 512] = tar[..512].try_into().unwrap();
        let size = usize::from_str_radix(std::str::from_utf8(&header[124..135]).unwrap(), 8).unwrap();
        entries.push(Entry { header, content: tar[512..512 + size].to_vec() });
        tar = &tar[512 + size.next_multiple_of(512)..];
    }
    entries
}

pub fn put_together(entries: &[Entry]) -> Vec<u8> {
    let mut tar = Vec::new();
    for entry in entries {
        tar.extend_from_slice(&entry.header);
        tar.extend_from_slice(&entry.content);
        tar.resize(tar.len().next_multiple_of(512), 0);
    }
    tar.resize(tar.len() + 1024, 0);
    tar
}

/// Changes a header and makes its sum right.
pub fn change(header: &mut [u8; 512], change: impl FnOnce(&mut [u8; 512])) {
    change(header);
    header[148..156].fill(b' ');
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
}

pub fn rename(header: &mut [u8; 512], name: &str) {
    change(header, |header| {
        header[..100].fill(0);
        header[..name.len()].copy_from_slice(name.as_bytes());
    });
}

pub fn resize(header: &mut [u8; 512], size: u64) {
    change(header, |header| header[124..135].copy_from_slice(format!("{size:011o}").as_bytes()));
}

pub fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// Changes the record and makes its checksum and size right.
pub fn change_record(entries: &mut [Entry], change: impl FnOnce(&mut Value)) {
    let mut record: Value = serde_json::from_slice(&entries[0].content).unwrap();
    change(&mut record["content"]);
    let checksum = hash(&serde_json::to_vec(&record["content"]).unwrap());
    record["checksum"] = json!(checksum);
    entries[0].content = serde_json::to_vec_pretty(&record).unwrap();
    let size = entries[0].content.len() as u64;
    resize(&mut entries[0].header, size);
}

/// Puts other bytes in the place of a file, and names and sizes everywhere right.
pub fn replace(entries: &mut [Entry], place: usize, folder: &str, extension: &str, content: Vec<u8>) {
    let name = format!("{folder}/{}.{extension}", hash(&content));
    rename(&mut entries[place].header, &name);
    resize(&mut entries[place].header, content.len() as u64);
    let bytes = content.len();
    entries[place].content = content;
    change_record(entries, |record| record["files"][place - 1] = json!({"name": name, "bytes": bytes}));
}

/// Puts another manifest in the place of the only one.
pub fn replace_manifest(entries: &mut [Entry], change: impl FnOnce(&mut Value)) {
    let mut manifest: Value = serde_json::from_slice(&entries[1].content).unwrap();
    change(&mut manifest);
    let content = serde_json::to_vec_pretty(&manifest).unwrap();
    let id = hash(&content);
    replace(entries, 1, "manifests", "json", content);
    change_record(entries, |record| {
        record["refs"]["versions"][0]["id"] = json!(id);
        record["refs"]["tags"] = json!({});
        record["refs"]["current"] = json!(id);
    });
}

/// Bytes of an object in a pack's index, its checksum the last eight.
const ENTRY: usize = 88;

/// An object in a pack: its name, what it is told by, its frame, and the size that it claims.
pub type Object = ([u8; 32], [u8; 32], Vec<u8>, u32);

fn number(bytes: &[u8]) -> usize {
    usize::try_from(u64::from_le_bytes(bytes.try_into().unwrap())).unwrap()
}

/// The index of a pack, an object after another.
fn index_of(pack: &[u8]) -> std::slice::ChunksExact<'_, u8> {
    let footer = pack.len() - 56;
    pack[number(&pack[footer + 8..footer + 16])..footer].chunks_exact(ENTRY)
}

pub fn objects_of(pack: &[u8]) -> Vec<Object> {
    let mut objects: Vec<(usize, Object)> = index_of(pack)
        .map(|entry| {
            let offset = number(&entry[64..72]);
            let stored = u32::from_le_bytes(entry[72..76].try_into().unwrap()) as usize;
            let size = u32::from_le_bytes(entry[76..80].try_into().unwrap());
            let frame = pack[offset..offset + stored].to_vec();
            (offset, (entry[..32].try_into().unwrap(), entry[32..64].try_into().unwrap(), frame, size))
        })
        .collect();
    objects.sort_by_key(|(offset, _)| *offset);
    objects.into_iter().map(|(_, object)| object).collect()
}

/// A pack of some objects; `checksum` tells an object's.
pub fn pack_of(objects: &[Object], checksum: impl Fn(&[u8; 32]) -> u64) -> Vec<u8> {
    let mut pack = b"WNWPACK3".to_vec();
    let mut index = Vec::new();
    for (name, base, frame, size) in objects {
        index.push((*name, *base, pack.len() as u64, u32::try_from(frame.len()).unwrap(), *size));
        pack.extend_from_slice(frame);
    }
    index.sort();
    let at = pack.len();
    for (name, base, offset, stored, size) in &index {
        pack.extend_from_slice(name);
        pack.extend_from_slice(base);
        pack.extend_from_slice(&offset.to_le_bytes());
        pack.extend_from_slice(&stored.to_le_bytes());
        pack.extend_from_slice(&size.to_le_bytes());
        pack.extend_from_slice(&checksum(name).to_le_bytes());
    }
    let checksum = *blake3::hash(&pack[at..]).as_bytes();
    pack.extend_from_slice(&(objects.len() as u64).to_le_bytes());
    pack.extend_from_slice(&(at as u64).to_le_bytes());
    pack.extend_from_slice(&checksum);
    pack.extend_from_slice(b"WNWPEND3");
    pack
}

/// Changes the checksum of the pack's first object, with all hashes made to fit.
pub fn replace_checksum(entries: &mut [Entry], change: impl FnOnce(u64) -> u64) {
    let mut pack = entries[2].content.clone();
    let footer = pack.len() - 56;
    let at = number(&pack[footer + 8..footer + 16]);
    let checksum = &mut pack[at + ENTRY - 8..at + ENTRY];
    let changed = change(u64::from_le_bytes(checksum.as_ref().try_into().unwrap()));
    checksum.copy_from_slice(&changed.to_le_bytes());
    let hash = *blake3::hash(&pack[at..footer]).as_bytes();
    pack[footer + 16..footer + 48].copy_from_slice(&hash);
    replace(entries, 2, "packs", "pack", pack);
}

/// Puts other objects in the place of the pack's.
pub fn replace_objects(entries: &mut [Entry], change: impl FnOnce(&mut Vec<Object>)) {
    let pack = entries[2].content.clone();
    let mut objects = objects_of(&pack);
    change(&mut objects);
    // What was there keeps its checksum; what is new has none.
    let known = |name: &[u8; 32]| index_of(&pack).find(|entry| entry[..32] == name[..]);
    let checksum =
        |name: &[u8; 32]| known(name).map_or(0, |entry| u64::from_le_bytes(entry[ENTRY - 8..].try_into().unwrap()));
    replace(entries, 2, "packs", "pack", pack_of(&objects, checksum));
    let unpacked: u64 = objects.iter().map(|object| u64::from(object.3)).sum();
    change_record(entries, |record| {
        record["objects"] = json!(objects.len());
        record["unpacked"] = json!(unpacked);
    });
}
