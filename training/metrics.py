"""The figures of the model, defined as `cargo run --example evaluate` defines them (an independent twin)."""

from __future__ import annotations

import numpy as np

import data


def concordance(x: np.ndarray, y: np.ndarray) -> float:
    """Lin's concordance correlation coefficient, population moments."""
    covariance = ((x - x.mean()) * (y - y.mean())).mean()
    return float(2 * covariance / (x.var() + y.var() + (x.mean() - y.mean()) ** 2 + 1e-12))


def calibration_error(probabilities: np.ndarray, labels: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error of the predicted class, equal-width bins of confidence."""
    confidence, predicted = probabilities.max(1), probabilities.argmax(1)
    index = np.minimum((confidence * bins).astype(int), bins - 1)
    error = 0.0
    for b in range(bins):
        inside = index == b
        if inside.any():
            error += inside.mean() * abs((predicted[inside] == labels[inside]).mean() - confidence[inside].mean())
    return float(error)


def ceiling(split: data.Split, raters: int = 10) -> dict:
    """Largest correlation that ten raters' noise allows, per emotion: sqrt(1 - mean(p(1-p)/9) / var p)."""
    shares = split.votes[:, data.DEPTH_INDEX].astype(np.float64)
    noise = (shares * (1 - shares) / (raters - 1)).mean(0) / np.maximum(shares.var(0), 1e-12)
    return dict(zip(data.CLASSES, np.sqrt(np.maximum(0, 1 - noise)).tolist()))


def report(classes: np.ndarray, votes: np.ndarray, split: data.Split) -> dict:
    """All figures from probabilities: classes [n, 7], votes [n, 10] (FER+ order)."""
    depths = votes[:, data.DEPTH_INDEX]
    shares = split.votes[:, data.DEPTH_INDEX]
    eight_true, eight_said = split.votes[:, :8], votes[:, :8].argmax(1)
    top = eight_true.max(1, keepdims=True)
    untied = (eight_true == top).sum(1) == 1
    result = {
        "accuracy": float((classes.argmax(1) == split.labels).mean()),
        "nll": float(-np.log(np.maximum(classes[np.arange(len(split)), split.labels], 1e-12)).mean()),
        "ece": calibration_error(classes, split.labels),
        "ferplus": float((eight_said == eight_true.argmax(1))[untied].mean()),
        "ferplus_faces": int(untied.sum()),
    }
    ccc, r, mae, recall = {}, {}, {}, {}
    for i, name in enumerate(data.CLASSES):
        ccc[name] = concordance(depths[:, i], shares[:, i])
        r[name] = float(np.corrcoef(depths[:, i], shares[:, i])[0, 1])
        mae[name] = float(np.abs(depths[:, i] - shares[:, i]).mean())
        of = split.labels == i
        recall[name] = float((classes.argmax(1)[of] == i).mean()) if of.any() else float("nan")
    neutral = split.votes[:, data.VOTES.index("neutral")] >= 0.7 - 1e-6
    said = depths.argmax(1)
    wrong = np.isin(said, [data.CLASSES.index(n) for n in ("sad", "angry", "fear", "disgust")])
    result["neutral_faces"] = int(neutral.sum())
    result["neutral_misread"] = float(wrong[neutral].mean()) if neutral.any() else float("nan")
    result["ccc_mean"], result["r_mean"], result["mae_mean"] = (float(np.mean(list(d.values()))) for d in (ccc, r, mae))
    result.update(ccc=ccc, r=r, mae=mae, recall=recall)
    return result
