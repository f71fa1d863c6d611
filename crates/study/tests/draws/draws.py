#!/usr/bin/env python3
"""Golden values of the draws, the orders and the measure hash, computed without the crate.

    python3 crates/study/tests/draws/draws.py > crates/study/tests/draws/draws.json
"""
import hashlib
import json
import pathlib

MASK = (1 << 64) - 1


class Draw:
    def __init__(self, label):
        self.state = int.from_bytes(hashlib.sha256(label.encode()).digest()[:8], "big")

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, n):
        limit = MASK - MASK % n
        while True:
            number = self.next()
            if number < limit:
                return number % n

    def shuffle(self, items):
        for last in range(len(items) - 1, 0, -1):
            other = self.below(last + 1)
            items[last], items[other] = items[other], items[last]
        return items


def williams(n):
    first = [0]
    low, high = 1, n - 1
    while len(first) < n:
        first.append(low)
        low += 1
        if len(first) < n:
            first.append(high)
            high -= 1
    rows = [[(x + shift) % n for x in first] for shift in range(n)]
    return rows if n % 2 == 0 or n == 1 else rows + [row[::-1] for row in rows]


study = json.loads((pathlib.Path(__file__).parent.parent / "files/full-study.json").read_text(encoding="utf-8"))


def measured(stimulus):
    kind = next(kind for kind in ("video", "image", "text", "pause") if kind in stimulus)
    media = stimulus[kind]
    sha = hashlib.sha256(media["text"].encode()).hexdigest() if kind == "text" else media.get("sha256")
    return {"id": stimulus["id"], "kind": kind, "duration_ms": media.get("duration_ms"), "sha256": sha}


measure = {"stimuli": [measured(s) for s in study["stimuli"]], "order": study["order"],
           "sample_rate_hz": study["sample_rate_hz"], "baseline": study["baseline"]}
text = json.dumps(measure, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
draw = Draw("order:7:P017")
print(json.dumps({
    "next": [str(draw.next()) for _ in range(4)],
    "below": [Draw(f"row:7:{i}").below(6) for i in range(40)],
    "shuffles": {label: Draw(label).shuffle(list(range(8))) for label in ("order:0:1", "order:0:2", "order:4294967295:x")},
    "williams": {str(n): williams(n) for n in range(1, 9)},
    "measure_text": text,
    "measure_sha256": hashlib.sha256(text.encode()).hexdigest(),
}, indent=1))
