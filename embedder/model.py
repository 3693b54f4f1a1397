"""The models that can be served: each turns texts into vectors of length 1."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from embedder import ENGLISH, MULTILINGUAL, e5, minilm
from embedder.network import Network, Weights, adds_in_32_bits

DIMENSION = 384
"""Of each of them."""
Vector = NDArray[np.float32]


class Tokenizes(Protocol):
    """Splits texts into tokens."""

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """The numbers of the tokens of each text, cut to the model's maximum."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text as the model reads it."""

    ids: list[int]

    def __len__(self) -> int:
        return len(self.ids)


class Model:
    """A model, loaded. Its methods may be called from several threads."""

    def __init__(self, name: str = MULTILINGUAL, threads: int = 1) -> None:
        """Raises MissingModel."""
        self.name = name
        self._tokenizer, weights = MODELS[name]()
        self._network = Network(weights, threads, adds_in_32_bits())

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Texts as tokens, each cut to the model's maximum."""
        return [Encoded(ids) for ids in self._tokenizer.encode(texts)]

    def run(self, text: Encoded) -> Vector:
        """A vector of length 1, by mean pooling. It depends on the text alone: not on others, nor on the processor."""
        pooled = self._network.run(np.array(text.ids, np.int64)).mean(axis=0)
        vector: Vector = (pooled / np.linalg.norm(pooled)).astype(np.float32)
        return vector


def _multilingual() -> tuple[Tokenizes, Weights]:
    file = e5.File()
    return e5.Unigrams(file.pieces), e5.weights(file)


def _english() -> tuple[Tokenizes, Weights]:
    return minilm.WordPieces(), minilm.weights()


MODELS: Mapping[str, Callable[[], tuple[Tokenizes, Weights]]] = {MULTILINGUAL: _multilingual, ENGLISH: _english}
