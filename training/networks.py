"""The networks that can be trained, by name, and how a trained one is asked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch.nn.utils.fusion import fuse_conv_bn_eval

import data
from facenet import SIDE, FaceNet
from model import ConvBn, DepthNet
from teacher import Teacher

NETS = {"student": DepthNet, "teacher": Teacher, "facenet": FaceNet}


def built(name: str, dropout: float | None, frozen: int, side: int | None):
    """A network of its own widths with fresh weights. `frozen` and `side` are a facenet's; None is the network's own choice."""
    choices = {} if dropout is None else {"dropout": dropout}
    if name == "facenet":
        choices |= {"frozen": frozen, "side": side or SIDE}
    return NETS[name](**choices)


def shape(name: str, net) -> dict:
    """What a checkpoint keeps to build the network again (`averaged`)."""
    return {"net": name, "widths": net.widths, "blocks": net.counts, "side": getattr(net, "side", None)}


def whole(weights: dict) -> dict:
    """Weights in single precision, as the networks want them: a finished checkpoint has half of it."""
    return {name: value.float() if value.is_floating_point() else value for name, value in weights.items()}


def without_photo(weights: dict) -> dict:
    """The weights of a student without its photo head, which is fitted anew after each training."""
    last = data.VOTE_HEAD.stop
    return {name: value[:last] if name in ("head.weight", "head.bias") else value for name, value in weights.items()}


def halved(weights: dict) -> dict:
    """Weights in half precision, as a finished checkpoint keeps them."""
    return {name: value.half() if value.is_floating_point() else value for name, value in weights.items()}


def _choices(state: dict) -> dict:
    """What else a checkpoint says of its network: a facenet's side, a student's outputs."""
    choices = {"side": state["side"]} if state.get("side") else {}
    outputs = len(state["average"]["head.weight"])
    return choices | ({"outputs": outputs} if state.get("net", "student") == "student" else {})


def averaged(path: Path):
    """The network of a checkpoint with its averaged weights, ready to predict."""
    state = torch.load(path, map_location="cpu", weights_only=False)
    net = NETS[state.get("net", "student")](state["widths"], state["blocks"], **_choices(state))
    net.load_state_dict(whole(state["average"]))
    return net.eval()


def fused(net):
    """The same network with batch normalisation folded into its convolutions: a third less work to ask it."""
    for part in net.modules():
        if isinstance(part, ConvBn):
            part.conv, part.bn = fuse_conv_bn_eval(part.conv, part.bn), torch.nn.Identity()
    return net


def predict(net, faces: np.ndarray, size: int = data.SIZE, flip: bool = False, batch: int = 512, bf16: bool = False):
    """Logits (class [n, 7], votes [n, 10]) for uint8 faces [n, 48, 48], seen at `size` pixels."""
    net.eval()
    device = next(net.parameters()).device
    outputs = []
    with torch.no_grad(), torch.autocast(device.type, torch.bfloat16, enabled=bf16):
        for start in range(0, len(faces), batch):
            x = torch.from_numpy(faces[start : start + batch]).float().div(255).unsqueeze(1).to(device)
            if size != data.SIZE:
                x = F.interpolate(x, size=size, mode="bilinear", align_corners=False)
            outputs.append([o.float().cpu() for o in net(x.flip(3) if flip else x)])
    return [torch.cat(part) for part in zip(*outputs)]


def taught(teachers, x):
    """Mean probabilities (class [n, 7], votes [n, 10]) that the teachers give for pictures."""
    with torch.no_grad():
        said = [teacher(x) for teacher in teachers]
    return [torch.stack([logits[head].float().softmax(1) for logits in said]).mean(0) for head in (0, 1)]
