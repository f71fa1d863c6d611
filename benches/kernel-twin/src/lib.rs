//! The kernels behind plain C functions, built for wasm32 without wasm-bindgen's help, so that Node or a
//! browser can compare their results with the host's bit for bit and time them:
//!
//! ```sh
//! cargo build --package kernel-twin --profile web-fast --target wasm32-unknown-unknown
//! node benches/kernel-twin/run.mjs target/wasm32-unknown-unknown/web-fast/kernel_twin.wasm
//! ```

use std::cell::RefCell;

use emotion_core::engine::Engine;
use emotion_core::frame::Frame;
use nn::file::PlanFile;
use nn::kernels::{Kernels, Scalar, best};
use nn::{Plan, Scratch};

use testkit::{cases, frames};

/// Hash of the engine's reading of whole frame number `index`; 0 beyond the last.
#[unsafe(no_mangle)]
pub extern "C" fn frame_hash(index: usize) -> u64 {
    thread_local! {
        static READINGS: Vec<(usize, u64)> = frames::readings();
    }
    READINGS.with(|readings| readings.get(index).map_or(0, |reading| reading.1))
}

/// Reads whole frames `times` times: the four that show one head, in turn. `search` = 1: the face is forgotten before each, so
/// that the detector searches every one; 0: it is followed between detections. Returns the number of faces read.
#[unsafe(no_mangle)]
pub extern "C" fn analyse(times: usize, search: u32) -> usize {
    type Timed = Option<(Engine, [Vec<u8>; 4])>;
    thread_local! {
        static ENGINE: RefCell<Timed> =
            RefCell::new(frames::engine().ok().map(|engine| (engine, [0, 1, 2, 3].map(frames::frame))));
    }
    ENGINE.with_borrow_mut(|timed| {
        let Some((engine, pictures)) = timed else { return 0 };
        engine.forget();
        let read = |index: usize| {
            if search == 1 {
                engine.forget();
            }
            let frame = Frame::new(frames::WIDTH, frames::HEIGHT, &pictures[index % 4]).ok()?;
            engine.analyse(&frame, 33.0 * index as f64, &|| 0.0).ok()
        };
        (0..times).filter_map(read).map(|reading| reading.faces.len()).sum()
    })
}

/// A network to be timed, and the bytes through which its file arrives.
struct Timed {
    file: Vec<u8>,
    plan: Option<(Plan, Scratch)>,
}

thread_local! {
    static TIMED: RefCell<Timed> = const { RefCell::new(Timed { file: vec![], plan: None }) };
}

/// 1 where the fastest kernels of this build use SIMD.
#[unsafe(no_mangle)]
pub extern "C" fn has_simd() -> u32 {
    u32::from(best().name() != Scalar.name())
}

/// Hash of the results of drawn case number `seed`, by the fastest kernels or (`fast` = 0) the scalar ones.
/// 0 if the case is not a valid graph, which never happens.
#[unsafe(no_mangle)]
pub extern "C" fn case_hash(seed: u32, fast: u32) -> u64 {
    let kernels: &'static dyn Kernels = if fast == 0 { &Scalar } else { best() };
    cases::run(&cases::Case::draw(u64::from(seed)), kernels).map_or(0, |results| results.hash())
}

/// Memory for `length` bytes of a plan file; then call `load`.
#[unsafe(no_mangle)]
pub extern "C" fn reserve(length: usize) -> *mut u8 {
    TIMED.with_borrow_mut(|timed| {
        timed.file = vec![0; length];
        timed.file.as_mut_ptr()
    })
}

/// Makes a plan of the graph. 1 if it is one.
#[unsafe(no_mangle)]
pub extern "C" fn load(fast: u32) -> u32 {
    TIMED.with_borrow_mut(|timed| {
        let kernels: &'static dyn Kernels = if fast == 0 { &Scalar } else { best() };
        let file = PlanFile::read(&timed.file).ok();
        let plan = file.and_then(|file| Plan::with_kernels(&file.graph, kernels).ok());
        timed.plan = plan.map(|plan| {
            let scratch = plan.scratch();
            (plan, scratch)
        });
        u32::from(timed.plan.is_some())
    })
}

/// Runs the network `times` times on a fixed random picture. Returns a hash of the real output's bits.
#[unsafe(no_mangle)]
pub extern "C" fn run(times: u32) -> u64 {
    TIMED.with_borrow_mut(|timed| {
        let Some((plan, scratch)) = &mut timed.plan else { return 0 };
        let mut random = cases::Random(1);
        let picture: Vec<i32> = (0..plan.input(0).volume()).map(|_| random.below(256) as i32).collect();
        for _ in 0..times {
            plan.set_quantized(scratch, 0, &picture);
            plan.run(scratch);
        }
        cases::Results { quantized: vec![], logits: plan.read_real(scratch, 0).to_vec() }.hash()
    })
}

/// Number of steps of the loaded network.
#[unsafe(no_mangle)]
pub extern "C" fn steps() -> usize {
    TIMED.with_borrow(|timed| timed.plan.as_ref().map_or(0, |(plan, _)| plan.steps()))
}

/// Writes a step's name to the memory that `reserve` gave, overwriting the file; returns its length.
#[unsafe(no_mangle)]
pub extern "C" fn step_name(step: usize) -> usize {
    TIMED.with_borrow_mut(|timed| {
        let Timed { file, plan: Some((plan, _)) } = timed else { return 0 };
        let (name, _) = plan.describe(step);
        let length = name.len().min(file.len());
        file[..length].copy_from_slice(&name.as_bytes()[..length]);
        length
    })
}

/// Multiply-accumulates of a step.
#[unsafe(no_mangle)]
pub extern "C" fn step_macs(step: usize) -> usize {
    TIMED.with_borrow(|timed| timed.plan.as_ref().map_or(0, |(plan, _)| plan.describe(step).1))
}

/// Runs one step `times` times.
#[unsafe(no_mangle)]
pub extern "C" fn run_step(step: usize, times: u32) {
    TIMED.with_borrow_mut(|timed| {
        let Some((plan, scratch)) = &mut timed.plan else { return };
        for _ in 0..times {
            plan.run_step(scratch, step);
        }
    });
}

/// The ceiling: `rounds` x 64 multiply-accumulates of the kernels' tile with every operand in a register.
/// Returns a sum, so that nothing is left out.
///
/// Products of the sums themselves, since products of anything that stays would be computed once for all rounds. Of six
/// such loops this is the fastest: a pixel's one sum feeds both of its products, then its other sum does, so that no register
/// is copied.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[unsafe(no_mangle)]
pub extern "C" fn ceiling(rounds: u32) -> i32 {
    use core::arch::wasm32::*;
    let weights = [i16x8_splat(1), i16x8_splat(-2)];
    let mut sums = [0, 1, 2, 3].map(|pixel| [i32x4_splat(pixel), i32x4_splat(pixel + 4)]);
    for _ in 0..rounds / 2 {
        for source in 0..2 {
            for sums in &mut sums {
                let products = weights.map(|weight| i32x4_dot_i16x8(sums[source], weight));
                *sums = [i32x4_add(sums[0], products[0]), i32x4_add(sums[1], products[1])];
            }
        }
    }
    let total = sums.iter().flatten().fold(i32x4_splat(0), |total, &sum| i32x4_add(total, sum));
    i32x4_extract_lane::<0>(total).wrapping_add(i32x4_extract_lane::<3>(total))
}
