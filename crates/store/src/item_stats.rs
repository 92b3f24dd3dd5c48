//! The items in numbers.

use std::collections::BTreeMap;

use contract::item::{Count, ItemStats, ItemStatus};
use contract::review::{Priority, ReviewStatus};
use rusqlite::Connection;

use crate::code::Coded;
use crate::count::{self, Kind};
use crate::filter::unsigned;
use crate::state::Standing;
use crate::{Result, Store};

/// Values listed of domains and labels.
const MOST_VALUES: u32 = 1_000;

impl Store {
    /// The items in numbers, from the counters. Lists by domain and label hold the 1000 most frequent.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn item_stats(&self) -> Result<ItemStats> {
        self.read(|connection| {
            let counts = |kind| -> Result<Vec<Count>> {
                let most = count::most_frequent(connection, kind, MOST_VALUES)?;
                Ok(most.into_iter().map(|(name, items)| Count { name, items }).collect())
            };
            let mut by_status = BTreeMap::new();
            for status in ItemStatus::ALL {
                by_status.insert(*status, unsigned(count::get(connection, (Kind::Status, status.code(), 0))?));
            }
            let mut confidence = [0; 10];
            for (tenth, _, items) in count::all(connection, Kind::Confidence)? {
                if let Some(bin) = usize::try_from(tenth).ok().and_then(|tenth| confidence.get_mut(tenth)) {
                    *bin = unsigned(items);
                }
            }
            Ok(ItemStats {
                items: count::sum(connection, Kind::Status)?,
                by_status,
                by_domain: counts(Kind::Domain)?,
                by_label: counts(Kind::Label)?,
                by_source: by_source(connection)?,
                confidence,
                review: review_by_status(connection)?,
            })
        })
    }
}

fn by_source(connection: &Connection) -> Result<Vec<Count>> {
    let mut query = connection.prepare_cached(
        "SELECT sources.name, n FROM counts JOIN sources ON sources.id = a WHERE kind = ?1 ORDER BY n DESC, sources.id",
    )?;
    let rows = query.query_map([Kind::Source as i64], |row| Ok(Count { name: row.get(0)?, items: row.get(1)? }))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Review items by status; those beyond the queue's limit are none yet.
pub(crate) fn review_by_status(connection: &Connection) -> Result<BTreeMap<ReviewStatus, u64>> {
    let number = |status| count::get(connection, (Kind::Review, Standing::of(status).code(), 0));
    ReviewStatus::ALL.iter().map(|status| Ok((*status, unsigned(number(*status)?)))).collect()
}

/// Items waiting in the queue by priority.
pub(crate) fn waiting_by_priority(connection: &Connection) -> Result<BTreeMap<Priority, u64>> {
    let number = |priority: Priority| count::get(connection, (Kind::Priority, priority.code(), 0));
    Priority::CODES.iter().map(|(priority, _)| Ok((*priority, unsigned(number(*priority)?)))).collect()
}
