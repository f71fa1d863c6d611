"""The recipe for DuckDB beside the cli: `cargo xtask recipe` runs this.

    python compare.py prepare FOLDER    adds people that the rules leave out, a list of withdrawn codes, and odd exposures
    python compare.py compare FOLDER    runs panel.sql over FOLDER/results and compares with FOLDER/merged/seconds.csv
"""

import csv
import gzip
import hashlib
import json
import os
import pathlib
import sys

MEASURES = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral", "valence", "intensity"]


def write(path: pathlib.Path, result: dict) -> None:
    """As the page writes it: the hash stands last, over all text before its comma."""
    result.pop("integrity", None)
    text = json.dumps(result, separators=(",", ":"), ensure_ascii=False)[:-1]
    digest = hashlib.sha256(text.encode()).hexdigest()
    path.write_bytes(gzip.compress((text + f',"integrity":"{digest}"}}').encode(), mtime=0))


def prepare(folder: pathlib.Path) -> None:
    results = folder / "results"
    files = sorted(results.glob("*.result.json.gz"))

    def change(index, edit, name=None):
        result = json.loads(gzip.decompress(files[index].read_bytes()))
        edit(result)
        write(results / name if name else files[index], result)
        return result

    change(0, lambda r: r["session"].update(outcome="failed"))
    change(1, lambda r: r["session"].update(preview=True))
    change(2, lambda r: r["models"].update(classifier_sha256="ab" * 32))
    change(3, lambda r: None, "zz-again.result.json.gz")
    gone = change(4, lambda r: None)
    # For DuckDB a table with a header, for the cli a list: the name of the column is no code.
    (folder / "withdrawn.csv").write_text("session\n" + gone["session"]["id"] + "\n")
    (results / "withdrawn.txt").write_text(gone["session"]["id"] + "\n")

    def other_face(r):
        r["samples"]["reasons"][20:45] = [1 << 13] * 25

    def no_face(r):
        for name, column in r["samples"].items():
            if name.startswith("raw_") or name == "yaw":
                column[30:60] = [None] * 30
        r["samples"]["quality"][30:60] = [0] * 30

    def shown_again(r):
        first, second = r["exposures"]
        for key in ("attempt", "stimulus", "duration_ms"):
            second[key] = 2 if key == "attempt" else first[key]
        first["interrupted"] = "hidden"

    def broke_off_again(r):
        shown_again(r)
        r["exposures"][0]["interrupted"], r["exposures"][1]["interrupted"] = None, "hidden"

    def second_rest(r):
        r["baselines"].append({"from_exposure": 1, "raw": [0, 0, 0, 1000, 0, 0, 9000], "samples": 50})

    for index, edit in enumerate([other_face, no_face, shown_again, broke_off_again, second_rest], start=5):
        change(index, edit)
    change(10, lambda r: r["baselines"].clear())


def compare(folder: pathlib.Path) -> None:
    import duckdb

    recipe = (pathlib.Path(__file__).parent / "panel.sql").read_text()
    os.chdir(folder)
    connection = duckdb.connect()
    connection.execute("SET VARIABLE results = 'results/*.result.json.gz'; SET VARIABLE withdrawn = 'withdrawn.csv'")
    connection.execute(recipe)
    columns = ", ".join(MEASURES)
    rows = connection.execute(f"SELECT session, stimulus, second, baseline, {columns} FROM 'seconds.parquet'").fetchall()
    theirs = {}
    for session, stimulus, second, baseline, *values in rows:
        assert (session, stimulus, second) not in theirs, "a person-second is there twice"
        theirs[session, stimulus, second] = (values, baseline)
    with open("merged/files.csv", newline="") as stream:
        statuses = [row["status"] for row in csv.DictReader(stream)]
    assert statuses.count("damaged") == 0, "what this script wrote is no right file"
    left_out = ["not_complete", "preview", "other_model", "duplicate", "withdrawn"]
    assert all(statuses.count(status) == 1 for status in left_out), statuses
    ours = {}
    with open("merged/seconds.csv", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["there"] == "1":
                ours[row["session"], row["stimulus"], int(row["second"])] = row
    only = set(ours) ^ set(theirs)
    assert not only, f"{len(only)} person-seconds are in one table alone, such as {sorted(only)[0]}"
    assert len(ours) > 1000, "the table is almost empty"
    worst = 0.0
    for key, row in ours.items():
        values, baseline = theirs[key]
        neutral = rest(baseline) if baseline else None
        for place, name in enumerate(MEASURES):
            worst = max(worst, abs(float(row["raw." + name]) - values[place]))
            corrected = row["raw_minus_baseline." + name]
            assert (corrected == "") == (neutral is None), f"{key}: one knows a face at rest and the other does not"
            if neutral:
                worst = max(worst, abs(float(corrected) - (values[place] - neutral[place])))
    # The cli writes six decimals.
    assert worst < 6e-7, f"the tables differ by {worst}"
    people = len({session for session, *_ in ours})
    print(f"{len(ours)} person-seconds of {people} people: the largest difference is {worst:.1e}")


def rest(raw: list[int]) -> list[float]:
    angry, disgust, fear, happy, sad, surprise, neutral = (value / 1e4 for value in raw)
    valence = max(-1.0, min(1.0, happy - (angry + disgust + fear + sad)))
    return [angry, disgust, fear, happy, sad, surprise, neutral, valence, 1 - neutral]


{"prepare": prepare, "compare": compare}[sys.argv[1]](pathlib.Path(sys.argv[2]).resolve())
