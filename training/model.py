"""The student: a small residual CNN made for an int8 kernel.

3x3 and 1x1 convolutions, ReLU, strides instead of pooling, channels in multiples of 8.
Input [n, 1, 48, 48] in 0..1 (luma / 255); outputs are logits: class [n, 7] and votes [n, 10].
The input is not normalised further: batch normalisation absorbs mean and scale, and a uint8
pixel is then the quantized input itself (scale 1/255, zero point 0). The released network has a third head,
photo [n, 8], fitted afterwards (photo_head.py).
"""

from __future__ import annotations

import torch
from torch import nn

import data

WIDTHS = (24, 48, 96, 192)
BLOCKS = (1, 2, 3, 1)


class ConvBn(nn.Module):
    def __init__(self, cin: int, cout: int, kernel: int, stride: int):
        super().__init__()
        self.conv = nn.Conv2d(cin, cout, kernel, stride, kernel // 2, bias=False)
        self.bn = nn.BatchNorm2d(cout)

    def forward(self, x):
        return self.bn(self.conv(x))


class Block(nn.Module):
    """conv-bn-relu-conv-bn, plus the input (through a 1x1 convolution where the shape changes), relu."""

    def __init__(self, cin: int, cout: int, stride: int):
        super().__init__()
        self.first = ConvBn(cin, cout, 3, stride)
        self.second = ConvBn(cout, cout, 3, 1)
        self.skip = ConvBn(cin, cout, 1, stride) if stride != 1 or cin != cout else None

    def forward(self, x):
        y = self.second(torch.relu(self.first(x)))
        return torch.relu(y + (x if self.skip is None else self.skip(x)))


class DepthNet(nn.Module):
    """`block(cin, cout, stride, place)` makes a block; `place` is its share of the way from the first to the last, 0..1."""

    def __init__(self, widths=WIDTHS, blocks=BLOCKS, dropout: float = 0.2, block=lambda cin, cout, stride, place: Block(cin, cout, stride), outputs: int = 17):
        super().__init__()
        self.widths, self.counts = tuple(widths), tuple(blocks)
        self.stem = ConvBn(1, widths[0], 3, 2)
        layers, cin = [], widths[0]
        for stage, (width, count) in enumerate(zip(widths, blocks)):
            for index in range(count):
                layers.append(block(cin, width, 2 if index == 0 and stage > 0 else 1, len(layers) / sum(blocks)))
                cin = width
        self.blocks = nn.Sequential(*layers)
        self.dropout = nn.Dropout(dropout)
        # Class (7), votes (10) and, where it was fitted, photo (8) share one matrix: one fully connected kernel call.
        self.head = nn.Linear(cin, outputs)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            if isinstance(module, Block):
                nn.init.constant_(module.second.bn.weight, 0.2)

    def forward(self, x):
        x = torch.relu(self.stem(x))
        x = self.blocks(x).mean(dim=(2, 3))
        out = self.head(self.dropout(x))
        heads = (data.CLASS_HEAD, data.VOTE_HEAD, data.PHOTO_HEAD)
        return tuple(out[:, head] for head in heads if head.start < out.shape[1])


def grown(weights: dict, before: tuple[int, ...], after: tuple[int, ...]) -> dict:
    """Weights of a network with `before` blocks a stage, for one with `after` as many or more at the ends of its stages.

    A block that is added has no entry: the caller keeps the fresh one and sets it to pass its input on
    (`pass_on`), so that the larger network begins where the smaller one stood.
    """
    places, at_before, at_after = {}, 0, 0
    for few, many in zip(before, after):
        if few > many:
            raise ValueError(f"{before} blocks do not fit into {after}")
        places.update({at_before + index: at_after + index for index in range(few)})
        at_before, at_after = at_before + few, at_after + many
    result = {}
    for name, value in weights.items():
        parts = name.split(".")
        if parts[0] == "blocks":
            parts[1] = str(places[int(parts[1])])
        result[".".join(parts)] = value
    return result


def pass_on(block: Block) -> None:
    """Make a block without a skip convolution the identity (its input is not negative)."""
    nn.init.zeros_(block.second.bn.weight)
    nn.init.zeros_(block.second.bn.bias)


def macs(model: nn.Module, size: int = 48) -> int:
    """Multiply-accumulates of one forward pass, counted from the shapes that really occur."""
    total = 0

    def count(module, inputs, output):
        nonlocal total
        if isinstance(module, nn.Conv2d):
            total += output[0].numel() * module.weight[0].numel()
        else:
            total += module.weight.numel()

    hooks = [m.register_forward_hook(count) for m in model.modules() if isinstance(m, (nn.Conv2d, nn.Linear))]
    was_training = model.training
    model.eval()
    with torch.no_grad():
        model(torch.zeros(1, 1, size, size))
    model.train(was_training)
    for hook in hooks:
        hook.remove()
    return total
