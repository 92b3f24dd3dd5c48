//! Which language the person reads.

use std::ffi::OsString;

use catalogue::{Language, language_of_locale};

/// `--lang` among the arguments, else the environment's locale, else English.
///
/// Found before the arguments are parsed, because the help and the errors of parsing are in this language too.
pub fn of_process(arguments: impl Iterator<Item = OsString>) -> Language {
    of_arguments(arguments).or_else(|| of_environment(|name| std::env::var(name).ok())).unwrap_or(Language::En)
}

fn of_arguments(arguments: impl Iterator<Item = OsString>) -> Option<Language> {
    let mut arguments = arguments.map(|argument| argument.to_string_lossy().into_owned());
    while let Some(argument) = arguments.next() {
        let value = match argument.strip_prefix("--lang") {
            Some("") => arguments.next(),
            Some(value) => value.strip_prefix('=').map(str::to_owned),
            None => None,
        };
        if let Some(value) = value {
            return language_of_locale(&value);
        }
    }
    None
}

/// The first variable that is set decides, as in POSIX (`LC_ALL` over `LC_MESSAGES` over `LANG`).
fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Option<Language> {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| variable(name).filter(|value| !value.is_empty()))
        .and_then(|locale| language_of_locale(&locale))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(arguments: &[&str]) -> Option<Language> {
        of_arguments(arguments.iter().map(OsString::from))
    }

    #[test]
    fn the_option_is_found_in_both_spellings() {
        assert_eq!(given(&["winnow", "stats", "--lang", "ru", "x"]), Some(Language::Ru));
        assert_eq!(given(&["winnow", "--lang=en"]), Some(Language::En));
        assert_eq!(given(&["winnow", "--lang"]), None);
    }

    #[test]
    fn the_first_variable_that_is_set_decides() {
        let environment = |name: &str| match name {
            "LC_ALL" => Some(String::new()),
            "LC_MESSAGES" => Some("ru_RU.UTF-8".to_owned()),
            _ => Some("en_GB.UTF-8".to_owned()),
        };
        assert_eq!(of_environment(environment), Some(Language::Ru));
        assert_eq!(of_environment(|_| None), None);
    }
}
