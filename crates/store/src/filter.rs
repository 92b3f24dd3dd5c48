//! Item filters in SQL: the most selective condition that has an index leads, the others are checked on the way.

use contract::item::{ItemFilter, ItemStatus};
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::code::Coded;
use crate::count::{self, Kind};
use crate::{Result, source, term, word_search};

/// A filter ready to be put into a query over `items i` and `states s`.
pub(crate) struct Selection {
    /// `FROM …` with its joins.
    pub(crate) from: &'static str,
    /// Conditions, joined by AND; at least one.
    pub(crate) conditions: Vec<String>,
    pub(crate) values: Vec<Value>,
    /// The column that pages are ordered by.
    pub(crate) key: &'static str,
    /// How many items there are, where a counter knows.
    pub(crate) total: Option<u64>,
}

const BY_ITEM: &str = "FROM items i LEFT JOIN states s ON s.item = i.id";
const BY_LABEL: &str = "FROM items i INDEXED BY items_label LEFT JOIN states s ON s.item = i.id";
const BY_STATE: &str = "FROM states s CROSS JOIN items i ON i.id = s.item";
const BY_STATUS: &str = "FROM states s INDEXED BY states_status CROSS JOIN items i ON i.id = s.item";
const BY_DOMAIN: &str = "FROM states s INDEXED BY states_domain CROSS JOIN items i ON i.id = s.item";

impl Selection {
    /// Reads what is needed to choose the way. A label or domain that no item has selects nothing.
    pub(crate) fn of(connection: &Connection, filter: &ItemFilter) -> Result<Self> {
        let items = unsigned(count::sum(connection, Kind::Source)? as i64);
        let mut ways: Vec<(u64, &'static str, &'static str)> = vec![(items, BY_ITEM, "i.id")];
        let mut selection =
            Self { from: BY_ITEM, conditions: Vec::new(), values: Vec::new(), key: "i.id", total: None };
        let mut counted = Vec::new();
        if let Some(status) = filter.status {
            let number = unsigned(count::get(connection, (Kind::Status, status.code(), 0))?);
            counted.push(number);
            if status == ItemStatus::New {
                selection.conditions.push("s.item IS NULL".to_owned());
            } else {
                selection.add("s.status =", Value::Integer(status.code()));
                ways.push((number, BY_STATUS, "s.item"));
            }
        }
        if let Some(source) = filter.source {
            counted.push(unsigned(count::get(connection, (Kind::Source, source.0, 0))?));
            let (first, last) = source::item_range(connection, source)?;
            selection.add("i.source =", Value::Integer(source.0));
            selection.add("i.id >=", Value::Integer(first));
            selection.add("i.id <=", Value::Integer(last));
        }
        if let Some(label) = &filter.label {
            let label = term::find(connection, label)?.unwrap_or(-1);
            let number = unsigned(count::get(connection, (Kind::Label, label, 0))?);
            counted.push(number);
            selection.add("i.label =", Value::Integer(label));
            ways.push((number, BY_LABEL, "i.id"));
        }
        if let Some(domain) = &filter.domain {
            let domain = term::find(connection, domain)?.unwrap_or(-1);
            let number = unsigned(count::get(connection, (Kind::Domain, domain, 0))?);
            counted.push(number);
            selection.add("s.domain =", Value::Integer(domain));
            ways.push((number, BY_DOMAIN, "s.item"));
        }
        let uncounted = selection.add_uncounted(filter);
        if uncounted && !matches!(filter.status, Some(ItemStatus::New)) && filter.needs_state() {
            let labelled = count::sum(connection, Kind::Confidence)?;
            ways.push((labelled, BY_STATE, "s.item"));
        }
        if let Some((_, from, key)) = ways.into_iter().min_by_key(|(number, ..)| *number) {
            (selection.from, selection.key) = (from, key);
        }
        selection.total = match (uncounted, counted.as_slice()) {
            (false, []) => Some(items),
            (false, [one]) => Some(*one),
            (_, counted) if counted.contains(&0) => Some(0),
            _ => None,
        };
        Ok(selection)
    }

    /// Conditions that no counter knows of; answers whether there are any.
    fn add_uncounted(&mut self, filter: &ItemFilter) -> bool {
        let before = self.conditions.len();
        if let Some(least) = filter.min_confidence {
            self.add("s.confidence >=", Value::Real(f64::from(least)));
        }
        if let Some(bound) = filter.max_confidence {
            self.add("s.confidence <", Value::Real(f64::from(bound)));
        }
        if let Some(agrees) = filter.agrees {
            self.add("s.agrees =", Value::Integer(agrees.into()));
        }
        if let Some(words) = filter.text.as_deref().filter(|words| !words.trim().is_empty()) {
            self.conditions.push("has_words(i.text, ?)".to_owned());
            self.values.push(Value::Text(word_search::fold(words)));
        }
        self.conditions.len() > before
    }

    fn add(&mut self, left: &str, right: Value) {
        self.conditions.push(format!("{left} ?"));
        self.values.push(right);
    }

    /// Restricts to items after a number.
    pub(crate) fn after(mut self, after: Option<i64>) -> Self {
        let key = self.key;
        self.add(&format!("{key} >"), Value::Integer(after.unwrap_or(i64::MIN)));
        self
    }

    /// The query's tail from `FROM` on, without order.
    pub(crate) fn tail(&self) -> String {
        let conditions = if self.conditions.is_empty() { "1".to_owned() } else { self.conditions.join(" AND ") };
        format!("{} WHERE {conditions}", self.from)
    }
}

/// Whether a filter holds only for items with a prediction.
trait NeedsState {
    fn needs_state(&self) -> bool;
}

impl NeedsState for ItemFilter {
    fn needs_state(&self) -> bool {
        self.min_confidence.is_some() || self.max_confidence.is_some() || self.agrees.is_some()
    }
}

pub(crate) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}
