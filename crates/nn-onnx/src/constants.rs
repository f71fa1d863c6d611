//! A layer's weights and biases, read from the constants of a typed model.

use tract_onnx::tract_core::ops::math::Mul;
use tract_onnx::tract_hir::internal::*;

use super::operators::Dequantize;
use super::recognise::Recogniser;
use nn::graph::Weights;

/// Integer weights with zero point 0 and a scale for each index along one axis.
pub(super) struct ScaledWeights {
    pub values: Weights,
    pub shape: Vec<usize>,
    pub scales: Vec<f32>,
    pub axis: usize,
}

pub(super) enum Bias {
    /// In units of input scale x weight scale.
    Integers(Vec<i32>),
    Real(Vec<f32>),
}

impl Bias {
    /// As a layer holds it: integers, and real numbers, which only a real result has.
    pub fn split(
        self,
        quantized: bool,
        input_scale: f32,
        weight_scales: &[f32],
    ) -> Option<(Vec<i32>, Vec<f32>)> {
        let channels = weight_scales.len();
        Some(match (quantized, self) {
            (false, Bias::Real(real)) => (vec![0; channels], real),
            (false, Bias::Integers(integers)) => (integers, vec![0.0; channels]),
            (true, bias) => (bias.rounded(input_scale, weight_scales)?, vec![]),
        })
    }

    /// In units of input scale x weight scale; off by at most half of one.
    pub fn rounded(self, input_scale: f32, weight_scales: &[f32]) -> Option<Vec<i32>> {
        match self {
            Bias::Integers(integers) => Some(integers),
            Bias::Real(real) => {
                let units = real.iter().zip(weight_scales).map(|(&bias, &scale)| {
                    let unit = f64::from(input_scale) * f64::from(scale);
                    let rounded = (f64::from(bias) / unit).round_ties_even();
                    (rounded.abs() <= f64::from(i32::MAX)).then_some(rounded as i32)
                });
                units.collect()
            }
        }
    }
}

impl Recogniser<'_> {
    pub(super) fn weights(&self, outlet: OutletId) -> Option<ScaledWeights> {
        let outlet = self.cast_through(outlet);
        let scheme = &self.op::<Dequantize>(outlet.node)?.scheme;
        let constant = self.constant(self.0.node(outlet.node).inputs[0])?;
        if scheme.zero_points.iter().any(|&zero_point| zero_point != 0) {
            return None;
        }
        let shape = constant.shape().to_vec();
        let single = scheme.scales.len() == 1;
        let axis = if single { 0 } else { scheme.axis };
        let mut scales = scheme.scales.clone();
        if single && shape.len() == 4 {
            scales.resize(shape[0], scales[0]);
        }
        let plain = constant.as_plain_ram()?;
        let values = match constant.datum_type() {
            DatumType::I8 => Weights::I8(plain.as_slice::<i8>().ok()?.to_vec()),
            DatumType::I16 => Weights::I16(plain.as_slice::<i16>().ok()?.to_vec()),
            _ => return None,
        };
        Some(ScaledWeights { values, shape, scales, axis })
    }

    /// One bias for each weight scale.
    pub(super) fn bias(&self, outlet: OutletId, input_scale: f32, weight_scales: &[f32]) -> Option<Bias> {
        let mut outlet = self.reshape_through(outlet);
        // Gemm multiplies its bias by beta.
        if let Some((left, right)) = self.binary::<Mul>(outlet) {
            let (other, factor) = if self.uniform(left).is_some() { (right, left) } else { (left, right) };
            if self.uniform(factor)? == 1.0 {
                outlet = self.reshape_through(other);
            }
        }
        let channels = weight_scales.len();
        let Some(dequantize) = self.op::<Dequantize>(outlet.node) else {
            let constant = self.constant(outlet)?;
            let mut real = constant.as_plain_ram()?.as_slice::<f32>().ok()?.to_vec();
            if real.len() == 1 {
                real.resize(channels, real[0]);
            }
            return (real.len() == channels).then_some(Bias::Real(real));
        };
        let constant = self.constant(self.0.node(outlet.node).inputs[0])?;
        let integers = constant.as_plain_ram()?.as_slice::<i32>().ok()?.to_vec();
        let Dequantize { scheme } = dequantize;
        if integers.len() != channels || scheme.zero_points.iter().any(|&zero_point| zero_point != 0) {
            return None;
        }
        let scale = |channel: usize| scheme.scales[channel.min(scheme.scales.len() - 1)];
        // The usual case: already in units of input scale x weight scale, up to f32's rounding.
        let unit = |channel: usize| f64::from(input_scale) * f64::from(weight_scales[channel]);
        let usual = |channel: usize| (f64::from(scale(channel)) / unit(channel) - 1.0).abs() < 1e-6;
        if (0..channels).all(usual) {
            return Some(Bias::Integers(integers));
        }
        let real = integers.iter().enumerate().map(|(channel, &bias)| bias as f32 * scale(channel));
        Some(Bias::Real(real.collect()))
    }
}
