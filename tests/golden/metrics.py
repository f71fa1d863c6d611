"""Golden values of src/evaluation, computed with numpy 2.4.6 and scipy 1.17.1.

    python tests/golden/metrics.py > tests/golden/metrics.json

The faces are made up by a fixed seed, with label noise, ties, confidences on the edges of bins, and one emotion that
no rater names. The values are written with all digits; the test compares them to 1e-9.
"""

import json

import numpy as np
from scipy.stats import binomtest, pearsonr

CLASSES = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]
VOTES = ["neutral", "happy", "surprise", "sad", "angry", "disgust", "fear", "contempt", "unknown", "not_face"]
DEPTH = [VOTES.index(name) for name in CLASSES]

rng = np.random.default_rng(7)
count = 60
labels = rng.integers(0, 7, count)
labels[labels == 1] = 0  # no face of disgust: an undefined recall
truth = rng.dirichlet(np.full(10, 0.3), count)
truth[:12, 0] += 6
truth[:, 5] = 0  # nobody names disgust: an undefined ceiling and Pearson r
truth /= truth.sum(1, keepdims=True)
counts = np.stack([rng.multinomial(10, p) for p in truth])
logits = np.log(truth + 0.05) + rng.normal(0, 0.6, truth.shape)
logits[:3, [0, 3]] = logits[:3, [3, 0]]  # neutral faces read as sad ...
logits[3, [0, 2]] = logits[3, [2, 0]]  # ... and as surprise, which is no negative emotion
votes = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
classes = rng.dirichlet(np.full(7, 0.4), count)
classes[np.arange(count), labels] += rng.uniform(0, 1.5, count)
classes /= classes.sum(1, keepdims=True)
classes[0] = [0.6, 0.4, 0, 0, 0, 0, 0]  # 0.6 = 9/15, the edge of a bin
classes[1] = [0, 0, 0, 0, 0, 1, 0]  # the last bin, and a probability of 0 for the loss
classes, votes = classes.astype(np.float32), votes.astype(np.float32)

p, v, shares = classes.astype(float), votes.astype(float), counts / counts.sum(1, keepdims=True)


def share(hits):
    if len(hits) == 0:
        return {"share": None, "interval": None, "hits": 0, "of": 0}
    interval = binomtest(int(hits.sum()), len(hits)).proportion_ci(method="wilson")
    return {"share": float(hits.mean()), "interval": [interval.low, interval.high], "hits": int(hits.sum()), "of": len(hits)}


def calibration_error():
    confidence, right = p.max(1), p.argmax(1) == labels
    bins = np.digitize(confidence, np.arange(1, 15) / 15)
    return float(sum(abs(right[bins == b].mean() - confidence[bins == b].mean()) * (bins == b).mean() for b in set(bins)))


def summary(x, y):
    """x: the depths, y: the raters' shares. Moments of numpy, not of the code under test."""
    covariance = np.cov(x, y, bias=True)
    varies = y.std() > 0
    return {
        "pearson": float(pearsonr(x, y).statistic) if varies else None,
        "pearson_ceiling": float(np.sqrt(1 - np.mean(y * (1 - y) / 9) / np.var(y))) if varies else None,
        "concordance": float(2 * covariance[0, 1] / (covariance[0, 0] + covariance[1, 1] + (x.mean() - y.mean()) ** 2)),
        "mean_absolute_error": float(np.mean(np.abs(x - y))),
    }


def mean(summaries):
    values = {name: [s[name] for s in summaries if s[name] is not None] for name in summaries[0]}
    return {name: float(np.mean(known)) for name, known in values.items()}


emotions = [summary(v[:, i], shares[:, i]) for i in DEPTH]
eight = counts[:, :8]
untied = (eight == eight.max(1, keepdims=True)).sum(1) == 1
neutral = counts[:, 0] >= 7
said = np.array([CLASSES[i] for i in v[:, DEPTH].argmax(1)])
negative = np.isin(said, ["angry", "disgust", "fear", "sad"])
print(json.dumps({
    "labels": labels.tolist(),
    "counts": counts.tolist(),
    "classes": [[float(x) for x in row] for row in classes],
    "votes": [[float(x) for x in row] for row in votes],
    "report": {
        "accuracy": share(p.argmax(1) == labels),
        "loss": float(-np.mean(np.log(np.maximum(p[np.arange(count), labels], 1e-12)))),
        "calibration_error": calibration_error(),
        "recall": [share((p.argmax(1) == labels)[labels == i]) for i in range(7)],
        "ferplus_accuracy": share((v[:, :8].argmax(1) == eight.argmax(1))[untied]),
        "ties": int((~untied).sum()),
        "emotions": emotions,
        "mean": mean(emotions),
        "neutral_misread": share(negative[neutral]),
    },
}))
