// Chooses the system's theme before the first paint; the interface sets the person's own choice once it knows it.
document.documentElement.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
