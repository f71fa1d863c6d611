"""Augmentation of a whole batch at once: faces float [n, 1, 48, 48] in 0..1 -> [n, 1, size, size].

Each disturbance stands for something the live camera does: the alignment's error (affine jitter),
exposure and gamma, backlight, motion or focus blur, a far face (low resolution), sensor noise, a hand
or hair before the face (erasing). `chance` is the generator that it is drawn from (left out: PyTorch's own); whoever prepares
pictures in a second thread needs one of their own, or runs do not repeat.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F

Chance = torch.Generator | None


def _rand(like: torch.Tensor, *shape: int, chance: Chance) -> torch.Tensor:
    """Uniform in 0..1, where the pictures are: a generator draws on its own device alone."""
    return torch.rand(*shape, generator=chance, device=like.device)


def _randn(like: torch.Tensor, *shape: int, chance: Chance) -> torch.Tensor:
    return torch.randn(*shape, generator=chance, device=like.device)


def _uniform(like: torch.Tensor, n: int, low: float, high: float, chance: Chance) -> torch.Tensor:
    return _rand(like, n, chance=chance) * (high - low) + low


def affine(x: torch.Tensor, size: int, strength: float, chance: Chance = None) -> torch.Tensor:
    n = len(x)
    # One face in ten is tilted far: the alignment may have taken a brow for an eye.
    spread = torch.where(_rand(x, n, chance=chance) < 0.1, 35 * strength, 10 * strength)
    angle = _randn(x, n, chance=chance) * spread * torch.pi / 180
    scale = torch.exp(_randn(x, n, chance=chance) * 0.08 * strength)
    stretch = torch.exp(_randn(x, n, chance=chance) * 0.04 * strength)
    flip = torch.where(_rand(x, n, chance=chance) < 0.5, -1.0, 1.0)
    cos, sin = torch.cos(angle) * scale, torch.sin(angle) * scale
    theta = torch.zeros(n, 2, 3, device=x.device)
    theta[:, 0, 0], theta[:, 0, 1] = cos * flip * stretch, -sin
    theta[:, 1, 0], theta[:, 1, 1] = sin * flip, cos / stretch
    theta[:, :, 2] = _randn(x, n, 2, chance=chance) * 0.08 * strength
    grid = F.affine_grid(theta, (n, 1, size, size), align_corners=False)
    # Outside the crop the nearest pixel goes on: a live crop has picture there, not black.
    return F.grid_sample(x, grid, mode="bilinear", padding_mode="border", align_corners=False)


def photometric(x: torch.Tensor, chance: Chance = None) -> torch.Tensor:
    n = len(x)
    shape = (n, 1, 1, 1)
    mean = x.mean(dim=(1, 2, 3), keepdim=True)
    contrast = torch.exp(_randn(x, n, chance=chance) * 0.25).view(shape)
    bright = torch.exp(_randn(x, n, chance=chance) * 0.25).view(shape)
    x = ((x - mean) * contrast + mean) * bright
    some = (_rand(x, n, chance=chance) < 0.3).view(shape)
    gamma = torch.exp(_randn(x, n, chance=chance) * 0.4).view(shape)
    x = torch.where(some, x.clamp(1e-4, 1) ** gamma, x)
    # Backlight: a linear ramp of light across the picture.
    ramp = torch.linspace(-0.5, 0.5, x.shape[-1], device=x.device)
    slope = _randn(x, n, 2, chance=chance) * 0.25 * (_rand(x, n, 1, chance=chance) < 0.3)
    light = 1 + slope[:, 0].view(shape) * ramp + slope[:, 1].view(shape) * ramp.view(-1, 1)
    return (x * light).clamp(0, 1)


def _blur(x: torch.Tensor, sigma: float) -> torch.Tensor:
    taps = torch.arange(-3, 4, device=x.device).float()
    kernel = torch.exp(-(taps**2) / (2 * sigma**2))
    kernel = kernel / kernel.sum()
    x = F.pad(x, (3, 3, 3, 3), mode="replicate")
    return F.conv2d(F.conv2d(x, kernel.view(1, 1, 1, 7)), kernel.view(1, 1, 7, 1))


def degrade(x: torch.Tensor, chance: Chance = None) -> torch.Tensor:
    """One tenth of the batch each: blurred, seen at low resolution, noisy, JPEG-like blocks left out."""
    n, size = len(x), x.shape[-1]
    x = x.clone()
    pick = _rand(x, n, chance=chance)
    some = pick < 0.10
    if some.any():
        x[some] = _blur(x[some], float(_uniform(x, 1, 0.5, 1.8, chance)))
    some = (pick >= 0.10) & (pick < 0.20)
    if some.any():
        small = int(torch.randint(20, 40, (1,), generator=chance, device=x.device))
        low = F.interpolate(x[some], size=small, mode="area")
        x[some] = F.interpolate(low, size=size, mode="bilinear", align_corners=False)
    some = (pick >= 0.20) & (pick < 0.35)
    if some.any():
        x[some] += torch.randn(x[some].shape, generator=chance, device=x.device) * float(_uniform(x, 1, 0.01, 0.08, chance))
    return x.clamp(0, 1)


def erase(x: torch.Tensor, share: float, chance: Chance = None) -> torch.Tensor:
    """Cover a random rectangle of 4..25 % of the picture with one grey, in `share` of the batch."""
    n, size = len(x), x.shape[-1]
    area = _uniform(x, n, 0.04, 0.25, chance) * size * size
    ratio = torch.exp(_uniform(x, n, -0.7, 0.7, chance))
    high, wide = (area * ratio).sqrt(), (area / ratio).sqrt()
    top, left = _rand(x, n, chance=chance) * size - high / 2, _rand(x, n, chance=chance) * size - wide / 2
    rows, cols = torch.arange(size, device=x.device).view(1, -1, 1), torch.arange(size, device=x.device).view(1, 1, -1)
    v = lambda t: t.view(-1, 1, 1)  # noqa: E731
    inside = (rows >= v(top)) & (rows < v(top + high)) & (cols >= v(left)) & (cols < v(left + wide))
    inside = inside & v(_rand(x, n, chance=chance) < share)
    return torch.where(inside.unsqueeze(1), _rand(x, n, 1, 1, 1, chance=chance), x)


def cover(x: torch.Tensor, share: float, chance: Chance = None) -> torch.Tensor:
    """Cover the mouth (all below 45..60 % of the height) or the eyes (a band from 15..25 % to 45..55 %) with one grey, in `share` of the batch."""
    n, size = len(x), x.shape[-1]
    mouth = _rand(x, n, chance=chance) < 0.5
    top = torch.where(mouth, _uniform(x, n, 0.45, 0.60, chance), _uniform(x, n, 0.15, 0.25, chance)) * size
    bottom = torch.where(mouth, torch.ones(n, device=x.device), _uniform(x, n, 0.45, 0.55, chance)) * size
    rows = torch.arange(size, device=x.device).view(1, -1)
    inside = (rows >= top.view(-1, 1)) & (rows < bottom.view(-1, 1)) & (_rand(x, n, 1, chance=chance) < share)
    return torch.where(inside.view(n, 1, size, 1), _rand(x, n, 1, 1, 1, chance=chance), x)


def batch(x: torch.Tensor, size: int, strength: float = 1.0, erase_share: float = 0.5, cover_share: float = 0.0, chance: Chance = None) -> torch.Tensor:
    x = degrade(photometric(affine(x, size, strength, chance), chance), chance)
    return cover(erase(x, erase_share, chance), cover_share, chance)
