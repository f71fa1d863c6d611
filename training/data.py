"""FER2013 faces and FER+ votes as arrays, and which of them an epoch draws.

Reads the official files (``fer2013.csv`` or ``.csv.gz``, ``fer2013new.csv``); nothing of them is
ever written into the repository. A cache beside ``--work`` keeps the parsed arrays.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

#: FER2013's own order of classes; the class head follows it.
CLASSES = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]
#: FER+'s columns in file order; the vote head follows it.
VOTES = [
    "neutral", "happy", "surprise", "sad", "angry",
    "disgust", "fear", "contempt", "unknown", "not_face",
]
#: Index of each of the seven emotions (in CLASSES order) among VOTES.
DEPTH_INDEX = [VOTES.index(name) for name in CLASSES]
SIZE = 48
#: Where the heads stand among the network's outputs.
CLASS_HEAD, VOTE_HEAD, PHOTO_HEAD = slice(0, 7), slice(7, 17), slice(17, 25)
#: Columns of the photo head: the seven emotions in CLASSES' order, and the share of the viewers that named none of them.
PHOTO = [*CLASSES, "other"]


@dataclass
class Split:
    """Faces uint8 [n, 48, 48], labels int64 [n], votes float32 [n, 10] that sum to 1 per row."""

    faces: np.ndarray
    labels: np.ndarray
    votes: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, rows: np.ndarray) -> "Split":
        return Split(self.faces[rows], self.labels[rows], self.votes[rows])


def _open_text(path: Path):
    return gzip.open(path, "rt") if path.suffix == ".gz" else open(path, "rt")


def read(images: Path, votes: Path, usage: str, work: Path) -> Split:
    """Read one split ("Training" or "PublicTest"); the rows of both files correspond in order."""
    cache = work / f"{usage}.npz"
    if cache.exists():
        stored = np.load(cache)
        return Split(stored["faces"], stored["labels"], stored["votes"])
    faces, labels, usages = [], [], []
    with _open_text(images) as file:
        for row in csv.DictReader(file):
            usages.append(row["Usage"])
            if row["Usage"] == usage:
                faces.append(np.array(row["pixels"].split(), np.uint8).reshape(SIZE, SIZE))
                labels.append(int(row["emotion"]))
    with open(votes) as file:
        table = [(row[0], row[2:12]) for row in csv.reader(file)][1:]
    if len(table) != len(usages):
        raise SystemExit(f"{images} has {len(usages)} rows, {votes} has {len(table)}: they must correspond")
    if any(a != b for a, (b, _) in zip(usages, table)):
        raise SystemExit(f"{images} and {votes} disagree on the Usage of a row")
    counts = np.array([v for u, v in table if u == usage], np.float32)
    shares = counts / counts.sum(axis=1, keepdims=True)
    split = Split(np.stack(faces), np.array(labels, np.int64), shares)
    work.mkdir(parents=True, exist_ok=True)
    np.savez(cache, faces=split.faces, labels=split.labels, votes=split.votes)
    return split


def held(faces: np.ndarray, share: float = 0.05) -> np.ndarray:
    """Which of Training's faces are held out, bool [n], by a hash of the pixels.

    The hash keeps exact copies of a face on one side, so the held-out part is not answered from memory.
    """
    return np.array([int.from_bytes(hashlib.sha256(face.tobytes()).digest()[:4], "big") / 2**32 < share for face in faces])


def hold_out(split: Split, share: float = 0.05) -> tuple[Split, Split]:
    """Split Training into (fit, held out)."""
    marks = held(split.faces, share)
    return split.take(np.flatnonzero(~marks)), split.take(np.flatnonzero(marks))


def drawn(labels: np.ndarray, balance: float, chance: torch.Generator | None = None) -> torch.Tensor:
    """The rows of one epoch, as many as there are labels, in random order. With `balance` > 0 a face of a class with n faces
    is drawn in proportion to n^-balance: whole repetitions for certain, the rest by chance."""
    counts = np.bincount(labels, minlength=7).clip(1)
    weight = torch.from_numpy(counts[labels].astype(np.float64) ** -balance)
    times = weight * len(labels) / weight.sum()
    times = times.floor() + (torch.rand(len(labels), generator=chance) < times - times.floor())
    rows = torch.repeat_interleave(torch.arange(len(labels)), times.long())
    return rows[torch.randperm(len(rows), generator=chance)]
