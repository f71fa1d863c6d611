"""A video read as a Python program of this field does it: OpenCV decodes, onnxruntime runs the same two networks.

    python peer.py DETECTOR.onnx CLASSIFIER.onnx FILM.mp4 PACE THREADS

PACE is looks a second, or `every`; THREADS is for each of the two libraries. It does less than the page: one look of the
detector (the page takes two at what is small or unsure), one view of the face, no tracking, no pose, no quality. Prints
one line of JSON: the seconds from opening the film to the last depth, the film's own seconds, frames, readings.
"""

import json
import sys
import time

import cv2
import numpy as np
import onnxruntime as ort

SIDE = 128
"""Of the detector's input, in pixels."""
FACE = 48
"""Of the classifier's input, in pixels."""
EYES = np.float32([[15.05, 18.53], [32.81, 18.12]])
"""Where the eyes go in the classifier's input (models/manifest.json)."""


def anchors() -> np.ndarray:
    """Centres of BlazeFace's 896 anchors in pixels of its input."""
    centres = []
    for cells, each in ((16, 2), (8, 6)):
        step = SIDE / cells
        grid = (np.arange(cells) + 0.5) * step
        xs, ys = np.meshgrid(grid, grid)
        centres.append(np.repeat(np.stack([xs.ravel(), ys.ravel()], axis=1), each, axis=0))
    return np.concatenate(centres).astype(np.float32)


ANCHORS = anchors()


def letterbox(frame: np.ndarray) -> tuple[np.ndarray, float, float, float]:
    """The frame as the detector wants it, and how to go back: scale, left and top margin."""
    height, width = frame.shape[:2]
    scale = SIDE / max(height, width)
    small = cv2.resize(frame, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
    canvas = np.zeros((SIDE, SIDE, 3), np.uint8)
    top, left = (SIDE - small.shape[0]) // 2, (SIDE - small.shape[1]) // 2
    canvas[top : top + small.shape[0], left : left + small.shape[1]] = small
    rgb = cv2.cvtColor(canvas, cv2.COLOR_BGR2RGB)
    return (rgb.astype(np.float32) / 127.5 - 1)[None], scale, left, top


def eyes_of(detector: ort.InferenceSession, frame: np.ndarray) -> np.ndarray | None:
    """The eyes of the surest face in pixels of the frame, the one on the left of the picture first."""
    canvas, scale, left, top = letterbox(frame)
    regressors, logits = detector.run(["regressors", "classificators"], {"input_nhwc": canvas})
    best = int(np.argmax(logits[0, :, 0]))
    if logits[0, best, 0] < 0:
        return None
    points = regressors[0, best, 4:8].reshape(2, 2) + ANCHORS[best]
    return ((points - [left, top]) / scale).astype(np.float32)


def depths_of(classifier: ort.InferenceSession, frame: np.ndarray, eyes: np.ndarray) -> np.ndarray:
    """The 25 logits of an upright face."""
    turn, _ = cv2.estimateAffinePartial2D(eyes, EYES)
    grey = cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
    face = cv2.warpAffine(grey, turn, (FACE, FACE), flags=cv2.INTER_LINEAR)
    return classifier.run(None, {"face": face[None, None].astype(np.float32) / 255})[0]


def main(detector: str, classifier: str, film: str, pace: str, threads: int) -> None:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    cv2.setNumThreads(threads)
    sessions = [ort.InferenceSession(file, options, providers=["CPUExecutionProvider"]) for file in (detector, classifier)]
    # The clock starts when all is loaded, as on the page.
    start = time.perf_counter()
    video = cv2.VideoCapture(film, cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, threads])
    step = 0.0 if pace == "every" else 1.0 / float(pace)
    frames, looks, readings, due, last = 0, 0, 0, 0.0, 0.0
    rate = video.get(cv2.CAP_PROP_FPS)
    while video.grab():
        last, frames = frames / rate, frames + 1
        if last + 1e-6 < due:
            continue
        due = (np.floor(last / step + 1e-6) + 1) * step if step else 0.0
        looks += 1
        _, frame = video.retrieve()
        eyes = eyes_of(sessions[0], frame)
        if eyes is not None:
            depths_of(sessions[1], frame, eyes)
            readings += 1
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "film_s": frames / rate, "frames": frames, "looks": looks, "readings": readings}))


if __name__ == "__main__":
    main(*sys.argv[1:5], threads=int(sys.argv[5]))
