"""As much of the ONNX file format as we need: reads a model's tensors, writes a graph. The format is protobuf, by numbers.

The `onnx` package would do it in ten times the memory of the model, for two functions.
"""

import mmap
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Tensor = NDArray[np.float32] | NDArray[np.int8] | NDArray[np.uint8] | NDArray[np.int64]

FLOAT = 1
_TYPES: dict[int, type[np.generic]] = {1: np.float32, 2: np.uint8, 3: np.int8, 7: np.int64}
_NUMBERS = {np.dtype(kind): number for number, kind in _TYPES.items()}
_OPSET = 17
_IR_VERSION = 10
_CONTRIB = "com.microsoft"


def read_tensors(model: bytes | mmap.mmap) -> dict[str, Tensor]:
    """The named tensors (weights) of a model file: views into it, so copy what is to outlive it. Raises ValueError."""
    tensors: dict[str, Tensor] = {}
    for number, graph in _fields(memoryview(model)):
        if number == 7 and isinstance(graph, memoryview):
            for inner, value in _fields(graph):
                if inner == 5 and isinstance(value, memoryview):
                    name, tensor = _tensor(value)
                    tensors[name] = tensor
    return tensors


@dataclass
class Graph:
    """A graph to be: nodes are added in the order they run."""

    _nodes: list[bytes] = field(default_factory=list)
    _tensors: list[bytes] = field(default_factory=list)

    def tensor(self, name: str, value: Tensor) -> str:
        """Adds a constant and returns its name."""
        dims = b"".join(write_int(1, size) for size in value.shape)
        kind = write_int(2, _NUMBERS[value.dtype])
        self._tensors.append(dims + kind + write_text(8, name) + write_bytes(9, np.ascontiguousarray(value).tobytes()))
        return name

    def node(
        self, kind: str, inputs: Sequence[str], outputs: Sequence[str], *, contrib: bool = False, **attributes: int | float
    ) -> None:
        """Adds an operation. `contrib`: one of onnxruntime's own. An empty input is one that is left out."""
        body = (
            b"".join(write_text(1, name) for name in inputs)
            + b"".join(write_text(2, name) for name in outputs)
            + write_text(4, kind)
        )
        for name, value in attributes.items():
            typed = (
                write_int(3, value) + write_int(20, 2) if isinstance(value, int) else write_float(2, value) + write_int(20, 1)
            )
            body += write_bytes(5, write_text(1, name) + typed)
        self._nodes.append(body + (write_text(7, _CONTRIB) if contrib else b""))

    def model(
        self, inputs: Mapping[str, tuple[int, Sequence[str | int]]], outputs: Mapping[str, tuple[int, Sequence[str | int]]]
    ) -> bytes:
        """The file. Inputs and outputs by name: their element type and shape, whose names stand for any size."""
        body = b"".join(write_bytes(1, node) for node in self._nodes) + write_text(2, "graph")
        body += b"".join(write_bytes(5, tensor) for tensor in self._tensors)
        body += b"".join(write_bytes(11, _value(name, *kind)) for name, kind in inputs.items())
        body += b"".join(write_bytes(12, _value(name, *kind)) for name, kind in outputs.items())
        opsets = write_bytes(8, write_text(1, "") + write_int(2, _OPSET)) + write_bytes(
            8, write_text(1, _CONTRIB) + write_int(2, 1)
        )
        return write_int(1, _IR_VERSION) + opsets + write_bytes(7, body)


def _fields(data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        match tag & 7:
            case 0:
                value, at = _varint(data, at)
                yield tag >> 3, value
            case 2:
                size, at = _varint(data, at)
                yield tag >> 3, data[at : at + size]
                at += size
            case 1:
                at += 8
            case 5:
                at += 4
            case _:
                raise ValueError("this is no ONNX file")


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(data):
            raise ValueError("this ONNX file is cut off")
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def _tensor(data: memoryview) -> tuple[str, Tensor]:
    dims: list[int] = []
    name, kind, raw = "", 0, memoryview(b"")
    for number, value in _fields(data):
        if number == 1 and isinstance(value, int):
            dims.append(value)
        elif number == 1 and isinstance(value, memoryview):
            at = 0
            while at < len(value):
                size, at = _varint(value, at)
                dims.append(size)
        elif number == 2 and isinstance(value, int):
            kind = value
        elif number == 8 and isinstance(value, memoryview):
            name = bytes(value).decode()
        elif number == 9 and isinstance(value, memoryview):
            raw = value
    if kind not in _TYPES or not raw.nbytes:
        return name, np.zeros(0, np.float32)
    return name, np.frombuffer(raw, dtype=_TYPES[kind]).reshape(dims)


def _value(name: str, kind: int, shape: Sequence[str | int]) -> bytes:
    dims = b"".join(write_bytes(1, write_int(1, size) if isinstance(size, int) else write_text(2, size)) for size in shape)
    return write_text(1, name) + write_bytes(2, write_bytes(1, write_int(1, kind) + write_bytes(2, dims)))


def _number(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def write_int(number: int, value: int) -> bytes:
    """A field of protobuf with an integer of 0 or more."""
    return _number(number << 3) + _number(value)


def write_float(number: int, value: float) -> bytes:
    """A field of protobuf with a float."""
    return _number(number << 3 | 5) + struct.pack("<f", value)


def write_bytes(number: int, value: bytes) -> bytes:
    """A field of protobuf with bytes, or with a message."""
    return _number(number << 3 | 2) + _number(len(value)) + value


def write_text(number: int, value: str) -> bytes:
    """A field of protobuf with a text."""
    return write_bytes(number, value.encode())
