//! Element-wise arithmetic that is compiled for several instruction sets and chosen at run time by `pulp`: call these
//! inside `Arch::dispatch`.

/// Independent sums, so that the loop fills the widest registers.
const LANES: usize = 32;

/// e^x within 2 units in the last place for x in [-87, 88], 0 below and clamped above: the polynomial of Cephes'
/// `expf`, written so that it vectorises.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    const ROUND: f32 = 12_582_912.0; // 1.5 · 2²³: adding it rounds to the nearest whole number
    let clamped = x.clamp(-87.0, 88.0);
    let shifted = clamped * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = clamped - n * 0.693_359_4 + n * 2.121_944_4e-4;
    let mut p = 1.987_569_1e-4;
    p = p * r + 1.398_199_9e-3;
    p = p * r + 8.333_452e-3;
    p = p * r + 4.166_579_6e-2;
    p = p * r + 0.166_666_65;
    p = p * r + 0.5;
    let power = shifted.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127) << 23;
    let value = (p * r * r + r + 1.0) * f32::from_bits(power);
    if x < -87.0 { 0.0 } else { value }
}

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

/// Turns logits into probabilities in place and returns the logarithm of the sum of their exponentials.
#[inline(always)]
pub(crate) fn softmax(row: &mut [f32]) -> f32 {
    let top = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for value in row.iter_mut() {
        *value = exp(*value - top);
    }
    let mut sums = [0.0_f32; LANES];
    let lanes = row.chunks_exact(LANES);
    let rest: f32 = lanes.remainder().iter().sum();
    for chunk in lanes {
        for lane in 0..LANES {
            sums[lane] += chunk[lane];
        }
    }
    let total = sums.iter().sum::<f32>() + rest;
    let scale = 1.0 / total;
    for value in row.iter_mut() {
        *value *= scale;
    }
    top + total.ln()
}

/// The place of the largest value; the first of equals; `None` for an empty row.
#[inline]
pub(crate) fn largest(row: &[f32]) -> Option<usize> {
    let mut best: Option<(usize, f32)> = None;
    for (at, &value) in row.iter().enumerate() {
        if best.is_none_or(|(_, top)| value > top) {
            best = Some((at, value));
        }
    }
    best.map(|(at, _)| at)
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
        assert_eq!(exp(-1000.0), 0.0);
    }

    #[test]
    fn dot_takes_the_remainder_too() {
        let a: Vec<f32> = (0..77).map(|i| i as f32).collect();
        assert_eq!(dot(&a, &a), (0..77).map(|i| (i * i) as f32).sum::<f32>());
    }

    #[test]
    fn softmax_of_absent_classes() {
        let mut row = vec![1.0, -1.0e30, 1.0];
        assert!((softmax(&mut row) - (1.0 + 2.0_f32.ln())).abs() < 1e-6);
        assert_eq!(row, [0.5, 0.0, 0.5]);
    }
}
