//! Items.

use contract::item::{CountItems, GetItem, GetItemStats, ItemDetail, ItemRow, ItemStats, ListItems};
use contract::{CallError, Page};

use crate::Winnow;
use crate::route::Handle;

impl Handle for ListItems {
    fn handle(self, winnow: &Winnow) -> Result<Page<ItemRow>, CallError> {
        Ok(winnow.project(&self.project)?.store().items(&self.filter, self.after, self.limit)?)
    }
}

impl Handle for CountItems {
    fn handle(self, winnow: &Winnow) -> Result<u64, CallError> {
        Ok(winnow.project(&self.project)?.store().count_items(&self.filter)?)
    }
}

impl Handle for GetItem {
    fn handle(self, winnow: &Winnow) -> Result<ItemDetail, CallError> {
        Ok(winnow.project(&self.project)?.store().item(self.item)?)
    }
}

impl Handle for GetItemStats {
    fn handle(self, winnow: &Winnow) -> Result<ItemStats, CallError> {
        Ok(winnow.project(&self.project)?.store().item_stats()?)
    }
}
