"""The small network that sees whether something hides a mouth (crates/core/src/cover.rs, docs/covered.md).

    pip install jax==0.10.2 optax==0.2.8 pillow==13.0.0 numpy==2.4.6
    cargo run --release -p emotion-cli --example live_crops -- --images fer2013.csv.gz --split Training --out live.bin
    python training/cover.py --images fer2013.csv.gz --live live.bin --out crates/core/src/cover/weights.bin
    python training/cover.py --images fer2013.csv.gz --measure crates/core/src/cover/weights.bin

Takes some ten minutes on two cores. The weights are bytes with a scale for each output; the test in cover.rs holds the Rust to `forward` here.
"""

import argparse
import csv
import gzip

import numpy as np

import cover_draw

WIDTHS = (1, 8, 16, 24)
# Logits from here on are a hidden mouth: about one clear face in a hundred of PublicTest's crops is above.
THRESHOLD = 2.5
COUNTS = {"Training": 14000, "PublicTest": 3579}


def read(path, split):
    rows = csv.reader(gzip.open(path, "rt") if path.endswith("gz") else open(path))
    next(rows)
    return np.array([np.array(row[1].split(), np.uint8).reshape(48, 48) for row in rows if row[2] == split])


def draw(faces, split):
    """Hidden mouths and other things before faces, with their kinds."""
    rng = np.random.default_rng(1 if split == "Training" else 2)
    hidden, other = [], []
    for index in rng.permutation(len(faces))[: COUNTS[split]]:
        hidden.append(cover_draw.covered(faces[index], rng, faces))
        if rng.random() < 0.6:
            other.append(cover_draw.elsewhere(faces[index], rng, faces))
    return hidden, other


def forward(data, crop):
    """The probability in double precision, from the bytes of the weights."""
    place = 0

    def take(count, kind):
        nonlocal place
        values = np.frombuffer(data, kind, count, place)
        place += values.nbytes
        return values.astype(float)

    plane = crop.astype(float)
    plane = ((plane - plane.mean()) / max(plane.std(), 4.0))[..., None]
    for inputs, outputs in zip(WIDTHS, WIDTHS[1:]):
        scales, offsets = take(outputs, "<f4"), take(outputs, "<f4")
        weights = take(9 * inputs * outputs, np.int8).reshape(3, 3, inputs, outputs) * scales
        side = len(plane)
        padded = np.pad(plane, ((0, 1), (0, 1), (0, 0)))
        total = np.zeros((side // 2, side // 2, outputs)) + offsets
        for down in range(3):
            for right in range(3):
                total += padded[down : down + side : 2, right : right + side : 2][: side // 2, : side // 2] @ weights[down, right]
        plane = np.maximum(total, 0)
    scale, offset = take(1, "<f4")[0], take(1, "<f4")[0]
    return 1 / (1 + np.exp(-(plane.reshape(-1) @ (take(36 * WIDTHS[-1], np.int8) * scale) + offset)))


def measure(images, path):
    data = open(path, "rb").read()
    faces = read(images, "PublicTest")
    hidden, other = draw(faces, "PublicTest")
    share = lambda crops: np.mean([forward(data, crop) > 0.5 for crop in crops])
    print(f"{len(faces)} faces as they are: {share(faces):.4f}")
    for name, drawn in (("hidden", hidden), ("elsewhere", other)):
        for kind in sorted({kind for _, kind in drawn if kind}):
            crops = [crop for crop, this in drawn if this == kind]
            print(f"{name} {kind}: {share(crops):.3f} of {len(crops)}")


def train(images, live, out):
    import jax
    import jax.numpy as jnp
    import optax

    rng = np.random.default_rng(0)
    faces = read(images, "Training")
    hidden, other = [np.array([crop for crop, _ in drawn]) for drawn in draw(faces, "Training")]
    plain = np.fromfile(live, np.uint8).reshape(-1, 48, 48)
    keys = jax.random.split(jax.random.PRNGKey(0), 5)
    net = {}
    for at, (inputs, outputs) in enumerate(zip(WIDTHS, WIDTHS[1:])):
        net[f"w{at}"] = jax.random.normal(keys[at], (3, 3, inputs, outputs)) * np.sqrt(2 / (9 * inputs))
        net[f"b{at}"] = jnp.zeros(outputs)
    net["w3"] = jax.random.normal(keys[3], (36 * WIDTHS[-1], 1)) * np.sqrt(1 / (36 * WIDTHS[-1]))
    net["b3"] = jnp.zeros(1)

    def logits(net, crops):
        mean = crops.mean((1, 2), keepdims=True)
        deviation = jnp.sqrt(((crops - mean) ** 2).mean((1, 2), keepdims=True))
        plane = ((crops - mean) / jnp.maximum(deviation, 4.0))[..., None]
        for at in range(3):
            order = ("NHWC", "HWIO", "NHWC")
            plane = jax.lax.conv_general_dilated(plane, net[f"w{at}"], (2, 2), ((0, 1), (0, 1)), dimension_numbers=order)
            plane = jax.nn.relu(plane + net[f"b{at}"])
        return (plane.reshape(len(plane), -1) @ net["w3"] + net["b3"])[:, 0]

    def loss(net, crops, hidden, weights):
        parts = optax.sigmoid_binary_cross_entropy(logits(net, crops), hidden)
        return (parts * weights).sum() / weights.sum()

    def disturb(crops):
        """Mirrored, moved by up to three pixels, blurred, with noise."""
        count, crops = len(crops), crops.astype(np.float32)
        crops = np.where(rng.random((count, 1, 1)) < 0.5, crops[:, :, ::-1], crops)
        right, down = rng.integers(-3, 4, count), rng.integers(-3, 4, count)
        wide = np.pad(crops, ((0, 0), (3, 3), (3, 3)), mode="edge")
        crops = np.stack([wide[i, 3 + down[i] : 51 + down[i], 3 + right[i] : 51 + right[i]] for i in range(count)])
        soft = rng.random(count) < 0.3
        wide = np.pad(crops[soft], ((0, 0), (1, 1), (1, 1)), mode="edge")
        around = wide[:, :-2, 1:-1] + wide[:, 2:, 1:-1] + wide[:, 1:-1, :-2] + wide[:, 1:-1, 2:]
        crops[soft] = (around + 2 * wide[:, 1:-1, 1:-1]) / 6
        noise = rng.normal(0, 1, crops.shape) * rng.choice([0, 0, 3, 8], (count, 1, 1))
        return np.clip(crops + noise, 0, 255).astype(np.float32)

    kept = np.arange(len(plain))
    for rounds, rate in ((5, 3e-3), (14, 2e-3)):
        steps = rounds * ((2 * len(hidden) + len(other)) // 256)
        optimiser = optax.adamw(optax.cosine_decay_schedule(rate, steps), weight_decay=1e-3)
        state = optimiser.init(net)

        @jax.jit
        def step(net, state, *batch):
            value, gradient = jax.value_and_grad(loss)(net, *batch)
            change, state = optimiser.update(gradient, state, net)
            return optax.apply_updates(net, change), state, value

        for number in range(rounds):
            chosen = rng.choice(kept, len(hidden), replace=False)
            crops = np.concatenate([hidden, other, plain[chosen]])
            truth = (np.arange(len(crops)) < len(hidden)).astype(np.float32)
            weights = np.where(np.arange(len(crops)) >= len(hidden) + len(other), 2, 1).astype(np.float32)
            order, total = rng.permutation(len(crops)), 0.0
            for at in range(0, len(order) - 255, 256):
                batch = order[at : at + 256]
                net, state, value = step(net, state, disturb(crops[batch]), truth[batch], weights[batch])
                total += float(value)
            print(f"round {number}: {total / (len(order) // 256):.4f}", flush=True)
        # Some of Training's own faces have a hand before the mouth: they are not to be taught as clear.
        scores = jax.jit(logits)
        found = [np.asarray(scores(net, plain[at : at + 512].astype(np.float32))) for at in range(0, len(plain), 512)]
        kept = np.flatnonzero(np.concatenate(found) < 1.0)
    with open(out, "wb") as file:
        for at in range(4):
            weights = np.asarray(net[f"w{at}"]).reshape(-1, net[f"w{at}"].shape[-1])
            offsets = np.asarray(net[f"b{at}"]) - (THRESHOLD if at == 3 else 0)
            scales = np.abs(weights).max(0) / 127
            file.write(scales.astype("<f4").tobytes() + offsets.astype("<f4").tobytes())
            file.write(np.clip(np.round(weights / scales), -127, 127).astype(np.int8).tobytes())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", required=True)
    parser.add_argument("--live")
    parser.add_argument("--out")
    parser.add_argument("--measure")
    arguments = parser.parse_args()
    if arguments.measure:
        measure(arguments.images, arguments.measure)
    else:
        train(arguments.images, arguments.live, arguments.out)
