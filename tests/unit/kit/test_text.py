"""Which texts show nothing."""

from __future__ import annotations

import pytest

from kit.text import is_blank


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
