//! Aligned text.

use std::fmt;

/// A table with aligned columns, two blanks apart.
pub struct Table {
    right: Vec<bool>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Columns: a heading, and whether it is aligned to the right (numbers). Headings that are all empty don't show.
    pub fn new(columns: &[(&str, bool)]) -> Self {
        let headings: Vec<String> = columns.iter().map(|(heading, _)| (*heading).to_owned()).collect();
        let rows = if headings.iter().all(String::is_empty) { Vec::new() } else { vec![headings] };
        Self { right: columns.iter().map(|(_, right)| *right).collect(), rows }
    }

    /// Adds a row.
    pub fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.into());
    }
}

/// Columns on the terminal; close enough for Latin and Cyrillic, which take one each.
fn width(text: &str) -> usize {
    text.chars().count()
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths: Vec<usize> = (0..self.right.len())
            .map(|column| self.rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell)).max().unwrap_or(0))
            .collect();
        for row in &self.rows {
            let mut line = String::new();
            for ((cell, &right), &widest) in row.iter().zip(&self.right).zip(&widths) {
                let gap = " ".repeat(widest - width(cell));
                match right {
                    true => line.extend([gap.as_str(), cell, "  "]),
                    false => line.extend([cell, gap.as_str(), "  "]),
                }
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// Facts, one a line, names and values aligned.
pub fn facts<'a>(facts: impl AsRef<[(&'a str, String)]>) -> String {
    let facts = facts.as_ref();
    let widest = facts.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
    facts.iter().map(|(name, value)| format!("{name}:{}  {value}\n", " ".repeat(widest - width(name)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_lines_end_clean() {
        let mut table = Table::new(&[("имя", false), ("n", true)]);
        table.row(["карта".to_owned(), "7".to_owned()]);
        table.row(["card".to_owned(), "1,204".to_owned()]);
        assert_eq!(table.to_string(), "имя        n\nкарта      7\ncard   1,204\n");
        assert_eq!(facts([("a", "1".into()), ("long", "2".into())]), "a:     1\nlong:  2\n");
    }
}
