//! Words on plots.

use crate::macros::texts;

texts! {
    PlotConfidence: "confidence", "уверенность";
    PlotRight: "right", "верно";
    PlotThreshold: "threshold", "порог";
    PlotShare: "share", "доля";
}
