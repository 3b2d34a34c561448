"""A trained network with fewer heads and fewer inner neurons.

Those on which the least hangs are taken out, and the step behind them is fitted anew to what it
gave. What is lost by that a further training brings back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from torch import nn

from tools.encoder_base import HEAD, Layer, Network

RIDGE = 1e-3


@dataclass(frozen=True, slots=True)
class Width:
    """Of each layer."""

    heads: int
    inner: int


class Watch:
    """What a step is given over many texts, and how much the loss hangs on each part of it."""

    def __init__(self, step: nn.Linear) -> None:
        size = step.in_features
        self.worth = torch.zeros(size)
        self.count = 0
        self.sums = torch.zeros(size, dtype=torch.double)
        self.products = torch.zeros(size, size, dtype=torch.double)
        self.hook = step.register_forward_hook(self.note)

    def note(self, _step: nn.Module, inputs: tuple[torch.Tensor, ...], _out: torch.Tensor) -> None:
        given = inputs[0]
        rows = given.detach().flatten(0, 1).double()
        self.count += len(rows)
        self.sums += rows.sum(dim=0)
        self.products += rows.T @ rows

        def back(slope: torch.Tensor) -> None:
            self.worth += (slope * given.detach()).sum(dim=(0, 1)).abs()

        given.register_hook(back)

    def moments(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Mean, and products around it."""
        mean = self.sums / self.count
        return mean, self.products / self.count - torch.outer(mean, mean)


def fitted(step: nn.Linear, watch: Watch, kept: torch.Tensor) -> nn.Linear:
    """A step that reads the kept parts alone and gives, by least squares, what it gave."""
    mean, products = watch.moments()
    weight, bias = step.weight.detach().double(), step.bias.detach().double()
    own = products[kept][:, kept]
    own += RIDGE * own.diagonal().mean() * torch.eye(len(kept), dtype=torch.double)
    fit = torch.linalg.solve(own, products[kept] @ weight.T).T
    new = nn.Linear(len(kept), step.out_features)
    with torch.no_grad():
        new.weight.copy_(fit)
        new.bias.copy_(bias + weight @ mean - fit @ mean[kept])
    return new


def part_of(step: nn.Linear, kept: torch.Tensor) -> nn.Linear:
    """A step that gives the kept parts alone."""
    new = nn.Linear(step.in_features, len(kept))
    with torch.no_grad():
        new.weight.copy_(step.weight[kept])
        new.bias.copy_(step.bias[kept])
    return new


def worthiest(worth: torch.Tensor, count: int) -> torch.Tensor:
    return worth.topk(count).indices.sort().values


def narrow(layer: Layer, mixed: Watch, outer: Watch, width: Width) -> None:
    heads = worthiest(mixed.worth.view(layer.heads, HEAD).sum(dim=1), width.heads)
    channels = (heads[:, None] * HEAD + torch.arange(HEAD)).flatten()
    wide = layer.heads * HEAD
    layer.mixed = fitted(layer.mixed, mixed, channels)
    layer.qkv = part_of(layer.qkv, torch.cat([channels + part * wide for part in range(3)]))
    layer.heads = width.heads
    neurons = worthiest(outer.worth, width.inner)
    layer.outer = fitted(layer.outer, outer, neurons)
    layer.inner = part_of(layer.inner, neurons)


def narrow_all(
    network: Network, losses: Iterable[Callable[[], torch.Tensor]], width: Width
) -> None:
    """Narrow every layer of a network; `losses` are of single texts that it is to read."""
    watches = [(Watch(layer.mixed), Watch(layer.outer)) for layer in network.layers]
    for loss in losses:
        network.zero_grad()
        loss().backward()
    for layer, (mixed, outer) in zip(network.layers, watches, strict=True):
        mixed.hook.remove()
        outer.hook.remove()
        narrow(layer, mixed, outer, width)
    network.zero_grad()
