//! Numbers between -1 and 1 in 16 bits: IEEE half precision of 1024 times the number. The factor keeps small
//! components out of the subnormal range (which is rounded to zero), so that decoding is a shift and a product.

/// What is stored is this many times the number.
const SCALE: f32 = 1024.0;
/// 2^112 moves the exponent of a half float to that of an `f32`; the factor above is taken out again.
const UNSCALE: f32 = f32::from_bits((112 - 10 + 127) << 23);

/// Queries are multiplied by this before [`dot`], so that no product becomes subnormal (which is slow) …
pub(super) const QUERY_SCALE: f32 = f32::from_bits((64 + 127) << 23);
/// … and the sum by this afterwards.
pub(super) const SUM_SCALE: f32 = f32::from_bits((112 - 10 - 64 + 127) << 23);

const LARGEST: u32 = (65_504.0_f32).to_bits();
/// 2⁻¹⁴, the smallest normal half float.
const SMALLEST: u32 = (1.0_f32 / 16_384.0).to_bits();

/// Rounds to the nearest, ties to even.
pub(super) fn encode(value: f32) -> u16 {
    let bits = (value * SCALE).to_bits();
    let sign = (bits >> 16) & 0x8000;
    let magnitude = (bits & 0x7fff_ffff).min(LARGEST);
    let rounded = magnitude + 0x0fff + ((magnitude >> 13) & 1);
    let half = if rounded < SMALLEST { 0 } else { (rounded >> 13) - (112 << 10) };
    (sign | half) as u16
}

/// The bits of the number times 2^-102.
#[inline(always)]
fn unscaled(bits: u16) -> f32 {
    let bits = u32::from(bits);
    f32::from_bits(((bits & 0x8000) << 16) | ((bits & 0x7fff) << 13))
}

#[inline(always)]
pub(super) fn decode(bits: u16) -> f32 {
    unscaled(bits) * UNSCALE
}

/// Scalar product of a query (times [`QUERY_SCALE`]) with a stored vector; to be multiplied by [`SUM_SCALE`].
#[inline(always)]
pub(super) fn dot(query: &[f32], stored: &[u16]) -> f32 {
    const LANES: usize = 32;
    let mut sums = [0.0_f32; LANES];
    let (a_lanes, b_lanes) = (query.chunks_exact(LANES), stored.chunks_exact(LANES));
    let rest: f32 = a_lanes.remainder().iter().zip(b_lanes.remainder()).map(|(x, &y)| x * unscaled(y)).sum();
    for (x, y) in a_lanes.zip(b_lanes) {
        for lane in 0..LANES {
            sums[lane] += x[lane] * unscaled(y[lane]);
        }
    }
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stored_number_comes_back() {
        for bits in 0..=u16::MAX {
            let (exponent, zero) = (bits & 0x7c00, bits & 0x7fff == 0);
            if (exponent != 0 || zero) && exponent != 0x7c00 {
                assert_eq!(encode(decode(bits)), bits);
            }
        }
    }

    #[test]
    fn rounding_is_small() {
        for step in -20_000..=20_000 {
            let value = step as f32 / 20_000.0;
            let back = decode(encode(value));
            assert!((back - value).abs() <= value.abs() / 2048.0 + 6e-8, "{value} became {back}");
        }
        assert_eq!(decode(encode(1.0)), 1.0);
        assert_eq!(decode(encode(1e-9)), 0.0);
    }

    #[test]
    fn dot_is_that_of_the_decoded() {
        let a: Vec<f32> = (0..77).map(|i| ((i * 37 % 101) as f32 - 50.0) / 60.0).collect();
        let b: Vec<u16> = (0..77).map(|i| encode(((i * 53 % 97) as f32 - 48.0) / 50.0)).collect();
        let exact: f64 = a.iter().zip(&b).map(|(&x, &y)| f64::from(x) * f64::from(decode(y))).sum();
        let scaled: Vec<f32> = a.iter().map(|value| value * QUERY_SCALE).collect();
        assert!((f64::from(dot(&scaled, &b) * SUM_SCALE) - exact).abs() < 1e-5);
    }
}
