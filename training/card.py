"""Write the tables of evaluate.py's JSON into the model card, between its two marker lines.

    python card.py --json runs/a/figures.json --card ../models/MODEL_CARD.md
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import data

BEGIN, END = "<!-- figures: written by training/card.py -->", "<!-- end of figures -->"

#: name, title, per cent?, what this release was to reach, larger is better
ROWS = [
    ("accuracy", "FER2013 accuracy, 7 classes", True, 0.723, True),
    ("nll", "loss (cross-entropy of the label)", False, 0.79, False),
    ("ece", "expected calibration error, 15 bins", False, 0.03, False),
    ("ferplus", "FER+ accuracy, 8 classes, majority", True, 0.84, True),
    ("ccc_mean", "FER+'s mapping: mean CCC over seven emotions", False, 0.85, True),
    ("r_mean", "FER+'s mapping: mean Pearson r", False, 0.83, True),
    ("mae_mean", "FER+'s mapping: mean absolute error", False, None, False),
    ("neutral_misread", "neutral faces read as sad, angry, fear or disgust", True, 0.08, False),
]


def shown(value: float | None, percent: bool) -> str:
    if value is None:
        return "-"
    return f"{100 * value:.1f} %" if percent else f"{value:.3f}"


def within(figures: dict | None, name: str, percent: bool) -> str:
    """"value (low to high)" of a figure, or "-" where it was not measured."""
    return f"{shown(figures[name], percent)} ({interval(figures, name, percent)})" if figures else "-"


def interval(figures: dict, name: str, percent: bool) -> str:
    return " to ".join(f"{100 * number:.1f}" if percent else f"{number:.3f}" for number in figures["interval_95"][name])


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def headline(figures: dict) -> str:
    rows = []
    for name, title, percent, goal, larger in ROWS:
        value = figures["int8"][name]
        met = "" if goal is None else "yes" if (value >= goal if larger else value <= goal) else "**no**"
        rows.append([
            title, f"**{shown(value, percent)}**", interval(figures["int8"], name, percent),
            within(figures.get("float"), name, percent), within(figures.get("without_duplicates"), name, percent), shown(goal, percent), met,
        ])
    return table(["figure", "int8 (shipped)", "95 % interval", "float", "without near-duplicates", "goal", "reached"], rows)


def quantization(figures: dict) -> str:
    """What int8 costs; the goal is at most 0.3 points of accuracy."""
    change = {name: figures["int8"][name] - figures["float"][name] for name in ("accuracy", "nll", "ccc_mean")}
    met = "reached" if change["accuracy"] >= -0.003 else "**missed**"
    return (f"int8 against float: accuracy {100 * change['accuracy']:+.2f} points, loss {change['nll']:+.4f}, mean CCC {change['ccc_mean']:+.4f} "
            f"(goal: at most 0.3 points lost; {met}).")


def per_emotion(figures: dict) -> str:
    one, rows = figures["int8"], []
    for name in data.CLASSES:
        single = lambda part: {name: one[part][name], "interval_95": one["interval_95"][part]}  # noqa: E731
        rows.append([name, *(within(single(part), name, False) for part in ("ccc", "r")), f"{figures['ceiling'][name]:.3f}",
                     within(single("mae"), name, False), within(single("recall"), name, True), str(figures["labels"][name])])
    return table(["emotion", "CCC", "r", "most that r can be", "MAE", "recall", "faces with the label"], rows)


def robustness(figures: dict) -> str:
    rows = []
    for name, row in figures["robustness"].items():
        least = min(data.CLASSES, key=row["recall"].get)
        lowest = within({least: row["recall"][least], "interval_95": row["interval_95"]["recall"]}, least, True)
        rows.append([name, within(row, "accuracy", True), within(row, "ferplus", True), within(row, "ccc_mean", False),
                     within(row, "neutral_misread", True), " ".join(f"{100 * row['recall'][emotion]:.0f}" for emotion in data.CLASSES), f"{least} {lowest}"])
    return table(["disturbance", "accuracy", "FER+", "mean CCC", "neutral misread", "recall %: " + " ".join(data.CLASSES), "lowest recall"], rows)


def render(figures: dict) -> str:
    one, twins = figures["int8"], figures["without_duplicates"]
    return "\n\n".join([
        BEGIN,
        f"Measured on {figures['split']}: {figures['faces']} faces; FER+ accuracy on the {one['ferplus_faces']} whose majority is not tied; "
        f"neutral faces are the {one['neutral_faces']} that at least seven of ten raters call neutral; without near-duplicates "
        f"{twins['faces']} faces remain. Intervals (95 %): percentile bootstrap over faces.",
        headline(figures),
        *([quantization(figures)] if "float" in figures else []),
        "### Each emotion\n\nThe most that r can be with ten raters is sqrt(1 - mean(p(1 - p) / 9) / var p).",
        per_emotion(figures),
        "### Robustness\n\nThe same faces, disturbed. Chance of seven classes is 14 % recall.",
        robustness(figures),
        END,
    ])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, required=True)
    parser.add_argument("--card", type=Path, required=True)
    args = parser.parse_args()
    text = args.card.read_text()
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    args.card.write_text(before + render(json.loads(args.json.read_text())) + after)


if __name__ == "__main__":
    main()
