"""Pack what `gpu.py` needs into a few small files, for a machine that one cannot send much to.

    python gpu_pack.py --images fer2013.csv.gz --votes fer2013new.csv --work runs/a --live runs/live.bin --out runs/gpu

The fitted faces travel as lossy WebP, in large pictures of many, about 17 MiB in place of 65; the held-out ones, on which choices are made, without loss.
"""

from __future__ import annotations

import argparse
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image

import data

ACROSS = 128  # faces in a row of the large picture
LIVE_QUALITY = 50  # of the engine's crops, which are smoother, of each second face
QUALITY = 85  # pixels differ by 2 of 255 on average, a tenth of what the disturbances change


def mosaic(faces: np.ndarray) -> Image.Image:
    """Faces uint8 [n, 48, 48] beside and below each other."""
    down = -(-len(faces) // ACROSS)
    sheet = np.zeros((down * ACROSS, data.SIZE, data.SIZE), np.uint8)
    sheet[: len(faces)] = faces
    rows = sheet.reshape(down, ACROSS, data.SIZE, data.SIZE).transpose(0, 2, 1, 3)
    return Image.fromarray(rows.reshape(down * data.SIZE, ACROSS * data.SIZE))


def faces_of(picture: bytes, count: int) -> np.ndarray:
    """The faces of a `mosaic`, uint8 [count, 48, 48]."""
    Image.MAX_IMAGE_PIXELS = None
    sheet = np.asarray(Image.open(io.BytesIO(picture)).convert("L"))
    down = sheet.shape[0] // data.SIZE
    rows = sheet.reshape(down, data.SIZE, ACROSS, data.SIZE).transpose(0, 2, 1, 3)
    return rows.reshape(-1, data.SIZE, data.SIZE)[:count].copy()


def packed(faces: np.ndarray, quality: int | None = None) -> np.ndarray:
    """A `mosaic` as WebP of this quality, or as PNG without loss."""
    file = io.BytesIO()
    mosaic(faces).save(file, "WEBP" if quality else "PNG", **({"quality": quality} if quality else {}))
    return np.frombuffer(file.getvalue(), np.uint8)


@dataclass
class Pack:
    """What was packed, the pictures on the device: uint8 [n, 1, 48, 48] of the fitted faces, the same as the engine sees each second of them."""

    faces: torch.Tensor
    live: torch.Tensor
    fit: data.Split
    held: data.Split


def unpacked(path: Path, device: torch.device, limit: int = 0) -> Pack:
    """`limit`: only so many faces (a trial)."""
    with np.load(path) as stored:
        labels, held_labels = stored["fit_labels"], stored["held_labels"]
        fit = data.Split(faces_of(stored["fit"].tobytes(), len(labels)), labels, stored["fit_votes"])
        live = faces_of(stored["live"].tobytes(), (len(labels) + 1) // 2)
        held = data.Split(faces_of(stored["held"].tobytes(), len(held_labels)), held_labels, stored["held_votes"])
    count = min(limit or len(fit), len(fit))
    fit, live = fit.take(np.arange(count)), live[: (count + 1) // 2]
    on = lambda faces: torch.from_numpy(faces).unsqueeze(1).to(device)  # noqa: E731
    return Pack(on(fit.faces), on(live), fit, held if not limit else held.take(np.arange(min(limit, len(held)))))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("images", "votes", "work", "live", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    args = parser.parse_args()
    split = data.read(args.images, args.votes, "Training", args.work)
    marks = data.held(split.faces)
    fit, held = split.take(np.flatnonzero(~marks)), split.take(np.flatnonzero(marks))
    live = np.fromfile(args.live, np.uint8).reshape(split.faces.shape)[~marks]
    args.out.mkdir(parents=True, exist_ok=True)
    parts = {
        "fit": packed(fit.faces, QUALITY), "live": packed(live[::2], LIVE_QUALITY), "fit_labels": fit.labels, "fit_votes": fit.votes,
        "held": packed(held.faces), "held_labels": held.labels, "held_votes": held.votes,
    }
    np.savez(args.out / "pack.npz", **parts)
    sent = faces_of(parts["fit"].tobytes(), len(fit))
    error = np.abs(sent.astype(int) - fit.faces).mean()
    print(f"{(args.out / 'pack.npz').stat().st_size / 2**20:.1f} MiB; the fitted faces differ by {error:.2f} of 255 on average")


if __name__ == "__main__":
    main()
