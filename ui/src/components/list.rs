//! Long lists: only the rows in view are in the page, and further pages are asked for by key as one scrolls.

use std::sync::Arc;

use contract::{Call, CallError, Page};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::KeyboardEvent;

use super::row_window::RowWindow;
use super::{ErrorBox, Skeleton};
use crate::bridge;
use crate::text::{Text, lang, t};

/// Height of a row in pixels, unless the list says otherwise; the token `--row` says the same.
const ROW: f64 = 34.0;
/// Rows asked for at once.
const PAGE: u32 = 200;
/// Most rows asked for at once when a list is loaded again in place.
const MOST: usize = 1000;

/// A column of a list.
pub struct Column<T> {
    title: String,
    right: bool,
    cell: Arc<dyn Fn(&T) -> AnyView + Send + Sync>,
}

impl<T> Clone for Column<T> {
    fn clone(&self) -> Self {
        Self { title: self.title.clone(), right: self.right, cell: self.cell.clone() }
    }
}

impl<T> Column<T> {
    /// A column with its title and what it shows of a row.
    pub fn new<V: IntoView + 'static>(
        title: impl Into<String>,
        cell: impl Fn(&T) -> V + Send + Sync + 'static,
    ) -> Self {
        Self { title: title.into(), right: false, cell: Arc::new(move |row| cell(row).into_any()) }
    }

    /// Aligns it to the right, for numbers.
    #[must_use]
    pub fn right(mut self) -> Self {
        self.right = true;
        self
    }

    fn class(&self) -> &'static str {
        if self.right { "right" } else { "" }
    }
}

/// What is loaded of a list.
#[derive(Clone)]
struct Rows<T> {
    rows: Vec<Arc<T>>,
    next: Option<i64>,
    total: Option<u64>,
    loading: bool,
    error: Option<CallError>,
    /// Counts the loads from the beginning: an answer to an older one comes too late.
    turn: u64,
}

/// A list of rows that `request` gives page by page. It loads again, in place, whenever a signal that `request` reads
/// has changed; `None` means not yet. Arrow keys move the selection, Enter opens.
#[component]
pub fn PagedList<T, C>(
    /// The call for the rows after a key, at most so many.
    request: impl Fn(Option<i64>, u32) -> Option<C> + Clone + Send + Sync + 'static,
    /// The paging key of a row.
    key: fn(&T) -> i64,
    /// The columns; their widths come from `class`.
    columns: Vec<Column<T>>,
    /// A class whose `.list-head, .list-row` have `grid-template-columns`.
    class: &'static str,
    /// The selected row's key.
    selected: RwSignal<Option<i64>>,
    /// Enter or a double click on a row.
    #[prop(optional, into)]
    on_open: Option<Callback<i64>>,
    /// A row was selected, by a click or a key.
    #[prop(optional, into)]
    on_select: Option<Callback<Arc<T>>>,
    /// Set it to move the selection by so many rows, as an arrow key does.
    #[prop(optional)]
    step: Option<RwSignal<isize>>,
    /// Whether the first row is selected as soon as it is there.
    #[prop(optional)]
    begin_selected: bool,
    /// Height of a row in pixels; the style of `class` must say the same.
    #[prop(optional, default = ROW)]
    row_height: f64,
    /// What the list is, for screen readers.
    #[prop(into)]
    label: Signal<String>,
    /// Its `data-testid`; a row's is this and `-row`.
    testid: &'static str,
    /// Shown when there are no rows.
    #[prop(into)]
    empty: ViewFn,
) -> impl IntoView
where
    T: Send + Sync + 'static,
    C: Call<Answer = Page<T>>,
{
    let state =
        RwSignal::new(Rows::<T> { rows: Vec::new(), next: None, total: None, loading: true, error: None, turn: 0 });
    let window = RowWindow::new(row_height);
    let again = RwSignal::new(0_u64);
    let first = request.clone();
    Effect::new(move |_| {
        again.track();
        let limit = state.with_untracked(|state| state.rows.len()).clamp(PAGE as usize, MOST);
        let Some(call) = first(None, u32::try_from(limit).unwrap_or(PAGE)) else { return };
        state.update(|state| (state.turn, state.loading) = (state.turn + 1, true));
        load(state, key, call, true, window);
    });
    let more = move || {
        let (next, rest) = state.with_untracked(|state| (state.next.filter(|_| !state.loading), state.rows.len()));
        if let Some(after) = next
            && window.seen() + f64::from(PAGE) / 4.0 > rest as f64
            && let Some(call) = request(Some(after), PAGE)
        {
            state.update(|state| state.loading = true);
            load(state, key, call, false, window);
        }
    };
    let scrolled = move |_| {
        window.measure();
        more();
    };
    Effect::new(move |_| {
        state.track();
        request_animation_frame(move || window.measure());
    });
    let range = Memo::new(move |_| window.range(state.with(|state| state.rows.len())));
    let visible = move || {
        let (from, to) = range.get();
        state.with(|state| state.rows.get(from..to.min(state.rows.len())).unwrap_or_default().to_vec())
    };
    let choose = move |row: &Arc<T>| {
        selected.set(Some(key(row)));
        if let Some(select) = on_select {
            select.run(row.clone());
        }
    };
    let select = move |by: isize| {
        let (at, row) = state.with_untracked(|state| {
            let own = selected.get_untracked();
            let at = own.and_then(|own| state.rows.iter().position(|row| key(row) == own));
            let last = state.rows.len().saturating_sub(1);
            let to = at.map_or(0, |at| at.saturating_add_signed(by).min(last));
            (to, state.rows.get(to).cloned())
        });
        if let Some(row) = row {
            choose(&row);
            window.reveal(at);
        }
    };
    if begin_selected {
        Effect::new(move |done: Option<bool>| {
            if done == Some(true) {
                return true;
            }
            let first = state.with(|state| state.rows.first().cloned());
            if let Some(first) = &first
                && selected.get_untracked().is_none()
            {
                choose(first);
            }
            first.is_some()
        });
    }
    if let Some(step) = step {
        Effect::new(move |_| {
            let by = step.get();
            if by != 0 {
                step.set(0);
                untrack(|| select(by));
            }
        });
    }
    let keys = move |event: KeyboardEvent| {
        let page = window.page();
        match event.key().as_str() {
            "ArrowDown" => select(1),
            "ArrowUp" => select(-1),
            "PageDown" => select(page),
            "PageUp" => select(-page),
            "Home" => select(isize::MIN / 2),
            "Enter" => match (on_open, selected.get_untracked()) {
                (Some(open), Some(key)) => open.run(key),
                _ => return,
            },
            _ => return,
        }
        event.prevent_default();
    };
    let heads = columns.iter().map(|column| view! { <span class=column.class()>{column.title.clone()}</span> });
    let heads = heads.collect_view();
    let cells = StoredValue::new(columns);
    let row = move |row: Arc<T>| {
        let own = key(&row);
        let clicked = row.clone();
        let cells = cells.with_value(|columns| {
            columns
                .iter()
                .map(|column| view! { <span class=column.class()>{(column.cell)(&row)}</span> })
                .collect_view()
        });
        view! {
            <div
                class="list-row"
                role="option"
                data-testid=format!("{testid}-row")
                aria-selected=move || (selected.get() == Some(own)).to_string()
                on:click=move |_| choose(&clicked)
                on:dblclick=move |_| {
                    if let Some(open) = on_open {
                        open.run(own);
                    }
                }
            >
                {cells}
            </div>
        }
    };
    let shown = Memo::new(move |_| {
        state.with(|state| match (state.rows.is_empty(), state.loading, &state.error) {
            (true, _, Some(error)) => Shown::Failed(error.clone()),
            (true, true, None) => Shown::Waiting,
            (true, false, None) => Shown::Empty,
            (false, ..) => Shown::Rows,
        })
    });
    let content = move || {
        match shown.get() {
        Shown::Waiting => view! { <div class="panel-body"><Skeleton lines=8 /></div> }.into_any(),
        Shown::Failed(error) => {
            view! { <div class="panel-body"><ErrorBox error=error on_retry=move |()| again.update(|again| *again += 1) /></div> }
                .into_any()
        }
        Shown::Empty => empty.run(),
        Shown::Rows => view! {
            <div class="list-window" style:height=move || format!("{}px", window.offset(state.with(|state| state.rows.len())))>
                <div style:transform=move || format!("translateY({}px)", window.offset(range.get().0))>
                    <For each=visible key=move |row| (key(row), Arc::as_ptr(row) as usize) children=row />
                </div>
            </div>
        }
        .into_any(),
    }
    };
    view! {
        <div class=format!("list {class}") data-testid=testid>
            <div class="list-head" aria-hidden="true">{heads}</div>
            <div
                class="list-body"
                role="listbox"
                tabindex="0"
                node_ref=window.body
                aria-label=move || label.get()
                on:scroll=scrolled
                on:keydown=keys
            >
                {content}
            </div>
            <div class="list-foot" data-testid=format!("{testid}-foot")>
                {move || state.with(foot)}
            </div>
        </div>
    }
}

/// What stands in the body of a list.
#[derive(Clone, PartialEq)]
enum Shown {
    Waiting,
    Failed(CallError),
    Empty,
    Rows,
}

/// Asks for a page and takes it in: in place of what is there (`fresh`), or after it.
fn load<T, C>(state: RwSignal<Rows<T>>, key: fn(&T) -> i64, call: C, fresh: bool, window: RowWindow)
where
    T: Send + Sync + 'static,
    C: Call<Answer = Page<T>>,
{
    let turn = state.with_untracked(|state| state.turn);
    spawn_local(async move {
        let answer = bridge::call(call).await;
        let first = |rows: &[Arc<T>]| rows.first().map(|row| key(row));
        // The list may be gone, or have begun anew.
        let Some((true, before)) = state.try_with_untracked(|state| (state.turn == turn, first(&state.rows))) else {
            return;
        };
        state.update(|state| {
            state.loading = false;
            match answer {
                Ok(page) => {
                    let rows = page.rows.into_iter().map(Arc::new);
                    if fresh {
                        state.rows = rows.collect();
                    } else {
                        state.rows.extend(rows);
                    }
                    (state.next, state.total, state.error) = (page.next, page.total, None);
                }
                Err(error) => {
                    // What was asked for can't be shown, so neither should something else.
                    if fresh {
                        state.rows.clear();
                    }
                    (state.next, state.error) = (None, Some(error));
                }
            }
        });
        let other = state.try_with_untracked(|state| first(&state.rows) != before).unwrap_or(false);
        if fresh && other {
            window.rewind();
        }
    });
}

/// How much of the list is there.
fn foot<T>(state: &Rows<T>) -> String {
    let loaded = state.rows.len() as u64;
    match (state.total, state.next) {
        _ if loaded == 0 => String::new(),
        (_, None) => Text::list_end(lang(), loaded),
        (Some(total), _) => Text::loaded_of(lang(), loaded, total),
        (None, _) if state.loading => t(Text::StateLoading).to_owned(),
        (None, _) => Text::loaded_so_far(lang(), loaded),
    }
}
