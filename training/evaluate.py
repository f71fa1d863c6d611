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
    return (softmax(logits[:, :7] * part["class_scale"] + part["class_bias"]),
            softmax(logits[:, 7:] * part["vote_scale"] + part["vote_bias"]))


def intervals(classes: np.ndarray, votes: np.ndarray, split: data.Split, rounds: int) -> dict:
    """95 % percentile bootstrap over faces of the headline figures."""
    random, found = np.random.default_rng(23), {name: [] for name in HEADLINE}
    for _ in range(rounds):
        rows = random.integers(0, len(split), len(split))
        figures = report(classes[rows], votes[rows], split.take(rows))
        for name in HEADLINE:
            found[name].append(figures[name])
    return {name: [round(float(v), 4) for v in np.nanpercentile(values, [2.5, 97.5])] for name, values in found.items()}


def robustness(running, calibration: dict, split: data.Split) -> dict:
    table = {}
    for name, change in DISTURBANCES.items():
        figures = report(*probabilities(run(running, change(split.faces)), calibration), split)
        table[name] = {k: figures[k] for k in ("accuracy", "ferplus", "ccc_mean", "neutral_misread", "recall")}
    return table


def rounded(value):
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return round(value, 4) if isinstance(value, float) else value


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
    result = {"split": args.split, "faces": len(split), "int8": report(classes, votes, split)}
    result["interval_95"] = intervals(classes, votes, split, args.rounds)
    result["ceiling"] = ceiling(split)
    result["labels"] = {name: int((split.labels == i).sum()) for i, name in enumerate(data.CLASSES)}
    if args.checkpoint:
        raw = simulate(Folded(load(args.checkpoint)), None, split.faces)
        result["float"] = report(*probabilities(raw, classifier["calibration"]), split)
    if not args.brief:
        kept = np.setdiff1d(np.arange(len(split)), duplicates.rows(args.images, args.votes, args.work))
        result["without_duplicates"] = {"faces": len(kept), **report(classes[kept], votes[kept], split.take(kept))}
        result["robustness"] = robustness(running, classifier["calibration"], split)
        np.savez(args.work / f"predictions-{args.split}.npz", classes=classes, votes=votes)
    result = rounded(result)
    print(json.dumps(result, indent=1))
    if args.json:
        args.json.write_text(json.dumps(result, indent=1) + "\n")
    if args.into_manifest:
        content["figures"] = {
            "status": args.status, "split": args.split, "faces": len(split),
            **{name: {"value": result["int8"][name], "interval_95": result["interval_95"][name]} for name in HEADLINE},
        }
        manifest.write(listing, content)


if __name__ == "__main__":
    main()
