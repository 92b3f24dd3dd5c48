//! Puts the catalogue's help texts into the parser, in the person's language.

use catalogue::{Language, Text, help, t};
use clap::{Arg, ArgAction, Command, CommandFactory, FromArgMatches};

use crate::arguments::Arguments;

/// Parses the process's arguments.
pub fn parse(lang: Language) -> Result<Arguments, clap::Error> {
    let mut command = worded(Arguments::command(), lang, "");
    let matches = command.try_get_matches_from_mut(std::env::args_os())?;
    Arguments::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

/// The command with its texts, and all below it. `path` is where it stands: `review.decide`.
fn worded(command: Command, lang: Language, path: &str) -> Command {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    let mut command = command
        .about(help(lang, path))
        .subcommand_help_heading(t(lang, Text::HelpCommands))
        .help_template(template(lang))
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(Arg::new("help").short('h').long("help").action(ArgAction::Help).display_order(990));
    if path.is_empty() {
        let version = Arg::new("program_version").short('V').long("version").action(ArgAction::Version);
        command = command.arg(version.display_order(991));
    }
    command = command.mut_args(|arg| {
        let path = below(arg.get_id().as_str());
        worded_argument(arg, lang, &path)
    });
    if let Some(more) = help(lang, &format!("{path}!")) {
        command = command.after_help(more);
    }
    let names: Vec<String> = command.get_subcommands().map(|below| below.get_name().to_owned()).collect();
    for name in names {
        let path = below(&name);
        command = command.mut_subcommand(name, |below| worded(below, lang, &path));
    }
    command
}

/// The argument with its text, its values and its default in the person's language.
fn worded_argument(arg: Arg, lang: Language, path: &str) -> Arg {
    let heading = if arg.is_positional() { Text::HelpArguments } else { Text::HelpOptions };
    let mut text = help(lang, path).unwrap_or_default().to_owned();
    if !arg.get_action().takes_values() {
        return arg.help(text).help_heading(t(lang, heading));
    }
    let values: Vec<String> = arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    if !values.is_empty() {
        text += &format!(" [{}]", values.join("|"));
    }
    let defaults: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    if !defaults.is_empty() {
        text += &format!(" {}", Text::help_default(lang, &defaults.join(" ")));
    }
    arg.help(text).help_heading(t(lang, heading)).hide_possible_values(true).hide_default_value(true)
}

fn template(lang: Language) -> String {
    format!("{{about}}\n\n{}: {{usage}}\n\n{{all-args}}{{after-help}}\n", t(lang, Text::HelpUsage))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(command: &Command, path: &str) {
        for lang in [Language::En, Language::Ru] {
            assert!(help(lang, path).is_some(), "no help for the command {path:?}");
        }
        for arg in command.get_arguments() {
            let path = if path.is_empty() { arg.get_id().to_string() } else { format!("{path}.{}", arg.get_id()) };
            let known = help(Language::Ru, &path).is_some() || help(Language::Ru, &format!("*.{path}")).is_some();
            assert!(known, "no help for the option {path:?}");
        }
        for below in command.get_subcommands() {
            let name = below.get_name();
            check(below, &if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") });
        }
    }

    #[test]
    fn every_command_and_option_is_explained_in_both_languages() {
        check(&worded(Arguments::command(), Language::En, ""), "");
    }

    #[test]
    fn the_parser_is_sound() {
        worded(Arguments::command(), Language::Ru, "").debug_assert();
    }
}
