"""At which share of an expression each emotion shows: first frames of CK+ are blended into their apexes.

    python training/apex_share.py --table ck.csv --pictures ck/       # needs numpy, pillow and onnxruntime

For each recording the first frame (neutral) and the apex are mixed, pixel by pixel, in steps of a twentieth; the crops are
read as they are. Printed are the quartiles of the first share at which the emotion of the label reaches a quarter of the
viewers, and at which it is the largest of the seven; for THE depth and for FER+'s mapping alone. A recording that never
comes so far counts as more than 100 %. A blend is no real course of an expression; it compares emotions with each other.
"""

from __future__ import annotations

import argparse
import csv
import json
import pathlib

import numpy as np
import onnxruntime
from PIL import Image

MODELS = pathlib.Path(__file__).parent / "../models"
EMOTIONS = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]
# Where the seven stand among FER+'s columns (crates/core/src/depth.rs).
VOTES = [4, 5, 6, 1, 3, 2, 0]
STEPS = 20
THRESHOLD = 0.25
NEVER = 1.05


def softmax(values: np.ndarray) -> np.ndarray:
    powers = np.exp(values - values.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


class Reader:
    """The shipped classifier: from crops of 48 x 48 bytes to depths of each mapping."""

    def __init__(self):
        manifest = json.loads((MODELS / "manifest.json").read_text())["classifier"]
        self.session = onnxruntime.InferenceSession(MODELS / manifest["file"])
        self.calibration = {name: np.array(values) for name, values in manifest["calibration"].items()}
        self.share = manifest["mixture"]["ferplus"]

    def depths(self, crops: np.ndarray) -> dict[str, np.ndarray]:
        """`crops`: [n, 48, 48], 0..255. Each of the answers: [n, 7], 0..1."""
        rows = [self.session.run(None, {"face": crop[None, None].astype(np.float32) / 255})[0][0] for crop in crops]
        logits = np.array(rows)
        votes = softmax(self.calibration["vote_scale"] * logits[:, 7:17] + self.calibration["vote_bias"])[:, VOTES]
        photo = softmax(logits[:, 17:])[:, :7]
        return {"depth": self.share * votes + (1 - self.share) * photo, "ferplus": votes}


def recordings(table: pathlib.Path):
    """Emotion, first frame and apex of each recording that has both; names are PERSON_RECORDING_FRAME."""
    rows = list(csv.DictReader(table.open()))
    key = lambda row: row["file"].rsplit("_", 1)[0]
    first = {key(row): row["file"] for row in rows if row["label"] == "neutral"}
    for row in rows:
        if row["label"] in EMOTIONS[:6] and key(row) in first:
            yield row["label"], first[key(row)], row["file"]


def first_share(reached: np.ndarray) -> float:
    """From this step on it stays so."""
    missed = np.flatnonzero(~reached)
    step = missed[-1] + 1 if len(missed) else 0
    return step / STEPS if step <= STEPS else NEVER


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--table", type=pathlib.Path, required=True)
    parser.add_argument("--pictures", type=pathlib.Path, required=True)
    args = parser.parse_args()
    reader = Reader()
    found: dict[str, dict[str, list]] = {emotion: {} for emotion in EMOTIONS[:6]}
    read = lambda file: np.asarray(Image.open(args.pictures / file).convert("L"), np.float64)
    for emotion, first, apex in recordings(args.table):
        shares = np.arange(STEPS + 1) / STEPS
        crops = read(first)[None] * (1 - shares[:, None, None]) + read(apex)[None] * shares[:, None, None]
        column = EMOTIONS.index(emotion)
        for mapping, depths in reader.depths(np.round(crops)).items():
            quarter, largest = depths[:, column] >= THRESHOLD, depths.argmax(axis=1) == column
            for what, reached in (("quarter", quarter), ("largest", largest)):
                found[emotion].setdefault(f"{mapping}, {what}", []).append(first_share(reached))
    columns = ["depth, quarter", "depth, largest", "ferplus, quarter", "ferplus, largest"]
    print(f"| emotion | recordings | {' | '.join(columns)} |")
    print("|---" * 6 + "|")
    for emotion, by in found.items():
        cells = []
        for column in columns:
            quartiles = np.percentile(by[column], [25, 50, 75])
            cells.append(" / ".join("never" if value > 1 else f"{100 * value:.0f} %" for value in quartiles))
        print(f"| {emotion} | {len(by[columns[0]])} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
