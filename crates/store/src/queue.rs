//! The review queue's limit: what is beyond it moves up as the queue drains.

use contract::ItemId;
use rusqlite::{Connection, OptionalExtension};

use crate::code::Coded;
use crate::count::{Kind, Tally};
use crate::state::{Standing, State};
use crate::{Result, project};

/// Review items waiting at once, unless the project says otherwise.
const DEFAULT_LIMIT: u64 = 10_000;
/// Items moved up in one go at most, so that no decision pays for a raised limit.
const MOST_AT_ONCE: i64 = 200;

/// How many review items may wait at once.
pub(crate) fn limit(connection: &Connection) -> Result<u64> {
    Ok(project::get(connection, "queue_limit")?.unwrap_or(DEFAULT_LIMIT))
}

/// How many more the queue takes; negative when undone decisions brought items back into a full one.
pub(crate) fn room(connection: &Connection, tally: &Tally) -> Result<i64> {
    let waiting = tally.current(connection, (Kind::Review, Standing::Pending.code(), 0))?;
    Ok(i64::try_from(limit(connection)?).unwrap_or(i64::MAX).saturating_sub(waiting))
}

/// Moves the most urgent items from beyond the limit into the room that the queue has; answers how many.
pub(crate) fn move_up(connection: &Connection, tally: &mut Tally) -> Result<i64> {
    let beyond = tally.current(connection, (Kind::Review, Standing::Beyond.code(), 0))?;
    if beyond <= 0 {
        return Ok(0);
    }
    let count = room(connection, tally)?.min(beyond).min(MOST_AT_ONCE);
    let mut first = connection
        .prepare_cached("SELECT item FROM review INDEXED BY review_beyond WHERE status = 6 ORDER BY priority DESC, confidence, item LIMIT 1")?;
    for _ in 0..count {
        let Some(item) = first.query_row([], |row| row.get(0)).optional()?.map(ItemId) else { break };
        let before = State::load(connection, item)?;
        let mut after = before;
        after.review = before.review.map(|review| crate::state::Review { standing: Standing::Pending, ..review });
        after.store(connection, item, &before, tally)?;
    }
    Ok(count.max(0))
}
