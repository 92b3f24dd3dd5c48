//! The shared parts of every screen. They know nothing of the product: texts, values and actions come in as properties.
//! (The one exception is [`ErrorBox`], which renders the border's error type through the catalogue.) Numbers are written as the
//! person's language does.
//!
//! A property that may change while the component lives is a `Signal` (a plain value, a signal or a closure all
//! convert); what is fixed is a plain value. Every control takes `testid`, its `data-testid`.

mod badge;
mod button;
mod choice;
mod choice_cards;
mod choice_list;
mod combobox;
mod dialog;
mod empty;
mod error_box;
mod field;
mod file_drop;
mod icon;
mod interval;
mod list;
mod marked;
mod number;
mod plot;
mod progress;
mod row_window;
mod select;
mod share_bar;
mod svg;
mod tabs;
mod toast;

pub use badge::{Badge, KeyHint, Tone, keys_in_line};
pub use button::{Button, ButtonKind, IconButton};
pub use choice::{Checkbox, Choice, Segmented};
pub use choice_cards::{Card, ChoiceCards};
pub use choice_list::{ChoiceEntry, ChoiceList};
pub use combobox::Combobox;
pub use dialog::{Dialog, DialogDepth, open_dialogs};
pub use empty::{EmptyState, Notice, Skeleton};
pub use error_box::ErrorBox;
pub use field::{Field, TextArea, TextField};
pub use file_drop::{FileDrop, PathField, PathKind};
pub use icon::{Icon, Symbol};
pub use interval::IntervalBar;
pub use list::{Column, PagedList};
pub use marked::Marked;
pub use number::NumberField;
pub use plot::{Bar, Bars, Histogram, StackedBar, plot_class};
pub use progress::ProgressBar;
pub use row_window::RowWindow;
pub use select::Select;
pub use share_bar::ShareBar;
pub use svg::SvgPlot;
pub use tabs::{Tab, Tabs};
pub use toast::{ToastHost, Toasts};
