//! The form in which a model was taught to read a conversation, cut into what all texts share and what each has of its own.

use crate::error::ModelError;
use crate::gguf::Gguf;
use crate::prompt::{AFTER_LABEL, BEFORE_LABEL, LabelPrompt};
use crate::template::{ChatTemplate, Message};
use crate::tokenizer::TextTokenizer;

/// Stands for the text while the template is rendered; no real text has this character of private use.
const TEXT: &str = "\u{F8FE}text\u{F8FE}";
/// Stands for an answer.
const ANSWER: &str = "\u{F8FE}answer\u{F8FE}";

/// How a model reads conversations.
pub(crate) enum Chat {
    /// By the file's own template.
    Template(Box<ChatTemplate>),
    /// A model that was never taught conversations: instruction, examples and text stand below each other.
    Plain,
}

/// A prompt around its texts.
pub(crate) struct Frame {
    /// Before every text.
    pub(crate) shared: Vec<u32>,
    /// Each label's answer, from where labels part.
    pub(crate) answers: Vec<Vec<u32>>,
    /// Text between the shared part and a text, and between a text and the first special token or line break after it: its
    /// tokens depend on the text.
    around: [String; 2],
    /// Whether the first of them stands after a special token.
    begins: bool,
    /// From there to where labels part.
    after: Vec<u32>,
}

impl Frame {
    /// What stands between the shared part and the place where labels part, for a text.
    pub(crate) fn question(&self, text: &str, tokenizer: &TextTokenizer) -> Result<Vec<u32>, ModelError> {
        let [before, behind] = &self.around;
        let mut ids = tokenizer.encode(&format!("{before}{}{behind}", text.trim()), self.begins)?;
        ids.extend_from_slice(&self.after);
        Ok(ids)
    }
}

impl Chat {
    /// Takes the file's template and looks whether a prompt can be written with it.
    pub(crate) fn from_gguf(gguf: &Gguf, tokenizer: &TextTokenizer) -> Result<Self, ModelError> {
        let Some(source) = gguf.text("tokenizer.chat_template") else { return Ok(Self::Plain) };
        let unsupported = |detail: String| ModelError::Template { path: gguf.path().to_owned(), detail };
        let template = ChatTemplate::new(source).map_err(|error| unsupported(error.to_string()))?;
        let chat = Self::Template(Box::new(template));
        let sample = LabelPrompt { instruction: "Classify.".to_owned(), ..LabelPrompt::default() };
        match chat.halves(&sample, tokenizer) {
            Ok(_) => Ok(chat),
            Err(ModelError::Failed { detail }) => Err(unsupported(detail)),
            Err(other) => Err(other),
        }
    }

    /// The whole prompt as text, for people.
    pub(crate) fn rendered(&self, prompt: &LabelPrompt, text: &str, tokenizer: &TextTokenizer) -> String {
        match self.halves(prompt, tokenizer) {
            Ok([before, after]) => format!("{before}{}{after}", text.trim()),
            Err(error) => error.to_string(),
        }
    }

    /// The prompt's tokens around a text.
    pub(crate) fn frame(&self, prompt: &LabelPrompt, tokenizer: &TextTokenizer) -> Result<Frame, ModelError> {
        let [before, after] = self.halves(prompt, tokenizer)?;
        // After a special token, or after a line break that is followed by a letter, a new token begins whatever comes.
        let special = tokenizer.after_last_special(&before).unwrap_or(0);
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let cut = special.max(line);
        let special_behind = tokenizer.first_special(&after);
        let behind = special_behind
            .or_else(|| after.find('\n').map(|at| at + 1))
            .unwrap_or_else(|| after.trim_end_matches(BEFORE_LABEL).trim_end().len());
        let (behind, rest) = after.split_at(behind);
        // What follows the last special token is read together with the label, as the model would have written it.
        let last = tokenizer.after_last_special(rest).unwrap_or(0);
        let mut fixed = tokenizer.encode_with_special(&rest[..last])?;
        let begins = last > 0;
        let mut answers: Vec<Vec<u32>> = Vec::with_capacity(prompt.labels.len());
        for label in &prompt.labels {
            answers.push(tokenizer.encode(&format!("{}{}{AFTER_LABEL}", &rest[last..], label.in_json()), begins)?);
        }
        let common = shared_tokens(&answers);
        if let Some(first) = answers.first() {
            fixed.extend_from_slice(&first[..common]);
        }
        Ok(Frame {
            shared: tokenizer.encode_beginning(&before[..cut])?,
            answers: answers.into_iter().map(|answer| answer[common..].to_vec()).collect(),
            around: [before[cut..].to_owned(), behind.to_owned()],
            begins: special >= line && special > 0,
            after: fixed,
        })
    }

    /// What stands before a text and after it, up to the label.
    fn halves(&self, prompt: &LabelPrompt, tokenizer: &TextTokenizer) -> Result<[String; 2], ModelError> {
        match self {
            Self::Template(template) => conversation(template, prompt, tokenizer),
            Self::Plain => Ok(plain(prompt)),
        }
    }
}

/// How many tokens all answers begin with; the last token of the shortest is never among them.
fn shared_tokens(answers: &[Vec<u32>]) -> usize {
    let Some((first, others)) = answers.split_first() else { return 0 };
    let with = |other: &Vec<u32>| first.iter().zip(other).take_while(|(a, b)| a == b).count();
    let shortest = answers.iter().map(Vec::len).min().unwrap_or(0);
    others.iter().map(with).min().unwrap_or(0).min(shortest.saturating_sub(1))
}

fn plain(prompt: &LabelPrompt) -> [String; 2] {
    let mut before = format!("{}\n\n", prompt.instruction);
    for (text, id) in &prompt.shots {
        if let Some(answer) = prompt.answer(id) {
            before.push_str(&format!("{}\n{answer}\n\n", LabelPrompt::question(text)));
        }
    }
    before.push_str(&LabelPrompt::question(""));
    [before, format!("\n{BEFORE_LABEL}")]
}

fn conversation(
    template: &ChatTemplate,
    prompt: &LabelPrompt,
    tokenizer: &TextTokenizer,
) -> Result<[String; 2], ModelError> {
    let mut chat: Vec<Message> =
        messages(prompt).into_iter().map(|(role, content)| Message { role, content }).collect();
    chat.push(Message { role: "user", content: LabelPrompt::question(TEXT) });
    let render = |chat: &[Message], answer_next| template.render(chat, answer_next, tokenizer.marks());
    // Some families know no system message: there the instruction stands before the first question.
    let rendered = match render(&chat, true) {
        Ok(rendered) if rendered.contains(prompt.instruction.trim()) => rendered,
        _ => {
            let instruction = chat.remove(0);
            if let Some(first) = chat.first_mut() {
                first.content = format!("{}\n{}", instruction.content, first.content);
            }
            let failed = |error: minijinja::Error| ModelError::Failed { detail: format!("chat template: {error:#}") };
            render(&chat, true).map_err(failed)?
        }
    };
    let lost = || ModelError::Failed { detail: "chat template: it leaves out the last message".to_owned() };
    let (before, after) = rendered.rsplit_once(TEXT).ok_or_else(lost)?;
    if tokenizer.first_special(after).is_some() {
        return Ok([before.to_owned(), format!("{after}{BEFORE_LABEL}")]);
    }
    // Where plain text alone leads over to the answer, what belongs between them shows when there is one.
    chat.push(Message { role: "assistant", content: ANSWER.to_owned() });
    let between = render(&chat, false).ok().and_then(|rendered| {
        let (_, after) = rendered.rsplit_once(TEXT)?;
        after.split_once(ANSWER).map(|(between, _)| between.to_owned())
    });
    Ok([before.to_owned(), format!("{}{BEFORE_LABEL}", between.as_deref().unwrap_or(after))])
}

/// The messages that all texts share.
pub(crate) fn messages(prompt: &LabelPrompt) -> Vec<(&'static str, String)> {
    let mut messages = vec![("system", prompt.instruction.clone())];
    for (text, id) in &prompt.shots {
        if let Some(answer) = prompt.answer(id) {
            messages.push(("user", LabelPrompt::question(text)));
            messages.push(("assistant", answer));
        }
    }
    messages
}
