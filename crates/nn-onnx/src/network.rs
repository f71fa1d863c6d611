//! tract as the engine's [`Network`].

use tract_onnx::prelude::*;

use nn::{Network, NetworkError};

/// An ONNX graph, optimized for this machine, with its scratch memory.
pub struct TractNetwork {
    state: TypedSimpleState,
    shape: Vec<usize>,
}

impl TractNetwork {
    /// Read and optimize a graph with one f32 input of the given shape. Takes tenths of a second.
    ///
    /// # Errors
    /// [`NetworkError::Load`] where the bytes are no ONNX graph that tract runs, or the shape does not fit.
    pub fn load(onnx: &[u8], shape: &[usize]) -> Result<Self, NetworkError> {
        let state = Self::prepare(onnx, shape).map_err(|cause| NetworkError::Load(cause.into()))?;
        Ok(Self { state, shape: shape.to_vec() })
    }

    fn prepare(mut onnx: &[u8], shape: &[usize]) -> TractResult<TypedSimpleState> {
        let model = crate::onnx().model_for_read(&mut onnx)?.with_input_fact(0, f32::fact(shape).into())?;
        // Quantized layers become ours; a float network comes back as it was.
        let (model, _) = crate::optimise(model.into_typed()?)?;
        model.into_optimized()?.into_runnable()?.spawn()
    }

    fn try_run(&mut self, input: &[f32]) -> TractResult<Vec<Vec<f32>>> {
        let input = Tensor::from_shape(&self.shape, input)?;
        let outputs = self.state.run(tvec!(input.into()))?;
        let values = |output: &TValue| Ok(output.to_plain_array_view::<f32>()?.iter().copied().collect());
        outputs.iter().map(values).collect()
    }
}

impl Network for TractNetwork {
    fn run(&mut self, input: &[f32]) -> Result<Vec<Vec<f32>>, NetworkError> {
        let expected = self.shape.iter().product();
        if input.len() != expected {
            return Err(NetworkError::Input { expected, actual: input.len() });
        }
        self.try_run(input).map_err(|cause| NetworkError::Run(cause.into()))
    }
}
