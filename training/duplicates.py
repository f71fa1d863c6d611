"""Faces of PublicTest that have a near-identical twin in Training.

    python duplicates.py --images fer2013.csv.gz --votes fer2013new.csv --work runs/a

Twin: normalised correlation of the pixels, plain or mirrored, over 0.97. Writes the rows of
PublicTest (counted from 0) to duplicates.npy in the work folder.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

import data

THRESHOLD = 0.97


def unit(faces: np.ndarray) -> np.ndarray:
    """Rows of mean 0 and length 1; a face of one grey gets zeros, which resemble nothing."""
    x = faces.reshape(len(faces), -1).astype(np.float32)
    x -= x.mean(1, keepdims=True)
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-6)


def nearest(faces: np.ndarray, among: np.ndarray, chunk: int = 4096) -> np.ndarray:
    """Largest correlation of each face with any of `among` or its mirror image."""
    best = np.full(len(faces), -1.0, np.float32)
    views = unit(faces), unit(faces[:, :, ::-1])
    for start in range(0, len(among), chunk):
        part = unit(among[start : start + chunk]).T
        for view in views:
            np.maximum(best, (view @ part).max(1), out=best)
    return best


def rows(images: Path, votes: Path, work: Path) -> np.ndarray:
    """Rows of PublicTest with a twin in Training, from the cache if there."""
    path = work / "duplicates.npy"
    if not path.exists():
        public = data.read(images, votes, "PublicTest", work)
        training = data.read(images, votes, "Training", work)
        np.save(path, np.flatnonzero(nearest(public.faces, training.faces) > THRESHOLD))
    return np.load(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--votes", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    args = parser.parse_args()
    found = rows(args.images, args.votes, args.work)
    print(f"{len(found)} faces of PublicTest have a twin in Training")


if __name__ == "__main__":
    main()
