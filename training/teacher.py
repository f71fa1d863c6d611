"""A teacher: a wider residual CNN with squeeze-and-excitation (Hu et al. 2018, arXiv:1709.01507), never shipped.

It has the student's input and outputs. Eight times the student's multiply-accumulates, no regard to int8.
The widths are multiples of 32 and no stage is smaller than 6 x 6, which processors with matrix units run best.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from model import ConvBn

WIDTHS = (64, 128, 256)
BLOCKS = (2, 3, 2)


class Squeeze(nn.Module):
    """Scales each channel by a gate 0..1 that is computed from the means of all channels."""

    def __init__(self, channels: int):
        super().__init__()
        self.down = nn.Linear(channels, channels // 8)
        self.up = nn.Linear(channels // 8, channels)

    def forward(self, x):
        gates = torch.sigmoid(self.up(torch.relu(self.down(x.mean(dim=(2, 3))))))
        return x * gates[:, :, None, None]


class Block(nn.Module):
    """As the student's block, with the gates before the sum; in training a share of the faces skips it (stochastic depth)."""

    def __init__(self, cin: int, cout: int, stride: int, drop: float):
        super().__init__()
        self.first = ConvBn(cin, cout, 3, stride)
        self.second = ConvBn(cout, cout, 3, 1)
        self.squeeze = Squeeze(cout)
        self.skip = ConvBn(cin, cout, 1, stride) if stride != 1 or cin != cout else None
        self.drop = drop

    def forward(self, x):
        y = self.squeeze(self.second(torch.relu(self.first(x))))
        if self.training and self.drop:
            kept = (torch.rand(len(y), 1, 1, 1, device=y.device) >= self.drop).to(y.dtype)
            y = y * kept / (1 - self.drop)
        return F.relu(y + (x if self.skip is None else self.skip(x)), inplace=True)


class Teacher(nn.Module):
    def __init__(self, widths=WIDTHS, blocks=BLOCKS, dropout: float = 0.3, drop: float = 0.1):
        super().__init__()
        self.widths, self.counts = tuple(widths), tuple(blocks)
        self.stem = ConvBn(1, widths[0], 3, 2)
        layers, cin, total = [], widths[0], sum(blocks)
        for stage, (width, count) in enumerate(zip(widths, blocks)):
            for index in range(count):
                stride = 2 if index == 0 and stage > 0 else 1
                layers.append(Block(cin, width, stride, drop * len(layers) / total))
                cin = width
        self.blocks = nn.Sequential(*layers)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(cin, 17)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            if isinstance(module, Block):
                nn.init.constant_(module.second.bn.weight, 0.2)

    def forward(self, x):
        x = F.relu(self.stem(x), inplace=True)
        out = self.head(self.dropout(self.blocks(x).mean(dim=(2, 3))))
        return out[:, :7], out[:, 7:]
