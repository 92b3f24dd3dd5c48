//! A graphics processor, if the program was built for one (feature `cuda`).

use candle_core::Device;

/// A graphics processor that answers.
#[cfg_attr(not(feature = "cuda"), allow(dead_code))] // Only a program that was built for one finds one.
pub(crate) struct Graphics {
    pub(crate) device: Device,
    pub(crate) name: String,
    /// Bytes of its memory that nobody uses.
    pub(crate) free: u64,
}

/// The first graphics processor, or why there is none, in the driver's words. `None` in a program that was not built for one.
#[cfg(not(feature = "cuda"))]
pub(crate) fn find() -> Option<Result<Graphics, String>> {
    None
}

/// The first graphics processor, or why there is none, in the driver's words. `None` in a program that was not built for one.
#[cfg(feature = "cuda")]
pub(crate) fn find() -> Option<Result<Graphics, String>> {
    Some(first())
}

#[cfg(feature = "cuda")]
fn first() -> Result<Graphics, String> {
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    crate::driver::open()?;
    // One stream for all threads: what one thread has begun to load, another may use without waiting for it.
    let device = Device::new_cuda_with_stream(0).map_err(said)?;
    let context = device.as_cuda_device().map_err(said)?.cuda_stream().context().clone();
    let (free, _) = context.mem_get_info().map_err(said)?;
    let name = context.name().map_err(said)?;
    Ok(Graphics { device, name, free: free as u64 })
}

/// The first line of an error: what follows is for programmers.
#[cfg(feature = "cuda")]
fn said(error: impl std::fmt::Display) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}
