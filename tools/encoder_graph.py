"""The trained encoder as an ONNX model of 8 bits, drawn by hand.

An exporter draws attention, norms and biases as dozens of small steps between which the numbers
are copied. onnxruntime has one step for each: that takes a sixth less time for the same answers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from tools.encoder_base import EPSILON, HEAD, LONGEST, WIDTH, Layer, Network

OPSET = 18
FORMAT = 9
OWN = "com.microsoft"
# Seven of the eight bits: processors without the newer instructions overflow beyond.
LARGEST = 64
Array = npt.NDArray[Any]


class Drawing:
    """Steps and weights of a model in the making."""

    def __init__(self) -> None:
        self.steps: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def weight(self, name: str, value: Array) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def step(self, kind: str, inputs: Sequence[str], output: str, **options: Any) -> str:
        self.steps.append(helper.make_node(kind, inputs, [output], **options))
        return output

    def linear(self, given: str, layer: nn.Linear, name: str) -> str:
        weight = numbers(layer.weight).T
        scale = largest(weight, axis=0) / LARGEST
        parts = [
            self.weight(f"{name}.weight", np.rint(weight / scale).astype(np.int8)),
            self.weight(f"{name}.scale", scale),
            self.weight(f"{name}.zero", np.zeros(len(scale), dtype=np.int8)),
            self.weight(f"{name}.bias", numbers(layer.bias)),
        ]
        return self.step("DynamicQuantizeMatMul", [given, *parts], f"{name}.out", domain=OWN)

    def added_norm(self, one: str, other: str, norm: nn.LayerNorm, name: str) -> str:
        parts = [
            self.weight(f"{name}.weight", numbers(norm.weight)),
            self.weight(f"{name}.bias", numbers(norm.bias)),
        ]
        return self.step(
            "SkipLayerNormalization",
            [one, other, *parts],
            f"{name}.out",
            domain=OWN,
            epsilon=EPSILON,
        )


def numbers(tensor: torch.Tensor) -> npt.NDArray[np.float32]:
    return np.asarray(tensor.detach().numpy(), dtype=np.float32)


def largest(values: npt.NDArray[np.float32], axis: int) -> npt.NDArray[np.float32]:
    return np.asarray(np.maximum(np.abs(values).max(axis=axis), 1e-9), dtype=np.float32)


def embedded(drawing: Drawing, network: Network) -> str:
    """Word vectors in bytes, places in full."""
    words = numbers(network.word.weight)
    low, high = min(0.0, float(words.min())), max(0.0, float(words.max()))
    scale = np.float32((high - low) / 255)
    zero = np.rint(-low / scale)
    coded = np.clip(np.rint(words / scale) + zero, 0, 255).astype(np.uint8)
    drawing.weight("words", coded)
    drawing.weight("words.scale", np.array(scale))
    drawing.weight("words.zero", np.array(zero, dtype=np.uint8))
    drawing.weight("places", numbers(network.position.weight)[None])
    for name, value in (("start", 0), ("axis", 1)):
        drawing.weight(name, np.array([value], dtype=np.int64))
    found = drawing.step("Gather", ["words", "pieces"], "found")
    vectors = drawing.step("DequantizeLinear", [found, "words.scale", "words.zero"], "vectors")
    length = drawing.step("Shape", ["pieces"], "pieces.length", start=1, end=2)
    places = drawing.step("Slice", ["places", "start", length, "axis"], "places.used")
    return drawing.added_norm(vectors, places, network.norm, "norm")


def layered(drawing: Drawing, given: str, layer: Any, name: str) -> str:
    heads = [f"{name}.{head}" for head in ("query", "key", "value")]
    joined = drawing.linear(given, layer.qkv, f"{name}.qkv")
    drawing.steps.append(helper.make_node("Split", [joined], heads, axis=2, num_outputs=3))
    seen = drawing.step(
        "MultiHeadAttention", heads, f"{name}.attended", domain=OWN, num_heads=layer.heads
    )
    mixed = drawing.linear(seen, layer.mixed, f"{name}.mixed")
    between = drawing.added_norm(mixed, given, layer.first_norm, f"{name}.first_norm")
    inner = drawing.linear(between, layer.inner, f"{name}.inner")
    bent = drawing.step("Gelu", [inner], f"{name}.bent", domain=OWN)
    outer = drawing.linear(bent, layer.outer, f"{name}.outer")
    return drawing.added_norm(outer, between, layer.second_norm, f"{name}.second_norm")


def write_graph(network: Network, labels: Sequence[str], path: Path) -> None:
    """Pieces to probabilities, of each piece or, behind `words_from` layers, of those at "first";
    the labels stand in the metadata."""
    drawing = Drawing()
    given: dict[str, list[int | str]] = {"pieces": [1, "length"]}
    length = "length"
    at = embedded(drawing, network)
    for number, layer in enumerate(network.layers):
        if number == network.words_from:
            at = drawing.step("Gather", [at, "first"], "read", axis=1)
            length = "count"
            given["first"] = [length]
        at = layered(drawing, at, layer, f"layer{number}")
    drawing.step("Softmax", [drawing.linear(at, network.head, "head")], "probabilities", axis=-1)
    graph = helper.make_graph(
        drawing.steps,
        "encoder",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, shape)
            for name, shape in given.items()
        ],
        [
            helper.make_tensor_value_info(
                "probabilities",
                TensorProto.FLOAT,
                [1, length, len(labels)],
            )
        ],
        drawing.weights,
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(OWN, 1)]
    )
    model.ir_version = FORMAT
    helper.set_model_props(model, {"labels": json.dumps(list(labels))})
    onnx.save(model, str(path))


def read_graph(path: Path) -> tuple[Network, list[str]]:
    """The network that `write_graph` wrote, as its 7 and 8 bits say it, and its labels."""
    model = onnx.load(str(path))
    labels = json.loads({one.key: one.value for one in model.metadata_props}["labels"])
    found = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    layers = len({name.partition(".")[0] for name in found if name.startswith("layer")})
    network = Network(layers, len(found["words"]), len(labels))
    for number in range(layers):
        mixed, inner = (found[f"layer{number}.{part}.weight"] for part in ("mixed", "inner"))
        network.layers[number] = Layer(len(mixed) // HEAD, inner.shape[1])
    words = (found["words"].astype(np.float32) - found["words.zero"]) * found["words.scale"]

    def take(parameter: torch.Tensor, value: Array) -> None:
        parameter.copy_(torch.from_numpy(np.array(value, dtype=np.float32)))

    with torch.no_grad():
        take(network.word.weight, words)
        take(network.position.weight, found["places"].reshape(LONGEST, WIDTH))
        for name, module in named_parts(network):
            weight = found[f"{name}.weight"]
            if isinstance(module, nn.Linear):
                weight = (weight * found[f"{name}.scale"]).T
            take(module.weight, weight)
            take(module.bias, found[f"{name}.bias"])
    network.word.weight.requires_grad_(False)
    return network, labels


def named_parts(network: Network) -> Iterator[tuple[str, nn.Linear | nn.LayerNorm]]:
    """The linear steps and norms by the names that the graph gives them."""
    yield from (("norm", network.norm), ("head", network.head))
    for number, layer in enumerate(network.layers):
        for part in ("qkv", "mixed", "first_norm", "inner", "outer", "second_norm"):
            yield f"layer{number}.{part}", getattr(layer, part)
