"""When the team is there, as customers ask for it and read it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kit.hours import DAY_MINUTES, Hours, Stretch
from services.core.domain.languages import LANGUAGES
from services.core.domain.opening import answer, asks_for_hours, away_said, now_said, week_said

WEEK = Hours(
    "Europe/Madrid",
    {**{day: [Stretch(540, 840), Stretch(960, 1200)] for day in range(1, 6)}, 6: [Stretch(600, DAY_MINUTES)]},
    {date(2026, 12, 8): [], date(2026, 12, 24): [Stretch(540, 780)]},
    {date(2026, 12, 8): "Immaculate Conception"},
)
MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)
"""Ten o'clock in Madrid."""


@pytest.mark.parametrize(
    "question",
    [
        "What are your opening hours?",
        "are you open right now",
        "Are you open on Saturday?",
        "When do you close today?",
        "until when are you open?",
        "Is your team available this weekend?",
        "when will you be back",
        "business hours?",
        "Are you still open?",
        "what time does the support open",
        "Wann habt ihr geöffnet?",
        "Öffnungszeiten",
        "Haben Sie heute noch offen?",
        "Wann schließt ihr?",
        "Quels sont vos horaires ?",
        "Êtes-vous ouverts demain ?",
        "À quelle heure fermez-vous ?",
        "¿Cuál es su horario?",
        "¿A qué hora abren?",
        "¿Están abiertos hoy?",
        "Wat zijn jullie openingstijden?",
        "Zijn jullie vandaag open?",
        "Quali sono gli orari di apertura?",
        "Siete aperti domani?",
        "Qual é o horário de atendimento?",
        "A que horas fecham?",
    ],
)
def test_questions_about_opening_hours_are_recognized(question: str) -> None:
    assert asks_for_hours(question)


@pytest.mark.parametrize(
    "question",
    [
        "Can I open the parcel before I pay?",
        "How do I open an account?",
        "When is the winter sale?",
        "How long does delivery take?",
        "Is the parcel insured?",
        "My account was closed, why?",
        "Wann kommt mein Paket?",
        "Wie öffne ich das Zelt?",
        "Quand arrive mon colis ?",
        "¿Cuándo llega mi pedido?",
        "the tent does not close",
        "x" * 300 + " opening hours",
    ],
)
def test_other_questions_are_not(question: str) -> None:
    assert not asks_for_hours(question)


def test_the_next_change_is_said_as_people_say_it() -> None:
    assert now_said(WEEK, MONDAY, "en") == "Our team is here now. We close at 14:00."
    assert now_said(WEEK, datetime(2026, 11, 30, 14, tzinfo=UTC), "en").endswith("We are back at 16:00.")
    assert now_said(WEEK, datetime(2026, 11, 30, 20, tzinfo=UTC), "en").endswith("We are back tomorrow at 09:00.")
    mondays = Hours("Europe/Madrid", {1: [Stretch(540, 600)]})
    assert now_said(mondays, datetime(2026, 12, 3, 23, tzinfo=UTC), "en").endswith("We are back on Monday at 09:00.")
    closed = Hours("Europe/Madrid", {1: [Stretch(0, 0)]}, {date(2026, 12, 24): [Stretch(540, 780)]})
    assert now_said(closed, MONDAY, "en").endswith("We are back on Thursday, 24 December, at 09:00.")
    assert now_said(closed, datetime(2027, 1, 1, tzinfo=UTC), "de") == "Unser Team ist gerade nicht da."


def test_days_that_are_alike_are_one_line_and_special_days_near_are_named() -> None:
    assert week_said(WEEK, MONDAY, "en") == [
        "Monday to Friday: 09:00–14:00, 16:00–20:00",
        "Saturday: 10:00–24:00",
        "Sunday: closed",
        "Tuesday, 8 December (Immaculate Conception): closed",
        "Times are those of Europe/Madrid.",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_it_all(language: str) -> None:
    night = datetime(2026, 11, 30, 22, tzinfo=UTC)
    told = [answer(WEEK, MONDAY, language), answer(WEEK, night, language), away_said(WEEK, night, language)]
    for text in told:
        assert "{" not in text
        assert "09:00" in text
    assert "14:00" in told[0]
    assert "Europe/Madrid" in told[0]
    assert "{" not in away_said(Hours("UTC", {1: [Stretch(0, 0)]}), night, language)
