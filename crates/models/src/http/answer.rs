//! From a server's answer to the probability of each label.

use contract::label::ConfidenceSource;
use serde_json::Value;

use super::request::{CONFIDENCE, LABEL};
use crate::label_model::Scored;
use crate::prompt::LabelPrompt;

/// Characters of a wrong answer that a message shows.
const SHOWN: usize = 120;
/// What a model is given whose answer came without anything to derive a probability from.
const ANSWER_ONLY: f32 = 0.5;
/// By how much the chosen label is at least more probable than it would be by chance.
const LEAD: f32 = 0.01;

/// Share of the least reported probability that a label gets whose tokens were not among the reported: it lies between
/// nothing and that. Without it, an answer that a weak model was forced into would look certain.
const UNSEEN: f64 = 0.5;

/// A token of the answer with what else might have stood there.
struct Token {
    bytes: Vec<u8>,
    log: f64,
    others: Vec<(Vec<u8>, f64)>,
}

/// An answer that is of no use.
#[derive(Debug)]
pub(crate) struct Misread {
    /// What was answered, cut to a readable length; `None`: it is no chat completion at all.
    pub(crate) answer: Option<String>,
    /// What it cost all the same.
    pub(crate) tokens: Tokens,
}

/// Tokens that a server counted for one request.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tokens {
    pub(crate) prompt: u32,
    pub(crate) completion: u32,
}

impl Tokens {
    fn of(answer: &Value) -> Self {
        let count =
            |name: &str| answer["usage"][name].as_u64().and_then(|count| u32::try_from(count).ok()).unwrap_or(0);
        Self { prompt: count("prompt_tokens"), completion: count("completion_tokens") }
    }
}

/// Reads a chat completion.
pub(crate) fn read(answer: &Value, prompt: &LabelPrompt) -> Result<Scored, Misread> {
    let tokens = Tokens::of(answer);
    let choice = &answer["choices"][0];
    // A model that thinks aloud until it is cut off leaves no content, which is an answer all the same.
    let Some(content) = choice["message"].as_object().map(|message| message.get("content").and_then(Value::as_str))
    else {
        return Err(Misread { answer: None, tokens });
    };
    let content = content.unwrap_or_default();
    let wrong = || Misread { answer: Some(content.chars().take(SHOWN).collect()), tokens };
    // What stands before is the model's thinking, which may name other labels.
    let said = content.rsplit_once("</think>").map_or(content, |(_, said)| said);
    let read = from_json(said);
    if read.is_none() && choice["finish_reason"].as_str() == Some("length") {
        // Cut off, it may look like a shorter label.
        return Err(wrong());
    }
    let (text, stated) = read.unwrap_or_else(|| (said.trim().to_owned(), None));
    let chosen = find(prompt, &text).ok_or_else(wrong)?;
    let logprobs = read_tokens(choice).and_then(|tokens| by_tokens(&tokens, prompt, chosen));
    let (probabilities, obtained) = match (logprobs, stated) {
        (Some(probabilities), _) => (probabilities, ConfidenceSource::TokenLogprobs),
        (None, Some(stated)) => (spread(prompt.labels.len(), chosen, stated), ConfidenceSource::SelfReport),
        (None, None) => (spread(prompt.labels.len(), chosen, ANSWER_ONLY), ConfidenceSource::AnswerOnly),
    };
    let Tokens { prompt: prompt_tokens, completion: completion_tokens } = tokens;
    Ok(Scored { probabilities, obtained, prompt_tokens, completion_tokens })
}

/// Whether an answer comes with the log-probabilities of its tokens.
pub(crate) fn has_logprobs(answer: &Value) -> bool {
    read_tokens(&answer["choices"][0]).is_some_and(|tokens| tokens.iter().any(|token| !token.others.is_empty()))
}

/// The label and the stated confidence of a JSON answer, also where something stands around the JSON.
fn from_json(content: &str) -> Option<(String, Option<f32>)> {
    let start = content.find('{')?;
    let object: Value = serde_json::Deserializer::from_str(&content[start..]).into_iter().next()?.ok()?;
    let label = object[LABEL].as_str()?.trim().to_owned();
    #[allow(clippy::cast_possible_truncation)] // A number from 0 to 1.
    let stated = object[CONFIDENCE].as_f64().filter(|value| (0.0..=1.0).contains(value)).map(|value| value as f32);
    Some((label, stated))
}

/// The label that was written: exactly, or but for case, quotes and a full stop.
fn find(prompt: &LabelPrompt, text: &str) -> Option<usize> {
    let exact = prompt.labels.iter().position(|label| label.text == text);
    exact.or_else(|| {
        let plain = |text: &str| text.trim().trim_matches(['"', '\'', '`', '.', '«', '»']).to_lowercase();
        let wanted = plain(text);
        prompt.labels.iter().position(|label| plain(&label.text) == wanted)
    })
}

/// A probability for the chosen label and the same for each other. However unsure, the label that was chosen stays the best:
/// with few labels, or little confidence, the rest would be shared into something better.
fn spread(labels: usize, chosen: usize, probability: f32) -> Vec<f32> {
    #[allow(clippy::cast_precision_loss)] // Labels are few.
    let count = labels as f32;
    let probability = probability.max(1.0 / count + LEAD).min(1.0);
    let rest = (1.0 - probability) / (count - 1.0).max(1.0);
    (0..labels).map(|label| if label == chosen { probability } else { rest }).collect()
}

fn read_tokens(choice: &Value) -> Option<Vec<Token>> {
    let list = choice["logprobs"]["content"].as_array()?;
    let tokens: Vec<Token> = list
        .iter()
        .map(|token| {
            let (bytes, log) = token_of(token)?;
            let others = token["top_logprobs"].as_array().map_or(&[][..], Vec::as_slice);
            Some(Token { bytes, log, others: others.iter().filter_map(token_of).collect() })
        })
        .collect::<Option<_>>()?;
    (!tokens.is_empty()).then_some(tokens)
}

/// A token's bytes (Cyrillic letters may be cut between two tokens, so its text is not enough) and log-probability.
fn token_of(token: &Value) -> Option<(Vec<u8>, f64)> {
    let log = token["logprob"].as_f64()?;
    let bytes = match token["bytes"].as_array() {
        Some(bytes) => {
            bytes.iter().map(|byte| byte.as_u64().and_then(|byte| u8::try_from(byte).ok())).collect::<Option<_>>()?
        }
        None => token["token"].as_str()?.as_bytes().to_vec(),
    };
    Some((bytes, log))
}

/// Probabilities from the tokens that might have been written. Servers report the model's own probabilities, before the
/// constraint: at each token only those that can go on to a label count, and they are normalised among themselves. What
/// goes another way than the answer did is shared by the labels that begin like that.
fn by_tokens(tokens: &[Token], prompt: &LabelPrompt, chosen: usize) -> Option<Vec<f32>> {
    // A label with the quote that must follow it.
    let labels: Vec<Vec<u8>> =
        prompt.labels.iter().map(|label| format!("{}\"", label.in_json()).into_bytes()).collect();
    let skip = start_of_value(tokens)?;
    let mut probabilities = vec![0.0_f64; labels.len()];
    let mut open: Vec<usize> = (0..labels.len()).collect();
    let (mut mass, mut offset, mut written) = (1.0_f64, 0, Vec::new());
    for token in tokens {
        let (begin, end) = (offset, offset + token.bytes.len());
        offset = end;
        if end <= skip {
            continue;
        }
        // A token may hold the end of the frame and the beginning of the label.
        let frame = &token.bytes[..skip.saturating_sub(begin)];
        let goes_on = |bytes: &[u8]| -> Option<Vec<usize>> {
            let way = [&written[..], bytes.strip_prefix(frame)?].concat();
            let fits: Vec<usize> = open.iter().copied().filter(|&label| agree(&labels[label], &way)).collect();
            (!fits.is_empty() && way.len() > written.len()).then_some(fits)
        };
        let own = goes_on(&token.bytes)?;
        let others: Vec<(Vec<usize>, f64)> = token
            .others
            .iter()
            .filter(|(bytes, _)| *bytes != token.bytes)
            .filter_map(|(bytes, log)| Some((goes_on(bytes)?, log.exp())))
            .collect();
        let bound = token.others.iter().map(|(_, log)| log.exp()).fold(token.log.exp(), f64::min);
        let unseen = unseen(&open, &own, &others).into_iter().map(|label| (vec![label], bound * UNSEEN));
        let others: Vec<(Vec<usize>, f64)> = others.iter().cloned().chain(unseen).collect();
        let total = token.log.exp() + others.iter().map(|(_, probability)| probability).sum::<f64>();
        if total <= 0.0 {
            return None;
        }
        for (fits, probability) in others {
            #[allow(clippy::cast_precision_loss)] // Labels are few.
            let share = mass * probability / total / fits.len() as f64;
            fits.into_iter().for_each(|label| probabilities[label] += share);
        }
        mass *= token.log.exp() / total;
        written.extend_from_slice(&token.bytes[frame.len()..]);
        open = own;
        if open.len() == 1 {
            break;
        }
    }
    probabilities[chosen] += mass;
    let sum: f64 = probabilities.iter().sum();
    #[allow(clippy::cast_possible_truncation)] // Probabilities are kept as f32.
    Some(probabilities.into_iter().map(|probability| (probability / sum) as f32).collect())
}

/// Labels that could have been written but begin with none of the tokens that were reported.
fn unseen(open: &[usize], own: &[usize], others: &[(Vec<usize>, f64)]) -> Vec<usize> {
    let seen = |label: &usize| own.contains(label) || others.iter().any(|(fits, _)| fits.contains(label));
    open.iter().copied().filter(|label| !seen(label)).collect()
}

/// Whether a label can still be written after `way`: one begins with the other.
fn agree(label: &[u8], way: &[u8]) -> bool {
    label.starts_with(way) || way.starts_with(label)
}

/// Where the label's text begins in a JSON answer: after the quote that opens the value.
fn start_of_value(tokens: &[Token]) -> Option<usize> {
    let answer: Vec<u8> = tokens.iter().flat_map(|token| token.bytes.iter().copied()).collect();
    let key = format!("\"{LABEL}\"");
    let after_key = answer.windows(key.len()).position(|window| window == key.as_bytes())? + key.len();
    let quote = answer[after_key..].iter().position(|&byte| byte == b'"')?;
    Some(after_key + quote + 1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::prompt::Label;
    use serde_json::json;

    fn prompt(labels: &[&str]) -> LabelPrompt {
        let labels = labels.iter().map(|text| Label { id: (*text).to_owned(), text: (*text).to_owned() }).collect();
        LabelPrompt { instruction: String::new(), labels, ..LabelPrompt::default() }
    }

    fn token(text: &str, probability: f64, others: &[(&str, f64)]) -> Value {
        let one = |text: &str, probability: f64| json!({"token": text, "bytes": text.as_bytes(), "logprob": probability.ln()});
        let mut token = one(text, probability);
        token["top_logprobs"] = others.iter().map(|(text, probability)| one(text, *probability)).collect();
        token
    }

    /// An answer of these tokens, in the frame that every answer has.
    fn framed(label: &str, tokens: Vec<Value>) -> Value {
        let tokens: Vec<Value> =
            [token("{\"label\":", 1.0, &[]), token(" \"", 1.0, &[])].into_iter().chain(tokens).collect();
        let content = format!("{{\"label\": \"{label}\"}}");
        json!({"choices": [{"message": {"content": content}, "logprobs": {"content": tokens}}]})
    }

    #[test]
    fn probabilities_are_those_among_the_labels() {
        let prompt = prompt(&["card_arrival", "card_linking", "pin"]);
        // Most of the model's own mass lies on words that are no labels.
        let tokens = vec![
            token("card", 0.06, &[("The", 0.8), ("card", 0.06), ("pin", 0.02)]),
            token("_l", 0.3, &[("_l", 0.3), ("_arr", 0.1), ("s", 0.5)]),
            token("inking", 0.9, &[]),
        ];
        let scored = read(&framed("card_linking", tokens), &prompt).unwrap();
        assert_eq!(scored.obtained, ConfidenceSource::TokenLogprobs);
        for (found, expected) in scored.probabilities.iter().zip([0.75 * 0.25, 0.75 * 0.75, 0.25]) {
            assert!((found - expected).abs() < 1e-6, "{:?}", scored.probabilities);
        }
    }

    #[test]
    fn an_answer_that_was_forced_is_not_certain() {
        let prompt = prompt(&["yes", "no", "maybe"]);
        let forced = token("no", 0.0002, &[("Sure", 0.9), ("I", 0.05), ("The", 0.001)]);
        assert!((read(&framed("no", vec![forced]), &prompt).unwrap().best().1 - 0.5).abs() < 1e-6);
        let meant = token("no", 0.98, &[("no", 0.98), ("No", 0.01), (",", 0.0001)]);
        assert!(read(&framed("no", vec![meant]), &prompt).unwrap().best().1 > 0.999);
    }

    #[test]
    fn a_token_may_hold_frame_and_label() {
        let prompt = prompt(&["товар", "услуга"]);
        let answer = json!({"choices": [{"message": {"content": "{\"label\": \"услуга\"}"}, "logprobs": {"content": [
            token("{\"label\":", 1.0, &[]),
            token(" \"у", 0.6, &[(" \"у", 0.6), (" \"т", 0.2), (" 7", 0.2)]),
            token("слуга\"}", 1.0, &[]),
        ]}}]});
        let scored = read(&answer, &prompt).unwrap();
        assert!((scored.probabilities[1] - 0.75).abs() < 1e-6, "{:?}", scored.probabilities);
    }

    #[test]
    fn what_surrounds_an_answer_is_forgiven_and_what_is_none_is_not() {
        let prompt = prompt(&["yes", "no"]);
        let read = |content: &str| read(&json!({"choices": [{"message": {"content": content}}]}), &prompt);
        let scored = read("Sure! ```{\"label\": \"Yes\", \"confidence\": 0.8}```").unwrap();
        assert_eq!((scored.best(), scored.obtained), ((0, 0.8), ConfidenceSource::SelfReport));
        assert_eq!(read("\"no\".").unwrap().obtained, ConfidenceSource::AnswerOnly);
        for wrong in ["maybe", "", "{\"label\": \"perhaps\"}", "{\"label\": 3}"] {
            assert!(matches!(read(wrong), Err(Misread { answer: Some(_), .. })), "{wrong}");
        }
        let unsure = read("{\"label\": \"no\", \"confidence\": 0.1}").unwrap();
        assert_eq!(unsure.best().0, 1, "what was chosen is the best, however unsure");
        let thought = "<think>{\"label\": \"yes\"} or rather</think>{\"label\": \"no\"}";
        assert_eq!(read(thought).unwrap().best().0, 1);
    }

    #[test]
    fn what_is_cut_or_no_completion_is_no_answer() {
        let prompt = prompt(&["card", "card_arrival"]);
        let cut = json!({"choices": [{"message": {"content": "card"}, "finish_reason": "length"}]});
        assert!(matches!(read(&cut, &prompt), Err(Misread { answer: Some(_), .. })));
        for other in
            [json!({"error": "none"}), json!([]), json!({"choices": []}), json!({"choices": [{"text": "card"}]})]
        {
            assert!(matches!(read(&other, &prompt), Err(Misread { answer: None, .. })), "{other}");
        }
    }
}
