"""What a step of `gpu.py` sees: everything stays on the card, and an epoch's pictures are disturbed many at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F

import augment
import data
import networks
from gpu_pack import Pack
from labelnet import TEMPERATURE
from lessons import targets
from metrics import report

#: Pictures disturbed at a time.
CHUNK = 4096
#: Share of the pictures that are mixed with another one (Zhang et al. 2018, arXiv:1710.09412), a fifth to a half of it.
MIXED = 0.25
#: Share of the pictures that are the engine's crops.
LIVE = 0.25
#: How much of the class's answer is the label teacher's.
LABEL_SHARE = 0.4


def two_heads(said, classes, votes):
    """Both heads' cross-entropies."""
    return F.cross_entropy(said[0], classes) + F.cross_entropy(said[1], votes)


@dataclass
class Pictures:
    """Disturbed pictures [n, 1, 48, 48] in 0..1; the fitted face of each, `rows` [n], and the one mixed into it, `others`, by `weights` [n, 1] (0: by nothing)."""

    x: torch.Tensor
    rows: torch.Tensor
    others: torch.Tensor
    weights: torch.Tensor

    def targets(self, wanted: torch.Tensor) -> torch.Tensor:
        """Of targets [faces, k] those of these pictures."""
        return wanted[self.rows].lerp(wanted[self.others], self.weights)


def disturbed(pack: Pack, rows: torch.Tensor, strength: float, erase: float, cover: float) -> Pictures:
    device = pack.faces.device
    x = pack.faces[rows]
    # Each second face has a live crop: of those twice the share.
    live = (rows % 2 == 0) & (torch.rand(len(rows), device=device) < 2 * LIVE)
    x = torch.where(live.view(-1, 1, 1, 1), pack.live[rows // 2], x)
    x = augment.batch(x.float().div_(255), data.SIZE, strength, erase, cover)
    order = torch.randperm(len(rows), device=device)
    weights = torch.rand(len(rows), 1, device=device) * 0.3 + 0.2
    weights = torch.where(torch.rand(len(rows), 1, device=device) < MIXED, weights, torch.zeros_like(weights))
    return Pictures(x.lerp(x[order], weights.view(-1, 1, 1, 1)), rows, rows[order], weights)


def fresh(pack: Pack, batch: int, strength: float, smoothing: float, device, layout):
    """An epoch of steps for a teacher: pictures and the targets of both heads, without anybody's answers."""
    wanted = [target.to(device) for target in targets(pack.fit, smoothing)]
    rows = data.drawn(pack.fit.labels, 0.15).to(device)
    for some in rows.split(max(CHUNK // batch, 1) * batch):
        pictures = disturbed(pack, some, strength, 0.2, 0.05)
        classes, votes = (pictures.targets(target) for target in wanted)
        for at in range(0, len(some) - batch + 1, batch):
            part = slice(at, at + batch)
            yield pictures.x[part].contiguous(memory_format=layout), classes[part], votes[part]


@dataclass
class Sheet:
    """An epoch's pictures with what the teachers say of them: probabilities of both heads, of both views."""

    faces: torch.Tensor
    pictures: Pictures
    classes: torch.Tensor
    votes: torch.Tensor


class Asked:
    """A trained network that is asked, in the layout that it is quick with."""

    def __init__(self, net, layout):
        self.net, self.layout = net.to(memory_format=layout), layout

    def __call__(self, x: torch.Tensor):
        return self.net(x.contiguous(memory_format=self.layout))


#: Pictures that are asked about at a time: always as many, so that no shape is new.
ASKED = 512


@torch.no_grad()
def answers(teachers: list, label, faces: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean probabilities (class [n, 7], votes [n, 10]) for uint8 faces [n, 1, 48, 48]: of the teachers for both views and, for the class, of the label teacher
    for the plain one, which is dear."""
    said = []
    for some in faces.split(ASKED):
        x = F.pad(some, (0, 0, 0, 0, 0, 0, 0, ASKED - len(some))).float().div_(255)
        with torch.autocast(x.device.type, torch.bfloat16, enabled=x.is_cuda):
            plain, mirrored = (networks.taught(teachers, view) for view in (x, x.flip(3)))
            other = (label(x).float() / TEMPERATURE).softmax(1) if label else None
        classes, votes = ((a + b) / 2 for a, b in zip(plain, mirrored))
        classes = classes if other is None else classes.lerp(other, LABEL_SHARE)
        said.append((classes[: len(some)], votes[: len(some)]))
    return tuple(torch.cat(parts) for parts in zip(*said))


def sheet(index: int, pack: Pack, teachers: list, label, device) -> Sheet:
    torch.manual_seed(1000 + index)
    rows = data.drawn(pack.fit.labels, 0.2).to(device)
    pictures = disturbed(pack, rows, 0.7, 0.15, 0.08)
    faces = pictures.x.mul(255).round().to(torch.uint8)
    pictures.x = faces[:0]  # the rounded ones are kept
    return Sheet(faces, pictures, *answers(teachers, label, faces))


def of_sheet(sheet: Sheet, pack: Pack, batch: int, jitter: float, trust: float, device, layout):
    """An epoch of steps for the student: the pictures of a sheet, mirrored or not and moved a little; labels softened by .15, mixed with the answers."""
    wanted = [target.to(device) for target in targets(pack.fit, 0.15)]
    classes, votes = (sheet.pictures.targets(target).lerp(said, trust) for target, said in zip(wanted, (sheet.classes, sheet.votes)))
    order = torch.randperm(len(sheet.faces), device=device)
    for some in order.split(max(CHUNK // batch, 1) * batch):
        x = augment.affine(sheet.faces[some].float().div_(255), data.SIZE, jitter)
        for at in range(0, len(some) - batch + 1, batch):
            part = some[at : at + batch]
            yield x[at : at + batch].contiguous(memory_format=layout), classes[part], votes[part]


def ensemble_figures(pack: Pack, teachers: list, label, device) -> dict:
    """What the held-out faces' answers are worth; the label teacher may have seen these clean pictures, so this says more of the others."""
    faces = torch.from_numpy(pack.held.faces).unsqueeze(1).to(device)
    figures = {}
    for name, classes, votes in ((name, *answers(teachers, some, faces)) for name, some in (("", label), ("ours_", None))):
        found = report(classes.float().cpu().numpy(), votes.float().cpu().numpy(), pack.held)
        figures |= {name + key: found[key] for key in ("accuracy", "nll", "ferplus", "ccc_mean")}
    return figures
