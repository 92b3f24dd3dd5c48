//! Settings of the person and facts about the program.

use contract::CallError;
use contract::settings::{About, GetAbout};

use crate::Winnow;
use crate::route::Handle;

impl Handle for GetAbout {
    fn handle(self, winnow: &Winnow) -> Result<About, CallError> {
        let environment = winnow.environment();
        Ok(About {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            data_folder: environment.data_folder.display().to_string(),
            models: environment.model_folders.iter().map(|folder| folder.display().to_string()).collect(),
        })
    }
}
