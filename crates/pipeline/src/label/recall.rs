//! Answers that are there already: what the same model with the same prompt said under another calibration.

use contract::ItemId;
use store::ItemToLabel;

use super::batch::Batch;
use crate::job::Stop;
use crate::labeller::{Opinion, base_version};

impl Batch<'_> {
    /// Takes up what this labeller has said before, calibrated as it is now; gives the items that have to be asked about. A new
    /// calibration costs no model's time.
    pub(super) fn recall(&mut self, items: Vec<ItemToLabel>) -> Result<Vec<ItemToLabel>, Stop> {
        let Some(calibration) = self.calibration.clone() else { return Ok(items) };
        let numbers: Vec<ItemId> = items.iter().map(|item| item.id).collect();
        let said = self.store.raw_predictions(self.model, base_version(self.prompt_version), &numbers)?;
        let mut left = Vec::new();
        for (item, said) in items.into_iter().zip(said) {
            let candidates: Vec<(u32, f32)> = said
                .iter()
                .flat_map(|(_, candidates, _)| candidates)
                .filter_map(|candidate| {
                    let place = self.prompt.labels.iter().position(|label| label.id == candidate.domain)?;
                    Some((u32::try_from(place).ok()?, candidate.probability))
                })
                .collect();
            let row = crate::labeller::spread(&candidates, self.prompt.labels.len());
            let Some((row, (obtained, _, no_domain))) = row.zip(said) else {
                left.push(item);
                continue;
            };
            let mut opinion = Opinion { no_domain, ..Opinion::of(row, obtained) };
            opinion.calibrate(&calibration);
            self.push(item.id, &opinion)?;
        }
        Ok(left)
    }
}
