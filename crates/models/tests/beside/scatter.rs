//! Next-token probabilities beside a server that rounds.
//!
//! Where weights are quantised, llama.cpp rounds activations to 8 bits before each product. The last bit of a sum then decides which
//! way a number goes, and a few layers later everything has gone another way: the server's answer to the same tokens scatters with
//! how they came to it in batches. So it is asked several times, with the prompt's beginning cut at other places, and its
//! log-probability is the mean of what it says.

use std::collections::BTreeMap;

use models::GgufModel;
use serde_json::json;

use super::Native;

/// Where the prompt's beginning is cut in two before it is read; 0: not at all. The server computes attention in another way for
/// fewer than 64 tokens, and products in another way for a batch's last tokens.
const CUTS: [usize; 6] = [0, 7, 19, 31, 43, 55];
/// Tokens that a prompt's beginning has at least, so that what comes after any cut is computed in the way for many.
const LONGEST_PART: usize = 64 + 55;
/// Most probable tokens that the server tells.
const TOLD: usize = 100;
/// Of these so many are compared.
const COMPARED: usize = 5;
/// One text alone shares so many tokens less than it has with itself.
const REST: usize = 16;

/// Natural logarithms of the most probable next tokens' probabilities.
type Logs = BTreeMap<u32, f64>;

/// How far apart two sides are, over many tokens.
#[derive(Default)]
pub struct Distances(Vec<f64>);

impl Distances {
    /// So many percent are at most this.
    fn below(&self, percent: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let place = (sorted.len() * percent).div_ceil(100);
        sorted[place - 1]
    }
}

impl std::fmt::Display for Distances {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [median, most, nearly, all] = [50, 90, 99, 100].map(|percent| self.below(percent));
        write!(out, "{} numbers, median {median:.3}, 90% {most:.3}, 99% {nearly:.3}, largest {all:.3}", self.0.len())
    }
}

/// What was found of a model beside a server, over all prompts.
#[derive(Default)]
pub struct Scatter {
    from_mean: Distances,
    from_each: Distances,
    among_themselves: Distances,
}

impl Scatter {
    /// Adds the five tokens that are most probable to the server, and the five that are it here, after each prompt. All prompts have
    /// the same beginning; a single one has all but its last tokens as such.
    pub fn compare(&mut self, model: &GgufModel, server: &Native, prompts: &[Vec<u32>]) {
        for (prompt, answers) in prompts.iter().zip(ask(server, prompts)) {
            let ranked = model.next_tokens(prompt, usize::MAX).unwrap();
            let ours: Logs = ranked.iter().copied().collect();
            let means = means(&answers);
            let mut top: Vec<u32> = means.keys().copied().collect();
            top.sort_by(|left, right| means[right].total_cmp(&means[left]));
            top.truncate(COMPARED);
            top.extend(ranked.iter().take(COMPARED).map(|(token, _)| *token));
            top.sort_unstable();
            top.dedup();
            for token in top {
                let mean = *means.get(&token).unwrap_or_else(|| panic!("token {token} is rare to the server"));
                let each: Vec<f64> = answers.iter().map(|logs| logs[&token]).collect();
                self.add(ours[&token], mean, &each);
            }
        }
    }

    fn add(&mut self, ours: f64, mean: f64, each: &[f64]) {
        self.from_mean.0.push((ours - mean).abs());
        self.from_each.0.extend(each.iter().map(|theirs| (ours - theirs).abs()));
        for (index, left) in each.iter().enumerate() {
            self.among_themselves.0.extend(each[..index].iter().map(|right| (left - right).abs()));
        }
    }

    /// So many percent of the tokens must be within `tolerance` of the mean of the server's answers, and none farther from it than its
    /// answers are from each other.
    pub fn check(&self, percent: usize, tolerance: f64) {
        let Self { from_mean, from_each, among_themselves } = self;
        eprintln!("from the mean of the server's answers: {from_mean}");
        eprintln!("from each of its answers:              {from_each}");
        eprintln!("its answers from each other:           {among_themselves}");
        assert!(from_mean.below(percent) <= tolerance, "{from_mean}");
        assert!(
            from_mean.below(100) <= among_themselves.below(100),
            "{from_mean}, among themselves {among_themselves}"
        );
    }
}

/// The mean of what all answers have.
fn means(answers: &[Logs]) -> Logs {
    let everywhere = |token: &&u32| answers.iter().all(|logs| logs.contains_key(token));
    #[allow(clippy::cast_precision_loss)] // A handful.
    let mean = |token: &u32| answers.iter().map(|logs| logs[token]).sum::<f64>() / answers.len() as f64;
    answers[0].keys().filter(everywhere).map(|token| (*token, mean(token))).collect()
}

/// For each prompt the server's answers, one a cut.
fn ask(server: &Native, prompts: &[Vec<u32>]) -> Vec<Vec<Logs>> {
    let first = &prompts[0];
    let common = |other: &Vec<u32>| first.iter().zip(other).take_while(|(a, b)| a == b).count();
    let shared = prompts.iter().skip(1).map(common).min().unwrap_or(first.len()).min(first.len() - REST);
    assert!(shared >= LONGEST_PART, "the prompts share {shared} tokens");
    let mut answers = vec![Vec::new(); prompts.len()];
    for cut in CUTS {
        if cut > 0 {
            read(server, &first[..cut], false);
        }
        read(server, &first[..shared], cut > 0);
        for (prompt, answers) in prompts.iter().zip(&mut answers) {
            answers.push(read(server, prompt, true));
        }
    }
    answers
}

/// Reads tokens, of which those that the server `remembers` are not read again, and tells what may come next.
fn read(server: &Native, tokens: &[u32], remembers: bool) -> Logs {
    // A token that is part of a letter has no text and would be told of later; what is told is before the grammar.
    let body = json!({"prompt": tokens, "n_predict": 1, "n_probs": TOLD, "temperature": 0, "cache_prompt": remembers,
        "id_slot": 0, "grammar": "root ::= \"a\""});
    let answer = server.post("/completion", &body);
    let read = usize::try_from(answer["timings"]["prompt_n"].as_u64().unwrap()).unwrap();
    assert_eq!(read < tokens.len(), remembers, "{read} of {} tokens read", tokens.len());
    let told = answer["completion_probabilities"][0]["top_logprobs"].as_array().unwrap_or_else(|| panic!("{answer}"));
    let log = |told: &serde_json::Value| Some((u32::try_from(told["id"].as_u64()?).ok()?, told["logprob"].as_f64()?));
    told.iter().map(|told| log(told).unwrap()).collect()
}
