//! Head pose from the detector's six points.
//!
//! The six points of a mean head are fitted to the picture under weak perspective: the POS step
//! ("pose from orthography and scaling") of DeMenthon & Davis, "Model-based object pose in 25 lines of code",
//! IJCV 15, 1995. The model never changes, so its pseudo-inverse is a constant and a pose costs
//! two small matrix products. The two rows that come out are brought to the nearest orthonormal pair
//! (polar decomposition), which spreads the error of a face unlike the mean head over both.
//!
//! A single camera sees perspective and individual heads, so expect some degrees of error; the pose
//! serves to tell a face that looks at the camera from one that does not.

use crate::geometry::Point;
use crate::reading::Pose;

/// The mean head: x to the picture's right, y down, z away from the camera, in centimetres, in the order
/// of [`crate::reading::FacePoint`].
///
/// From the canonical mesh that MediaPipe's face geometry module fits to the same detector's points
/// (`geometry_pipeline_metadata_detection.pbtxt`, Apache-2.0), rounded to a hundredth of a millimetre, y and z turned round.
#[rustfmt::skip]
pub const HEAD_CM: [[f32; 3]; 6] = [
    [-3.151, -2.625, -3.466], // left eye
    [ 3.151, -2.625, -3.466], // right eye
    [ 0.000,  1.127, -7.476], // tip of the nose
    [ 0.000,  4.305, -4.162], // mouth
    [-7.664, -0.673,  2.436], // left ear
    [ 7.664, -0.673,  2.436], // right ear
];

/// Moore-Penrose inverse of [`HEAD_CM`] after its mean is taken away; row = axis, column = point.
/// A test checks it against the definition.
#[rustfmt::skip]
const INVERSE: [[f32; 6]; 3] = [
    [-0.022_944_319,  0.022_944_319,  0.0,          0.0,         -0.055_804_925, 0.055_804_925],
    [-0.083_410_198, -0.083_410_198,  0.012_018_076, 0.131_150_47, 0.011_825_927, 0.011_825_927],
    [-0.030_293_064, -0.030_293_064, -0.064_544_05, -0.000_412_62, 0.062_771_4, 0.062_771_4],
];

/// The pose of the head whose six points are these (pixels, order of [`crate::reading::FacePoint`]), in degrees,
/// with the signs of [`Pose`].
///
/// The head is turned by pitch (about its own ear-to-ear axis), then yaw (about the picture's
/// vertical), then roll (in the picture's plane), so that roll is the tilt of the line between the eyes.
/// Yaw lies in -90..=90, pitch and roll in -180..=180. Points that determine no pose (coinciding, on one line, or not
/// finite) give the zero pose.
pub fn estimate(points: &[Point; 6]) -> Pose {
    let [mut mean_x, mut mean_y] = [0.0f32; 2];
    for point in points {
        mean_x += point.x;
        mean_y += point.y;
    }
    mean_x /= 6.0;
    mean_y /= 6.0;

    let (mut across, mut down) = ([0.0f32; 3], [0.0f32; 3]);
    for axis in 0..3 {
        for (weight, point) in INVERSE[axis].iter().zip(points) {
            across[axis] += weight * (point.x - mean_x);
            down[axis] += weight * (point.y - mean_y);
        }
    }
    let Some((across, down)) = orthonormal(across, down) else {
        return Pose::default();
    };
    let away = cross(across, down);

    // With R = Rz(roll) Ry(yaw) Rx(pitch): R[2] = (sin yaw, -cos yaw sin pitch, cos yaw cos pitch) and
    // the first column is (cos roll cos yaw, sin roll cos yaw, sin yaw).
    let flat = libm::sqrtf(across[0] * across[0] + down[0] * down[0]);
    let pose = Pose {
        yaw: libm::atan2f(away[0], flat).to_degrees(),
        pitch: libm::atan2f(-away[1], away[2]).to_degrees(),
        roll: libm::atan2f(down[0], across[0]).to_degrees(),
    };
    if pose.yaw.is_finite() && pose.pitch.is_finite() && pose.roll.is_finite() {
        pose
    } else {
        Pose::default()
    }
}

/// The orthonormal pair nearest to `(a, b)`: the rows of (M Mᵀ)^(-1/2) M, with the closed form of a 2x2 root.
/// `None` where the two are (nearly) parallel or zero, or not finite.
fn orthonormal(a: [f32; 3], b: [f32; 3]) -> Option<([f32; 3], [f32; 3])> {
    let (aa, ab, bb) = (dot(a, a), dot(a, b), dot(b, b));
    let trace = aa + bb;
    let determinant = aa * bb - ab * ab;
    // 1e-5 of the largest possible determinant is the rounding error of points on one line.
    if !(trace.is_finite() && trace > 1e-12 && determinant > 1e-5 * trace * trace) {
        return None;
    }
    let root = libm::sqrtf(determinant);
    let norm = libm::sqrtf(trace + 2.0 * root);
    // The square root of [[aa, ab], [ab, bb]] is [[aa + root, ab], [ab, bb + root]] / norm.
    let (p, q, r) = ((aa + root) / norm, ab / norm, (bb + root) / norm);
    let inverse = 1.0 / (p * r - q * q);
    let combine = |m: f32, n: f32| std::array::from_fn(|i| (m * a[i] + n * b[i]) * inverse);
    Some((combine(r, -q), combine(-q, p)))
}

fn dot(a: [f32; 3], b: [f32; 3]) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn cross(a: [f32; 3], b: [f32; 3]) -> [f32; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The head turned by rotation matrices written out one by one, then scaled and shifted.
    fn project(pose: Pose, scale: f32, shift: Point) -> [Point; 6] {
        let (sy, cy) = pose.yaw.to_radians().sin_cos();
        let (sp, cp) = pose.pitch.to_radians().sin_cos();
        let (sr, cr) = pose.roll.to_radians().sin_cos();
        HEAD_CM.map(|[x, y, z]| {
            let (y, z) = (cp * y + sp * z, -sp * y + cp * z);
            let x = cy * x - sy * z;
            let (x, y) = (cr * x - sr * y, sr * x + cr * y);
            Point::new(x * scale + shift.x, y * scale + shift.y)
        })
    }

    fn assert_close(found: Pose, truth: Pose, tolerance: f32) {
        for (found, truth) in [(found.yaw, truth.yaw), (found.pitch, truth.pitch), (found.roll, truth.roll)] {
            assert!((found - truth).abs() < tolerance, "{found} is not {truth}");
        }
    }

    #[test]
    fn the_constant_is_the_inverse_of_the_centred_head() {
        let mean: [f32; 3] = std::array::from_fn(|axis| HEAD_CM.iter().map(|p| p[axis]).sum::<f32>() / 6.0);
        for (row, weights) in INVERSE.iter().enumerate() {
            for column in 0..3 {
                let product: f32 = (0..6).map(|i| weights[i] * (HEAD_CM[i][column] - mean[column])).sum();
                let expected = if row == column { 1.0 } else { 0.0 };
                assert!((product - expected).abs() < 1e-3, "({row}, {column}) is {product}");
            }
        }
    }

    #[test]
    fn the_signs_are_those_of_the_reading() {
        let straight = project(Pose::default(), 10.0, Point::default());
        let [eye, _, nose, ..] = straight;
        // Turned to the picture's right, the nose moves right of the eyes; looking up, it moves up.
        let right = project(Pose { yaw: 20.0, ..Pose::default() }, 10.0, Point::default());
        assert!(right[2].x > nose.x + 5.0);
        let up = project(Pose { pitch: 20.0, ..Pose::default() }, 10.0, Point::default());
        assert!(up[2].y < nose.y - 5.0);
        // Tilted clockwise, the left eye rises above the right one.
        let tilted = project(Pose { roll: 20.0, ..Pose::default() }, 10.0, Point::default());
        assert!(tilted[0].y < tilted[1].y - 5.0 && straight[0].y == straight[1].y);
        assert!(eye.x < 0.0);
        assert!(estimate(&right).yaw > 19.0);
        assert!(estimate(&up).pitch > 19.0);
        assert!(estimate(&tilted).roll > 19.0);
    }

    #[test]
    fn known_rotations_are_found_at_any_scale_and_place() {
        for yaw in [-60.0, -30.0, 0.0, 15.0, 45.0] {
            for pitch in [-40.0, -10.0, 0.0, 25.0] {
                for roll in [-170.0, -90.0, -20.0, 0.0, 35.0] {
                    for (scale, shift) in [
                        (1.0, Point::default()),
                        (0.7, Point::new(900.0, 400.0)),
                        (40.0, Point::new(-20.0, 7.0)),
                    ] {
                        let truth = Pose { yaw, pitch, roll };
                        assert_close(estimate(&project(truth, scale, shift)), truth, 0.2);
                    }
                }
            }
        }
    }

    #[test]
    fn a_shifted_point_changes_the_pose_by_little() {
        let truth = Pose { yaw: 20.0, pitch: -5.0, roll: 10.0 };
        let mut points = project(truth, 10.0, Point::new(320.0, 240.0));
        points[3].y += 4.0; // an open mouth: 4 % of the distance between the ears and more than half of a lip
        assert_close(estimate(&points), truth, 6.0);
    }

    #[test]
    fn points_without_a_pose_give_the_zero_pose() {
        let line = std::array::from_fn(|i| Point::new(i as f32 * 3.0, i as f32 * 2.0 + 100.0));
        let far = [Point::new(1e30, -1e30); 6];
        let mut broken = project(Pose::default(), 10.0, Point::default());
        broken[4].x = f32::NAN;
        for points in [
            [Point::new(5.0, 5.0); 6],
            [Point::default(); 6],
            line,
            far,
            broken,
            [Point::new(f32::INFINITY, 0.0); 6],
        ] {
            assert_eq!(estimate(&points), Pose::default());
        }
    }
}
