//! The int8 engine as a [`Network`].

use super::network::{Network, NetworkError};
use crate::file::{FileError, PlanFile};
use crate::plan::{Order, Plan, Scratch};

/// A quantized network ready to run, with its scratch memory.
///
/// ```
/// use nn::{Network, PlanNetwork};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/depth.plan");
/// let mut network = PlanNetwork::load(&std::fs::read(file)?)?;
/// // A grey face of 48 x 48 pixels in, one output of 25 logits out.
/// let logits = network.run(&vec![0.5; network.input_len()])?;
/// assert_eq!((network.input_len(), logits[0].len()), (48 * 48, 25));
/// # Ok(())
/// # }
/// ```
pub struct PlanNetwork {
    plan: Plan,
    scratch: Scratch,
    input_order: Order,
    outputs: Vec<Vec<usize>>,
}

impl PlanNetwork {
    /// # Errors
    /// [`FileError`] where the network is faulty.
    pub fn new(file: &PlanFile) -> Result<Self, FileError> {
        file.check()?;
        let plan = Plan::new(&file.graph)?;
        let scratch = plan.scratch();
        Ok(Self { plan, scratch, input_order: file.input_order, outputs: file.outputs.clone() })
    }

    /// Read a plan file and pack its weights for this machine's kernels.
    ///
    /// # Errors
    /// [`NetworkError::Load`] where the bytes are no plan file of this engine.
    pub fn load(bytes: &[u8]) -> Result<Self, NetworkError> {
        let read = PlanFile::read(bytes).and_then(|file| Self::new(&file));
        read.map_err(|cause| NetworkError::Load(cause.into()))
    }

    /// How many numbers a run takes.
    pub fn input_len(&self) -> usize {
        self.plan.input(0).volume()
    }
}

impl PlanNetwork {
    fn check_input(&self, actual: usize) -> Result<(), NetworkError> {
        let expected = self.input_len();
        if actual == expected { Ok(()) } else { Err(NetworkError::Input { expected, actual }) }
    }

    /// Run on the input that was set.
    fn outputs(&mut self) -> Vec<Vec<f32>> {
        self.plan.run(&mut self.scratch);
        let joined = |parts: &Vec<usize>| {
            let real = parts.iter().map(|&part| self.plan.read_real(&self.scratch, part));
            real.collect::<Vec<_>>().concat()
        };
        self.outputs.iter().map(joined).collect()
    }
}

impl Network for PlanNetwork {
    fn run(&mut self, input: &[f32]) -> Result<Vec<Vec<f32>>, NetworkError> {
        self.check_input(input.len())?;
        self.plan.set_real(&mut self.scratch, 0, self.input_order, input);
        Ok(self.outputs())
    }

    fn run_bytes(&mut self, input: &[u8], reals: &[f32; 256]) -> Result<Vec<Vec<f32>>, NetworkError> {
        self.check_input(input.len())?;
        self.plan.set_bytes(&mut self.scratch, 0, self.input_order, input, reals);
        Ok(self.outputs())
    }
}
