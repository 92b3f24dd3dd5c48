//! Words on plots.

use crate::macros::texts;

texts! {
    PlotConfidence: "confidence", "уверенность";
    PlotRight: "right", "верно";
    PlotThreshold: "threshold", "порог";
    PlotShare: "share", "доля";
    PlotBefore: "as it came", "как было";
    PlotAfter: "calibrated", "после калибровки";
    PlotReview: "to review", "на проверку";
    PlotWrong: "wrong among the accepted", "неверно среди принятых";
}
