//! A minute in which the portrait's expression changes, for the README's picture: the mouth fades into itself upside down,
//! and brows and lids are moved. Drawn after no person's feeling; it only has to move the curves.

use image::{RgbImage, imageops};

pub const FRAMES_PER_SECOND: u32 = 5;
const SECONDS: u32 = 60;

/// How far an expression is from the portrait's own smile; each 0..1.
#[derive(Clone, Copy, PartialEq)]
struct Expression {
    /// The mouth upside down.
    mouth: f32,
    /// Inner ends of the brows up, lids down.
    sorrow: f32,
    /// Brows down and together.
    frown: f32,
    /// Brows and upper lids up.
    wide: f32,
}

const SMILE: Expression = Expression { mouth: 0.0, sorrow: 0.0, frown: 0.0, wide: 0.0 };

/// From which second on which expression is on its way; it is there after [`CHANGE_SECONDS`].
const SCRIPT: [(f32, Expression); 8] = [
    (0.0, SMILE),
    (7.0, Expression { mouth: 1.0, ..SMILE }),
    (14.0, Expression { mouth: 1.0, sorrow: 1.0, ..SMILE }),
    (24.0, Expression { mouth: 0.6, ..SMILE }),
    (30.0, SMILE),
    (36.0, Expression { mouth: 1.0, frown: 1.0, ..SMILE }),
    (45.0, Expression { mouth: 1.0, wide: 1.0, ..SMILE }),
    (52.0, SMILE),
];
const CHANGE_SECONDS: f32 = 2.5;

/// The mouth in a frame of 640 x 480: left, top, width and height.
const MOUTH: (u32, u32, u32, u32) = (268, 272, 108, 40);

/// A place of the face in a frame of 640 x 480, how wide around it the picture moves, and how far for each of sorrow,
/// frown and wide eyes; all in pixels.
struct Handle {
    x: f32,
    y: f32,
    radius: f32,
    shifts: [(f32, f32); 3],
}

const fn handle(x: f32, y: f32, radius: f32, shifts: [(f32, f32); 3]) -> Handle {
    Handle { x, y, radius, shifts }
}

/// Brows, inner and outer ends, and upper lids.
const HANDLES: [Handle; 6] = [
    handle(296.0, 182.0, 14.0, [(2.0, -7.0), (6.0, 10.0), (0.0, -6.0)]),
    handle(264.0, 180.0, 16.0, [(0.0, 4.0), (2.0, 2.0), (0.0, -7.0)]),
    handle(352.0, 186.0, 14.0, [(-2.0, -7.0), (-6.0, 10.0), (0.0, -6.0)]),
    handle(386.0, 190.0, 16.0, [(0.0, 4.0), (-2.0, 2.0), (0.0, -7.0)]),
    handle(279.0, 197.0, 12.0, [(0.0, 3.0), (0.0, 3.0), (0.0, -3.0)]),
    handle(366.0, 201.0, 12.0, [(0.0, 3.0), (0.0, 3.0), (0.0, -3.0)]),
];

/// Where the handles reach: left, top, right and bottom.
const REACH: (u32, u32, u32, u32) = (205, 120, 445, 245);

/// The whole film of a portrait of 640 x 480 pixels.
pub fn expressions(portrait: &RgbImage) -> Vec<RgbImage> {
    let mut frames: Vec<RgbImage> = Vec::new();
    let mut last = None;
    for index in 0..SECONDS * FRAMES_PER_SECOND {
        let expression = at(index as f32 / FRAMES_PER_SECOND as f32);
        match frames.last() {
            Some(frame) if last == Some(expression) => frames.push(frame.clone()),
            _ => frames.push(frame(portrait, expression)),
        }
        last = Some(expression);
    }
    frames
}

/// The expression at a time: the script's last one, on its way from the one before.
fn at(seconds: f32) -> Expression {
    let now = SCRIPT.iter().rposition(|(from, _)| *from <= seconds).unwrap_or(0);
    let (from, to) = SCRIPT[now];
    let before = SCRIPT[now.saturating_sub(1)].1;
    let share = ((seconds - from) / CHANGE_SECONDS).clamp(0.0, 1.0);
    let share = share * share * (3.0 - 2.0 * share);
    let mix = |before: f32, to: f32| before + share * (to - before);
    Expression {
        mouth: mix(before.mouth, to.mouth),
        sorrow: mix(before.sorrow, to.sorrow),
        frown: mix(before.frown, to.frown),
        wide: mix(before.wide, to.wide),
    }
}

fn frame(portrait: &RgbImage, expression: Expression) -> RgbImage {
    let mut frame = portrait.clone();
    let amounts = [expression.sorrow, expression.frown, expression.wide];
    let (left, top, right, bottom) = REACH;
    for y in top..bottom {
        for x in left..right {
            let (mut from_x, mut from_y) = (x as f32, y as f32);
            for handle in &HANDLES {
                let moved = handle.shifts.iter().zip(amounts);
                let (dx, dy) = moved.fold((0.0, 0.0), |(dx, dy), (shift, amount)| {
                    (dx + shift.0 * amount, dy + shift.1 * amount)
                });
                let (to_x, to_y) = (x as f32 - handle.x - dx, y as f32 - handle.y - dy);
                let weight = (-(to_x * to_x + to_y * to_y) / (2.0 * handle.radius * handle.radius)).exp();
                from_x -= weight * dx;
                from_y -= weight * dy;
            }
            if let Some(pixel) = imageops::interpolate_bilinear(portrait, from_x, from_y) {
                frame.put_pixel(x, y, pixel);
            }
        }
    }
    let (left, top, width, height) = MOUTH;
    for y in 0..height {
        for x in 0..width {
            let own = *portrait.get_pixel(left + x, top + y);
            let turned = *portrait.get_pixel(left + x, top + height - 1 - y);
            let mixed = std::array::from_fn(|channel| {
                let (own, turned) = (f32::from(own[channel]), f32::from(turned[channel]));
                (own + expression.mouth * (turned - own)).round() as u8
            });
            frame.put_pixel(left + x, top + y, image::Rgb(mixed));
        }
    }
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_film_begins_and_ends_with_the_portrait_and_changes_between() {
        let portrait = RgbImage::from_fn(640, 480, |x, y| image::Rgb([x as u8, y as u8, (x + y) as u8]));
        let frames = expressions(&portrait);
        assert_eq!(frames.len(), 300);
        assert!(frames[0] == portrait && frames[299] == portrait);
        let different = frames.windows(2).filter(|pair| pair[0] != pair[1]).count();
        assert!(different > 60, "{different}");
    }
}
