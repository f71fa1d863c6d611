"""Fit the calibration of both heads on the held-out part of Training and write it into the manifest.

    python calibrate.py --images fer2013.csv.gz --votes fer2013new.csv --work runs/a --models ../models

Each head gets softmax(scale * logit + bias): first one temperature, then per-output scale and bias
drawn towards that temperature. The strength of the draw (infinite = temperature alone) is the one
with the smallest cross-validated loss, so that few faces are not fitted in detail. Targets: the
FER2013 label for the classes, the ten raters' shares for the votes.

A head that answers with expected shares is too cautious by concordance, which asks for the spread of the shares themselves. So the votes' scale and
bias also lower 1 - (mean concordance of the seven emotions), by the weight whose cross-validated concordance is largest.
The photo head has its own fit (photo_head.py) and stays as it is.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F

import data
import manifest
from quantize import run, session

STRENGTHS = [float("inf"), 1.0, 0.1, 0.01, 0.001]
CONCORDANCES = [0.0, 1.0, 3.0, 10.0, 30.0]
PULL = 0.1  # towards the temperature, where a concordance is raised


def concordance(said: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """`metrics.concordance` of each column, mean."""
    apart = said.mean(0) - truth.mean(0)
    covariance = ((said - said.mean(0)) * (truth - truth.mean(0))).mean(0)
    return (2 * covariance / (said.var(0, correction=0) + truth.var(0, correction=0) + apart.square() + 1e-12)).mean()


def shares(logits: torch.Tensor) -> torch.Tensor:
    """Of the seven emotions, [n, 7], of the votes' logits [n, 10]."""
    return logits.softmax(1)[:, data.DEPTH_INDEX]


def fit(logits: torch.Tensor, target: torch.Tensor, strength: float, agree: float = 0.0) -> tuple[torch.Tensor, torch.Tensor]:
    """(scale, bias) that minimise the cross-entropy plus strength * distance from the best temperature plus, of votes, agree * (1 - concordance)."""
    logits, target = logits.double(), target.double()

    def minimise(parameters, loss):
        optimizer = torch.optim.LBFGS(parameters, max_iter=200, line_search_fn="strong_wolfe")

        def closure():
            optimizer.zero_grad()
            value = loss()
            value.backward()
            return value

        optimizer.step(closure)

    single = torch.ones(1, dtype=torch.double, requires_grad=True)
    minimise([single], lambda: F.cross_entropy(logits * single, target))
    single = single.detach()
    scale = single.repeat(logits.shape[1])
    bias = torch.zeros_like(scale)
    if strength != float("inf"):
        scale, bias = scale.clone().requires_grad_(), bias.requires_grad_()
        minimise([scale, bias], lambda: F.cross_entropy(logits * scale + bias, target)
                 + strength * ((scale - single).square().sum() + bias.square().sum())
                 + (agree * (1 - concordance(shares(logits * scale + bias), target[:, data.DEPTH_INDEX])) if agree else 0))
    return scale.detach(), bias.detach()


def cross_validated(logits: torch.Tensor, target: torch.Tensor, strength: float, agree: float = 0.0, folds: int = 5) -> torch.Tensor:
    """The logits, each calibrated by what was fitted without its fold."""
    fold = torch.from_numpy(np.random.default_rng(5).permutation(len(logits)) % folds)
    apart = logits.double().clone()
    for k in range(folds):
        scale, bias = fit(logits[fold != k], target[fold != k], strength, agree)
        apart[fold == k] = apart[fold == k] * scale + bias
    return apart


def cross_validate(logits: torch.Tensor, target: torch.Tensor, strength: float) -> float:
    """The loss of logits that were calibrated without their fold."""
    return F.cross_entropy(cross_validated(logits, target, strength), target.double()).item()


def choose(logits: torch.Tensor, target: torch.Tensor):
    losses = {strength: cross_validate(logits, target, strength) for strength in STRENGTHS}
    best = min(losses, key=losses.get)
    return (*fit(logits, target, best), best, losses)


def choose_votes(logits: torch.Tensor, target: torch.Tensor):
    """(scale, bias, weight of the concordance, cross-validated concordance by weight)."""
    truth = target[:, data.DEPTH_INDEX].double()
    agreed = {agree: concordance(shares(cross_validated(logits, target, PULL, agree)), truth).item() for agree in CONCORDANCES}
    best = max(agreed, key=agreed.get)
    return (*fit(logits, target, PULL, best), best, agreed)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--votes", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)

    _, held = data.hold_out(data.read(args.images, args.votes, "Training", args.work))
    listing = args.models / "manifest.json"
    content = manifest.read(listing)
    classifier = content["classifier"]
    model = onnx.load(args.models / classifier["file"])
    logits = torch.from_numpy(run(session(model, args.threads), held.faces))
    heads = {
        "class": (choose, logits[:, data.CLASS_HEAD], F.one_hot(torch.from_numpy(held.labels), 7)),
        "vote": (choose_votes, logits[:, data.VOTE_HEAD], torch.from_numpy(held.votes)),
    }
    for name, (chosen, outputs, target) in heads.items():
        before = F.cross_entropy(outputs, target.float()).item()
        scale, bias, strength, losses = chosen(outputs, target)
        classifier["calibration"][f"{name}_scale"] = [round(v, 5) for v in scale.tolist()]
        classifier["calibration"][f"{name}_bias"] = [round(v, 5) for v in bias.tolist()]
        print(f"{name}: {len(held)} faces, loss {before:.4f} uncalibrated; cross-validated "
              f"{json.dumps({str(k): round(v, 4) for k, v in losses.items()})}; chosen {strength}")
    manifest.write(listing, content)


if __name__ == "__main__":
    main()
