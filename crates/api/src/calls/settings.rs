//! Settings of the person and facts about the program.

use contract::CallError;
use contract::settings::{About, AppSettings, GetAbout, GetSettings, SetSettings};

use crate::Winnow;
use crate::path::text;
use crate::route::Handle;

impl Handle for GetSettings {
    fn handle(self, winnow: &Winnow) -> Result<AppSettings, CallError> {
        Ok(winnow.person().settings())
    }
}

impl Handle for SetSettings {
    fn handle(self, winnow: &Winnow) -> Result<AppSettings, CallError> {
        winnow.person().set_settings(&self.settings)?;
        Ok(winnow.person().settings())
    }
}

impl Handle for GetAbout {
    fn handle(self, winnow: &Winnow) -> Result<About, CallError> {
        let environment = winnow.environment();
        Ok(About {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            data_folder: text(&environment.data_folder),
            models: environment.model_files().iter().map(|file| text(file)).collect(),
        })
    }
}
