"""Blend checkpoints of one network that come from the same weights: the mean of their averaged weights (Wortsman et al. 2022, arXiv:2203.05482).

    python blend.py runs/a/student.pt runs/b/student.pt --out student.pt
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch


def blended(states: list[dict]) -> dict:
    """The first checkpoint, with the mean of all their averaged weights in half precision. Whole numbers (counters) are the first one's."""
    first = states[0]
    if any(state["average"].keys() != first["average"].keys() for state in states):
        raise SystemExit("the checkpoints are of different networks")
    average = {
        name: torch.stack([state["average"][name].float() for state in states]).mean(0).half() if value.is_floating_point() else value
        for name, value in first["average"].items()
    }
    return {**first, "average": average}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoints", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.save(blended([torch.load(path, map_location="cpu", weights_only=False) for path in args.checkpoints]), args.out)


if __name__ == "__main__":
    main()
