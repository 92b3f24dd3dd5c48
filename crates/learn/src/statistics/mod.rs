//! Intervals, tests and measures for reports. Each is checked against scipy, statsmodels or scikit-learn.

mod alpha;
mod confusion;
mod interval;
mod kappa;
mod loss;
mod mcnemar;
mod roc;
mod special;

pub use alpha::{Alpha, krippendorff_alpha};
pub use confusion::{Cell, ClassFigures, Confusion};
pub use interval::{Proportion, clopper_pearson, wilson};
pub use kappa::{Kappa, cohen_kappa};
pub(crate) use loss::check as check_probabilities;
pub use loss::{LEAST_PROBABILITY, brier, log_loss};
pub use mcnemar::{McNemar, mcnemar};
pub use roc::{RocAuc, roc_auc};
pub(crate) use special::beta_cdf;
pub use special::normal_quantile;
