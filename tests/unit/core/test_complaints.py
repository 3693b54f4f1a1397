"""Which messages complain, and of what."""

from __future__ import annotations

import pytest

from services.core.domain.complaints import Complaint, complaint_of


@pytest.mark.parametrize(
    "text",
    [
        "my jacket's zip broke and no one answers",
        "I wrote three times and no one replied.",
        "Terrible service! I am so disappointed.",
        "still no answer from you",
        "I've been waiting for weeks",
        "You never respond to my mails",
        "This is unacceptable",
        "Niemand antwortet mir",
        "Ich habe immer noch keine Antwort bekommen",
        "Personne ne répond à mes messages",
        "Nadie me responde",
        "Niemand reageert op mijn mails",
        "Nessuno mi risponde",
        "Ninguém me responde",
    ],
)
def test_complaints_about_the_service(text: str) -> None:
    assert complaint_of(text) is Complaint.SERVICE


@pytest.mark.parametrize(
    "text",
    [
        "My parcel arrived damaged",
        "my order never arrived",
        "You sent the wrong boots",
        "Mein Paket ist beschädigt angekommen",
        "Mon colis est perdu",
        "Recebi o artigo errado",
    ],
)
def test_complaints_about_an_order(text: str) -> None:
    assert complaint_of(text) is Complaint.FAULT


@pytest.mark.parametrize(
    "text",
    [
        "the zip of my jacket broke",
        "The lantern doesn't work.",
        "Meine Jacke ist kaputt",
        "Ma lampe est cassée",
        "La lámpara no funciona",
        "Mijn tent is kapot",
        "La lampada è rotta",
        "A lanterna não funciona",
    ],
)
def test_complaints_about_goods(text: str) -> None:
    assert complaint_of(text) is Complaint.DEFECT


@pytest.mark.parametrize(
    "text",
    [
        "What if my parcel arrives damaged?",
        "How do I return a broken lamp",
        "My zip broke, can I get it repaired?",
        "No one answers. How can I reach you?",
        "How long is a gift card valid?",
        "I want to return a jacket",
        "Hello",
        "Was tun, wenn das Paket beschädigt ist?",
        "What happens if a parcel is late?",
        "x" * 700 + " no one answers",
    ],
)
def test_questions_are_no_complaints(text: str) -> None:
    assert complaint_of(text) is Complaint.NONE
