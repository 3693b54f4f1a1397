"""Tokens with which a screen resumes."""

from __future__ import annotations

import pytest

from kit.streams import ResumeTokenExpired
from services.core.app.live import MAX_MISSED, Token
from tests.unit.core.making import conversation


def test_a_token_is_read_as_it_was_written() -> None:
    current = conversation(last_seq=7, revision=9)
    assert Token.parse("5-3", current) == Token(5, 3)
    assert str(Token(5, 3)) == "5-3"
    assert Token.parse("", current) == Token(7, 9)
    assert Token.parse("7-9", current) == Token(7, 9)


@pytest.mark.parametrize(
    "token", ["8-9", "7-10", "x", "1", "1-", "-1", "-1-1", "1--1", "1-1-1", "١-1", "²-1", " 1-1", "1e3-1", "9" * 40 + "-1"]
)
def test_a_token_that_does_not_fit_is_expired(token: str) -> None:
    with pytest.raises(ResumeTokenExpired):
        Token.parse(token, conversation(last_seq=7, revision=9))


def test_a_token_too_far_back_is_expired() -> None:
    current = conversation(last_seq=MAX_MISSED + 5, revision=9)
    assert Token.parse("5-0", current) == Token(5, 0)
    with pytest.raises(ResumeTokenExpired):
        Token.parse("4-0", current)
