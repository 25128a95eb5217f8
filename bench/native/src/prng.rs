//! Mulberry32, step for step as the JavaScript workloads draw from it, so that both make the same documents.

/// A generator; the same seed gives the same numbers as in JavaScript.
pub struct Prng(u32);

impl Prng {
    pub fn new(seed: u32) -> Self {
        Self(seed)
    }

    /// A number from 0 up to, not including, 1.
    pub fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x6d2b_79f5);
        let t = self.0;
        let mut x = (t ^ (t >> 15)).wrapping_mul(1 | t);
        x ^= x.wrapping_add((x ^ (x >> 7)).wrapping_mul(61 | x));
        f64::from(x ^ (x >> 14)) / 4_294_967_296.0
    }

    /// A whole number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.unit() * n as f64).floor() as usize
    }

    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// `count` of the list, each at most once, in random order.
    pub fn sample<T: Clone>(&mut self, list: &[T], count: usize) -> Vec<T> {
        let mut drawn = list.to_vec();
        for at in 0..count {
            let other = at + self.below(drawn.len() - at);
            drawn.swap(at, other);
        }
        drawn.truncate(count);
        drawn
    }
}
