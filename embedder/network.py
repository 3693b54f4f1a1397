"""A BERT-like network rebuilt from its weights, so that its products run in bytes.

The files that we take weights from keep them in 4 or 8 bits, but turn them into floats to multiply them: 4 times the memory and
2 to 4 times the time of a short query. Here weights stay bytes, activations are quantized as they come, and the operations
around them are fused. Vectors keep a cosine of 0.99 with the files' own (tests/unit/embedder).
"""

import platform
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from embedder.onnx import FLOAT, Graph

Floats = NDArray[np.float32]
Bytes = NDArray[np.int8]
Ints = NDArray[np.int64]

ZERO = 128
"""The unsigned byte that stands for a weight of 0."""


def adds_in_32_bits() -> bool:
    """Whether this processor adds products of a byte and a signed byte in 32 bits (VNNI, ARM), so that none is cut off.

    Elsewhere it adds two of them in 16 bits, which hold 2 × 255 × 64 and not 2 × 255 × 127. Products of two unsigned bytes are
    exact everywhere, and take a tenth longer there.
    """
    if platform.machine() in ("aarch64", "arm64"):
        return True
    try:
        flags = next(line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("flags")).split()
    except (OSError, StopIteration):
        return False
    return "avx512_vnni" in flags or "avx_vnni" in flags


def session(model: str | bytes, threads: int) -> onnxruntime.InferenceSession:
    """A graph, ready to run on the calling thread and `threads` - 1 others."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False  # a long text would keep its memory forever, and it gains no time
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


@dataclass(frozen=True, slots=True)
class Product:
    """A dense layer: `numbers` [inputs, outputs] × `scales` [outputs] + `bias` [outputs]."""

    numbers: Bytes
    scales: Floats
    bias: Floats


@dataclass(frozen=True, slots=True)
class Norm:
    """The factors and terms of a layer normalisation."""

    weight: Floats
    bias: Floats


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the encoder."""

    query: Product
    key: Product
    value: Product
    attended: Product
    attended_norm: Norm
    wider: Product
    narrower: Product
    norm: Norm


@dataclass(frozen=True, slots=True)
class Weights:
    """A whole model."""

    words: Callable[[Ints], Floats]
    """The embeddings of tokens: [tokens] to [tokens, width]."""
    base: Floats
    """The term added at each position: [positions, width]."""
    norm: Norm
    layers: Iterable[Layer]
    heads: int
    epsilon: float


class Network:
    """Tokens to hidden states. `signed`: how weights are kept; the hidden states are the same, unless a product is cut off."""

    def __init__(self, weights: Weights, threads: int, signed: bool) -> None:
        self._words = weights.words
        self._base = weights.base
        self._norm = weights.norm
        self._epsilon = weights.epsilon
        self._session = session(_build(weights, signed), threads)

    def run(self, ids: Ints) -> Floats:
        """[tokens] of a text to [tokens, width]."""
        embedded = self._words(ids) + self._base[: len(ids)]
        embedded -= embedded.mean(axis=-1, keepdims=True)
        embedded /= np.sqrt((embedded * embedded).mean(axis=-1, keepdims=True) + self._epsilon)
        start = (embedded * self._norm.weight + self._norm.bias).astype(np.float32)
        hidden: Floats = self._session.run(None, {"start": start[None]})[0][0]
        return hidden


def _build(weights: Weights, signed: bool) -> bytes:
    width = weights.base.shape[1]
    graph = Graph()
    graph.tensor("thirds", np.array([width] * 3, np.int64))
    state = "start"
    for number, layer in enumerate(weights.layers):
        state = _add(graph, layer, number, state, weights, signed)
    shape = (1, "tokens", width)
    return graph.model({"start": (FLOAT, shape)}, {state: (FLOAT, shape)})


def _add(graph: Graph, layer: Layer, number: int, state: str, weights: Weights, signed: bool) -> str:
    zero = "" if signed else graph.tensor(f"zero.{number}", np.array([ZERO], np.uint8))

    def product(name: str, state: str, parts: Sequence[Product]) -> str:
        numbers = np.concatenate([part.numbers for part in parts], axis=1)
        matrix = graph.tensor(f"{name}.{number}.w", numbers if signed else numbers.view(np.uint8) ^ np.uint8(ZERO))
        scale = graph.tensor(f"{name}.{number}.s", np.concatenate([part.scales for part in parts]))
        bias = graph.tensor(f"{name}.{number}.b", np.concatenate([part.bias for part in parts]))
        graph.node("DynamicQuantizeMatMul", [state, matrix, scale, zero, bias], [f"{name}.{number}"], contrib=True)
        return f"{name}.{number}"

    def add_and_norm(name: str, new: str, old: str, norm: Norm) -> str:
        weight = graph.tensor(f"{name}.{number}.w", norm.weight)
        bias = graph.tensor(f"{name}.{number}.b", norm.bias)
        inputs = [new, old, weight, bias]
        graph.node("SkipLayerNormalization", inputs, [f"{name}.{number}"], contrib=True, epsilon=weights.epsilon)
        return f"{name}.{number}"

    joined = product("qkv", state, (layer.query, layer.key, layer.value))
    parts = [f"{part}.{number}" for part in "qkv"]
    graph.node("Split", [joined, "thirds"], parts, axis=2)
    graph.node("MultiHeadAttention", parts, [f"heads.{number}"], contrib=True, num_heads=weights.heads)
    output = product("attended", f"heads.{number}", (layer.attended,))
    middle = add_and_norm("middle", output, state, layer.attended_norm)
    wide = product("wide", middle, (layer.wider,))
    graph.node("Gelu", [wide], [f"active.{number}"], contrib=True)
    narrow = product("narrow", f"active.{number}", (layer.narrower,))
    return add_and_norm("state", narrow, middle, layer.norm)
