//! The widest arithmetic that this processor has.

/// Runs what is inlined into `work` compiled for the processor at hand: AVX2 where there is, else the least that the
/// target promises. Results are the same bit for bit; only loops over blocks become faster.
/// What is not inlined into `work` (itself `#[inline(always)]`) is compiled for the least.
#[inline(always)]
#[allow(clippy::inline_always)]
pub(crate) fn run<R>(work: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(work)
}
