//! Sets of faces from elsewhere: their tables, good and bad, and figures that follow from them by hand.

use emotion_cli::evaluation::Mapping;
use emotion_cli::evaluation::outside::{self, Row, Truth};
use emotion_core::depth::{Mixture, Scores};
use emotion_core::emotion::Emotion;

const HEADER: &str = "file,performer,raters,share_angry,share_disgust,share_fear,share_happy,share_sad,share_surprise,share_neutral\n";

fn table(text: &str) -> Result<(Vec<Row>, usize), String> {
    outside::read_table(text.as_bytes())
}

#[test]
fn shares_add_up_to_one_and_persons_are_numbered() {
    let text = format!("{HEADER}a.jpg,7,100,0.2,0,0,0.6,0,0,0\nb.jpg,9,99,1,0,0,0,0,0,0\nc.jpg,7,,,,,,,,\n");
    let (rows, left_out) = table(&text).unwrap();
    assert_eq!((rows.len(), left_out), (2, 1), "a picture without raters is left out");
    let Truth::Shares(shares, raters) = &rows[0].truth else { panic!("{:?}", rows[0]) };
    assert!((shares[0] - 0.25).abs() < 1e-12 && (shares[3] - 0.75).abs() < 1e-12);
    assert_eq!((*raters, rows[0].person, rows[1].person), (100.0, 0, 1));
}

#[test]
fn labels_are_read_and_others_left_out() {
    let (rows, left_out) =
        table("file,person,label\na.png,S1,happy\nb.png,S1,contempt\nc.png,S2,neutral\n").unwrap();
    assert_eq!(left_out, 1);
    assert_eq!(rows[0].truth, Truth::Label(Emotion::Happy));
    assert_eq!(rows.iter().map(|row| row.person).collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn faulty_tables_are_refused_with_the_line() {
    let faults = [
        ("", "lacks the column \"file\""),
        ("file,name\na,b\n", "neither share_angry to share_neutral nor \"label\""),
        (&format!("{HEADER}a.jpg,7,100,x,0,0,0,0,0,0\n"), "line 2: \"x\" is no number"),
        (&format!("{HEADER}a.jpg,7,100,-1,0,0,0,0,0,0\n"), "line 2: \"-1\" is no number"),
        (&format!("{HEADER}a.jpg,7,100,0,0,0,0,0,0,0\n"), "line 2: the shares add up to nothing"),
        (&format!("{HEADER}a.jpg,7,100,0,0\n"), "line 2"),
        ("file,label\na.jpg,contempt\n", "no row that can be measured"),
    ];
    for (text, sentence) in faults {
        let error = table(text).unwrap_err();
        assert!(error.contains(sentence), "{text:?}: {error}");
    }
}

/// FER+'s mapping says `ferplus` of happy and the rest neutral, the photo study's `photo` of angry.
fn scores(ferplus: f32, photo: f32) -> Scores {
    let (mut votes, mut columns) = ([0.0; 10], [0.0; 8]);
    (votes[1], votes[0]) = (ferplus, 1.0 - ferplus);
    (columns[0], columns[6]) = (photo, 1.0 - photo);
    Scores { classes: [1.0 / 7.0; 7], votes, photo: columns }
}

#[test]
fn figures_follow_from_the_rows_by_hand() {
    let row = |person, shares| Row { file: String::new(), person, truth: Truth::Shares(shares, 100.0) };
    let rows = [
        row(0, [0.8, 0.0, 0.0, 0.0, 0.0, 0.0, 0.2]),
        row(0, [0.1, 0.0, 0.0, 0.0, 0.0, 0.0, 0.9]),
        row(1, [0.4, 0.0, 0.0, 0.0, 0.0, 0.0, 0.6]),
        row(1, [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]),
    ];
    let found = [Some(scores(0.0, 0.8)), Some(scores(0.0, 0.1)), Some(scores(0.0, 0.4)), None];
    let report = outside::measure(&rows, 5, &found, Mixture { ferplus: 0.5 });
    assert_eq!((report.pictures, report.left_out, report.found, report.persons), (4, 5, 3, 2));
    let [depth, ferplus, photo] = &report.mappings[..] else { panic!() };
    assert_eq!([depth.mapping, ferplus.mapping, photo.mapping], Mapping::ALL);
    // The photo mapping says what the raters said; FER+'s says neutral of all; half and half, angry is .4 of the first.
    assert_eq!((photo.accuracy.hits, photo.accuracy.of), (3, 3));
    assert_eq!((ferplus.accuracy.hits, depth.accuracy.hits), (2, 2));
    assert_eq!((photo.recall[0].0, photo.recall[0].1.hits, photo.recall[0].1.of), (Emotion::Angry, 1, 1));
    let angry = |at: usize| report.mappings[at].agreement.as_ref().unwrap().emotions[0].summary;
    assert!((angry(2).concordance.unwrap() - 1.0).abs() < 1e-6);
    assert!((angry(2).mean_absolute_error.unwrap()).abs() < 1e-6);
    // (.8 + .1 + .4) / 3 / 2 is missing on average.
    assert!((angry(0).mean_absolute_error.unwrap() - 1.3 / 6.0).abs() < 1e-6);
    let angry = &photo.reliability[0];
    assert_eq!(angry.emotion, Emotion::Angry);
    let shares: Vec<f64> = angry.tenths.iter().map(|tenth| tenth.share).collect();
    assert_eq!(shares, [0.15, 0.45, 0.85]);
    assert!((angry.tenths[2].mean_depth - 0.8).abs() < 1e-6 && angry.tenths[2].pictures == 1);
}
