"""Golden values for the detector: numpy and onnxruntime, written from MediaPipe's definitions.

    python detector.py ../../models/face_detector.onnx ../pictures/astronaut.jpg detector.json

`random`: decoding and weighted suppression of made-up raw outputs (values from a small generator that
the Rust test repeats). `picture`: one run over a real picture; `second_look`: a run over the surroundings
of the face found. Needs numpy, onnxruntime, pillow.
"""

import json
import math
import sys

import numpy as np
import onnxruntime
from PIL import Image

SIDE, MIN_SCORE, MAX_OVERLAP = 128, 0.5, 0.3


def anchors():
    """MediaPipe's SsdAnchorsCalculator with the short-range options, as its loops run."""
    strides, out, layer = [8, 16, 16, 16], [], 0
    while layer < len(strides):
        last = layer
        per_cell = 0
        while last < len(strides) and strides[last] == strides[layer]:
            per_cell += 2  # aspect ratio 1 and the interpolated one
            last += 1
        cells = -(-SIDE // strides[layer])
        for y in range(cells):
            for x in range(cells):
                out += [((x + 0.5) / cells, (y + 0.5) / cells)] * per_cell
        layer = last
    return np.array(out)


def decode(boxes, logits):
    """Rows of (score, xmin, ymin, xmax, ymax, x0, y0, .. x5, y5) in 0..1."""
    score = 1 / (1 + np.exp(-np.clip(logits.astype(np.float64), -100, 100)))
    centre = boxes[:, :2] / SIDE + anchors()
    size = boxes[:, 2:4] / SIDE
    points = boxes[:, 4:].reshape(-1, 6, 2) / SIDE + anchors()[:, None]
    rows = np.concatenate([score[:, None], centre - size / 2, centre + size / 2, points.reshape(-1, 12)], 1)
    return rows[score >= MIN_SCORE]


def overlap(a, b):
    width = min(a[3], b[3]) - max(a[1], b[1])
    height = min(a[4], b[4]) - max(a[2], b[2])
    if width <= 0 or height <= 0:
        return 0.0
    area = lambda r: (r[3] - r[1]) * (r[4] - r[2])
    return width * height / (area(a) + area(b) - width * height)


def suppress(rows):
    rest, out = sorted(rows, key=lambda r: -r[0]), []
    while rest:
        near = [r for r in rest if overlap(rest[0], r) > MAX_OVERLAP]
        weights = np.array([r[0] for r in near])
        mean = (np.array(near)[:, 1:] * weights[:, None]).sum(0) / weights.sum()
        out.append(np.concatenate([[rest[0][0]], mean]))
        rest = [r for r in rest if overlap(rest[0], r) <= MAX_OVERLAP]
    return out


def detections(boxes, logits, size_px):
    out = []
    for row in suppress(decode(boxes, logits)):
        xmin, ymin, xmax, ymax = row[1:5] * size_px
        box = [xmin, ymin, xmax - xmin, ymax - ymin]
        out.append({"score": row[0], "box": box, "points": (row[5:].reshape(6, 2) * size_px).tolist()})
    return json.loads(json.dumps(out), parse_float=lambda text: round(float(text), 4))


def random_outputs():
    """Small faces around five places; a linear congruential generator gives 1/65536ths."""
    state = 2024

    def random():
        nonlocal state
        state = (state * 1664525 + 1013904223) % 2**32
        return (state >> 16) / 65536

    boxes, logits = np.zeros((896, 16)), np.zeros(896)
    for anchor, (x, y) in enumerate(anchors() * SIDE):
        target = [(30, 30), (90, 40), (64, 64), (40, 100), (100, 100)][anchor % 5]
        boxes[anchor, 0] = target[0] - x + 6 * random()
        boxes[anchor, 1] = target[1] - y + 6 * random()
        boxes[anchor, 2] = 20 + 8 * random()
        boxes[anchor, 3] = 20 + 8 * random()
        for value in range(4, 16):
            boxes[anchor, value] = 30 * random() - 15
        logits[anchor] = 6 * random() - 5
    return boxes, logits


def second_look(session, image, box):
    x, y, width, height = box
    side = 1.75 * max(width, height)
    left, top = int(x + width / 2 - side / 2), int(y + height / 2 - side / 2)
    right, bottom = math.ceil(x + width / 2 + side / 2), math.ceil(y + height / 2 + side / 2)
    assert left >= 0 and top >= 0 and right <= image.width and bottom <= image.height
    assert right - left == bottom - top
    small = image.resize((SIDE, SIDE), Image.BOX, box=(left, top, right, bottom))
    faces = detections(*run(session, small), right - left)
    for face in faces:
        face["box"] = [round(face["box"][0] + left, 4), round(face["box"][1] + top, 4), *face["box"][2:]]
        face["points"] = [[round(x + left, 4), round(y + top, 4)] for x, y in face["points"]]
    return faces


def run(session, square):
    pixels = np.asarray(square, np.float32) / 127.5 - 1
    boxes, logits = session.run(None, {"input_nhwc": pixels[None]})
    return boxes[0], logits[0, :, 0]


def main():
    model, picture, target = sys.argv[1:]
    session = onnxruntime.InferenceSession(model)
    image = Image.open(picture).convert("RGB")
    assert image.size == (512, 512)
    # A whole factor: PIL's BOX filter is the mean of 4 x 4 pixels, rounded.
    first = detections(*run(session, image.resize((SIDE, SIDE), Image.BOX)), 512)
    golden = {
        "random": detections(*random_outputs(), SIDE),
        "picture": first,
        "second_look": second_look(session, image, first[0]["box"]),
    }
    with open(target, "w") as file:
        json.dump(golden, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
