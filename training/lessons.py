"""What a training step sees: pictures and targets, prepared by a second thread while the network learns from the last ones.

All chance in here comes from one generator of its own, so that a run repeats with its seed whatever the other thread draws.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F

import augment
import data
from networks import taught
from pool import Pool


def targets(split: data.Split, smoothing: float):
    """Class target [n, 7]: the FER2013 label, smoothed towards the votes of the seven emotions; and the votes [n, 10]."""
    votes = torch.from_numpy(split.votes)
    seven = votes[:, data.DEPTH_INDEX]
    seven = (seven + 0.01) / (seven + 0.01).sum(1, keepdim=True)
    one_hot = F.one_hot(torch.from_numpy(split.labels), 7).float()
    return (1 - smoothing) * one_hot + smoothing * seven, votes


def ahead(make: Callable, items, depth: int = 2) -> Iterator:
    """`make(item)` of each item in order, made by another thread up to `depth` items ahead."""
    with ThreadPoolExecutor(1) as pool:
        pending = deque()
        for item in items:
            pending.append(pool.submit(make, item))
            if len(pending) > depth:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()


@dataclass(kw_only=True)
class Lessons:
    """The epochs of a run over the faces of `fit`. With `teachers` the targets are mixed with what they say of the very picture, with
    `pool` with what they said of it ahead of time; `trust` is their share."""

    fit: data.Split
    batch: int
    smoothing: float
    balance: float
    strength: float
    erase: float
    cover: float
    trust: float
    device: torch.device
    bf16: bool
    seed: int
    teachers: list = field(default_factory=list)
    pool: Pool | None = None
    jitter: float = 0.0

    def __post_init__(self):
        self.chance = torch.Generator().manual_seed(self.seed + 1)  # not the numbers of the weights
        self.faces = torch.from_numpy(self.fit.faces)
        self.wanted = targets(self.fit, self.smoothing)
        self.steps = len(self.fit) // self.batch

    def epoch(self, size_at: Callable[[int], int]) -> Iterator:
        """(size in pixels, pictures [batch, 1, size, size], targets of classes [batch, 7] and of votes [batch, 10]) of each step;
        `size_at(step)` says at which size the step should see its pictures (a pool's have theirs)."""
        sheet = self.pool.next() if self.pool else None
        order = torch.randperm(len(sheet.rows), generator=self.chance) if sheet else data.drawn(self.fit.labels, self.balance, self.chance)
        chunks = [order[at * self.batch : (at + 1) * self.batch] for at in range(min(self.steps, len(order) // self.batch))]
        return ahead(lambda item: self._prepared(sheet, item[1], data.SIZE if sheet else size_at(item[0])), enumerate(chunks))

    def _prepared(self, sheet, rows: torch.Tensor, size: int):
        said = None
        if sheet:
            x, said, rows = sheet.lesson(rows, self.jitter, self.chance)
            said = [answer.to(self.device) for answer in said]
        else:
            x = self.faces[rows].float().div_(255).unsqueeze(1)
            x = augment.batch(x, size, self.strength, self.erase, self.cover, self.chance)
        x = x.to(self.device).contiguous(memory_format=torch.channels_last)
        if self.teachers:
            with torch.autocast(self.device.type, torch.bfloat16, enabled=self.bf16):
                said = taught(self.teachers, x)
        wanted = [target[rows].to(self.device) for target in self.wanted]
        if said:
            wanted = [target.lerp(answer, self.trust) for target, answer in zip(wanted, said)]
        return size, x, *wanted

    def state(self) -> dict:
        """What a checkpoint keeps, so that a run goes on as if it had not stopped."""
        return {"chance": self.chance.get_state(), "used": dict(self.pool.used) if self.pool else {}}

    def resume(self, state: dict, same_run: bool) -> None:
        """Go on after the lessons of a checkpoint. Which sheets were used matters to the same run alone: another may have another pool."""
        if "chance" in state:
            self.chance.set_state(state["chance"].cpu())
        if self.pool and same_run:
            self.pool.used.update(state.get("used", {}))
