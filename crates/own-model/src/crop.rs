//! The part of a frame that a model sees, as its card asks for it.
//!
//! A person's own model may compute as it likes, so here is plain float arithmetic; what the built-in model sees is cut out by
//! [`emotion_core::align`] alone.

use emotion_core::align::Template as Points;
use emotion_core::frame::{Frame, luma};
use emotion_core::geometry::{Point, Rect, Similarity};
use emotion_core::model::Alignment;

use crate::card::{Colour, Input, Layout, Pixels, Template};

/// Cuts faces out and makes a model's numbers of them.
pub struct Cutter {
    input: Input,
    /// Where the points of a face lie in the crop; `None` for the box.
    points: Option<Points>,
}

/// ArcFace's five points in a crop of 112 pixels (insightface, `face_align.py`), the corners of the mouth as their middle.
const ARCFACE: Alignment = Alignment {
    size: 112,
    left_eye: [38.2946, 51.6963],
    right_eye: [73.5318, 51.5014],
    nose: [56.0252, 71.7366],
    mouth: [56.1396, 92.2848],
};

impl Cutter {
    /// `fer`: where the built-in model has the points of a face, from its manifest.
    pub fn new(input: &Input, fer: &Alignment) -> Self {
        let points = match input.crop.template {
            Template::Fer => Some(scaled(fer, input.side(), input.crop.margin)),
            Template::Arcface => Some(scaled(&ARCFACE, input.side(), input.crop.margin)),
            Template::Box => None,
        };
        Self { input: input.clone(), points }
    }

    /// The numbers of one face, in the order of the card's layout. `points_px`: in the order of
    /// [`emotion_core::reading::FacePoint`]. `None` where the points coincide or the box has no extent.
    pub fn cut(&self, frame: &Frame, box_px: Rect, points_px: &[Point; 6]) -> Option<Vec<f32>> {
        let side = self.input.side();
        let to_frame = match &self.points {
            Some(points) => points.to_frame(points_px)?,
            None => square(box_px, side, self.input.crop.margin)?,
        };
        let pixels = sample(frame, &to_frame, side);
        Some(self.numbers(&pixels))
    }

    /// The numbers of a whole square picture, which is a crop already.
    pub fn whole(&self, picture: &Frame) -> Vec<f32> {
        let side = self.input.side();
        let scale = picture.width() as f32 / side as f32;
        self.numbers(&sample(picture, &Similarity { a: scale, b: 0.0, tx: 0.0, ty: 0.0 }, side))
    }

    /// Numbers of a crop of red, green and blue, row by row.
    fn numbers(&self, pixels: &[[u8; 3]]) -> Vec<f32> {
        let channels = self.input.colour.channels();
        let number = |channel: usize, byte: u8| match &self.input.pixels {
            Pixels::Unit => f32::from(byte) / 255.0,
            Pixels::Byte => f32::from(byte),
            Pixels::MeanDeviation { mean, deviation } => {
                (f32::from(byte) / 255.0 - mean[channel]) / deviation[channel]
            }
        };
        let byte = |channel: usize, pixel: [u8; 3]| match self.input.colour {
            Colour::Grey => luma(pixel),
            Colour::Rgb => pixel[channel],
            Colour::Bgr => pixel[2 - channel],
        };
        let of = |channel: usize, pixel: &[u8; 3]| number(channel, byte(channel, *pixel));
        match self.input.layout {
            Layout::Nchw => {
                (0..channels).flat_map(|channel| pixels.iter().map(move |pixel| of(channel, pixel))).collect()
            }
            Layout::Nhwc => {
                pixels.iter().flat_map(|pixel| (0..channels).map(move |channel| of(channel, pixel))).collect()
            }
        }
    }
}

/// A template for a crop of `side` pixels that shows `margin` more at each side.
fn scaled(template: &Alignment, side: usize, margin: f32) -> Points {
    let scale = side as f32 / template.size as f32 / (1.0 + 2.0 * margin);
    let centre = (template.size as f32 * 0.5, side as f32 * 0.5);
    let place = |point: [f32; 2]| point.map(|at| (at - centre.0) * scale + centre.1);
    Points::new(&Alignment {
        size: side,
        left_eye: place(template.left_eye),
        right_eye: place(template.right_eye),
        nose: place(template.nose),
        mouth: place(template.mouth),
    })
}

/// From crop pixels to the square around a box.
fn square(box_px: Rect, side: usize, margin: f32) -> Option<Similarity> {
    let extent = box_px.width.max(box_px.height) * (1.0 + 2.0 * margin);
    let centre = box_px.centre();
    let usable = extent.is_finite() && extent > 1e-3 && centre.x.is_finite() && centre.y.is_finite();
    let scale = extent / side as f32;
    usable.then_some(Similarity {
        a: scale,
        b: 0.0,
        tx: centre.x - extent * 0.5,
        ty: centre.y - extent * 0.5,
    })
}

/// The mean colour over the square that each crop pixel covers, of bilinear samples a frame pixel or less apart (at most eight in each
/// direction). Outside the frame its border is repeated.
fn sample(frame: &Frame, to_frame: &Similarity, side: usize) -> Vec<[u8; 3]> {
    let samples = (libm::ceilf(to_frame.scale()) as usize).clamp(1, 8);
    let step = 1.0 / samples as f32;
    let mut pixels = Vec::with_capacity(side * side);
    for y in 0..side {
        for x in 0..side {
            let mut sums = [0.0_f32; 3];
            for (down, across) in (0..samples * samples).map(|at| (at / samples, at % samples)) {
                let place = Point::new(
                    x as f32 + (across as f32 + 0.5) * step,
                    y as f32 + (down as f32 + 0.5) * step,
                );
                let colour = bilinear(frame, to_frame.apply(place));
                sums.iter_mut().zip(colour).for_each(|(sum, channel)| *sum += channel);
            }
            let count = (samples * samples) as f32;
            pixels.push(sums.map(|sum| libm::roundf(sum / count) as u8));
        }
    }
    pixels
}

/// The colour at a place of the frame, between the centres of its pixels.
fn bilinear(frame: &Frame, at: Point) -> [f32; 3] {
    let along = |at: f32, length: usize| {
        let at = (at - 0.5).clamp(0.0, (length - 1) as f32);
        let first = at as usize;
        (first, (first + 1).min(length - 1), at - first as f32)
    };
    let (left, right, to_right) = along(at.x, frame.width());
    let (upper, lower, down) = along(at.y, frame.height());
    let [a, b, c, d] = [(left, upper), (right, upper), (left, lower), (right, lower)]
        .map(|(x, y)| frame.rgb(x, y).map(f32::from));
    std::array::from_fn(|channel| {
        let above = a[channel] + (b[channel] - a[channel]) * to_right;
        let below = c[channel] + (d[channel] - c[channel]) * to_right;
        above + (below - above) * down
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::Crop;
    use emotion_core::align::{SIZE, Warper};

    const FER: Alignment = Alignment {
        size: 48,
        left_eye: [15.0, 17.0],
        right_eye: [33.0, 17.0],
        nose: [24.0, 28.0],
        mouth: [24.0, 37.0],
    };

    fn input(shape: [usize; 4], layout: Layout, colour: Colour, template: Template) -> Input {
        Input { shape, layout, colour, pixels: Pixels::Byte, crop: Crop { template, margin: 0.0 } }
    }

    /// Red grows to the right, green downwards, blue is 7.
    fn frame_bytes(side: usize) -> Vec<u8> {
        (0..side * side).flat_map(|at| [(at % side) as u8, (at / side) as u8, 7, 255]).collect()
    }

    #[test]
    fn the_box_is_cut_out_in_the_order_of_the_layout() {
        let bytes = frame_bytes(64);
        let frame = Frame::new(64, 64, &bytes).unwrap();
        let face = Rect::new(8.0, 24.0, 16.0, 10.0);
        let cut = |layout, colour, shape| {
            Cutter::new(&input(shape, layout, colour, Template::Box), &FER)
                .cut(&frame, face, &[Point::default(); 6])
                .unwrap()
        };
        // The square around the box: from (8, 21), 16 x 16, one crop pixel a frame pixel.
        let planes = cut(Layout::Nchw, Colour::Rgb, [1, 3, 16, 16]);
        assert_eq!((planes[0], planes[15], planes[16 * 16], planes[3 * 16 * 16 - 1]), (8.0, 23.0, 21.0, 7.0));
        let pixels = cut(Layout::Nhwc, Colour::Rgb, [1, 16, 16, 3]);
        assert_eq!(pixels[..6], [8.0, 21.0, 7.0, 9.0, 21.0, 7.0]);
        assert_eq!(cut(Layout::Nhwc, Colour::Bgr, [1, 16, 16, 3])[..3], [7.0, 21.0, 8.0]);
        assert_eq!(cut(Layout::Nchw, Colour::Grey, [1, 1, 16, 16])[0], f32::from(luma([8, 21, 7])));
    }

    #[test]
    fn a_margin_shows_more_and_the_frames_border_is_repeated() {
        let bytes = frame_bytes(64);
        let frame = Frame::new(64, 64, &bytes).unwrap();
        let mut wide = input([1, 3, 32, 32], Layout::Nchw, Colour::Rgb, Template::Box);
        wide.crop.margin = 0.5;
        let face = Rect::new(0.0, 16.0, 16.0, 16.0);
        let cut = Cutter::new(&wide, &FER).cut(&frame, face, &[Point::default(); 6]).unwrap();
        // From (-8, 8): the first nine columns all show column 0.
        assert_eq!((cut[8], cut[9], cut[31], cut[32 * 32]), (0.0, 1.0, 23.0, 8.0));
    }

    #[test]
    fn numbers_are_scaled_as_the_card_says() {
        let bytes = vec![51; 32 * 32 * 4];
        let frame = Frame::new(32, 32, &bytes).unwrap();
        let mut colours = input([1, 3, 16, 16], Layout::Nchw, Colour::Rgb, Template::Box);
        let first_of_each = |input: &Input| {
            let cut = Cutter::new(input, &FER)
                .cut(&frame, Rect::new(4.0, 4.0, 16.0, 16.0), &[Point::default(); 6])
                .unwrap();
            [cut[0], cut[256], cut[512]]
        };
        colours.pixels = Pixels::Unit;
        assert_eq!(first_of_each(&colours), [0.2; 3]);
        colours.pixels = Pixels::MeanDeviation { mean: vec![0.2, 0.0, -0.3], deviation: vec![1.0, 2.0, 0.5] };
        assert_eq!(first_of_each(&colours), [0.0, 0.1, 1.0]);
    }

    /// The same face as the built-in model sees it, up to the rounding of another arithmetic.
    #[test]
    fn the_template_of_the_built_in_model_gives_its_crop() {
        let mut bytes = frame_bytes(200);
        // Something that is not a plane.
        for (at, pixel) in bytes.chunks_exact_mut(4).enumerate() {
            pixel[2] = ((at % 200) * (at / 200) / 7 % 256) as u8;
        }
        let frame = Frame::new(200, 200, &bytes).unwrap();
        let points = [(60.0, 80.0), (120.0, 70.0), (95.0, 110.0), (98.0, 140.0), (40.0, 90.0), (150.0, 80.0)]
            .map(|(x, y)| Point::new(x, y));
        let ours = Cutter::new(&input([1, 1, 48, 48], Layout::Nchw, Colour::Grey, Template::Fer), &FER)
            .cut(&frame, Rect::default(), &points)
            .unwrap();
        let mut theirs = vec![0; SIZE * SIZE];
        let to_frame = Points::new(&FER).to_frame(&points).unwrap();
        Warper::new().warp(&frame, &to_frame, SIZE, &mut theirs);
        let off: f32 = ours.iter().zip(&theirs).map(|(a, b)| (a - f32::from(*b)).abs()).sum();
        assert!(off / (48.0 * 48.0) < 1.0, "{off}");
    }

    #[test]
    fn the_points_of_a_face_come_to_their_places() {
        // A face that lies as the template does, twice as large: one bright pixel at the nose.
        let mut bytes = vec![0; 300 * 300 * 4];
        let at = |x: f32, y: f32| (2.0 * x + 10.0, 2.0 * y + 20.0);
        let (nose_x, nose_y) = at(56.0252, 71.7366);
        for (dy, dx) in (0..9).map(|n| (n / 3, n % 3)) {
            let (x, y) = (nose_x as usize - 1 + dx, nose_y as usize - 1 + dy);
            bytes[(y * 300 + x) * 4] = 255;
        }
        let frame = Frame::new(300, 300, &bytes).unwrap();
        let points = [ARCFACE.left_eye, ARCFACE.right_eye, ARCFACE.nose, ARCFACE.mouth, [0.0; 2], [0.0; 2]]
            .map(|[x, y]| at(x, y))
            .map(|(x, y)| Point::new(x, y));
        let cut = Cutter::new(&input([1, 3, 112, 112], Layout::Nchw, Colour::Rgb, Template::Arcface), &FER)
            .cut(&frame, Rect::default(), &points)
            .unwrap();
        let (brightest, _) =
            cut.iter().enumerate().max_by(|(_, a), (_, b)| a.total_cmp(b)).expect("there are numbers");
        assert_eq!((brightest % 112, brightest / 112), (56, 71));
    }

    #[test]
    fn a_face_without_extent_gives_nothing() {
        let bytes = frame_bytes(16);
        let frame = Frame::new(16, 16, &bytes).unwrap();
        for template in [Template::Fer, Template::Arcface, Template::Box] {
            let cutter = Cutter::new(&input([1, 1, 16, 16], Layout::Nchw, Colour::Grey, template), &FER);
            assert_eq!(cutter.cut(&frame, Rect::default(), &[Point::default(); 6]), None);
        }
    }
}
