"""A network that learns on one CUDA card, a whole step as one recorded graph: the launches of a small network cost more than its arithmetic.

The arithmetic is that of `train.py`: Muon for the convolutions, SGD with Nesterov's momentum for the rest, an average of the weights. On a
processor the same steps run one by one (for trials of the recipe).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable

import torch

MOMENTUM = 0.9
LARGEST_GRADIENT = 5.0


def orthogonal(g: torch.Tensor, steps: int = 3) -> torch.Tensor:
    """`muon.orthogonal` of several matrices at once, [k, rows, columns], in bfloat16 where that is fast."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = g / (g.norm(dim=(1, 2), keepdim=True) + 1e-7)
    x = x.bfloat16() if g.is_cuda else x
    tall = x.shape[1] > x.shape[2]
    x = x.mT if tall else x
    for _ in range(steps):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    return (x.mT if tall else x).to(g.dtype)


class Learner:
    """`loss(net(x), *targets)` falls with each `step(share, x, *targets)`; all steps have inputs of the same shapes.

    `muon` and `rate` are the peak rates of the convolutions and of the rest, `share` 0..1 what of them a step takes; `keep` is how much of
    the average stays at a step. `average` is a network of the same kind.
    """

    def __init__(self, net, average, loss: Callable, muon: float, rate: float, keep: float, decay: float = 5e-4):
        self.net, self.average, self.loss, self.muon, self.rate, self.decay = net, average, loss, muon, rate, decay
        device = next(net.parameters()).device
        self.share, self.keep, self.largest_keep = torch.zeros((), device=device), torch.zeros((), device=device), keep
        learning = [p for p in net.parameters() if p.requires_grad]
        self.rest = [p for p in learning if p.ndim < 4]
        self.speed = [torch.zeros_like(p) for p in self.rest]
        self.kernels = defaultdict(list)
        for p in learning:
            if p.ndim == 4:
                self.kernels[(len(p), p[0].numel())].append(p)
        self.momentum = {shape: torch.zeros(len(group), *shape, device=device) for shape, group in self.kernels.items()}
        named = lambda n: [v for v in n.state_dict().values() if v.is_floating_point()]  # noqa: E731
        self.now, self.mean = named(net), named(average)
        self.learning, self.graph, self.given, self.done = learning, None, None, 0
        self.total, self.count = torch.zeros((), device=device), 0

    def step(self, share: float, x: torch.Tensor, *targets: torch.Tensor) -> None:
        self.share.fill_(share)
        self.keep.fill_(min(self.largest_keep, (1 + self.done) / (10 + self.done)))
        self.done += 1
        if not x.is_cuda:
            self._whole(x, *targets)
        elif self.graph is None:
            self._record(x, *targets)
        else:
            for place, value in zip(self.given, (x, *targets)):
                place.copy_(value)
            self.graph.replay()
        self.count += 1

    def mean_loss(self) -> float:
        """Of the steps since the last call."""
        value = self.total.item() / max(self.count, 1)
        self.total.zero_()
        self.count = 0
        return value

    def _record(self, *given: torch.Tensor) -> None:
        """The first step: three times for warming up, then recorded (recording itself runs nothing)."""
        self.given = [value.clone(memory_format=torch.preserve_format) for value in given]
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(3):
                self._whole(*self.given)
        torch.cuda.current_stream().wait_stream(stream)
        self.total.zero_()
        self._forget_gradients()
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            self._whole(*self.given)

    def _forget_gradients(self) -> None:
        for p in self.learning:
            p.grad = None

    def _whole(self, x: torch.Tensor, *targets: torch.Tensor) -> None:
        self._forget_gradients()
        with torch.autocast(x.device.type, torch.bfloat16, cache_enabled=False):
            said = self.net(x)
        loss = self.loss([part.float() for part in said], *targets)
        loss.backward()
        with torch.no_grad():
            self._update()
            self.total.add_(loss.detach())

    def _update(self) -> None:
        gradients = [p.grad for p in self.learning]
        norm = torch.stack(torch._foreach_norm(gradients)).norm()
        torch._foreach_mul_(gradients, (LARGEST_GRADIENT / (norm + 1e-6)).clamp(max=1.0))
        rest = [p.grad + self.decay * p if p.ndim > 1 else p.grad for p in self.rest]
        torch._foreach_mul_(self.speed, MOMENTUM)
        torch._foreach_add_(self.speed, rest)
        change = torch._foreach_add(rest, torch._foreach_mul(self.speed, MOMENTUM))
        torch._foreach_mul_(change, self.share * self.rate)
        torch._foreach_sub_(self.rest, change)
        for shape, group in self.kernels.items():
            gradient = torch.stack([p.grad.reshape(shape) for p in group])
            speed = self.momentum[shape].mul_(MOMENTUM).add_(gradient)
            change = orthogonal(gradient + MOMENTUM * speed)
            length = math.sqrt(shape[0])
            change = change * (length / (change.norm(dim=(1, 2), keepdim=True) + 1e-7)) * (self.share * self.muon)
            for p, part in zip(group, change):
                p.mul_(length / (p.norm() + 1e-7))
                p.sub_(part.view(p.shape))
        gap = torch._foreach_sub(self.now, self.mean)
        torch._foreach_mul_(gap, 1 - self.keep)
        torch._foreach_add_(self.mean, gap)
