//! A small random generator, the same on every machine.

/// SplitMix64.
#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    /// From a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// 64 random bits.
    pub const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`; zero for zero.
    pub const fn below(&mut self, n: u64) -> u64 {
        let bits = self.bits() as u128;
        ((bits * n as u128) >> 64) as u64
    }

    /// A number from `low` to `high`, both included.
    pub const fn range(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }

    /// True in `n` of `of` cases.
    pub const fn chance(&mut self, n: u64, of: u64) -> bool {
        self.below(of) < n
    }

    /// How often in a row a chance of `n` in `of` comes true, at most `most` times.
    pub fn streak(&mut self, n: u64, of: u64, most: u32) -> u32 {
        let mut count = 0;
        while count < most && self.chance(n, of) {
            count += 1;
        }
        count
    }

    /// A heavy-tailed number from one on: doubled on and on with a chance of 2 in 5, so that the
    /// share above x falls like x^-1.3.
    pub fn heavy(&mut self, doublings: u32) -> u64 {
        let scale = 1u64 << self.streak(2, 5, doublings);
        scale + self.below(scale)
    }
}
