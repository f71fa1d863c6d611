"""Pictures with what teachers say of them, made ahead: large teachers need not be asked again at every epoch.

    python pool.py --images fer2013.csv.gz --votes fer2013new.csv --work runs/a --teachers runs/f128/best.pt runs/f160/best.pt --out runs/pool --count 20

writes one file an epoch of disturbed pictures. `train.py --pool runs/pool` may run beside it: it takes the files that are there, the least used first,
each time mirrored anew. Repeat the command to add the files that are missing.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

import augment
import data
from networks import averaged, fused, taught


# Pictures made and answered at a time: what becomes of more does not fit the caches.
CHUNK = 64


@dataclass
class Sheet:
    """An epoch: `faces` uint8 [n, 1, 48, 48], the rows of the fitted faces that they were made of [n], and the teachers' mean probabilities."""

    faces: torch.Tensor
    rows: torch.Tensor
    classes: torch.Tensor
    votes: torch.Tensor
    source: str  # `mark` of the fitted faces
    maker: str  # `mark` of the teachers and of how the pictures were disturbed

    def save(self, path: Path) -> None:
        part = path.with_suffix(".part")
        with open(part, "wb") as file:  # np.savez would add a suffix to a name
            np.savez(file, faces=self.faces.numpy(), rows=self.rows.numpy(), classes=self.classes.half().numpy(), votes=self.votes.half().numpy(),
                     source=self.source, maker=self.maker)
        part.replace(path)

    @classmethod
    def load(cls, path: Path) -> Sheet:
        with np.load(path) as stored:
            if not {"source", "maker"} <= set(stored.files):
                raise SystemExit(f"{path} does not say what it was made of: make the pool anew")
            return cls(*(torch.from_numpy(stored[name]) for name in ("faces", "rows")),
                       *(torch.from_numpy(stored[name]).float() for name in ("classes", "votes")), str(stored["source"]), str(stored["maker"]))

    def lesson(self, places: torch.Tensor, jitter: float = 0.0, chance: torch.Generator | None = None):
        """Of some places of the sheet: pictures in 0..1 [n, 1, 48, 48], each mirrored or not and moved a little by `jitter`; what the teachers say, classes and votes; rows of the fitted faces."""
        x = self.faces[places].float().div_(255)
        # So little that the teachers would say the same.
        x = augment.affine(x, data.SIZE, jitter, chance) if jitter else mirrored(x, chance)
        return x, [self.classes[places], self.votes[places]], self.rows[places]


def mark(*parts: bytes) -> str:
    """A mark of things in their order. Rows mean something only among the same faces; answers go together only by the same teachers."""
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


class Pool:
    """The sheets of folders that may still grow, made of `faces` uint8 [n, 48, 48]."""

    def __init__(self, folders: list[Path], faces: np.ndarray):
        self.folders, self.used, self.source = folders, Counter(), mark(faces.tobytes())

    def next(self) -> Sheet:
        """The sheet that was used the fewest times, of several the newest of the last folder that has one."""
        paths = [path for folder in reversed(self.folders) for path in sorted(folder.glob("*.npz"), reverse=True)]
        if not paths:
            raise SystemExit(f"{', '.join(map(str, self.folders))}: no sheet yet, run pool.py first")
        path = min(paths, key=lambda path: self.used[str(path)])
        self.used[str(path)] += 1
        sheet = Sheet.load(path)
        if sheet.source != self.source:
            raise SystemExit(f"{path} was made of other faces: make the pool anew")
        return sheet


def mirrored(x: torch.Tensor, chance: torch.Generator | None = None) -> torch.Tensor:
    """Each picture of [n, 1, h, w] mirrored with probability one half: it shows the same expression."""
    return torch.where(torch.rand(len(x), 1, 1, 1, generator=chance) < 0.5, x.flip(3), x)


def live_faces(path: Path, faces: np.ndarray) -> torch.Tensor:
    """Of `faces` uint8 [n, 48, 48], those of Training in its order, the fitted ones as the engine sees them [m, 1, 48, 48]."""
    live = np.fromfile(path, np.uint8)
    if live.size != faces.size:
        raise SystemExit(f"{path} has not one picture for each face of Training: make it anew (cargo run --release --example live_crops)")
    return torch.from_numpy(live.reshape(faces.shape)[~data.held(faces)]).unsqueeze(1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--votes", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder of caches")
    parser.add_argument("--teachers", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=20, help="sheets in all")
    parser.add_argument("--part", default="0/1", help="i/n: make each n-th sheet from the i-th (for n processes)")
    parser.add_argument("--strength", type=float, default=0.7)
    parser.add_argument("--erase", type=float, default=0.15)
    parser.add_argument("--cover", type=float, default=0.08)
    parser.add_argument("--balance", type=float, default=0.2)
    parser.add_argument("--live", type=Path, help="Training's crops as the engine sees them (what the example live_crops writes) ...")
    parser.add_argument("--live-share", type=float, default=0.25, help="... and how many of the pictures are made of those")
    parser.add_argument("--bf16", action="store_true")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--limit", type=int, default=0, help="use only so many faces (a trial)")
    args = parser.parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    split = data.read(args.images, args.votes, "Training", args.work)
    fit, _ = data.hold_out(split)
    if args.limit:
        fit = fit.take(np.arange(min(args.limit, len(fit))))
    faces = torch.from_numpy(fit.faces).unsqueeze(1)
    live = live_faces(args.live, split.faces)[: len(fit)] if args.live else None
    teachers = [averaged(path) for path in args.teachers]
    for path, teacher in zip(args.teachers, teachers):
        if not all(value.isfinite().all() for value in teacher.state_dict().values()):
            raise SystemExit(f"{path} has weights that are no numbers: its training went wrong")
    teachers = [fused(teacher).to(device).to(memory_format=torch.channels_last) for teacher in teachers]
    manner = repr((args.strength, args.erase, args.cover, args.balance, CHUNK)).encode()
    if args.live:
        manner += repr(args.live_share).encode() + live.numpy().tobytes()
    source, maker = mark(fit.faces.tobytes()), mark(manner, *(path.read_bytes() for path in args.teachers))
    args.out.mkdir(parents=True, exist_ok=True)
    first, every = map(int, args.part.split("/"))
    for index in range(first, args.count, every):
        path, began = args.out / f"{index:05}.npz", time.time()
        if path.exists():
            if Sheet.load(path).maker != maker:
                raise SystemExit(f"{path} was made by other teachers or in another manner: choose another --out")
            continue
        torch.manual_seed(1000 + index)
        rows = data.drawn(fit.labels, args.balance)
        made, said = [], []
        for chunk in rows.split(CHUNK):
            x = faces[chunk]
            if args.live:
                x = torch.where(torch.rand(len(chunk), 1, 1, 1) < args.live_share, live[chunk], x)
            x = augment.batch(x.float().div_(255), data.SIZE, args.strength, args.erase, args.cover)
            made.append(x.mul(255).round().to(torch.uint8))
            x = made[-1].to(device).float().div_(255).contiguous(memory_format=torch.channels_last)
            with torch.autocast(device.type, torch.bfloat16, enabled=args.bf16):
                said.append([part.cpu() for part in taught(teachers, x)])
        Sheet(torch.cat(made), rows, *(torch.cat(parts) for parts in zip(*said)), source, maker).save(path)
        print(f"{path.name}: {len(rows)} pictures in {time.time() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
