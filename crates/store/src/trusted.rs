//! Items with a label that can be trusted: what datasets are made of.

use std::collections::HashMap;

use contract::dataset::{SplitBy, SplitSettings};
use contract::item::ItemStatus;
use contract::{ItemId, SourceId, UnixMillis};
use rusqlite::{Connection, Row};

use crate::code::{Code, Coded};
use crate::count::{self, Kind};
use crate::filter::unsigned;
use crate::term::DomainTerms;
use crate::time_text::{DayFirst, TimeText};
use crate::{Result, Store, TextHash};

/// Where a trusted label comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// A person approved or corrected it.
    Decision,
    /// A confident prediction that agrees with the label that the item came with, where it came with one.
    Prediction,
    /// The label that the item came with; no model has checked it yet.
    Source,
}

impl Origin {
    /// The name in [`contract::dataset::Sample::origin`].
    pub fn name(self) -> &'static str {
        match self {
            Origin::Decision => "decision",
            Origin::Prediction => "prediction",
            Origin::Source => "source",
        }
    }
}

/// What a split needs to know of an item; 88 bytes, so that a million fit in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrustedKey {
    /// The item.
    pub item: ItemId,
    /// Equal texts (of imports that keep duplicates) have equal hashes and must be on one side.
    pub hash: TextHash,
    /// Position of the label in the schema's domains.
    pub domain: u32,
    /// Where the label comes from.
    pub origin: Origin,
    /// Where it stands: place of its source among all by name and content, and its row. Unlike its number it doesn't depend on what
    /// was imported first.
    pub place: (u32, u64),
    /// Its user: equal numbers mean equal users, as long as one answer is looked at. Read where users are to stay together.
    pub user: Option<u32>,
    /// Its time. Read where time matters to the split.
    pub at: Option<UnixMillis>,
    /// Hash of the text that it was made from: it is a synthetic.
    pub parent: Option<TextHash>,
}

/// An item with its trusted label.
#[derive(Clone, Debug, PartialEq)]
pub struct TrustedItem {
    /// The item.
    pub id: ItemId,
    /// Hash of its text.
    pub hash: TextHash,
    /// Its text.
    pub text: String,
    /// The label: a domain's id.
    pub domain: String,
    /// Where the label comes from.
    pub origin: Origin,
    /// Confidence of the latest prediction, where there is one.
    pub confidence: Option<f32>,
    /// The latest prediction's model and prompt version.
    pub labeller: Option<(String, String)>,
    /// The source.
    pub source: SourceId,
    /// Row in its file.
    pub row: u64,
    /// Whose decision it is and when it was made, where the label comes from one.
    pub decided: Option<(String, UnixMillis)>,
    /// Hash of the text that it was made from: it is a synthetic.
    pub parent: Option<TextHash>,
}

const WAY: &str = "FROM items i JOIN sources ON sources.id = i.source AND sources.state = 1
    LEFT JOIN states s ON s.item = i.id";
/// The metadata, where it may tell a parent; most items have none, and theirs need not be parsed.
const PARENT: &str = "CASE WHEN instr(i.metadata, '\"parent\"') THEN i.metadata END";

impl Store {
    /// All items with a trusted label, by number, as `include_confident` and `include_unchecked` of the settings say. Left out: items
    /// that wait, were skipped or rejected, of sources still importing, or whose label is no domain of the schema. About 0.3 s
    /// for a million items.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn trusted_keys(&self, settings: &SplitSettings) -> Result<Vec<TrustedKey>> {
        self.read(|connection| {
            let mut domains = DomainTerms::load(connection)?;
            let mut more = Details::of(settings, places(connection)?);
            let sql =
                format!("SELECT i.id, i.hash, i.label, s.status, s.domain, {} {WAY} ORDER BY i.id", more.columns());
            let mut query = connection.prepare_cached(&sql)?;
            let mut rows = query.query([])?;
            let mut keys = Vec::new();
            while let Some(row) = rows.next()? {
                let trusted = trust(connection, &mut domains, settings, (row.get(2)?, row.get(3)?, row.get(4)?))?;
                let Some((term, origin)) = trusted else { continue };
                let Some(domain) = domains.position(term) else { continue };
                let parent = parent(row.get::<_, Option<String>>(5)?.as_deref());
                let user = more.user(row)?;
                more.time(row, keys.len())?;
                let place = more.place(row)?;
                let (item, hash) = (ItemId(row.get(0)?), row.get(1)?);
                keys.push(TrustedKey { item, hash, domain, origin, place, user, at: None, parent });
            }
            more.tell_times(&mut keys);
            Ok(keys)
        })
    }

    /// The full items of some keys (as [`Store::trusted_keys`] gave them), in the keys' order. An item that changed or went in
    /// between is given as it is now, or left out when its label is no longer trusted.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn trusted_items(&self, keys: &[TrustedKey], settings: &SplitSettings) -> Result<Vec<TrustedItem>> {
        self.read(|connection| {
            let mut domains = DomainTerms::load(connection)?;
            let mut query = connection.prepare_cached(&format!(
                "SELECT i.hash, i.text, i.source, i.row, s.confidence, l.model, l.prompt_version, i.label, s.status, s.domain,
                        {PARENT}, d.reviewer, d.at {WAY}
                 LEFT JOIN predictions p ON p.id = s.prediction LEFT JOIN labellers l ON l.id = p.labeller
                 LEFT JOIN review r ON r.item = i.id LEFT JOIN decisions d ON d.id = r.decision WHERE i.id = ?1"
            ))?;
            let mut items = Vec::with_capacity(keys.len());
            for key in keys {
                let mut rows = query.query([key.item.0])?;
                let Some(row) = rows.next()? else { continue };
                let trusted = trust(connection, &mut domains, settings, (row.get(7)?, row.get(8)?, row.get(9)?))?;
                let Some((term, origin)) = trusted else { continue };
                let Some(domain) = domains.id(term) else { continue };
                let model: Option<String> = row.get(5)?;
                let reviewer: Option<String> = row.get(11)?;
                let decided = reviewer.filter(|_| origin == Origin::Decision).zip(row.get(12)?);
                items.push(TrustedItem {
                    id: key.item,
                    hash: row.get(0)?,
                    text: row.get(1)?,
                    domain: domain.to_owned(),
                    origin,
                    confidence: row.get(4)?,
                    labeller: model.zip(row.get(6)?),
                    source: SourceId(row.get(2)?),
                    row: row.get(3)?,
                    decided,
                    parent: parent(row.get::<_, Option<String>>(10)?.as_deref()),
                });
            }
            Ok(items)
        })
    }

    /// Items that wait for review, beyond the queue's limit too, and are therefore in no dataset.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn waiting_items(&self) -> Result<u64> {
        self.read(|connection| Ok(unsigned(count::get(connection, (Kind::Status, ItemStatus::Waiting.code(), 0))?)))
    }
}

/// The term of the trusted label and where it comes from, of an item's label, status and domain.
fn trust(
    connection: &Connection,
    domains: &mut DomainTerms,
    settings: &SplitSettings,
    (label, status, domain): (Option<i64>, Option<Code<ItemStatus>>, Option<i64>),
) -> Result<Option<(i64, Origin)>> {
    Ok(match (status.map_or(ItemStatus::New, |status| status.0), label) {
        (ItemStatus::Approved | ItemStatus::Corrected, _) => domain.map(|domain| (domain, Origin::Decision)),
        (ItemStatus::Confident, _) if settings.include_confident => domain.map(|domain| (domain, Origin::Prediction)),
        (ItemStatus::New, Some(label)) if settings.include_unchecked => {
            domains.meant_by(connection, label)?.map(|domain| (domain, Origin::Source))
        }
        _ => None,
    })
}

/// What is read of each item beside its label: as little as the settings need.
struct Details {
    wants_users: bool,
    wants_times: bool,
    users: HashMap<String, u32>,
    times: Vec<(usize, SourceId, TimeText)>,
    days: DayFirst,
    places: HashMap<SourceId, u32>,
}

impl Details {
    fn of(settings: &SplitSettings, places: HashMap<SourceId, u32>) -> Self {
        Self {
            wants_users: settings.group_users,
            wants_times: settings.split_by == SplitBy::Time || settings.group_time.is_some(),
            users: HashMap::new(),
            times: Vec::new(),
            days: DayFirst::default(),
            places,
        }
    }

    /// Columns 5 to 9: the parent's metadata, user, time, source, row.
    fn columns(&self) -> String {
        let user = if self.wants_users { "i.user" } else { "NULL" };
        let ts = if self.wants_times { "i.ts" } else { "NULL" };
        format!("{PARENT}, {user}, {ts}, i.source, i.row")
    }

    fn place(&self, row: &Row<'_>) -> Result<(u32, u64)> {
        let source = self.places.get(&SourceId(row.get(8)?)).copied();
        Ok((source.unwrap_or(u32::MAX), row.get(9)?))
    }

    fn user(&mut self, row: &Row<'_>) -> Result<Option<u32>> {
        let Some(user) = row.get_ref(6)?.as_str_or_null().map_err(rusqlite::Error::from)? else { return Ok(None) };
        let next = u32::try_from(self.users.len()).unwrap_or(u32::MAX);
        Ok(Some(*self.users.entry(user.to_owned()).or_insert(next)))
    }

    fn time(&mut self, row: &Row<'_>, place: usize) -> Result<()> {
        let text = row.get_ref(7)?.as_str_or_null().map_err(rusqlite::Error::from)?.and_then(TimeText::read);
        if let Some(text) = text {
            let source = SourceId(row.get(8)?);
            self.days.learn(source, text);
            self.times.push((place, source, text));
        }
        Ok(())
    }

    fn tell_times(&self, keys: &mut [TrustedKey]) {
        for (place, source, text) in &self.times {
            keys[*place].at = text.at(self.days.of(*source));
        }
    }
}

/// The place of each source among all by name and content.
fn places(connection: &Connection) -> Result<HashMap<SourceId, u32>> {
    let mut query = connection
        .prepare_cached("SELECT id FROM sources ORDER BY name, json_extract(report, '$.content_hash'), id")?;
    let sources = query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
    Ok(sources.into_iter().map(SourceId).zip(0..).collect())
}

/// The text that an item was made from: the metadata's `parent`, where it is a sample's id.
fn parent(metadata: Option<&str>) -> Option<TextHash> {
    let metadata: HashMap<String, serde_json::Value> = serde_json::from_str(metadata?).ok()?;
    TextHash::from_hex(metadata.get("parent")?.as_str()?.trim())
}
