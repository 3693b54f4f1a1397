"""The network of all-MiniLM-L6-v2, rebuilt from its weights so that its products run in bytes.

The file keeps its weights in 8 bits, but its graph turns them into floats and multiplies those: 4 times the memory and 2 to 4
times the time of a short query. Here the same weights stay bytes, activations are quantized as they come, and the operations
around them are fused. Vectors keep a cosine of 0.99 with the file's own (tests/unit/embedder).
"""

import mmap
import platform
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from embedder.onnx import FLOAT, INT32, Graph, Tensor, read_tensors

LAYERS = 6
HEADS = 12
WIDTH = 384
EPSILON = 1e-12
_EMBEDDINGS = "inner.embeddings."
Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


def weight_bits() -> int:
    """How many bits of a weight this processor's products take: 8 where it adds products of bytes in 32 bits (VNNI, ARM).

    Elsewhere two products are added in 16 bits, which hold 2 × 255 × 64 and not 2 × 255 × 127: 7.
    """
    if platform.machine() in ("aarch64", "arm64"):
        return 8
    try:
        flags = next(line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("flags")).split()
    except (OSError, StopIteration):
        return 7
    return 8 if "avx512_vnni" in flags or "avx_vnni" in flags else 7


def session(model: str | bytes, threads: int) -> onnxruntime.InferenceSession:
    """A graph, ready to run on the calling thread and `threads` - 1 others."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False  # a long text would keep its memory forever, and it gains no time
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


class Network:
    """Tokens to hidden states. `bits`: of each weight, 8 or 7."""

    def __init__(self, weights: Path, threads: int, bits: int) -> None:
        with weights.open("rb") as file:
            # Mapped, not read: the code below copies half of it. The mapping ends with the last view into it.
            tensors = read_tensors(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        self._words: NDArray[np.int8] = np.array(tensors[f"{_EMBEDDINGS}word_embeddings.weight_q"], np.int8)
        self._word_scales: Floats = np.array(tensors[f"{_EMBEDDINGS}word_embeddings.weight_scale"], np.float32)
        scales = tensors[f"{_EMBEDDINGS}position_embeddings.weight_scale"]
        positions = np.multiply(tensors[f"{_EMBEDDINGS}position_embeddings.weight_q"], scales, dtype=np.float32)
        self._base = np.add(positions, tensors[f"{_EMBEDDINGS}token_type_embeddings.weight"][0], dtype=np.float32)
        self._scale = np.array(tensors[f"{_EMBEDDINGS}LayerNorm.weight"])
        self._shift = np.array(tensors[f"{_EMBEDDINGS}LayerNorm.bias"])
        self._session = session(_build(tensors, bits), threads)

    def run(self, ids: Ints, mask: Ints) -> Floats:
        """[texts, tokens] to [texts, tokens, WIDTH]."""
        embedded = self._word_scales[ids] * self._words[ids] + self._base[: ids.shape[1]]
        embedded -= embedded.mean(axis=-1, keepdims=True)
        embedded /= np.sqrt((embedded * embedded).mean(axis=-1, keepdims=True) + EPSILON)
        start = (embedded * self._scale + self._shift).astype(np.float32)
        hidden: Floats = self._session.run(None, {"start": start, "mask": mask.astype(np.int32)})[0]
        return hidden


def _build(tensors: dict[str, Tensor], bits: int) -> bytes:
    # The exporter numbered the products in the order they run: query, key, value, output, intermediate, output of each layer.
    products = sorted((n for n in tensors if n.startswith("val_") and n.endswith("_q")), key=lambda n: int(n[4:-2]))
    if len(products) != 6 * LAYERS:
        raise ValueError("The weights are not those of all-MiniLM-L6-v2 as packaged.")
    graph = Graph()
    graph.tensor("thirds", np.array([WIDTH] * 3, np.int64))
    state = "start"
    for layer in range(LAYERS):
        state = _layer(graph, tensors, products[6 * layer : 6 * layer + 6], layer, state, bits)
    anything = ("texts", "tokens")
    return graph.model({"start": (FLOAT, (*anything, WIDTH)), "mask": (INT32, anything)}, {state: (FLOAT, (*anything, WIDTH))})


def _layer(graph: Graph, tensors: dict[str, Tensor], products: Sequence[str], layer: int, state: str, bits: int) -> str:
    query, key, value, attended, wider, narrower = products
    prefix = f"inner.encoder.layer.{layer}."

    def product(name: str, state: str, weights: Sequence[str], biases: Sequence[str]) -> str:
        numbers = np.concatenate([tensors[w] for w in weights], axis=1)
        scales = np.concatenate([tensors[f"{w[:-2]}_scale"].reshape(-1) for w in weights])
        if bits == 7:
            numbers, scales = np.round(numbers / 2).astype(np.int8), scales * 2
        matrix = graph.tensor(f"{name}.{layer}.w", numbers)
        scale = graph.tensor(f"{name}.{layer}.s", scales)
        bias = graph.tensor(f"{name}.{layer}.b", np.concatenate([tensors[f"{prefix}{b}.bias"] for b in biases]))
        graph.node("DynamicQuantizeMatMul", [state, matrix, scale, "", bias], [f"{name}.{layer}"], contrib=True)
        return f"{name}.{layer}"

    def add_and_norm(name: str, new: str, old: str, norm: str) -> str:
        weight = graph.tensor(f"{name}.{layer}.w", tensors[f"{prefix}{norm}.weight"])
        bias = graph.tensor(f"{name}.{layer}.b", tensors[f"{prefix}{norm}.bias"])
        inputs = [new, old, weight, bias]
        graph.node("SkipLayerNormalization", inputs, [f"{name}.{layer}"], contrib=True, epsilon=EPSILON)
        return f"{name}.{layer}"

    attention = [f"attention.self.{part}" for part in ("query", "key", "value")]
    joined = product("qkv", state, (query, key, value), attention)
    parts = [f"{part}.{layer}" for part in "qkv"]
    graph.node("Split", [joined, "thirds"], parts, axis=2)
    graph.node("MultiHeadAttention", [*parts, "", "mask"], [f"heads.{layer}"], contrib=True, num_heads=HEADS)
    output = product("attended", f"heads.{layer}", (attended,), ("attention.output.dense",))
    middle = add_and_norm("middle", output, state, "attention.output.LayerNorm")
    wide = product("wide", middle, (wider,), ("intermediate.dense",))
    graph.node("Gelu", [wide], [f"active.{layer}"], contrib=True)
    narrow = product("narrow", f"active.{layer}", (narrower,), ("output.dense",))
    return add_and_norm("state", narrow, middle, "output.LayerNorm")
