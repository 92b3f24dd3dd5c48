//! The chat template of a file: a Jinja program of somebody's, so it runs with a limit of steps and without any access to
//! the outside.

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Error, ErrorKind, Value, context};

/// Steps after which a template is given up.
const FUEL: u64 = 10_000_000;
const NAME: &str = "chat";

/// A chat template.
pub(crate) struct ChatTemplate {
    environment: Environment<'static>,
}

/// A message of a conversation.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    /// `system`, `user` or `assistant`.
    pub(crate) role: &'static str,
    /// What was said.
    pub(crate) content: String,
}

impl ChatTemplate {
    /// Compiles the template, with the settings and functions that templates of this kind expect.
    pub(crate) fn new(source: &str) -> Result<Self, Error> {
        let mut environment = Environment::new();
        environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
        environment.set_fuel(Some(FUEL));
        environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        environment.add_function("raise_exception", |message: String| -> Result<String, Error> {
            Err(Error::new(ErrorKind::InvalidOperation, message))
        });
        // The same prompt must have the same tokens on every day.
        environment.add_function("strftime_now", |_: String| "01 Jan 2025");
        environment.add_template_owned(NAME, source.to_owned())?;
        Ok(Self { environment })
    }

    /// The conversation as the model reads it; with `answer_next`, up to where its answer begins. `marks` are the tokens of
    /// the beginning and the end of a prompt.
    pub(crate) fn render(&self, messages: &[Message], answer_next: bool, marks: [&str; 2]) -> Result<String, Error> {
        let messages: Vec<Value> = messages
            .iter()
            .map(|message| Value::from_pairs([("role", message.role), ("content", message.content.as_str())]))
            .collect();
        self.environment.get_template(NAME)?.render(context! {
            messages,
            add_generation_prompt => answer_next,
            bos_token => marks[0],
            eos_token => marks[1],
            // Models that think aloud first are asked not to: the label stands where the answer begins.
            enable_thinking => false,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn hello() -> Vec<Message> {
        vec![Message { role: "user", content: " hello ".to_owned() }]
    }

    #[test]
    fn templates_use_what_python_has() {
        let source = "{%- for m in messages %}\n    {%- if m.content.strip().startswith('he') %}\n{{ bos_token + m['role'] + m.content | trim }}\n    {%- endif %}\n{%- endfor %}";
        let rendered = ChatTemplate::new(source).unwrap().render(&hello(), true, ["<s>", "</s>"]).unwrap();
        assert_eq!(rendered, "<s>userhello");
    }

    #[test]
    fn a_template_that_never_ends_is_given_up() {
        let source = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}";
        assert!(ChatTemplate::new(source).unwrap().render(&hello(), true, ["", ""]).is_err());
        assert!(ChatTemplate::new("{% for %}").is_err());
        assert!(ChatTemplate::new("{{ raise_exception('no') }}").unwrap().render(&hello(), true, ["", ""]).is_err());
    }
}
