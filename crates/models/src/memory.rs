//! How much memory a model may take.

use sysinfo::{MemoryRefreshKind, RefreshKind, System};

/// Bytes of memory that can be used without swapping, within the limits of the process and of its control group.
pub(crate) fn free_bytes() -> u64 {
    let system =
        System::new_with_specifics(RefreshKind::nothing().with_memory(MemoryRefreshKind::nothing().with_ram()));
    let machine = system.available_memory();
    let root = system.cgroup_limits().map(|limits| limits.free_memory);
    [root, limits::of_groups(), limits::of_process()].into_iter().flatten().fold(machine, u64::min)
}

#[cfg(target_os = "linux")]
mod limits {
    //! What Linux allows this process; beyond it an allocation fails or the process is killed.

    use std::fs::read_to_string;
    use std::path::Path;

    use rustix::param::page_size;
    use rustix::process::{Resource, getrlimit};

    /// Where control groups are mounted.
    const GROUPS: &str = "/sys/fs/cgroup";

    /// What is left of the address space that the process may have (`ulimit -v`); `None`: it may have any.
    pub(super) fn of_process() -> Option<u64> {
        let limit = getrlimit(Resource::As).current?;
        let pages: u64 = read_to_string("/proc/self/statm").ok()?.split_whitespace().next()?.parse().ok()?;
        Some(limit.saturating_sub(pages.saturating_mul(page_size() as u64)))
    }

    /// What is left of the least limit of the process's control group and those above it; `None`: there is none.
    pub(super) fn of_groups() -> Option<u64> {
        let groups = read_to_string("/proc/self/cgroup").ok()?;
        groups.lines().filter_map(|line| of_line(Path::new(GROUPS), line)).min()
    }

    /// The same by a line of `/proc/self/cgroup`: `0::/path` (version 2) or `5:memory:/path` (version 1).
    pub(super) fn of_line(mounted: &Path, line: &str) -> Option<u64> {
        let mut parts = line.splitn(3, ':').skip(1);
        let (controllers, path) = (parts.next()?, parts.next()?.trim_start_matches('/'));
        let (root, limit, usage) = match controllers {
            "" => (mounted.to_owned(), "memory.max", "memory.current"),
            _ if controllers.split(',').any(|name| name == "memory") => {
                (mounted.join("memory"), "memory.limit_in_bytes", "memory.usage_in_bytes")
            }
            _ => return None,
        };
        let own = root.join(path);
        own.ancestors().take_while(|group| group.starts_with(&root)).filter_map(|group| left(group, limit, usage)).min()
    }

    /// A group's limit less what it uses; what it keeps of files alone counts as free, for it is given up when needed.
    fn left(group: &Path, limit: &str, usage: &str) -> Option<u64> {
        let number = |name: &str| read_to_string(group.join(name)).ok()?.trim().parse::<u64>().ok();
        let limit = number(limit)?;
        let stat = read_to_string(group.join("memory.stat")).unwrap_or_default();
        let files = stat.lines().find_map(|line| line.strip_prefix("inactive_file ")?.trim().parse::<u64>().ok());
        Some(limit.saturating_sub(number(usage)?.saturating_sub(files.unwrap_or(0))))
    }
}

#[cfg(not(target_os = "linux"))]
mod limits {
    //! Other systems' limits are in what they call free.

    pub(super) fn of_process() -> Option<u64> {
        None
    }

    pub(super) fn of_groups() -> Option<u64> {
        None
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

    #[cfg(target_os = "linux")]
    #[test]
    fn the_least_limit_of_the_groups_counts() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let write = |group: &str, files: &[(&str, &str)]| -> std::io::Result<()> {
            let group = folder.path().join(group);
            std::fs::create_dir_all(&group)?;
            files.iter().try_for_each(|(name, text)| std::fs::write(group.join(name), text))
        };
        let stat = ("memory.stat", "anon 1\ninactive_file 300\n");
        write("user/app", &[("memory.max", "max\n"), ("memory.current", "900\n")])?;
        write("user", &[("memory.max", "2000\n"), ("memory.current", "1000\n"), stat])?;
        write("memory/old", &[("memory.limit_in_bytes", "500\n"), ("memory.usage_in_bytes", "600\n")])?;
        let left = |line: &str| limits::of_line(folder.path(), line);
        assert_eq!(left("0::/user/app"), Some(1300), "the group above has a limit, and gives up files");
        assert_eq!(left("5:cpu,memory:/old"), Some(0));
        assert_eq!((left("4:cpu:/user"), left("0::/other"), left("nonsense")), (None, None, None));
        Ok(())
    }
}
