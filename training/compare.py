"""What checkpoints answer alone and together, uncalibrated: which of them should teach.

    python compare.py --images fer2013.csv.gz --votes fer2013new.csv --work runs/a facenet.pt facenet128.pt

prints a line for each, and one for the mean of all, over the held-out faces (or --split PublicTest). --mirror also asks for the mirrored picture.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

import data
from metrics import report
from networks import averaged, fused, predict

SHOWN = ("accuracy", "ferplus", "ccc_mean", "nll")


def answers(net, faces, mirror: bool, bf16: bool):
    """Probabilities of classes [n, 7] and votes [n, 10]; with `mirror` the mean of both pictures'."""
    said = [[part.softmax(1) for part in predict(net, faces, flip=flip, bf16=bf16)] for flip in ((False, True) if mirror else (False,))]
    return [torch.stack(parts).mean(0) for parts in zip(*said)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--votes", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder of caches")
    parser.add_argument("--split", choices=("held", "PublicTest"), default="held")
    parser.add_argument("--mirror", action="store_true")
    parser.add_argument("--bf16", action="store_true")
    parser.add_argument("checkpoints", type=Path, nargs="+")
    args = parser.parse_args()
    if args.split == "held":
        _, split = data.hold_out(data.read(args.images, args.votes, "Training", args.work))
    else:
        split = data.read(args.images, args.votes, args.split, args.work)

    def show(name: str, said) -> None:
        figures = report(*(part.numpy() for part in said), split)
        print(name, *(f"{figure} {figures[figure]:.4f}" for figure in SHOWN), sep="  ", flush=True)

    together = []
    for path in args.checkpoints:
        net = fused(averaged(path)).to(memory_format=torch.channels_last)
        together.append(answers(net, split.faces, args.mirror, args.bf16))
        show(str(path), together[-1])
    if len(together) > 1:
        show("together", [torch.stack(parts).mean(0) for parts in zip(*together)])


if __name__ == "__main__":
    main()
