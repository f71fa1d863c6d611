//! Times the shipped classifier on this machine: the quantized plan with each set of kernels, and the same
//! file as tract runs it by itself.
//!
//! ```sh
//! cargo run --release --features onnx --example classifier_speed -- [models/depth.onnx]
//! ```

use std::error::Error;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Instant;

use nn::kernels::{Kernels, Scalar, best};
use nn::{Graph, Plan};
use tract_onnx::prelude::*;

const SHAPE: [usize; 4] = [1, 1, 48, 48];
/// Alternated, so that every contender sees the same machine.
const ROUNDS: usize = 21;

struct Contender {
    name: String,
    state: TypedSimpleState,
    /// Runs of one round.
    batch: usize,
    milliseconds: Vec<f64>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut model = emotion_cli::models_folder().join("depth.onnx");
    if let Some(argument) = std::env::args_os().nth(1) {
        model = PathBuf::from(argument);
    }
    let onnx = std::fs::read(&model).map_err(|error| format!("{}: {error}", model.display()))?;

    let mut graphs = Vec::new();
    let mut contenders = Vec::new();
    let sets: [&'static dyn Kernels; 2] = [best(), &Scalar];
    for kernels in sets {
        let typed = typed(nn_onnx::onnx(), &onnx)?;
        let mut plan = |graph: &Graph| {
            graphs.push(graph.clone());
            Plan::with_kernels(graph, kernels)
        };
        let (rewritten, report) = nn_onnx::optimise_with(typed, &mut plan)?;
        println!("{}: {report:?}", kernels.name());
        contenders.push(contender(format!("plan, {}", kernels.name()), rewritten)?);
    }
    contenders.push(contender("tract alone".into(), typed(tract_onnx::onnx(), &onnx)?)?);
    println!("{:.2} million multiply-accumulates a face", macs(&graphs[0]) as f64 / 1e6);

    let pixels: Vec<f32> = (0..48 * 48).map(|index| (index * 7919 % 256) as f32 / 255.0).collect();
    let input = Tensor::from_shape(&SHAPE, &pixels)?;
    let mut logits = Vec::new();
    for contender in &mut contenders {
        // Linux counts processor time in steps of some milliseconds: rounds of about 40.
        let start = Instant::now();
        for _ in 0..5 {
            contender.state.run(tvec!(input.clone().into()))?;
        }
        let outputs = contender.state.run(tvec!(input.clone().into()))?;
        logits.push(outputs[0].to_plain_array_view::<f32>()?.iter().copied().collect::<Vec<_>>());
        contender.batch = (0.24 / start.elapsed().as_secs_f64()).ceil() as usize;
    }
    for _ in 0..ROUNDS {
        for contender in &mut contenders {
            let start = processor_ms();
            for _ in 0..contender.batch {
                contender.state.run(tvec!(input.clone().into()))?;
            }
            contender.milliseconds.push((processor_ms() - start) / contender.batch as f64);
        }
    }
    println!("bit-equal: {}", logits[0] == logits[1]);
    for Contender { name, milliseconds, .. } in &mut contenders {
        milliseconds.sort_by(f64::total_cmp);
        let quartile = |share: usize| milliseconds[share * (milliseconds.len() - 1) / 4];
        let [low, median, high] = [quartile(1), quartile(2), quartile(3)];
        println!(
            "{name:>14}: {low:.3} / {median:.3} / {high:.3} ms a face (quartiles), best {:.3}",
            quartile(0)
        );
    }
    Ok(())
}

/// This thread's processor time where Linux tells it, so that other work counts less; else the clock's.
fn processor_ms() -> f64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let schedule = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = schedule.and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| START.elapsed().as_secs_f64() * 1e3, |nanoseconds| nanoseconds / 1e6)
}

fn typed(reader: tract_onnx::Onnx, onnx: &[u8]) -> TractResult<TypedModel> {
    reader.model_for_read(&mut &onnx[..])?.with_input_fact(0, f32::fact(SHAPE).into())?.into_typed()
}

fn contender(name: String, model: TypedModel) -> TractResult<Contender> {
    let state = model.into_optimized()?.into_runnable()?.spawn()?;
    Ok(Contender { name, state, batch: 1, milliseconds: vec![] })
}

/// Multiply-accumulates of all convolutions and fully connected layers.
fn macs(graph: &Graph) -> usize {
    let layers = graph.layers.iter().map(|layer| match layer {
        nn::graph::Layer::Convolution(layer) => {
            let output = graph.values[layer.output];
            output.height * output.width * layer.weights.len()
        }
        _ => 0,
    });
    layers.sum()
}
