//! The window opens and can be used.

use crate::session::{Session, Start};

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display; `cargo xtask test` runs it"]
async fn the_window_opens_on_the_picker() {
    let session = Session::start(Start::default()).await;
    session.see("picker-open-sample").await;
    session.see("picker-create").await;
    assert_eq!(session.title().await, "Winnow");
    session.picture("picker").await;
    assert!(session.log().contains("interactive after"), "no measure of the start in the log: {}", session.log());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display; `cargo xtask test` runs it"]
async fn the_page_can_reach_nothing_but_the_shell() {
    let session = Session::start(Start::default()).await;
    session.see("picker-open-sample").await;
    let script = "let done = arguments[0]; const told = [];\
        document.addEventListener('securitypolicyviolation', event => told.push(event.effectiveDirective));\
        const script = document.createElement('script'); script.textContent = 'window.broken = true';\
        document.body.append(script);\
        fetch('http://127.0.0.1:9/').catch(() => 0)\
            .then(() => window.__TAURI_INTERNALS__.invoke('plugin:dialog|open', {options: {}}))\
            .then(() => done(['allowed']), () => done([window.broken === true, ...told]));";
    let found = session.script_async(script).await;
    let text = found.to_string();
    assert!(found[0] == false, "a script in the page ran, or a dialog opened unasked: {text}");
    assert!(text.contains("connect-src"), "the page may talk to other hosts: {text}");
}
