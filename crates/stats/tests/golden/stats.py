"""Writes stats.json: what independent tools say of small tables, to hold the crate's statistics against.

    python -m venv .venv && .venv/bin/pip install -r crates/stats/tests/golden/requirements.txt
    .venv/bin/python crates/stats/tests/golden/stats.py

Each value comes from the tool named in the key or in the comment beside it. Where no tool has the quantity in this form
(person-seconds, bands, the summary, splits), it is written out here in numpy or pandas from the formula, without a
look at the Rust code.
A missing second is null.
"""

from __future__ import annotations

import itertools
import json
import pathlib
import warnings

import mne
import numpy as np
import pandas as pd
import pingouin
import scipy.stats as st
from brainiak.isc import isc, timeshift_isc
from scipy.special import nctdtr
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestIndPower, TTestPower
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

HERE = pathlib.Path(__file__).parent
random = np.random.default_rng(17)
mne.set_log_level("error")
warnings.filterwarnings("ignore", category=RuntimeWarning)


def curves(people: int, seconds: int, signal: float = 0.2, missing: float = 0.0) -> np.ndarray:
    """People x seconds around a common bump, with people's own heights; some seconds missing."""
    bump = np.exp(-0.5 * ((np.arange(seconds) - 0.6 * seconds) / (0.15 * seconds)) ** 2)
    noise = random.normal(0, 0.1, [people, seconds]) + random.normal(0, 0.05, [people, 1])
    table = np.round(0.3 + signal * bump * random.lognormal(0, 0.4, [people, 1]) + noise, 4)
    table[random.random(table.shape) < missing] = np.nan
    return table


def plain(value):
    """Numpy to lists, NaN to None."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and np.isnan(value):
        return None
    return value


def distributions():
    df = [1, 1.7, 3, 8.4, 29, 58.3, 998, 250_000]
    p = [1e-10, 1e-4, 0.0125, 0.2, 0.5, 0.975, 0.9995]
    t = [-12, -2.5, -0.3, 0, 0.01, 1.96, 3.3, 40]
    grid = lambda f, xs: [[a, b, f(a, b)] for a in xs for b in df]
    places = itertools.product((-2.0, 0.5, 2.1, 4), (2, 9, 126, 998), (-1.5, 0.3, 2.8, 6))
    noncentral = [[t, df, d, nctdtr(df, d, t)] for t, df, d in places]
    return {
        "scipy.stats.t.ppf [p, df]": grid(lambda p, df: st.t.ppf(p, df), p),
        "2 scipy.stats.t.sf(abs) [t, df]": grid(lambda t, df: 2 * st.t.sf(abs(t), df), t),
        "scipy.stats.t.cdf [t, df]": grid(lambda t, df: st.t.cdf(t, df), t),
        "scipy.stats.norm.ppf [p]": [[x, st.norm.ppf(x)] for x in [*p, 1e-300, 0.4, 0.07]],
        "scipy.stats.norm.cdf [z]": [[x, st.norm.cdf(x)] for x in (-9, -1.3, 0, 0.4, 5)],
        "scipy.special.nctdtr [t, df, delta]": noncentral,
    }


def person_seconds():
    """pandas: 3.7 s at 10 Hz with uneven times, bad samples and a baseline."""
    count = 37
    table = pd.DataFrame(random.dirichlet(np.ones(8), count)[:, :7], columns=list("adfhsun"))
    table = (table * 10_000).round().astype(int)
    table["time"] = np.sort(np.minimum(np.arange(count) * 100 + random.integers(0, 30, count), 3_699))
    table["quality"] = random.integers(3_500, 10_000, count)
    baseline = np.round(random.dirichlet(np.ones(8))[:7], 4)
    columns = table.drop(columns=["time", "quality"]).T.values.tolist()

    good = table[(table.quality >= 5_000) & (table.time < 3_000)].copy()
    good["valence"] = (good.h - good.a - good.d - good.f - good.s).clip(-10_000, 10_000)
    good["intensity"] = 10_000 - good.n
    groups = good.groupby(good.time // 1_000)
    means = groups[[*"adfhsun", "valence", "intensity"]].mean() / 10_000
    means = means[groups.size() >= 5].reindex(range(3))
    angry, disgust, fear, happy, sad, _, neutral = baseline
    neutral_face = [*baseline, np.clip(happy - angry - disgust - fear - sad, -1, 1), 1 - neutral]
    return {
        "media_time_ms": table.time.tolist(), "quality": table.quality.tolist(), "raw": columns,
        "duration_ms": 3_700, "baseline": baseline, "cells": means.T.values,
        "corrected": (means - neutral_face).T.values,
    }


def two_groups():
    a, b = curves(13, 12, missing=0.06), curves(11, 12, signal=0.35, missing=0.06)
    b[3:, 2] = np.nan  # three people are left in one second
    n = (~np.isnan(a)).sum(0)
    mean, error = np.nanmean(a, 0), st.sem(a, nan_policy="omit")
    low, high = st.t.interval(0.95, n - 1, loc=mean, scale=error)
    test = st.ttest_ind(a, b, equal_var=False, nan_policy="omit")
    interval = [test.confidence_interval(0.95)] if np.ndim(test.df) == 0 else test.confidence_interval(0.95)
    threshold = 0.45
    reached = np.nansum(a >= threshold, 0)
    wilson = np.array([proportion_confint(k, m, 0.05, "wilson") for k, m in zip(reached, n)])
    return {
        "a": a, "b": b, "n": n, "mean": mean, "sd": np.nanstd(a, 0, ddof=1),
        "scipy.stats.t.interval": [low, high],
        "scipy.stats.ttest_ind": {"p": test.pvalue, "low": interval.low, "high": interval.high},
        "threshold": threshold, "reached": reached, "statsmodels wilson": wilson,
    }


def tests():
    a, b = np.round(random.normal(0.3, 0.1, 14), 4), np.round(random.normal(0.36, 0.2, 9), 4)
    c = np.round(a + random.normal(0.04, 0.1, 14), 4)
    told = lambda r: [r.statistic, r.df, r.pvalue, *r.confidence_interval(0.9)]
    p = np.round(np.array([0.012, 0.2, 0.0009, 0.049, 0.7, 0.012]), 4)
    pairs = [(3, 20, 9, 25), (0, 12, 4, 15), (40, 40, 37, 44), (512, 1_000, 431, 977), (1, 5, 5, 5)]
    newcombe = [[*x, *confint_proportions_2indep(*x, method="newcomb", alpha=0.05)] for x in pairs]
    norms = [0.1, 0.2, 0.2, 0.5, 0.7]
    return {
        "a": a, "b": b, "c": c, "scipy.stats.ttest_ind(equal_var=False)": told(st.ttest_ind(a, b, equal_var=False)),
        "scipy.stats.ttest_rel": told(st.ttest_rel(a, c)),
        "scipy.stats.t.interval": st.t.interval(0.9, 13, loc=a.mean(), scale=st.sem(a)),
        "p": p, "statsmodels holm": multipletests(p, method="holm")[1],
        "statsmodels newcomb [reached, people, reached, people, low, high]": newcombe,
        "norms": norms,
        "scipy percentileofscore(mean) [value]": [
            [x, st.percentileofscore(norms, x, "mean")] for x in (0, 0.2, 0.3, 0.9)],
    }


def plans():
    rows = []
    questions = [(0.05, 0.12, 0.8), (0.05, 0.2, 0.9), (0.02, 0.15, 0.8), (0.2, 0.15, 0.95), (0.1, 0.1, 0.8)]
    for difference, sd, power in questions:
        for level in (0.05, 0.01):
            effect = difference / sd
            for tool, same_people in ((TTestIndPower(), False), (TTestPower(), True)):
                n = tool.solve_power(effect, alpha=level, power=power, alternative="two-sided")
                people = int(np.ceil(n - 1e-9))
                reached = tool.power(effect, people, level, alternative="two-sided")
                rows.append([difference, sd, level, power, same_people, people, reached])
    return {"statsmodels [difference, sd, level, power, same people, n, power of n]": rows}


def largest_mass(t, threshold):
    """Clusters (row, from, to, mass) of |t| above the threshold of its second, by sign; and the largest |mass|."""
    found = []
    for measure, row in enumerate(t):
        signs = np.where(row > threshold, 1, np.where(row < -threshold, -1, 0))
        for sign, run in itertools.groupby(range(len(row)), key=lambda second: signs[second]):
            run = list(run)
            if sign:
                found.append([measure, run[0], run[-1] + 1, row[run].sum()])
    return found, max([abs(c[3]) for c in found], default=0.0)


def cluster_groups():
    """All 924 ways of six against six; people x measures x seconds."""
    data = np.stack([curves(12, 9, missing=0.0), curves(12, 9)], 1)
    data[:6, 1, 4:8] += 0.08
    data[[1, 8], :, 5] = np.nan
    data = np.round(data, 4)
    threshold = st.t.ppf(0.975, (~np.isnan(data[:, 0])).sum(0) - 2)

    def welch(first, second):
        return np.array(st.ttest_ind(data[first], data[second], equal_var=False, nan_policy="omit").statistic)

    def statistic(first, second):
        return largest_mass(welch(first, second), threshold)[1]

    def largest_t(first, second):
        return np.abs(welch(first, second)).max()

    people = np.arange(12)
    every_way = lambda f: st.permutation_test(
        (people[:6], people[6:]), f, n_resamples=np.inf, alternative="greater", vectorized=False)
    mass, t = every_way(statistic), every_way(largest_t)
    observed = welch(people[:6], people[6:])
    found = largest_mass(observed, threshold)[0]
    p = lambda null, value: float((null >= abs(value) * (1 - 1e-9)).mean())
    return {
        "data": data, "scipy permutation_test(inf) p": mass.pvalue, "null": np.sort(mass.null_distribution),
        "clusters": [[*c, p(mass.null_distribution, c[3])] for c in found], "t": observed,
        "max_t_p": [[p(t.null_distribution, x) for x in row] for row in observed],
    }


def cluster_within():
    """All signs of eight people; one measure, since MNE has no largest mass over several without an adjacency.

    By two-sided symmetry MNE takes 128 of the 256 ways. It must be told so: "all" draws 127 of them (MNE 1.13).
    """
    data = np.round(curves(8, 10) - 0.33, 4)
    threshold = st.t.ppf(0.975, 7)
    t, clusters, p, null = mne.stats.permutation_cluster_1samp_test(
        data, threshold=threshold, n_permutations=128, tail=0, out_type="indices", adjacency=None, n_jobs=1)
    masses = [[seconds[0], seconds[-1] + 1, t[seconds].sum(), q] for (seconds,), q in zip(clusters, p)]
    t_each, p_each, _ = mne.stats.permutation_t_test(data, n_permutations=128, tail=0)
    return {"data": data, "mne clusters [from, to, mass, p]": masses,
            "mne permutation_t_test": {"t": t_each, "p": p_each}}


def bands():
    """The largest |t| of resampled means, by signs (arXiv 1901.06386) and by drawing people; one sample and two."""
    a, b = curves(9, 7), curves(11, 7, signal=0.3)
    a[0, 2] = a[4, 5] = np.nan
    plus = random.choice([False, True], [300, 20])
    drawn = [np.concatenate([random.integers(0, 9, 9), 9 + random.integers(0, 11, 11)]) for _ in range(300)]
    level = 0.95

    def by_signs(table, sign):
        n = (~np.isnan(table)).sum(0)
        residual = np.sqrt(n / (n - 1)) * (table - np.nanmean(table, 0))
        signed = residual * sign[:, None]
        return np.nanmean(signed, 0), np.nanvar(signed, 0, ddof=1) / n

    def by_people(table, people):
        again = table[people]
        n = (~np.isnan(again)).sum(0)
        return np.nanmean(again, 0) - np.nanmean(table, 0), np.nanvar(again, 0, ddof=1) / n

    def told(resamples):
        one = [np.abs(ma / np.sqrt(va)).max() for (ma, va), _ in resamples]
        two = [np.abs((ma - mb) / np.sqrt(va + vb)).max() for (ma, va), (mb, vb) in resamples]
        q, w = (np.sort(largest)[int(np.ceil(level * 301 - 1e-9)) - 1] for largest in (one, two))
        error = lambda x: np.nanvar(x, 0, ddof=1) / (~np.isnan(x)).sum(0)
        mean, spread = np.nanmean(a, 0), np.sqrt(error(a))
        difference, spread_2 = mean - np.nanmean(b, 0), np.sqrt(error(a) + error(b))
        return {"one": {"critical": q, "low": mean - q * spread, "high": mean + q * spread},
                "two": {"critical": w, "low": difference - w * spread_2, "high": difference + w * spread_2}}

    return {
        "a": a, "b": b, "plus": plus, "times": [np.bincount(draw, minlength=20) for draw in drawn],
        "signs": told([(by_signs(a, 2 * s[:9] - 1), by_signs(b, 2 * s[9:] - 1)) for s in plus.astype(int)]),
        "people": told([(by_people(a, d[:9]), by_people(b, d[9:] - 9)) for d in drawn]),
    }


def reliabilities():
    eight, seven = curves(8, 15), curves(7, 15)
    long = pd.DataFrame(eight).melt(ignore_index=False, var_name="second", value_name="value")
    long = long.reset_index(names="person")
    icc = pingouin.intraclass_corr(long, targets="second", raters="person", ratings="value").set_index("Type")["ICC"]
    named = (("ICC3", "ICC(C,1)"), ("ICC3k", "ICC(C,k)"))  # older and newer names of pingouin
    one, many = (next(v for k, v in icc.items() if k in names) for names in named)

    def split_half(table):
        people = range(len(table))
        values = []
        for half in itertools.combinations(people, len(table) // 2):
            if len(table) % 2 == 0 and 0 in half:
                continue
            rest = [p for p in people if p not in half]
            r = np.corrcoef(np.nanmean(table[list(half)], 0), np.nanmean(table[rest], 0))[0, 1]
            values.append(2 * r / (1 + r))
        return [len(values), np.median(values)]

    gaps = eight.copy()
    gaps[2, 3] = gaps[5, [0, 9]] = np.nan
    return {
        "eight": eight, "seven": seven, "gaps": gaps,
        "pingouin.cronbach_alpha": pingouin.cronbach_alpha(pd.DataFrame(eight.T))[0],
        "pingouin.intraclass_corr C,1 and C,k": [one, many],
        # Person 5 has two gaps, person 2 one: without 5 and without second 3 is the largest table, 7 x 14.
        "pingouin.cronbach_alpha of the largest complete table": pingouin.cronbach_alpha(
            pd.DataFrame(np.delete(np.delete(gaps, 5, 0), 3, 1).T))[0],
        "splits and median": [split_half(table) for table in (eight, seven, gaps)],
    }


def agreements():
    table = curves(9, 20)
    loo = isc(table.T[:, None, :], pairwise=False).ravel()
    weak = curves(6, 20, signal=0.03)
    # A p by chance on both sides: 20,000 shifts leave it within 0.01.
    settings = {"pairwise": False, "summary_statistic": "mean", "n_shifts": 20_000, "side": "right", "random_state": 1}
    p = [np.ravel(timeshift_isc(t.T[:, None, :], **settings)[1])[0] for t in (table, weak)]
    gaps = table.copy()
    gaps[1, 4] = gaps[7, [0, 19]] = np.nan
    by_hand = []
    for person in range(9):
        pair = pd.DataFrame({"own": gaps[person], "others": np.nanmean(np.delete(gaps, person, 0), 0)}).dropna()
        by_hand.append(pair.own.corr(pair.others))
    return {"table": table, "weak": weak, "brainiak.isc": loo, "mean": np.tanh(np.arctanh(loo).mean()),
            "brainiak.timeshift_isc p": p, "gaps": gaps, "pandas with gaps": by_hand}


def summaries():
    complete, gaps = curves(10, 14), curves(10, 14, missing=0.04)
    draws = random.integers(0, 10, [400, 10])
    end = 3

    def extremes(part, start):
        mean = np.nanmean(part, 0)
        return [mean.max(), mean.min(), start + mean.argmax(), start + mean.argmin()]

    def average(part):
        """Mean of the mean curve; its variance by linearisation: of people's means where nobody is missing."""
        mean, n = np.nanmean(part, 0), (~np.isnan(part)).sum(0)
        share = np.nansum((part - mean) / n, 1) / part.shape[1]
        interval = st.t.interval(0.95, 9, loc=mean.mean(), scale=np.sqrt(10 / 9 * (share**2).sum()))
        if not np.isnan(part).any():
            own = part.mean(1)
            np.testing.assert_allclose(interval, st.t.interval(0.95, 9, loc=own.mean(), scale=st.sem(own)))
        return mean.mean(), list(interval)

    told = {"draws": draws, "end_seconds": end, "complete": complete, "gaps": gaps, "parts": []}
    for name, table in (("complete", complete), ("gaps", gaps)):
        for start, stop in (0, 14), (4, 11):
            part = table[:, start:stop]
            averages = [average(part), average(part[:, -end:])]
            drawn = np.array([extremes(part[d], start) for d in draws])
            told["parts"].append({
                "table": name, "from": start, "to": stop,
                "values": [value for value, _ in averages] + extremes(part, start),
                "intervals": [interval for _, interval in averages]
                + np.quantile(drawn, [0.025, 0.975], axis=0).T.tolist()})
    return told


def main():
    parts = [distributions, person_seconds, two_groups, tests, plans, cluster_groups, cluster_within, bands,
             reliabilities, agreements, summaries]
    values = {part.__name__: plain(part()) for part in parts}
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in values.items())
    (HERE / "stats.json").write_text("{\n" + lines + "\n}\n")


if __name__ == "__main__":
    main()
