//! tract as the engine's [`Network`].

use tract_onnx::prelude::*;
use tract_onnx::tract_hir::internal::*;

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
        // What a file says of the values within may name dimensions that the card has fixed; they follow from the input anyway.
        let framework = crate::onnx().with_ignore_value_info(true);
        let model = framework.model_for_read(&mut onnx)?.with_input_fact(0, f32::fact(shape).into())?;
        // Quantized layers become ours; a float network comes back as it was.
        let typed = model.into_typed()?;
        check_volumes(&typed)?;
        let (model, _) = crate::optimise(typed)?;
        model.into_optimized()?.into_runnable()?.spawn()
    }

    fn try_run(&mut self, input: &[f32]) -> TractResult<Vec<Vec<f32>>> {
        let input = Tensor::from_shape(&self.shape, input)?;
        let outputs = self.state.run(tvec!(input.into()))?;
        let values = |output: &TValue| Ok(output.to_plain_array_view::<f32>()?.iter().copied().collect());
        outputs.iter().map(values).collect()
    }
}

/// A value between two layers has at most so many numbers: 256 MB of f32.
const MOST_NUMBERS: usize = 64 * 1024 * 1024;

/// Refuses a graph that would fill the memory, before it runs.
fn check_volumes(model: &TypedModel) -> TractResult<()> {
    for node in &model.nodes {
        for output in &node.outputs {
            let shape = output.fact.shape.as_concrete();
            let shape = shape.with_context(|| format!("the size of what {} gives is open", node.name))?;
            let volume = shape.iter().try_fold(1_usize, |volume, length| volume.checked_mul(*length));
            let fits = volume.is_some_and(|volume| volume <= MOST_NUMBERS);
            ensure!(fits, "{} would give {shape:?} numbers, more than the memory can hold", node.name);
        }
    }
    Ok(())
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
