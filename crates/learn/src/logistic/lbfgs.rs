//! The search for a minimum: limited-memory BFGS (Nocedal and Wright, "Numerical Optimization", algorithms 7.4 and 7.5)
//! with a line search for the strong Wolfe conditions (3.5 and 3.6).

use std::collections::VecDeque;

use super::LearnError;

/// Pairs of steps and changes of the gradient that stand for the curvature (as in scipy).
const MEMORY: usize = 10;
/// Share of the promised decrease that a step must bring.
const DECREASE: f64 = 1e-4;
/// Share of the slope that a step may leave.
const CURVATURE: f64 = 0.9;
/// What two values may differ by and still count as equal, relative to them: products are computed in `f32`.
const NOISE: f64 = 1e-6;
/// Evaluations of one line search.
const TRIES: usize = 25;

/// The function: fills in the gradient at the point and returns the value.
pub(super) type Function<'a> = &'a mut dyn FnMut(&[f64], &mut [f64]) -> Result<f64, LearnError>;

/// Where the search ended.
pub(super) struct Minimum {
    pub(super) point: Vec<f64>,
    pub(super) value: f64,
    pub(super) iterations: usize,
    pub(super) converged: bool,
}

/// A point, its value and gradient.
#[derive(Clone)]
struct Place {
    point: Vec<f64>,
    gradient: Vec<f64>,
    value: f64,
}

/// Searches from `point` until no component of the gradient exceeds `tolerance`.
pub(super) fn minimise(
    point: Vec<f64>,
    function: Function<'_>,
    tolerance: f64,
    max_iterations: usize,
) -> Result<Minimum, LearnError> {
    let mut gradient = vec![0.0; point.len()];
    let value = function(&point, &mut gradient)?;
    let mut here = Place { point, gradient, value };
    let mut curvature = Curvature::default();
    let mut iterations = 0;
    let mut converged = steepest(&here.gradient) <= tolerance;
    while !converged && iterations < max_iterations {
        let mut direction = curvature.direction(&here.gradient);
        if dot(&direction, &here.gradient) >= 0.0 {
            curvature.forget();
            direction = curvature.direction(&here.gradient);
        }
        let first = if curvature.is_empty() { 1.0 / dot(&here.gradient, &here.gradient).sqrt().max(1.0) } else { 1.0 };
        iterations += 1;
        match step(&here, &direction, first, function)? {
            Some(there) => {
                curvature.learn(&here, &there);
                here = there;
                converged = steepest(&here.gradient) <= tolerance;
            }
            // What was learnt about the curvature may be wrong; without any, there is nothing better in this arithmetic.
            None if curvature.is_empty() => break,
            None => curvature.forget(),
        }
    }
    Ok(Minimum { point: here.point, value: here.value, iterations, converged })
}

/// One end of the interval in which a good step lies.
#[derive(Clone, Copy)]
struct End {
    length: f64,
    value: f64,
    slope: f64,
}

/// A point along `direction` that satisfies the conditions, or at least lies lower; `None` when there is none.
fn step(from: &Place, direction: &[f64], first: f64, function: Function<'_>) -> Result<Option<Place>, LearnError> {
    let start = End { length: 0.0, value: from.value, slope: dot(&from.gradient, direction) };
    let slack = NOISE * from.value.abs();
    let (mut low, mut high): (End, Option<End>) = (start, None);
    let mut length = first;
    let mut best: Option<Place> = None;
    for _ in 0..TRIES {
        let there = evaluate(from, direction, length, function)?;
        let end = End { length, value: there.value, slope: dot(&there.gradient, direction) };
        let decreases = end.value <= start.value + DECREASE * length * start.slope
            // Near the minimum, differences of values are rounding errors; slopes still tell (Hager and Zhang, 2005).
            || (end.value <= start.value + slack && end.slope <= (2.0 * DECREASE - 1.0) * start.slope);
        if decreases && end.slope.abs() <= -CURVATURE * start.slope {
            return Ok(Some(there));
        }
        if !end.value.is_finite() || !decreases || (end.value >= low.value && low.length > 0.0) {
            high = Some(end);
        } else {
            if end.slope * (high.map_or(f64::INFINITY, |high| high.length) - low.length) >= 0.0 {
                high = Some(low);
            }
            low = end;
            best = Some(there);
        }
        length = match high {
            Some(high) => between(low, high),
            None => low.length * 4.0,
        };
    }
    Ok(best.filter(|best| best.value < from.value))
}

fn evaluate(from: &Place, direction: &[f64], length: f64, function: Function<'_>) -> Result<Place, LearnError> {
    let point: Vec<f64> = from.point.iter().zip(direction).map(|(x, d)| x + length * d).collect();
    let mut gradient = vec![0.0; point.len()];
    let value = function(&point, &mut gradient)?;
    Ok(Place { point, gradient, value })
}

/// The minimum of the cubic through both ends, kept away from them (Nocedal and Wright, 3.59).
fn between(a: End, b: End) -> f64 {
    let span = b.length - a.length;
    let middle = a.length + 0.5 * span;
    let d1 = a.slope + b.slope - 3.0 * (a.value - b.value) / (a.length - b.length);
    let square = d1 * d1 - a.slope * b.slope;
    if !(square.is_finite() && square >= 0.0) {
        return middle;
    }
    let d2 = span.signum() * square.sqrt();
    let cubic = b.length - span * (b.slope + d2 - d1) / (b.slope - a.slope + 2.0 * d2);
    let (least, most) = (a.length + 0.1 * span, a.length + 0.9 * span);
    if cubic.is_finite() { cubic.clamp(least.min(most), least.max(most)) } else { middle }
}

/// The last steps and what they did to the gradient.
#[derive(Default)]
struct Curvature {
    pairs: VecDeque<(Vec<f64>, Vec<f64>, f64)>,
}

impl Curvature {
    fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    fn forget(&mut self) {
        self.pairs.clear();
    }

    fn learn(&mut self, from: &Place, to: &Place) {
        let step: Vec<f64> = to.point.iter().zip(&from.point).map(|(a, b)| a - b).collect();
        let change: Vec<f64> = to.gradient.iter().zip(&from.gradient).map(|(a, b)| a - b).collect();
        let product = dot(&step, &change);
        if product > f64::EPSILON * dot(&change, &change) {
            if self.pairs.len() == MEMORY {
                self.pairs.pop_front();
            }
            self.pairs.push_back((step, change, 1.0 / product));
        }
    }

    /// Minus the inverse curvature times the gradient.
    fn direction(&self, gradient: &[f64]) -> Vec<f64> {
        let mut q: Vec<f64> = gradient.iter().map(|value| -value).collect();
        let mut alphas = Vec::with_capacity(self.pairs.len());
        for (step, change, rho) in self.pairs.iter().rev() {
            let alpha = rho * dot(step, &q);
            add_scaled(&mut q, -alpha, change);
            alphas.push(alpha);
        }
        if let Some((_, change, rho)) = self.pairs.back() {
            let scale = 1.0 / (rho * dot(change, change));
            q.iter_mut().for_each(|value| *value *= scale);
        }
        for ((step, change, rho), alpha) in self.pairs.iter().zip(alphas.into_iter().rev()) {
            let beta = rho * dot(change, &q);
            add_scaled(&mut q, alpha - beta, step);
        }
        q
    }
}

/// The largest component.
fn steepest(gradient: &[f64]) -> f64 {
    gradient.iter().fold(0.0, |most: f64, value| most.max(value.abs()))
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    // Eight sums, so that the compiler may use wide registers.
    let mut sums = [0.0; 8];
    let (a_lanes, b_lanes) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f64 = a_lanes.remainder().iter().zip(b_lanes.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in a_lanes.zip(b_lanes) {
        for lane in 0..8 {
            sums[lane] += x[lane] * y[lane];
        }
    }
    sums.iter().sum::<f64>() + rest
}

fn add_scaled(into: &mut [f64], scale: f64, values: &[f64]) {
    for (into, value) in into.iter_mut().zip(values) {
        *into += scale * value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rosenbrock(x: &[f64], gradient: &mut [f64]) -> f64 {
        gradient.fill(0.0);
        let mut value = 0.0;
        for i in 0..x.len() - 1 {
            let (a, b) = (x[i + 1] - x[i] * x[i], 1.0 - x[i]);
            value += 100.0 * a * a + b * b;
            gradient[i] += -400.0 * x[i] * a - 2.0 * b;
            gradient[i + 1] += 200.0 * a;
        }
        value
    }

    #[test]
    fn finds_the_bottom_of_a_bent_valley() {
        let start = vec![-1.2, 1.0, -1.2, 1.0, 0.3, 4.0];
        let found = minimise(start, &mut |x, g| Ok(rosenbrock(x, g)), 1e-9, 500).expect("never stopped");
        assert!(found.converged, "after {} steps at {}", found.iterations, found.value);
        assert!(found.point.iter().all(|x| (x - 1.0).abs() < 1e-7), "{:?}", found.point);
    }

    #[test]
    fn crosses_a_long_slope() {
        // The minimum is 10⁶ away and the first step is 1: the search must lengthen its steps.
        let found = minimise(
            vec![0.0],
            &mut |x, g| {
                g[0] = 1e-3 * (x[0] - 1e6);
                Ok(0.5e-3 * (x[0] - 1e6).powi(2))
            },
            1e-6,
            50,
        );
        assert!(found.is_ok_and(|found| found.converged && (found.point[0] - 1e6).abs() < 1e-2));
    }
}
