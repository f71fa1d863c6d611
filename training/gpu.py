"""Teachers and student on one CUDA card in minutes: the recipe of README.md for whoever has a card for a short while.

    python gpu.py --pack runs/gpu/pack.npz --label runs/labelnet.pt --out runs/gpu --seconds 540      (or gpu.sh, which asks for less)

1. Three teachers learn from labels and votes: two FaceRes networks go on from `facenet.pt` (160 px) and `facenet192.pt` (192 px), nothing frozen,
   and the network of `teacher.py` begins from scratch. 2. They and the label teacher (`labelnet.py`) answer sheets of disturbed pictures. 3. The student learns from the sheets.

Shares of `--seconds` are fixed below. Nothing here looks at PublicTest or at faces from elsewhere. Writes teachers, the student and log.json.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch

import gpu_lessons as lessons
import networks
from gpu_pack import unpacked
from labelnet import saved
from learner import Learner
from metrics import report
from train import learning_rate

#: Of the time.
SHARES = {"teacher": 0.11, "facenet160": 0.20, "facenet192": 0.24, "sheets": 0.22, "student": 0.20}
TEACHERS = {
    #           start, side, batch, muon, rate at batch 128, keep, strength, smoothing
    "facenet160": ("facenet.pt", 160, 128, 0.010, 0.02, 0.997, 0.8, 0.2),
    "facenet192": ("facenet192.pt", 192, 128, 0.010, 0.02, 0.997, 0.8, 0.2),
    "teacher": (None, None, 256, 0.05, 0.03, 0.997, 0.8, 0.0),
}


#: Pictures as pixels for dense convolutions, as planes for depthwise ones: what cuDNN is quick with.
LAYOUT = {True: torch.channels_last, False: torch.contiguous_format}


class Clock:
    """How far a phase is, 0..1, and what is said about it."""

    def __init__(self, seconds: float, log: list):
        self.seconds, self.log, self.began = seconds, log, time.time()

    def progress(self) -> float:
        return min(1.0, (time.time() - self.began) / self.seconds)

    def say(self, phase: str, **figures) -> None:
        entry = {"phase": phase, "at": round(time.time() - self.began, 1), **{k: round(float(v), 4) for k, v in figures.items() if np.ndim(v) == 0 and not isinstance(v, dict)}}
        self.log.append(entry)
        print(json.dumps(entry), flush=True)


def figures(net, held) -> dict:
    """Of the held-out faces, mean of both views as teachers answer, and of the plain one."""
    plain = networks.predict(net, held.faces, bf16=True)
    mirrored = networks.predict(net, held.faces, flip=True, bf16=True)
    of = lambda said: report(said[0], said[1], held)  # noqa: E731
    one = of([part.softmax(1).numpy() for part in plain[:2]])
    both = of([(a.softmax(1) + b.softmax(1)).div(2).numpy() for a, b in zip(plain[:2], mirrored[:2])])
    return {**{k: v for k, v in one.items() if k in ("accuracy", "nll", "ferplus", "ccc_mean")}, **{f"both_{k}": both[k] for k in ("accuracy", "nll", "ccc_mean")}}


def settled(device) -> None:
    """Wait for the card: steps are only asked for until then, and a clock that runs ahead of them would overrun its time."""
    if device.type == "cuda":
        torch.cuda.synchronize()


def teacher(name: str, seconds: float, pack, folder: Path, log: list, device):
    start, side, batch, muon, rate, keep, strength, smoothing = TEACHERS[name]
    torch.manual_seed(100 + list(TEACHERS).index(name))
    layout = LAYOUT[start is None]
    make = lambda: networks.built("teacher" if start is None else "facenet", None, 0, side).to(device).to(memory_format=layout)  # noqa: E731
    net, average = make(), make()
    if start:
        net.load_state_dict(networks.whole(torch.load(folder / start, map_location=device, weights_only=False)["average"]))
    average.load_state_dict(net.state_dict())
    learner = Learner(net, average, lessons.two_heads, muon, rate * batch / 128, keep)
    average.eval()
    run(name, learner, lambda epoch: lessons.fresh(pack, batch, strength, smoothing, device, layout), Clock(seconds, log), pack, device)
    return average


def run(name: str, learner: Learner, epoch_of, clock: Clock, pack, device) -> None:
    """Steps until the time is over; a line every tenth of it."""
    epoch, said = 0, 0.1
    while clock.progress() < 1:
        for index, lesson in enumerate(epoch_of(epoch)):
            if index % 8 == 0:
                settled(device)
            now = clock.progress()
            if now >= 1:
                break
            learner.step(learning_rate(now, 0.02, 0.98), *lesson)
        epoch += 1
        if clock.progress() > said:
            said = clock.progress() + 0.1
            clock.say(name, epoch=epoch, steps=learner.done, loss=learner.mean_loss())
    clock.say(name, epoch=epoch, steps=learner.done, **figures(learner.average, pack.held))


def student(seconds: float, sheets: list, pack, start: Path, log: list, device):
    """The student of `start` goes on with the sheets."""
    torch.manual_seed(61)
    layout = LAYOUT[True]
    state = torch.load(start, map_location=device, weights_only=False)
    make = lambda: networks.built("student", 0.1, 0, None).to(device).to(memory_format=layout)  # noqa: E731
    net, average = make(), make()
    net.load_state_dict(networks.without_photo(networks.whole(state["average"])))
    average.load_state_dict(net.state_dict())
    learner = Learner(net, average, lessons.two_heads, 0.03, 0.012 * 2, 0.997)
    average.eval()
    run("student", learner, lambda epoch: lessons.of_sheet(sheets[epoch % len(sheets)], pack, 256, 0.2, 0.75, device, layout), Clock(seconds, log), pack, device)
    return average


def keep(net, path: Path, name: str, log: list) -> None:
    torch.save({"average": networks.halved(net.state_dict()), **networks.shape(name, net), "log": log}, path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--label", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=540)
    parser.add_argument("--sheets", type=int, default=24, help="sheets, or fewer if the time is over")
    parser.add_argument("--limit", type=int, default=0, help="use only so many faces (a trial)")
    args = parser.parse_args()
    began, log, folder = time.time(), [], Path(__file__).parent
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.backends.cudnn.benchmark = True
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    args.out.mkdir(parents=True, exist_ok=True)
    pack = unpacked(args.pack, device, args.limit)
    label = saved(args.label).to(device)
    print(f"{device}: {len(pack.fit)} faces, ready after {time.time() - began:.0f} s", flush=True)
    seconds = {name: share * (args.seconds - 15) for name, share in SHARES.items()}
    # The small one first: should a later step fail, there is something to go on with.
    teachers = []
    for name in ("teacher", "facenet160", "facenet192"):
        try:
            teachers.append(teacher(name, seconds[name], pack, folder, log, device))
            keep(teachers[-1], args.out / f"{name}.pt", "teacher" if name == "teacher" else "facenet", [])
        except Exception as fault:  # one teacher less is better than a lost card
            print(f"{name} failed: {fault!r}", flush=True)
            log.append({"phase": name, "fault": repr(fault)})
        (args.out / "log.json").write_text(json.dumps(log, indent=1))
    clock, sheets = Clock(seconds["sheets"], log), []
    torch.backends.cudnn.benchmark = False  # it would try every layer of the large networks
    asked = [lessons.Asked(networks.fused(net), LAYOUT[not hasattr(net, "side")]) for net in teachers]
    label = lessons.Asked(label, LAYOUT[True])
    while len(sheets) < args.sheets and (clock.progress() < 1 or not sheets):
        sheets.append(lessons.sheet(len(sheets), pack, asked, label, device))
        settled(device)
    clock.say("sheets", count=len(sheets), **lessons.ensemble_figures(pack, asked, label, device))
    torch.backends.cudnn.benchmark = True
    taught = student(seconds["student"], sheets, pack, folder / "student.pt", log, device)
    keep(taught, args.out / "student.pt", "student", log)
    (args.out / "log.json").write_text(json.dumps(log, indent=1))
    print(f"done after {time.time() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
