"""Turn a checkpoint into models/depth.onnx: fold batch normalisation, choose int8 scales, write, verify.

    python quantize.py --images fer2013.csv.gz --votes fer2013new.csv --work runs/a \\
        --checkpoint runs/a/student.pt --models ../models [--finetune-epochs 2]

Ranges come from clean faces of the fitted part of Training. With --finetune-epochs the folded
network goes on training with fake quantization at a low rate. The written file is run through
onnxruntime on the held-out faces and must agree with the simulation.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import time
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
import torch.nn.functional as F

import augment
import data
import manifest
import networks
import qdq
from folded import Folded, Scheme, choose
from lessons import targets
from metrics import report
from model import DepthNet


#: Where each study's mapping comes from; the engine does not need it, whoever reads the numbers does.
MAPPINGS = {
    "ferplus": {
        "study": "FER+ (Barsoum et al. 2016)", "shown": "a grey thumbnail of 48 x 48 pixels from an image search", "asked": "one of ten columns", "raters": 10,
        "fitted": "the vote head of the network, on FER2013's Training faces; scale and bias on those held out",
    },
    "photo": {
        "study": "Taiwan corpora of facial expressions (Chen, Cho & Tseng 2013)", "shown": "a colour photograph of a performer in a laboratory",
        "asked": "how strong each of six emotions is, 0 to 8; counted: the emotion with the highest intensity, ties divided, none: neutral", "raters": 100,
        "fitted": "a linear head on the network's last features, on 598 photographs of 14 performers, held near FER+'s shares on 6,000 Training faces",
    },
}


def load(path: Path) -> DepthNet:
    """The averaged weights of a checkpoint written by train.py (`last.pt`, `stable.pt`, `student.pt`)."""
    return networks.averaged(path)


def as_input(faces: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(faces).float().div(255).unsqueeze(1)


def simulate(net: Folded, scheme: Scheme | None, faces: np.ndarray, batch: int = 256) -> np.ndarray:
    """Logits [n, outputs] of uint8 faces; `scheme` None means float."""
    with torch.no_grad():
        parts = [net(as_input(faces[i : i + batch]), scheme) for i in range(0, len(faces), batch)]
    return torch.cat(parts).numpy()


def session(model: onnx.ModelProto, threads: int, optimise: bool = True) -> onnxruntime.InferenceSession:
    """A session that takes any number of faces at once; the file itself is fixed to one."""
    free = copy.deepcopy(model)
    for value in [*free.graph.input, *free.graph.output]:
        value.type.tensor_type.shape.dim[0].dim_param = "n"
    options = onnxruntime.SessionOptions()
    # Without it onnxruntime's uint8 x int8 kernels add pairs in a saturating int16 on x86 without VNNI.
    options.add_session_config_entry("session.x64quantprecision", "1")
    options.intra_op_num_threads = threads
    if not optimise:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(free.SerializeToString(), options, ["CPUExecutionProvider"])


def run(running: onnxruntime.InferenceSession, faces: np.ndarray, batch: int = 256) -> np.ndarray:
    parts = [
        running.run(None, {"face": (faces[i : i + batch, None] / np.float32(255)).astype(np.float32)})[0]
        for i in range(0, len(faces), batch)
    ]
    return np.concatenate(parts)


def softmax(logits: np.ndarray) -> np.ndarray:
    spread = np.exp(logits - logits.max(1, keepdims=True))
    return spread / spread.sum(1, keepdims=True)


def brief(logits: np.ndarray, split: data.Split) -> dict:
    figures = report(softmax(logits[:, :7]), softmax(logits[:, data.VOTE_HEAD]), split)
    return {k: round(figures[k], 4) for k in ("accuracy", "nll", "ece", "ferplus", "ccc_mean", "neutral_misread")}


def finetune(net: Folded, scheme: Scheme, fit: data.Split, held: data.Split, args) -> Folded:
    """Quantization-aware training of the folded weights; scales stay as chosen. Returns the average."""
    class_target, vote_target = targets(fit, args.smoothing)
    faces = torch.from_numpy(fit.faces)
    average = copy.deepcopy(net)
    optimizer = torch.optim.SGD(net.parameters(), lr=args.rate, momentum=0.9, nesterov=True)
    steps = len(fit) // args.batch
    total_steps = steps * args.finetune_epochs
    for epoch in range(args.finetune_epochs):
        began, total = time.time(), 0.0
        order = torch.randperm(len(fit))
        for step in range(steps):
            done = epoch * steps + step
            for group in optimizer.param_groups:
                group["lr"] = args.rate * min(1.0, (done + 1) / 50) * 0.5 * (1 + math.cos(math.pi * done / total_steps))
            rows = order[step * args.batch : (step + 1) * args.batch]
            x = augment.batch(faces[rows].float().div_(255).unsqueeze(1), data.SIZE, args.strength, args.erase)
            logits = net(x.contiguous(memory_format=torch.channels_last), scheme)
            loss = F.cross_entropy(logits[:, :7], class_target[rows]) + F.cross_entropy(logits[:, data.VOTE_HEAD], vote_target[rows])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            optimizer.step()
            total += loss.item()
            keep = min(args.ema, (1 + done) / (10 + done))
            with torch.no_grad():
                for a, m in zip(average.parameters(), net.parameters()):
                    a.lerp_(m, 1 - keep)
        now = brief(simulate(average, scheme, held.faces), held)
        print(json.dumps({"finetune": epoch + 1, "loss": round(total / steps, 4),
                          "seconds": round(time.time() - began, 1), **now}), flush=True)
    return average


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--votes", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder of checkpoints and caches")
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True, help="folder of depth.onnx and manifest.json")
    parser.add_argument("--faces", type=int, default=1024, help="clean faces that choose the ranges")
    parser.add_argument("--finetune-epochs", type=int, default=0)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--smoothing", type=float, default=0.25)
    parser.add_argument("--strength", type=float, default=0.5)
    parser.add_argument("--erase", type=float, default=0.2)
    parser.add_argument("--ema", type=float, default=0.99)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--threads", type=int, default=0)
    args = parser.parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)

    fit, held = data.hold_out(data.read(args.images, args.votes, "Training", args.work))
    state = torch.load(args.checkpoint, map_location="cpu", weights_only=False)
    if "mixture" not in state:
        raise SystemExit(f"{args.checkpoint} has no photo head yet: photo_head.py fits it")
    net = Folded(load(args.checkpoint))
    reference = simulate(net, None, held.faces)
    print("float   ", json.dumps(brief(reference, held)), flush=True)
    chosen = np.random.default_rng(args.seed).choice(len(fit), args.faces, replace=False)
    scheme = choose(net, as_input(fit.faces[chosen]))
    print("int8 ptq", json.dumps(brief(simulate(net, scheme, held.faces), held)), flush=True)
    if args.finetune_epochs:
        net = finetune(net, scheme, fit, held, args)

    model = qdq.to_onnx(net, scheme)
    simulated = simulate(net, scheme, held.faces)
    for optimise in (False, True):
        exported = run(session(model, args.threads or 1, optimise), held.faces)
        same = (exported[:, :7].argmax(1) == simulated[:, :7].argmax(1)).mean()
        apart = np.abs(exported - simulated)
        print(f"onnxruntime against the simulation, {'optimised' if optimise else 'as written'}: classes agree "
              f"{same:.4f}, logits differ {apart.mean():.5f} mean, {apart.max():.4f} at most", flush=True)
        if same < 0.99:
            raise SystemExit("the written file does not compute what was simulated: nothing was saved")

    args.models.mkdir(parents=True, exist_ok=True)
    path = args.models / "depth.onnx"
    onnx.save(model, path)
    listing = args.models / "manifest.json"
    content = manifest.read(listing)
    content["format"] = manifest.FORMAT
    classifier = content.setdefault("classifier", {})
    classifier.update(manifest.describe(path))
    classifier.update({
        "input": [1, 1, data.SIZE, data.SIZE], "normalisation": "luma / 255", "output": [1, net.head.out_features],
        "classes": data.CLASSES, "votes": data.VOTES, "photo": data.PHOTO,
        # A new network needs a new calibration; until calibrate.py has run, none.
        "calibration": {"class_scale": [1.0] * 7, "class_bias": [0.0] * 7, "vote_scale": [1.0] * 10, "vote_bias": [0.0] * 10},
        "mixture": {"ferplus": state["mixture"]}, "mappings": MAPPINGS,
    })
    manifest.write(listing, content)
    print(f"{path}: {path.stat().st_size} bytes; now run calibrate.py")


if __name__ == "__main__":
    main()
