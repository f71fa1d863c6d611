//! The kernels against a naive reading of ONNX's definitions, and against each other bit for bit.

mod naive;

use nn::file::PlanFile;
use nn::graph::{
    Addition, Convolution, Graph, GraphError, Integers, Layer, MaxPool, Quantization, Value, Weights,
};
use nn::kernels::{Kernels, Scalar, best};
use nn::{Order, Plan};
use proptest::prelude::*;
use testkit::cases::{self, Case, Fill, Residual};

/// The scalar reference must mean what ONNX means; the fastest kernels must equal the reference.
fn check(case: &Case) {
    let graph = case.graph();
    let wanted = naive::run(&graph, &case.inputs(&graph));
    let scalar = cases::run(case, &Scalar).expect("the case is a valid graph");
    assert_eq!(scalar, wanted, "scalar kernels against the definition");
    let fast = cases::run(case, best()).expect("the case is a valid graph");
    assert_eq!(fast, wanted, "{} kernels against the definition", best().name());
}

fn fill() -> impl Strategy<Value = Fill> {
    prop_oneof![4 => Just(Fill::Random), 1 => Just(Fill::Lowest), 1 => Just(Fill::Highest)]
}

fn case() -> impl Strategy<Value = Case> {
    let shape = (1..26usize, 1..26usize, [1..6usize, 1..6], [0..8usize, 0..8], [1..4usize, 1..4]);
    let residual = prop_oneof![Just(Residual::None), Just(Residual::Merged), Just(Residual::Apart)];
    let zero_point = || prop_oneof![Just(0u8), Just(255), any::<u8>()];
    let zero_points = [zero_point(), zero_point(), zero_point(), zero_point()];
    let stretch = || prop_oneof![4 => -3..4i32, 1 => -60..61i32];
    let stretch = [stretch(), stretch(), stretch()];
    let numbers = (any::<u64>(), zero_points, stretch, fill(), fill(), any::<[usize; 4]>());
    let more = (any::<[bool; 3]>(), 0..12usize);
    (shape, any::<bool>(), any::<[bool; 2]>(), residual, numbers, more).prop_map(
        |((inputs, outputs, kernel, more, strides), depthwise, relu, residual, numbers, rest)| {
            let ([wide, pool, picture], narrower) = rest;
            let (seed, zero_points, stretch, weights, pixels, padding) = numbers;
            Case {
                seed,
                inputs,
                outputs: if depthwise { inputs } else { outputs },
                size: [kernel[0] + more[0], kernel[1] + more[1]],
                kernel,
                strides,
                padding: [0, 1, 2, 3].map(|side| padding[side] % kernel[side % 2]),
                depthwise,
                relu,
                residual,
                zero_points,
                stretch,
                weights,
                pixels,
                wide,
                narrower,
                pool,
                picture,
            }
        },
    )
}

/// What [`case`] seldom draws: depthwise 3x3 kernels without an addition, over rows of any length.
fn sliding() -> impl Strategy<Value = Case> {
    let shape = ([0..12usize, 0..12], [0..3usize, 0..3, 0..3, 0..3], [1..4usize, 1..4]);
    (case(), shape).prop_map(|(case, (more, padding, strides))| Case {
        outputs: case.inputs,
        size: more.map(|more| 3 + more),
        kernel: [3, 3],
        strides,
        padding,
        depthwise: true,
        residual: Residual::None,
        ..case
    })
}

/// ... and dense 1x1 kernels over channels that do not fill their lanes.
fn pointwise() -> impl Strategy<Value = Case> {
    (case(), 1..60usize).prop_map(|(case, inputs)| Case {
        inputs,
        kernel: [1, 1],
        padding: [0; 4],
        depthwise: false,
        ..case
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn random_layers_are_bit_equal(case in case()) {
        check(&case);
    }

    #[test]
    fn sliding_windows_are_bit_equal(case in sliding()) {
        check(&case);
    }

    #[test]
    fn pointwise_layers_are_bit_equal(case in pointwise()) {
        check(&case);
    }
}

/// The cases that WebAssembly runs, too (benches/kernel-twin), with the hashes of their results.
/// `UPDATE_GOLDEN=1 cargo test --test kernels` writes the file anew.
#[test]
fn drawn_cases_keep_their_hashes() {
    let path = testkit::file("tests/golden/kernel_hashes.txt");
    let mut hashes = String::new();
    for seed in 0..384 {
        let case = Case::draw(seed);
        check(&case);
        let results = cases::run(&case, &Scalar).expect("the case is a valid graph");
        hashes += &format!("{seed} {:016x}\n", results.hash());
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &hashes).expect("the golden file can be written");
    }
    let golden = std::fs::read_to_string(&path).expect("tests/golden/kernel_hashes.txt is in the repository");
    assert!(hashes == golden, "results changed: see UPDATE_GOLDEN above, and say why in the commit");
}

/// The largest sums that i32 must hold: all weights -128, all pixels 255 or 0, zero points at the ends.
#[test]
fn extreme_sums_are_exact() {
    for (weights, pixels, zero_point) in [
        (Fill::Lowest, Fill::Highest, 0),
        (Fill::Highest, Fill::Highest, 0),
        (Fill::Lowest, Fill::Lowest, 255),
        (Fill::Highest, Fill::Lowest, 255),
    ] {
        check(&Case {
            seed: 7,
            inputs: 512,
            outputs: 8,
            size: [5, 5],
            kernel: [5, 5],
            strides: [1, 1],
            padding: [2; 4],
            depthwise: false,
            relu: [false; 2],
            residual: Residual::Merged,
            zero_points: [zero_point, 128, 3, 128],
            stretch: [0; 3],
            weights,
            pixels,
            wide: false,
            narrower: 0,
            pool: false,
            picture: false,
        });
    }
}

/// One pixel, one channel, one tap.
#[test]
fn the_smallest_layer_works() {
    let case = Case { inputs: 1, outputs: 1, size: [1, 1], kernel: [1, 1], strides: [1, 1], ..Case::draw(3) };
    check(&Case { padding: [0; 4], depthwise: false, ..case.clone() });
    check(&Case { padding: [0; 4], depthwise: true, ..case });
}

/// Values whose lives do not overlap share a buffer, and a skipped value survives its block.
#[test]
fn a_residual_network_shares_its_buffers() {
    let (graph, inputs) = cases::chain(11, 8, [6, 5], 4);
    let wanted = naive::run(&graph, &inputs);
    assert!(wanted.quantized[0].iter().any(|&value| value != wanted.quantized[0][0]), "a lively network");
    for kernels in [&Scalar, best()] {
        assert_eq!(cases::run_graph(&graph, &inputs, kernels), Ok(wanted.clone()));
    }
    let plan = Plan::new(&graph).expect("a valid graph");
    assert_eq!(plan.steps(), 8, "every addition is merged into a convolution");
    // The input and the output outlive the run; between them a block needs what it skips, its first result
    // and its sum.
    assert!(plan.buffers() <= 5, "{} buffers for {} values", plan.buffers(), graph.values.len());
}

/// The sum's upper channels are the wider summand's, also where a convolution that could take the addition in is narrow.
#[test]
fn a_narrow_convolution_leaves_the_other_channels_as_they_are() {
    let scale = Some(Quantization { scale: 1.0, integers: Integers::U8 { zero_point: 0 } });
    let value = |channels| Value { channels, height: 1, width: 1, quantization: scale };
    let convolution = Convolution {
        input: 0,
        output: 1,
        weights: Weights::I8(vec![1; 8]),
        weight_scales: vec![1.0; 8],
        bias: vec![0; 8],
        real_bias: vec![],
        kernel: [1, 1],
        strides: [1, 1],
        padding: [0; 4],
        depthwise: false,
        relu: false,
    };
    for (left, right) in [(1, 2), (2, 1)] {
        let graph = Graph {
            values: vec![value(1), value(8), value(16), value(16)],
            layers: vec![
                Layer::Convolution(convolution.clone()),
                Layer::Addition(Addition { left, right, output: 3, relu: false }),
            ],
            inputs: vec![0, 2],
            outputs: vec![3],
        };
        let inputs = [vec![5], vec![100; 16]];
        let wanted = [vec![105; 8], vec![100; 8]].concat();
        for kernels in [&Scalar as &'static dyn Kernels, best()] {
            let results = cases::run_graph(&graph, &inputs, kernels).expect("a valid graph");
            assert_eq!(results.quantized.concat(), wanted, "{}", kernels.name());
        }
        assert_eq!(naive::run(&graph, &inputs).quantized.concat(), wanted);
    }
}

/// A file with a changed byte is refused, or holds another valid graph, which runs without a panic and with the same bits on
/// all kernels.
#[test]
fn mutated_plan_files_are_refused_or_run() {
    let case = Case {
        size: [4, 4],
        kernel: [3, 3],
        padding: [1; 4],
        inputs: 3,
        outputs: 5,
        depthwise: false,
        ..Case::draw(300)
    };
    let graph = Case { residual: Residual::None, pool: true, ..case }.graph();
    let real = graph.outputs.iter().position(|&id| graph.values[id].quantization.is_none());
    let file = PlanFile {
        graph: Graph { inputs: vec![0], ..graph },
        input_order: Order::Planes,
        outputs: vec![real.into_iter().collect()],
    };
    let bytes = file.write().expect("a file can be written");
    let (mut run, mut refused) = (0, 0);
    for at in 7..bytes.len() {
        for flip in [0x01, 0x40, 0x80, 0xff] {
            let mut bytes = bytes.clone();
            bytes[at] ^= flip;
            let Ok(file) = PlanFile::read(&bytes) else {
                refused += 1;
                continue;
            };
            let inputs: Vec<Vec<i32>> =
                file.graph.inputs.iter().map(|&id| vec![7; file.graph.values[id].volume()]).collect();
            let [scalar, fast] = [&Scalar as &'static dyn Kernels, best()]
                .map(|kernels| cases::run_graph(&file.graph, &inputs, kernels));
            assert_eq!(scalar.map(|results| results.hash()), fast.map(|results| results.hash()), "byte {at}");
            run += 1;
        }
    }
    assert!(run > 100 && refused > 100, "{run} run, {refused} refused");
}

/// A graph that would read or write out of place is refused, never run.
#[test]
fn faulty_graphs_are_refused() {
    let (graph, _) = cases::chain(1, 8, [4, 4], 1);
    let broken = |change: fn(&mut Graph)| {
        let mut graph = graph.clone();
        change(&mut graph);
        Plan::new(&graph).err()
    };
    let first = |graph: &mut Graph, change: fn(&mut Convolution)| match &mut graph.layers[0] {
        Layer::Convolution(layer) => change(layer),
        _ => unreachable!("the chain begins with a convolution"),
    };
    assert_eq!(broken(|_| {}), None);
    assert_eq!(broken(|graph| graph.layers.swap(0, 1)), Some(GraphError::Order(1)));
    assert_eq!(broken(|graph| graph.outputs.push(99)), Some(GraphError::NoSuchValue(99)));
    assert_eq!(broken(|graph| graph.values[2].width = 0), Some(GraphError::Size(2)));
    assert!(broken(|graph| graph.values[1].quantization = None).is_some());
    // Beyond 32 bits, where a product of sides would wrap; and a border that would be larger than any picture.
    assert_eq!(
        broken(|graph| (graph.values[1].height, graph.values[1].width) = (1 << 16, 1 << 16)),
        Some(GraphError::Size(1))
    );
    assert_eq!(
        broken(|graph| (graph.values[0].height, graph.values[0].channels) = (1 << 20, 1)),
        Some(GraphError::Size(0))
    );
    let pool = |graph: &mut Graph, kernel| {
        let last = graph.values.len() - 1;
        graph.values.push(graph.values[last]);
        graph.layers.push(Layer::MaxPool(MaxPool { input: last, output: last + 1, kernel, strides: [1, 1] }));
    };
    assert!(broken(|graph| graph.values.truncate(0)).is_some());
    let mut pooled = graph.clone();
    pool(&mut pooled, [2, 2]);
    assert!(
        matches!(Plan::new(&pooled), Err(GraphError::Layer { .. })),
        "a maximum is smaller than its input"
    );
    let mut pooled = graph.clone();
    pool(&mut pooled, [1, 1]);
    assert_eq!(Plan::new(&pooled).err(), None);
    let mut scale = graph.clone();
    scale.values[0].quantization = Some(Quantization { scale: f32::NAN, integers: Integers::I16 });
    assert_eq!(Plan::new(&scale).err(), Some(GraphError::Scale(0)));
    let changes: [fn(&mut Convolution); 9] = [
        |layer| layer.padding = [2, 1, 1, 1],
        |layer| layer.strides = [0, 1],
        |layer| layer.padding = [3, 0, 0, 0],
        |layer| layer.weights = Weights::I8(vec![0; 5]),
        |layer| layer.bias.clear(),
        |layer| layer.bias[0] = i32::MAX,
        |layer| layer.weight_scales[2] = 0.0,
        |layer| layer.depthwise = true,
        |layer| layer.real_bias.push(0.0),
    ];
    for change in changes {
        let mut graph = graph.clone();
        first(&mut graph, change);
        let error = Plan::new(&graph).err();
        assert!(matches!(error, Some(GraphError::Layer { layer: 0, .. })), "{error:?}");
    }
}
