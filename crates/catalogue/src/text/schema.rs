//! The screen of the label schema.

use crate::macros::texts;

texts! {
    SchemaTitle: "Label schema", "Схема разметки";
    SchemaEmpty: "No domains yet", "Классов пока нет";
}
