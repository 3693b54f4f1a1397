"""Farewells and their like, in the languages that the assistant speaks."""

from __future__ import annotations

import pytest

from services.core.domain.talk import Talk, talk_of


@pytest.mark.parametrize(
    ("text", "kind"),
    [("مرحبًا", Talk.GREETING), ("شكراً جزيلاً", Talk.THANKS), ("مع السلامة", Talk.LEAVING), ("ما هي مدة الإرجاع؟", None)],
)
def test_small_talk_in_arabic(text: str, kind: Talk | None) -> None:
    assert talk_of(text) is kind


@pytest.mark.parametrize(
    "text",
    [
        "so long, bye",
        "Bye!",
        "ok bye",
        "bye for now",
        "see ya later",
        "Take care!",
        "have a nice weekend",
        "I have to go, bye",
        "that's all, so long",
        "no more questions",
        "Tschüss!",
        "Tschau, schönes Wochenende",
        "Auf Wiederhören",
        "Mach's gut",
        "bis zum nächsten Mal",
        "Au revoir et bonne journée",
        "à la prochaine",
        "Bon week-end !",
        "¡Hasta la próxima!",
        "Adiós, que tenga un buen día",
        "Nos vemos",
        "Tot later",
        "Groetjes",
        "Fijn weekend!",
        "Alla prossima",
        "Arrivederci, buona serata",
        "Até amanhã",
        "Tchau, até logo",
    ],
)
def test_a_farewell_is_recognized(text: str) -> None:
    assert talk_of(text) is Talk.LEAVING


@pytest.mark.parametrize(
    "text",
    [
        "How long is it valid?",
        "bye-law of the shop",
        "see you later discount code",
        "until when can I return it",
        "so long shirts",
    ],
)
def test_a_question_with_such_words_is_none(text: str) -> None:
    assert talk_of(text) is None
