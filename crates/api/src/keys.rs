//! Keys of servers: in the operating system's keyring or in an environment variable, nowhere else.

use contract::model::KeySource;
use contract::{CallError, ErrorCode};

/// The name under which the keyring shows Winnow's entries.
const SERVICE: &str = "winnow";

/// The key for a server, if it needs one. Never logged, never stored in a project.
///
/// # Errors
/// [`ErrorCode::KeyMissing`] when the variable is not set, [`ErrorCode::KeyringFailed`] when the keyring has no key for
/// this server or can't be reached.
pub(crate) fn read(url: &str, source: &KeySource) -> Result<Option<String>, CallError> {
    match source {
        KeySource::None => Ok(None),
        KeySource::Environment { variable } => {
            let key = std::env::var(variable).ok().map(|key| key.trim().to_owned()).filter(|key| !key.is_empty());
            let missing = || CallError::new(ErrorCode::KeyMissing).with("variable", variable);
            key.ok_or_else(missing).map(Some)
        }
        KeySource::Keyring => entry(url)?.get_password().map(Some).map_err(|error| failed(url, &error)),
    }
}

/// Puts a key into the keyring.
///
/// # Errors
/// [`ErrorCode::KeyringFailed`].
pub(crate) fn write(url: &str, key: &str) -> Result<(), CallError> {
    entry(url)?.set_password(key).map_err(|error| failed(url, &error))
}

fn entry(url: &str) -> Result<keyring::Entry, CallError> {
    keyring::Entry::new(SERVICE, &account(url)).map_err(|error| failed(url, &error))
}

/// One key a server, whichever way its address is written.
fn account(url: &str) -> String {
    let url = url.trim().trim_end_matches('/');
    url.strip_suffix("/v1").unwrap_or(url).to_ascii_lowercase()
}

fn failed(url: &str, error: &keyring::Error) -> CallError {
    let detail = match error {
        keyring::Error::NoEntry => format!("no key for {}", account(url)),
        error => error.to_string(),
    };
    CallError::new(ErrorCode::KeyringFailed).with("server", account(url)).with("detail", detail)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn one_account_a_server() {
        for url in ["https://API.example.com/v1/", "https://api.example.com/v1", " https://api.example.com "] {
            assert_eq!(account(url), "https://api.example.com");
        }
    }

    #[test]
    fn a_variable_that_is_not_set_is_named() {
        let source = KeySource::Environment { variable: "WINNOW_TEST_NO_SUCH_KEY".into() };
        let error = read("http://localhost", &source).unwrap_err();
        assert_eq!(error.code, ErrorCode::KeyMissing);
        assert_eq!(error.params["variable"], "WINNOW_TEST_NO_SUCH_KEY");
    }
}
