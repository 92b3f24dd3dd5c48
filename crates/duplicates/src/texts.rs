//! Many texts in little memory.

/// Texts in one buffer, normalised as they come: case folded, whitespace collapsed, none at the ends.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    bytes: String,
    ends: Vec<usize>,
}

impl Texts {
    /// Room for `texts` texts with `bytes` bytes in all.
    #[must_use]
    pub fn with_capacity(texts: usize, bytes: usize) -> Self {
        Self { bytes: String::with_capacity(bytes), ends: Vec::with_capacity(texts) }
    }

    /// Appends a text.
    pub fn push(&mut self, text: &str) {
        for (place, word) in text.split_whitespace().enumerate() {
            if place > 0 {
                self.bytes.push(' ');
            }
            if word.is_ascii() {
                self.bytes.extend(word.chars().map(|letter| letter.to_ascii_lowercase()));
            } else {
                self.bytes.extend(word.chars().flat_map(char::to_lowercase));
            }
        }
        self.ends.push(self.bytes.len());
    }

    /// A text as it was normalised.
    ///
    /// # Panics
    /// When there are not so many.
    #[must_use]
    pub fn get(&self, index: usize) -> &str {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..self.ends[index]]
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

impl<T: AsRef<str>> FromIterator<T> for Texts {
    fn from_iter<I: IntoIterator<Item = T>>(texts: I) -> Self {
        let mut all = Self::default();
        texts.into_iter().for_each(|text| all.push(text.as_ref()));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_whitespace_do_not_count() {
        let texts: Texts = ["  Верните\t\nДЕНЬГИ ", "", "Card  LOST"].into_iter().collect();
        assert_eq!((texts.get(0), texts.get(1), texts.get(2), texts.len()), ("верните деньги", "", "card lost", 3));
    }
}
