//! Words on plots.

use crate::macros::texts;

texts! {
    PlotConfidence: "confidence", "уверенность";
    PlotRight: "right", "верно";
    PlotThreshold: "threshold", "порог";
    PlotShare: "share", "доля";
    PlotBefore: "as it came", "как было";
    PlotAfter: "calibrated", "после калибровки";
    PlotSamples: "samples", "примеров";
    PlotLength: "characters of the text, from", "символов в тексте, от";
    PlotReview: "to review", "на проверку";
    PlotWrong: "wrong among the accepted", "неверно среди принятых";
}
