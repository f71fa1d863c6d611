//! The figures' arithmetic, in f64 and with population moments (division by n). What is not defined (no
//! faces, no variance) is `None`. Golden values: `tests/golden/metrics.py`.

use serde::Serialize;

/// A variance below this is the rounding error of values that do not vary.
const ROUNDING: f64 = 1e-24;

/// A share of a count, with its 95 % Wilson score interval (Wilson 1927).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Share {
    /// `hits / of`; null if `of` is 0.
    pub share: Option<f64>,
    pub interval: Option<[f64; 2]>,
    pub hits: usize,
    pub of: usize,
}

impl Share {
    /// The share of `true`.
    pub fn of(values: &[bool]) -> Self {
        let (hits, of) = (values.iter().filter(|hit| **hit).count(), values.len());
        if of == 0 {
            return Self { share: None, interval: None, hits, of };
        }
        let (n, p) = (of as f64, hits as f64 / of as f64);
        // The 97.5 % quantile of the normal distribution.
        let z = 1.959_963_984_540_054;
        let centre = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
        let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        Self {
            share: Some(p),
            interval: Some([(centre - half).max(0.0), (centre + half).min(1.0)]),
            hits,
            of,
        }
    }
}

/// How near the depths of one emotion come to the raters' shares.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Summary {
    pub pearson: Option<f64>,
    /// The largest Pearson r that the raters' own sampling noise allows: [`ceiling`].
    pub pearson_ceiling: Option<f64>,
    pub concordance: Option<f64>,
    pub mean_absolute_error: Option<f64>,
}

impl Summary {
    pub fn of(said: &[f64], truth: &[f64], raters: f64) -> Self {
        Self {
            pearson: pearson(said, truth),
            pearson_ceiling: ceiling(truth, raters),
            concordance: concordance(said, truth),
            mean_absolute_error: mean_absolute_error(said, truth),
        }
    }

    /// Figure by figure, the mean over those that are defined.
    pub fn mean<'a>(summaries: impl Iterator<Item = &'a Self> + Clone) -> Self {
        let mean_of = |figure: fn(&Self) -> Option<f64>| {
            let values: Vec<f64> = summaries.clone().filter_map(figure).collect();
            mean(&values)
        };
        Self {
            pearson: mean_of(|s| s.pearson),
            pearson_ceiling: mean_of(|s| s.pearson_ceiling),
            concordance: mean_of(|s| s.concordance),
            mean_absolute_error: mean_of(|s| s.mean_absolute_error),
        }
    }
}

/// Position of the largest value; of equals the first; 0 for none.
pub fn largest(values: &[f64]) -> usize {
    let mut best = 0;
    for (index, value) in values.iter().enumerate() {
        if *value > values[best] {
            best = index;
        }
    }
    best
}

/// Position of the largest value if no other equals it.
pub fn only_largest(values: &[f64]) -> Option<usize> {
    let best = largest(values);
    (values.iter().filter(|value| **value == values[best]).count() == 1).then_some(best)
}

/// Mean negative natural logarithm of the label's probability, which is taken as at least 1e-12. 0 for no faces.
pub fn loss(probabilities: &[[f64; 7]], labels: &[usize]) -> f64 {
    let losses: Vec<f64> =
        probabilities.iter().zip(labels).map(|(p, label)| -p[*label].max(1e-12).ln()).collect();
    mean(&losses).unwrap_or_default()
}

/// Expected calibration error of the likeliest class (Naeini et al. 2015; Guo et al. 2017): the mean over the faces of
/// |accuracy - confidence| in their bin. Bin b of n holds the confidences from b/n up to, but without, (b+1)/n; the last one 1 too.
pub fn calibration_error(probabilities: &[[f64; 7]], labels: &[usize], bins: usize) -> f64 {
    // Per bin: sum of confidences minus the number of right answers.
    let mut gaps = vec![0.0f64; bins];
    for (p, label) in probabilities.iter().zip(labels) {
        let answer = largest(p);
        let bin = ((p[answer] * bins as f64) as usize).min(bins - 1);
        gaps[bin] += p[answer] - if answer == *label { 1.0 } else { 0.0 };
    }
    let total: f64 = gaps.iter().map(|gap| gap.abs()).sum();
    if labels.is_empty() { 0.0 } else { total / labels.len() as f64 }
}

/// Pearson's correlation coefficient; `None` where either side does not vary.
pub fn pearson(x: &[f64], y: &[f64]) -> Option<f64> {
    let moments = Moments::of(x, y)?;
    let spread = (moments.variance_x * moments.variance_y).sqrt();
    (spread > ROUNDING).then(|| moments.covariance / spread)
}

/// Lin's concordance correlation coefficient (Lin 1989): 1 only where x = y, lowered by a shift or a wrong scale.
/// `None` where neither side varies and the means are equal.
pub fn concordance(x: &[f64], y: &[f64]) -> Option<f64> {
    let moments = Moments::of(x, y)?;
    let shift = moments.mean_x - moments.mean_y;
    let all = moments.variance_x + moments.variance_y + shift * shift;
    (all > ROUNDING).then(|| 2.0 * moments.covariance / all)
}

pub fn mean_absolute_error(x: &[f64], y: &[f64]) -> Option<f64> {
    let errors: Vec<f64> = x.iter().zip(y).map(|(x, y)| (x - y).abs()).collect();
    mean(&errors)
}

/// The largest Pearson r that a perfect predictor of the true shares can reach against the shares p of a few raters:
/// `sqrt(1 - mean(p (1 - p) / (raters - 1)) / var p)`, the root of the reliability when each rater votes
/// by himself. p (1 - p) / (n - 1) estimates the sampling variance of one face's share without bias.
pub fn ceiling(shares: &[f64], raters: f64) -> Option<f64> {
    let variance = Moments::of(shares, shares)?.variance_x;
    let noise: Vec<f64> = shares.iter().map(|p| p * (1.0 - p) / (raters - 1.0)).collect();
    (variance > ROUNDING).then(|| (1.0 - mean(&noise).unwrap_or_default() / variance).max(0.0).sqrt())
}

/// 2.5 % and 97.5 % percentiles of the mean concordance over `resamples` draws of as many groups of faces, with replacement.
/// `columns`: per emotion what was said and what is true, all of the same length; `groups`: the group of each face, numbered
/// from 0 (each face its own: faces are drawn). `None` for fewer than two groups or where no concordance is defined.
pub fn bootstrap_mean_concordance(
    columns: &[(Vec<f64>, Vec<f64>)],
    groups: &[usize],
    resamples: usize,
    seed: u64,
) -> Option<[f64; 2]> {
    let count = groups.iter().max()? + 1;
    if count < 2 || columns.is_empty() {
        return None;
    }
    let mut members = vec![Vec::new(); count];
    for (face, group) in groups.iter().enumerate() {
        members[*group].push(face);
    }
    let mut random = SplitMix64(seed);
    let mut means = Vec::with_capacity(resamples);
    for _ in 0..resamples {
        // The bias of the remainder is count / 2^64.
        let rows: Vec<usize> = (0..count)
            .flat_map(|_| members[(random.next() % count as u64) as usize].iter().copied())
            .collect();
        let drawn = |values: &[f64]| rows.iter().map(|row| values[*row]).collect::<Vec<f64>>();
        let each: Vec<f64> =
            columns.iter().filter_map(|(said, truth)| concordance(&drawn(said), &drawn(truth))).collect();
        means.extend(mean(&each));
    }
    if means.is_empty() {
        return None;
    }
    means.sort_by(f64::total_cmp);
    let at = |share: f64| means[((means.len() - 1) as f64 * share).round() as usize];
    Some([at(0.025), at(0.975)])
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

struct Moments {
    mean_x: f64,
    mean_y: f64,
    variance_x: f64,
    variance_y: f64,
    covariance: f64,
}

impl Moments {
    fn of(x: &[f64], y: &[f64]) -> Option<Self> {
        let (mean_x, mean_y) = (mean(x)?, mean(y)?);
        let count = x.len() as f64;
        let (mut variance_x, mut variance_y, mut covariance) = (0.0, 0.0, 0.0);
        for (x, y) in x.iter().zip(y) {
            let (dx, dy) = (x - mean_x, y - mean_y);
            variance_x += dx * dx / count;
            variance_y += dy * dy / count;
            covariance += dx * dy / count;
        }
        Some(Self { mean_x, mean_y, variance_x, variance_y, covariance })
    }
}

/// Steele, Lea & Flood 2014: a small generator whose sequence is fixed by its seed.
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
