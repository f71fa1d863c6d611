"""Measure the shipped files through onnxruntime: an independent twin of `cargo run --example evaluate`.

    python evaluate.py --images fer2013.csv.gz --votes fer2013new.csv --work runs/a \\
        --models ../models --checkpoint student.pt --json figures.json

Prints the table of the model card (and writes it as JSON; --into-manifest keeps its summary in
manifest.json): every figure with its number of faces, 95 % intervals by bootstrap over faces, the float
network beside the int8 file, the figures without near-duplicates of training faces, and the robustness table.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import torch

import data
import duplicates
import manifest
from disturb import DISTURBANCES
from folded import Folded
from metrics import ceiling, report
from quantize import load, run, session, simulate, softmax

HEADLINE = ("accuracy", "nll", "ece", "ferplus", "ccc_mean", "r_mean", "mae_mean", "neutral_misread")


def probabilities(logits: np.ndarray, calibration: dict) -> tuple[np.ndarray, np.ndarray]:
    """Calibrated class [n, 7] and vote [n, 10] probabilities."""
    part = {k: np.array(v) for k, v in calibration.items()}
    logits = logits.astype(np.float64)
    return (softmax(logits[:, data.CLASS_HEAD] * part["class_scale"] + part["class_bias"]),
            softmax(logits[:, data.VOTE_HEAD] * part["vote_scale"] + part["vote_bias"]))


def intervals(classes: np.ndarray, votes: np.ndarray, split: data.Split, rounds: int) -> dict:
    """95 % percentile bootstrap over faces of every real figure of `report`, those of each emotion included: [low, high] under the same names."""
    random, found = np.random.default_rng(23), []
    for _ in range(rounds):
        rows = random.integers(0, len(split), len(split))
        found.append(report(classes[rows], votes[rows], split.take(rows)))
    return spread(found)


def spread(found: list) -> dict | list[float]:
    """Of many values of a figure their 2.5 and 97.5 %; of many groups of figures the same for each, counts left out."""
    if isinstance(found[0], dict):
        return {name: spread([one[name] for one in found]) for name, value in found[0].items() if not isinstance(value, int)}
    return [float(v) for v in np.nanpercentile(found, [2.5, 97.5])]


def measured(classes: np.ndarray, votes: np.ndarray, split: data.Split, rounds: int) -> dict:
    """The figures with their `interval_95`."""
    return {**report(classes, votes, split), "interval_95": intervals(classes, votes, split, rounds)}


def robustness(running, calibration: dict, split: data.Split, rounds: int) -> dict:
    kept, table = ("accuracy", "ferplus", "ccc_mean", "neutral_misread", "recall"), {}
    for name, change in DISTURBANCES.items():
        figures = measured(*probabilities(run(running, change(split.faces)), calibration), split, rounds)
        table[name] = {k: figures[k] for k in kept} | {"interval_95": {k: figures["interval_95"][k] for k in kept}}
    return table


def rounded(value, digits: int):
    if isinstance(value, dict):
        return {k: rounded(v, digits) for k, v in value.items()}
    if isinstance(value, list):
        return [rounded(v, digits) for v in value]
    return round(value, digits) if isinstance(value, float) else value


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--votes", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, help="float network to compare with")
    parser.add_argument("--split", default="PublicTest")
    parser.add_argument("--rounds", type=int, default=500, help="of the bootstrap")
    parser.add_argument("--brief", action="store_true", help="headline figures only")
    parser.add_argument("--status", default="released", help="word kept with the figures in the manifest")
    parser.add_argument("--into-manifest", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)

    split = data.read(args.images, args.votes, args.split, args.work)
    listing = args.models / "manifest.json"
    content = manifest.read(listing)
    classifier = content["classifier"]
    running = session(onnx.load(args.models / classifier["file"]), args.threads)
    logits = run(running, split.faces)
    classes, votes = probabilities(logits, classifier["calibration"])
    result = {"split": args.split, "faces": len(split), "int8": measured(classes, votes, split, args.rounds)}
    result["ceiling"] = ceiling(split)
    result["labels"] = {name: int((split.labels == i).sum()) for i, name in enumerate(data.CLASSES)}
    if args.checkpoint:
        raw = simulate(Folded(load(args.checkpoint)), None, split.faces)
        result["float"] = measured(*probabilities(raw, classifier["calibration"]), split, args.rounds)
    if not args.brief:
        kept = np.setdiff1d(np.arange(len(split)), duplicates.rows(args.images, args.votes, args.work))
        result["without_duplicates"] = {"faces": len(kept), **measured(classes[kept], votes[kept], split.take(kept), args.rounds)}
        result["robustness"] = robustness(running, classifier["calibration"], split, args.rounds)
        np.savez(args.work / f"predictions-{args.split}.npz", classes=classes, votes=votes)
    # More digits than are shown: what is rounded twice may be rounded wrong.
    result = rounded(result, 6)
    print(json.dumps(result, indent=1))
    if args.json:
        args.json.write_text(json.dumps(result, indent=1) + "\n")
    if args.into_manifest:
        content["figures"] = {
            "status": args.status, "split": args.split, "faces": len(split),
            **{name: rounded({"value": result["int8"][name], "interval_95": result["int8"]["interval_95"][name]}, 4) for name in HEADLINE},
        }
        manifest.write(listing, content)


if __name__ == "__main__":
    main()
