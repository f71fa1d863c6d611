"""Train a teacher, or the student, alone or by a teacher. One command, resumable at any point:

    python train.py --images fer2013.csv.gz --votes fer2013new.csv --work runs/teacher --net teacher --muon 0.05
    python train.py --images fer2013.csv.gz --votes fer2013new.csv --work runs/a --muon 0.05 --teachers runs/teacher/best.pt

The learning rate warms up for one epoch, stays level, and falls to zero over the last part of the
run (--cooldown). `stable.pt` is the state just before the fall: a later run may go on from it with
more --epochs. Interrupt it whenever you like; the same command goes on from `last.pt`.
With --minutes the run is as long as that much of the clock instead, however many epochs fit (a busy
machine): the schedule then follows the time. Runs repeat only roughly, seed or not: a second thread prepares the
batches, and the two draw from one source of chance by turns.

With --teachers the targets are mixed with what the teachers say of the very picture that the student sees, disturbances
included (Beyer et al. 2022, arXiv:2106.05237); with --pool they said it ahead of time (pool.py). `student.pt` (`best.pt` of a teacher) has the averaged weights alone.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch.nn.utils.fusion import fuse_conv_bn_eval

import augment
import data
from facenet import SIDE, FaceNet
from metrics import report
from model import ConvBn, DepthNet, grown, macs, pass_on
from muon import Muon
from pool import Pool
from teacher import Teacher

NETS = {"student": DepthNet, "teacher": Teacher, "facenet": FaceNet}


def learning_rate(progress: float, warmup: float, cooldown: float) -> float:
    """Share of the peak rate at `progress` 0..1 of the run: linear warm-up, level, 1-sqrt fall."""
    if progress < warmup:
        return (progress + 1e-3) / (warmup + 1e-3)
    if progress < 1 - cooldown:
        return 1.0
    return 1 - math.sqrt((progress - (1 - cooldown)) / cooldown)


def predict(model, faces: np.ndarray, size: int = data.SIZE, flip: bool = False, batch: int = 512, bf16: bool = False):
    """Logits (class [n, 7], votes [n, 10]) for uint8 faces [n, 48, 48], seen at `size` pixels."""
    model.eval()
    device = next(model.parameters()).device
    outputs = []
    with torch.no_grad(), torch.autocast(device.type, torch.bfloat16, enabled=bf16):
        for start in range(0, len(faces), batch):
            x = torch.from_numpy(faces[start : start + batch]).float().div(255).unsqueeze(1).to(device)
            if size != data.SIZE:
                x = F.interpolate(x, size=size, mode="bilinear", align_corners=False)
            outputs.append([o.float().cpu() for o in model(x.flip(3) if flip else x)])
    return [torch.cat(part) for part in zip(*outputs)]


def targets(split: data.Split, smoothing: float):
    """Class target: the FER2013 label, smoothed towards the votes of the seven emotions."""
    votes = torch.from_numpy(split.votes)
    seven = votes[:, data.DEPTH_INDEX]
    seven = (seven + 0.01) / (seven + 0.01).sum(1, keepdim=True)
    one_hot = F.one_hot(torch.from_numpy(split.labels), 7).float()
    return (1 - smoothing) * one_hot + smoothing * seven, votes


def drawn(labels: np.ndarray, balance: float) -> torch.Tensor:
    """The rows of one epoch, as many as there are labels, in random order. With `balance` > 0 a face of a class with n faces
    is drawn in proportion to n^-balance: whole repetitions for certain, the rest by chance."""
    counts = np.bincount(labels, minlength=7).clip(1)
    weight = torch.from_numpy(counts[labels].astype(np.float64) ** -balance)
    times = weight * len(labels) / weight.sum()
    times = times.floor() + (torch.rand(len(labels)) < times - times.floor())
    rows = torch.repeat_interleave(torch.arange(len(labels)), times.long())
    return rows[torch.randperm(len(rows))]


def averaged(path: Path):
    """The network of a checkpoint with its averaged weights, ready to predict."""
    state = torch.load(path, map_location="cpu", weights_only=False)
    net = NETS[state.get("net", "student")](state["widths"], state["blocks"], **({"side": state["side"]} if state.get("side") else {}))
    net.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in state["average"].items()})
    return net.eval()


def fused(net):
    """The same network with batch normalisation folded into its convolutions: a third less work to ask it."""
    for part in net.modules():
        if isinstance(part, ConvBn):
            part.conv, part.bn = fuse_conv_bn_eval(part.conv, part.bn), torch.nn.Identity()
    return net


def taught(teachers, x):
    """Mean probabilities (class [n, 7], votes [n, 10]) that the teachers give for pictures."""
    with torch.no_grad():
        said = [teacher(x) for teacher in teachers]
    return [torch.stack([logits[head].float().softmax(1) for logits in said]).mean(0) for head in (0, 1)]


def ahead(make, items, depth: int = 2):
    """`make(item)` of each item in order, made by another thread up to `depth` items ahead."""
    with ThreadPoolExecutor(1) as pool:
        pending = deque()
        for item in items:
            pending.append(pool.submit(make, item))
            if len(pending) > depth:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()


def main():
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
    parser.add_argument("--net", choices=NETS, default="student")
    parser.add_argument("--teachers", type=Path, nargs="*", default=[], help="checkpoints whose averaged networks teach this one")
    parser.add_argument("--pool", type=Path, help="folder of pictures with the teachers' answers (pool.py), in place of --teachers")
    parser.add_argument("--jitter", type=float, default=0.0, help="affine jitter of the pool's pictures, on top of theirs")
    parser.add_argument("--trust", type=float, default=0.7, help="share of the teachers in the targets")
    parser.add_argument("--bf16", action="store_true", help="bfloat16 products (fast on CUDA, and on processors with AMX)")
    parser.add_argument("--frozen", type=int, default=0, help="the first layers of a facenet that do not learn")
    parser.add_argument("--side", type=int, help=f"pixels that a facenet enlarges the picture to (as in --start; {SIDE})")
    parser.add_argument("--dropout", type=float, help="before the last layer (the network's own choice if left out)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--limit", type=int, default=0, help="use only so many faces (a trial)")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--start", type=Path, help="go on from this checkpoint (e.g. stable.pt of a longer plan)")
    args = parser.parse_args()
    if args.muon and args.adam:
        parser.error("the convolutions have one optimizer: --muon or --adam")
    if args.pool and args.teachers:
        parser.error("--pool has the teachers' answers already: leave --teachers out")

    # Kept in the checkpoints; paths say nothing about a run.
    settings = {k: v for k, v in vars(args).items() if isinstance(v, (int, float, str))}
    if args.threads:
        torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    args.work.mkdir(parents=True, exist_ok=True)
    training = data.read(args.images, args.votes, "Training", args.work)
    fit, held = data.hold_out(training)
    if args.limit:
        fit = fit.take(np.arange(min(args.limit, len(fit))))
    class_target, vote_target = targets(fit, args.smoothing)
    faces = torch.from_numpy(fit.faces)

    teachers = [fused(averaged(path)).to(device).to(memory_format=torch.channels_last) for path in args.teachers]
    regular = {} if args.dropout is None else {"dropout": args.dropout}
    last = args.work / "last.pt"
    source = last if last.exists() else args.start
    state = torch.load(source, map_location=device, weights_only=False) if source else {}
    if args.net == "facenet":
        regular |= {"frozen": args.frozen, "side": args.side or state.get("side") or SIDE}
    model = NETS[args.net](**regular).to(device).to(memory_format=torch.channels_last)
    average = NETS[args.net](**regular).to(device).to(memory_format=torch.channels_last)
    shape = {"net": args.net, "widths": model.widths, "blocks": model.counts, "side": regular.get("side")}
    average.load_state_dict(model.state_dict())
    print(f"{macs(model) / 1e6:.1f} MMAC, {sum(p.numel() for p in model.parameters()) / 1e6:.2f} M parameters, {device}", flush=True)
    apart = args.muon or args.adam  # the convolutions have an optimizer of their own
    learning = [p for p in model.parameters() if p.requires_grad]
    decayed = [p for p in learning if p.ndim == (2 if apart else p.ndim) and p.ndim > 1]
    plain = [p for p in learning if p.ndim <= 1]
    kernels = [p for p in learning if p.ndim == 4]
    optimizers = [torch.optim.SGD(
        [{"params": decayed, "weight_decay": args.decay}, {"params": plain, "weight_decay": 0.0}],
        lr=args.rate * args.batch / 128, momentum=0.9, nesterov=True,
    )]
    if args.muon:
        optimizers.append(Muon(kernels, lr=args.muon, bf16=args.bf16))
    elif args.adam:
        optimizers.append(torch.optim.AdamW(kernels, lr=args.adam, weight_decay=0.05))
    kinds = [(type(optimizer).__name__, sum(len(group["params"]) for group in optimizer.param_groups)) for optimizer in optimizers]
    peaks = [[group["lr"] for group in optimizer.param_groups] for optimizer in optimizers]
    sizes = [(int(size), float(until)) for size, until in (part.split(":") for part in args.sizes.split(","))]
    steps = len(fit) // args.batch
    epoch, log, spent = 0, [], 0.0
    pool = Pool(args.pool, fit.faces) if args.pool else None
    if source:
        # student.pt has the averaged weights alone, in half precision, and begins a new run.
        weights = {k: v.float() if v.is_floating_point() else v for k, v in state["average"].items()}
        larger = tuple(state["blocks"]) != tuple(model.counts)
        if larger:  # a smaller network goes on as a larger one
            weights = grown(weights, state["blocks"], model.counts)
            for index, block in enumerate(model.blocks):
                if f"blocks.{index}.first.conv.weight" not in weights:
                    pass_on(block)
            if surplus := model.load_state_dict(weights, strict=False).unexpected_keys:
                raise SystemExit(f"{source} is of another network: {surplus[:3]}")
            average.load_state_dict(model.state_dict())
        else:
            model.load_state_dict(state.get("model", weights))
            average.load_state_dict(weights)
        if not larger and state.get("kinds") == kinds:  # another choice of optimizers, or of what learns, starts afresh
            for optimizer, stored in zip(optimizers, state["optimizers"]):
                optimizer.load_state_dict(stored)
        epoch, log = state.get("epoch", 0), state["log"] if "epoch" in state else []
        spent = state.get("spent", 0.0) if source == last else 0.0
        if pool and source == last:
            pool.used.update(state.get("used", {}))
        if "rng" in state:
            torch.set_rng_state(state["rng"].cpu())
        print(f"going on from {source} at epoch {epoch}", flush=True)

    def save(path):
        part = path.with_suffix(".part")
        torch.save({
            "model": model.state_dict(), "average": average.state_dict(), "optimizers": [o.state_dict() for o in optimizers],
            "kinds": kinds, "used": dict(pool.used) if pool else {}, "epoch": epoch, "log": log, "spent": spent + time.time() - started, "rng": torch.get_rng_state(),
            **shape, "args": settings,
        }, part)
        part.replace(path)

    started = time.time()

    def progress(step: int) -> float:
        if args.minutes:
            return min(1.0, (spent + time.time() - started) / (60 * args.minutes))
        return (epoch + step / steps) / args.epochs

    def prepare(item):
        """Size, pictures and targets of a step: all that needs no gradient, so that a second core can work ahead."""
        step, rows = item
        size = next((size for size, until in sizes if progress(step) < until), data.SIZE)
        said = None
        if sheet:
            size = data.SIZE  # as they were made
            x, said, rows = sheet.lesson(rows, args.jitter)
            said = [answer.to(device) for answer in said]
        else:
            x = augment.batch(faces[rows].float().div_(255).unsqueeze(1), size, args.strength, args.erase, args.cover)
        x = x.to(device).contiguous(memory_format=torch.channels_last)
        if teachers:
            with torch.autocast(device.type, torch.bfloat16, enabled=args.bf16):
                said = taught(teachers, x)
        wanted = [class_target[rows].to(device), vote_target[rows].to(device)]
        if said:
            wanted = [target.lerp(answer, args.trust) for target, answer in zip(wanted, said)]
        return size, x, wanted

    share, size, sheet = 0.0, data.SIZE, None
    while progress(0) < 1:
        began, cpu = time.time(), time.process_time()
        sheet = pool.next() if pool else None
        order = torch.randperm(len(sheet.rows)) if sheet else drawn(fit.labels, args.balance)
        model.train()
        total, count = 0.0, 0
        chunks = [order[at * args.batch : (at + 1) * args.batch] for at in range(min(steps, len(order) // args.batch))]
        for step, (size, x, wanted) in enumerate(ahead(prepare, enumerate(chunks))):
            now = progress(step)
            if now >= 1:
                break
            share = learning_rate(now, args.warmup, args.cooldown)
            for optimizer, rates in zip(optimizers, peaks):
                for group, rate in zip(optimizer.param_groups, rates):
                    group["lr"] = rate * share
            with torch.autocast(device.type, torch.bfloat16, enabled=args.bf16):
                said = model(x)
            loss = sum(F.cross_entropy(logits.float(), target) for logits, target in zip(said, wanted))
            model.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            for optimizer in optimizers:
                optimizer.step()
            total, count = total + loss.item(), count + 1
            with torch.no_grad():
                keep = min(args.ema, (1 + epoch * steps + step) / (10 + epoch * steps + step))
                for a, m in zip(average.state_dict().values(), model.state_dict().values()):
                    a.copy_(m) if not a.is_floating_point() else a.lerp_(m, 1 - keep)
        epoch += 1
        classes, votes = predict(average, held.faces, size, bf16=args.bf16)
        figures = report(classes.softmax(1).numpy(), votes.softmax(1).numpy(), held)
        entry = {"epoch": epoch, "loss": total / max(count, 1), "rate": share, "size": size, "seconds": time.time() - began,
                 "cpu_seconds": time.process_time() - cpu, **{f"held_{k}": v for k, v in figures.items() if not isinstance(v, dict)}}
        log.append(entry)
        print(json.dumps({k: round(v, 4) for k, v in entry.items()}), flush=True)
        save(last)
        if progress(0) <= 1 - args.cooldown:
            save(args.work / "stable.pt")
    torch.save({"average": {k: v.half() if v.is_floating_point() else v for k, v in average.state_dict().items()},
                **shape, "log": log, "args": settings},
               args.work / ("student.pt" if args.net == "student" else "best.pt"))


if __name__ == "__main__":
    main()
