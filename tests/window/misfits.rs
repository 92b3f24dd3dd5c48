//! What does not fit where it is shown.

use std::sync::Mutex;

use serde_json::Value;

/// Parts of a screen that reach past its right edge, so that it scrolls sideways, and controls whose words are cut without dots.
pub const LOOK: &str = r#"
    const done = arguments[arguments.length - 1];
    const name = (part) =>
        `${part.tagName.toLowerCase()}.${[...part.classList].join(".")} [${part.dataset?.testid ?? ""}] "${part.textContent.trim().slice(0, 40)}"`;
    const found = [];
    for (const screen of document.querySelectorAll(".screen")) {
        if (screen.scrollWidth > screen.clientWidth) {
            const edge = screen.getBoundingClientRect().left + screen.clientWidth;
            const past = [...screen.querySelectorAll("*")].filter((part) => part.getBoundingClientRect().right > edge + 0.5);
            found.push(`${screen.scrollWidth} pixels wide in ${screen.clientWidth}`, ...past.slice(0, 5).map(name));
        }
    }
    for (const part of document.querySelectorAll("button, label, summary, h1, h2, h3, [role=tab], .badge, .panel-head")) {
        const style = getComputedStyle(part);
        const dots = style.textOverflow === "ellipsis" || style.display === "inline";
        const shown = part.getClientRects().length > 0 && part.clientWidth > 1;
        if (shown && !dots && part.scrollWidth > part.clientWidth + 1) {
            found.push(`cut: ${name(part)}`);
        }
    }
    done(found);
"#;

/// What was found so far, each with the picture that it is in.
#[derive(Default)]
pub struct Misfits(Mutex<Vec<String>>);

impl Misfits {
    /// Notes what [`LOOK`] answered.
    pub fn note(&self, picture: &str, found: &Value) {
        let found = found.as_array().into_iter().flatten().filter_map(Value::as_str);
        self.0.lock().unwrap().extend(found.map(|misfit| format!("{picture}: {misfit}")));
    }

    /// # Panics
    /// When there is any.
    pub fn assert_none(&self) {
        let found = self.0.lock().unwrap();
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
}
