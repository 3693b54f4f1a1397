"""Which texts show nothing, and which are the same without accents."""

from __future__ import annotations

import unicodedata

import pytest

from kit.text import folded, is_blank, shown_name, sought


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \t\r\n",
        "\u00a0\u2003\u3000\u2028",  # wide, unbreakable and line-separating space
        "\u200b\u200c\u200d\u2060\ufeff",  # zero-width
        "\u200e\u200f\u202a\u202e\u2066\u2069\u061c",  # bidirectional control
        "\u00ad\u034f\u180e\ufe0f\U000e0041",  # soft hyphen, joiner, variation selector, tag
        "\u3164\uffa0\u115f\u2800",  # fillers and the empty braille pattern
        " \u200b \u202e ",
    ],
)
def test_what_shows_nothing_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", "\u200fשלום\u200f", "👩\u200d🚀", "❤\ufe0f", "?", "0", "ـ", "한", "\U000f0000"])
def test_what_shows_something_is_not(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Sam", "Sam"),
        ("  Sam Å. ", "Sam Å."),
        ("שלום", "שלום"),
        ("Sam\u202egro.pohs", "Samgro.pohs"),
        ("\u2066Sam\u2069\u200b", "Sam"),
        ("Sam\r\nBcc:\tall", "Sam  Bcc: all"),
        ("Sam\u00a0\u2028Lee", "Sam  Lee"),
        ("a\x00\x1b[31mb", "a[31mb"),
        ("\u202e\ufeff ", ""),
    ],
)
def test_a_name_is_shown_as_one_line_of_visible_characters(name: str, shown: str) -> None:
    assert shown_name(name) == shown
    assert shown_name(shown) == shown


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Işık IŞIK İ", "isik isik i"),
        ("Søren Łukasz Đorđe Æthel Œuvre Þór Ħal Ŧ ð", "soren lukasz dorde aethel oeuvre thor hal t d"),
        ("Straße STRAẞE", "strasse strasse"),
        ("ΟΔΟΣ οδος", "οδοσ οδοσ"),
        ("Acme™ №5 ﬁn", "acmetm no5 fin"),
        ("مُحَمَّد أحمد", "محمد احمد"),
        ("שָׁלוֹם", "שלום"),
        ("\u0712\u0732", "\u0712"),
        ("हिन्दी", "हिन्दी"),
        ("ภาษาไทยดี", "ภาษาไทยดี"),
        ("ガ が", "ガ が"),
        ("학교", "학교"),
    ],
)
def test_small_letters_without_marks_are_compared(text: str, plain: str) -> None:
    assert folded(text) == folded(unicodedata.normalize("NFD", text)) == plain


@pytest.mark.parametrize(("one", "other"), [("कल", "किल"), ("ดี", "ดู"), ("が", "か"), ("학", "하"), ("हि", "हु")])
def test_marks_that_make_another_word_stay(one: str, other: str) -> None:
    assert folded(one) != folded(other)
    assert folded(other) not in folded(one)


def test_a_query_has_single_blanks_and_marks_alone_are_none() -> None:
    assert sought("  Zoë \u00a0 Ång ") == "zoe ang"
    assert [sought(query) for query in ("", " ", "\u0301", " \u0308 \u064b", "´", "¨ ")] == [""] * 6
