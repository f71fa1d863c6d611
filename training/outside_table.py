"""The table "Faces from elsewhere" of the model card: this project beside two peers, by the same definitions.

    python outside_table.py --table tpfe.csv --folds runs/photo.npz --peers human=runs/human-tpfe.csv face-api=runs/face-api-tpfe.csv
    python outside_table.py --table ck.csv --peers human=runs/human-ck.csv face-api=runs/face-api-ck.csv

Peers' rows come from peers/peers.mjs; a picture in which a peer finds no face counts as wrong for accuracy and is left out of concordance and r. `--folds` are the shipped
network's answers by heads that have not seen the person (photo_head.py --json).
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np

import data
from metrics import concordance


def table_of(path: Path) -> tuple[list[str], np.ndarray | None, np.ndarray]:
    """Names of the pictures, shares of the raters [n, 7] or None, and the right answer of each, an index into CLASSES."""
    with open(path) as file:
        rows = list(csv.DictReader(file))
    if "share_angry" in rows[0]:
        rows = [row for row in rows if row["raters"]]
        shares = np.array([[float(row[f"share_{name}"]) for name in data.CLASSES] for row in rows])
        return [row["file"] for row in rows], shares / shares.sum(1, keepdims=True), shares.argmax(1)
    rows = [row for row in rows if row["label"] in data.CLASSES]
    return [row["file"] for row in rows], None, np.array([data.CLASSES.index(row["label"]) for row in rows])


def said_by(path: Path, files: list[str]) -> np.ndarray:
    """Scores [n, 7] of a peer, NaN where it found no face."""
    with open(path) as file:
        rows = {row["file"]: [float(row[name] or "nan") for name in data.CLASSES] for row in csv.DictReader(file)}
    return np.array([rows[name] for name in files])


def line(name: str, said: np.ndarray, shares: np.ndarray | None, right: np.ndarray) -> str:
    found = ~np.isnan(said).any(1)
    hit = np.zeros(len(said), bool)
    hit[found] = said[found].argmax(1) == right[found]
    cells = [name, f"{100 * found.mean():.0f} %", f"{100 * hit.mean():.1f} %", f"{100 * hit[found].mean():.1f} %"]
    if shares is not None:
        mean = lambda figure: np.mean([figure(said[found, at], shares[found, at]) for at in range(7)])  # noqa: E731
        cells += [f"{mean(concordance):.3f}", f"{mean(lambda a, b: np.corrcoef(a, b)[0, 1]):.3f}"]
    cells.append(" ".join(f"{100 * hit[right == at].mean():.0f}" for at in range(7)))
    return "| " + " | ".join(cells) + " |"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", type=Path, required=True)
    parser.add_argument("--peers", nargs="*", default=[], help="NAME=FILE")
    parser.add_argument("--folds", type=Path)
    args = parser.parse_args()
    files, shares, right = table_of(args.table)
    print("| who | faces found | right, of all | right, of those found |" + (" mean CCC | mean r |" if shares is not None else "") + " right %: " + " ".join(data.CLASSES) + " |")
    if args.folds:
        stored = np.load(args.folds)
        assert list(stored["files"]) == files, "the folds are of another table"
        for name in ("depth", "ferplus", "photo"):
            print(line(f"this project, {name}", stored[name], shares, right))
    for peer in args.peers:
        name, _, path = peer.partition("=")
        print(line(name, said_by(Path(path), files), shares, right))


if __name__ == "__main__":
    main()
