//! Which groups are held out, so that every domain has its share of eval, and which fold each is in.
//!
//! A group's chance to be in eval comes from its own rank, drawn from the seed and a text of it: what else is in the project hardly
//! matters, so that a project that grows keeps most of its eval. Single samples then fill each domain's share exactly.

use std::cmp::Reverse;

/// Samples of one group in the domains that it has samples of.
pub(super) struct Group {
    /// Drawn from the seed and the group's first text.
    pub(super) rank: u64,
    /// Domain and samples of it that may be held out, each domain once.
    pub(super) parts: Vec<(u32, u64)>,
}

impl Group {
    pub(super) fn size(&self) -> u64 {
        self.parts.iter().map(|(_, count)| count).sum()
    }
}

/// Groups of several samples and samples that stand alone.
#[derive(Default)]
pub(super) struct Pool {
    pub(super) groups: Vec<Group>,
    /// Rank and domain of each.
    pub(super) singles: Vec<(u64, u32)>,
    /// Samples that may be held out, by domain.
    pub(super) sizes: Vec<u64>,
}

impl Pool {
    /// The numbers of the single samples by domain, in the order of their ranks.
    fn ranked_singles(&self) -> Vec<Vec<u32>> {
        let mut by_domain: Vec<Vec<u32>> = vec![Vec::new(); self.sizes.len()];
        for (number, (_, domain)) in (0..).zip(&self.singles) {
            by_domain[*domain as usize].push(number);
        }
        for singles in &mut by_domain {
            // Singles come in canonical order, which decides between equal ranks.
            singles.sort_by_key(|number| self.singles[*number as usize].0);
        }
        by_domain
    }

    /// Groups from the largest, equal ones by rank.
    fn largest_first(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.groups.len()).collect();
        order.sort_by_key(|group| (Reverse(self.groups[*group].size()), self.groups[*group].rank));
        order
    }
}

/// What is held out, by place in the pool.
pub(super) struct HeldOut {
    pub(super) groups: Vec<bool>,
    pub(super) singles: Vec<bool>,
}

/// Looks over all groups at most, when improving.
const ROUNDS: usize = 8;

/// Holds out as many samples of each domain as `targets` says, as nearly as the groups let it.
pub(super) fn hold_out(pool: &Pool, targets: &[u64]) -> HeldOut {
    let singles = pool.ranked_singles();
    let mut state = State {
        pool,
        targets,
        singles: singles.iter().map(|singles| singles.len() as u64).collect(),
        held: vec![0; targets.len()],
        groups: vec![false; pool.groups.len()],
    };
    state.draw();
    state.improve();
    let mut held_out = HeldOut { groups: state.groups, singles: vec![false; pool.singles.len()] };
    for ((singles, target), held) in singles.iter().zip(targets).zip(&state.held) {
        for number in singles.iter().take(target.saturating_sub(*held) as usize) {
            held_out.singles[*number as usize] = true;
        }
    }
    held_out
}

struct State<'a> {
    pool: &'a Pool,
    targets: &'a [u64],
    /// Single samples by domain.
    singles: Vec<u64>,
    /// Held out with groups, by domain.
    held: Vec<u64>,
    groups: Vec<bool>,
}

impl State<'_> {
    /// Each group by its own rank.
    fn draw(&mut self) {
        let (all, wanted) = (self.pool.sizes.iter().sum::<u64>(), self.targets.iter().sum::<u64>());
        let mut order: Vec<usize> = (0..self.pool.groups.len()).collect();
        order.sort_by_key(|group| self.pool.groups[*group].rank);
        for group in order {
            // rank / 2⁶⁴ < wanted / all
            if u128::from(self.pool.groups[group].rank) * u128::from(all) >= u128::from(wanted) << 64 {
                break;
            }
            if self.gain(group) <= 0 {
                self.turn(group);
            }
        }
    }

    /// Takes and leaves groups as long as the domains come nearer to their shares. From the largest on: the smaller ones then fit
    /// into what is left.
    fn improve(&mut self) {
        let order = self.pool.largest_first();
        for _ in 0..ROUNDS {
            let mut improved = false;
            for group in &order {
                if self.gain(*group) < 0 {
                    self.turn(*group);
                    improved = true;
                }
            }
            if !improved {
                return;
            }
        }
    }

    /// How the sum of all squared distances from the shares changes when a group goes to the other side; what would leave a domain
    /// nothing in train never gains.
    fn gain(&self, group: usize) -> i128 {
        let back = self.groups[group];
        let mut gain = 0;
        for (domain, count) in &self.pool.groups[group].parts {
            let domain = *domain as usize;
            let held = self.held[domain];
            let then = if back { held - count } else { held + count };
            if !back && then >= self.pool.sizes[domain] {
                return i128::MAX;
            }
            gain += self.distance(domain, then) - self.distance(domain, held);
        }
        gain
    }

    /// Squared distance of a domain's eval from its share, after its single samples have filled what they can.
    fn distance(&self, domain: usize, held: u64) -> i128 {
        let (target, singles) = (self.targets[domain], self.singles[domain]);
        let off = if held > target { held - target } else { target.saturating_sub(singles + held) };
        i128::from(off) * i128::from(off)
    }

    fn turn(&mut self, group: usize) {
        let back = self.groups[group];
        self.groups[group] = !back;
        for (domain, count) in &self.pool.groups[group].parts {
            let held = &mut self.held[*domain as usize];
            *held = if back { *held - count } else { *held + count };
        }
    }
}

/// The fold of each group and of each single sample, so that every domain is spread evenly over `count` folds.
pub(super) fn folds(pool: &Pool, count: usize) -> (Vec<u32>, Vec<u32>) {
    let mut of_domain: Vec<Vec<u64>> = vec![vec![0; count]; pool.sizes.len()];
    let mut totals = vec![0_u64; count];
    let mut groups = vec![0; pool.groups.len()];
    for number in pool.largest_first() {
        let group = &pool.groups[number];
        // How much the squares of the domains' counts grow, relative to the domains' sizes (as in scikit-learn's split).
        let cost = |fold: usize| -> f64 {
            let grows = group.parts.iter().map(|(domain, count)| {
                let (held, size) = (of_domain[*domain as usize][fold], pool.sizes[*domain as usize].max(1));
                (2 * held * count + count * count) as f64 / size as f64
            });
            grows.sum()
        };
        let fold =
            (0..count).min_by(|a, b| cost(*a).total_cmp(&cost(*b)).then(totals[*a].cmp(&totals[*b]))).unwrap_or(0);
        groups[number] = fold as u32;
        totals[fold] += group.size();
        group.parts.iter().for_each(|(domain, count)| of_domain[*domain as usize][fold] += count);
    }
    let mut singles = vec![0; pool.singles.len()];
    for (domain, numbers) in pool.ranked_singles().into_iter().enumerate() {
        let held = &mut of_domain[domain];
        for number in numbers {
            let fold = (0..count).min_by_key(|fold| (held[*fold], totals[*fold])).unwrap_or(0);
            singles[number as usize] = fold as u32;
            held[fold] += 1;
            totals[fold] += 1;
        }
    }
    (groups, singles)
}
