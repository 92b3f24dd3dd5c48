//! NVIDIA's driver, opened when it is first asked for: a program that was built for a graphics processor starts on a machine that
//! has none.
//!
//! Candle's CUDA crates name the driver's functions as if its library were linked. Here each name is a jump through a table, which is
//! filled from the library when that can be opened, and so the linker finds nothing left for which the program would need it.
#![allow(unsafe_code)] // Jumps to functions of a library opened at run time can't be said otherwise.

use std::error::Error;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicPtr, Ordering};

use libloading::os::unix::{Library, RTLD_LAZY, RTLD_LOCAL};

/// The library as the driver installs it.
const LIBRARY: &str = "libcuda.so.1";

/// CUDA's code for what is called before the driver is there, or not known to the one that is.
const NOT_FOUND: u32 = 500;

/// What the driver does not have.
extern "C" fn missing() -> u32 {
    NOT_FOUND
}

/// Defines a jump for each name, and the table of their targets.
macro_rules! jumps {
    ($($name:ident)*) => {
        const NAMES: &[&str] = &[$(stringify!($name)),*];

        static TARGETS: [AtomicPtr<()>; NAMES.len()] = [const { AtomicPtr::new(missing as *mut ()) }; NAMES.len()];

        std::arch::global_asm!(
            ".section .text.driver_jumps, \"ax\", @progbits",
            ".set driver_target, 0",
            $(
                concat!(".globl ", stringify!($name)),
                concat!(".hidden ", stringify!($name)),
                concat!(".type ", stringify!($name), ", @function"),
                concat!(stringify!($name), ":"),
                "jmp *{targets} + driver_target(%rip)",
                ".set driver_target, driver_target + 8",
            )*
            ".text",
            targets = sym TARGETS,
            options(att_syntax),
        );
    };
}

// All functions that cudarc's own wrappers call.
jumps! {
    cuCtxCreate_v3 cuCtxCreate_v4 cuCtxDestroy_v2 cuCtxGetCacheConfig cuCtxGetCurrent cuCtxGetLimit
    cuCtxGetStreamPriorityRange cuCtxSetCacheConfig cuCtxSetCurrent cuCtxSetFlags cuCtxSetLimit cuCtxSynchronize
    cuDestroyExternalMemory cuDeviceGet cuDeviceGetAttribute cuDeviceGetCount cuDeviceGetDefaultMemPool
    cuDeviceGetMemPool cuDeviceGetName cuDeviceGetUuid cuDeviceGetUuid_v2 cuDevicePrimaryCtxRelease_v2
    cuDevicePrimaryCtxRetain cuDeviceSetMemPool cuDeviceTotalMem_v2 cuEventCreate cuEventDestroy_v2 cuEventElapsedTime
    cuEventElapsedTime_v2 cuEventQuery cuEventRecord cuEventSynchronize cuExternalMemoryGetMappedBuffer
    cuFuncGetAttribute cuFuncSetAttribute cuFuncSetCacheConfig cuGetErrorName cuGetErrorString cuGraphClone
    cuGraphDestroy cuGraphExecDestroy cuGraphInstantiate cuGraphInstantiateWithFlags cuGraphLaunch cuGraphUpload
    cuImportExternalMemory cuInit cuLaunchCooperativeKernel cuLaunchHostFunc cuLaunchKernel cuMemAdvise_v2
    cuMemAllocAsync cuMemAllocFromPoolAsync cuMemAllocManaged cuMemAlloc_v2 cuMemFreeAsync cuMemFreeHost cuMemFree_v2
    cuMemGetInfo_v2 cuMemHostAlloc cuMemPoolCreate cuMemPoolDestroy cuMemPoolGetAttribute cuMemPoolSetAttribute
    cuMemPoolTrimTo cuMemPrefetchAsync_v2 cuMemcpyDtoDAsync_v2 cuMemcpyDtoD_v2 cuMemcpyDtoHAsync_v2 cuMemcpyDtoH_v2
    cuMemcpyHtoDAsync_v2 cuMemcpyHtoD_v2 cuMemcpyPeerAsync cuMemsetD8Async cuMemsetD8_v2 cuModuleGetFunction
    cuModuleGetGlobal_v2 cuModuleLoad cuModuleLoadData cuModuleUnload cuOccupancyAvailableDynamicSMemPerBlock
    cuOccupancyMaxActiveBlocksPerMultiprocessor cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags
    cuOccupancyMaxActiveClusters cuOccupancyMaxPotentialBlockSize cuOccupancyMaxPotentialBlockSizeWithFlags
    cuOccupancyMaxPotentialClusterSize cuProfilerStart cuProfilerStop cuStreamAttachMemAsync cuStreamBeginCapture_v2
    cuStreamCreate cuStreamCreateWithPriority cuStreamDestroy_v2 cuStreamEndCapture cuStreamIsCapturing
    cuStreamSynchronize cuStreamWaitEvent
}

/// Opens the driver's library, once.
///
/// # Errors
/// What the system says of a library that can't be opened.
pub(crate) fn open() -> Result<(), String> {
    static OPENED: OnceLock<Result<Library, String>> = OnceLock::new();
    OPENED.get_or_init(fill).as_ref().map(|_| ()).map_err(Clone::clone)
}

fn fill() -> Result<Library, String> {
    // SAFETY: the driver's library may be opened by any program; its initialisers need nothing of ours.
    let library = unsafe { Library::open(Some(LIBRARY), RTLD_LAZY | RTLD_LOCAL) }
        .map_err(|error| error.source().map_or_else(|| error.to_string(), ToString::to_string))?;
    for (name, target) in NAMES.iter().zip(&TARGETS) {
        // SAFETY: the address is only jumped to, by callers who declare the function of that name.
        if let Ok(function) = unsafe { library.get::<*mut ()>(name.as_bytes()) } {
            target.store(function.into_raw().cast(), Ordering::Release);
        }
    }
    Ok(library)
}
