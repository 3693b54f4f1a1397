"""Which section answers, and what a question of two parts asks."""

import pytest

from services.core.domain import sections
from tests.support.budgets import assert_quick

REPAIRS = """We repair what bears our name.

› What we repair and what it costs
- a new zip in a jacket: €35
- new soles for boots: €70

› How long it takes
Allow 3 weeks from arrival.

› What is not repaired
Tents of others, and what is torn by wear.

› How to send it
Open the account and print a label. Repairs can also be handed in."""
KEPT = """› What we store
Names, orders and chats with support.

› For how long
Chats: 2 years
Orders: 7 years"""


def heading(question: str, *texts: str, context: str = "") -> str:
    """The heading of the best section."""
    passages = [(1.0 - place / 100, "", text) for place, text in enumerate(texts)]
    place, at = sections.best(passages, ("Other pages say other things.",), question, context)
    return sections.split(texts[place])[at].heading


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How long does a repair take?", "How long it takes"),
        ("What does a new zip cost?", "What we repair and what it costs"),
        ("Which repairs are not done?", "What is not repaired"),
        ("How do I send a jacket in?", "How to send it"),
    ],
)
def test_the_section_that_answers_is_found_among_those_of_its_page(question: str, expected: str) -> None:
    assert heading(question, REPAIRS) == expected


def test_a_question_of_how_long_wants_a_duration() -> None:
    assert heading("How long do you keep chats?", KEPT) == "For how long"


def test_a_later_passage_of_the_page_may_answer_better() -> None:
    assert heading("Can I hand in repairs?", KEPT, REPAIRS) == "How to send it"


def test_a_follow_up_is_read_with_what_it_refers_to() -> None:
    assert (
        heading("and for boots?", REPAIRS, context="What does a repair cost?\nand for boots?")
        == "What we repair and what it costs"
    )


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("What is a rope, and how do I cut it?", ("What is a rope", "how do I cut it?")),
        ("Is there a shop? Where is the cafe?", ("Is there a shop", "Where is the cafe?")),
        (
            "Was kostet der Versand und wie lange dauert eine Rückgabe?",
            ("Was kostet der Versand", "wie lange dauert eine Rückgabe?"),
        ),
        (
            "My zip broke: is that free, and what would a repair cost?",
            ("My zip broke: is that free", "what would a repair cost?"),
        ),
        ("I sent it back last week, where is my money?", None),
        ("What does it cost to ship boots and jackets?", None),
        ("and from Switzerland?", None),
        ("Do you ship? Do you ship?", None),
        ("", None),
    ],
)
def test_a_question_of_two_parts_has_a_question_in_each(question: str, parts: tuple[str, str] | None) -> None:
    assert sections.parts(question) == parts


def test_a_long_question_costs_little() -> None:
    assert_quick(0.5, lambda: sections.parts("and how is, " * 330))
    assert_quick(0.5, lambda: sections.best([(1.0, "", REPAIRS * 3)] * 8, [REPAIRS] * 8, "how long and what " * 220))
