//! `winnow items` and `winnow stats`: looking at what there is.

use std::path::{Path, PathBuf};

use catalogue::Language;
use clap::CommandFactory;
use clap::error::ErrorKind;
use contract::Page;
use contract::item::{GetItem, GetItemStats, ItemFilter, ItemRow, ListItems};
use contract::labeller::ListSimilar;

use crate::arguments::{Arguments, Items, ItemsAction};
use crate::failure::Failure;
use crate::output::Reply;
use crate::report;
use crate::session::Session;

/// The largest page that `api` gives.
pub const PAGE: u32 = 1000;

pub fn items(lang: Language, items: Items) -> Result<Reply, Failure> {
    match items.action {
        ItemsAction::List { folder, filter, limit, after } => {
            let filter = filter.as_deref().map(ItemFilter::parse).transpose()?.unwrap_or_default();
            let session = Session::open(lang, &folder_of(items.dir, folder)?)?;
            let page = rows(&session, &filter, limit, after)?;
            Reply::new(&page, report::items::list(lang, &page))
        }
        ItemsAction::Stats { folder } => stats(lang, &folder_of(items.dir, folder)?),
        ItemsAction::Similar { id, count } => {
            let session = Session::open(lang, &folder_of(items.dir, None)?)?;
            let similar = session.call(ListSimilar { project: session.project(), item: id, count })?;
            Reply::new(&similar, report::items::similar(lang, &similar))
        }
        ItemsAction::Show { id } => {
            let session = Session::open(lang, &folder_of(items.dir, None)?)?;
            let item = session.call(GetItem { project: session.project(), item: id })?;
            Reply::new(&item, report::items::detail(lang, &item))
        }
    }
}

/// The folder, before or after the verb; wrong usage without one.
fn folder_of(before: Option<PathBuf>, after: Option<PathBuf>) -> Result<PathBuf, Failure> {
    before.or(after).ok_or_else(|| {
        let mut command = Arguments::command();
        Failure::Usage(Box::new(command.error(ErrorKind::MissingRequiredArgument, "winnow items <DIR> …")))
    })
}

pub fn stats(lang: Language, folder: &Path) -> Result<Reply, Failure> {
    let session = Session::open(lang, folder)?;
    let stats = session.call(GetItemStats { project: session.project() })?;
    Reply::new(&stats, report::items::stats(lang, &stats))
}

fn rows(session: &Session, filter: &ItemFilter, limit: u64, after: Option<i64>) -> Result<Page<ItemRow>, Failure> {
    gathered(limit, after, |after, limit| {
        session.call(ListItems { project: session.project(), filter: filter.clone(), after, limit })
    })
}

/// At most `limit` rows of a paged list, as one page.
pub fn gathered<T>(
    limit: u64,
    after: Option<i64>,
    page: impl Fn(Option<i64>, u32) -> Result<Page<T>, Failure>,
) -> Result<Page<T>, Failure> {
    let mut all: Page<T> = Page { rows: Vec::new(), next: after, total: None };
    loop {
        let left = limit.saturating_sub(u64::try_from(all.rows.len()).unwrap_or(u64::MAX));
        let size = u32::try_from(left).unwrap_or(PAGE).min(PAGE);
        if size == 0 {
            return Ok(all);
        }
        let Page { rows, next, total } = page(all.next, size)?;
        let ended = next.is_none() || rows.is_empty();
        all.rows.extend(rows);
        all.next = next;
        all.total = all.total.or(total);
        if ended {
            return Ok(all);
        }
    }
}
