//! The screen of datasets and versions.

use crate::macros::texts;

texts! {
    DatasetsTitle: "Datasets", "Датасеты";
    DatasetsEmpty: "No datasets yet", "Датасетов пока нет";
    VersionsEmpty: "No versions yet", "Версий пока нет";
}
