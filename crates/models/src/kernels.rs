//! The decoder's element-wise arithmetic. Compiled for several instruction sets and chosen at run time by `pulp`, so that
//! one binary is fast on every processor.

use pulp::Arch;
use rayon::prelude::*;

use crate::shape::Activation;

/// Rows that one task works on.
const ROWS_PER_TASK: usize = 16;

/// e^x within 2 units in the last place for x in [-87, 88], 0 below and clamped above: the polynomial of Cephes'
/// `expf`, written so that it vectorises.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    const ROUND: f32 = 12_582_912.0; // 1.5 · 2²³: adding it rounds to the nearest whole number
    let x = x.clamp(-87.0, 88.0);
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = x - n * 0.693_359_4 + n * 2.121_944_4e-4;
    let mut p = 1.987_569_1e-4;
    p = p * r + 1.398_199_9e-3;
    p = p * r + 8.333_452e-3;
    p = p * r + 4.166_579_6e-2;
    p = p * r + 0.166_666_65;
    p = p * r + 0.5;
    let power = shifted.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127) << 23;
    (p * r * r + r + 1.0) * f32::from_bits(power)
}

const LANES: usize = 16;

/// Scalar product, summed in a fixed order.
#[inline(always)]
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let (a_lanes, b_lanes) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest: f32 = a_lanes.remainder().iter().zip(b_lanes.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in a_lanes.zip(b_lanes) {
        for lane in 0..LANES {
            sums[lane] += x[lane] * y[lane];
        }
    }
    sums.iter().sum::<f32>() + rest
}

/// `into += weight · row`
#[inline(always)]
pub(crate) fn add_scaled(into: &mut [f32], weight: f32, row: &[f32]) {
    for (target, value) in into.iter_mut().zip(row) {
        *target += weight * value;
    }
}

/// Root-mean-square normalisation of each row of width `weight.len()`.
pub(crate) fn rms_norm(x: &[f32], weight: &[f32], epsilon: f32) -> Vec<f32> {
    let width = weight.len();
    let mut out = vec![0.0; x.len()];
    let arch = Arch::new();
    out.par_chunks_mut(width * ROWS_PER_TASK).zip(x.par_chunks(width * ROWS_PER_TASK)).for_each(|(out, x)| {
        arch.dispatch(|| {
            for (out, x) in out.chunks_exact_mut(width).zip(x.chunks_exact(width)) {
                let scale = 1.0 / (dot(x, x) / width as f32 + epsilon).sqrt();
                for ((out, x), weight) in out.iter_mut().zip(x).zip(weight) {
                    *out = x * scale * weight;
                }
            }
        });
    });
    out
}

/// The same for one row, in place.
#[inline(always)]
pub(crate) fn rms_norm_in_place(x: &mut [f32], weight: &[f32], epsilon: f32) {
    let scale = 1.0 / (dot(x, x) / x.len() as f32 + epsilon).sqrt();
    for (x, weight) in x.iter_mut().zip(weight) {
        *x *= scale * weight;
    }
}

/// Gated units: each row of `gate_up` holds `width` gates, then `width` values; the result is `activation(gate) · value`.
pub(crate) fn gated(gate_up: &[f32], width: usize, activation: Activation) -> Vec<f32> {
    match activation {
        Activation::Silu => gated_by(gate_up, width, silu),
        Activation::Gelu => gated_by(gate_up, width, gelu),
    }
}

#[inline(always)]
fn silu(x: f32) -> f32 {
    x / (1.0 + exp(-x))
}

/// x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))), where (1 + tanh y)/2 is the logistic function of 2y.
#[inline(always)]
fn gelu(x: f32) -> f32 {
    const TWICE_ROOT: f32 = 1.595_769;
    x / (1.0 + exp(-TWICE_ROOT * (x + 0.044_715 * x * x * x)))
}

fn gated_by(gate_up: &[f32], width: usize, activation: impl Fn(f32) -> f32 + Sync) -> Vec<f32> {
    let mut out = vec![0.0; gate_up.len() / 2];
    let arch = Arch::new();
    out.par_chunks_mut(width * ROWS_PER_TASK).zip(gate_up.par_chunks(2 * width * ROWS_PER_TASK)).for_each(
        |(out, gate_up)| {
            arch.dispatch(|| {
                for (out, row) in out.chunks_exact_mut(width).zip(gate_up.chunks_exact(2 * width)) {
                    let (gates, values) = row.split_at(width);
                    for ((out, gate), value) in out.iter_mut().zip(gates).zip(values) {
                        *out = activation(*gate) * value;
                    }
                }
            });
        },
    );
    out
}

/// `into += from`
pub(crate) fn add(into: &mut [f32], from: &[f32]) {
    let arch = Arch::new();
    const TASK: usize = 1 << 14;
    into.par_chunks_mut(TASK).zip(from.par_chunks(TASK)).for_each(|(into, from)| {
        arch.dispatch(|| add_scaled(into, 1.0, from));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_close_to_the_library_s() {
        let mut x = -86.0_f32;
        while x < 87.0 {
            let (ours, exact) = (exp(x), f64::from(x).exp());
            assert!((f64::from(ours) / exact - 1.0).abs() < 3e-7, "exp({x}) = {ours}, not {exact}");
            x += 0.037;
        }
        assert!(exp(-1000.0) < 1e-37);
        assert!(exp(f32::NEG_INFINITY) < 1e-37);
    }

    #[test]
    fn gates_are_those_of_the_formulas() {
        for x in [-3.0_f32, -0.5, 0.0, 0.7, 4.0] {
            let exact = f64::from(x);
            let tanh = ((2.0 / std::f64::consts::PI).sqrt() * (exact + 0.044_715 * exact.powi(3))).tanh();
            assert!((f64::from(gelu(x)) - 0.5 * exact * (1.0 + tanh)).abs() < 1e-5, "gelu({x})");
            assert!((f64::from(silu(x)) - exact / (1.0 + (-exact).exp())).abs() < 1e-5, "silu({x})");
        }
    }

    #[test]
    fn dot_takes_the_remainder_too() {
        let a: Vec<f32> = (0..37).map(|i| i as f32).collect();
        assert_eq!(dot(&a, &a), (0..37).map(|i| (i * i) as f32).sum::<f32>());
    }
}
