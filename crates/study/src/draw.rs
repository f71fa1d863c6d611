//! Seeded draws that anybody can repeat: SplitMix64, started by a SHA-256.
//!
//! A draw has a label, for example `order:7:P017`. The generator's state is the first eight bytes of the label's
//! SHA-256 as a big-endian number; each next number is SplitMix64 (Steele, Lea & Flood 2014). `below(n)` takes
//! numbers until one is under the largest multiple of n, and gives its remainder. `tests/draws/draws.py` is the same in Python.

use sha2::{Digest, Sha256};

/// A stream of numbers that its label decides.
#[derive(Debug, Clone)]
pub struct Draw {
    state: u64,
}

impl Draw {
    /// The stream of this label.
    pub fn new(label: &str) -> Self {
        let hash: [u8; 32] = Sha256::digest(label.as_bytes()).into();
        let mut state = 0;
        for byte in &hash[..8] {
            state = state << 8 | u64::from(*byte);
        }
        Self { state }
    }

    /// The next number of SplitMix64.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    /// A number from 0 to `n` - 1, each equally likely; 0 for `n` = 0.
    pub fn below(&mut self, n: u64) -> u64 {
        if n == 0 {
            return 0;
        }
        let limit = u64::MAX - u64::MAX % n;
        loop {
            let number = self.next_u64();
            if number < limit {
                return number % n;
            }
        }
    }

    /// Shuffle in place (Fisher and Yates, from the last entry to the second).
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            let other = self.below(last as u64 + 1) as usize;
            list.swap(last, other);
        }
    }
}
