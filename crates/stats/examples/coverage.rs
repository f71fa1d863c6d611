//! Do the intervals hold what they promise, and how often is a test wrong where there is nothing to find?
//!
//!     cargo run --release -p emotion-stats --example coverage [PANELS [alarms]]      # 2,000 panels, some minutes
//!
//! Panels come from models of person-seconds whose truth is known: normal, skewed or very skewed, correlated in time,
//! people differ in height, some seconds are missing. docs/panels.md holds the figures. Exit 1 if one that is
//! promised to hold does not.

use emotion_stats::{
    BandMethod, BandSettings, PermutationSettings, PermutationTest, PersonSeconds, Random, SummarySettings,
    TTest, band, difference_band, difference_curve, holm, mean_curve, mean_interval, newcombe, share_curve,
    summary, welch,
};

const SECONDS: usize = 30;

/// The true mean curve: at rest, then a moment.
fn truth(second: usize) -> f64 {
    let x = (second as f64 - 18.0) / 3.0;
    0.2 + 0.15 * libm::exp(-0.5 * x * x)
}

/// How people's depths lie about their mean in a second.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    /// Evenly to both sides.
    Normal,
    /// Many a little below, few far above, as depths of an expression that some show: log-normal.
    Skewed,
    /// Most near nothing, very few far above: chi-square with one degree of freedom, skewness 2.8.
    VerySkewed,
}

/// What panels are drawn from.
#[derive(Clone, Copy)]
struct Population {
    shape: Shape,
    spread: f64,
    /// Factor of the moment in [`truth`].
    moment: f64,
}

impl Population {
    fn mean(self, second: usize) -> f64 {
        0.2 + self.moment * (truth(second) - 0.2)
    }

    /// A person's seconds about their true mean, with a memory of some seconds. Mean 0.
    fn deviations(self, random: &mut Random) -> Vec<f64> {
        let height = 0.04 * random.normal();
        let mut walk = random.normal();
        let mut second = || {
            walk = 0.7 * walk + 0.51f64.sqrt() * random.normal();
            let away = match self.shape {
                Shape::Normal => walk,
                Shape::Skewed => libm::exp(0.6 * walk) - libm::exp(0.18),
                Shape::VerySkewed => walk * walk - 1.0,
            };
            self.spread * (height + 0.06 * away)
        };
        (0..SECONDS).map(|_| second()).collect()
    }

    /// `people` of it; each second is missing with a chance of 5 %. All measures have the same mean curve.
    fn panel(self, random: &mut Random, people: usize, measures: usize) -> PersonSeconds {
        let mut table = PersonSeconds::new(measures, SECONDS).expect("a table");
        for _ in 0..people {
            let gone: Vec<bool> = (0..SECONDS).map(|_| random.unit() < 0.05).collect();
            let mut cells = Vec::new();
            for _ in 0..measures {
                let own = self.deviations(random);
                cells.extend((0..SECONDS).map(|s| if gone[s] { f64::NAN } else { self.mean(s) + own[s] }));
            }
            table.push(&cells).expect("a person");
        }
        table
    }

    /// The true share of people at or above the threshold in each second, from 200,000 of them.
    fn shares(self, threshold: f64) -> Vec<f64> {
        let mut random = Random::new(99);
        let mut counts = [0u32; SECONDS];
        for _ in 0..200_000 {
            for (second, own) in self.deviations(&mut random).into_iter().enumerate() {
                counts[second] += u32::from(self.mean(second) + own >= threshold);
            }
        }
        counts.iter().map(|&count| f64::from(count) / 200_000.0).collect()
    }
}

/// A share of panels or seconds, and whether it lies where it was promised.
struct Check {
    all_hold: bool,
}

impl Check {
    fn report(&mut self, what: &str, (hits, trials): (u64, u64), promised: Option<(f64, f64)>) {
        let share = 100.0 * hits as f64 / trials as f64;
        let verdict = match promised {
            Some((low, high)) if (low..=high).contains(&share) => format!("holds ({low} to {high})"),
            Some((low, high)) => {
                self.all_hold = false;
                format!("DOES NOT HOLD ({low} to {high})")
            }
            None => "for information".to_owned(),
        };
        println!("{share:>7.2} %  {what}: {verdict}");
    }
}

const INTERVAL: Option<(f64, f64)> = Some((93.0, 97.0));
/// Of a level of 5 %: at most that but for four standard errors of 2,000 panels.
const ALARM: Option<(f64, f64)> = Some((0.0, 7.0));

fn main() {
    let panels: u64 = std::env::args().nth(1).map_or(2_000, |text| text.parse().expect("a whole number"));
    let mut check = Check { all_hold: true };
    println!("{panels} panels of each kind, {SECONDS} s");
    if std::env::args().nth(2).as_deref() != Some("alarms") {
        intervals(&mut check, panels);
    }
    alarms(&mut check, panels);
    if !check.all_hold {
        std::process::exit(1);
    }
}

fn intervals(check: &mut Check, panels: u64) {
    for (shape, what) in [
        (Shape::Normal, "normal"),
        (Shape::Skewed, "skewed"),
        (Shape::VerySkewed, "very skewed (for information: no interval of so few people holds everywhere)"),
    ] {
        for people in [30, 100] {
            println!("--- {people} people, {what}");
            let promised = if shape == Shape::VerySkewed { None } else { INTERVAL };
            intervals_of_a_curve(check, panels, people, shape, promised);
            comparisons(check, panels, people, shape, promised);
        }
    }
}

fn alarms(check: &mut Check, panels: u64) {
    println!("--- two groups without a difference, skewed: false alarms at a level of 5 %");
    for (sizes, spread, promised, what) in [
        ((30, 30), 1.0, ALARM, "30 and 30 people"),
        ((30, 90), 1.0, ALARM, "30 and 90 people"),
        ((30, 30), 2.0, None, "30 people of twice the spread and 30"),
        ((30, 90), 2.0, None, "30 people of twice the spread and 90"),
        ((90, 30), 2.0, None, "90 people of twice the spread and 30"),
        ((100, 300), 2.0, None, "100 people of twice the spread and 300"),
    ] {
        false_alarms(check, panels, sizes, spread, promised, what);
    }
}

fn tally(count: &mut (u64, u64), hit: bool) {
    count.0 += u64::from(hit);
    count.1 += 1;
}

fn intervals_of_a_curve(
    check: &mut Check,
    panels: u64,
    people: usize,
    shape: Shape,
    promised: Option<(f64, f64)>,
) {
    let population = Population { shape, spread: 1.0, moment: 1.0 };
    let [mut pointwise, mut whole_by_pointwise, mut whole, mut by_signs, mut wilson, mut mean] = [(0, 0); 6];
    let [mut peak, mut peak_second, mut all_mean, mut end] = [(0, 0); 4];
    let threshold = 0.3;
    let reached = population.shares(threshold);
    let true_mean = (0..SECONDS).map(truth).sum::<f64>() / SECONDS as f64;
    let true_end = (SECONDS - 3..SECONDS).map(truth).sum::<f64>() / 3.0;
    for index in 0..panels {
        let mut random = Random::stream(people as u64, index);
        let table = population.panel(&mut random, people, 1);
        let curve = mean_curve(table.rows(0), SECONDS, 0.95).expect("a curve");
        let covered = |s: usize| curve[s].interval.expect("people").contains(truth(s));
        (0..SECONDS).for_each(|second| tally(&mut pointwise, covered(second)));
        tally(&mut whole_by_pointwise, (0..SECONDS).all(covered));
        let settings = BandSettings { seed: index, resamples: 1_000, ..BandSettings::default() };
        let limits = band(&table, 0, &settings).expect("a band").limits;
        tally(&mut whole, (0..SECONDS).all(|s| limits[s].expect("people").contains(truth(s))));
        let settings = BandSettings { method: BandMethod::Signs, ..settings };
        let limits = band(&table, 0, &settings).expect("a band").limits;
        tally(&mut by_signs, (0..SECONDS).all(|s| limits[s].expect("people").contains(truth(s))));
        let shares = share_curve(table.rows(0), SECONDS, threshold, 0.95).expect("shares");
        for (share, truth) in shares.iter().zip(&reached) {
            tally(&mut wilson, share.share.expect("people").interval.contains(*truth));
        }
        let person_means: Vec<f64> = table.means(0, 10, 15, 0.0).into_iter().flatten().collect();
        let segment = (10..15).map(truth).sum::<f64>() / 5.0;
        tally(&mut mean, mean_interval(&person_means, 0.95).expect("people").interval.contains(segment));
        let settings = SummarySettings { resamples: 500, seed: index, ..SummarySettings::default() };
        let told = summary(&table, 0, (0, SECONDS), &settings).expect("a summary");
        tally(&mut peak, told.peak.interval.contains(truth(18)));
        tally(&mut peak_second, told.peak_second.interval.contains(18.0));
        tally(&mut all_mean, told.mean.interval.contains(true_mean));
        tally(&mut end, told.end.interval.contains(true_end));
    }
    check.report("pointwise t interval of a second", pointwise, promised);
    check.report("simultaneous band, the whole curve", whole, promised);
    check.report("the same by signs instead of people", by_signs, None);
    check.report("the whole curve by pointwise intervals (why the band is needed)", whole_by_pointwise, None);
    check.report("Wilson's interval of a share", wilson, promised);
    check.report("t interval of a segment's mean", mean, promised);
    check.report("t interval of the whole mean", all_mean, promised);
    check.report("t interval of the end", end, promised);
    check.report("bootstrap of the peak's height (biased upwards, as told)", peak, None);
    check.report("bootstrap of the peak's second (wider than it must be)", peak_second, None);
}

fn comparisons(check: &mut Check, panels: u64, people: usize, shape: Shape, promised: Option<(f64, f64)>) {
    let [mut pointwise, mut whole, mut segment, mut shares] = [(0, 0); 4];
    // The second group reacts half as much, and its people differ more.
    let first = Population { shape, spread: 1.0, moment: 1.0 };
    let second = Population { shape, spread: 1.5, moment: 0.5 };
    let difference = |s: usize| first.mean(s) - second.mean(s);
    for index in 0..panels {
        let mut random = Random::stream(1_000 + people as u64, index);
        let (a, b) = (first.panel(&mut random, people, 1), second.panel(&mut random, people, 1));
        let curve = difference_curve(a.rows(0), b.rows(0), SECONDS, 0.95).expect("a curve");
        for (second, point) in curve.iter().enumerate() {
            tally(&mut pointwise, point.interval.expect("people").contains(difference(second)));
        }
        let settings = BandSettings { seed: index, resamples: 1_000, ..BandSettings::default() };
        let limits = difference_band(&a, &b, 0, &settings).expect("a band").limits;
        tally(&mut whole, (0..SECONDS).all(|s| limits[s].expect("people").contains(difference(s))));
        let test = segment_test(&a, &b, 15, 20);
        let true_difference = (15..20).map(difference).sum::<f64>() / 5.0;
        tally(&mut segment, test.interval.contains(true_difference));
        let draw =
            |random: &mut Random, share: f64| (0..people).filter(|_| random.unit() < share).count() as u32;
        let (k, l) = (draw(&mut random, 0.3), draw(&mut random, 0.15));
        let found = newcombe((k, people as u32), (l, people as u32), 0.95).expect("shares");
        tally(&mut shares, found.interval.contains(0.15));
    }
    check.report("Welch's interval of a difference in a second", pointwise, promised);
    check.report("simultaneous band of a difference, the whole curve", whole, promised);
    check.report("Welch's interval of a segment's difference", segment, promised);
    check.report("Newcombe's interval of a difference of shares", shares, promised);
}

fn segment_test(a: &PersonSeconds, b: &PersonSeconds, from: usize, to: usize) -> TTest {
    let means =
        |table: &PersonSeconds| -> Vec<f64> { table.means(0, from, to, 0.0).into_iter().flatten().collect() };
    welch(&means(a), &means(b), 0.95).expect("two groups")
}

fn false_alarms(
    check: &mut Check,
    panels: u64,
    sizes: (usize, usize),
    spread: f64,
    promised: Option<(f64, f64)>,
    what: &str,
) {
    let first = Population { shape: Shape::Skewed, spread, moment: 1.0 };
    let second = Population { spread: 1.0, ..first };
    let [mut cluster, mut max_t, mut within, mut planned] = [(0, 0); 4];
    for index in 0..panels {
        let mut random = Random::stream(7_000 + (sizes.0 + 3 * sizes.1) as u64, index);
        let a = first.panel(&mut random, sizes.0, 3);
        let b = second.panel(&mut random, sizes.1, 3);
        let mut both = a.clone();
        (0..b.people()).for_each(|person| both.push(b.person(person)).expect("a person"));
        let in_first: Vec<bool> = (0..both.people()).map(|person| person < sizes.0).collect();
        let settings =
            PermutationSettings { permutations: 399, seed: index, ..PermutationSettings::default() };
        let mut test = PermutationTest::between_groups(&both, &in_first, &settings).expect("groups");
        test.advance(usize::MAX);
        let result = test.finish().expect("a result");
        tally(&mut cluster, result.clusters.first().is_some_and(|cluster| cluster.p <= 0.05));
        tally(&mut max_t, result.max_t_p.iter().flatten().flatten().any(|p| *p <= 0.05));
        // Two stimuli, the same people: the same model twice.
        let again = first.panel(&mut random, sizes.0, 3);
        let differences = a.minus(&again).expect("the same people");
        let mut test = PermutationTest::within_people(&differences, &settings).expect("people");
        test.advance(usize::MAX);
        let heaviest = test.finish().expect("a result").clusters.first().map_or(1.0, |cluster| cluster.p);
        tally(&mut within, heaviest <= 0.05);
        let p: Vec<f64> =
            [(0, 6), (8, 12), (15, 20), (25, 30)].map(|(from, to)| segment_test(&a, &b, from, to).p).into();
        tally(&mut planned, holm(&p).expect("four p").iter().any(|p| *p <= 0.05));
    }
    check.report(&format!("cluster test over 3 measures, {what}"), cluster, promised);
    check.report(&format!("max-T over 3 measures, {what}"), max_t, promised);
    check.report(&format!("cluster test within people, {} of them", sizes.0), within, ALARM);
    check.report(&format!("four segments by Holm, {what}"), planned, promised);
}
