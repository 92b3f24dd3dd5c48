//! The screen of models.

use crate::macros::texts;

texts! {
    ModelsTitle: "Models", "Модели";
    ModelsEmpty: "No models yet", "Моделей пока нет";
}
