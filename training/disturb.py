"""Disturbances of the robustness table: uint8 faces [n, 48, 48] -> uint8 faces, without randomness
(noise has a fixed seed). Each is a function of its name in `DISTURBANCES`."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F


def _rotate(faces: np.ndarray, degrees: float) -> np.ndarray:
    angle = np.deg2rad(degrees)
    theta = torch.tensor([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0]], dtype=torch.float32)
    x = torch.from_numpy(faces).float().unsqueeze(1)
    grid = F.affine_grid(theta.expand(len(x), 2, 3), list(x.shape), align_corners=False)
    return _bytes(F.grid_sample(x, grid, padding_mode="border", align_corners=False)[:, 0])


def _bytes(x: torch.Tensor) -> np.ndarray:
    return x.round().clamp(0, 255).to(torch.uint8).numpy()


def _blur(faces: np.ndarray, sigma: float) -> np.ndarray:
    reach = int(np.ceil(3 * sigma))
    taps = torch.exp(-(torch.arange(-reach, reach + 1).float() ** 2) / (2 * sigma**2))
    taps = taps / taps.sum()
    x = F.pad(torch.from_numpy(faces).float().unsqueeze(1), [reach] * 4, mode="replicate")
    return _bytes(F.conv2d(F.conv2d(x, taps.view(1, 1, 1, -1)), taps.view(1, 1, -1, 1))[:, 0])


def _small(faces: np.ndarray, size: int) -> np.ndarray:
    low = F.interpolate(torch.from_numpy(faces).float().unsqueeze(1), size=size, mode="area")
    return _bytes(F.interpolate(low, size=faces.shape[-1], mode="bilinear", align_corners=False)[:, 0])


def _cover(faces: np.ndarray, top: int, bottom: int) -> np.ndarray:
    covered = faces.copy()
    covered[:, top:bottom] = 128
    return covered


def _noise(faces: np.ndarray, deviation: float) -> np.ndarray:
    noise = np.random.default_rng(17).normal(0, deviation, faces.shape)
    return np.clip(np.rint(faces + noise), 0, 255).astype(np.uint8)


def _gamma(faces: np.ndarray, gamma: float) -> np.ndarray:
    return np.rint(255 * (np.arange(256) / 255) ** gamma).astype(np.uint8)[faces]


DISTURBANCES = {
    "none": lambda faces: faces,
    "rotated 15 degrees": lambda faces: _rotate(faces, 15),
    "rotated 30 degrees": lambda faces: _rotate(faces, 30),
    "brightness x 0.4": lambda faces: np.rint(faces * 0.4).astype(np.uint8),
    "gamma 2": lambda faces: _gamma(faces, 2.0),
    "blur, sigma 1.5 px": lambda faces: _blur(faces, 1.5),
    "24 px face": lambda faces: _small(faces, 24),
    "lower half covered": lambda faces: _cover(faces, 24, 48),
    "eyes covered (rows 12..22)": lambda faces: _cover(faces, 12, 22),
    "noise, sigma 20": lambda faces: _noise(faces, 20),
}
