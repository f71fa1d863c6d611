//! Distribution functions: normal, Student's t, and the noncentral t of power computations.
//!
//! Elementary functions come from `libm`, and every sum has a fixed order: the bits are the same on every machine.

use libm::{erfc, exp, lgamma, log, log1p};

const SQRT_HALF: f64 = core::f64::consts::FRAC_1_SQRT_2;

/// P(Z <= z) of the standard normal distribution.
#[must_use]
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * erfc(-z * SQRT_HALF)
}

/// The z with P(Z <= z) = `p`, for `p` in 0..1; infinite at the ends, NaN outside.
///
/// Wichura 1988, algorithm AS 241 (PPND16): relative error about 1e-16.
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180625 - q * q;
        return q * horner(r, &CENTRE_TOP) / horner(r, &CENTRE_BOTTOM);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    if tail == 0.0 {
        return if q < 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    let r = (-log(tail)).sqrt();
    let size = if r <= 5.0 {
        horner(r - 1.6, &NEAR_TOP) / horner(r - 1.6, &NEAR_BOTTOM)
    } else {
        horner(r - 5.0, &FAR_TOP) / horner(r - 5.0, &FAR_BOTTOM)
    };
    if q < 0.0 { -size } else { size }
}

fn horner(x: f64, coefficients: &[f64; 8]) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

const CENTRE_TOP: [f64; 8] = [
    3.387_132_872_796_366_5,
    1.331_416_678_917_843_8e2,
    1.971_590_950_306_551_3e3,
    1.373_169_376_550_946e4,
    4.592_195_393_154_987e4,
    6.726_577_092_700_87e4,
    3.343_057_558_358_813e4,
    2.509_080_928_730_122_7e3,
];
const CENTRE_BOTTOM: [f64; 8] = [
    1.0,
    4.231_333_070_160_091e1,
    6.871_870_074_920_579e2,
    5.394_196_021_424_751e3,
    2.121_379_430_158_659_7e4,
    3.930_789_580_009_271e4,
    2.872_908_573_572_194_3e4,
    5.226_495_278_852_545e3,
];
const NEAR_TOP: [f64; 8] = [
    1.423_437_110_749_683_5,
    4.630_337_846_156_546,
    5.769_497_221_460_691,
    3.647_848_324_763_204_5,
    1.270_458_252_452_368_4,
    2.417_807_251_774_506e-1,
    2.272_384_498_926_918_4e-2,
    7.745_450_142_783_414e-4,
];
const NEAR_BOTTOM: [f64; 8] = [
    1.0,
    2.053_191_626_637_759,
    1.676_384_830_183_803_8,
    6.897_673_349_851e-1,
    1.481_039_764_274_800_8e-1,
    1.519_866_656_361_645_7e-2,
    5.475_938_084_995_345e-4,
    1.050_750_071_644_416_9e-9,
];
const FAR_TOP: [f64; 8] = [
    6.657_904_643_501_103,
    5.463_784_911_164_114,
    1.784_826_539_917_291_3,
    2.965_605_718_285_048_7e-1,
    2.653_218_952_657_612_4e-2,
    1.242_660_947_388_078_4e-3,
    2.711_555_568_743_487_6e-5,
    2.010_334_399_292_288_1e-7,
];
const FAR_BOTTOM: [f64; 8] = [
    1.0,
    5.998_322_065_558_88e-1,
    1.369_298_809_227_358e-1,
    1.487_536_129_085_061_5e-2,
    7.868_691_311_456_133e-4,
    1.846_318_317_510_054_8e-5,
    1.421_511_758_316_446e-7,
    2.044_263_103_389_939_8e-15,
];

/// ln(Γ(a + 1/2) / Γ(a)), without the cancellation of two large logarithms.
fn ln_gamma_half_step(a: f64) -> f64 {
    if a < 20.0 {
        return lgamma(a + 0.5) - lgamma(a);
    }
    let square = 1.0 / (a * a);
    let series = 1.0 / 8.0 - square * (1.0 / 192.0 - square * (1.0 / 640.0 - square * (17.0 / 14_336.0)));
    0.5 * log(a) - series / a
}

/// ln B(a, b).
fn ln_beta(a: f64, b: f64) -> f64 {
    // Γ(1/2) = sqrt(pi): ln B(a, 1/2) = ln sqrt(pi) - ln(Γ(a + 1/2) / Γ(a)).
    const LN_SQRT_PI: f64 = 0.572_364_942_924_700_1;
    if b == 0.5 {
        LN_SQRT_PI - ln_gamma_half_step(a)
    } else if a == 0.5 {
        LN_SQRT_PI - ln_gamma_half_step(b)
    } else {
        lgamma(a) + lgamma(b) - lgamma(a + b)
    }
}

/// Regularised incomplete beta function I_x(a, b); `y` is 1 - `x`, given apart so that a small one keeps its digits.
/// Continued fraction (DLMF 8.17.22) by Lentz's method.
fn incomplete_beta(a: f64, b: f64, x: f64, y: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if y <= 0.0 {
        return 1.0;
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - beta_fraction(b, a, y, x);
    }
    beta_fraction(a, b, x, y)
}

fn beta_fraction(a: f64, b: f64, x: f64, y: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let ln_x = if x > 0.5 { log1p(-y) } else { log(x) };
    let ln_y = if y > 0.5 { log1p(-x) } else { log(y) };
    let front = exp(a * ln_x + b * ln_y - ln_beta(a, b)) / a;
    let away_from_zero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    // It converges in some sqrt(max(a, b)) steps.
    for step in 1..20_000 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away_from_zero(1.0 + even * d);
        c = away_from_zero(1.0 + even / c);
        fraction *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away_from_zero(1.0 + odd * d);
        c = away_from_zero(1.0 + odd / c);
        fraction *= d * c;
        if (d * c - 1.0).abs() < 1e-16 {
            break;
        }
    }
    front * fraction
}

/// P(|T| >= |t|) of Student's t with `df` > 0 degrees of freedom, which need not be a whole number.
#[must_use]
pub fn student_t_two_sided(t: f64, df: f64) -> f64 {
    if t.is_nan() || df.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    if t.is_infinite() {
        return 0.0;
    }
    if df.is_infinite() {
        return erfc(t.abs() * SQRT_HALF);
    }
    let square = t * t;
    incomplete_beta(0.5 * df, 0.5, df / (df + square), square / (df + square))
}

/// P(T <= t) of Student's t with `df` > 0 degrees of freedom.
#[must_use]
pub fn student_t_cdf(t: f64, df: f64) -> f64 {
    let tail = 0.5 * student_t_two_sided(t, df);
    if t < 0.0 { tail } else { 1.0 - tail }
}

fn student_t_density(t: f64, df: f64) -> f64 {
    let half = 0.5 * df;
    let ln =
        ln_gamma_half_step(half) - 0.5 * log(df * core::f64::consts::PI) - (half + 0.5) * log1p(t * t / df);
    exp(ln)
}

/// The t with P(T <= t) = `p`, for `p` in 0..1 and `df` > 0; infinite at the ends, NaN outside.
///
/// Newton's steps on the tail, kept inside a bracket.
#[must_use]
pub fn student_t_quantile(p: f64, df: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) || df.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    if df.is_infinite() || p == 0.0 || p == 1.0 {
        return normal_quantile(p);
    }
    let (sign, tail) = if p < 0.5 { (-1.0, p) } else { (1.0, 1.0 - p) };
    let above = |t: f64| 0.5 * student_t_two_sided(t, df) - tail;
    let (mut low, mut high) = (0.0, 2.0 - normal_quantile(tail));
    while above(high) > 0.0 && high < 1e300 {
        low = high;
        high *= 2.0;
    }
    let mut t = 0.5 * (low + high);
    for _ in 0..200 {
        let excess = above(t);
        if excess > 0.0 {
            low = t;
        } else {
            high = t;
        }
        let newton = t + excess / student_t_density(t, df);
        let next = if newton > low && newton < high { newton } else { 0.5 * (low + high) };
        let moved = (next - t).abs();
        t = next;
        if moved <= 1e-15 * t {
            break;
        }
    }
    sign * t
}

/// P(T <= t) of the noncentral t with `df` > 0 and noncentrality `delta`, |delta| < 38.
///
/// Lenth 1989, algorithm AS 243, summed until the weights that are left cannot change the result.
#[must_use]
pub fn noncentral_t_cdf(t: f64, df: f64, delta: f64) -> f64 {
    if t < 0.0 {
        return 1.0 - noncentral_t_cdf(-t, df, -delta);
    }
    let half_square = 0.5 * delta * delta;
    let (x, y) = (t * t / (t * t + df), df / (t * t + df));
    let mut poisson = exp(-half_square);
    // q_0 = delta / (sqrt(2) Γ(3/2)) exp(-delta² / 2), and Γ(3/2) = sqrt(pi) / 2.
    let mut companion = delta * poisson * (2.0 / core::f64::consts::PI).sqrt();
    let mut sum = 0.0;
    let mut left = 1.0;
    for step in 0..5_000 {
        let j = f64::from(step);
        sum += poisson * incomplete_beta(j + 0.5, 0.5 * df, x, y);
        sum += companion * incomplete_beta(j + 1.0, 0.5 * df, x, y);
        left -= poisson;
        if j > half_square && left < 1e-15 {
            break;
        }
        poisson *= half_square / (j + 1.0);
        companion *= half_square / (j + 1.5);
    }
    (normal_cdf(-delta) + 0.5 * sum).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_forms() {
        // df 1 is Cauchy: the quantile is tan(pi (p - 1/2)); df 2: 2 a sqrt(2 / (4 p (1 - p))), a = p - 1/2.
        let p = 0.975;
        let cauchy = libm::tan(core::f64::consts::PI * (p - 0.5));
        assert!((student_t_quantile(p, 1.0) - cauchy).abs() < 1e-11);
        let two = (2.0 * p - 1.0) / (2.0 * p * (1.0 - p)).sqrt();
        assert!((student_t_quantile(p, 2.0) - two).abs() < 1e-13);
        assert!(student_t_quantile(0.5, 7.0).abs() < 1e-15);
        assert!(student_t_quantile(1.5, 7.0).is_nan());
    }

    #[test]
    fn the_quantile_undoes_the_distribution() {
        for df in [0.7, 1.0, 2.5, 9.0, 40.0, 998.0, 1e6] {
            for p in [1e-12, 1e-4, 0.025, 0.3, 0.5, 0.9, 0.9999] {
                let back = student_t_cdf(student_t_quantile(p, df), df);
                assert!((back - p).abs() < 1e-10 * p, "df {df}, p {p}: {back}");
            }
        }
    }
}
