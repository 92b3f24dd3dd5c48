//! The domains as they are being edited, and what is wrong with them.

use std::collections::HashMap;

use contract::schema::{Domain, LocalText, Schema};
use leptos::prelude::*;

use crate::state::{Project, Remote};
use crate::text::{Text, t};

/// Longest id, in characters.
const LONGEST_ID: usize = 200;

/// A domain that is being edited; each field by itself, so that typing in one changes nothing else on the page.
#[derive(Clone)]
pub struct Row {
    /// Tells rows apart while ids change.
    pub key: u64,
    /// The id.
    pub id: ArcRwSignal<String>,
    /// English name.
    pub en: ArcRwSignal<String>,
    /// Russian name.
    pub ru: ArcRwSignal<String>,
    /// Guideline.
    pub guideline: ArcRwSignal<String>,
    /// Examples, one a line.
    pub examples: ArcRwSignal<String>,
    /// Key in review.
    pub hotkey: ArcRwSignal<String>,
}

impl Row {
    fn new(key: u64, domain: Domain) -> Self {
        // An example is one line here; a line break inside of one would make it two.
        let examples: Vec<String> = domain.examples.iter().map(|example| example.replace(['\n', '\r'], " ")).collect();
        Self {
            key,
            id: ArcRwSignal::new(domain.id),
            en: ArcRwSignal::new(domain.name.en),
            ru: ArcRwSignal::new(domain.name.ru),
            guideline: ArcRwSignal::new(domain.guideline),
            examples: ArcRwSignal::new(examples.join("\n")),
            hotkey: ArcRwSignal::new(domain.hotkey),
        }
    }

    fn domain(&self) -> Domain {
        let line = |text: String| text.trim().to_owned();
        let examples =
            self.examples.get().lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
        Domain {
            id: line(self.id.get()),
            name: LocalText { en: line(self.en.get()), ru: line(self.ru.get()) },
            guideline: line(self.guideline.get()),
            examples,
            hotkey: line(self.hotkey.get()),
        }
    }
}

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    /// With its id.
    pub id: Option<Text>,
    /// With its key.
    pub hotkey: Option<Text>,
}

/// The state of the screen.
#[derive(Clone, Copy)]
pub struct Draft {
    /// The domains in order.
    pub rows: RwSignal<Vec<Row>>,
    /// The row whose guideline and examples are shown.
    pub selected: RwSignal<Option<u64>>,
    /// What is wrong, by row.
    pub problems: Memo<HashMap<u64, Problems>>,
    /// Whether something differs from what is saved.
    pub dirty: Memo<bool>,
    /// The row that takes the focus when it appears.
    pub fresh: RwSignal<Option<u64>>,
    stored: RwSignal<Vec<Domain>>,
    count: StoredValue<u64>,
}

impl Draft {
    /// Follows the saved schema as long as nothing was changed, and takes up what was left unsaved.
    pub fn follow(project: Project, schema: Remote<Schema>) -> Self {
        let (rows, stored) = (RwSignal::new(Vec::<Row>::new()), RwSignal::new(Vec::new()));
        let now = Memo::new(move |_| rows.with(|rows| rows.iter().map(Row::domain).collect::<Vec<_>>()));
        let draft = Self {
            rows,
            selected: RwSignal::new(None),
            problems: Memo::new(move |_| rows.with(|rows| problems(rows))),
            dirty: Memo::new(move |_| now.with(|now| stored.with(|stored| now != stored))),
            fresh: RwSignal::new(None),
            stored,
            count: StoredValue::new(0),
        };
        if let Some(kept) = project.schema_draft.get_untracked() {
            draft.replace(kept);
        }
        Effect::new(move |before: Option<bool>| {
            let loaded = before.unwrap_or(false);
            let Some(domains) = schema.map(|schema| schema.domains.clone()) else { return false };
            let unchanged =
                if loaded { !draft.dirty.get_untracked() } else { project.schema_draft.get_untracked().is_none() };
            stored.set(domains.clone());
            if unchanged && now.with_untracked(|now| *now != domains) {
                draft.replace(domains);
            }
            true
        });
        Effect::new(move |_| {
            if schema.ready() {
                project.schema_draft.set(draft.dirty.get().then(|| now.get()));
            }
        });
        draft
    }

    /// The domains as they would be saved.
    pub fn domains(self) -> Vec<Domain> {
        untrack(|| self.rows.with(|rows| rows.iter().map(Row::domain).collect()))
    }

    /// Whether there is something to save and nothing wrong with it.
    pub fn can_save(self) -> bool {
        self.dirty.get() && self.problems.with(HashMap::is_empty) && self.rows.with(|rows| rows.len() >= 2)
    }

    /// What was just saved.
    pub fn saved(self, domains: Vec<Domain>) {
        self.stored.set(domains);
    }

    /// Shows other domains instead.
    pub fn replace(self, domains: Vec<Domain>) {
        let rows: Vec<Row> = domains.into_iter().map(|domain| Row::new(self.next_key(), domain)).collect();
        // The screen may be gone when something is taken back.
        let Some(at) = self.selected.try_get_untracked() else { return };
        let place = self.rows.with_untracked(|rows| rows.iter().position(|row| Some(row.key) == at));
        self.selected.set(rows.get(place.unwrap_or(0)).map(|row| row.key));
        self.rows.set(rows);
    }

    /// Back to what is saved.
    pub fn discard(self) {
        self.replace(self.stored.get_untracked());
    }

    /// Adds an empty domain at the end and goes there.
    pub fn add(self) {
        let row = Row::new(self.next_key(), Domain::default());
        self.fresh.set(Some(row.key));
        self.selected.set(Some(row.key));
        self.rows.update(|rows| rows.push(row));
    }

    /// Takes a domain out; its neighbour is selected.
    pub fn remove(self, key: u64) {
        self.rows.update(|rows| {
            let Some(at) = rows.iter().position(|row| row.key == key) else { return };
            rows.remove(at);
            let neighbour = rows.get(at).or(rows.last()).map(|row| row.key);
            self.selected.set(neighbour);
        });
    }

    /// Moves a domain up (−1) or down (1).
    pub fn shift(self, key: u64, by: isize) {
        self.rows.update(|rows| {
            let Some(at) = rows.iter().position(|row| row.key == key) else { return };
            let to = at.saturating_add_signed(by);
            if to < rows.len() {
                rows.swap(at, to);
            }
        });
    }

    fn next_key(self) -> u64 {
        // After the screen is gone nothing is shown, so any key will do.
        self.count
            .try_update_value(|count| {
                *count += 1;
                *count
            })
            .unwrap_or_default()
    }
}

/// What is wrong, by row; rows without a problem are not in it.
fn problems(rows: &[Row]) -> HashMap<u64, Problems> {
    let (mut ids, mut keys) = (HashMap::<String, usize>::new(), HashMap::<String, usize>::new());
    for row in rows {
        *ids.entry(row.id.get().trim().to_lowercase()).or_default() += 1;
        *keys.entry(row.hotkey.get().trim().to_lowercase()).or_default() += 1;
    }
    let of = |row: &Row| {
        let (id, hotkey) = (row.id.get().trim().to_owned(), row.hotkey.get().trim().to_owned());
        let id = match id.chars().count() {
            0 => Some(Text::SchemaIdWanted),
            length if length > LONGEST_ID => Some(Text::SchemaIdLong),
            _ if ids.get(&id.to_lowercase()).is_some_and(|count| *count > 1) => Some(Text::SchemaIdTwice),
            _ => None,
        };
        let hotkey = match hotkey.chars().count() {
            0 => None,
            1 if keys.get(&hotkey.to_lowercase()).is_some_and(|count| *count > 1) => Some(Text::SchemaKeyTwice),
            1 => None,
            _ => Some(Text::SchemaKeyLong),
        };
        Problems { id, hotkey }
    };
    rows.iter().map(|row| (row.key, of(row))).filter(|(_, problems)| *problems != Problems::default()).collect()
}

/// A problem as a person reads it; empty when there is none.
pub fn written(problem: Option<Text>) -> String {
    problem.map(|text| t(text).to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(key: u64, id: &str, hotkey: &str) -> Row {
        Row::new(key, Domain { id: id.to_owned(), hotkey: hotkey.to_owned(), ..Domain::default() })
    }

    #[test]
    fn ids_and_keys_are_checked_against_each_other() {
        let rows = [row(1, "card", "1"), row(2, " CARD ", "1"), row(3, "", "ab"), row(4, "fee", "")];
        let found = problems(&rows);
        let twice = Problems { id: Some(Text::SchemaIdTwice), hotkey: Some(Text::SchemaKeyTwice) };
        assert_eq!(found.get(&1), Some(&twice));
        assert_eq!(found.get(&2), Some(&twice));
        assert_eq!(
            found.get(&3),
            Some(&Problems { id: Some(Text::SchemaIdWanted), hotkey: Some(Text::SchemaKeyLong) })
        );
        assert_eq!(found.get(&4), None);
    }

    #[test]
    fn a_row_is_its_domain_again() {
        let domain = Domain {
            id: "card".into(),
            name: LocalText { en: "Card".into(), ru: "Карта".into() },
            guideline: "Where is it".into(),
            examples: vec!["one".into(), "two".into()],
            hotkey: "1".into(),
        };
        assert_eq!(Row::new(1, domain.clone()).domain(), domain);
    }
}
