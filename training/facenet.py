"""A teacher that has seen millions of faces: HSE-FaceRes (Savchenko 2021, arXiv:2103.17107), fine-tuned, never shipped.

A MobileNet (Howard et al. 2017, arXiv:1704.04861) trained on VGGFace2 to tell people, their ages and sexes. Its weights come in the npm
package @vladmandic/human (MIT), which `cargo xtask bench` installs. Grey input, and the heads of this project in place of its own:

    python facenet.py --images fer2013.csv.gz --votes fer2013new.csv --work runs/a --package ../benches/browser/node_modules/@vladmandic/human --out runs/facenet.pt

writes a checkpoint for `train.py --net facenet --start runs/facenet.pt`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import data
from model import ConvBn

SHA256 = "2c7d2d62b76c97528b736527aa09d310ea71743c9e3e79fb6c62d4b2d73af79b"  # faceres.bin of version 3.3.6
# So its author feeds the network: BGR in 0..255 less these means (the package: RGB in 0..255 as it is). A grey
# picture is the same in all three channels.
MEANS = (103.939, 116.779, 123.68)
WIDTHS = (32, 64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024)
STRIDES = (2, 1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1)
SIDE = 128
SIX = int(torch.tensor(6, dtype=torch.bfloat16).view(torch.int16))


def relu6(x):
    """min(max(x, 0), 6) in place. Where no gradient is asked for, bfloat16 is clamped as the 16-bit integers of its bits, whose order from 0
    up is the same: PyTorch is several times faster with those. NaN, which has no order, does not stay NaN."""
    if x.dtype is torch.bfloat16 and not x.requires_grad:
        x.view(torch.int16).clamp_(0, SIX)
        return x
    return F.relu6(x, inplace=True)


class PaddedConvBn(ConvBn):
    """A convolution with TensorFlow's padding: with stride 2 the odd pixel goes to the right and the bottom.

    Strided it computes every place and keeps each second one, from 1: what that padding means, and for the depthwise ones
    faster, because PyTorch has no fast backward pass of a strided depthwise convolution on processors.
    """

    def __init__(self, cin: int, cout: int, kernel: int, stride: int, groups: int = 1):
        super().__init__(cin, cout, kernel, 1)
        self.conv = nn.Conv2d(cin, cout, kernel, 1, kernel // 2, groups=groups, bias=False)
        self.stride = stride

    def strided(self, x):
        if self.stride == 2 and x.is_cuda:  # the same places alone
            return F.conv2d(F.pad(x, (0, 1, 0, 1)), self.conv.weight, self.conv.bias, 2, 0, groups=self.conv.groups)
        x = self.conv(x)
        return x if self.stride == 1 else x[:, :, 1::2, 1::2].contiguous(memory_format=torch.channels_last)

    def forward(self, x):
        return self.bn(self.strided(x))


class FaceNet(nn.Module):
    """Input [n, 1, any, any] in 0..1, enlarged to `side` pixels; outputs as the student's. The first `frozen` layers do not learn."""

    def __init__(self, widths=WIDTHS, blocks=STRIDES, dropout: float = 0.3, side: int = SIDE, frozen: int = 0):
        super().__init__()
        if side % (2 ** sum(stride == 2 for stride in blocks)):
            raise ValueError(f"{side} pixels cannot be halved so often: a stride needs an even number")
        self.widths, self.counts, self.side, self.frozen = tuple(widths), tuple(blocks), side, frozen
        layers, cin = [PaddedConvBn(1, widths[0], 3, blocks[0])], widths[0]
        for width, stride in zip(widths[1:], blocks[1:]):
            layers += [PaddedConvBn(cin, cin, 3, stride, groups=cin), PaddedConvBn(cin, width, 1, 1)]
            cin = width
        self.layers = nn.ModuleList(layers)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(cin, 17)
        for layer in self.layers[:frozen]:
            layer.requires_grad_(False)

    def train(self, mode: bool = True):
        super().train(mode)
        for layer in self.layers[: self.frozen]:
            layer.eval()
        return self

    def forward(self, x):
        x = F.interpolate(x, size=self.side, mode="bilinear", align_corners=False)
        for layer in self.layers:
            x = relu6(layer(x))
        out = self.head(self.dropout(x.mean(dim=(2, 3))))
        return out[:, :7], out[:, 7:]


def unpack(package: Path) -> dict[str, np.ndarray]:
    """The arrays of models/faceres.json and .bin (TensorFlow.js graph model, half precision) by their names."""
    manifest = json.loads((package / "models/faceres.json").read_text())["weightsManifest"]
    raw = (package / "models/faceres.bin").read_bytes()
    if hashlib.sha256(raw).hexdigest() != SHA256:
        raise SystemExit(f"{package}/models/faceres.bin is not the file this was written for (version 3.3.6 of the package)")
    arrays, at = {}, 0
    for entry in (entry for group in manifest for entry in group["weights"]):
        kind = np.dtype(np.float16 if "quantization" in entry else entry["dtype"])
        count = int(np.prod(entry["shape"]))
        arrays[entry["name"]] = np.frombuffer(raw, kind, count, at).astype(np.float32).reshape(entry["shape"])
        at += count * kind.itemsize
    return arrays


@torch.no_grad()
def load(net: FaceNet, arrays: dict[str, np.ndarray], faces: torch.Tensor) -> None:
    """Put the weights into `net`. The package has batch normalisation folded away: it is put back so that the network computes
    the same (but at the edges, where its padding was the mean colour and is black here), with the means and variances that `faces` [n, 1, 48, 48] have at each layer."""
    x = F.interpolate(faces, size=net.side, mode="bilinear", align_corners=False)
    names = ["conv1"] + [f"conv_{kind}_{index}" for index in range(1, len(WIDTHS)) for kind in ("dw", "pw")]
    net.eval()
    for layer, name in zip(net.layers, names):
        if "dw" in name:
            kernel = (arrays[f"{name}/depthwise_kernel"] * arrays[f"{name}_bn/batchnorm_1/mul"][:, None]).transpose(2, 3, 0, 1)
        else:
            kernel = arrays[f"{name}/convolution/merged_input"].transpose(3, 2, 0, 1)
        bias = torch.from_numpy(arrays[f"{name}_bn/batchnorm_1/sub"].copy())
        if name == "conv1":
            bias = bias - torch.from_numpy(np.einsum("oikl,i->o", kernel, np.array(MEANS, np.float32)))
            kernel = kernel.sum(1, keepdims=True) * 255
        layer.conv.weight.copy_(torch.from_numpy(kernel.copy()))
        layer.bn.reset_parameters()
        sums = layer.strided(x)
        variance, mean = torch.var_mean(sums, (0, 2, 3), correction=0)
        layer.bn.running_mean.copy_(mean)
        layer.bn.running_var.copy_(variance)
        layer.bn.weight.copy_((variance + layer.bn.eps).sqrt())
        layer.bn.bias.copy_(mean + bias)
        x = F.relu6(layer.bn(sums))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--votes", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder of caches")
    parser.add_argument("--package", type=Path, required=True, help="folder of the unpacked npm package @vladmandic/human")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.manual_seed(7)
    fit, _ = data.hold_out(data.read(args.images, args.votes, "Training", args.work))
    net = FaceNet()
    load(net, unpack(args.package), torch.from_numpy(fit.faces[:512]).float().div_(255).unsqueeze(1))
    nn.init.zeros_(net.head.weight)
    nn.init.zeros_(net.head.bias)
    torch.save({"average": net.state_dict(), "net": "facenet", "widths": net.widths, "blocks": net.counts, "log": []}, args.out)


if __name__ == "__main__":
    main()
