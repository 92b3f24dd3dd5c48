//! The special functions that intervals and tests are made of.

/// Terms of a continued fraction or series: enough for parameters of 10⁹, where about √n terms are needed.
const TERMS: usize = 200_000;
const TINY: f64 = 1e-300;

/// ln Γ(x) for x > 0, within about 10⁻¹⁴ relative: Stirling's series after shifting x above 10.
pub(crate) fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut shift) = (x, 1.0);
    while x < 10.0 {
        shift *= x;
        x += 1.0;
    }
    let inverse = 1.0 / x;
    let square = inverse * inverse;
    // Bernoulli numbers B₂ₖ / (2k (2k − 1)).
    let series = inverse
        * (1.0 / 12.0
            + square
                * (-1.0 / 360.0
                    + square
                        * (1.0 / 1260.0
                            + square
                                * (-1.0 / 1680.0
                                    + square * (1.0 / 1188.0 + square * (-691.0 / 360_360.0 + square / 156.0))))));
    (x - 0.5) * x.ln() - x + 0.5 * std::f64::consts::TAU.ln() + series - shift.ln()
}

/// The regularised incomplete beta function I_x(a, b): the probability that a Beta(a, b) variable is below x. By the
/// continued fraction of Didonato and Morris (Numerical Recipes 6.4) with Lentz's method.
pub(crate) fn beta_cdf(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (-x).ln_1p()).exp();
    // The fraction converges fast on this side of the mean.
    if x < (a + 1.0) / (a + b + 2.0) {
        front * beta_fraction(x, a, b) / a
    } else {
        1.0 - front * beta_fraction(1.0 - x, b, a) / b
    }
}

fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    let away = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for m in 1..TERMS {
        let m = m as f64;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away(1.0 + even * d);
        c = away(1.0 + even / c);
        value *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away(1.0 + odd * d);
        c = away(1.0 + odd / c);
        let change = d * c;
        value *= change;
        if (change - 1.0).abs() < 1e-15 {
            break;
        }
    }
    value
}

/// The x with I_x(a, b) = `probability`, by bisection to the last bit.
pub(crate) fn beta_quantile(probability: f64, a: f64, b: f64) -> f64 {
    bisect(|x| beta_cdf(x, a, b) < probability, 0.0, 1.0)
}

/// The point of `low..high` where `below` turns from true to false.
fn bisect(below: impl Fn(f64) -> bool, mut low: f64, mut high: f64) -> f64 {
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high || high - low < 1e-15 * high {
            return middle;
        }
        if below(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// The complementary error function for any x, as the incomplete gamma function Q(1/2, x²).
pub(crate) fn erfc(x: f64) -> f64 {
    if x < 0.0 {
        return 2.0 - erfc(-x);
    }
    let square = x * x;
    if square < 1.5 {
        // Series of erf.
        let (mut term, mut sum) = (x, x);
        for n in 1..200 {
            term *= -square / n as f64;
            let part = term / (2 * n + 1) as f64;
            sum += part;
            if part.abs() < 1e-17 * sum.abs() {
                break;
            }
        }
        return 1.0 - sum * std::f64::consts::FRAC_2_SQRT_PI;
    }
    // Lentz's method on the continued fraction of Γ(1/2, x²).
    let mut b = square + 0.5;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut value = d;
    for n in 1..1000 {
        let a = -(n as f64) * (n as f64 - 0.5);
        b += 2.0;
        d = 1.0 / (a * d + b);
        c = b + a / c;
        let change = c * d;
        value *= change;
        if (change - 1.0).abs() < 1e-16 {
            break;
        }
    }
    (-square).exp() * x * value / std::f64::consts::PI.sqrt()
}

/// The probability that a chi-square variable with one degree of freedom is above x.
pub(crate) fn chi_square_tail(x: f64) -> f64 {
    erfc((0.5 * x.max(0.0)).sqrt())
}

/// The z below which a standard normal variable lies with this probability; infinite at 0 and 1.
pub fn normal_quantile(probability: f64) -> f64 {
    if probability.is_nan() {
        return f64::NAN;
    }
    if probability <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if probability >= 1.0 {
        return f64::INFINITY;
    }
    let cdf = |z: f64| 0.5 * erfc(-z * std::f64::consts::FRAC_1_SQRT_2);
    if probability > 0.5 {
        return -normal_quantile(1.0 - probability);
    }
    // Below the middle, where the distribution function loses no digits. Bisection is quick enough for a report.
    let (mut low, mut high) = (-40.0, 0.0);
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if cdf(middle) < probability {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gamma_of_small_and_large_numbers() {
        assert!(ln_gamma(1.0).abs() < 1e-14);
        assert!((ln_gamma(0.5) - std::f64::consts::PI.sqrt().ln()).abs() < 1e-14);
        let factorial: f64 = (1..=20).map(|n| f64::from(n).ln()).sum();
        assert!((ln_gamma(21.0) - factorial).abs() < 1e-12);
    }

    #[test]
    fn beta_is_symmetric_and_inverts() {
        for (a, b) in [(0.5, 0.5), (2.0, 30.0), (1000.0, 3.0), (5e5, 6e5)] {
            for p in [1e-6, 0.025, 0.5, 0.975] {
                let x = beta_quantile(p, a, b);
                assert!((beta_cdf(x, a, b) / p - 1.0).abs() < 1e-6, "a {a} b {b} p {p} x {x}");
                assert!((beta_cdf(x, a, b) + beta_cdf(1.0 - x, b, a) - 1.0).abs() < 1e-8);
            }
        }
    }
}
