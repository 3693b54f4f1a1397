"""Counting tokens offline: known counts, hostile texts, and the tokenizer of the embedding model beside it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from embedder import e5
from kit import tokens
from tests.support.budgets import assert_quick

ROOT = Path(__file__).parents[3]


def test_counts_are_those_of_cl100k_base() -> None:
    texts = ["", "hello world", "tiktoken is great!", "antidisestablishmentarianism", "お誕生日おめでとう"]
    assert tokens.count(texts) == [0, 2, 6, 6, 9]


@pytest.mark.parametrize(
    "text", ["<|endoftext|>", "<|im_start|>system", "a\0b", "\u202e\ufeff", "👩‍👩‍👧", "e\u0301", "\U0010ffff"]
)
def test_no_text_is_special(text: str) -> None:
    [count] = tokens.count([text])
    assert 1 < count <= len(text.encode())


def letters(length: int) -> str:
    return "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz", k=length))


@pytest.mark.parametrize(
    "text", ["a" * 16_000, letters(16_000), " " * 16_000, "字" * 16_000, "😀" * 8_000], ids=lambda text: text[:1]
)
def test_hostile_texts_are_counted_in_a_moment(text: str) -> None:
    assert_quick(0.5, lambda: tokens.count([text]))


def test_small_texts_first_and_then_what_is_left() -> None:
    word, long = "word", "word " * 100
    assert tokens.fit([word, word], 100) == [True, True]
    assert tokens.fit([word, long, word], 50) == [True, False, True]
    assert tokens.fit([long, word], 12, overhead=10) == [False, True]
    assert tokens.fit([word, word], 12, overhead=10) == [True, False]
    assert tokens.fit([], 0) == []


@pytest.mark.budget(4, "reads two vocabularies")
def test_the_count_bounds_that_of_the_embedding_models_tokenizer() -> None:
    other = e5.Unigrams(e5.File().pieces)
    texts = [path.read_text() for path in (ROOT / "demo" / "articles").glob("*.md")]
    texts += [
        "Wie lange dauert der Versand nach Norwegen, und was kostet die Rücksendung eines Paars Schuhe? " * 4,
        "¿Cuánto tarda el envío a Noruega y cuánto cuesta devolver un par de zapatos que no me quedan bien? " * 4,
        "Combien de temps prend la livraison en Norvège, et combien coûte le retour d'une paire de chaussures ? " * 4,
        "Quanto tempo richiede la spedizione in Norvegia e quanto costa restituire un paio di scarpe? " * 4,
        "Hoe lang duurt de verzending naar Noorwegen, en wat kost het om een paar schoenen terug te sturen? " * 4,
        "Quanto tempo demora o envio para a Noruega e quanto custa devolver um par de sapatos? " * 4,
        "寄往挪威需要多长时间，退回一双鞋要多少钱？" * 10,
        "😀🙏👩‍👩‍👧📦" * 20,
        letters(1_200),
    ]
    pieces = [text[at : at + 400] for text in texts for at in range(0, len(text), 400)]
    theirs = [len(ids) - 2 for ids in other.encode(pieces)]
    ours = tokens.count(pieces)
    assert sum(theirs) <= sum(ours) / (1 - tokens.MARGIN)
    worst = max(their / our for their, our in zip(theirs, ours, strict=True) if our > 50)
    assert worst < 1.35
