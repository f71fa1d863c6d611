//! Holds the statistics against values of independent tools: `golden/stats.json`, written by `golden/stats.py`.

use emotion_stats::*;
use serde_json::Value;

fn golden(part: &str) -> Value {
    let mut all: Value = serde_json::from_str(include_str!("golden/stats.json")).unwrap();
    all[part].take()
}

/// A number; null is a missing one.
fn number(value: &Value) -> f64 {
    if value.is_null() { f64::NAN } else { value.as_f64().unwrap_or_else(|| panic!("{value} is no number")) }
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap_or_else(|| panic!("{value} is no list")).iter().map(number).collect()
}

fn matrix(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().unwrap_or_else(|| panic!("{value} is no list")).iter().map(numbers).collect()
}

fn count(value: &Value) -> usize {
    value.as_u64().unwrap_or_else(|| panic!("{value} is no whole number")) as usize
}

/// A table of one measure, people x seconds.
fn table(value: &Value) -> PersonSeconds {
    let rows = matrix(value);
    let mut table = PersonSeconds::new(1, rows[0].len()).unwrap();
    rows.iter().for_each(|row| table.push(row).unwrap());
    table
}

/// Equal to this share of its size, however small it is.
#[track_caller]
fn close(found: f64, expected: f64, relative: f64) {
    let same = (found - expected).abs() <= relative * expected.abs() || found == expected;
    assert!(same || (found.is_nan() && expected.is_nan()), "{found} instead of {expected}");
}

/// Equal to a billionth: of its size, or of 1 where it is smaller than that.
#[track_caller]
fn near(found: f64, expected: f64) {
    let same = (found - expected).abs() <= 1e-9 * expected.abs().max(1.0) || found == expected;
    assert!(same || (found.is_nan() && expected.is_nan()), "{found} instead of {expected}");
}

#[track_caller]
fn all_near(found: &[f64], expected: &Value) {
    let expected = numbers(expected);
    assert_eq!(found.len(), expected.len());
    found.iter().zip(expected).for_each(|(found, expected)| near(*found, expected));
}

#[test]
fn distributions() {
    let all = golden("distributions");
    for row in matrix(&all["scipy.stats.t.ppf [p, df]"]) {
        near(student_t_quantile(row[0], row[1]), row[2]);
    }
    for row in matrix(&all["2 scipy.stats.t.sf(abs) [t, df]"]) {
        // Relative, in the far tail, too: scipy itself is some 1e-11 off there.
        close(student_t_two_sided(row[0], row[1]), row[2], 1e-9);
    }
    for row in matrix(&all["scipy.stats.t.cdf [t, df]"]) {
        close(student_t_cdf(row[0], row[1]), row[2], 1e-9);
    }
    for row in matrix(&all["scipy.stats.norm.ppf [p]"]) {
        close(normal_quantile(row[0]), row[1], 1e-13);
    }
    for row in matrix(&all["scipy.stats.norm.cdf [z]"]) {
        close(normal_cdf(row[0]), row[1], 1e-12);
    }
    for row in matrix(&all["scipy.special.nctdtr [t, df, delta]"]) {
        near(noncentral_t_cdf(row[0], row[1], row[2]), row[3]);
    }
}

#[test]
fn person_seconds_of_uneven_samples() {
    let all = golden("person_seconds");
    let whole = |key: &str| -> Vec<u32> { numbers(&all[key]).iter().map(|value| *value as u32).collect() };
    let (times, quality) = (whole("media_time_ms"), whole("quality"));
    let quality: Vec<u16> = quality.iter().map(|value| *value as u16).collect();
    let columns: Vec<Vec<u16>> =
        matrix(&all["raw"]).iter().map(|column| column.iter().map(|value| *value as u16).collect()).collect();
    let raw = std::array::from_fn(|expression| &columns[expression][..]);
    let samples = Samples { media_time_ms: &times, quality: &quality, raw };
    let baseline: [f64; 7] = numbers(&all["baseline"]).try_into().unwrap();
    let duration = count(&all["duration_ms"]) as u32;
    for (baseline, key) in [(None, "cells"), (Some(&baseline), "corrected")] {
        let found = person_seconds(&samples, duration, baseline, &SecondRule::default()).unwrap();
        let expected = matrix(&all[key]).concat();
        assert_eq!((found.cells.len(), found.seconds), (expected.len(), 3));
        found.cells.iter().zip(expected).for_each(|(found, expected)| close(*found, expected, 1e-9));
    }
}

#[test]
fn curves_and_shares() {
    let all = golden("two_groups");
    let (a, b) = (table(&all["a"]), table(&all["b"]));
    let curve = mean_curve(a.rows(0), a.seconds(), 0.95).unwrap();
    let column = |f: &dyn Fn(&Point) -> f64| -> Vec<f64> { curve.iter().map(f).collect() };
    all_near(&column(&|point| f64::from(point.people)), &all["n"]);
    all_near(&column(&|point| point.mean.unwrap()), &all["mean"]);
    all_near(&column(&|point| point.sd.unwrap()), &all["sd"]);
    all_near(&column(&|point| point.interval.unwrap().low), &all["scipy.stats.t.interval"][0]);
    all_near(&column(&|point| point.interval.unwrap().high), &all["scipy.stats.t.interval"][1]);

    let difference = difference_curve(a.rows(0), b.rows(0), a.seconds(), 0.95).unwrap();
    let told = &all["scipy.stats.ttest_ind"];
    let column = |f: &dyn Fn(&DifferencePoint) -> f64| -> Vec<f64> { difference.iter().map(f).collect() };
    all_near(&column(&|point| point.p.unwrap()), &told["p"]);
    all_near(&column(&|point| point.interval.unwrap().low), &told["low"]);
    all_near(&column(&|point| point.interval.unwrap().high), &told["high"]);

    let shares = share_curve(a.rows(0), a.seconds(), number(&all["threshold"]), 0.95).unwrap();
    for (share, (reached, wilson)) in
        shares.iter().zip(numbers(&all["reached"]).iter().zip(matrix(&all["statsmodels wilson"])))
    {
        let interval = share.share.unwrap().interval;
        assert_eq!(f64::from(share.reached), *reached);
        near(interval.low, wilson[0]);
        near(interval.high, wilson[1]);
    }
}

#[test]
fn tests_of_one_number_per_person() {
    let all = golden("tests");
    let [a, b, c] = ["a", "b", "c"].map(|key| numbers(&all[key]));
    let told = |test: TTest| [test.t, test.df, test.p, test.interval.low, test.interval.high];
    all_near(&told(welch(&a, &b, 0.9).unwrap()), &all["scipy.stats.ttest_ind(equal_var=False)"]);
    all_near(&told(paired(&a, &c, 0.9).unwrap()), &all["scipy.stats.ttest_rel"]);
    let interval = mean_interval(&a, 0.9).unwrap().interval;
    all_near(&[interval.low, interval.high], &all["scipy.stats.t.interval"]);
    all_near(&holm(&numbers(&all["p"])).unwrap(), &all["statsmodels holm"]);
    for row in matrix(&all["statsmodels newcomb [reached, people, reached, people, low, high]"]) {
        let [k, n, l, m] = [0, 1, 2, 3].map(|place| row[place] as u32);
        let found = newcombe((k, n), (l, m), 0.95).unwrap().interval;
        near(found.low, row[4]);
        near(found.high, row[5]);
    }
    let norms = numbers(&all["norms"]);
    for row in matrix(&all["scipy percentileofscore(mean) [value]"]) {
        near(percentile_among(row[0], &norms).unwrap(), row[1]);
    }
}

#[test]
fn plans() {
    let all = golden("plans");
    let key = "statsmodels [difference, sd, level, power, same people, n, power of n]";
    for row in all[key].as_array().unwrap() {
        let comparison =
            if row[4].as_bool().unwrap() { Comparison::SamePeople } else { Comparison::TwoGroups };
        let [difference, sd, level, power] = [0, 1, 2, 3].map(|place| number(&row[place]));
        let question = PlanQuestion { comparison, difference, sd, level, power, usable_share: 0.8 };
        let found = plan(&question).unwrap();
        assert_eq!(found.people as usize, count(&row[5]), "{row}");
        near(found.power, number(&row[6]));
    }
}

/// Everything of a permutation test, and the largest masses sorted.
fn whole(mut test: PermutationTest) -> (PermutationResult, Vec<f64>) {
    test.advance(usize::MAX);
    let mut masses = test.null_masses().to_vec();
    masses.sort_by(f64::total_cmp);
    (test.finish().unwrap(), masses)
}

/// The golden table of two measures, and who is in the first group.
fn six_against_six(all: &Value) -> (PersonSeconds, Vec<bool>) {
    let people: Vec<Vec<Vec<f64>>> = all["data"].as_array().unwrap().iter().map(matrix).collect();
    let mut table = PersonSeconds::new(2, people[0][0].len()).unwrap();
    people.iter().for_each(|person| table.push(&person.concat()).unwrap());
    (table, (0..12).map(|person| person < 6).collect())
}

#[test]
fn clusters_of_six_against_six_in_all_924_ways() {
    let all = golden("cluster_groups");
    let (table, in_first) = six_against_six(&all);
    let settings = PermutationSettings::default();
    let test = PermutationTest::between_groups(&table, &in_first, &settings).unwrap();
    let (result, masses) = whole(test);
    assert!(result.exact && result.permutations == 924);
    all_near(&masses, &all["null"]);
    let mut expected = matrix(&all["clusters"]);
    expected.sort_by(|a, b| b[3].abs().total_cmp(&a[3].abs()));
    assert_eq!(result.clusters.len(), expected.len());
    for (found, expected) in result.clusters.iter().zip(expected) {
        let place = [found.measure, found.from_second, found.to_second].map(|place| place as f64);
        assert_eq!(place, expected[..3]);
        near(found.mass, expected[3]);
        near(found.p, expected[4]);
    }
    near(result.clusters[0].p, number(&all["scipy permutation_test(inf) p"]));
    for (found, key) in [(&result.t, "t"), (&result.max_t_p, "max_t_p")] {
        for (found, expected) in found.iter().zip(all[key].as_array().unwrap()) {
            let found: Vec<f64> = found.iter().map(|value| value.unwrap()).collect();
            all_near(&found, expected);
        }
    }
}

#[test]
fn random_permutations_come_near_the_exact_p() {
    let all = golden("cluster_groups");
    let (table, in_first) = six_against_six(&all);
    // One fewer than all ways: so they are drawn. Each p is within four standard errors of the exact one.
    let settings = PermutationSettings { permutations: 923, ..PermutationSettings::default() };
    let drawn = PermutationTest::between_groups(&table, &in_first, &settings).unwrap();
    let (result, _) = whole(drawn);
    assert!(!result.exact);
    for found in &result.clusters {
        let places = [found.measure as f64, found.from_second as f64];
        let exact = matrix(&all["clusters"]).into_iter().find(|cluster| cluster[..2] == places).unwrap()[4];
        let error = (exact * (1.0 - exact) / 923.0).sqrt();
        assert!((found.p - exact).abs() < 4.0 * error + 2.0 / 924.0, "{} against {exact}", found.p);
    }
}

#[test]
fn clusters_and_max_t_within_eight_people() {
    let all = golden("cluster_within");
    let settings = PermutationSettings::default();
    let test = PermutationTest::within_people(&table(&all["data"]), &settings).unwrap();
    let (mut result, _) = whole(test);
    assert!(result.exact && result.permutations == 256);
    result.clusters.sort_by_key(|cluster| cluster.from_second);
    let expected = matrix(&all["mne clusters [from, to, mass, p]"]);
    assert_eq!(result.clusters.len(), expected.len());
    for (found, expected) in result.clusters.iter().zip(expected) {
        assert_eq!([found.from_second as f64, found.to_second as f64], expected[..2]);
        near(found.mass, expected[2]);
        near(found.p, expected[3]);
    }
    let each = |row: &[Option<f64>]| -> Vec<f64> { row.iter().map(|value| value.unwrap()).collect() };
    all_near(&each(&result.t[0]), &all["mne permutation_t_test"]["t"]);
    all_near(&each(&result.max_t_p[0]), &all["mne permutation_t_test"]["p"]);
}

/// The first `people` entries of each row.
fn cut<T: Clone>(rows: &[Vec<T>], people: usize) -> Vec<Vec<T>> {
    rows.iter().map(|row| row[..people].to_vec()).collect()
}

#[test]
fn bands_by_signs_and_by_people() {
    let all = golden("bands");
    let (a, b) = (table(&all["a"]), table(&all["b"]));
    let plus: Vec<Vec<bool>> = serde_json::from_value(all["plus"].clone()).unwrap();
    let times: Vec<Vec<u32>> = serde_json::from_value(all["times"].clone()).unwrap();
    let check = |found: Band, expected: &Value| {
        near(found.critical, number(&expected["critical"]));
        let side =
            |f: fn(Interval) -> f64| found.limits.iter().map(|limit| f(limit.unwrap())).collect::<Vec<_>>();
        all_near(&side(|limit| limit.low), &expected["low"]);
        all_near(&side(|limit| limit.high), &expected["high"]);
    };
    let n = a.people();
    check(band_with_signs(&a, None, 0, 0.95, &cut(&plus, n)).unwrap(), &all["signs"]["one"]);
    check(band_with_signs(&a, Some(&b), 0, 0.95, &plus).unwrap(), &all["signs"]["two"]);
    check(band_with_draws(&a, None, 0, 0.95, &cut(&times, n)).unwrap(), &all["people"]["one"]);
    check(band_with_draws(&a, Some(&b), 0, 0.95, &times).unwrap(), &all["people"]["two"]);
    // Drawn here: a quantile of 2,000 against one of 300.
    for (method, key) in [(BandMethod::People, "people"), (BandMethod::Signs, "signs")] {
        let drawn = band(&a, 0, &BandSettings { method, ..BandSettings::default() }).unwrap();
        close(drawn.critical, number(&all[key]["one"]["critical"]), 0.2);
    }
}

#[test]
fn reliabilities() {
    let all = golden("reliabilities");
    let tables = ["eight", "seven", "gaps"].map(|key| table(&all[key]));
    let found = reliability(&tables[0], 0).unwrap();
    near(found.of_mean, number(&all["pingouin.cronbach_alpha"]));
    all_near(&[found.of_one, found.of_mean], &all["pingouin.intraclass_corr C,1 and C,k"]);
    near(found.of_panel, found.of_mean);
    let found = reliability(&tables[2], 0).unwrap();
    assert_eq!((found.people, found.seconds), (7, 14));
    near(found.of_mean, number(&all["pingouin.cronbach_alpha of the largest complete table"]));
    for (table, expected) in tables.iter().zip(matrix(&all["splits and median"])) {
        let found = split_half(table, 0, 1_000, 1).unwrap();
        assert!(found.exact);
        assert_eq!(found.splits as f64, expected[0]);
        near(found.median, expected[1]);
    }
}

#[test]
fn agreements() {
    let all = golden("agreements");
    let person = |key: &str, expected: &Value| {
        let found = agreement(&table(&all[key]), 0, 9, 1).unwrap();
        let each: Vec<f64> = found.of_person.iter().map(|r| r.unwrap()).collect();
        all_near(&each, expected);
        found
    };
    near(person("table", &all["brainiak.isc"]).mean, number(&all["mean"]));
    person("gaps", &all["pandas with gaps"]);
    // Other random shifts than brainiak's 20,000: four standard errors of both are at most 0.02.
    for (key, expected) in ["table", "weak"].into_iter().zip(numbers(&all["brainiak.timeshift_isc p"])) {
        let found = agreement(&table(&all[key]), 0, 20_000, 1).unwrap().p;
        let error = (2.0 * expected * (1.0 - expected) / 20_000.0).sqrt();
        assert!((found - expected).abs() < 4.0 * error + 1e-4, "{found} against {expected}");
    }
}

#[test]
fn summaries() {
    let all = golden("summaries");
    let draws: Vec<Vec<usize>> = serde_json::from_value(all["draws"].clone()).unwrap();
    let settings = SummarySettings { end_seconds: count(&all["end_seconds"]), ..SummarySettings::default() };
    for expected in all["parts"].as_array().unwrap() {
        let table = table(&all[expected["table"].as_str().unwrap()]);
        let part = (count(&expected["from"]), count(&expected["to"]));
        let s = summary_with_draws(&table, 0, part, &settings, &draws).unwrap();
        let found = [s.mean, s.end, s.peak, s.trough, s.peak_second, s.trough_second];
        all_near(&found.map(|estimate| estimate.value), &expected["values"]);
        for (found, expected) in found.iter().zip(matrix(&expected["intervals"])) {
            near(found.interval.low, expected[0]);
            near(found.interval.high, expected[1]);
        }
    }
}
