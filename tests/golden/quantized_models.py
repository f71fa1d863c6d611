"""Writes the small quantized ONNX models of the engine's tests and onnxruntime's answers to them.

    python tests/golden/quantized_models.py            # needs numpy, onnx 1.x, onnxruntime 1.x

`layers.onnx`: one picture, one branch for every kind of layer; each output is one layer's result.
`network.onnx`: a residual network of a few layers, pixels to logits, as the shipped classifier is built.
`islands.onnx`: as network.onnx, with operators in between that the engine leaves to tract: a sigmoid, a dilated
convolution, one whose weights have a zero point, one whose input is dequantized with another scale.
`*.json`: inputs and onnxruntime's outputs, graph optimisations off: they may replace the convolutions by
kernels whose 16-bit sums saturate on processors without VNNI, which is not what the model says.
"""

from __future__ import annotations

import json
import pathlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

HERE = pathlib.Path(__file__).parent


class Builder:
    """A graph in which every activation is uint8 behind QuantizeLinear and DequantizeLinear.

    Scales come from the ranges that the float values take on the calibration pictures; those are computed
    beside the graph with onnxruntime.
    """

    def __init__(self, seed: int, height: int, width: int):
        self.random = np.random.default_rng(seed)
        self.nodes, self.initializers = [], []
        self.shape = [1, 1, height, width]
        self.ranges = {}
        self.calibration = self.random.integers(0, 256, [8, 1, 1, height, width]).astype(np.float32) / 255

    def constant(self, name: str, value) -> str:
        self.initializers.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def node(self, op: str, inputs: list[str], output: str, **attributes) -> str:
        self.nodes.append(helper.make_node(op, inputs, [output], name=output, **attributes))
        return output

    def run(self, outputs: list[str], pictures) -> list[np.ndarray]:
        session = session_of(self.model(outputs))
        return [np.concatenate(values) for values in zip(*(session.run(outputs, {"input": x}) for x in pictures))]

    def quantize(self, value: str, zero_point: int | None = None) -> str:
        """Q and DQ behind `value`; the range is measured, a ReLU gets zero point 0 unless told otherwise."""
        if value == "input":
            scale, zero_point = 1 / 255, 0
        else:
            measured = self.run([value], self.calibration)[0]
            low, high = min(measured.min(), 0), max(measured.max(), 0)
            scale = (high - low) / (255 - (zero_point or 0))
            zero_point = int(round(-low / scale)) if zero_point is None else zero_point
        scale = self.constant(f"{value}.scale", np.float32(scale))
        zero = self.constant(f"{value}.zero_point", np.uint8(zero_point))
        self.node("QuantizeLinear", [value, scale, zero], f"{value}.q")
        return self.node("DequantizeLinear", [f"{value}.q", scale, zero], f"{value}.dq")

    def stretched(self, value: str, factor: float) -> str:
        """Dequantizes `value` with another scale than it was quantized with."""
        scale = next(numpy_helper.to_array(i) for i in self.initializers if i.name == f"{value}.scale")
        other = self.constant(f"{value}.stretched.scale", np.float32(scale * factor))
        return self.node("DequantizeLinear", [f"{value}.q", other, f"{value}.zero_point"], f"{value}.stretched")

    def weights(self, name: str, values: np.ndarray, axis: int, zero_point: int = 0) -> tuple[str, np.ndarray]:
        scales = np.abs(values).max(axis=tuple(i for i in range(values.ndim) if i != axis)) / 127
        scales = scales.astype(np.float32)
        shape = [-1 if i == axis else 1 for i in range(values.ndim)]
        integers = np.round(values / scales.reshape(shape)) + zero_point
        inputs = [
            self.constant(f"{name}.w", np.clip(integers, -128, 127).astype(np.int8)),
            self.constant(f"{name}.w.scale", scales),
            self.constant(f"{name}.w.zero_point", np.full(len(scales), zero_point, np.int8)),
        ]
        return self.node("DequantizeLinear", inputs, f"{name}.w.dq", axis=axis), scales

    def bias(self, name: str, values: np.ndarray, source: str, scales: np.ndarray) -> str:
        """`source`: the value whose quantized form the layer reads."""
        input_scale = next(i for i in self.initializers if i.name == f"{source}.scale")
        unit = (numpy_helper.to_array(input_scale) * scales).astype(np.float32)
        inputs = [
            self.constant(f"{name}.b", np.round(values / unit).astype(np.int32)),
            self.constant(f"{name}.b.scale", unit),
            self.constant(f"{name}.b.zero_point", np.zeros(len(unit), np.int32)),
        ]
        return self.node("DequantizeLinear", inputs, f"{name}.b.dq", axis=0)

    def conv(
        self, name, input, cin, cout, kernel, strides=(1, 1), pads=None, group=1, relu=True, dilation=1, shift=0
    ) -> str:
        """A convolution; its result is not yet quantized."""
        rows, columns = kernel
        pads = pads or [rows // 2, columns // 2] * 2
        values = self.random.normal(size=[cout, cin // group, rows, columns]) / np.sqrt(rows * columns * cin / group)
        weight, scales = self.weights(name, values, 0, shift)
        bias = self.bias(name, self.random.normal(size=cout) * 0.1, input.removesuffix(".dq").removesuffix(".stretched"), scales)
        self.node(
            "Conv", [input, weight, bias], name, kernel_shape=list(kernel), strides=list(strides),
            pads=list(pads), group=group, dilations=[dilation, dilation],
        )
        return self.node("Relu", [name], f"{name}.relu") if relu else name

    def gemm(self, name: str, input: str, source: str, cin: int, cout: int, transposed: bool) -> str:
        values = self.random.normal(size=[cout, cin]) / np.sqrt(cin) * 3
        weight, scales = self.weights(name, values if transposed else values.T, 0 if transposed else 1)
        if transposed:
            bias = self.bias(name, self.random.normal(size=cout), source, scales)
            return self.node("Gemm", [input, weight, bias], name, transB=1)
        product = self.node("MatMul", [input, weight], f"{name}.product")
        bias = self.constant(f"{name}.b", self.random.normal(size=cout).astype(np.float32))
        return self.node("Add", [product, bias], name)

    def model(self, outputs: list[str]) -> onnx.ModelProto:
        graph = helper.make_graph(
            self.nodes,
            "quantized",
            [helper.make_tensor_value_info("input", TensorProto.FLOAT, self.shape)],
            [helper.make_tensor_value_info(name, element(name), None) for name in outputs],
            self.initializers,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        return onnx.shape_inference.infer_shapes(model)


def element(name: str) -> int:
    return TensorProto.UINT8 if name.endswith(".q") else TensorProto.FLOAT


def session_of(model: onnx.ModelProto) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])


def layers() -> tuple[Builder, list[str]]:
    b = Builder(1, 9, 7)
    x = b.quantize("input")
    base = b.quantize(b.conv("base", x, 1, 12, (3, 3)))
    signed = b.quantize(b.conv("signed", base, 12, 12, (1, 1), relu=False))
    outputs = [
        base,
        signed,
        b.quantize(b.conv("stride2", base, 12, 20, (3, 3), (2, 2)), zero_point=30),
        b.quantize(b.conv("point2", signed, 12, 9, (1, 1), (2, 2), [0, 0, 0, 0], relu=False)),
        b.quantize(b.conv("uneven", signed, 12, 5, (3, 2), (2, 1), [2, 0, 1, 1], relu=False)),
        b.quantize(b.conv("depth3", signed, 12, 12, (3, 3), group=12)),
        b.quantize(b.conv("depth5", base, 12, 12, (5, 5), (2, 2), group=12, relu=False)),
    ]
    outputs.append(b.quantize(b.node("Relu", [b.node("Add", [base, signed], "sum")], "sum.relu"), zero_point=9))
    outputs.append(b.quantize(b.node("Add", [signed, b.quantize(b.conv("deeper", base, 12, 12, (3, 3)))], "sum2")))
    outputs.append(b.quantize(b.node("GlobalAveragePool", [signed], "average")))
    return b, [output.removesuffix(".dq") + ".q" for output in outputs]


def trunk(b: Builder) -> str:
    """Two residual blocks; returns the last value, 16 channels, 4 x 4."""
    x = b.quantize(b.conv("stem", b.quantize("input"), 1, 8, (3, 3), (2, 2)))
    y = b.quantize(b.conv("b1c1", x, 8, 8, (3, 3)))
    y = b.quantize(b.conv("b1c2", y, 8, 8, (3, 3), relu=False))
    x = b.quantize(b.node("Relu", [b.node("Add", [y, x], "b1")], "b1.relu"))
    y = b.quantize(b.conv("b2c1", x, 8, 16, (3, 3), (2, 2)))
    y = b.quantize(b.conv("b2c2", y, 16, 16, (3, 3), relu=False))
    skip = b.quantize(b.conv("b2skip", x, 8, 16, (1, 1), (2, 2), [0, 0, 0, 0], relu=False))
    return b.quantize(b.node("Relu", [b.node("Add", [y, skip], "b2")], "b2.relu"))


def network() -> tuple[Builder, list[str]]:
    b = Builder(2, 16, 16)
    pooled = b.quantize(b.node("GlobalAveragePool", [trunk(b)], "pooled"))
    flat = b.node("Flatten", [pooled], "flat", axis=1)
    return b, [b.gemm("logits", flat, "pooled", 16, 17, transposed=True)]


def islands() -> tuple[Builder, list[str]]:
    b = Builder(3, 16, 16)
    x = trunk(b)
    gate = b.quantize(b.node("Sigmoid", [x], "gate"))
    far = b.quantize(b.conv("far", gate, 16, 16, (3, 3), pads=[2] * 4, dilation=2))
    shifted = b.quantize(b.conv("shifted", far, 16, 16, (1, 1), shift=3))
    b.conv("odd", b.stretched(shifted.removesuffix(".dq"), 1.5), 16, 16, (1, 1))
    y = b.quantize(b.conv("behind", b.quantize("odd.relu"), 16, 8, (3, 3)))
    flat = b.node("Reshape", [y, b.constant("shape", np.array([1, 128]))], "flat")
    return b, [b.gemm("logits", flat, "behind.relu", 128, 7, transposed=False)]


def main() -> None:
    for make in (layers, network, islands):
        builder, outputs = make()
        model = builder.model(outputs)
        onnx.checker.check_model(model)
        name = make.__name__
        (HERE / f"{name}.onnx").write_bytes(model.SerializeToString())
        height, width = builder.shape[2:]
        ramp = np.add.outer(np.arange(height), np.arange(width)) * 255 // (height + width - 2)
        pictures = [
            builder.random.integers(0, 256, [height, width]),
            builder.random.integers(100, 140, [height, width]),
            ramp,
            np.zeros([height, width], int),
            np.full([height, width], 255),
        ]
        session = session_of(model)
        runs = []
        for picture in pictures:
            given = (picture.astype(np.float32) / np.float32(255)).reshape(builder.shape)
            values = session.run(outputs, {"input": given})
            # uint8 as hexadecimal digits, logits as numbers.
            plain = [v.tobytes().hex() if v.dtype == np.uint8 else v.flatten().tolist() for v in values]
            runs.append({"pixels": picture.astype(np.uint8).tobytes().hex(), "outputs": plain})
        golden = {"onnxruntime": onnxruntime.__version__, "outputs": outputs, "runs": runs}
        (HERE / f"{name}.json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
