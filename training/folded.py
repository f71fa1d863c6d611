"""The student with batch normalisation folded into its convolutions, and its quantization scheme.

`Folded` is one description of the forward pass that serves three ways: in float, recording the
activations' ranges, and with fake quantization (what the int8 file computes). Names of tensors
("sites") are those of the ONNX file.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import nn

from model import ConvBn, DepthNet

INPUT_SCALE = 1 / 255  # a uint8 pixel is the quantized input itself


def fold(layer: ConvBn) -> nn.Conv2d:
    """A convolution with bias that equals convolution and batch normalisation (running statistics)."""
    conv, bn = layer.conv, layer.bn
    folded = nn.Conv2d(conv.in_channels, conv.out_channels, conv.kernel_size, conv.stride, conv.padding)
    gain = bn.weight.double() / torch.sqrt(bn.running_var.double() + bn.eps)
    folded.weight.data = (conv.weight.double() * gain.view(-1, 1, 1, 1)).float()
    folded.bias.data = (bn.bias.double() - bn.running_mean.double() * gain).float()
    return folded


class Folded(nn.Module):
    def __init__(self, net: DepthNet):
        super().__init__()
        self.stem = fold(net.stem)
        self.blocks = nn.ModuleList()
        for block in net.blocks:
            parts = nn.ModuleDict({"first": fold(block.first), "second": fold(block.second)})
            if block.skip is not None:
                parts["skip"] = fold(block.skip)
            self.blocks.append(parts)
        self.head = nn.Linear(net.head.in_features, net.head.out_features)
        self.head.load_state_dict(net.head.state_dict())

    def forward(self, x, scheme=None):
        """Logits [n, outputs] (classes, votes and, where there is one, the photo head) of faces [n, 1, 48, 48] in 0..1."""
        scheme = scheme or Float()
        x = scheme.activation("input", x)
        x = scheme.activation("stem", torch.relu(scheme.conv("stem", "input", self.stem, x)))
        source = "stem"
        for index, block in enumerate(self.blocks):
            name = f"blocks.{index}"
            y = torch.relu(scheme.conv(f"{name}.first", source, block["first"], x))
            y = scheme.activation(f"{name}.first", y)
            y = scheme.conv(f"{name}.second", f"{name}.first", block["second"], y)
            y = scheme.activation(f"{name}.second", y)
            if "skip" in block:
                x = scheme.activation(f"{name}.skip", scheme.conv(f"{name}.skip", source, block["skip"], x))
            x = scheme.activation(f"{name}.sum", torch.relu(y + x))
            source = f"{name}.sum"
        x = scheme.activation("pool", x.mean(dim=(2, 3)))
        return scheme.linear("head", "pool", self.head, x)


class Float:
    """No quantization."""

    def activation(self, name, x):
        return x

    def conv(self, name, source, layer, x):
        return layer(x)

    linear = conv


class Recorder(Float):
    """Keeps a sample of every activation, to choose ranges from."""

    def __init__(self, per_batch: int = 20_000, seed: int = 3):
        self.values: dict[str, list[torch.Tensor]] = {}
        self.extremes: dict[str, tuple[float, float]] = {}
        self.per_batch = per_batch
        self.random = torch.Generator().manual_seed(seed)

    def activation(self, name, x):
        flat = x.detach().flatten()
        low, high = self.extremes.get(name, (0.0, 0.0))
        self.extremes[name] = (min(low, float(flat.min())), max(high, float(flat.max())))
        rows = torch.randint(len(flat), (min(self.per_batch, len(flat)),), generator=self.random)
        self.values.setdefault(name, []).append(flat[rows])
        return x


class _FakeQuantize(torch.autograd.Function):
    """Rounds half to even; the gradient passes straight through, except to values beyond the range."""

    @staticmethod
    def forward(ctx, x, scale, zero, low, high):
        steps = torch.round(x / scale) + zero
        ctx.save_for_backward((steps >= low) & (steps <= high))
        return (steps.clamp(low, high) - zero) * scale

    @staticmethod
    def backward(ctx, gradient):
        (inside,) = ctx.saved_tensors
        return gradient * inside, None, None, None, None


def fake_quantize(x, scale, zero: int, low: int, high: int):
    """ONNX QuantizeLinear followed by DequantizeLinear."""
    return _FakeQuantize.apply(x, scale, zero, low, high)


@dataclass
class Scheme:
    """Scales (float32) and zero points: activations uint8 per tensor, weights int8 per output channel."""

    activations: dict[str, tuple[float, int]] = field(default_factory=dict)
    weights: dict[str, torch.Tensor] = field(default_factory=dict)
    #: name of the activation that each weighted layer reads; gives the scale of its bias
    sources: dict[str, str] = field(default_factory=dict)

    def activation(self, name, x):
        scale, zero = self.activations[name]
        return fake_quantize(x, scale, zero, 0, 255)

    def bias_scale(self, name: str) -> torch.Tensor:
        return self.weights[name] * torch.tensor(self.activations[self.sources[name]][0], dtype=torch.float32)

    def _parameters(self, name, layer):
        scale = self.weights[name].view(-1, *[1] * (layer.weight.ndim - 1))
        weight = fake_quantize(layer.weight, scale, 0, -127, 127)
        bias_scale = self.bias_scale(name)
        return weight, fake_quantize(layer.bias, bias_scale, 0, -(2**31), 2**31 - 1)

    def conv(self, name, source, layer, x):
        weight, bias = self._parameters(name, layer)
        return F.conv2d(x, weight, bias, layer.stride, layer.padding)

    def linear(self, name, source, layer, x):
        return F.linear(x, *self._parameters(name, layer))


def weight_scales(weight: torch.Tensor, steps: int = 80) -> torch.Tensor:
    """Per output channel the scale that minimises the squared error of int8 weights."""
    rows = weight.detach().flatten(1)
    largest = rows.abs().amax(1).clamp_min(1e-12)
    best, error = largest / 127, torch.full_like(largest, float("inf"))
    for share in torch.linspace(0.4, 1.0, steps):
        scale = largest * share / 127
        now = (fake_quantize(rows, scale.view(-1, 1), 0, -127, 127) - rows).square().sum(1)
        best, error = torch.where(now < error, scale, best), torch.minimum(now, error)
    return best


def activation_range(values: torch.Tensor, low: float, high: float, steps: int = 40) -> tuple[float, int]:
    """Scale and zero point (uint8) that minimise the squared error over `values` within [low, high].

    Zero is always exactly representable; where nothing is negative the zero point is 0.
    """
    shares = torch.linspace(0.3, 1.0, steps).tolist()
    best = None
    for top in shares:
        for bottom in shares if low < 0 else [1.0]:
            scale = float(torch.tensor((high * top - min(low, 0.0) * bottom) / 255, dtype=torch.float32)) or 1e-8
            zero = int(min(255, max(0, round(-min(low, 0.0) * bottom / scale))))
            error = float((fake_quantize(values, scale, zero, 0, 255) - values).square().mean())
            if best is None or error < best[0]:
                best = (error, scale, zero)
    return best[1], best[2]


def choose(net: Folded, faces: torch.Tensor, batch: int = 128) -> Scheme:
    """Scheme for `net` from clean faces, float [n, 1, 48, 48] in 0..1."""
    recorder, scheme = Recorder(), Scheme()
    with torch.no_grad():
        for start in range(0, len(faces), batch):
            net(faces[start : start + batch], recorder)
    for name, parts in recorder.values.items():
        scheme.activations[name] = activation_range(torch.cat(parts)[:200_000], *recorder.extremes[name])
    scheme.activations["input"] = (float(torch.tensor(INPUT_SCALE, dtype=torch.float32)), 0)
    for name, source, layer in layers(net):
        scheme.sources[name] = source
        scale = weight_scales(layer.weight)
        # A dead channel's tiny scale must not push its bias out of int32.
        floor = layer.bias.detach().abs() / (scheme.activations[source][0] * 2.0**30)
        scheme.weights[name] = torch.maximum(scale, floor)
    return scheme


def layers(net: Folded):
    """(name, name of the activation it reads, layer) of everything that has weights, in order."""
    yield "stem", "input", net.stem
    source = "stem"
    for index, block in enumerate(net.blocks):
        name = f"blocks.{index}"
        yield f"{name}.first", source, block["first"]
        yield f"{name}.second", f"{name}.first", block["second"]
        if "skip" in block:
            yield f"{name}.skip", source, block["skip"]
        source = f"{name}.sum"
    yield "head", "pool", net.head
