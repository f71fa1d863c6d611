//! Whole frames, pixels to depths, have the same bits everywhere: here on the host, in browser-tests in Chromium.

use testkit::frames;

/// `UPDATE_GOLDEN=1 cargo test --test bit_equal` writes the file anew, after a change of the models or of a stage.
#[test]
fn whole_frames_keep_their_bits() {
    let path = testkit::file("tests/golden/frame_hashes.txt");
    let readings = frames::readings();
    let faces: Vec<_> = readings.iter().map(|reading| reading.0).collect();
    // A find becomes a face in the frame after, so the ninth has not its second one yet; the first frame of all is looked at twice.
    assert_eq!(faces, [1, 1, 1, 1, 0, 1, 1, 1, 1, 2, 2], "the frames show what they should");
    let lines: String =
        readings.iter().enumerate().map(|(at, (_, hash))| format!("{at} {hash:016x}\n")).collect();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &lines).expect("the golden file can be written");
    }
    let golden = std::fs::read_to_string(&path).expect("tests/golden/frame_hashes.txt is in the repository");
    assert!(lines == golden, "readings changed: see UPDATE_GOLDEN above, and say why in the commit");
}
