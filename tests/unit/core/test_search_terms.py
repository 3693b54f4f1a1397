"""Words that a store of texts does not see."""

import pytest

from services.core.domain.search_terms import MAX_TERMS, MAX_WORD, MAX_WORDS, beginnings, search_terms, search_words


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Where is my order 98765?", ""),
        ("注文番号は98765です", "注文 文番 番号 号は です 98765"),
        ("注文番号", "注文 文番 番号"),
        ("茶", "茶"),
        ("98765", ""),
        ("AB98765", "98765"),
        ("order 98 765", "98765"),
        ("order 98.765,", "98765"),
        ("９８７６５", "98765"),
        ("주문번호는 12345입니다", "주문 문번 번호 호는 입니 니다 12345"),
        ("price 3.5 kg", ""),
        ("call 0171 123 4567", "01711234567 1234567"),
        ("+49 171 123 4567", "491711234567 1234567"),
        ("", ""),
    ],
)
def test_scripts_without_spaces_and_numbers_get_words(text: str, terms: str) -> None:
    assert search_terms(text) == terms


def test_the_words_of_a_long_text_are_bounded() -> None:
    text = "".join(chr(0x4E00 + at % 9000) for at in range(12_000))
    assert len(search_terms(text).split()) == MAX_TERMS
    assert len(search_words(text)) == MAX_WORDS
    assert search_words("a" * 100) == ["a" * MAX_WORD]


def test_words_are_found_by_their_beginnings_without_accents() -> None:
    assert search_words("Zürich: REFUND, refund 55-1234") == ["zurich", "refund", "55", "1234", "551234"]


@pytest.mark.parametrize(
    ("query", "begun"),
    [
        ("where is my Refü", ["refu"]),
        ("order 55 12", ["5512"]),
        ("ada@exam", ["exam"]),
        ("注文番号", ["番号"]),
        ("茶", ["茶"]),
        ("日本語です", ["てす"]),
        ("で", ["て"]),
        ("ราคาเท่าไหร่", ["ร"]),
        ("refund ", []),
        ('"refu', []),
        ("refu -mail", []),
        ("well-kno", ["kno"]),
        ("?!", []),
        ("", []),
    ],
)
def test_the_last_word_of_a_query_is_still_being_typed(query: str, begun: list[str]) -> None:
    assert beginnings(query) == begun
