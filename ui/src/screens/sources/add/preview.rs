//! The first rows of the file, and which column is what.

use contract::source::{ColumnInfo, ColumnMapping, Inspection};
use leptos::prelude::*;

use super::draft::Draft;
use crate::components::{Choice, Field, Select};
use crate::text::{Text, lang, percent, t, word};

/// What a column can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Text,
    Label,
    Time,
    User,
}

impl Role {
    const ALL: [Role; 4] = [Role::Text, Role::Label, Role::Time, Role::User];

    fn name(self) -> &'static str {
        match self {
            Role::Text => "text",
            Role::Label => "label",
            Role::Time => "ts",
            Role::User => "user",
        }
    }

    fn testid(self) -> &'static str {
        match self {
            Role::Text => "map-text",
            Role::Label => "map-label",
            Role::Time => "map-ts",
            Role::User => "map-user",
        }
    }

    fn text(self) -> Text {
        match self {
            Role::Text => Text::RoleText,
            Role::Label => Text::RoleLabel,
            Role::Time => Text::RoleTime,
            Role::User => Text::RoleUser,
        }
    }

    fn of(self, mapping: &ColumnMapping) -> Option<&String> {
        match self {
            Role::Text => mapping.text.as_ref(),
            Role::Label => mapping.label.as_ref(),
            Role::Time => mapping.ts.as_ref(),
            Role::User => mapping.user.as_ref(),
        }
    }

    fn slot(self, mapping: &mut ColumnMapping) -> &mut Option<String> {
        match self {
            Role::Text => &mut mapping.text,
            Role::Label => &mut mapping.label,
            Role::Time => &mut mapping.ts,
            Role::User => &mut mapping.user,
        }
    }
}

/// Gives a column a role; a column has one role at most, and a role one column.
fn assign(mapping: &mut ColumnMapping, role: Option<Role>, column: Option<String>) {
    if let Some(column) = &column {
        for other in Role::ALL {
            if other.of(mapping) == Some(column) {
                *other.slot(mapping) = None;
            }
        }
    }
    if let Some(role) = role {
        *role.slot(mapping) = column;
    }
}

/// The role that a column has.
fn role_of(mapping: &ColumnMapping, column: &str) -> Option<Role> {
    Role::ALL.into_iter().find(|role| role.of(mapping).is_some_and(|name| name == column))
}

/// Roles and rows.
#[component]
pub fn Preview(draft: Draft) -> impl IntoView {
    let columns = Memo::new(move |_| draft.inspection.map(|inspection| inspection.columns.clone()).unwrap_or_default());
    let role = move |role: Role| {
        let choices = move || {
            let none = Choice::new("", t(Text::RoleNone));
            let columns = columns.get().into_iter().map(|column| Choice::new(column.name.clone(), column.name));
            std::iter::once(none).chain(columns).collect::<Vec<_>>()
        };
        let value = Signal::derive(move || draft.mapping.with(|mapping| role.of(mapping).cloned().unwrap_or_default()));
        let set = move |column: String| {
            let column = Some(column).filter(|column| !column.is_empty());
            draft.mapping.update(|mapping| assign(mapping, Some(role), column));
        };
        view! {
            <Field label=t(role.text())>
                <Select label=t(role.text()) choices=choices value=value on_change=set testid=role.testid() />
            </Field>
        }
    };
    view! {
        <section class="panel add-preview">
            <div class="panel-head">
                <h2>{t(Text::AddColumns)}</h2>
                <span class="soft small">{t(Text::AddColumnsHint)}</span>
            </div>
            <div class="panel-body add-roles">{Role::ALL.map(role).collect_view()}</div>
            <Rows draft=draft columns=columns />
        </section>
    }
}

/// The first rows as a table; a column's head says and changes its role.
#[component]
fn Rows(draft: Draft, columns: Memo<Vec<ColumnInfo>>) -> impl IntoView {
    let heads = move || {
        columns
            .get()
            .into_iter()
            .enumerate()
            .map(|(at, column)| view! { <Head at=at column=column draft=draft /> })
            .collect_view()
    };
    let roles = move || {
        let mapping = draft.mapping.get();
        columns.with(|columns| columns.iter().map(|column| role_of(&mapping, &column.name)).collect::<Vec<_>>())
    };
    let body = move || {
        let roles = roles();
        let rows = |inspection: &Inspection| {
            let cell = |(at, cell): (usize, &String)| {
                let class = roles.get(at).copied().flatten().map_or("cell", |_| "cell cell-used");
                view! {
                    <td class=class title=cell.clone()>
                        {cell.clone()}
                    </td>
                }
            };
            inspection
                .rows
                .iter()
                .map(|row| view! { <tr>{row.iter().enumerate().map(cell).collect_view()}</tr> })
                .collect_view()
        };
        draft.inspection.map(rows)
    };
    view! {
        <div class="add-rows" tabindex="0" role="region" aria-label=t(Text::AddPreview) data-testid="import-preview">
            <table class="table">
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody class="copyable">{body}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Head(at: usize, column: ColumnInfo, draft: Draft) -> impl IntoView {
    let name = StoredValue::new(column.name.clone());
    let role = Memo::new(move |_| draft.mapping.with(|mapping| name.with_value(|name| role_of(mapping, name))));
    let choices = move || {
        let none = Choice::new("", t(Text::RoleNone));
        std::iter::once(none).chain(Role::ALL.map(|role| Choice::new(role.name(), t(role.text())))).collect::<Vec<_>>()
    };
    let value = Signal::derive(move || role.get().map_or("", Role::name).to_owned());
    let set = move |chosen: String| {
        let role = Role::ALL.into_iter().find(|role| role.name() == chosen);
        draft.mapping.update(|mapping| assign(mapping, role, Some(name.get_value())));
    };
    let about = format!(
        "{} · {} · {}",
        word(&column.kind),
        Text::column_filled(lang(), &percent(f64::from(column.filled))),
        Text::column_distinct(lang(), column.distinct),
    );
    view! {
        <th class="add-head" class:add-head-used=move || role.get().is_some()>
            <span class="add-head-name clip" title=column.name.clone()>{column.name.clone()}</span>
            <span class="faint clip" title=about.clone()>{about.clone()}</span>
            <Select
                label=Text::column_role(lang(), &column.name)
                choices=choices
                value=value
                on_change=set
                testid=format!("preview-role-{at}")
            />
        </th>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_has_one_role_and_a_role_one_column() {
        let mut mapping = ColumnMapping { text: Some("a".into()), label: Some("b".into()), ..Default::default() };
        assign(&mut mapping, Some(Role::Label), Some("a".into()));
        assert_eq!((mapping.text.as_deref(), mapping.label.as_deref()), (None, Some("a")));
        assign(&mut mapping, None, Some("a".into()));
        assert_eq!(mapping, ColumnMapping::default());
        assign(&mut mapping, Some(Role::Text), Some("c".into()));
        assert_eq!(role_of(&mapping, "c"), Some(Role::Text));
    }
}
