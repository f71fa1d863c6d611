use proptest::prelude::*;

use super::*;

fn fill(width: usize, height: usize, rgba: &[u8]) -> (Letterbox, Placement) {
    let mut letterbox = Letterbox::new();
    let frame = Frame::new(width, height, rgba).unwrap();
    let placement = letterbox.fill(&frame, Region::whole(&frame));
    (letterbox, placement)
}

/// One value of the square by a plain definition: all frame pixels weighted by the area that they
/// share with it, integer division.
fn reference(frame: &Frame, row: usize, column: usize, channel: usize) -> u8 {
    let (width, height) = (frame.width(), frame.height());
    let longer = width.max(height);
    let inner = |side: usize| ((side * SIDE + longer / 2) / longer).max(1);
    let (inner_width, inner_height) = (inner(width), inner(height));
    let (left, top) = ((SIDE - inner_width) / 2, (SIDE - inner_height) / 2);
    if row < top || row >= top + inner_height || column < left || column >= left + inner_width {
        return 0;
    }
    let covered = |i: usize, length: usize, count: usize, at: usize| {
        let (low, high) = ((i * length).max(at * count), ((i + 1) * length).min((at + 1) * count));
        high.saturating_sub(low) as u64
    };
    let mut sum = (width * height / 2) as u64;
    for y in 0..height {
        let share = covered(row - top, height, inner_height, y);
        for x in 0..width {
            let weight = share * covered(column - left, width, inner_width, x);
            sum += weight * u64::from(frame.rgb(x, y)[channel]);
        }
    }
    (sum / (width * height) as u64) as u8
}

#[test]
fn the_picture_is_centred_and_the_rest_black() {
    let (letterbox, placement) = fill(256, 128, &[200; 256 * 128 * 4]);
    let row = |y: usize| letterbox.pixels()[y * SIDE * 3];
    assert_eq!([row(31), row(32), row(95), row(96)], [0, 200, 200, 0]);
    assert_eq!(placement.to_frame(Point::new(0.0, 32.0)), Point::new(0.0, 0.0));
    assert_eq!(placement.to_frame(Point::new(128.0, 96.0)), Point::new(256.0, 128.0));
}

#[test]
fn a_turned_square_shows_the_same_pixels_and_its_points_lead_back() {
    // Red counts the columns and green the rows of a picture that fills the square.
    let rgba: Vec<u8> =
        (0..SIDE * SIDE).flat_map(|at| [(at % SIDE) as u8, (at / SIDE) as u8, 0, 255]).collect();
    let frame = Frame::new(SIDE, SIDE, &rgba).unwrap();
    for turn in [Turn::None, Turn::Quarter, Turn::Half, Turn::ThreeQuarters] {
        let mut letterbox = Letterbox::new();
        let placement = letterbox.fill_turned(&frame, Region::whole(&frame), turn);
        for (x, y) in [(0, 0), (127, 0), (3, 99), (50, 127)] {
            let at = (y * SIDE + x) * 3;
            let shown = [letterbox.pixels()[at], letterbox.pixels()[at + 1]].map(f32::from);
            let back = placement.to_frame(Point::new(x as f32 + 0.5, y as f32 + 0.5));
            assert_eq!([back.x - 0.5, back.y - 0.5], shown, "{turn:?} {x} {y}");
        }
    }
    // Clockwise: what was at the left is now at the top.
    let mut letterbox = Letterbox::new();
    letterbox.fill_turned(&frame, Region::whole(&frame), Turn::Quarter);
    assert_eq!(letterbox.pixels()[..2], [0, 127], "the lower left corner comes to the upper left one");
}

#[test]
fn the_turn_of_a_tilted_head_stands_it_upright() {
    // A head tilted clockwise by a quarter needs three more.
    assert_eq!(Turn::upright(90.0), Turn::ThreeQuarters);
    assert_eq!(Turn::upright(-90.0), Turn::Quarter);
    assert_eq!(
        [Turn::upright(180.0), Turn::upright(-170.0), Turn::upright(30.0)],
        [Turn::Half, Turn::Half, Turn::None]
    );
}

#[test]
fn a_pixel_is_the_mean_of_its_area_per_channel() {
    // 256 -> 128: blocks of 2 x 2; alpha does not count.
    let mut rgba = vec![0; 256 * 256 * 4];
    for (x, y, colour) in [(0, 0, [10, 0, 0, 9]), (1, 0, [20, 4, 0, 9]), (0, 1, [31, 0, 255, 9])] {
        let at = (y * 256 + x) * 4;
        rgba[at..at + 4].copy_from_slice(&colour);
    }
    let (letterbox, _) = fill(256, 256, &rgba);
    // 61 / 4 = 15.25, 4 / 4, 255 / 4 = 63.75
    assert_eq!(letterbox.pixels()[..3], [15, 1, 64]);
}

#[test]
fn a_smaller_frame_after_a_larger_leaves_nothing_of_it() {
    let mut letterbox = Letterbox::new();
    for (width, height, rgba) in [(200, 200, vec![255; 200 * 200 * 4]), (300, 20, vec![9; 300 * 20 * 4])] {
        let frame = Frame::new(width, height, &rgba).unwrap();
        letterbox.fill(&frame, Region::whole(&frame));
    }
    assert!(letterbox.pixels().iter().all(|&value| value == 0 || value == 9));
}

#[test]
fn quotients_by_multiplication_are_exact() {
    for area in [1, 2, 3, 7, 255, 1000, 307_200, 4_194_301, MOST_AREA - 9, MOST_AREA - 1] {
        let divide = quotient(area);
        let area = area as u32;
        for multiple in 0..256 {
            for sum in (multiple * area).saturating_sub(2)..=(multiple * area + 2).min(area * 256 - 1) {
                assert_eq!(u32::from(divide(sum)), sum / area, "{sum} / {area}");
            }
        }
    }
}

#[test]
fn large_areas_are_divided_alike() {
    let (width, height, count) = (701, 640, 117);
    let spans: Vec<Span> = (0..count).map(|column| Span::new(column, width, count)).collect();
    let columns: Vec<u32> = (0..width * 4).map(|at| ((at * 7919) % (255 * height + 1)) as u32).collect();
    let (mut small, mut large) = (vec![0; count * 3], vec![0; count * 3]);
    let area = width * height;
    mean_columns(&columns, &spans, area, &mut small);
    let plain = |sum: u64| (sum / area as u64) as u8;
    mean_columns_as(&columns, &spans, (area / 2) as u64, plain, &mut large);
    assert_eq!(small, large);
    // A picture of one colour stays it, also where the area is too large for 32 bits.
    let (width, height) = (8192, 2048);
    let spans: Vec<Span> = (0..count).map(|column| Span::new(column, width, count)).collect();
    mean_columns(&vec![77 * height as u32; width * 4], &spans, width * height, &mut large);
    assert!(large.iter().all(|&value| value == 77));
}

#[test]
fn a_region_is_shrunk_like_a_frame_of_its_own() {
    let value = |x: usize, y: usize| (x * 3 + y * 5) as u8;
    let rgba = |left: usize, top: usize, width: usize, height: usize| -> Vec<u8> {
        (0..width * height).flat_map(|at| [value(left + at % width, top + at / width); 4]).collect()
    };
    let (whole, part) = (rgba(0, 0, 90, 80), rgba(40, 20, 50, 60));
    let frame = Frame::new(90, 80, &whole).unwrap();
    // 60 around (70, 50): columns 40..100, cut at 90, rows 20..80.
    let region = Region::around(&frame, Point::new(70.0, 50.0), 60.0);
    let mut letterbox = Letterbox::new();
    let placement = letterbox.fill(&frame, region);
    let (own, own_placement) = fill(50, 60, &part);
    assert_eq!(letterbox.pixels(), own.pixels());
    let (here, there) = (Point::new(30.0, 40.0), Point::new(70.0, 90.0));
    for point in [here, there] {
        let expected = own_placement.to_frame(point);
        assert_eq!(placement.to_frame(point), Point::new(expected.x + 40.0, expected.y + 20.0));
    }
}

#[test]
fn a_region_stays_in_the_frame_whatever_is_asked() {
    let rgba = vec![0; 20 * 10 * 4];
    let frame = Frame::new(20, 10, &rgba).unwrap();
    for (x, y, side) in [
        (-50.0, 3.0, 4.0),
        (500.0, 500.0, 1e30),
        (f32::NAN, 1.0, 1.0),
        (3.0, 3.0, -9.0),
        (1.0, 1.0, f32::NAN),
    ] {
        let Region { left, top, width, height } = Region::around(&frame, Point::new(x, y), side);
        assert!(width > 0 && left + width <= 20 && height > 0 && top + height <= 10);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_size_agrees_with_the_plain_definition(width in 1usize..300, height in 1usize..300, seed: u32) {
        let mut state = seed;
        let mut random = move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) as usize
        };
        let rgba: Vec<u8> = (0..width * height * 4).map(|_| random() as u8).collect();
        let (letterbox, _) = fill(width, height, &rgba);
        let frame = Frame::new(width, height, &rgba).unwrap();
        for _ in 0..30 {
            let (row, column, channel) = (random() % SIDE, random() % SIDE, random() % 3);
            let value = letterbox.pixels()[(row * SIDE + column) * 3 + channel];
            prop_assert_eq!(value, reference(&frame, row, column, channel));
        }
    }
}
