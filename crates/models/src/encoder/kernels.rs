//! The encoder's element-wise arithmetic. Compiled for several instruction sets and chosen at run time, as in
//! [`crate::kernels`].

use pulp::Arch;
use rayon::prelude::*;

use crate::encoder::shape::Activation;
use crate::kernels::{dot, exp};

/// Rows that one task works on.
const ROWS_PER_TASK: usize = 16;

/// The error function, at most 4e-7 off: the quotient of two polynomials with the coefficients that Eigen uses
/// (`generic_fast_erf_float`); beyond ±4 it is ±1 within 2e-8.
#[inline(always)]
fn erf(x: f32) -> f32 {
    let x = x.clamp(-4.0, 4.0);
    let square = x * x;
    let mut p = -2.726_142_3e-10;
    p = p * square + 2.770_681_3e-8;
    p = p * square - 2.101_024e-6;
    p = p * square - 5.692_506_4e-5;
    p = p * square - 7.349_906_3e-4;
    p = p * square - 2.954_6e-3;
    p = p * square - 1.609_603_3e-2;
    let mut q = -1.456_607_2e-5;
    q = q * square - 2.133_740_6e-4;
    q = q * square - 1.682_827e-3;
    q = q * square - 7.373_329e-3;
    q = q * square - 1.426_473_9e-2;
    x * p / q
}

#[inline(always)]
fn gelu(x: f32) -> f32 {
    0.5 * x * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2))
}

/// `0.5 · x · (1 + tanh(√(2/π) · (x + 0.044715 · x³)))`, written with `1 + tanh(z) = 2 / (1 + e^(-2z))`.
#[inline(always)]
fn gelu_tanh(x: f32) -> f32 {
    let twice = 2.0 * 0.797_884_6 * (x + 0.044_715 * x * x * x);
    x / (1.0 + exp(-twice))
}

#[inline(always)]
fn mapped(out: &mut [f32], x: &[f32], bias: &[f32], function: impl Fn(f32) -> f32) {
    let width = bias.len();
    for (out, x) in out.chunks_exact_mut(width).zip(x.chunks_exact(width)) {
        for ((out, x), bias) in out.iter_mut().zip(x).zip(bias) {
            *out = function(x + bias);
        }
    }
}

/// The activation of `x + bias`, in rows of width `bias.len()`.
pub(crate) fn activate(x: &[f32], bias: &[f32], activation: Activation) -> Vec<f32> {
    let task = bias.len() * ROWS_PER_TASK;
    let mut out = vec![0.0; x.len()];
    let arch = Arch::new();
    out.par_chunks_mut(task).zip(x.par_chunks(task)).for_each(|(out, x)| match activation {
        Activation::Gelu => arch.dispatch(|| mapped(out, x, bias, gelu)),
        Activation::GeluTanh => arch.dispatch(|| mapped(out, x, bias, gelu_tanh)),
        Activation::Relu => arch.dispatch(|| mapped(out, x, bias, |x| x.max(0.0))),
    });
    out
}

/// Gain, shift and guard against zero of a layer norm.
pub(crate) struct Norm {
    /// Multiplies each normalised number.
    pub(crate) gain: Vec<f32>,
    /// Is added to it.
    pub(crate) shift: Vec<f32>,
    /// Is added to the variance.
    pub(crate) epsilon: f32,
}

impl Norm {
    /// `(row - mean) / √(variance + ε) · gain + shift`
    #[inline(always)]
    fn apply(&self, row: &mut [f32]) {
        const LANES: usize = 16;
        let width = row.len() as f32;
        let mut sums = [0.0_f32; LANES];
        let lanes = row.chunks_exact(LANES);
        let rest: f32 = lanes.remainder().iter().sum();
        for chunk in lanes {
            for lane in 0..LANES {
                sums[lane] += chunk[lane];
            }
        }
        let mean = (sums.iter().sum::<f32>() + rest) / width;
        for value in row.iter_mut() {
            *value -= mean;
        }
        let scale = 1.0 / (dot(row, row) / width + self.epsilon).sqrt();
        for ((value, gain), shift) in row.iter_mut().zip(&self.gain).zip(&self.shift) {
            *value = *value * scale * gain + shift;
        }
    }
}

/// The layer norm of `x + bias + residual`, row by row.
pub(crate) fn add_norm(x: &[f32], bias: &[f32], residual: &[f32], norm: &Norm) -> Vec<f32> {
    let width = bias.len();
    let task = width * ROWS_PER_TASK;
    let mut out = vec![0.0; x.len()];
    let arch = Arch::new();
    out.par_chunks_mut(task).zip(x.par_chunks(task)).zip(residual.par_chunks(task)).for_each(|((out, x), residual)| {
        arch.dispatch(|| {
            let rows = out.chunks_exact_mut(width).zip(x.chunks_exact(width)).zip(residual.chunks_exact(width));
            for ((out, x), residual) in rows {
                for (((out, x), bias), residual) in out.iter_mut().zip(x).zip(bias).zip(residual) {
                    *out = x + bias + residual;
                }
                norm.apply(out);
            }
        });
    });
    out
}

/// The layer norm of each row, in place.
pub(crate) fn normalise(rows: &mut [f32], norm: &Norm) {
    let width = norm.gain.len();
    let arch = Arch::new();
    rows.par_chunks_mut(width * ROWS_PER_TASK).for_each(|rows| {
        arch.dispatch(|| rows.chunks_exact_mut(width).for_each(|row| norm.apply(row)));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The error function by its Taylor series, with 64 bits.
    fn exact_erf(x: f64) -> f64 {
        let (mut term, mut sum) = (x, x);
        for n in 1..200 {
            let n = f64::from(n);
            term *= -x * x / n;
            sum += term / (2.0 * n + 1.0);
        }
        sum * 2.0 / std::f64::consts::PI.sqrt()
    }

    #[test]
    fn erf_and_gelu_are_close_to_the_exact_ones() {
        let mut x = -4.5_f32;
        while x < 4.5 {
            let exact = exact_erf(f64::from(x));
            assert!((f64::from(erf(x)) - exact).abs() < 4e-7, "erf({x}) = {}, not {exact}", erf(x));
            let exact = 0.5 * f64::from(x) * (1.0 + exact_erf(f64::from(x) / 2.0_f64.sqrt()));
            assert!((f64::from(gelu(x)) - exact).abs() < 1e-6, "gelu({x}) = {}, not {exact}", gelu(x));
            assert!((f64::from(gelu_tanh(x)) - exact).abs() < 1e-3, "gelu_tanh({x}) = {}", gelu_tanh(x));
            x += 0.013;
        }
        assert!((gelu(50.0) - 50.0).abs() < 1e-4 && gelu(-50.0).abs() < 1e-4);
    }

    #[test]
    fn the_layer_norm_has_mean_0_and_variance_1() {
        let norm = Norm { gain: vec![1.0; 37], shift: vec![0.0; 37], epsilon: 1e-12 };
        let x: Vec<f32> = (0..74).map(|i| (i * i % 31) as f32).collect();
        let out = add_norm(&x, &[1.5; 37], &x, &norm);
        for row in out.chunks_exact(37) {
            assert!(row.iter().sum::<f32>().abs() < 1e-4);
            assert!((dot(row, row) / 37.0 - 1.0).abs() < 1e-5);
        }
        let mut doubled: Vec<f32> = x.iter().map(|x| x + 1.5 + x).collect();
        normalise(&mut doubled, &norm);
        assert_eq!(doubled, out);
    }
}
