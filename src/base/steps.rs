//! How many steps were taken, so that tests can tell how work grows with its input without a clock. Counted in debug builds alone, by
//! thread; elsewhere it costs nothing.

#[cfg(all(debug_assertions, not(target_arch = "wasm32")))]
thread_local! {
    static TAKEN: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// Counts one.
#[inline(always)]
pub fn step() {
    #[cfg(all(debug_assertions, not(target_arch = "wasm32")))]
    TAKEN.with(|taken| taken.set(taken.get() + 1));
}

/// How many this thread has counted; always none where they are not counted.
#[cfg(not(target_arch = "wasm32"))]
pub fn taken() -> u64 {
    #[cfg(debug_assertions)]
    return TAKEN.with(std::cell::Cell::get);
    #[cfg(not(debug_assertions))]
    0
}
