"""Merges sample files without this project's code, for tests/golden.rs.

    cargo run --release -p emotion-panel --example sample_files -- FOLDER 12
    python crates/panel/tests/golden/merge.py FOLDER > crates/panel/tests/golden/merge.json

Plain Python: gzip, json, math. Written from docs/formats.md and docs/panels.md.
"""

import gzip
import json
import math
import pathlib
import sys

EMOTIONS = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]


def measures(raw):
    a, d, f, h, s, su, n = raw
    return [a, d, f, h, s, su, n, max(-1.0, min(1.0, h - (a + d + f + s))), 1 - n]


def person(result, index, exposure, corrected):
    """The nine measures of each second, or None."""
    seconds = max(exposure["duration_ms"] // 1000, 1)
    bins = [[] for _ in range(seconds)]
    samples = result["samples"]
    for i, of in enumerate(samples["exposure"]):
        media = samples["media_ms"][i]
        if of != index or media < 0 or media // 1000 >= seconds or samples["quality"][i] < 5000:
            continue
        bins[media // 1000].append(measures([samples["raw_" + e][i] / 10000 for e in EMOTIONS]))
    neutral = measures([x / 10000 for x in result["baselines"][0]["raw"]])
    rate = result["session"]["sample_rate_hz"]
    rows = []
    for one in bins:
        if len(one) * 2 < rate:
            rows.append(None)
            continue
        mean = [math.fsum(column) / len(one) for column in zip(*one)]
        rows.append([m - n for m, n in zip(mean, neutral)] if corrected else mean)
    return rows


def main():
    files = sorted(pathlib.Path(sys.argv[1]).glob("*.result.json.gz"))
    results = [json.loads(gzip.open(file).read()) for file in files]
    results.sort(key=lambda result: result["session"]["id"])
    golden = []
    for corrected in (False, True):
        for place, stimulus in enumerate(["joke", "quiet"]):
            people, kept = [], []
            for result in results:
                rows = person(result, place, result["exposures"][place], corrected)
                if sum(row is not None for row in rows) >= 0.8 * len(rows):
                    people.append(rows)
                    kept.append(result["session"]["id"])
            curve = []
            for second in zip(*people):
                there = [row for row in second if row is not None]
                means = [math.fsum(column) / len(there) for column in zip(*there)] if there else None
                curve.append([len(there), means])
            golden.append({"stimulus": stimulus, "corrected": corrected, "people": kept, "curve": curve})
    json.dump(golden, sys.stdout)
    print()


main()
