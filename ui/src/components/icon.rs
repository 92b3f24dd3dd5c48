//! Line icons on a 24 by 24 grid, drawn in the text's colour.

use leptos::prelude::*;

/// Which icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symbol {
    /// A stack of rows: sources.
    Sources,
    /// A tree of classes: schema.
    Schema,
    /// A tag: labelling.
    Label,
    /// A checked list: review.
    Review,
    /// Layers: datasets.
    Datasets,
    /// A chip: labellers.
    Models,
    /// Two boxes: a server.
    Server,
    /// Points on both sides of a line: a classifier.
    Classifier,
    /// A way that forks: a route.
    Route,
    /// Circles that overlap: an ensemble.
    Ensemble,
    /// Two columns of unlike height: a comparison.
    Compare,
    /// A clock with an arrow: jobs.
    Jobs,
    /// Sliders: settings.
    Settings,
    /// Plus.
    Add,
    /// A cross.
    Close,
    /// A bin.
    Remove,
    /// A tick.
    Check,
    /// A triangle with an exclamation mark.
    Warning,
    /// A circle with an i.
    Info,
    /// A circle with a question mark.
    Help,
    /// Chevron down.
    Down,
    /// Chevron up.
    Up,
    /// Chevron right.
    Right,
    /// Chevron left.
    Left,
    /// A folder.
    Folder,
    /// A page.
    File,
    /// Arrow into a tray: export.
    Export,
    /// Arrow out of a tray: import.
    Import,
    /// Curved arrow back.
    Undo,
    /// Circular arrow.
    Refresh,
    /// A magnifying glass.
    Search,
    /// A triangle to the right.
    Play,
    /// A square.
    Stop,
    /// Two sheets.
    Copy,
    /// A pencil.
    Edit,
    /// A ring that turns.
    Spinner,
    /// A spark: sample.
    Spark,
    /// A padlock.
    Lock,
    /// A forward skip.
    Skip,
    /// A commit: a dot on a line.
    Commit,
    /// Two branches that join.
    Merge,
    /// A box with a lid.
    Archive,
    /// A shield.
    Shield,
    /// Two arrows, to and fro.
    Swap,
}

impl Symbol {
    /// The outline.
    fn path(self) -> &'static str {
        match self {
            Symbol::Sources => {
                "M4 6c0-1.7 3.6-3 8-3s8 1.3 8 3-3.6 3-8 3-8-1.3-8-3ZM4 6v6c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12v6c0 1.7 3.6 3 8 3s8-1.3 8-3v-6"
            }
            Symbol::Schema => "M4 4h6v5H4zM14 9.5h6v5h-6zM14 17h6v4h-6zM7 9v10h7M7 12h7",
            Symbol::Label => "M3 11V4a1 1 0 0 1 1-1h7l10 10-8 8zM7.5 7.5h.01",
            Symbol::Review => "M3 6l1.5 1.5L7.5 4.5M3 13l1.5 1.5 3-3M3 20l1.5 1.5 3-3M11 6h10M11 13h10M11 20h10",
            Symbol::Datasets => "M12 3l9 5-9 5-9-5zM3 12.5l9 5 9-5M3 17l9 5 9-5",
            Symbol::Models => "M7 7h10v10H7zM10 3v4M14 3v4M10 17v4M14 17v4M3 10h4M3 14h4M17 10h4M17 14h4",
            Symbol::Server => "M4 4h16v7H4zM4 13h16v7H4zM7.5 7.5h.01M7.5 16.5h.01M11 7.5h6M11 16.5h6",
            Symbol::Classifier => "M4 20L20 4M6 6h.01M10 8h.01M6 11h.01M18 12h.01M14 16h.01M18 18h.01",
            Symbol::Route => "M3 12h5l5-6h7M8 12l5 6h7M17.5 3.5L20 6l-2.5 2.5M17.5 15.5L20 18l-2.5 2.5",
            Symbol::Ensemble => {
                "M8.5 4a4.8 4.8 0 1 1 0 9.6 4.8 4.8 0 0 1 0-9.6ZM15.5 4a4.8 4.8 0 1 1 0 9.6 4.8 4.8 0 0 1 0-9.6ZM12 10.4a4.8 4.8 0 1 1 0 9.6 4.8 4.8 0 0 1 0-9.6Z"
            }
            Symbol::Compare => "M5 20V9h5v11M14 20V4h5v16M3 20h18",
            Symbol::Jobs => "M12 7v5l3.5 2M20.5 12a8.5 8.5 0 1 1-2.5-6M18 2.5V6h-3.5",
            Symbol::Settings => "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5",
            Symbol::Add => "M12 5v14M5 12h14",
            Symbol::Close => "M6 6l12 12M18 6L6 18",
            Symbol::Remove => "M4 7h16M9 7V4h6v3M6.5 7l1 13h9l1-13M10 11v5M14 11v5",
            Symbol::Check => "M5 12.5l4.5 4.5L19 7.5",
            Symbol::Warning => "M12 4L2.5 20h19zM12 10v4.5M12 17.3v.01",
            Symbol::Info => "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM12 11v5.5M12 7.7v.01",
            Symbol::Help => {
                "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM9.5 9.3a2.6 2.6 0 1 1 3.6 2.5c-.7.3-1.1.9-1.1 1.7M12 16.7v.01"
            }
            Symbol::Down => "M6 9.5l6 6 6-6",
            Symbol::Up => "M6 14.5l6-6 6 6",
            Symbol::Right => "M9.5 6l6 6-6 6",
            Symbol::Left => "M14.5 6l-6 6 6 6",
            Symbol::Folder => "M3 7a1 1 0 0 1 1-1h5.5l2 2.5H20a1 1 0 0 1 1 1V18a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1z",
            Symbol::File => "M6 3h8l4.5 4.5V21H6zM14 3v4.5h4.5M9 12.5h6M9 16h6",
            Symbol::Export => "M12 15V4M8 8l4-4 4 4M4 14.5V20h16v-5.5",
            Symbol::Import => "M12 4v11M8 11l4 4 4-4M4 14.5V20h16v-5.5",
            Symbol::Undo => "M8.5 5L4 9.5 8.5 14M4 9.5h10a5.5 5.5 0 0 1 0 11h-3",
            Symbol::Refresh => "M20 5v5h-5M4 19v-5h5M19.5 10A8 8 0 0 0 6 6.5L4.5 8M4.5 14A8 8 0 0 0 18 17.5l1.5-1.5",
            Symbol::Search => "M11 4.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM16 16l4.5 4.5",
            Symbol::Play => "M7 4.5l12 7.5-12 7.5z",
            Symbol::Stop => "M6.5 6.5h11v11h-11z",
            Symbol::Copy => "M9 9h11v11H9zM15 9V4H4v11h5",
            Symbol::Edit => "M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19zM13.5 7l3.5 3.5",
            Symbol::Spinner => "M12 3.5a8.5 8.5 0 1 1-8.5 8.5",
            Symbol::Spark => "M12 3l2 6.5L20.5 12 14 14.5 12 21l-2-6.5L3.5 12 10 9.5z",
            Symbol::Lock => "M5.5 11h13v9.5h-13zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11",
            Symbol::Skip => "M5 5l9 7-9 7zM18.5 5v14",
            Symbol::Commit => "M12 8.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7ZM2.5 12h6M15.5 12h6",
            Symbol::Merge => {
                "M6 3.5a2 2 0 1 1 0 4 2 2 0 0 1 0-4ZM6 16.5a2 2 0 1 1 0 4 2 2 0 0 1 0-4ZM18 10a2 2 0 1 1 0 4 2 2 0 0 1 0-4ZM6 7.5v9M6 7.5c0 3.5 4 4.5 10 4.5"
            }
            Symbol::Archive => "M3 4h18v5H3zM5 9v11h14V9M10 13h4",
            Symbol::Shield => "M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6zM8.5 12l2.5 2.5 4.5-4.5",
            Symbol::Swap => "M7 4v14M3.5 14.5L7 18l3.5-3.5M17 20V6M13.5 9.5L17 6l3.5 3.5",
        }
    }
}

/// An icon; decorative, so hidden from screen readers (the control around it carries the name).
#[component]
pub fn Icon(
    /// Which.
    #[prop(into)]
    symbol: Signal<Symbol>,
    /// Further classes, such as `icon-large`.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let spin = move || if symbol.get() == Symbol::Spinner { " spinner" } else { "" };
    view! {
        <svg class=move || format!("icon {class}{}", spin()) viewBox="0 0 24 24" aria-hidden="true">
            <path d=move || symbol.get().path()></path>
        </svg>
    }
}
