//! Finding the lines of some samples in many versions, archived ones, too: every object that these need is unpacked once, verified, and looked
//! through.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use contract::version::SampleSide;
use memchr::{memchr, memchr_iter, memmem};
use rayon::prelude::*;

use crate::VersionError;
use crate::cut::ChunkRef;
use crate::difference::Work;
use crate::hash::Hash;
use crate::holdings::Holdings;
use crate::line::lines;
use crate::needs::insert_with_bases;
use crate::pack::Entry;
use crate::row::{Mark, Place, Row};
use crate::secret::Secret;
use crate::tree::{DEEPEST, Trees, Unpacked};

/// Trees of objects that are looked through between two looks at progress.
const BATCH: usize = 64;
/// Samples of one id or text that are looked at in a chunk.
const MOST: usize = 256;
/// Digits of a name that is made of a text.
const MADE: usize = 32;

/// Which samples are looked for.
#[derive(Clone, Debug)]
pub(crate) enum Sought {
    /// Those of this name.
    Name(String),
    /// The same, and those with this text; blanks around both aside.
    NameOrText(String),
    /// Those of these names.
    Names(BTreeSet<String>),
    /// Those of this source and row.
    Origin(String, u64),
}

/// A sample's line in a version.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// 0 for train, 1 for eval.
    pub file: u8,
    line: Arc<Line>,
}

/// A line, and what its sample is called.
#[derive(Debug)]
struct Line {
    name: String,
    bytes: Vec<u8>,
}

/// Where the sought lines stand among the chunks of some versions.
#[derive(Debug)]
pub(crate) struct Seen {
    /// Those of each chunk that has any.
    lines: HashMap<Hash, Vec<Arc<Line>>>,
}

/// What looking through a tree of objects showed.
#[derive(Default)]
struct Looked {
    found: Vec<(Hash, Vec<Arc<Line>>)>,
    objects: usize,
    rows: u64,
    damaged: Option<Hash>,
}

impl Found {
    /// What its sample is called.
    pub fn name(&self) -> &str {
        &self.line.name
    }

    /// What tells it from other lines: where it stands, and its bytes.
    pub fn line(&self) -> (u8, &[u8]) {
        (self.file, &self.line.bytes)
    }

    /// As people see it.
    pub fn side(&self) -> Option<SampleSide> {
        let place = Place { file: self.file, ..Place::default() };
        self.row().map(|row| row.side(place.split()))
    }

    /// The samples of its source and row, where it tells both.
    pub fn origin(&self) -> Option<Sought> {
        let row = self.row().filter(|row| !row.source.is_empty())?;
        Some(Sought::Origin(row.source.clone().into_owned(), row.row?))
    }

    /// What it is paired by; `line` stands for its place.
    pub fn mark(&self, line: u32, secret: &Secret) -> Option<Mark> {
        let place = Place { file: self.file, chunk: 0, line };
        self.row().map(|row| row.mark(place, secret))
    }

    fn row(&self) -> Option<Row<'_>> {
        Row::read(&self.line.bytes).ok()
    }
}

impl Sought {
    fn is(&self, row: &Row<'_>, name: &str) -> bool {
        match self {
            Self::Name(wanted) => name == wanted,
            Self::NameOrText(wanted) => name.trim() == wanted || row.text.trim() == wanted,
            Self::Names(wanted) => wanted.contains(name),
            Self::Origin(source, number) => row.row == Some(*number) && row.source == source.as_str(),
        }
    }

    /// Whether enough was found in a chunk: samples that share an id are all told, but not without end.
    fn has_enough(&self, found: &[Arc<Line>]) -> bool {
        match self {
            Self::Name(_) | Self::NameOrText(_) => found.len() >= MOST,
            Self::Names(_) | Self::Origin(..) => false,
        }
    }
}

/// Tells most lines that are not sought without reading them as JSON; never one that is.
#[derive(Debug)]
struct Sieve {
    /// What a sought line without escapes has in it; `None` where nothing is certain.
    needle: Option<memmem::Finder<'static>>,
    /// A sample without an id may be called so.
    made_of_text: bool,
    id: memmem::Finder<'static>,
}

impl Sieve {
    fn of(sought: &Sought) -> Self {
        let finder = |bytes: &[u8]| memmem::Finder::new(bytes).into_owned();
        let needle = match sought {
            // A number as an id may be written otherwise than it reads: 1e3 is 1000.0.
            Sought::Name(word) | Sought::NameOrText(word)
                if word.contains(['.', 'e', 'E']) && word.parse::<f64>().is_ok() =>
            {
                None
            }
            Sought::Name(word) | Sought::NameOrText(word) => Some(finder(word.as_bytes())),
            Sought::Origin(_, row) => Some(finder(row.to_string().as_bytes())),
            Sought::Names(_) => None,
        };
        let made_of_text = match sought {
            Sought::Name(word) | Sought::NameOrText(word) => {
                word.len() == MADE && word.bytes().all(|digit| digit.is_ascii_hexdigit())
            }
            Sought::Names(_) | Sought::Origin(..) => false,
        };
        Self { needle, made_of_text, id: finder(&b"\"id\""[..]) }
    }

    /// Whether some bytes hold no sought line, that much being certain at a glance.
    fn passes_over(&self, bytes: &[u8]) -> bool {
        !self.made_of_text && !self.lets_through(bytes)
    }

    /// Whether a line may be a sought one.
    fn lets_through(&self, line: &[u8]) -> bool {
        let Some(needle) = &self.needle else { return true };
        // With escapes the same letters can be written in many ways.
        needle.find(line).is_some() || memchr(b'\\', line).is_some() || self.made_of_text && !self.has_id(line)
    }

    /// Whether a line without escapes certainly has an id of its own: as its first field, and no other of that name.
    fn has_id(&self, line: &[u8]) -> bool {
        let Some(rest) = line.strip_prefix(b"{\"id\":") else { return false };
        let value = rest.strip_prefix(b" ").unwrap_or(rest);
        let told = match value {
            [b'"', letter, ..] => *letter != b'"',
            [letter, ..] => letter.is_ascii_digit(),
            [] => false,
        };
        told && self.id.find(rest).is_none()
    }
}

impl Seen {
    /// Looks through some chunks, which versions they are of being known, and all that they are told by.
    pub fn of(
        sought: &Sought,
        chunks: &HashMap<Hash, String>,
        holdings: &Holdings,
        work: &mut Work<'_, '_>,
    ) -> Result<Self, VersionError> {
        let needed = needed(chunks.keys(), holdings);
        let trees = Trees::of(needed.iter().map(|hash| (*hash, holdings.base(hash))));
        let archived = archived_by_root(&needed, holdings);
        let version = |hash: &Hash| chunks.get(hash).map_or("—", String::as_str);
        let (sieve, mut objects, mut seen) = (Sieve::of(sought), 0, Self { lines: HashMap::new() });
        for batch in trees.roots.chunks(BATCH) {
            work.advance(0)?;
            let archived = read_archived(batch.iter().filter_map(|root| archived.get(root)).flatten(), holdings);
            let unpack = |hash: &Hash| {
                let kept = archived.get(hash).cloned();
                let (entry, content) = kept.or_else(|| holdings.content(hash, version(hash)).ok())?;
                Some(Unpacked::of(&entry, content))
            };
            let look = |root: &Hash| {
                let mut looked = Looked::default();
                trees.walk(root, None, &unpack, &mut |hash, bytes| looked.add(hash, bytes, sought, &sieve));
                looked
            };
            for looked in batch.par_iter().map(look).collect::<Vec<_>>() {
                work.advance(looked.rows)?;
                if let Some(hash) = looked.damaged {
                    return Err(damaged(&hash.to_string(), version(&hash)));
                }
                objects += looked.objects;
                seen.lines.extend(looked.found);
            }
        }
        // What was not reached is told in a circle.
        if objects == needed.len() { Ok(seen) } else { Err(damaged("packs", "—")) }
    }

    /// The sought lines of a version's file, in order.
    pub fn rows<'a>(&'a self, file: u8, chunks: &'a [ChunkRef]) -> impl Iterator<Item = Found> + 'a {
        let lines = chunks.iter().filter_map(|chunk| self.lines.get(&chunk.hash)).flatten();
        lines.map(move |line| Found { file, line: line.clone() })
    }
}

impl Looked {
    fn add(&mut self, hash: &Hash, bytes: Option<&[u8]>, sought: &Sought, sieve: &Sieve) {
        let Some(bytes) = bytes else {
            self.damaged = Some(*hash);
            return;
        };
        self.objects += 1;
        self.rows += memchr_iter(b'\n', bytes).count() as u64;
        let found = scan(bytes, sought, sieve);
        if !found.is_empty() {
            self.found.push((*hash, found));
        }
    }
}

/// The sought lines among some bytes.
fn scan(bytes: &[u8], sought: &Sought, sieve: &Sieve) -> Vec<Arc<Line>> {
    let mut found = Vec::new();
    if sieve.passes_over(bytes) {
        return found;
    }
    for line in lines(bytes).filter(|line| sieve.lets_through(line)) {
        let Ok(row) = Row::read(line) else { continue };
        let name = row.name();
        if sought.is(&row, &name) && !sought.has_enough(&found) {
            found.push(Arc::new(Line { name: name.into_owned(), bytes: line.to_owned() }));
        }
    }
    found
}

/// Chunks and all that they are told by, in the order in which they lie on the disk.
fn needed<'a>(chunks: impl Iterator<Item = &'a Hash>, holdings: &Holdings) -> Vec<Hash> {
    let mut needed = HashSet::new();
    for hash in chunks {
        insert_with_bases(&mut needed, *hash, |hash| holdings.base(hash));
    }
    let mut needed: Vec<Hash> = needed.into_iter().collect();
    needed.sort_by_cached_key(|hash| {
        let pack = holdings.objects.pack_of(hash);
        let archive = holdings.archive_of(hash).filter(|_| pack.is_none());
        (archive, pack, holdings.entry(hash).map_or(0, |entry| entry.offset))
    });
    needed
}

/// What lies in archives alone, by the object at the root of what tells it.
fn archived_by_root(needed: &[Hash], holdings: &Holdings) -> HashMap<Hash, Vec<Hash>> {
    let mut archived: HashMap<Hash, Vec<Hash>> = HashMap::new();
    for hash in needed.iter().filter(|hash| !holdings.objects.contains(hash)) {
        let mut root = *hash;
        for _ in 0..=DEEPEST {
            let Some(base) = holdings.base(&root) else { break };
            root = base;
        }
        archived.entry(root).or_default().push(*hash);
    }
    archived
}

/// Reads from archives in the order in which they hold it, so that each of their groups is unpacked once for all.
fn read_archived<'a>(hashes: impl Iterator<Item = &'a Hash>, holdings: &Holdings) -> HashMap<Hash, (Entry, Vec<u8>)> {
    let mut hashes: Vec<&Hash> = hashes.collect();
    hashes.sort_by_cached_key(|hash| (holdings.archive_of(hash), holdings.entry(hash).map_or(0, |entry| entry.offset)));
    // What can't be read is asked for again, and told as damage then.
    hashes.into_iter().filter_map(|hash| Some((*hash, holdings.archived_content(hash)?))).collect()
}

fn damaged(detail: &str, version: &str) -> VersionError {
    VersionError::Damaged { version: version.to_owned(), detail: detail.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(sought: &Sought, line: &str) -> bool {
        !scan(line.as_bytes(), sought, &Sieve::of(sought)).is_empty()
    }

    #[test]
    fn a_sample_is_found_however_its_line_is_written() {
        let name = |name: &str| Sought::Name(name.to_owned());
        for (sought, line) in [
            (name("a/b"), r#"{"id":"a\/b","text":"t","label":"l"}"#),
            (name("П"), r#"{"id":"\u041F","text":"t","label":"l"}"#),
            (name("2999"), r#"{"text":"t","id" : 2999,"label":"l"}"#),
            (name("1000.0"), r#"{"id":1e3,"text":"t","label":"l"}"#),
            (Sought::NameOrText("t".to_owned()), r#"{"id":"other","text":" t","label":7}"#),
            (Sought::Origin("a.csv".to_owned(), 12), r#"{"text":"t","label":"l","source":"a.csv","row":12}"#),
        ] {
            assert!(finds(&sought, line), "{sought:?} {line}");
            let other = line.replace("12", "13").replace("29", "39").replace("e3", "e4");
            let other = other.replace("041F", "042F").replace("b\"", "c\"").replace(" t", " u");
            assert!(!finds(&sought, &other), "{sought:?} {other}");
        }
    }

    #[test]
    fn a_sample_without_an_id_is_found_by_the_name_that_its_text_makes() {
        let sought = Sought::Name(blake3::hash(b"t").to_hex()[..MADE].to_owned());
        for id in ["", r#""id":"","#, r#""id":null,"#, r#""id":"a","more":{"id":1},"id":null,"#] {
            let line = format!(r#"{{{id}"text":"t","label":"l"}}"#);
            assert!(finds(&sought, &line), "{line}");
        }
        for id in [r#""id":"a","#, r#""id": "a","#, r#""id":7,"#, r#""id":"id","#] {
            let line = format!(r#"{{{id}"text":"t","label":"l"}}"#);
            assert!(!finds(&sought, &line), "{line}");
        }
        let sieve = Sieve::of(&sought);
        assert!(!sieve.lets_through(br#"{"id":"a","text":"t","label":"l"}"#), "usual lines are not read");
    }
}
