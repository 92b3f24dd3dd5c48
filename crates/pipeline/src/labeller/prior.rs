//! What a model's liking for some labels was found to be, kept in the project: reading it anew takes as long as labelling the texts
//! that it is read from.

use contract::CallError;
use contract::project::Access;
use models::{CancelToken, LabelModel, LabelPrompt};
use store::Store;

/// Gives the model what was found for this prompt before, or finds it and keeps it. `false` when cancelled.
///
/// # Errors
/// What the model or the store say.
pub(crate) fn settle(
    store: &Store,
    model: &dyn LabelModel,
    prompt: &LabelPrompt,
    cancel: &CancelToken,
) -> Result<bool, CallError> {
    if prompt.calibration.is_empty() {
        return Ok(true);
    }
    let identity = blake3::hash(model.identity().as_bytes()).to_hex();
    let name = format!("prior.{}.{}", &identity[..16], prompt.version());
    if let Some(found) = store.setting::<Vec<f64>>(&name)? {
        model.know_corrections(prompt, found);
        return Ok(true);
    }
    let Some(found) = model.corrections(prompt, cancel)? else { return Ok(!cancel.is_cancelled()) };
    if matches!(store.access(), Access::ReadWrite) {
        store.set_setting(&name, &found)?;
    }
    Ok(true)
}
