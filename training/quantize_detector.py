"""Turn models/face_detector.onnx into models/face_detector_int16.onnx: integers from the picture to the boxes.

    python quantize_detector.py --images fer2013.csv.gz --votes fer2013new.csv --work runs/a --models ../models

Weights are int16 per output channel (11 bits of them used), activations int16 with zero point 0. With int8
the points of a face move by 4 % of its width (weights alone: 1.8 %), which the alignment would feel; the kernels
multiply 16-bit numbers in any case, so that the wider ones cost no time. Scales leave a factor of two above the largest
value seen, so that nothing is cut off in a picture unlike those that chose them.

The written file is run beside the float one on other pictures; a mean shift of the points or boxes of 1 % of the
face's width or more is an error, and so is one face in a hundred that only one of the two finds.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper

import data
import manifest
from qdq import Nodes

SIDE = 128
HEADROOM = 2.0
#: Largest weight, and largest sum of the magnitudes of a channel's weights: with activations below 2^15
#: the sums then stay within 32 bits and leave room for the bias.
MOST_WEIGHT, MOST_SUM = 2047, 60_000
MOST_INPUT, MOST_SUM_WITH_BIAS = 32_768, 2**31 - 1
#: Pixels 0..255 become -1..1 as p / 127.5 - 1, which is exactly (2 p - 255) / 255.
INPUT_SCALE = np.float32(1 / 255)


def scene(faces: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A made-up detector input, float [128, 128, 3] in -1..1: a face, grey or tinted, on a soft coloured background;
    half of them as in a wide frame with bars of black above and below, half as in the second look.
    """
    wide = random.random() < 0.5
    side, top, height = (random.integers(24, 70), 16, 96) if wide else (random.integers(66, 100), 0, SIDE)
    coarse = random.uniform(0, 255, (1, 3, *random.integers(2, 9, 2))).astype(np.float32)
    background = F.interpolate(torch.from_numpy(coarse), size=(height, SIDE), mode="bilinear", align_corners=True)
    background = background[0].permute(1, 2, 0).numpy()
    if random.random() < 0.3:
        background = background.mean(2, keepdims=True).repeat(3, 2)
    picture = np.zeros((SIDE, SIDE, 3), np.float32)
    picture[top : top + height] = background + random.normal(0, random.uniform(0, 12), background.shape)
    face = torch.from_numpy(faces[random.integers(len(faces))]).float()[None, None]
    face = F.interpolate(face, size=(int(side),) * 2, mode="bilinear", antialias=True, align_corners=False)[0, 0].numpy()
    tint = np.where(random.random() < 0.5, 1.0, random.uniform(0.6, 1.2, 3))
    y, x = top + random.integers(0, height - side + 1), random.integers(0, SIDE - side + 1)
    picture[y : y + side, x : x + side] = face[..., None] * tint
    return (picture.clip(0, 255).round() / 127.5 - 1).astype(np.float32)


class Quantizer(Nodes):
    """Walks the float graph once; `ranges` has the largest magnitude of every tensor."""

    def __init__(self, model: onnx.ModelProto, ranges: dict[str, float]):
        super().__init__()
        self.model, self.ranges = model, ranges
        self.constants = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
        for node in model.graph.node:
            if node.op_type == "Cast":
                self.constants[node.output[0]] = self.constants[node.input[0]].astype(np.float32)
        self.readers: dict[str, list[str]] = {}
        for node in model.graph.node:
            for name in node.input:
                self.readers.setdefault(name, []).append(node.op_type)
        #: float tensor of the source -> tensor of the new graph, and its scale where it is quantized
        self.names, self.scales = {}, {}

    def activation(self, name: str, tensor: str, scale: np.float32) -> None:
        """The source's tensor `name` is `tensor`, quantized and dequantized."""
        s = self.constant(f"{name}.scale", np.array(scale, np.float32))
        z = self.constant(f"{name}.zero_point", np.array(0, np.int16))
        self.node("QuantizeLinear", [tensor, s, z], f"{name}.quantized")
        self.names[name] = self.node("DequantizeLinear", [f"{name}.quantized", s, z], f"{name}.dequantized")
        self.scales[name] = np.float32(scale)

    def parameters(self, node: onnx.NodeProto, source_scale: np.float32) -> list[str]:
        weight, bias = self.constants[node.input[1]], self.constants[node.input[2]].astype(np.float64)
        rows = np.abs(weight.reshape(len(weight), -1)).astype(np.float64)
        scale = np.maximum(np.maximum(rows.max(1) / MOST_WEIGHT, rows.sum(1) / MOST_SUM), 1e-9)
        # A channel whose bias alone would leave 32 bits needs coarser units.
        assert rows[0].size < 5_000, "more weights a channel than this scheme has room for"
        room = MOST_SUM_WITH_BIAS - (MOST_SUM + rows[0].size) * MOST_INPUT
        scale = np.maximum(scale, np.abs(bias) / (float(source_scale) * room)).astype(np.float32)
        spread = scale.reshape(-1, *[1] * (weight.ndim - 1))
        quantized = np.rint(weight / spread).astype(np.int16)
        unit = (scale * source_scale).astype(np.float32)
        result = []
        integers = np.rint(bias / unit.astype(np.float64)).astype(np.int32)
        for part, values, scales in (("weight", quantized, scale), ("bias", integers, unit)):
            name = f"{node.output[0]}.{part}"
            zeros = np.zeros(len(values), values.dtype)
            inputs = [self.constant(name, values), self.constant(f"{name}.scale", scales), self.constant(f"{name}.zero_point", zeros)]
            result.append(self.node("DequantizeLinear", inputs, f"{name}.dequantized", axis=0))
        return result

    def scale_of(self, name: str) -> np.float32:
        return np.float32(HEADROOM * self.ranges[name] / 32_767)

    def step(self, node: onnx.NodeProto) -> None:
        output, kind = node.output[0], node.op_type
        attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        inputs = [self.names.get(name, name) for name in node.input]
        if kind == "Cast":
            return
        if kind == "Conv":
            tensor = self.node(kind, [inputs[0], *self.parameters(node, self.scales[node.input[0]])], output, **attributes)
        else:
            for name in node.input:
                if name in self.constants:
                    self.constant(name, self.constants[name])
            tensor = self.node(kind, inputs, output, **attributes)
        readers = self.readers.get(output, [])
        real = kind in ("Reshape", "Concat") or (kind == "Transpose" and readers == ["Reshape"]) or readers == ["Transpose"]
        if kind == "Pad":
            # More channels of 0: the engine reads the narrower tensor.
            self.names[output] = tensor
        elif kind == "MaxPool":
            self.activation(output, tensor, self.scales[node.input[0]])
        elif node.op_type == "Transpose" and not real:
            self.activation(output, tensor, INPUT_SCALE)
        elif not real and readers != ["Relu"]:
            self.activation(output, tensor, self.scale_of(output))

    def build(self) -> onnx.ModelProto:
        for node in self.model.graph.node:
            self.step(node)
        source = self.model.graph
        graph = helper.make_graph(self.nodes, "face_detector_int16", list(source.input), list(source.output), self.initialisers)
        # int16 came to QuantizeLinear with opset 21.
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], producer_name="emotion-depth", ir_version=10)
        onnx.checker.check_model(model, full_check=True)
        return model


def ranges(model: onnx.ModelProto, pictures: list[np.ndarray]) -> dict[str, float]:
    """The largest magnitude of every tensor between operators."""
    whole = onnx.ModelProto()
    whole.CopyFrom(model)
    names = [name for node in model.graph.node if node.op_type != "Cast" for name in node.output]
    for name in names:
        if name not in {value.name for value in model.graph.output}:
            whole.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, None))
    session = onnxruntime.InferenceSession(whole.SerializeToString(), providers=["CPUExecutionProvider"])
    outputs = [value.name for value in session.get_outputs()]
    largest = dict.fromkeys(outputs, 1e-6)
    for picture in pictures:
        for name, values in zip(outputs, session.run(None, {"input_nhwc": picture[None]})):
            largest[name] = max(largest[name], float(np.abs(values).max()))
    return largest


def compare(first: onnx.ModelProto, second: onnx.ModelProto, pictures: list[np.ndarray]) -> dict:
    """Mean shifts of points and box as shares of the face's width, over the faces that the first finds, each as the mean
    over its anchors weighted by score; and how often only one of the two finds a face."""
    sessions = []
    for model in (first, second):
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        sessions.append(onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"]))
    points, boxes, scores, lost, gained = [], [], [], 0, 0
    for picture in pictures:
        (a, p), (b, q) = [session.run(None, {"input_nhwc": picture[None]}) for session in sessions]
        p, q = 1 / (1 + np.exp(-p[0, :, 0])), 1 / (1 + np.exp(-q[0, :, 0]))
        lost += p.max() >= 0.5 > q.max()
        gained += q.max() >= 0.5 > p.max()
        near = p >= 0.5
        if near.any():
            mean = lambda rows: (rows[0][near] * p[near, None]).sum(0) / p[near].sum()  # noqa: E731
            face = mean(a)
            shift = (mean(b) - face) / face[2]
            points.append(np.hypot(shift[4::2], shift[5::2]).mean())
            boxes.append(np.abs(shift[:4]).mean())
            scores.append(abs(float(q.max() - p.max())))
    return {"faces": len(points), "lost": int(lost), "gained": int(gained), "points": float(np.mean(points)),
            "points_p95": float(np.percentile(points, 95)), "boxes": float(np.mean(boxes)), "score": float(np.mean(scores))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--votes", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder of caches")
    parser.add_argument("--models", type=Path, required=True, help="folder of face_detector.onnx and manifest.json")
    parser.add_argument("--pictures", type=int, default=192, help="made-up pictures that choose the ranges")
    parser.add_argument("--seed", type=int, default=5)
    args = parser.parse_args()

    fit, held = data.hold_out(data.read(args.images, args.votes, "Training", args.work))
    random = np.random.default_rng(args.seed)
    model = onnx.load(args.models / "face_detector.onnx")
    largest = ranges(model, [scene(fit.faces, random) for _ in range(args.pictures)])
    quantized = Quantizer(model, largest).build()
    figures = compare(model, quantized, [scene(held.faces, random) for _ in range(400)])
    print("against float, as shares of the face's width:", {k: round(v, 5) for k, v in figures.items()})
    if not (max(figures["points"], figures["boxes"]) < 0.01 and figures["lost"] + figures["gained"] < 0.01 * figures["faces"]):
        raise SystemExit("the quantized detector moves points or boxes too far: nothing was saved")
    path = args.models / "face_detector_int16.onnx"
    onnx.save(quantized, path)
    listing = args.models / "manifest.json"
    content = manifest.read(listing)
    plan = content["detector"].get("plan")
    content["detector"] = {**manifest.describe(path), **({"plan": plan} if plan else {}), "input": [1, SIDE, SIDE, 3]}
    manifest.write(listing, content)
    print(f"{path}: {path.stat().st_size} bytes; now run `cargo xtask models`")


if __name__ == "__main__":
    main()
