//! How much memory a model may take.

use sysinfo::{MemoryRefreshKind, RefreshKind, System};

/// Bytes of memory that can be used without swapping, within the limits of the process's control group.
pub(crate) fn free_bytes() -> u64 {
    let system =
        System::new_with_specifics(RefreshKind::nothing().with_memory(MemoryRefreshKind::nothing().with_ram()));
    let machine = system.available_memory();
    match system.cgroup_limits() {
        Some(limits) => machine.min(limits.free_memory),
        None => machine,
    }
}

/// How the weights of a model are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// Dequantised once to 32 bits: the fastest.
    Full,
    /// As in the file; each layer is dequantised when it is its turn. The same answers, less memory, slower.
    Stored,
}

/// What is left for everything else when a model is loaded.
const RESERVE: u64 = 256 << 20;

/// Chooses how to keep a model whose weights take `full` or `stored` bytes and that works in `scratch` bytes, when `free`
/// bytes are free. `Err` has the bytes needed at least.
pub(crate) fn choose_precision(full: u64, stored: u64, scratch: u64, free: u64) -> Result<Precision, u64> {
    let usable = free.saturating_sub(RESERVE);
    // Full precision may take most of the memory, but not what the rest of the machine will soon want.
    if full.saturating_add(scratch) <= usable / 4 * 3 {
        return Ok(Precision::Full);
    }
    let needed = stored.saturating_add(scratch);
    if needed <= usable { Ok(Precision::Stored) } else { Err(needed.saturating_add(RESERVE)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIB: u64 = 1 << 30;

    #[test]
    fn takes_the_fastest_that_fits() {
        assert_eq!(choose_precision(2 * GIB, GIB / 2, GIB / 8, 8 * GIB), Ok(Precision::Full));
        assert_eq!(choose_precision(28 * GIB, 4 * GIB, GIB, 8 * GIB), Ok(Precision::Stored));
    }

    #[test]
    fn refuses_with_the_number_of_bytes() {
        assert_eq!(choose_precision(28 * GIB, 8 * GIB, GIB, 4 * GIB), Err(9 * GIB + RESERVE));
        assert!(choose_precision(u64::MAX, u64::MAX, 1, GIB).is_err());
    }

    #[test]
    fn reads_the_machine() {
        assert!(free_bytes() > 0);
    }
}
