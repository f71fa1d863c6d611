"""Fit the photo head: a mapping of the network's last features for what viewers of a photograph say, beside FER+'s of a thumbnail.

    python photo_head.py --images fer2013.csv.gz --votes fer2013new.csv --work runs/a --checkpoint student.pt \
        --table tpfe.csv --crops runs/tpfe.bin --posed ck.csv --posed-crops runs/ck.bin --out runs/photo.pt --json runs/photo.json

The crops are those of the engine (`outside_crops`). The head is one linear softmax over eight columns (data.PHOTO). It learns the raters' shares of the study's pictures and,
by `HELD_NEAR` of the weight, FER+'s shares of FER2013's faces: without these it would say of everyday faces, which the study does not have, whatever
follows from a laboratory's. The layers below do not learn: they have never seen the study.

The rule for the depth was written down before any figure: of the mixtures share * FER+ + (1 - share) * photo, take the one with the largest mean of both concordances
(FER+'s held-out faces; the study's pictures by a head that has not seen their person), with at most 8 % of neutral faces misread; and of those within
one standard error of it (bootstrap over persons) the one with the largest share of FER+, whose raters saw far more people.
"""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path

import numpy as np
import torch

import augment
import data
import networks
from metrics import concordance

HELD_NEAR = 0.5
RIDGE = 0.003
FOLDS = 7
VIEWS = 8  # disturbed views of each picture, beside the plain and the mirrored one
FACES = 6000  # of FER2013's fitted faces
SHARES = [round(0.1 * tenth, 1) for tenth in range(11)]
LARGEST_MISREAD = 0.08


class Outside:
    """A set of faces from elsewhere: the engine's crops uint8 [n, 48, 48], persons [n], and the rows of its table; pictures without a face are left out."""

    def __init__(self, table: Path, crops: Path, person: str):
        with open(table) as file:
            rows = list(csv.DictReader(file))
        faces = np.fromfile(crops, np.uint8).reshape(len(rows), data.SIZE, data.SIZE)
        seen = [index for index, row in enumerate(rows) if faces[index].any() and row.get("raters", "1")]
        self.rows, self.faces = [rows[index] for index in seen], faces[seen]
        self.persons = np.array([row[person] for row in self.rows])

    def shares(self) -> np.ndarray:
        """Of the raters, [n, 7], in the order of the emotions; the sum is 1."""
        shares = np.array([[float(row[f"share_{name}"]) for name in data.CLASSES] for row in self.rows])
        return shares / shares.sum(1, keepdims=True)


@torch.no_grad()
def features(net, pictures: torch.Tensor) -> torch.Tensor:
    """What the last layer reads of pictures [n, 1, 48, 48]: [n, 192]."""
    read = []
    hook = net.head.register_forward_pre_hook(lambda _, given: read.append(given[0]))
    for part in pictures.split(256):
        net(part)
    hook.remove()
    return torch.cat(read)


def as_input(faces: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(faces).float().div(255).unsqueeze(1)


def views(net, faces: np.ndarray) -> list[torch.Tensor]:
    """Features of the plain pictures, the mirrored ones, and `VIEWS` disturbed ones."""
    x = as_input(faces)
    disturbed = []
    for index in range(VIEWS):
        light = augment.degrade(augment.photometric(augment.affine(x, data.SIZE, 0.6)))
        disturbed.append(light if index % 2 else augment.batch(x, data.SIZE, 0.7, 0.1))
    return [features(net, part) for part in (x, x.flip(3), *disturbed)]


def fitted(parts: list[tuple[torch.Tensor, torch.Tensor, float]], ridge: float = RIDGE) -> torch.Tensor:
    """The matrix [features + 1, 8] of a linear softmax with the smallest weighted cross-entropy; parts: (inputs, targets, weight of all together)."""
    inputs = torch.cat([torch.cat([x, torch.ones(len(x), 1)], 1) for x, _, _ in parts])
    targets = torch.cat([target for _, target, _ in parts]).float()
    weights = torch.cat([torch.full((len(x),), weight / len(x)) for x, _, weight in parts])
    matrix = torch.zeros(inputs.shape[1], targets.shape[1], requires_grad=True)
    optimizer = torch.optim.LBFGS([matrix], max_iter=80, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = -(weights * (targets * (inputs @ matrix).log_softmax(1)).sum(1)).sum() + ridge * matrix[:-1].square().sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return matrix.detach()


def answers(x: torch.Tensor, matrix: torch.Tensor) -> np.ndarray:
    """The seven shares, [n, 7]."""
    return (torch.cat([x, torch.ones(len(x), 1)], 1) @ matrix).softmax(1)[:, :7].numpy()


def eight(seven: np.ndarray) -> torch.Tensor:
    """Shares of the seven emotions and of everything else."""
    return torch.from_numpy(np.concatenate([seven, np.clip(1 - seven.sum(1, keepdims=True), 0, 1)], 1))


def folds_of(persons: np.ndarray) -> np.ndarray:
    """The fold of each picture: persons in the order of their names, one to each fold in turn."""
    places = {person: index % FOLDS for index, person in enumerate(sorted(set(persons), key=lambda name: (len(name), name)))}
    return np.array([places[person] for person in persons])


def mean_concordance(said: np.ndarray, shares: np.ndarray) -> float:
    return float(np.mean([concordance(said[:, index], shares[:, index]) for index in range(7)]))


def misread(said: np.ndarray, neutral: np.ndarray) -> float:
    wrong = [data.CLASSES.index(name) for name in ("sad", "angry", "fear", "disgust")]
    return float(np.isin(said.argmax(1), wrong)[neutral].mean())


def choose(table: dict, outside: tuple, held: tuple) -> tuple[float, float]:
    """The share of FER+ by the rule above, and the standard error that it used; `outside`, `held`: (FER+ mapping's, photo's, raters' shares, persons)."""
    fer, photo, shares, persons = outside
    mean = {share: (row["outside_ccc"] + row["ferplus_ccc"]) / 2 for share, row in table.items() if row["misread"] <= LARGEST_MISREAD}
    best = max(mean, key=mean.get)
    random, names, found = np.random.default_rng(5), np.unique(persons), []
    mixed = best * fer + (1 - best) * photo
    for _ in range(400):
        rows = np.concatenate([np.flatnonzero(persons == name) for name in random.choice(names, len(names))])
        found.append((mean_concordance(mixed[rows], shares[rows]) + table[best]["ferplus_ccc"]) / 2)
    error = float(np.std(found))
    return max(share for share, value in mean.items() if value >= mean[best] - error), error


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("images", "votes", "work", "checkpoint", "table", "crops", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--posed", type=Path, help="a table with a posed label in place of shares, only measured ...")
    parser.add_argument("--posed-crops", type=Path, help="... and its crops")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    torch.manual_seed(3)
    net = networks.averaged(args.checkpoint)
    fit, held = data.hold_out(data.read(args.images, args.votes, "Training", args.work))
    fit = fit.take(np.random.default_rng(1).permutation(len(fit))[:FACES])
    study = Outside(args.table, args.crops, "performer")
    shares = study.shares()
    of_study = views(net, study.faces)
    of_fit = [features(net, x) for x in (as_input(fit.faces), as_input(fit.faces).flip(3))]
    of_held = features(net, as_input(held.faces))
    mean, spread = of_fit[0].mean(0), of_fit[0].std(0) + 1e-3
    scaled = lambda x: (x - mean) / spread  # noqa: E731
    fit_targets = eight(fit.votes[:, data.DEPTH_INDEX])

    def head(rows: np.ndarray) -> torch.Tensor:
        target = eight(shares[rows])
        return fitted([(scaled(x)[rows], target, (1 - HELD_NEAR) / len(of_study)) for x in of_study]
                      + [(scaled(x), fit_targets, HELD_NEAR / len(of_fit)) for x in of_fit])

    folds, apart = folds_of(study.persons), np.zeros_like(shares)
    for fold in range(FOLDS):
        rows = folds == fold
        apart[rows] = answers(scaled(of_study[0])[rows], head(~rows))
    matrix = head(np.ones(len(shares), bool))
    ferplus = lambda x: (x @ net.head.weight.T + net.head.bias)[:, data.VOTE_HEAD].softmax(1)[:, data.DEPTH_INDEX].detach().numpy()  # noqa: E731
    photo_held, ferplus_held, ferplus_study = answers(scaled(of_held), matrix), ferplus(of_held), ferplus(of_study[0])
    neutral, truth = held.votes[:, 0] >= 0.7 - 1e-6, held.votes[:, data.DEPTH_INDEX]
    table = {}
    for share in SHARES:
        there, here = share * ferplus_study + (1 - share) * apart, share * ferplus_held + (1 - share) * photo_held
        table[share] = {
            "outside_ccc": mean_concordance(there, shares), "outside_majority": float((there.argmax(1) == shares.argmax(1)).mean()),
            "ferplus_ccc": mean_concordance(here, truth), "misread": misread(here, neutral),
        }
    if args.posed:
        posed = Outside(args.posed, args.posed_crops, "person")
        known = np.array([row["label"] in data.CLASSES for row in posed.rows])
        labels = np.array([data.CLASSES.index(row["label"]) if row["label"] in data.CLASSES else -1 for row in posed.rows])
        x = features(net, as_input(posed.faces))
        for share in SHARES:
            said = (share * ferplus(x) + (1 - share) * answers(scaled(x), matrix)).argmax(1)
            table[share] |= {"posed": float((said == labels)[known].mean()), "posed_angry": float((said == labels)[labels == 0].mean())}
    chosen, error = choose(table, (ferplus_study, apart, shares, study.persons), (ferplus_held, photo_held, truth))
    for share, row in table.items():
        print(f"{share:.1f} FER+: " + ", ".join(f"{name} {value:.3f}" for name, value in row.items()) + ("   <- chosen" if share == chosen else ""))
    print(f"standard error {error:.3f}; {len(shares)} pictures of {len(set(study.persons))} persons")
    state = torch.load(args.checkpoint, map_location="cpu", weights_only=False)
    weights = networks.whole(state["average"])
    weights["head.weight"] = torch.cat([weights["head.weight"][:17], (matrix[:-1] / spread.unsqueeze(1)).T])
    weights["head.bias"] = torch.cat([weights["head.bias"][:17], matrix[-1] - (mean / spread) @ matrix[:-1]])
    torch.save({**state, "average": networks.halved(weights), "mixture": chosen}, args.out)
    if args.json:
        args.json.write_text(json.dumps({"chosen": chosen, "standard_error": error, "shares": table}, indent=1) + "\n")
        np.savez(args.json.with_suffix(".npz"), photo=apart, ferplus=ferplus_study, depth=chosen * ferplus_study + (1 - chosen) * apart, persons=study.persons, files=[row["file"] for row in study.rows])


if __name__ == "__main__":
    main()
