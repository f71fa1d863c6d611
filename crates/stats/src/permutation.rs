//! Permutation tests over a whole curve: clusters and max-T in one pass, resumable in slices.

mod clusters;
mod design;

use serde::{Deserialize, Serialize};

pub use clusters::Cluster;

use crate::error::{StatsError, at_least, open_share};
use crate::special::student_t_quantile;
use crate::table::PersonSeconds;
use clusters::{clusters, largest_mass};
use design::Design;

/// How a permutation test is made.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PermutationSettings {
    /// Number of random permutations; 5,000. If no more ways to permute exist than this, each is taken once instead:
    /// an exact test.
    pub permutations: usize,
    /// Two-sided level at which a second joins a cluster; 0.05. It decides how sensitive the test is to wide or to high
    /// differences, not how often it is wrong.
    pub forming_p: f64,
    /// Start of the random permutations.
    pub seed: u64,
}

impl Default for PermutationSettings {
    fn default() -> Self {
        Self { permutations: 5_000, forming_p: 0.05, seed: 1 }
    }
}

/// How far a test has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Permutations made.
    pub done: usize,
    /// Permutations to make.
    pub total: usize,
}

impl Progress {
    /// True when the result can be asked for.
    #[must_use]
    pub fn is_done(self) -> bool {
        self.done >= self.total
    }
}

/// The result of a [`PermutationTest`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PermutationResult {
    /// Permutations made.
    pub permutations: usize,
    /// True if these were all that exist: then p is their share, else (1 + as extreme ones) / (1 + permutations).
    pub exact: bool,
    /// Clusters of the panel, the heaviest first.
    pub clusters: Vec<Cluster>,
    /// `t[measure][second]`; `None` where a side has fewer than two people.
    pub t: Vec<Vec<Option<f64>>>,
    /// max-T: `p[measure][second]`, each already corrected for all seconds and measures of the test.
    pub max_t_p: Vec<Vec<Option<f64>>>,
}

/// A cluster test (Maris & Oostenveld 2007) and max-T (Nichols & Holmes 2002) of a difference over all seconds and
/// measures of a table. Select the measures that are shown first ([`PersonSeconds::select`]): the null distribution
/// is that of the largest value over time **and** measures, so that what is shown together is corrected together.
///
/// t is Welch's between groups, the one-sample t of the differences within people. A cluster is a run of seconds of
/// one measure and one sign with |t| above the two-sided quantile at `forming_p` with n(t) - 2 (groups) or n(t) - 1
/// degrees of freedom; its mass is the sum of its t. The studentised statistic keeps the level when spreads differ,
/// too (Chung & Romano 2013).
///
/// Call [`PermutationTest::advance`] until it is done; drop the test to cancel it. Permutation i is drawn from stream
/// i of the seed: the result does not depend on the slices. Cost: people x seconds x measures x permutations / 6,
/// twice for groups.
#[derive(Debug, Clone)]
pub struct PermutationTest {
    design: Design,
    measures: usize,
    seconds: usize,
    thresholds: Vec<f64>,
    observed: Vec<f64>,
    masses: Vec<f64>,
    max_t: Vec<f64>,
    total: usize,
    exact: bool,
    seed: u64,
}

/// Permutations that are summed at once.
const SLICE: usize = 256;

/// Values of equal permutations differ by rounding, since their sums differ in order: this much of the value, at most.
const TIE: f64 = 1e-9;

impl PermutationTest {
    /// Two groups of different people: `in_first[person]`. Labels are permuted.
    ///
    /// # Errors
    /// [`StatsError::Length`] if `in_first` has not one entry per person; [`StatsError::TooFew`] under two people in
    /// a group or without a permutation; [`StatsError::OutOfRange`] if `forming_p` is not between 0 and 1.
    pub fn between_groups(
        table: &PersonSeconds,
        in_first: &[bool],
        settings: &PermutationSettings,
    ) -> Result<Self, StatsError> {
        Self::new(table, Design::groups(table, in_first)?, settings)
    }

    /// Two numbers of the same people, as a table of differences ([`PersonSeconds::minus`]). Signs are permuted,
    /// person by person.
    ///
    /// # Errors
    /// [`StatsError::TooFew`] under two people or without a permutation; [`StatsError::OutOfRange`] as above.
    pub fn within_people(
        differences: &PersonSeconds,
        settings: &PermutationSettings,
    ) -> Result<Self, StatsError> {
        Self::new(differences, Design::pairs(differences)?, settings)
    }

    fn new(
        table: &PersonSeconds,
        mut design: Design,
        settings: &PermutationSettings,
    ) -> Result<Self, StatsError> {
        let upper = 1.0 - 0.5 * open_share("cluster-forming p", settings.forming_p)?;
        at_least("permutations", settings.permutations, 1)?;
        let ways = design.ways();
        let exact = ways <= settings.permutations as u64;
        let total = if exact { ways as usize } else { settings.permutations };
        let threshold = |df: f64| if df >= 1.0 { student_t_quantile(upper, df) } else { f64::INFINITY };
        let thresholds = design.degrees_of_freedom().iter().map(|&df| threshold(df)).collect();
        let observed = design.observed();
        Ok(Self {
            design,
            measures: table.measures(),
            seconds: table.seconds(),
            thresholds,
            observed,
            masses: Vec::with_capacity(total),
            max_t: Vec::with_capacity(total),
            total,
            exact,
            seed: settings.seed,
        })
    }

    /// How far it has come.
    #[must_use]
    pub fn progress(&self) -> Progress {
        Progress { done: self.masses.len(), total: self.total }
    }

    /// Makes up to `permutations` more and says how far it has come.
    pub fn advance(&mut self, permutations: usize) -> Progress {
        let end = self.total.min(self.masses.len().saturating_add(permutations));
        while self.masses.len() < end {
            let start = self.masses.len();
            let count = SLICE.min(end - start);
            self.design.draw(start, count, (!self.exact).then_some(self.seed));
            for offset in 0..count {
                let t = self.design.t(offset);
                self.masses.push(largest_mass(t, self.seconds, &self.thresholds));
                self.max_t.push(t.iter().fold(0.0, |largest: f64, t| largest.max(t.abs())));
            }
        }
        self.progress()
    }

    /// The result.
    ///
    /// # Errors
    /// [`StatsError::NotFinished`] if permutations are still to be made.
    pub fn finish(&self) -> Result<PermutationResult, StatsError> {
        let Progress { done, total } = self.progress();
        if done < total {
            return Err(StatsError::NotFinished { done, total });
        }
        let p_of_mass = Null::new(&self.masses, self.exact);
        let p_of_t = Null::new(&self.max_t, self.exact);
        let found = clusters(&self.observed, self.seconds, &self.thresholds);
        let mut clusters: Vec<Cluster> = found
            .into_iter()
            .map(|cluster| Cluster { p: p_of_mass.p(cluster.mass.abs()), ..cluster })
            .collect();
        clusters.sort_by(|a, b| b.mass.abs().total_cmp(&a.mass.abs()));
        let rows = self.observed.chunks_exact(self.seconds);
        let tested = |t: &f64| (!t.is_nan()).then_some(*t);
        let t: Vec<Vec<Option<f64>>> = rows.map(|row| row.iter().map(tested).collect()).collect();
        let p = |row: &Vec<Option<f64>>| row.iter().map(|t| t.map(|t| p_of_t.p(t.abs()))).collect();
        let max_t_p = t.iter().map(p).collect();
        debug_assert_eq!(t.len(), self.measures);
        Ok(PermutationResult { permutations: total, exact: self.exact, clusters, t, max_t_p })
    }

    /// The largest mass of each permutation so far, in their order: for histograms and checks.
    #[must_use]
    pub fn null_masses(&self) -> &[f64] {
        &self.masses
    }
}

/// The largest values under chance, sorted.
struct Null {
    sorted: Vec<f64>,
    exact: bool,
}

impl Null {
    fn new(values: &[f64], exact: bool) -> Self {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        Self { sorted, exact }
    }

    /// Share of values at least as large, the panel's own arrangement included.
    fn p(&self, value: f64) -> f64 {
        let smaller = self.sorted.partition_point(|&null| null < value * (1.0 - TIE));
        let as_large = self.sorted.len() - smaller;
        // An exact null contains the panel's own arrangement; a random one gets it added.
        let own = usize::from(!self.exact);
        (as_large + own) as f64 / (self.sorted.len() + own) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    /// `people` random curves; the first `raised` of them are higher by `by` in measure 0, seconds 3..6.
    fn table(people: usize, raised: usize, by: f64, missing: bool) -> PersonSeconds {
        let mut table = PersonSeconds::new(2, 9).unwrap();
        for person in 0..people {
            let mut random = Random::stream(5, person as u64);
            let mut cells: Vec<f64> = (0..18).map(|_| random.normal()).collect();
            if person < raised {
                cells[3..6].iter_mut().for_each(|cell| *cell += by);
            }
            if missing && person % 3 == 0 {
                (cells[4], cells[13]) = (f64::NAN, f64::NAN);
            }
            table.push(&cells).unwrap();
        }
        table
    }

    fn groups(people: usize, first: usize) -> Vec<bool> {
        (0..people).map(|person| person < first).collect()
    }

    #[test]
    fn slices_do_not_change_the_result() {
        let table = table(40, 20, 1.5, true);
        let settings = PermutationSettings { permutations: 600, ..PermutationSettings::default() };
        let run = |slice: usize| {
            let mut test = PermutationTest::between_groups(&table, &groups(40, 20), &settings).unwrap();
            assert_eq!(test.finish(), Err(StatsError::NotFinished { done: 0, total: 600 }));
            while !test.advance(slice).is_done() {}
            test.finish().unwrap()
        };
        let whole = run(600);
        assert_eq!(whole, run(1));
        assert_eq!(whole, run(257));
        assert!(
            !whole.exact && whole.clusters[0].p < 0.01 && whole.clusters[0].measure == 0,
            "{:?}",
            whole.clusters
        );
        assert!(whole.max_t_p[0][3..6].iter().any(|p| p.unwrap() < 0.05));
    }

    #[test]
    fn six_against_six_is_exact_and_its_mirror_counts() {
        let table = table(12, 6, 3.0, false);
        let settings = PermutationSettings::default();
        let mut test = PermutationTest::between_groups(&table, &groups(12, 6), &settings).unwrap();
        assert_eq!(test.advance(usize::MAX), Progress { done: 924, total: 924 });
        let result = test.finish().unwrap();
        assert!(result.exact);
        assert_eq!(
            result.clusters[0].p,
            2.0 / 924.0,
            "the arrangement itself and the one with swapped groups"
        );
    }

    #[test]
    fn signs_of_six_people_are_exact() {
        let table = table(6, 6, 9.0, false);
        let mut test = PermutationTest::within_people(&table, &PermutationSettings::default()).unwrap();
        test.advance(64);
        let result = test.finish().unwrap();
        assert_eq!((result.permutations, result.clusters[0].p), (64, 2.0 / 64.0));
        assert_eq!((result.clusters[0].from_second, result.clusters[0].to_second), (3, 6));
    }

    #[test]
    fn what_cannot_be_tested_is_refused() {
        let table = table(6, 3, 0.0, false);
        let settings = PermutationSettings::default();
        let between = |first: &[bool]| PermutationTest::between_groups(&table, first, &settings).err();
        assert!(matches!(between(&groups(6, 1)), Some(StatsError::TooFew { found: 1, .. })));
        assert!(matches!(between(&groups(6, 6)), Some(StatsError::TooFew { found: 0, .. })));
        assert!(matches!(between(&groups(5, 2)), Some(StatsError::Length { .. })));
        let none = PermutationSettings { permutations: 0, ..settings };
        assert!(PermutationTest::within_people(&table, &none).is_err());
    }

    #[test]
    fn seconds_with_too_few_people_are_not_tested_and_end_clusters() {
        let nan = f64::NAN;
        let mut table = PersonSeconds::new(1, 3).unwrap();
        for person in 0..8 {
            let height = if person < 4 { 9.0 } else { 0.0 } + f64::from(person % 4) * 0.1;
            let middle = if person < 3 { nan } else { height };
            table.push(&[height, middle, height]).unwrap();
        }
        let mut test =
            PermutationTest::between_groups(&table, &groups(8, 4), &PermutationSettings::default()).unwrap();
        test.advance(usize::MAX);
        let result = test.finish().unwrap();
        assert_eq!((result.t[0][1], result.max_t_p[0][1]), (None, None));
        assert_eq!(result.clusters.len(), 2);
    }

    #[test]
    fn curves_without_spread_give_no_cluster() {
        let mut table = PersonSeconds::new(1, 2).unwrap();
        for _ in 0..6 {
            table.push(&[0.25, 0.1 + 0.2]).unwrap();
        }
        let mut test =
            PermutationTest::between_groups(&table, &groups(6, 3), &PermutationSettings::default()).unwrap();
        test.advance(usize::MAX);
        assert!(test.finish().unwrap().clusters.is_empty());
    }
}
