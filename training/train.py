"""Train a teacher, or the student, alone or by a teacher. One command, resumable at any point:

    python train.py --images fer2013.csv.gz --votes fer2013new.csv --work runs/teacher --net teacher --muon 0.05
    python train.py --images fer2013.csv.gz --votes fer2013new.csv --work runs/a --muon 0.05 --teachers runs/teacher/best.pt

The learning rate warms up for one epoch, stays level, and falls to zero over the last part of the
run (--cooldown). `stable.pt` is the state just before the fall: a later run may go on from it with
more --epochs. Interrupt it whenever you like; the same command goes on from `last.pt`.
With --minutes the run is as long as that much of the clock instead, however many epochs fit (a busy
machine): the schedule then follows the time, and the run repeats only roughly. Otherwise, on a processor and with
a pool that is complete, the same seed and number of threads give the same run, interrupted or not.

With --teachers the targets are mixed with what the teachers say of the very picture that the student sees, disturbances
included (Beyer et al. 2022, arXiv:2106.05237); with --pool they said it ahead of time (pool.py). `student.pt` (`best.pt` of a teacher) has the averaged weights alone.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import data
import networks
from lessons import Lessons
from metrics import report
from model import grown, macs, pass_on
from muon import Muon
from pool import Pool


def learning_rate(progress: float, warmup: float, cooldown: float) -> float:
    """Share of the peak rate at `progress` 0..1 of the run: linear warm-up, level, 1-sqrt fall."""
    if progress < warmup:
        return (progress + 1e-3) / (warmup + 1e-3)
    if progress < 1 - cooldown:
        return 1.0
    return 1 - math.sqrt((progress - (1 - cooldown)) / cooldown)


def arguments(words: list[str] | None = None) -> argparse.Namespace:
    """The command line, or `words` in its place."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--votes", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder of checkpoints and logs")
    parser.add_argument("--epochs", type=int, default=48)
    parser.add_argument("--minutes", type=float, default=0.0, help="end after so much time, whatever the epoch")
    parser.add_argument("--cooldown", type=float, default=0.35)
    parser.add_argument("--warmup", type=float, default=0.02)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rate", type=float, default=0.08, help="peak learning rate at batch 128")
    parser.add_argument("--decay", type=float, default=5e-4, help="weight decay")
    parser.add_argument("--smoothing", type=float, default=0.25)
    parser.add_argument("--muon", type=float, default=0.0, help="peak rate of Muon for the convolutions (0: SGD for all)")
    parser.add_argument("--adam", type=float, default=0.0, help="peak rate of AdamW for the convolutions, in place of Muon: for trained weights that are to be changed a little (decay 0.05)")
    parser.add_argument("--sizes", default="40:0.45,48:1", help="picture size in pixels : until this share of the run")
    parser.add_argument("--strength", type=float, default=1.0, help="of the affine jitter")
    parser.add_argument("--erase", type=float, default=0.4)
    parser.add_argument("--cover", type=float, default=0.0, help="share of faces with mouth or eyes covered")
    parser.add_argument("--balance", type=float, default=0.0, help="draw each face of a class of n faces in proportion to n^-balance (0: every face once)")
    parser.add_argument("--ema", type=float, default=0.998)
    parser.add_argument("--net", choices=networks.NETS, default="student")
    parser.add_argument("--teachers", type=Path, nargs="*", default=[], help="checkpoints whose averaged networks teach this one")
    parser.add_argument("--pool", type=Path, nargs="+", help="folders of pictures with the teachers' answers (pool.py), in place of --teachers")
    parser.add_argument("--jitter", type=float, default=0.0, help="affine jitter of the pool's pictures, on top of theirs")
    parser.add_argument("--trust", type=float, default=0.7, help="share of the teachers in the targets")
    parser.add_argument("--bf16", action="store_true", help="bfloat16 products (fast on CUDA, and on processors with AMX)")
    parser.add_argument("--frozen", type=int, default=0, help="the first layers of a facenet that do not learn")
    parser.add_argument("--side", type=int, help=f"pixels that a facenet enlarges the picture to (as in --start; {networks.SIDE})")
    parser.add_argument("--dropout", type=float, help="before the last layer (the network's own choice if left out)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--limit", type=int, default=0, help="use only so many faces (a trial)")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--start", type=Path, help="go on from this checkpoint (e.g. stable.pt of a longer plan)")
    args = parser.parse_args(words)
    if args.muon and args.adam:
        parser.error("the convolutions have one optimizer: --muon or --adam")
    if args.pool and args.teachers:
        parser.error("--pool has the teachers' answers already: leave --teachers out")
    return args


def optimizers_of(model, args) -> list[torch.optim.Optimizer]:
    """SGD for all that learns, or another for the convolutions and SGD for the rest. Weight decay is for matrices alone."""
    apart = args.muon or args.adam
    learning = [p for p in model.parameters() if p.requires_grad]
    decayed = [p for p in learning if p.ndim == (2 if apart else p.ndim) and p.ndim > 1]
    plain = [p for p in learning if p.ndim <= 1]
    kernels = [p for p in learning if p.ndim == 4]
    chosen = [torch.optim.SGD(
        [{"params": decayed, "weight_decay": args.decay}, {"params": plain, "weight_decay": 0.0}],
        lr=args.rate * args.batch / 128, momentum=0.9, nesterov=True,
    )]
    if args.muon:
        chosen.append(Muon(kernels, lr=args.muon, bf16=args.bf16))
    elif args.adam:
        chosen.append(torch.optim.AdamW(kernels, lr=args.adam, weight_decay=0.05))
    return chosen


class Run:
    """A network that learns, the average of its weights, and how far it is."""

    def __init__(self, args, device: torch.device, lessons: Lessons, side: int | None):
        self.args, self.lessons, self.started = args, lessons, time.time()
        make = lambda: networks.built(args.net, args.dropout, args.frozen, side).to(device).to(memory_format=torch.channels_last)  # noqa: E731
        self.model, self.average = make(), make()
        self.average.load_state_dict(self.model.state_dict())
        self.optimizers = optimizers_of(self.model, args)
        self.kinds = [(type(optimizer).__name__, sum(len(group["params"]) for group in optimizer.param_groups)) for optimizer in self.optimizers]
        self.peaks = [[group["lr"] for group in optimizer.param_groups] for optimizer in self.optimizers]
        self.epoch, self.log, self.spent = 0, [], 0.0

    def progress(self, step: int) -> float:
        """0..1 of the run, by the clock or by the epochs."""
        if self.args.minutes:
            return min(1.0, (self.spent + time.time() - self.started) / (60 * self.args.minutes))
        return (self.epoch + step / self.lessons.steps) / self.args.epochs

    def begin(self, source: Path, state: dict, same_run: bool) -> None:
        """Go on from the checkpoint of `source`: the same run, or another with its own schedule. `student.pt` has the averaged weights alone, in half precision, and begins a new run."""
        weights = networks.without_photo(networks.whole(state["average"]))
        larger = tuple(state["blocks"]) != tuple(self.model.counts)
        if larger:  # a smaller network goes on as a larger one
            weights = grown(weights, state["blocks"], self.model.counts)
            for index, block in enumerate(self.model.blocks):
                if f"blocks.{index}.first.conv.weight" not in weights:
                    pass_on(block)
            if surplus := self.model.load_state_dict(weights, strict=False).unexpected_keys:
                raise SystemExit(f"{source} is of another network: {surplus[:3]}")
            self.average.load_state_dict(self.model.state_dict())
        else:
            self.model.load_state_dict(state.get("model", weights))
            self.average.load_state_dict(weights)
        if not larger and state.get("kinds") == self.kinds:  # another choice of optimizers, or of what learns, starts afresh
            for optimizer, stored in zip(self.optimizers, state["optimizers"]):
                optimizer.load_state_dict(stored)
        if "epoch" in state:  # it was not finished, and its lessons are not begun again
            self.epoch, self.log = state["epoch"], state["log"]
            self.lessons.resume(state, same_run)
            torch.set_rng_state(state["rng"].cpu())
        if same_run:
            self.spent = state["spent"]

    def save(self, path: Path, settings: dict) -> None:
        """All that `begin` needs; an interruption leaves the file before."""
        part = path.with_suffix(".part")
        torch.save({
            "model": self.model.state_dict(), "average": self.average.state_dict(), "optimizers": [o.state_dict() for o in self.optimizers],
            "kinds": self.kinds, "epoch": self.epoch, "log": self.log, "spent": self.spent + time.time() - self.started,
            "rng": torch.get_rng_state(), **self.lessons.state(), **networks.shape(self.args.net, self.model), "args": settings,
        }, part)
        part.replace(path)

    def finish(self, path: Path, settings: dict) -> None:
        """The averaged weights alone, in half precision."""
        torch.save({"average": networks.halved(self.average.state_dict()), **networks.shape(self.args.net, self.model), "log": self.log, "args": settings}, path)

    def learn(self, x, class_target, vote_target, share: float) -> float:
        """A step at `share` of the peak rates; its loss, of both heads together."""
        for optimizer, rates in zip(self.optimizers, self.peaks):
            for group, rate in zip(optimizer.param_groups, rates):
                group["lr"] = rate * share
        with torch.autocast(x.device.type, torch.bfloat16, enabled=self.args.bf16):
            said = self.model(x)
        loss = sum(F.cross_entropy(logits.float(), target) for logits, target in zip(said, (class_target, vote_target)))
        self.model.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 5.0)
        for optimizer in self.optimizers:
            optimizer.step()
        return loss.item()

    @torch.no_grad()
    def follow(self, step: int) -> None:
        """The average follows the weights, at the beginning faster than `--ema`."""
        done = self.epoch * self.lessons.steps + step
        keep = min(self.args.ema, (1 + done) / (10 + done))
        for a, m in zip(self.average.state_dict().values(), self.model.state_dict().values()):
            a.copy_(m) if not a.is_floating_point() else a.lerp_(m, 1 - keep)

    def run_epoch(self, held: data.Split, sizes: list[tuple[int, float]]) -> dict:
        """One epoch, or what of it fits; an entry of the log with the held-out figures."""
        began, cpu = time.time(), time.process_time()
        size_at = lambda step: next((size for size, until in sizes if self.progress(step) < until), data.SIZE)  # noqa: E731
        self.model.train()
        total, count, share, size = 0.0, 0, 0.0, data.SIZE
        for step, (size, *lesson) in enumerate(self.lessons.epoch(size_at)):
            now = self.progress(step)
            if now >= 1:
                break
            share = learning_rate(now, self.args.warmup, self.args.cooldown)
            total, count = total + self.learn(*lesson, share), count + 1
            self.follow(step)
        self.epoch += 1
        classes, votes = networks.predict(self.average, held.faces, size, bf16=self.args.bf16)
        figures = report(classes.softmax(1).numpy(), votes.softmax(1).numpy(), held)
        entry = {"epoch": self.epoch, "loss": total / max(count, 1), "rate": share, "size": size, "seconds": time.time() - began,
                 "cpu_seconds": time.process_time() - cpu, **{f"held_{k}": v for k, v in figures.items() if not isinstance(v, dict)}}
        self.log.append(entry)
        return entry


def main():
    args = arguments()
    # Kept in the checkpoints; paths say nothing about a run.
    settings = {k: v for k, v in vars(args).items() if isinstance(v, (int, float, str))}
    if args.threads:
        torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    args.work.mkdir(parents=True, exist_ok=True)
    fit, held = data.hold_out(data.read(args.images, args.votes, "Training", args.work))
    if args.limit:
        fit = fit.take(np.arange(min(args.limit, len(fit))))
    lessons = Lessons(
        fit=fit, batch=args.batch, smoothing=args.smoothing, balance=args.balance, strength=args.strength, erase=args.erase, cover=args.cover,
        trust=args.trust, device=device, bf16=args.bf16, seed=args.seed, jitter=args.jitter,
        teachers=[networks.fused(networks.averaged(path)).to(device).to(memory_format=torch.channels_last) for path in args.teachers],
        pool=Pool(args.pool, fit.faces) if args.pool else None,
    )
    last = args.work / "last.pt"
    source = last if last.exists() else args.start
    state = torch.load(source, map_location=device, weights_only=False) if source else {}
    run = Run(args, device, lessons, args.side or state.get("side"))
    print(f"{macs(run.model) / 1e6:.1f} MMAC, {sum(p.numel() for p in run.model.parameters()) / 1e6:.2f} M parameters, {device}", flush=True)
    if source:
        run.begin(source, state, same_run=source == last)
        print(f"going on from {source} at epoch {run.epoch}", flush=True)
    sizes = [(int(size), float(until)) for size, until in (part.split(":") for part in args.sizes.split(","))]
    while run.progress(0) < 1:
        entry = run.run_epoch(held, sizes)
        print(json.dumps({k: round(v, 4) for k, v in entry.items()}), flush=True)
        run.save(last, settings)
        if run.progress(0) <= 1 - args.cooldown:
            run.save(args.work / "stable.pt", settings)
    run.finish(args.work / ("student.pt" if args.net == "student" else "best.pt"), settings)


if __name__ == "__main__":
    main()
