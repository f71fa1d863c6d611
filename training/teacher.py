"""A teacher: a wider residual CNN with squeeze-and-excitation (Hu et al. 2018, arXiv:1709.01507), never shipped.

It has the student's input and outputs. Seven times the student's multiply-accumulates, no regard to int8.
The widths are multiples of 32 and no stage is smaller than 6 x 6, which processors with matrix units run best.
"""

from __future__ import annotations

import torch
from torch import nn

from model import Block, DepthNet

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


class GatedBlock(Block):
    """The student's block with gates before the sum; in training a share `drop` of the faces skips it (stochastic depth)."""

    def __init__(self, cin: int, cout: int, stride: int, drop: float):
        super().__init__(cin, cout, stride)
        self.squeeze = Squeeze(cout)
        self.drop = drop

    def forward(self, x):
        y = self.squeeze(self.second(torch.relu(self.first(x))))
        if self.training and self.drop:
            kept = (torch.rand(len(y), 1, 1, 1, device=y.device) >= self.drop).to(y.dtype)
            y = y * kept / (1 - self.drop)
        return torch.relu(y + (x if self.skip is None else self.skip(x)))


class Teacher(DepthNet):
    """The later a block, the more faces skip it, up to `drop`."""

    def __init__(self, widths=WIDTHS, blocks=BLOCKS, dropout: float = 0.3, drop: float = 0.1):
        super().__init__(widths, blocks, dropout, lambda cin, cout, stride, place: GatedBlock(cin, cout, stride, drop * place))
