// Starts the interface. A file of its own because the security policy allows no script inside the page.
import init from "./ui.js";

init({ module_or_path: new URL("./ui_bg.wasm", import.meta.url) });
