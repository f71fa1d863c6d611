//! Clusters of a row of t values.

use serde::{Deserialize, Serialize};

/// A run of neighbouring seconds of one measure in which t lies beyond the threshold on one side.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Cluster {
    /// Place of the measure in the tested table.
    pub measure: usize,
    /// First second, counted from 0.
    pub from_second: usize,
    /// Second after the last one. The test says that there is a difference somewhere, not that it begins and ends
    /// just here.
    pub to_second: usize,
    /// Sum of t over its seconds: positive where the first group, or the first of two stimuli, is higher.
    pub mass: f64,
    /// How often chance alone gives a cluster as heavy anywhere in the curves that were tested together; 1 until it
    /// is known.
    pub p: f64,
}

/// Calls `found(measure, from, to, mass)` for every cluster. NaN belongs to none.
fn each(t: &[f64], seconds: usize, thresholds: &[f64], mut found: impl FnMut(usize, usize, usize, f64)) {
    for (measure, row) in t.chunks_exact(seconds).enumerate() {
        let (mut from, mut mass) = (0, 0.0);
        for (second, (&t, &threshold)) in row.iter().zip(thresholds).enumerate() {
            let joins = t.abs() > threshold;
            if mass != 0.0 && (!joins || (t > 0.0) != (mass > 0.0)) {
                found(measure, from, second, mass);
                mass = 0.0;
            }
            if joins {
                if mass == 0.0 {
                    from = second;
                }
                mass += t;
            }
        }
        if mass != 0.0 {
            found(measure, from, seconds, mass);
        }
    }
}

/// All clusters, their p not known yet.
pub(super) fn clusters(t: &[f64], seconds: usize, thresholds: &[f64]) -> Vec<Cluster> {
    let mut all = Vec::new();
    each(t, seconds, thresholds, |measure, from_second, to_second, mass| {
        all.push(Cluster { measure, from_second, to_second, mass, p: 1.0 });
    });
    all
}

/// The largest |mass|; 0 without a cluster.
pub(super) fn largest_mass(t: &[f64], seconds: usize, thresholds: &[f64]) -> f64 {
    let mut largest = 0.0f64;
    each(t, seconds, thresholds, |_, _, _, mass| largest = largest.max(mass.abs()));
    largest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_gaps_and_rows_part_clusters() {
        let nan = f64::NAN;
        let t = [3.0, 4.0, -3.0, 1.0, 5.0, nan, 2.5, 2.0, 2.0, 9.0, 9.0, 9.0];
        let found = clusters(&t, 6, &[2.0; 6]);
        let ranges: Vec<_> = found.iter().map(|c| (c.measure, c.from_second, c.to_second, c.mass)).collect();
        // The last row's 2.0 is not above the threshold; nothing runs on from one measure into the next.
        assert_eq!(
            ranges,
            [(0, 0, 2, 7.0), (0, 2, 3, -3.0), (0, 4, 5, 5.0), (1, 0, 1, 2.5), (1, 3, 6, 27.0)]
        );
        assert_eq!(largest_mass(&t, 6, &[2.0; 6]), 27.0);
        assert_eq!(largest_mass(&t, 6, &[f64::INFINITY; 6]), 0.0);
    }
}
