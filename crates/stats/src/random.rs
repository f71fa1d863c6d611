//! The one source of chance: seeded, so that a result can be computed again.

use crate::special::normal_quantile;

/// Generator xoshiro256++ (Blackman & Vigna 2021), its state filled by SplitMix64.
///
/// Every resample draws from a **stream** of its own, `Random::stream(seed, index)`. So resample 1,234 is the same
/// whether it is drawn alone, in one go or in slices, and on every machine. Not for secrets.
#[derive(Debug, Clone)]
pub struct Random {
    state: [u64; 4],
}

/// One step of SplitMix64: moves `state` on and returns its mix.
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

impl Random {
    /// The generator of one seed: stream 0.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self::stream(seed, 0)
    }

    /// The generator of stream `index` of `seed`.
    #[must_use]
    pub fn stream(seed: u64, index: u64) -> Self {
        // The seed is mixed before the index is added: neighbours in one are not neighbours in the other.
        let mut seed_state = seed;
        let mut state = split_mix(&mut seed_state) ^ index;
        Self { state: core::array::from_fn(|_| split_mix(&mut state)) }
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        let s = &mut self.state;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let shifted = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= shifted;
        s[3] = s[3].rotate_left(45);
        result
    }

    /// A whole number in 0..`end`, each equally likely (Lemire 2019). 0 if `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        let end = end as u64;
        if end == 0 {
            return 0;
        }
        let rejected_below = end.wrapping_neg() % end;
        loop {
            let product = u128::from(self.bits()) * u128::from(end);
            if product as u64 >= rejected_below {
                return (product >> 64) as usize;
            }
        }
    }

    /// A number of the open interval 0..1: the middle of one of 2^52 equal cells, so neither 0 nor 1.
    pub fn unit(&mut self) -> f64 {
        ((self.bits() >> 12) as f64 + 0.5) * (1.0 / (1u64 << 52) as f64)
    }

    /// A standard normal number, by the quantile of [`Random::unit`].
    pub fn normal(&mut self) -> f64 {
        normal_quantile(self.unit())
    }

    /// Puts a random subset of `size` of the values to the front of `values`, in random order.
    pub fn choose_front(&mut self, values: &mut [u32], size: usize) {
        let length = values.len();
        for place in 0..size.min(length) {
            let other = place + self.below(length - place);
            values.swap(place, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_the_published_sequence() {
        // The authors' generator (prng.di.unimi.it/xoshiro256plusplus.c) from the state 1, 2, 3, 4; SplitMix64 from
        // 1234567.
        let mut random = Random { state: [1, 2, 3, 4] };
        let expected =
            [41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386, 9_228_616_714_210_784_205];
        assert_eq!(core::array::from_fn(|_| random.bits()), expected);
        let mut state = 1_234_567;
        assert_eq!(
            [split_mix(&mut state), split_mix(&mut state)],
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]
        );
    }

    #[test]
    fn streams_differ_and_repeat() {
        let draw = |seed, index| Random::stream(seed, index).bits();
        assert_eq!(draw(7, 3), draw(7, 3));
        assert_ne!(draw(7, 3), draw(7, 4));
        assert_ne!(draw(7, 3), draw(8, 3));
        assert_ne!(draw(7, 8), draw(8, 7));
    }

    #[test]
    fn is_even_over_its_range() {
        let mut random = Random::new(1);
        let mut counts = [0u32; 6];
        for _ in 0..60_000 {
            counts[random.below(6)] += 1;
        }
        assert!(counts.iter().all(|&count| (9_600..10_400).contains(&count)), "{counts:?}");
        let normals: Vec<f64> = (0..40_000).map(|_| random.normal()).collect();
        let mean = normals.iter().sum::<f64>() / 40_000.0;
        let variance = normals.iter().map(|x| x * x).sum::<f64>() / 40_000.0;
        assert!(mean.abs() < 0.02 && (variance - 1.0).abs() < 0.03, "{mean} {variance}");
    }
}
