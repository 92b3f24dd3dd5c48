//! Which words of an edited text went and which came.

/// Words of both texts together up to which they are compared word by word; longer texts are marked as a whole.
const MOST: usize = 800;

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The part, with the blanks after it.
    pub text: String,
    /// Whether the other text does not have it there.
    pub changed: bool,
}

/// Both texts in pieces: what they share and what they don't, by their longest common sequence of words.
pub fn pieces(before: &str, after: &str) -> (Vec<Piece>, Vec<Piece>) {
    let (old, new) = (words(before), words(after));
    if old.len() + new.len() > MOST {
        let whole = |text: &str| vec![Piece { text: text.to_owned(), changed: true }];
        return (whole(before), whole(after));
    }
    let shared = common(&old, &new);
    let kept = |at: usize, side: fn(&(usize, usize)) -> usize| shared.iter().any(|pair| side(pair) == at);
    let old_pieces = joined(&old, |at| !kept(at, |pair| pair.0));
    let new_pieces = joined(&new, |at| !kept(at, |pair| pair.1));
    (old_pieces, new_pieces)
}

/// A text's words, each with the blanks after it.
fn words(text: &str) -> Vec<&str> {
    text.split_inclusive(char::is_whitespace).collect()
}

/// Neighbours of one kind as one piece.
fn joined(words: &[&str], changed: impl Fn(usize) -> bool) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let changed = changed(at);
        match pieces.last_mut() {
            Some(piece) if piece.changed == changed => piece.text.push_str(word),
            _ => pieces.push(Piece { text: (*word).to_owned(), changed }),
        }
    }
    pieces
}

/// The places of a longest sequence of words that both have.
fn common(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    // `length[i][j]`: how many words the ends of both from i and j on have in common.
    let mut length = vec![vec![0_u32; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            length[i][j] = if old[i].trim_end() == new[j].trim_end() {
                length[i + 1][j + 1] + 1
            } else {
                length[i + 1][j].max(length[i][j + 1])
            };
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < old.len() && j < new.len() {
        if old[i].trim_end() == new[j].trim_end() {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if length[i + 1][j] >= length[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(pieces: &[Piece]) -> String {
        pieces
            .iter()
            .map(|piece| if piece.changed { format!("[{}]", piece.text) } else { piece.text.clone() })
            .collect()
    }

    #[test]
    fn what_went_and_what_came_is_marked() {
        let (old, new) = pieces("where is my new card", "where is my card please");
        assert_eq!(told(&old), "where is my [new ]card");
        assert_eq!(told(&new), "where is my card [please]");
    }

    #[test]
    fn texts_with_nothing_in_common_are_marked_whole() {
        let (old, new) = pieces("молоко", "сыр и хлеб");
        assert_eq!((told(&old), told(&new)), ("[молоко]".to_owned(), "[сыр и хлеб]".to_owned()));
    }

    #[test]
    fn the_pieces_together_are_the_text() {
        let (before, after) = ("a  b c\td e", "a x c d  f");
        let (old, new) = pieces(before, after);
        let whole = |pieces: &[Piece]| pieces.iter().map(|piece| piece.text.as_str()).collect::<String>();
        assert_eq!((whole(&old), whole(&new)), (before.to_owned(), after.to_owned()));
    }
}
