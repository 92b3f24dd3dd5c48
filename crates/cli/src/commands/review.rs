//! `winnow review`: the queue and decisions.

use catalogue::{Language, Text};
use contract::Page;
use contract::item::ItemFilter;
use contract::review::{
    Decide, ExportReviewed, GetReviewProgress, ImportDecisions, ListReview, NextReviewItems, ReviewRow, ReviewSample,
    ReviewStatus, UndoDecision,
};

use super::items::PAGE;
use crate::arguments::{Review, ReviewAction};
use crate::failure::Failure;
use crate::output::Reply;
use crate::report;
use crate::session::{Session, path_text};

pub fn review(lang: Language, review: Review) -> Result<Reply, Failure> {
    let session = Session::open(lang, &review.dir)?;
    let project = session.project();
    match review.action {
        ReviewAction::List { status, limit, after } => {
            let page = rows(&session, status.map(|status| status.contract()), limit, after)?;
            Reply::new(&page, report::review::list(lang, &page))
        }
        ReviewAction::Next { count } => {
            let cards = session.call(NextReviewItems { project, count, exclude: Vec::new() })?;
            Reply::new(&cards, report::review::cards(lang, &cards))
        }
        ReviewAction::Decide { id, verdict, reviewer } => {
            let request = Decide { project, item: id, action: verdict.action(), reviewer: reviewer.clone() };
            let decision = session.call(request)?;
            let left = waiting(&session, reviewer)?;
            Reply::new(&decision, format!("{}\n{left}", report::review::decided(lang, &decision)))
        }
        ReviewAction::Undo { reviewer } => {
            let card = session.call(UndoDecision { project, reviewer })?;
            Reply::new(&card, report::review::card(lang, &card))
        }
        ReviewAction::Import { file, reviewer } => {
            let imported = session.call(ImportDecisions { project, file: path_text(&file)?, reviewer })?;
            Reply::new(&imported, report::review::imported(lang, &imported))
        }
        ReviewAction::Sample { count, filter, seed } => {
            let filter = filter.as_deref().map(ItemFilter::parse).transpose()?.unwrap_or_default();
            let sent = session.call(ReviewSample { project, filter, count, seed })?;
            Reply::new(&sent, Text::sent_to_review(lang, sent))
        }
        ReviewAction::Export { file } => {
            let written = session.call(ExportReviewed { project, to: path_text(&file)? })?;
            Reply::new(&written, report::sources::written(lang, &written))
        }
    }
}

/// How many still wait, in words.
fn waiting(session: &Session, reviewer: String) -> Result<String, Failure> {
    let progress = session.call(GetReviewProgress { project: session.project(), reviewer, since: 0 })?;
    Ok(report::review::waiting(session.lang, &progress))
}

fn rows(
    session: &Session,
    status: Option<ReviewStatus>,
    limit: u64,
    after: Option<i64>,
) -> Result<Page<ReviewRow>, Failure> {
    super::items::gathered(limit, after, |after, limit| {
        session.call(ListReview { project: session.project(), status, after, limit: limit.min(PAGE) })
    })
}
