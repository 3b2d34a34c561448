"""Make a trained encoder's inner layers narrower without training it again.

Most inner neurons say what others say. Those whose loss the others can best make good for are
taken out a few at a time, and what remains is fitted anew, by least squares on the narratives,
to what the layer gave before: also to what earlier, narrower layers no longer give.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn
from torch.nn import functional

from tools.encoder_base import HEADS, WIDTH, Layer, Network

AT_ONCE = 128
RIDGE = 1e-3


def attended(layer: Layer, x: torch.Tensor) -> torch.Tensor:
    """The layer up to its inner part, without the text's neighbours in a batch."""
    pieces = x.shape[0]
    heads = layer.qkv(x).view(pieces, 3, HEADS, WIDTH // HEADS).permute(1, 2, 0, 3)
    seen = functional.scaled_dot_product_attention(heads[0], heads[1], heads[2])
    seen = seen.transpose(0, 1).reshape(pieces, WIDTH)
    return layer.first_norm(x + layer.mixed(seen))  # type: ignore[no-any-return]


def chosen(together: torch.Tensor, wanted: torch.Tensor, keep: int) -> torch.Tensor:
    """The neurons that are kept; the last column, the constant, always is."""
    left = torch.arange(together.shape[0])
    while len(left) - 1 > keep:
        inverse = torch.cholesky_inverse(torch.linalg.cholesky(together[left][:, left]))
        weights = inverse @ wanted[left]
        price = (weights**2).sum(1) / inverse.diagonal()
        price[-1] = torch.inf
        out = price.argsort()[: min(AT_ONCE, len(left) - 1 - keep)]
        stays = torch.ones(len(left), dtype=torch.bool)
        stays[out] = False
        left = left[stays]
    return left


def thin_layer(
    layer: Layer, now: Sequence[torch.Tensor], before: Sequence[torch.Tensor], keep: int
) -> None:
    """`now`: what reaches the inner part; `before`: what should reach the second norm."""
    size = layer.inner.out_features + 1
    together = torch.zeros(size, size, dtype=torch.float64)
    wanted = torch.zeros(size, WIDTH, dtype=torch.float64)
    for given, goal in zip(now, before, strict=True):
        active = functional.gelu(layer.inner(given))
        active = torch.cat([active, torch.ones(len(active), 1)], dim=1)
        together += (active.T @ active).double()
        wanted += (active.T @ (goal - given)).double()
    together += RIDGE * together.diagonal().mean() * torch.eye(size, dtype=torch.float64)
    left = chosen(together, wanted, keep)
    weights = torch.linalg.solve(together[left][:, left], wanted[left]).float()
    inner = nn.Linear(WIDTH, keep)
    inner.weight.copy_(layer.inner.weight[left[:-1]])
    inner.bias.copy_(layer.inner.bias[left[:-1]])
    outer = nn.Linear(keep, WIDTH)
    outer.weight.copy_(weights[:-1].T)
    outer.bias.copy_(weights[-1])
    layer.inner, layer.outer = inner, outer


def thin(network: Network, texts: Sequence[Sequence[int]], keep: int) -> None:
    """Leave `keep` inner neurons in each layer, in place; `texts` are ids of pieces."""
    network.eval()
    with torch.no_grad():
        first = [
            network.norm(network.word(ids) + network.position(torch.arange(len(ids))))
            for ids in (torch.tensor(text) for text in texts)
        ]
        old, new = list(first), list(first)
        for layer in network.layers:
            goals = []
            for x in old:
                given = attended(layer, x)
                goals.append(given + layer.outer(functional.gelu(layer.inner(given))))
            now = [attended(layer, x) for x in new]
            thin_layer(layer, now, goals, keep)
            old = [layer.second_norm(goal) for goal in goals]
            new = [
                layer.second_norm(given + layer.outer(functional.gelu(layer.inner(given))))
                for given in now
            ]
