use super::*;

/// A video as a list of frames: what is shown at a time, as a browser does it.
struct Film {
    times_ms: Vec<f64>,
    frame_ms: f64,
    end_ms: f64,
}

impl Film {
    fn regular(frames_per_second: f64, frames: u32) -> Self {
        let frame_ms = 1000.0 / frames_per_second;
        Self {
            // Rounded as in WebM.
            times_ms: (0..frames).map(|at| (f64::from(at) * frame_ms).round()).collect(),
            frame_ms,
            end_ms: f64::from(frames) * frame_ms,
        }
    }

    fn at(&self, time_ms: f64) -> Shown {
        let first = self.times_ms[0];
        let time = self.times_ms.iter().copied().take_while(|time| *time <= time_ms).last();
        Shown {
            time_ms: time.unwrap_or(first),
            duration_ms: Some(self.frame_ms),
            ended: time_ms > self.end_ms,
        }
    }

    /// The times that are read, with what they stand for.
    fn read(&self, walk: &mut Walk) -> Vec<(f64, f64)> {
        let mut read: Vec<(f64, f64)> = Vec::new();
        while let Some(time_ms) = walk.next_ms() {
            let shown = self.at(time_ms + AIM_MS);
            match walk.shown(shown) {
                Verdict::New { span_ms } => read.push((shown.time_ms, span_ms)),
                Verdict::Same { more_ms } => read.last_mut().expect("one was read").1 += more_ms,
                Verdict::Other => {}
            }
        }
        read
    }
}

#[test]
fn every_time_of_the_grid_gets_the_frame_shown_then() {
    let film = Film::regular(30.0, 90);
    let mut walk = Walk::new(Pace::PerSecond(10), Some(film.end_ms));
    let read = film.read(&mut walk);
    let expected: Vec<(f64, f64)> = (0..30).map(|k| (f64::from(k) * 100.0, 100.0)).collect();
    assert_eq!(read, expected);
    assert!(walk.unread().is_empty() && walk.frozen().is_empty());
    // 25 a second do not fall on the frames of 30: each gets the last frame before it.
    let read = film.read(&mut Walk::new(Pace::PerSecond(25), Some(film.end_ms)));
    assert_eq!(read.len(), 75);
    assert!(read.windows(2).all(|pair| pair[0].0 < pair[1].0));
}

#[test]
fn a_slow_video_is_read_once_a_frame() {
    let film = Film::regular(4.0, 8);
    let read = film.read(&mut Walk::new(Pace::PerSecond(10), Some(film.end_ms)));
    assert_eq!(read.iter().map(|(time, _)| *time).collect::<Vec<_>>(), film.times_ms);
    // All of it is accounted for: 3 or 2 times of the grid for each frame.
    assert_eq!(read.iter().map(|(_, span)| span).sum::<f64>(), 2000.0);
}

#[test]
fn every_frame_is_read_once_however_they_are_spaced() {
    let mut film = Film::regular(30.0, 90);
    let mut walk = Walk::new(Pace::EveryFrame, Some(film.end_ms));
    assert_eq!(film.read(&mut walk).len(), 90);
    // Some frames stand for longer than the file says.
    film.times_ms.retain(|time| !(*time as u64).is_multiple_of(7) || *time == 0.0);
    let mut walk = Walk::new(Pace::EveryFrame, Some(film.end_ms));
    let read = film.read(&mut walk);
    assert_eq!(read.iter().map(|(time, _)| *time).collect::<Vec<_>>(), film.times_ms);
}

#[test]
fn without_a_length_the_walk_ends_where_the_browser_can_go_no_further() {
    let film = Film::regular(30.0, 90);
    let mut walk = Walk::new(Pace::PerSecond(10), None);
    assert_eq!(film.read(&mut walk).len(), 30);
    assert_eq!(walk.next_ms(), None);
}

#[test]
fn a_part_that_the_browser_jumps_over_is_told() {
    let mut film = Film::regular(30.0, 180);
    film.times_ms.retain(|time| !(2600.0..4000.0).contains(time));
    let mut walk = Walk::new(Pace::PerSecond(10), Some(film.end_ms));
    let mut read = Vec::new();
    while let Some(time_ms) = walk.next_ms() {
        // Behind the damage the next whole frame comes, as Chromium does it.
        let look = if (2600.0..4000.0).contains(&time_ms) { 4000.0 } else { time_ms + AIM_MS };
        let shown = film.at(look);
        if let Verdict::New { .. } = walk.shown(shown) {
            read.push(shown.time_ms);
        }
    }
    assert_eq!(walk.unread(), [Span { from_ms: 2600.0, to_ms: 4000.0 }]);
    assert_eq!(read.len(), 60 - 14);
    assert!(read.contains(&4000.0), "what comes behind it is read once");
}

#[test]
fn failures_are_one_part_and_end_after_a_bounded_number_of_attempts() {
    let mut walk = Walk::new(Pace::PerSecond(10), Some(3_600_000.0));
    let frame = |time_ms| Shown { time_ms, duration_ms: None, ended: false };
    walk.shown(frame(0.0));
    let mut attempts = 0;
    while walk.next_ms().is_some() {
        walk.failed();
        attempts += 1;
    }
    assert!(attempts < 500, "{attempts}");
    assert_eq!(walk.unread(), [Span { from_ms: 100.0, to_ms: 3_600_000.0 }]);
    // After a success each time is tried again.
    let mut walk = Walk::new(Pace::PerSecond(10), Some(2000.0));
    walk.shown(frame(0.0));
    walk.failed();
    walk.failed();
    walk.shown(frame(300.0));
    walk.failed();
    assert_eq!(walk.next_ms(), Some(500.0));
    let spans = [Span { from_ms: 100.0, to_ms: 300.0 }, Span { from_ms: 400.0, to_ms: 500.0 }];
    assert_eq!(walk.unread().len(), 1, "damage with single frames between is one part: {spans:?}");
}

#[test]
fn a_picture_that_stands_still_to_the_end_is_told_and_stands_for_a_second() {
    let mut film = Film::regular(30.0, 150);
    film.times_ms.retain(|time| *time <= 1000.0);
    let mut walk = Walk::new(Pace::PerSecond(10), Some(film.end_ms));
    let read = film.read(&mut walk);
    assert_eq!(read.len(), 11);
    assert_eq!(read[10], (1000.0, LONGEST_MS));
    assert_eq!(walk.frozen(), [Span { from_ms: 1000.0, to_ms: 4900.0 }]);
    // A recorded screen says truthfully that its frames last.
    film.frame_ms = 4000.0;
    let mut walk = Walk::new(Pace::PerSecond(10), Some(film.end_ms));
    film.read(&mut walk);
    assert!(walk.frozen().is_empty());
}

#[test]
fn a_video_that_begins_late_has_missed_nothing() {
    let mut film = Film::regular(30.0, 90);
    film.times_ms.iter_mut().for_each(|time| *time += 80.0);
    let mut walk = Walk::new(Pace::PerSecond(10), Some(film.end_ms));
    let read = film.read(&mut walk);
    assert_eq!(read[0].0, 80.0);
    assert!(walk.unread().is_empty());
}

#[test]
fn a_stale_picture_is_not_taken_for_a_new_one() {
    let frame = |time_ms| Shown { time_ms, duration_ms: None, ended: false };
    let mut walk = Walk::new(Pace::PerSecond(10), Some(1000.0));
    assert_eq!(walk.shown(frame(0.0)), Verdict::New { span_ms: 100.0 });
    assert_eq!(walk.shown(frame(100.0)), Verdict::New { span_ms: 100.0 });
    assert_eq!(walk.shown(frame(0.0)), Verdict::Other);
    assert_eq!(walk.unread(), [Span { from_ms: 200.0, to_ms: 300.0 }]);
}

#[test]
fn a_length_that_is_the_time_of_the_last_frame_has_it_read() {
    let mut film = Film::regular(10.0, 20);
    film.end_ms = 1900.0;
    for pace in [Pace::PerSecond(10), Pace::EveryFrame] {
        let read = film.read(&mut Walk::new(pace, Some(film.end_ms)));
        assert_eq!(read.len(), 20, "{pace:?}");
        assert_eq!(read[19].0, 1900.0);
    }
    // A single picture has no length at all.
    film.times_ms.truncate(1);
    assert_eq!(film.read(&mut Walk::new(Pace::PerSecond(10), Some(0.0))), [(0.0, 100.0)]);
}

#[test]
fn what_is_shown_at_the_very_end_is_not_read_for_a_time_of_the_grid() {
    // The last frame of 30 a second lies between two times of the grid.
    let film = Film::regular(30.0, 90);
    let read = film.read(&mut Walk::new(Pace::PerSecond(10), Some(film.end_ms)));
    assert_eq!(read.last().map(|(time, _)| *time), Some(2900.0));
}

#[test]
fn paces_have_values_of_their_own() {
    for pace in Pace::ALL {
        assert_eq!(Pace::of_value(&pace.value()), Some(pace));
    }
    assert_eq!(Pace::of_value("7"), None);
}
