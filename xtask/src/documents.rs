//! The documents: every link inside the repository leads somewhere.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};
use crate::workspace::Workspace;

/// Follows the relative links of the Markdown files at the root, in `docs` and beside data.
pub fn check_links(workspace: &Workspace) -> Outcome {
    let mut broken = Vec::new();
    let documents = documents(workspace)?;
    for document in &documents {
        let text = fs::read_to_string(document).map_err(Failure::during(format!("reading {}", document.display())))?;
        for link in links(&text) {
            let place = document.parent().unwrap_or(workspace.root()).join(link);
            if !place.exists() {
                let shown = document.strip_prefix(workspace.root()).unwrap_or(document);
                broken.push(format!("{}: {link}", shown.display()));
            }
        }
    }
    if broken.is_empty() {
        println!("  {} documents, every link leads somewhere", documents.len());
        return Ok(());
    }
    Err(Failure::new(format!("links that lead nowhere:\n  {}", broken.join("\n  "))))
}

fn documents(workspace: &Workspace) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    for folder in [".", "docs", "assets/sample", "benches", "tests"] {
        let folder = workspace.path(folder);
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The targets of `[text](target)` that point into the repository, without their fragments.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| {
        let target = rest.split(')').next()?.split('#').next()?;
        let inside = !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:");
        (inside && !Path::new(target).is_absolute()).then_some(target)
    })
}

#[cfg(test)]
mod tests {
    use super::links;

    #[test]
    fn only_links_into_the_repository_count() {
        let text = "[a](docs/A.md#part) ![b](b.png) [c](https://example.org/x) [d](#here) [e](mailto:a@b)";
        assert_eq!(links(text).collect::<Vec<_>>(), ["docs/A.md", "b.png"]);
    }
}
