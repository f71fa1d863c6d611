"""Curves of a training run and the reliability of the released model, as small PNG files.

    python plots.py --work runs/a --out plots [--images ... --votes ...]

Needs matplotlib. `curves.png` comes from the log inside the newest checkpoint of --work,
`reliability.png` from the predictions that evaluate.py left there.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402

import data  # noqa: E402


def curves(log: list[dict], path: Path) -> None:
    epochs = [entry["epoch"] for entry in log]
    figure, axes = plt.subplots(1, 3, figsize=(10, 3), dpi=90)
    for axis, names in zip(axes, (["loss"], ["held_accuracy", "held_ferplus"], ["held_ccc_mean", "held_r_mean", "held_ece"])):
        for name in names:
            axis.plot(epochs, [entry[name] for entry in log], label=name.replace("_", " "))
        axis.set_xlabel("epoch")
        axis.grid(alpha=0.3)
        axis.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path)


def reliability(classes: np.ndarray, votes: np.ndarray, split: data.Split, path: Path, bins: int = 15) -> None:
    """Left: confidence of the class against its accuracy. Right: depth against the raters' mean share."""
    figure, axes = plt.subplots(1, 2, figsize=(8, 4), dpi=90)
    confidence, right = classes.max(1), (classes.argmax(1) == split.labels).astype(float)
    _bins(axes[0], confidence, right, bins, "class", "confidence", "share that was right")
    for i, name in enumerate(data.CLASSES):
        _bins(axes[1], votes[:, data.DEPTH_INDEX[i]], split.votes[:, data.DEPTH_INDEX[i]], 10, name, "depth", "raters' mean share")
    figure.tight_layout()
    figure.savefig(path)


def _bins(axis, said, true, bins, label, x, y) -> None:
    index = np.minimum((said * bins).astype(int), bins - 1)
    # Fewer than ten faces say nothing about a bin.
    full = [b for b in range(bins) if (index == b).sum() >= 10]
    axis.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
    axis.plot([said[index == b].mean() for b in full], [true[index == b].mean() for b in full], marker="o", markersize=3, label=label)
    axis.set(xlabel=x, ylabel=y, xlim=(0, 1), ylim=(0, 1))
    axis.legend(fontsize=7)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--images", type=Path)
    parser.add_argument("--votes", type=Path)
    parser.add_argument("--split", default="PublicTest")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for name in ("student.pt", "last.pt"):
        if (args.work / name).exists():
            curves(torch.load(args.work / name, map_location="cpu", weights_only=False)["log"], args.out / "curves.png")
            break
    stored = args.work / f"predictions-{args.split}.npz"
    if args.images and args.votes and stored.exists():
        said = np.load(stored)
        split = data.read(args.images, args.votes, args.split, args.work)
        reliability(said["classes"], said["votes"], split, args.out / "reliability.png")


if __name__ == "__main__":
    main()
