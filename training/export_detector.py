"""Convert MediaPipe's BlazeFace short-range face detector from TFLite to ONNX.

    python export_detector.py face_detection_short_range.tflite ../models/face_detector.onnx [--verify]

The TFLite file is in the npm package ``@mediapipe/face_detection`` 0.4.1657300184 (Apache-2.0).
The graph is kept as it is: NHWC input [1, 128, 128, 3] in -1..1, outputs ``regressors`` [1, 896, 16]
and ``classificators`` [1, 896, 1] (logits). Weights stay fp16 in the file, behind a Cast that every
runtime folds at load: half the bytes, the same numbers. ``--verify`` compares with Google's own
runtime (PyPI ``ai-edge-litert`` 2.3.0) on random pictures. The manifest's key ``detector`` is renewed.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import numpy as np
import onnx
import tflite
from onnx import TensorProto, helper, numpy_helper

import manifest

SOURCE_SHA256 = "3bc182eb9f33925d9e58b5c8d59308a760f4adea8f282370e428c51212c26633"
OPERATORS = {v: k for k, v in vars(tflite.BuiltinOperator).items() if isinstance(v, int)}


class Converter:
    """Walks the operators of a TFLite graph once; activations become NCHW, names stay."""

    def __init__(self, data: bytes):
        self.model = tflite.Model.GetRootAs(data, 0)
        self.graph = self.model.Subgraphs(0)
        self.nodes, self.weights, self.aliases = [], [], {}

    def name(self, index: int) -> str:
        return self.graph.Tensors(index).Name().decode()

    def shape(self, index: int) -> list[int]:
        return [int(n) for n in self.graph.Tensors(index).ShapeAsNumpy()]

    def constant(self, index: int) -> np.ndarray:
        tensor = self.graph.Tensors(index)
        kinds = {tflite.TensorType.FLOAT16: np.float16, tflite.TensorType.INT32: np.int32}
        data = self.model.Buffers(tensor.Buffer()).DataAsNumpy()
        return np.frombuffer(data.tobytes(), kinds[tensor.Type()]).reshape(self.shape(index))

    def add(self, kind: str, inputs: list[str], output: str, **attributes) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def weight(self, index: int, order: tuple[int, ...] | None) -> str:
        """An fp16 weight (the input of its DEQUANTIZE) as initialiser and Cast."""
        name, values = self.name(index), self.constant(self.aliases[index])
        values = values if order is None else values.transpose(order)
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name + "_fp16"))
        return self.add("Cast", [name + "_fp16"], name, to=TensorProto.FLOAT)

    def pads(self, source: int, target: int, kernel: list[int], strides: list[int]) -> list[int]:
        """Top, left, bottom, right. TFLite's SAME puts the odd pixel at the bottom and the right; VALID
        (only on 1x1 convolutions here) comes out as zeros, because the sizes say so.
        """
        before, after = [], []
        for size, out, k, s in zip(self.shape(source)[1:3], self.shape(target)[1:3], kernel, strides):
            total = max((out - 1) * s + k - size, 0)
            before.append(total // 2)
            after.append(total - total // 2)
        return before + after

    def convolution(self, op, options, inputs: list[int], target: int, depthwise: bool) -> None:
        options.Init(op.BuiltinOptions().Bytes, op.BuiltinOptions().Pos)
        if options.FusedActivationFunction() != 0:
            raise SystemExit(f"{self.name(target)}: a fused activation is not known")
        strides = [options.StrideH(), options.StrideW()]
        kernel = self.shape(inputs[1])[1:3]
        # TFLite: [out, h, w, in]; depthwise [1, h, w, channels]. ONNX: [out, in / group, h, w].
        weight = self.weight(inputs[1], (3, 0, 1, 2) if depthwise else (0, 3, 1, 2))
        self.add(
            "Conv", [self.name(inputs[0]), weight, self.weight(inputs[2], None)], self.name(target),
            kernel_shape=kernel, strides=strides, pads=self.pads(inputs[0], target, kernel, strides),
            group=self.shape(target)[3] if depthwise else 1,
        )

    def operator(self, op) -> None:
        code = self.model.OperatorCodes(op.OpcodeIndex())
        kind = OPERATORS[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]
        inputs = [int(i) for i in op.InputsAsNumpy()]
        target = int(op.Outputs(0))
        names, out = [self.name(i) for i in inputs], self.name(target)
        if kind == "DEQUANTIZE":
            self.aliases[target] = inputs[0]
        elif kind == "CONV_2D":
            self.convolution(op, tflite.Conv2DOptions(), inputs, target, depthwise=False)
        elif kind == "DEPTHWISE_CONV_2D":
            self.convolution(op, tflite.DepthwiseConv2DOptions(), inputs, target, depthwise=True)
        elif kind == "MAX_POOL_2D":
            options = tflite.Pool2DOptions()
            options.Init(op.BuiltinOptions().Bytes, op.BuiltinOptions().Pos)
            kernel = [options.FilterHeight(), options.FilterWidth()]
            strides = [options.StrideH(), options.StrideW()]
            pads = self.pads(inputs[0], target, kernel, strides)
            self.add("MaxPool", names, out, kernel_shape=kernel, strides=strides, pads=pads)
        elif kind == "PAD":
            (n0, n1), (h0, h1), (w0, w1), (c0, c1) = self.constant(inputs[1]).tolist()
            pads = np.array([n0, c0, h0, w0, n1, c1, h1, w1], np.int64)
            self.weights.append(numpy_helper.from_array(pads, out + "_pads"))
            self.add("Pad", [names[0], out + "_pads"], out)
        elif kind == "ADD":
            self.add("Add", names, out)
        elif kind == "RELU":
            self.add("Relu", names, out)
        elif kind == "RESHAPE":
            shape = np.array(self.shape(target), np.int64)
            self.weights.append(numpy_helper.from_array(shape, out + "_shape"))
            rows = self.add("Transpose", [names[0]], names[0] + "_nhwc", perm=[0, 2, 3, 1])
            self.add("Reshape", [rows, out + "_shape"], out)
        elif kind == "CONCATENATION":
            self.add("Concat", names, out, axis=1)
        else:
            raise SystemExit(f"the operator {kind} is not known")

    def convert(self) -> onnx.ModelProto:
        source = int(self.graph.Inputs(0))
        nhwc, name = "input_nhwc", self.name(source)
        self.add("Transpose", [nhwc], name, perm=[0, 3, 1, 2])
        for index in range(self.graph.OperatorsLength()):
            self.operator(self.graph.Operators(index))
        value = lambda n, i: helper.make_tensor_value_info(n, TensorProto.FLOAT, self.shape(i))
        outputs = [value(self.name(int(i)), int(i)) for i in self.graph.OutputsAsNumpy()]
        graph = helper.make_graph(self.nodes, "face_detector", [value(nhwc, source)], outputs, self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        onnx.checker.check_model(model, full_check=True)
        return model


def verify(source: Path, target: Path) -> None:
    """Largest difference between Google's TFLite runtime and onnxruntime over eight pictures."""
    import onnxruntime
    from ai_edge_litert.interpreter import Interpreter

    lite = Interpreter(model_path=str(source))
    lite.allocate_tensors()
    session = onnxruntime.InferenceSession(target)
    random = np.random.default_rng(0)
    for count in range(8):
        coarse = random.uniform(-1, 1, (1, 4 << count % 6, 4 << count % 6, 3)).astype(np.float32)
        picture = coarse.repeat(128 // coarse.shape[1], 1).repeat(128 // coarse.shape[2], 2)
        lite.set_tensor(lite.get_input_details()[0]["index"], picture)
        lite.invoke()
        for detail, ours in zip(lite.get_output_details(), session.run(None, {"input_nhwc": picture})):
            theirs = lite.get_tensor(detail["index"])
            print(detail["name"], theirs.shape, "largest", abs(theirs).max(), "difference", abs(theirs - ours).max())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--verify", action="store_true")
    arguments = parser.parse_args()
    data = arguments.source.read_bytes()
    if hashlib.sha256(data).hexdigest() != SOURCE_SHA256:
        raise SystemExit(f"{arguments.source} is not the file that this script was written for")
    arguments.target.write_bytes(Converter(data).convert().SerializeToString())
    path = arguments.target.parent / "manifest.json"
    content = manifest.read(path)
    content["detector"] = {**manifest.describe(arguments.target), "input": [1, 128, 128, 3]}
    manifest.write(path, content)
    if arguments.verify:
        verify(arguments.source, arguments.target)


if __name__ == "__main__":
    main()
