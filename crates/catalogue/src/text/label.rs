//! The screen of labelling.

use crate::macros::texts;

texts! {
    LabelTitle: "Labelling", "Разметка";
}
