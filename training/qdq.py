"""Writes a quantized network as ONNX in the QDQ form that the engine recognises.

Every activation is QuantizeLinear -> DequantizeLinear (uint8, per tensor), every weight an int8
initialiser behind DequantizeLinear (per output channel, axis 0, zero point 0), every bias an int32
initialiser whose scale is the input's scale times the weights'. Opset 17, NCHW, logits in float.
"""

from __future__ import annotations

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from folded import Folded, Scheme


class Nodes:
    """The nodes and constants of a graph that is being written."""

    def __init__(self):
        self.nodes, self.initialisers = [], []

    def constant(self, name: str, array: np.ndarray) -> str:
        self.initialisers.append(numpy_helper.from_array(array, name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, **attributes) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], name=f"{output}/{kind}", **attributes))
        return output


class _Graph(Nodes):
    def __init__(self, net: Folded, scheme: Scheme):
        super().__init__()
        self.net, self.scheme = net, scheme

    def activation(self, name: str, tensor: str) -> str:
        """Quantize and dequantize `tensor`; returns the dequantized tensor's name."""
        scale, zero = self.scheme.activations[name]
        s = self.constant(f"{name}.scale", np.array(scale, np.float32))
        z = self.constant(f"{name}.zero_point", np.array(zero, np.uint8))
        self.node("QuantizeLinear", [tensor, s, z], f"{name}.quantized")
        return self.node("DequantizeLinear", [f"{name}.quantized", s, z], f"{name}.dequantized")

    def parameters(self, name: str, layer) -> list[str]:
        scale = self.scheme.weights[name]
        bias_scale = self.scheme.bias_scale(name)
        spread = scale.view(-1, *[1] * (layer.weight.ndim - 1))
        weight = torch.clamp(torch.round(layer.weight.detach() / spread), -127, 127).to(torch.int8)
        bias = torch.round(layer.bias.detach() / bias_scale).to(torch.int32)
        result = []
        for part, values, scales in (("weight", weight, scale), ("bias", bias, bias_scale)):
            values = values.numpy()
            inputs = [
                self.constant(f"{name}.{part}", values),
                self.constant(f"{name}.{part}.scale", scales.numpy().astype(np.float32)),
            ]
            if part == "weight":  # without it a zero point is 0, and a bias's would take four bytes for each output
                inputs.append(self.constant(f"{name}.{part}.zero_point", np.zeros(len(values), values.dtype)))
            result.append(self.node("DequantizeLinear", inputs, f"{name}.{part}.dequantized", axis=0))
        return result

    def conv(self, name: str, layer, tensor: str) -> str:
        (kernel, _), (stride, _), (pad, _) = layer.kernel_size, layer.stride, layer.padding
        return self.node(
            "Conv", [tensor, *self.parameters(name, layer)], name,
            kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=[pad] * 4,
        )

    def relu(self, tensor: str) -> str:
        return self.node("Relu", [tensor], f"{tensor}.relu")

    def build(self) -> onnx.ModelProto:
        net = self.net
        x = self.activation("input", "face")
        x = self.activation("stem", self.relu(self.conv("stem", net.stem, x)))
        for index, block in enumerate(net.blocks):
            name = f"blocks.{index}"
            y = self.activation(f"{name}.first", self.relu(self.conv(f"{name}.first", block["first"], x)))
            y = self.activation(f"{name}.second", self.conv(f"{name}.second", block["second"], y))
            if "skip" in block:
                x = self.activation(f"{name}.skip", self.conv(f"{name}.skip", block["skip"], x))
            x = self.activation(f"{name}.sum", self.relu(self.node("Add", [y, x], f"{name}.sum")))
        x = self.activation("pool", self.node("GlobalAveragePool", [x], "pool"))
        x = self.node("Flatten", [x], "pool.flat", axis=1)
        self.node("Gemm", [x, *self.parameters("head", net.head)], "logits", transB=1)
        graph = helper.make_graph(
            self.nodes, "depth",
            [helper.make_tensor_value_info("face", TensorProto.FLOAT, [1, 1, 48, 48])],
            [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, net.head.out_features])],
            self.initialisers,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="emotion-depth")
        model.ir_version = 8
        onnx.checker.check_model(model, full_check=True)
        return model


def to_onnx(net: Folded, scheme: Scheme) -> onnx.ModelProto:
    return _Graph(net.cpu(), scheme).build()
