//! How much memory a long recording takes, and that saving it takes hardly more.
//!
//! `cargo test --package emotion-record --test memory -- --nocapture` prints the figures of docs/performance.md.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use emotion_core::emotion::Depths;
use emotion_core::reading::Reason;
use emotion_record::export::{Dialect, FileKind, pieces};
use emotion_record::journal::{Entry, Gathering, encode};
use emotion_record::recorder::Recorder;
use emotion_record::session::{Models, Sample, Session};

/// Two hours at 30 readings a second.
const READINGS: usize = 2 * 3600 * 30;
/// A page's WebAssembly may take 60 MB; the page itself, its signals and the curves need some of it. The range between the
/// studies takes 12 MB of these.
const MOST_BYTES: usize = 48_000_000;

/// Counts what is allocated now, and the most that ever was.
struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// SAFETY: everything is passed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Relaxed) + layout.size();
        MOST.fetch_max(now, Relaxed);
        // SAFETY: the caller's promises are the system's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's promises are the system's.
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// A reading of a calibrated face: every number of a camera's sample is given.
fn sample(at: usize) -> Sample {
    let share = (at % 1000) as f32 / 1000.0;
    let depths = |happy| Depths { happy, neutral: 1.0 - happy, ..Depths::default() };
    Sample {
        face: Some(1 + (at / 50_000) as u32),
        face_box: Some([share, 0.25, 0.3, 0.4]),
        score: Some(0.9),
        yaw: Some(share),
        pitch: Some(-2.0),
        roll: Some(1.0),
        quality: 0.9,
        quality_reasons: if at.is_multiple_of(3) { vec![Reason::TooDark] } else { vec![] },
        raw: Some(depths(share)),
        range_low: Some(depths(share * 0.9)),
        range_high: Some(depths(share * 0.9 + 0.1)),
        baseline_corrected: Some(depths(share * 0.5)),
        ..Sample::without_face((at as f64 * 33.333).round())
    }
    .with_depth(Some(depths(share * 0.9)))
}

#[test]
fn two_hours_fit_with_their_journal_and_their_files() {
    let before = NOW.load(Relaxed);
    let mut recorder = Recorder::default();
    recorder.start(Session::new("2026-01-31T12:00:00.000Z", Models::default())).unwrap();
    let mut gathering = Gathering::default();
    let mut journal_bytes = 0;
    for at in 0..READINGS {
        let sample = sample(at);
        recorder.add(std::slice::from_ref(&sample));
        if gathering.add([Entry::Sample(sample)], at as f64 * 33.333) {
            journal_bytes += encode(&gathering.take()).len();
        }
    }
    assert_eq!(recorder.samples().len(), READINGS);
    let (recorded, most) = (NOW.load(Relaxed) - before, MOST.load(Relaxed) - before);
    recorder.stop();
    let mut file_bytes = [0, 0];
    for (kind, bytes) in [FileKind::Csv(Dialect::Point), FileKind::Json].into_iter().zip(&mut file_bytes) {
        let session = recorder.session().unwrap();
        *bytes = pieces(kind, session, recorder.samples().iter()).unwrap().map(|piece| piece.len()).sum();
    }
    let most_saving = MOST.load(Relaxed) - before;
    println!(
        "{READINGS} readings: {} bytes each in memory, {} in the journal; {:.1} MB recorded, {:.1} MB at most, {:.1} MB while \
         saving {:.1} MB of CSV and {:.1} MB of JSON",
        recorded / READINGS,
        journal_bytes / READINGS,
        recorded as f64 / 1e6,
        most as f64 / 1e6,
        most_saving as f64 / 1e6,
        file_bytes[0] as f64 / 1e6,
        file_bytes[1] as f64 / 1e6,
    );
    assert!(recorded / READINGS <= 208, "{} bytes a sample", recorded / READINGS);
    assert!(most_saving < MOST_BYTES, "{most_saving} bytes at most");
    assert!(most_saving - most < 1_000_000, "saving copies the recording");
}
