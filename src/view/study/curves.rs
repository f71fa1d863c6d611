//! The curves that a participant sees of a session: raw depths under each stimulus, as points of a drawing.

use emotion_study::result::Columns;

/// Size of the drawing, in its own units.
pub const WIDTH: f32 = 600.0;
pub const HEIGHT: f32 = 120.0;
/// Between two usable readings further apart than this the curve has a gap, in milliseconds.
const GAP_MS: i32 = 1_000;

/// The seven curves of one exposure as SVG paths, from angry to neutral. Unusable readings leave a gap; nothing is filled in.
pub fn paths(columns: &Columns, exposure: u16, duration_ms: u32) -> [String; 7] {
    let mut paths: [String; 7] = Default::default();
    let scale = WIDTH / duration_ms.max(1) as f32;
    let mut before: Option<i32> = None;
    for index in columns.range_of(exposure) {
        let media_ms = columns.media_ms[index];
        if media_ms < 0 || media_ms as u32 > duration_ms || !columns.is_usable(index) {
            continue;
        }
        let Some(raw) = columns.raw_at(index) else { continue };
        let x = media_ms as f32 * scale;
        let joined = before.is_some_and(|before| media_ms - before <= GAP_MS);
        for (path, value) in paths.iter_mut().zip(raw) {
            let y = HEIGHT * (1.0 - f32::from(value) / 10_000.0);
            let step = if joined { 'L' } else { 'M' };
            path.push_str(&format!("{step}{x:.1} {y:.1}"));
        }
        before = Some(media_ms);
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;
    use emotion_study::result::Reading;

    #[test]
    fn curves_run_through_usable_readings_and_break_at_gaps() {
        let mut columns = Columns::default();
        let mut push = |media_ms: i32, quality: f32, happy: f32| {
            let mut raw = [0.0; 7];
            raw[3] = happy;
            columns.push(&Reading {
                time_ms: (5_000 + media_ms) as u32,
                media_ms,
                exposure: 0,
                quality,
                reasons: 0,
                face: Some((0.0, raw)),
                inputs: &[],
            });
        };
        push(-500, 0.9, 1.0);
        push(0, 0.9, 0.5);
        push(500, 0.9, 1.0);
        push(600, 0.2, 0.0);
        push(3_000, 0.9, 0.0);
        assert_eq!(paths(&columns, 0, 6_000)[3], "M0.0 60.0L50.0 0.0M300.0 120.0");
        assert_eq!(paths(&columns, 1, 6_000)[3], "");
    }
}
