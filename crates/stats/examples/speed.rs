//! How long the statistics of a large panel take: `cargo run --release -p emotion-stats --example speed [PEOPLE
//! SECONDS]`.
use std::time::Instant;

use emotion_stats::{
    BandSettings, PermutationSettings, PermutationTest, PersonSeconds, Random, SummarySettings, agreement,
    band, reliability, split_half, summary,
};

fn main() {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse().expect("a whole number"));
    let (people, seconds) = (numbers.next().unwrap_or(1_000), numbers.next().unwrap_or(300));
    let mut table = PersonSeconds::new(7, seconds).expect("measures and seconds");
    for person in 0..people {
        let mut random = Random::stream(1, person as u64);
        let mut cells: Vec<f64> = (0..7 * seconds).map(|_| random.normal()).collect();
        for _ in 0..seconds / 50 {
            let gone = random.below(seconds);
            (0..7).for_each(|measure| cells[measure * seconds + gone] = f64::NAN);
        }
        table.push(&cells).expect("a person");
    }
    println!("{people} people x {seconds} s x 7 expressions; 2 % of the seconds missing");
    let timed = |what: &str, run: &mut dyn FnMut()| {
        let (start, busy) = (Instant::now(), cpu_seconds());
        run();
        let wall = start.elapsed().as_secs_f64();
        println!("{wall:>8.2} s ({:.2} s of the processor)  {what}", cpu_seconds() - busy);
    };
    let in_first: Vec<bool> = (0..people).map(|person| person % 2 == 0).collect();
    let settings = PermutationSettings::default();
    timed("cluster test and max-T between groups, 5,000 permutations", &mut || {
        let mut test = PermutationTest::between_groups(&table, &in_first, &settings).expect("groups");
        while !test.advance(256).is_done() {}
        println!("{:?}", test.finish().expect("a result").clusters.first());
    });
    timed("the same within people, 5,000 permutations", &mut || {
        let mut test = PermutationTest::within_people(&table, &settings).expect("people");
        while !test.advance(256).is_done() {}
    });
    timed("band of one curve, 2,000 resamples", &mut || {
        band(&table, 0, &BandSettings::default()).expect("a band");
    });
    timed("summary of one curve, 2,000 resamples", &mut || {
        summary(&table, 0, (0, seconds), &SummarySettings::default()).expect("a summary");
    });
    timed("agreement of one measure, 1,000 shifts", &mut || {
        agreement(&table, 0, 1_000, 1).expect("an agreement");
    });
    timed("split half of one curve, 1,000 splits", &mut || {
        split_half(&table, 0, 1_000, 1).expect("a reliability");
    });
    timed("ICC of one curve", &mut || {
        println!("{:?}", reliability(&table, 0));
    });
}

/// Time of this process on a processor, in seconds; 0 where the system does not tell. On a busy machine it is the
/// better figure.
fn cpu_seconds() -> f64 {
    let told = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    told.split(' ').next().and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}
