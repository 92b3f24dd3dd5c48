//! `winnow init`: makes a project.

use catalogue::Language;
use contract::project::CreateProject;

use crate::arguments::Init;
use crate::failure::Failure;
use crate::output::Reply;
use crate::report;
use crate::session::{Session, path_text};

pub fn init(lang: Language, init: &Init) -> Result<Reply, Failure> {
    let session = Session::at(lang, &init.dir)?;
    let schema_file = init.labels.as_deref().map(path_text).transpose()?;
    let project = session.call(CreateProject { folder: session.project(), name: init.name.clone(), schema_file })?;
    Reply::new(&project, report::project::created(lang, &project))
}
