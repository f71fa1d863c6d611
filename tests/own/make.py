"""Writes the small models of the tests of own models, their cards, and onnxruntime's answers.

    python tests/own/make.py            # needs numpy, onnx 1.x, onnxruntime 1.x

`plain.onnx`: float, three colours, 48 x 48: three shares and a valence, two outputs. `int8.onnx`: the same kind with QuantizeLinear
and DequantizeLinear. `unknown.onnx`: with an operator that tract does not read. `default.onnx`: takes and gives what the shipped
classifier does, in float, so that no plan can run it. `answers.json`: what onnxruntime says of one made-up picture.
"""

from __future__ import annotations

import json
import pathlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

HERE = pathlib.Path(__file__).parent


def picture(count: int) -> np.ndarray:
    """The same numbers as in crates/own-model/tests/run.rs: a linear congruential generator's."""
    values, seed = [], 1
    for _ in range(count):
        seed = (seed * 6364136223846793005 + 1442695040888963407) % 2**64
        values.append((seed >> 40) / (1 << 24))
    return np.array(values, np.float32)


def constant(name: str, values) -> onnx.TensorProto:
    return numpy_helper.from_array(np.asarray(values), name)


def save(name: str, nodes, constants, inputs, outputs) -> None:
    graph = helper.make_graph(
        nodes, name,
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, shape) for n, shape in inputs],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, shape) for n, shape in outputs],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, HERE / f"{name}.onnx")


def conv(random, cin: int, cout: int, kernel: int) -> np.ndarray:
    return (random.normal(size=[cout, cin, kernel, kernel]) / np.sqrt(cin * kernel * kernel)).astype(np.float32)


def plain(random) -> None:
    nodes = [
        helper.make_node("Conv", ["picture", "w1", "b1"], ["c1"], strides=[2, 2], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c1"], ["r1"]),
        helper.make_node("Conv", ["r1", "w2", "b2"], ["c2"], group=8, pads=[1, 1, 1, 1]),
        helper.make_node("Sigmoid", ["c2"], ["s2"]),
        helper.make_node("Mul", ["c2", "s2"], ["m2"]),
        helper.make_node("GlobalAveragePool", ["m2"], ["p"]),
        helper.make_node("Flatten", ["p"], ["f"]),
        helper.make_node("Gemm", ["f", "w3", "b3"], ["logits"], transB=1),
        helper.make_node("Gemm", ["f", "w4", "b4"], ["v"], transB=1),
        helper.make_node("Tanh", ["v"], ["valence"]),
    ]
    constants = [
        constant("w1", conv(random, 3, 8, 3)), constant("b1", random.normal(size=8).astype(np.float32) * 0.1),
        constant("w2", conv(random, 1, 8, 3)), constant("b2", random.normal(size=8).astype(np.float32) * 0.1),
        constant("w3", random.normal(size=[3, 8]).astype(np.float32) * 3), constant("b3", np.zeros(3, np.float32)),
        constant("w4", random.normal(size=[1, 8]).astype(np.float32) * 3), constant("b4", np.zeros(1, np.float32)),
    ]
    save("plain", nodes, constants, [("picture", ["batch", 3, 48, 48])], [("logits", ["batch", 3]), ("valence", ["batch", 1])])


def int8(random) -> None:
    """One quantized convolution between a float beginning and a float end."""
    weights = random.integers(-127, 128, [8, 1, 3, 3]).astype(np.int8)
    scales = np.full(8, 0.01, np.float32)
    nodes = [
        helper.make_node("QuantizeLinear", ["picture", "sx", "zx"], ["q"]),
        helper.make_node("DequantizeLinear", ["q", "sx", "zx"], ["x"]),
        helper.make_node("DequantizeLinear", ["w", "sw", "zw"], ["wd"], axis=0),
        helper.make_node("DequantizeLinear", ["b", "sb", "zb"], ["bd"], axis=0),
        helper.make_node("Conv", ["x", "wd", "bd"], ["c"], strides=[2, 2], pads=[1, 1, 1, 1], kernel_shape=[3, 3]),
        helper.make_node("Relu", ["c"], ["r"]),
        helper.make_node("QuantizeLinear", ["r", "sr", "zr"], ["rq"]),
        helper.make_node("DequantizeLinear", ["rq", "sr", "zr"], ["rd"]),
        helper.make_node("GlobalAveragePool", ["rd"], ["p"]),
        helper.make_node("Flatten", ["p"], ["f"]),
        helper.make_node("Gemm", ["f", "w3", "b3"], ["scores"], transB=1),
    ]
    constants = [
        constant("sx", np.float32(1 / 255)), constant("zx", np.uint8(0)),
        constant("w", weights), constant("sw", scales), constant("zw", np.zeros(8, np.int8)),
        constant("b", random.integers(-2000, 2000, 8).astype(np.int32)),
        constant("sb", (np.float32(1 / 255) * scales).astype(np.float32)), constant("zb", np.zeros(8, np.int32)),
        constant("sr", np.float32(0.02)), constant("zr", np.uint8(0)),
        constant("w3", random.normal(size=[7, 8]).astype(np.float32)), constant("b3", np.zeros(7, np.float32)),
    ]
    save("int8", nodes, constants, [("picture", [1, 1, 48, 48])], [("scores", [1, 7])])


def unknown() -> None:
    nodes = [
        helper.make_node("DeformConv", ["picture", "w", "o"], ["c"], name="odd"),
        helper.make_node("GlobalAveragePool", ["c"], ["scores"]),
    ]
    constants = [constant("w", np.ones([2, 1, 1, 1], np.float32)), constant("o", np.zeros([1, 2, 48, 48], np.float32))]
    save("unknown", nodes, constants, [("picture", [1, 1, 48, 48])], [("scores", [1, 2, 1, 1])])


def default(random) -> None:
    nodes = [
        helper.make_node("Conv", ["input", "w1"], ["c1"], strides=[2, 2], pads=[1, 1, 1, 1]),
        helper.make_node("HardSigmoid", ["c1"], ["s1"]),
        helper.make_node("GlobalAveragePool", ["s1"], ["p"]),
        helper.make_node("Flatten", ["p"], ["f"]),
        helper.make_node("Gemm", ["f", "w2"], ["logits"], transB=1),
    ]
    constants = [constant("w1", conv(random, 1, 8, 3)), constant("w2", random.normal(size=[25, 8]).astype(np.float32))]
    save("default", nodes, constants, [("input", [1, 1, 48, 48])], [("logits", [1, 25])])


def card(name: str, shape: list[int], colour: str, outputs: list[dict], **more) -> None:
    text = {
        "format": "emotion-depth-card", "version": 1, "name": f"test {name}",
        "input": {"shape": shape, "layout": "nchw", "colour": colour, **more}, "outputs": outputs,
    }
    (HERE / f"{name}.card.json").write_text(json.dumps(text, indent=2) + "\n")


def main() -> None:
    random = np.random.default_rng(7)
    plain(random)
    int8(random)
    unknown()
    default(random)
    shares = {"name": "logits", "activation": "softmax", "labels": ["joy", "rest", "other"], "emotions": ["happy", "neutral", None]}
    card("plain", [1, 3, 48, 48], "rgb", [shares, {"name": "valence", "labels": ["valence"], "range": [-1, 1]}])
    seven = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]
    scores = {"name": "scores", "activation": "softmax", "labels": seven, "emotions": seven}
    card("int8", [1, 1, 48, 48], "grey", [scores])
    card("unknown", [1, 1, 48, 48], "grey", [{"name": "scores", "labels": ["a", "b"]}])
    answers = {}
    for name, shape in [("plain", [1, 3, 48, 48]), ("int8", [1, 1, 48, 48])]:
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        session = onnxruntime.InferenceSession(str(HERE / f"{name}.onnx"), options, ["CPUExecutionProvider"])
        values = session.run(None, {"picture": picture(int(np.prod(shape))).reshape(shape)})
        answers[name] = [value.ravel().tolist() for value in values]
    (HERE / "answers.json").write_text(json.dumps(answers) + "\n")


main()
