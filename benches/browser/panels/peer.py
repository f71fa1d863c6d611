"""Merges the result files of a panel as programs of this field do, to be timed beside the page.

    python peer.py pandas|duckdb FOLDER PEOPLE [PERMUTATIONS]

The first PEOPLE files of FOLDER by name: read, person-seconds (mean of the readings with a quality of 0.5, five of them or
more), nine measures, people with 80 % of their seconds, mean curves with n and 95 % intervals by Student's t. With
PERMUTATIONS pandas goes on with the cluster test of groups A and B for happy and surprise, by scipy's permutation_test. Neither
checks what the page checks: hashes, ranges, order, duplicates, previews, models. Prints one line of JSON.
"""

import gzip
import json
import pathlib
import sys
import time

EMOTIONS = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]
MEASURES = [*EMOTIONS, "valence", "intensity"]


def by_pandas(files: list[pathlib.Path]):
    import numpy as np
    import pandas as pd
    from scipy import stats

    frames = []
    for file in files:
        with gzip.open(file) as stream:
            result = json.load(stream)
        samples = result["samples"]
        frame = pd.DataFrame({name: np.array(samples["raw_" + name], dtype=float) / 1e4 for name in EMOTIONS})
        frame["second"] = np.array(samples["media_ms"]) // 1000
        frame["quality"] = samples["quality"]
        frame["session"] = result["session"]["id"]
        frame["group"] = result["session"]["group"]
        frame["seconds"] = result["exposures"][0]["duration_ms"] // 1000
        frames.append(frame)
    all_readings = pd.concat(frames, ignore_index=True)
    good = all_readings[
        (all_readings.quality >= 5000) & (all_readings.second >= 0) & (all_readings.second < all_readings.seconds)
    ].copy()
    good["valence"] = (good.happy - (good.angry + good.disgust + good.fear + good.sad)).clip(-1, 1)
    good["intensity"] = 1 - good.neutral
    grouped = good.groupby(["session", "second"], sort=True)
    means = grouped[MEASURES].mean()
    means["group"] = grouped["group"].first()
    means = means[grouped.size() >= 5]
    there = means.groupby("session").size()
    seconds = int(all_readings.seconds.iloc[0])
    usable = there[there >= 0.8 * seconds].index
    means = means[means.index.get_level_values("session").isin(usable)]
    curves = means.groupby("second")[MEASURES].agg(["mean", "std", "count"])
    for name in MEASURES:
        mean, std, count = (curves[name][what] for what in ("mean", "std", "count"))
        low, high = stats.t.interval(0.95, count - 1, loc=mean, scale=std / np.sqrt(count))
        curves[name, "low"], curves[name, "high"] = low, high
    return means, curves["happy"]["mean"].tolist(), len(usable)


def clusters(means, permutations: int) -> float:
    """p of the heaviest cluster over happy and surprise."""
    import numpy as np
    from scipy import ndimage, stats

    wide = means[["happy", "surprise"]].unstack("second")
    groups = means["group"].groupby("session").first().reindex(wide.index).to_numpy()
    table = wide.to_numpy()

    def heaviest(first, second, axis=0):
        t = stats.ttest_ind(first, second, axis=0, equal_var=False, nan_policy="omit").statistic
        limit = stats.t.ppf(0.975, len(first) + len(second) - 2)
        best = 0.0
        for row in np.asarray(t).reshape(2, -1):
            for sign in (1, -1):
                labels, count = ndimage.label(sign * row > limit)
                if count:
                    best = max(best, np.abs(ndimage.sum(row, labels, range(1, count + 1))).max())
        return best

    first, second = table[groups == "A"], table[groups == "B"]
    random = np.random.default_rng(1)
    observed = heaviest(first, second)
    both, n = np.vstack([first, second]), len(first)
    heavier = 0
    # permutation_test hands over flattened data, so that its loop is written out here.
    for _ in range(permutations):
        order = random.permutation(len(both))
        heavier += heaviest(both[order[:n]], both[order[n:]]) >= observed
    return (1 + heavier) / (1 + permutations)


def by_duckdb(files: list[pathlib.Path]):
    import duckdb

    connection = duckdb.connect()
    raw = ", ".join(f"raw_{name}: 'USMALLINT[]'" for name in EMOTIONS)
    unnested = ", ".join(f"unnest(samples.raw_{name})::INTEGER AS {name}" for name in EMOTIONS)
    raw = raw.replace(": '", " ").replace("'", "")
    means = ", ".join(f"avg({name}) / 1e4 AS {name}" for name in EMOTIONS)
    curves = ", ".join(
        f"avg({name}) AS {name}, stddev_samp({name}) / sqrt(count({name})) AS {name}_error" for name in MEASURES
    )
    rows = connection.execute(
        f"""
        WITH sessions AS (
            FROM read_json($files, format = 'unstructured', maximum_object_size = 100_000_000, columns = {{
                session: 'STRUCT(id VARCHAR, "group" VARCHAR)',
                exposures: 'STRUCT(duration_ms UINTEGER)[]',
                samples: 'STRUCT(media_ms INTEGER[], quality USMALLINT[], {raw})'
            }})
        ),
        readings AS (
            SELECT session.id AS session, exposures[1].duration_ms // 1000 AS seconds,
                unnest(samples.media_ms) AS media_ms, media_ms // 1000 AS second, unnest(samples.quality) AS quality, {unnested}
            FROM sessions
        ),
        means AS (
            SELECT session, second, any_value(seconds) AS seconds, {means},
                avg(greatest(-10000, least(10000, happy - (angry + disgust + fear + sad)))) / 1e4 AS valence,
                avg(10000 - neutral) / 1e4 AS intensity
            FROM readings WHERE quality >= 5000 AND media_ms >= 0 AND second < seconds
            GROUP BY session, second HAVING count(*) >= 5
        ),
        usable AS (FROM means QUALIFY count(*) OVER (PARTITION BY session) >= 0.8 * seconds)
        SELECT second, count(*) AS n, count(DISTINCT session), {curves} FROM usable GROUP BY second ORDER BY second
        """,
        {"files": [str(file) for file in files]},
    ).fetchdf()
    return rows["happy"].tolist(), int(rows["n"].max())


def main():
    way, folder, people = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
    files = sorted(folder.glob("*.result.json.gz"))[:people]
    # The libraries are loaded before: a researcher has them open.
    if way == "pandas":
        import numpy, pandas, scipy.ndimage, scipy.stats  # noqa: E401, F401
    else:
        import duckdb  # noqa: F401
    told = {}
    began = time.perf_counter()
    if way == "pandas":
        means, happy, usable = by_pandas(files)
    else:
        happy, usable = by_duckdb(files)
    told |= {"seconds": time.perf_counter() - began, "usable": usable, "happy": happy}
    if way == "pandas" and len(sys.argv) > 4:
        began = time.perf_counter()
        told["p"] = clusters(means, int(sys.argv[4]))
        told["test_seconds"] = time.perf_counter() - began
    import resource

    told["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(json.dumps(told))


main()
