//! The form in which a model was taught to read a conversation.

use crate::error::ModelError;
use crate::gguf::Gguf;
use crate::prompt::{AFTER_LABEL, BEFORE_LABEL, LabelPrompt};
use crate::tokenizer::TextTokenizer;

/// ChatML: `<|im_start|>role`, a line break, the message, `<|im_end|>`, a line break.
pub(crate) struct ChatMl {
    start: u32,
    end: u32,
}

const START: &str = "<|im_start|>";
const END: &str = "<|im_end|>";

impl ChatMl {
    /// Checks that the file's template is ChatML and that the vocabulary has its tokens.
    pub(crate) fn from_gguf(gguf: &Gguf, tokenizer: &TextTokenizer) -> Result<Self, ModelError> {
        let unsupported =
            |detail: &str| ModelError::Template { path: gguf.path().to_owned(), detail: detail.to_owned() };
        let template =
            gguf.text("tokenizer.chat_template").ok_or_else(|| unsupported("the file has no chat template"))?;
        if !template.contains(START) || !template.contains(END) {
            return Err(unsupported("the template is not ChatML (<|im_start|>, <|im_end|>)"));
        }
        match (tokenizer.special(START), tokenizer.special(END)) {
            (Some(start), Some(end)) => Ok(Self { start, end }),
            _ => Err(unsupported("the vocabulary has no <|im_start|> or <|im_end|>")),
        }
    }

    /// The token that ends a label in an answer.
    pub(crate) fn after_label(&self, tokenizer: &TextTokenizer) -> Result<u32, ModelError> {
        Ok(tokenizer.encode(AFTER_LABEL)?.first().copied().unwrap_or(self.end))
    }

    /// What stands before every text: instruction and examples, up to the mark of the user's message.
    pub(crate) fn shared(&self, prompt: &LabelPrompt, tokenizer: &TextTokenizer) -> Result<Vec<u32>, ModelError> {
        let mut ids = Vec::new();
        for (role, content) in messages(prompt) {
            self.message(role, &content, tokenizer, &mut ids)?;
        }
        ids.push(self.start);
        Ok(ids)
    }

    /// The rest of the user's message, the mark of the answer, and the answer up to its label.
    pub(crate) fn question(&self, text: &str, tokenizer: &TextTokenizer) -> Result<Vec<u32>, ModelError> {
        let mut ids = tokenizer.encode(&format!("user\n{}", LabelPrompt::question(text)))?;
        ids.push(self.end);
        ids.extend(tokenizer.encode("\n")?);
        ids.push(self.start);
        ids.extend(tokenizer.encode("assistant\n")?);
        ids.extend(tokenizer.encode(BEFORE_LABEL)?);
        Ok(ids)
    }

    /// The whole prompt as text, for people.
    pub(crate) fn rendered(&self, prompt: &LabelPrompt, text: &str) -> String {
        let mut out = String::new();
        for (role, content) in messages(prompt) {
            out.push_str(&format!("{START}{role}\n{content}{END}\n"));
        }
        out.push_str(&format!("{START}user\n{}{END}\n{START}assistant\n{BEFORE_LABEL}", LabelPrompt::question(text)));
        out
    }

    fn message(
        &self,
        role: &str,
        content: &str,
        tokenizer: &TextTokenizer,
        ids: &mut Vec<u32>,
    ) -> Result<(), ModelError> {
        ids.push(self.start);
        ids.extend(tokenizer.encode(&format!("{role}\n{content}"))?);
        ids.push(self.end);
        ids.extend(tokenizer.encode("\n")?);
        Ok(())
    }
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
