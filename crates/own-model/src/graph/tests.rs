use super::*;

/// Protocol buffers, written by hand.
pub(crate) fn number(field: u64, value: u64) -> Vec<u8> {
    [varint(field << 3), varint(value)].concat()
}

pub(crate) fn bytes(field: u64, value: &[u8]) -> Vec<u8> {
    [varint(field << 3 | 2), varint(value.len() as u64), value.to_vec()].concat()
}

fn varint(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

pub(crate) fn tensor(field: u64, name: &str, element: u64, shape: &[Option<u64>]) -> Vec<u8> {
    let dimensions: Vec<u8> = shape
        .iter()
        .flat_map(|length| bytes(1, &length.map_or_else(|| bytes(2, b"N"), |length| number(1, length))))
        .collect();
    let kind = bytes(1, &[number(1, element), bytes(2, &dimensions)].concat());
    bytes(field, &[bytes(1, name.as_bytes()), bytes(2, &kind)].concat())
}

pub(crate) fn node(operator: &str, input: &str, output: &str) -> Vec<u8> {
    let ends = [bytes(1, input.as_bytes()), bytes(2, output.as_bytes()), bytes(4, operator.as_bytes())];
    bytes(1, &ends.concat())
}

pub(crate) fn constant(name: &str, shape: &[u64], held: usize) -> Vec<u8> {
    let dimensions: Vec<u8> = shape.iter().flat_map(|length| number(1, *length)).collect();
    let held = bytes(9, &vec![0; held]);
    bytes(5, &[dimensions, number(2, 1), bytes(8, name.as_bytes()), held].concat())
}

/// A model of these parts of a graph.
pub(crate) fn model(graph: &[Vec<u8>]) -> Vec<u8> {
    [number(1, 8), bytes(8, &number(2, 13)), bytes(7, &graph.concat())].concat()
}

pub(crate) fn plain() -> Vec<Vec<u8>> {
    vec![
        node("Conv", "picture", "a"),
        node("Relu", "a", "b"),
        node("Softmax", "b", "shares"),
        constant("w", &[2, 3], 24),
        tensor(11, "picture", 1, &[None, Some(1), Some(48), Some(48)]),
        tensor(11, "w", 1, &[Some(2), Some(3)]),
        tensor(12, "shares", 1, &[None, Some(7)]),
    ]
}

#[test]
fn the_outline_of_a_graph_is_read() {
    let graph = Graph::read(&model(&plain())).unwrap();
    let input = Tensor { name: "picture".into(), element: 1, shape: vec![None, Some(1), Some(48), Some(48)] };
    assert_eq!(graph.input(), Ok(&input), "what has a constant is no input");
    assert_eq!((graph.opset, graph.nodes), (13, 3));
    assert_eq!(graph.outputs[0].shape, [None, Some(7)]);
    assert_eq!(graph.activations, [Some("Softmax")]);
    let names: Vec<_> = graph.operators.iter().map(|operator| operator.name.as_str()).collect();
    assert_eq!(names, ["Conv", "Relu", "Softmax"]);
}

/// Written by PyTorch and onnxruntime, read by an implementation of its own: tract's tests read the same file.
#[test]
fn the_shipped_model_is_read() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/depth.onnx");
    let graph = Graph::read(&std::fs::read(file).unwrap()).unwrap();
    assert_eq!(graph.input().unwrap().shape[1..], [Some(1), Some(48), Some(48)]);
    assert!(graph.nodes > 30 && graph.operators.iter().any(|operator| operator.name == "QuantizeLinear"));
    assert_eq!(graph.outputs.len(), 1);
}

#[test]
fn operators_that_are_not_known_are_named_with_their_node() {
    let graph = Graph::read(&model(&plain())).unwrap();
    assert_eq!(graph.check_operators(|_| true), Ok(()));
    let fault = graph.check_operators(|name| name != "Relu").unwrap_err();
    assert_eq!(fault, GraphFault::Operator { operator: "Relu".into(), node: "b".into() });
    let mut parts = plain();
    parts.push(bytes(1, &[bytes(2, b"z"), bytes(4, b"Conv9"), bytes(7, b"my.lab")].concat()));
    let fault = Graph::read(&model(&parts)).unwrap().check_operators(|_| true).unwrap_err();
    assert!(fault.to_string().contains("Conv9 of the domain my.lab (node z)"), "{fault}");
}

#[test]
fn files_of_another_kind_are_called_by_their_name() {
    for (bytes, words) in [
        (&b""[..], "empty"),
        (b"PK\x03\x04archive/data.pkl", "PyTorch"),
        (b"\x1c\0\0\0TFL3", "TensorFlow Lite"),
        (b"EDPLAN\x01", "plan file"),
        (b"{\"format\": 1}", "card"),
        (b"\x08\x07", "without a graph"),
    ] {
        let fault = Graph::read(bytes).unwrap_err();
        assert!(matches!(fault, GraphFault::Other(_)) && fault.to_string().contains(words), "{fault}");
    }
}

#[test]
fn a_file_that_is_cut_off_is_damaged_wherever_it_ends() {
    let whole = model(&plain());
    // The first six bytes are two whole fields without a graph.
    for end in 1..whole.len() {
        assert!(Graph::read(&whole[..end]).is_err(), "{end}");
    }
}

#[test]
fn what_would_take_more_memory_than_the_file_has_bytes_is_refused() {
    for shape in [&[1 << 40, 1 << 40][..], &[1 << 31], &[1000, 1000], &[u64::MAX]] {
        let mut parts = plain();
        parts.push(constant("huge", shape, 16));
        let fault = Graph::read(&model(&parts)).unwrap_err();
        assert!(matches!(fault, GraphFault::Constant { .. }), "{shape:?}: {fault}");
    }
    // The same in a node's attribute.
    let hidden = &constant("huge", &[1 << 40], 16)[..];
    let hidden = bytes(5, hidden.split_at(2).1);
    let mut parts = plain();
    parts.push(bytes(1, &[bytes(4, b"Constant"), bytes(5, &hidden)].concat()));
    assert!(matches!(Graph::read(&model(&parts)), Err(GraphFault::Constant { .. })));
}

#[test]
fn weights_in_another_file_are_not_looked_for() {
    let mut parts = plain();
    parts.push(bytes(5, &[number(2, 1), bytes(8, b"far"), number(14, 1)].concat()));
    assert_eq!(Graph::read(&model(&parts)), Err(GraphFault::External("far".into())));
}

#[test]
fn inputs_that_are_no_one_picture_are_refused() {
    let mut parts = plain();
    parts.push(tensor(11, "age", 1, &[Some(1)]));
    assert_eq!(Graph::read(&model(&parts)).unwrap().input(), Err(GraphFault::Inputs(2)));
    let mut parts = plain();
    parts[4] = tensor(11, "picture", 2, &[]);
    let fault = Graph::read(&model(&parts)).unwrap().input().unwrap_err();
    assert!(fault.to_string().contains("uint8"), "{fault}");
}

#[test]
fn any_bytes_at_all_end_in_an_answer() {
    let whole = model(&plain());
    let mut seed = 7_u64;
    for _ in 0..20_000 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut spoilt = whole.clone();
        let at = (seed >> 33) as usize % spoilt.len();
        spoilt[at] ^= (seed >> 20) as u8;
        let _ = Graph::read(&spoilt);
    }
}
