"""Writes six pictures and what the shipped classifier says of them, read in double precision.

    python tests/golden/classifier.py            # needs numpy, onnx 1.x; again after each release of models/depth.onnx

ONNX's reference evaluator computes in the type that it is given, so here every real number of the file is a double. In f32 a sum
that lies within a ten millionth of a half may round to either side; one activation is then a step off, and a logit by some
hundredths. Engines differ so on this file (onnxruntime, PyTorch, tract and ours), and none is wrong. Of some 145,000 sums a
picture, often one is such a tie: those pictures are drawn anew. Our engine, whose sums are exact integers, must give these logits; one that adds
in f32, as tract alone does, loses more on the way and may be a step off all the same.
"""

from __future__ import annotations

import hashlib
import json
import pathlib

import numpy as np
import onnx
from onnx import numpy_helper
from onnx.reference import ReferenceEvaluator

HERE = pathlib.Path(__file__).parent
MODEL = HERE / "../../models/depth.onnx"
SIDE = 48
# Nearest that a quotient of QuantizeLinear may come to a half, relative to it or, of an addition, to its addends: three roundings of
# f32, of the factor, of the sum and of their product (of an addition: of both products and their sum).
TIE = 3 * 2**-24


def drawn(random: np.random.Generator, mouth_width: float) -> np.ndarray:
    """A face: an oval of a random shade with two eyes and a mouth before a noisy wall."""
    y, x = np.mgrid[:SIDE, :SIDE]

    def within(centre_x, centre_y, width, height):
        return ((x - centre_x) / width) ** 2 + ((y - centre_y) / height) ** 2 < 1

    picture = 90 + random.integers(0, 16, [SIDE, SIDE])
    picture[within(24, 25, 19, 23)] = random.integers(160, 200)
    for feature in ((15, 19, 4, 2.5), (33, 19, 4, 2.5), (24, 36, mouth_width, 3)):
        picture[within(*feature)] = 40
    return picture


def pictures():
    """A hundred pictures of each kind to choose from: noise three times, a ramp, a face with a small and with a wide mouth."""
    random = np.random.default_rng(48)
    column = np.arange(SIDE)

    def noise():
        return random.integers(0, 256, [SIDE, SIDE])

    def ramp():
        return np.tile(column * 4 + random.integers(0, 64), (SIDE, 1))

    for make in (noise, noise, noise, ramp, lambda: drawn(random, 6), lambda: drawn(random, 14)):
        yield (make().astype(np.uint8) for _ in range(100))


def doubled(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same model with every real constant as a double; the values stay those of the file."""
    for initializer in model.graph.initializer:
        if initializer.data_type == onnx.TensorProto.FLOAT:
            initializer.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(initializer).astype(np.float64), initializer.name))
    for node in model.graph.node:
        assert node.op_type != "Constant", f"{node.name} holds a constant that would stay single"
    # The evaluator has these operators from version 19 on; they mean the same for what this file holds.
    model.opset_import[0].version = 19
    return model


class Rounding:
    """What the QuantizeLinear operators of a doubled model round."""

    def __init__(self, model: onnx.ModelProto):
        constants = {initializer.name: numpy_helper.to_array(initializer) for initializer in model.graph.initializer}
        self.input = model.graph.input[0].name
        behind = [node for node in model.graph.node if node.op_type == "QuantizeLinear" and node.input[0] != self.input]
        self.levels = [(constants[node.input[1]], constants[node.input[2]]) for node in behind]
        makers = {node.output[0]: node for node in model.graph.node}
        self.parts = []  # names of the values whose sizes the roundings are relative to
        for node in behind:
            maker = makers[node.input[0]]
            if maker.op_type == "Relu":
                maker = makers[maker.input[0]]
            self.parts.append(list(maker.input) if maker.op_type == "Add" else [node.input[0]])
        self.names = [node.input[0] for node in behind]
        wanted = sorted({*self.names, *(name for parts in self.parts for name in parts)})
        self.evaluator, self.wanted = ReferenceEvaluator(exposed(model, wanted)), wanted

    def nearest_tie(self, given: np.ndarray) -> float:
        """Smallest distance from a half of any quotient that is not clipped, relative to the quotient, to the addends that made it, or to 1."""
        nearest = 0.5
        values = dict(zip(self.wanted, self.evaluator.run(None, {self.input: given})))
        for name, parts, (scale, zero_point) in zip(self.names, self.parts, self.levels):
            quotient, size = values[name] / scale, sum(np.abs(values[part]) for part in parts) / scale
            distance = np.abs(quotient - np.floor(quotient) - 0.5) / np.maximum(size, 1)
            level = quotient + zero_point
            nearest = min(nearest, distance[(level > -1) & (level < 256)].min(initial=0.5))
        return float(nearest)


def exposed(model: onnx.ModelProto, names: list[str]) -> onnx.ModelProto:
    """The model with the values of these names as its outputs."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    del copy.graph.output[:]
    copy.graph.output.extend(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.DOUBLE, None) for name in names)
    return copy


def main() -> None:
    model = doubled(onnx.load(MODEL))
    evaluator, rounding, runs = ReferenceEvaluator(model), Rounding(model), []
    for kind in pictures():
        for picture in kind:
            given = (picture / 255).reshape(1, 1, SIDE, SIDE)
            tie = rounding.nearest_tie(given)
            if tie >= TIE:
                break
        else:
            raise SystemExit("each picture of a kind comes near a tie: draw others")
        outputs = evaluator.run(None, {model.graph.input[0].name: given})
        assert all(output.dtype == np.float64 for output in outputs), [output.dtype for output in outputs]
        print(f"nearest tie {tie:.1e}")
        runs.append({"pixels": picture.tobytes().hex(), "outputs": [output.flatten().tolist() for output in outputs]})
    golden = {
        "onnx": onnx.__version__,
        "model": hashlib.sha256(MODEL.read_bytes()).hexdigest(),
        "outputs": [output.name for output in model.graph.output],
        "runs": runs,
    }
    (HERE / "classifier.json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
