//! What the keys do on the chart of a video.

/// One step of the zoom.
pub const ZOOM: f64 = 0.5;
/// Arrow keys go so far where each frame is read, in milliseconds.
const STEP_MS: f64 = 100.0;

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Action {
    /// Go to a time, in milliseconds; it may lie beyond the ends.
    Seek(f64),
    /// Show so many times as much.
    Zoom(f64),
    ShowWhole,
}

/// Where the chart stands when a key is pressed, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    pub cursor_ms: f64,
    /// The length of the part that is shown.
    pub shown_ms: f64,
    pub end_ms: f64,
    /// The grid of readings; `None` where each frame is read.
    pub grid_ms: Option<f64>,
}

/// Arrow keys step along the grid of readings, with shift ten steps at once; page keys go a tenth of what is shown. `key` is
/// named as the browser names it.
pub fn action(key: &str, shift: bool, standing: &Standing) -> Option<Action> {
    let Standing { cursor_ms, shown_ms, end_ms, grid_ms } = *standing;
    let step_ms = grid_ms.unwrap_or(STEP_MS) * if shift { 10.0 } else { 1.0 };
    // From one time of the grid to the next, not by a step from wherever the cursor is.
    let back_ms = ((cursor_ms / step_ms - 0.01).ceil() - 1.0) * step_ms;
    let on_ms = ((cursor_ms / step_ms + 0.01).floor() + 1.0) * step_ms;
    Some(match key {
        "ArrowLeft" | "ArrowDown" => Action::Seek(back_ms),
        "ArrowRight" | "ArrowUp" => Action::Seek(on_ms),
        "PageDown" => Action::Seek(cursor_ms - shown_ms / 10.0),
        "PageUp" => Action::Seek(cursor_ms + shown_ms / 10.0),
        "Home" => Action::Seek(0.0),
        "End" => Action::Seek(end_ms),
        "+" | "=" => Action::Zoom(ZOOM),
        "-" => Action::Zoom(1.0 / ZOOM),
        "0" => Action::ShowWhole,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(cursor_ms: f64) -> Standing {
        Standing { cursor_ms, shown_ms: 1000.0, end_ms: 60_000.0, grid_ms: Some(200.0) }
    }

    #[test]
    fn arrows_go_from_one_time_of_the_grid_to_the_next() {
        for (from, back, on) in [(400.0, 200.0, 600.0), (450.0, 400.0, 600.0), (399.0, 200.0, 600.0)] {
            assert_eq!(action("ArrowLeft", false, &at(from)), Some(Action::Seek(back)), "{from}");
            assert_eq!(action("ArrowUp", false, &at(from)), Some(Action::Seek(on)), "{from}");
        }
        assert_eq!(action("ArrowRight", true, &at(450.0)), Some(Action::Seek(2000.0)));
    }

    #[test]
    fn where_each_frame_is_read_a_step_is_a_tenth_of_a_second() {
        let standing = Standing { grid_ms: None, ..at(250.0) };
        assert_eq!(action("ArrowRight", false, &standing), Some(Action::Seek(300.0)));
    }

    #[test]
    fn the_other_keys_do_what_they_do_on_any_slider() {
        assert_eq!(action("PageUp", false, &at(500.0)), Some(Action::Seek(600.0)));
        assert_eq!(action("PageDown", false, &at(500.0)), Some(Action::Seek(400.0)));
        assert_eq!(action("Home", false, &at(500.0)), Some(Action::Seek(0.0)));
        assert_eq!(action("End", false, &at(500.0)), Some(Action::Seek(60_000.0)));
        assert_eq!(action("+", false, &at(0.0)), Some(Action::Zoom(0.5)));
        assert_eq!(action("-", false, &at(0.0)), Some(Action::Zoom(2.0)));
        assert_eq!(action("0", false, &at(0.0)), Some(Action::ShowWhole));
        assert_eq!(action("Tab", false, &at(0.0)), None, "the keyboard must be able to leave");
    }
}
