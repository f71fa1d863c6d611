"""A teacher of the class labels alone, never shipped: a DenseNet-121 (Huang et al. 2017, arXiv:1608.06993) that others trained on FER2013's labels.

Its weights come in the npm package faceplugin-face-recognition-js 0.0.1 (MIT), file model/fr_expression.onnx; what it was trained on is not
documented. It tells 99.6 % of Training's clean pictures and 70.9 % of PublicTest's, so it has seen Training and is asked about disturbed pictures only.

    python labelnet.py --package faceplugin-face-recognition-js/package --out runs/labelnet.pt

writes the weights in half precision for `LabelNet`; needs the PyPI package onnx.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

SHA256 = "88959314d9dc14d6c968cca31dc068e4350bf1944154e3bdd2eece5d0f318d05"  # model/fr_expression.onnx of version 0.0.1
SIDE = 224
TEMPERATURE = 2.0  # at which it teaches best, by held-out loss of the ensemble


def read(package: Path) -> tuple[list[tuple], dict[str, torch.Tensor]]:
    """The graph as (operator, inputs, output, attributes) in order, and its weights by name."""
    import onnx
    from onnx import numpy_helper

    path = package / "model/fr_expression.onnx"
    if hashlib.sha256(path.read_bytes()).hexdigest() != SHA256:
        raise SystemExit(f"{path} is not the file this was written for (version 0.0.1 of the package)")
    graph = onnx.load(path).graph
    weights = {item.name: torch.from_numpy(numpy_helper.to_array(item).copy()) for item in graph.initializer}
    nodes = []
    for node in graph.node:
        attributes = {item.name: onnx.helper.get_attribute_value(item) for item in node.attribute}
        nodes.append((node.op_type, tuple(node.input), node.output[0], attributes))
    return nodes, weights


class LabelNet(nn.Module):
    """Input [n, 1, any, any] in 0..1, enlarged to 224 pixels; output: logits of the seven classes in FER2013's order, [n, 7]."""

    def __init__(self, nodes: list[tuple], weights: dict[str, torch.Tensor]):
        super().__init__()
        self.nodes = nodes
        self.names = {name: f"w{index}" for index, name in enumerate(weights)}
        for name, value in weights.items():
            self.register_buffer(self.names[name], value.float() if value.is_floating_point() else value)
        last = {name: index for index, (_, inputs, _, _) in enumerate(nodes) for name in inputs}
        #: What no later operator reads after each one: without letting go of it the memory of a card would not do.
        self.over = [[name for name in inputs if last[name] == index and name not in weights] for index, (_, inputs, _, _) in enumerate(nodes)]
        first = self.names[nodes[0][1][1]]
        # A grey picture is the same in all three channels: one channel with the sum of the kernels.
        self.register_buffer(first, getattr(self, first).sum(1, keepdim=True))

    def forward(self, x):
        x = F.interpolate(x, size=SIDE, mode="bilinear", align_corners=False)
        values = {"input": x}
        take = lambda name: values[name] if name in values else getattr(self, self.names[name])  # noqa: E731
        for (kind, inputs, output, attributes), over in zip(self.nodes, self.over):
            values[output] = _run(kind, [take(name) for name in inputs if name], attributes)
            for name in over:
                values.pop(name, None)
        return values[output]


def _run(kind: str, given: list[torch.Tensor], attributes: dict) -> torch.Tensor:
    """One operator of ONNX, as far as this network has it."""
    x = given[0]
    if kind == "Conv":
        return F.conv2d(x, given[1], given[2] if len(given) > 2 else None, attributes["strides"], attributes["pads"][:2])
    if kind == "BatchNormalization":
        scale, bias, mean, variance = given[1:]
        factor = scale / (variance + attributes.get("epsilon", 1e-5)).sqrt()
        return x * factor.view(1, -1, 1, 1).to(x.dtype) + (bias - mean * factor).view(1, -1, 1, 1).to(x.dtype)
    if kind == "Relu":
        return F.relu(x)
    if kind == "Concat":
        return torch.cat(given, 1)
    if kind == "Pad":  # by nothing, before the poolings
        return x
    if kind == "MaxPool":
        return F.max_pool2d(x, attributes["kernel_shape"], attributes["strides"], attributes["pads"][:2])
    if kind == "AveragePool":
        return F.avg_pool2d(x, attributes["kernel_shape"], attributes["strides"])
    if kind == "GlobalAveragePool":
        return x.mean((2, 3), keepdim=True)
    if kind == "Flatten":
        return x.flatten(1)
    if kind == "Gemm":
        return F.linear(x, given[1], given[2])
    raise SystemExit(f"the operator {kind} is not known here")


def saved(path: Path) -> LabelNet:
    """The network of a file that `main` wrote."""
    state = torch.load(path, map_location="cpu", weights_only=False)
    return LabelNet(state["nodes"], state["weights"]).eval()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", type=Path, required=True, help="folder of the unpacked npm package")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    nodes, weights = read(args.package)
    halves = {name: value.half() if value.is_floating_point() and value.ndim > 1 else value for name, value in weights.items()}
    args.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"nodes": nodes, "weights": halves}, args.out)


if __name__ == "__main__":
    main()
