"""Muon (Keller Jordan, 2024): momentum whose step on every convolution is made orthogonal.

Each filter matrix [out, in * k * k] is kept at the norm sqrt(out) (batch normalisation follows, so its
scale is free), and the step has about that norm too: the learning rate is the relative change per step.
"""

from __future__ import annotations

import torch


def orthogonal(g: torch.Tensor, steps: int = 3, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    """About U V^T of g = U S V^T [rows, columns], by a quintic Newton-Schulz iteration."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = (g / (g.norm() + 1e-7)).to(dtype)
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    for _ in range(steps):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return (x.T if tall else x).to(g.dtype)


class Muon(torch.optim.Optimizer):
    def __init__(self, params, lr: float, momentum: float = 0.9, bf16: bool = False):
        super().__init__(params, dict(lr=lr, momentum=momentum))
        self.dtype = torch.bfloat16 if bf16 else torch.float32

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(p)
                speed = state["momentum"].mul_(group["momentum"]).add_(p.grad)
                ahead = p.grad.add(speed, alpha=group["momentum"])
                change = orthogonal(ahead.reshape(len(p), -1), dtype=self.dtype)
                # As long as a matrix of full rank, whatever the iteration left short.
                change = change * (len(p) ** 0.5 / (change.norm() + 1e-7))
                p.mul_(len(p) ** 0.5 / (p.norm() + 1e-7))
                p.sub_(change.view(p.shape), alpha=group["lr"])
