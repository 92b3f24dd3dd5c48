//! Answers that belong to another request.
//!
//! A proxy that sends an answer twice leaves the second copy on a connection that is kept alive, where it would be read as
//! the answer to the next request, and every answer after it would be one request late.

use std::collections::{HashMap, VecDeque};

/// Answers remembered: a copy comes with one of the next requests.
const REMEMBERED: usize = 4_096;
/// Shorter ids are drawn from few numbers (Ollama's is `chatcmpl-` and a number below 999), so that equal ones mean nothing.
const TELLING: usize = 16;

/// The ids of the last answers and the texts that they were about.
#[derive(Default)]
pub(crate) struct Seen {
    texts: HashMap<String, usize>,
    order: VecDeque<String>,
}

impl Seen {
    /// Whether an answer with this id came before, about another text.
    pub(crate) fn is_stray(&mut self, id: Option<&str>, text: usize) -> bool {
        let Some(id) = id.filter(|id| id.len() >= TELLING) else { return false };
        if let Some(before) = self.texts.get(id) {
            return *before != text;
        }
        self.texts.insert(id.to_owned(), text);
        self.order.push_back(id.to_owned());
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.texts.remove(&oldest);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_answer_is_about_one_text() {
        let mut seen = Seen::default();
        let id = Some("chatcmpl-0123456789abcdef");
        assert!(!seen.is_stray(id, 1));
        assert!(!seen.is_stray(id, 1), "a cache of the server may answer the same text with the same answer");
        assert!(seen.is_stray(id, 2));
        assert!(!seen.is_stray(Some("chatcmpl-17"), 1) && !seen.is_stray(Some("chatcmpl-17"), 2));
        assert!(!seen.is_stray(None, 1) && !seen.is_stray(None, 2));
    }

    #[test]
    fn it_does_not_grow_for_ever() {
        let mut seen = Seen::default();
        for text in 0..REMEMBERED * 2 {
            seen.is_stray(Some(&format!("chatcmpl-{text:032}")), text);
        }
        assert_eq!((seen.texts.len(), seen.order.len()), (REMEMBERED, REMEMBERED));
    }
}
