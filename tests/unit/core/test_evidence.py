"""Evidence: the levels of embedding models, the settings that replace them, and all that weakens a passage."""

from __future__ import annotations

import pytest

from services.core.domain.evidence import DEFAULT_LEVELS, Evidence, Levels, doubt_of, levels_of, spoken, weigh
from services.core.domain.policy import Thresholds

PARCEL = "You can return a parcel within 30 days."
GERMAN = "Sie können das Paket innerhalb von 30 Tagen zurückgeben, wenn es noch nicht geöffnet ist."
LEVELS = Levels(enough=0.43, enough_foreign=0.42, weak=0.2)
QUESTION = "How long can I return a parcel?"


def of(*found: tuple[float, str], question: str = QUESTION, language: str = "en", unknown: tuple[str, ...] = ()) -> Evidence:
    return weigh(question, language, found, unknown, LEVELS)


@pytest.mark.parametrize(
    ("score", "evidence"),
    [(0.9, "ENOUGH"), (0.43, "ENOUGH"), (0.42, "WEAK"), (0.2, "WEAK"), (0.19, "NONE"), (0.0, "NONE")],
)
def test_the_score_of_a_passage_decides(score: float, evidence: str) -> None:
    assert of((score, PARCEL)) == evidence


def test_the_best_passage_decides_wherever_it_is() -> None:
    assert of((0.3, PARCEL), (0.5, PARCEL), (0.1, PARCEL)) is Evidence.ENOUGH
    assert of((0.3, PARCEL), (0.1, PARCEL)) is Evidence.WEAK
    assert of() is Evidence.NONE
    assert of((0.9, " \n")) is Evidence.NONE, "a passage without words says nothing"


def test_words_that_no_page_has_count_against_passages_in_the_question_s_language() -> None:
    assert of((0.45, PARCEL), unknown=("parcel",)) is Evidence.WEAK
    assert of((0.45, PARCEL), unknown=("return", "parcel")) is Evidence.NONE
    assert of((0.45, GERMAN), unknown=("return", "parcel")) is Evidence.ENOUGH, "its words can't agree"
    assert doubt_of("", ("one",)) == 1.0


@pytest.mark.parametrize(("number", "evidence"), [("30", "ENOUGH"), ("77", "WEAK")])
def test_a_number_that_no_passage_has_is_judged(number: str, evidence: str) -> None:
    assert of((0.9, PARCEL), question=f"Can I return a parcel after {number} days?") == evidence


def test_levels_belong_to_a_model_and_settings_replace_them() -> None:
    unset = Thresholds()
    assert levels_of("multilingual-e5-small", unset) == levels_of("something/else", unset) == DEFAULT_LEVELS
    small = levels_of("sentence-transformers/all-MiniLM-L6-v2", unset)
    assert small.enough < DEFAULT_LEVELS.enough
    own = levels_of("multilingual-e5-small", Thresholds(enough=0.6, weak=0.5))
    assert (own.enough, own.enough_foreign, own.weak) == (0.6, 0.6, 0.5)
    low = levels_of("multilingual-e5-small", Thresholds(enough=0.1))
    assert low.weak == 0.1, "nothing is weaker than none"
    assert levels_of("multilingual-e5-small", Thresholds(weak=0.9)).weak == DEFAULT_LEVELS.enough_foreign
    everything = levels_of("multilingual-e5-small", Thresholds(enough=0.0, weak=0.0))
    assert everything.of(0.0, 1.0, foreign=False) is Evidence.ENOUGH


@pytest.mark.parametrize(
    ("question", "said", "own", "language"),
    [
        ("Wer hat die Weltmeisterschaft gewonnen?", "", (), "de"),
        ("Qwertz 17?", "Wann kommt mein Paket an, bitte?", (), "de"),
        ("Qwertz 17?", "", (), "en"),
        ("Who won the world cup?", "", ("fr-CA", "de"), "fr"),
        ("Wer hat die Weltmeisterschaft gewonnen?", "", ("fr", "de-AT"), "de"),
        ("Who won the world cup?", "", ("ja",), "ja"),
    ],
)
def test_not_knowing_is_said_in_the_customer_s_language_or_the_organization_s(
    question: str, said: str, own: tuple[str, ...], language: str
) -> None:
    assert spoken(question, said, own) == language
