"""Which messages are the question, what is searched for, and which lines of a passage answer."""

from __future__ import annotations

import pytest

from services.core.domain import Role, sections
from services.core.domain.languages import language_of
from services.core.domain.questions import asked, stands_alone
from services.core.domain.quoting import MAX_NUMBERS, MAX_QUOTE, Quote, beginning, has_number, numbers, quote
from services.core.domain.talk import Talk, talk_of, without_talk
from tests.support.budgets import assert_quick
from tests.unit.core.making import message


def test_the_question_is_all_that_was_said_since_the_last_answer() -> None:
    said = [message(1, "Old"), message(2, "Answer", Role.ASSISTANT), message(3, "How long"), message(4, "can I return boots?")]
    assert asked(said) == ("How long\ncan I return boots?", "How long\ncan I return boots?")


def test_a_short_question_is_searched_with_the_one_before_it() -> None:
    said = [message(1, "How long can I return it?"), message(2, "30 days", Role.AGENT), message(3, "And jackets?")]
    assert asked(said) == ("And jackets?", "How long can I return it?\nAnd jackets?")


def test_what_is_searched_is_bounded() -> None:
    question, query = asked([message(1, "word " * 3000)])
    assert len(question) == 15_000
    assert len(query) == 2000


@pytest.mark.parametrize(
    "follow_up",
    [
        "and to Norway?",
        "how long does it take?",
        "who pays for that?",
        "und nach Norwegen?",
        "¿y cuánto cuesta eso?",
        "and what about boots then?",
    ],
)
def test_a_follow_up_does_not_stand_alone(follow_up: str) -> None:
    assert not stands_alone(follow_up)


@pytest.mark.parametrize(
    "question",
    [
        "How long does shipping to Norway take?",
        "Can I pay for my order by card?",
        "Is it possible to return boots that I wore on a carpet?",
    ],
)
def test_a_whole_question_stands_alone(question: str) -> None:
    assert stands_alone(question)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Where is my parcel?", "en"),
        ("Wo ist mein Paket?", "de"),
        ("Où est mon colis ?", "fr"),
        ("¿Dónde está mi paquete?", "es"),
        ("Waar is mijn pakket?", "nl"),
        ("Dov'è il mio pacco?", "it"),
        ("Onde está a minha encomenda?", "pt"),
        ("QM-10482", ""),
        ("free shipping over 50 euros germany", "en"),
        ("e mail address", ""),
        ("yo", ""),
        ("no", ""),
        ("SIM card", ""),
        ("per month", ""),
        ("Los Angeles", ""),
        ("over", ""),
        ("hola", "es"),
        ("tschüss", "de"),
        ("warum", "de"),
        ("ça va ?", "fr"),
        ("wie geht's?", "de"),
        ("come va?", "it"),
        ("tudo bem?", "pt"),
        ("tot ziens", "nl"),
        ("hola, buenas", "es"),
        ("bye", "en"),
        ("😀", ""),
    ],
)
def test_a_language_is_known_by_its_small_words(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("text", "talk"),
    [
        ("Guten Tag!", Talk.GREETING),
        ("merci beaucoup", Talk.THANKS),
        ("¿Eres un robot?", Talk.WHO),
        ("Am I talking to a human?", Talk.WHO),
        ("Thanks, but how do I return it?", None),
        ("Hello, how do I return it?", None),
        ("Do your robots clean windows?", None),
        ("Thanks, where is my order?", None),
        ("thanks but where is my parcel?", None),
        ("thanks, that did not help", None),
        ("thanks for nothing", None),
        ("merci, combien coûte un retour ?", None),
        ("Danke, wie lange dauert der Versand?", None),
        ("gracias, no funciona", None),
        ("bedankt, waar is mijn pakket?", None),
        ("grazie ma dov'è il pacco?", None),
        ("obrigado, onde está a encomenda?", None),
        ("hi, where is my order", None),
        ("sorry, wrong address", None),
        ("Great Britain", None),
        ("ok button", None),
        ("help with my return", None),
        ("Thanks a lot for your help!", Talk.THANKS),
        ("ok great, thanks, bye", Talk.THANKS),
        ("danke für die schnelle Antwort", Talk.THANKS),
        ("merci pour votre aide", Talk.THANKS),
        ("great", Talk.THANKS),
        ("hello, how are you?", Talk.GREETING),
        ("hola, buenas", Talk.GREETING),
        ("wie geht's?", Talk.GREETING),
        ("ça va ?", Talk.GREETING),
        ("Buenos dias", Talk.GREETING),
        ("tschüss", Talk.LEAVING),
        ("bye", Talk.LEAVING),
        ("au revoir, bonne journée", Talk.LEAVING),
        ("tot ziens", Talk.LEAVING),
        ("ok", Talk.OKAY),
        ("sorry", Talk.OKAY),
        ("I have a question", Talk.ASKING),
        ("Hi, I have a question", Talk.ASKING),
        ("help", Talk.ASKING),
        ("Können Sie mir helfen?", Talk.ASKING),
        ("j'ai une question", Talk.ASKING),
        ("tengo una pregunta", Talk.ASKING),
        ("ik heb een vraag", Talk.ASKING),
        ("ho una domanda", Talk.ASKING),
        ("tenho uma dúvida", Talk.ASKING),
        ("thanks, is this all you have?", None),
        ("thanks anyway", Talk.THANKS),
        ("", None),
        ("?!", None),
    ],
)
def test_small_talk_is_recognized(text: str, talk: Talk | None) -> None:
    assert talk_of(text) is talk


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("good morning, do you ship to Spain?", "do you ship to Spain?"),
        ("Thanks, but where is my order?", "where is my order?"),
        ("hi where is my order", "where is my order"),
        ("Sorry, hello: which sizes?", "which sizes?"),
        ("Guten Tag, wie lange dauert der Versand?", "wie lange dauert der Versand?"),
        ("Hello Kitty bags", "Hello Kitty bags"),
        ("hello", "hello"),
        ("Where is it? Thanks", "Where is it? Thanks"),
        ("", ""),
    ],
)
def test_small_talk_before_a_question_is_not_searched_for(text: str, rest: str) -> None:
    assert without_talk(text) == rest


TABLE = """› Prices
Region: Price
Zone 1: free
Zone 2: 5 euros
Zones 3 to 5: 9 euros

Ask us.

› Hours
We are open on Monday."""


def quoted(text: str, question: str) -> Quote:
    """The best section of one passage."""
    return quote(text, question, sections.best([(1.0, "", text)], (), question)[1])


def test_the_section_and_the_row_that_answer_are_quoted() -> None:
    assert quoted(TABLE, "What is the price in zone 2?").lines == ("Region: Price", "Zone 2: 5 euros", "", "Ask us.")
    assert quoted(TABLE, "price in zone 4").lines == ("Region: Price", "Zones 3 to 5: 9 euros", "", "Ask us.")
    assert quoted(TABLE, "Are you open on Monday?").lines == ("We are open on Monday.",)
    assert quoted(TABLE, "Are you open on Monday?").heading == "Hours"


def test_the_first_lines_of_a_page_are_quoted_with_what_they_introduce() -> None:
    page = "We ship from one place.\n\n› Times\nZone 1: 2 days\nZone 2: 3 days\nZone 3: 9 days\n\n› Sizes\nLarge."
    expected = ("We ship from one place.", "", "**Times**", "Zone 1: 2 days", "Zone 2: 3 days", "Zone 3: 9 days")
    assert quoted(page, "Do you ship?").lines == expected


def test_a_row_is_found_by_a_name_in_it_where_no_key_has_it() -> None:
    table = "Zone 1: Belgium: 2 euros\nZone 2: Norway, United Kingdom: 3 euros\nZone 3: United States: 9 euros"
    assert quoted(table, "What is shipping to the United Kingdom?").lines == ("Zone 2: Norway, United Kingdom: 3 euros",)
    assert len(quoted(table, "What is shipping?").lines) == 3


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("Can I get 50% off?", [0, 1, 2]),
        ("Can I get 50 percent?", [0, 1, 2]),
        ("Gibt es 50 Prozent?", [0, 1, 2]),
        ("Do I get 8 % or 12 %?", [0, 1]),
        ("What do I get for 50?", [1]),
        ("What do I get for 60 pieces?", [1]),
        ("Are 60 pieces 60 % off?", [1]),
        ("Do 30 kg cost less?", [0]),
    ],
)
def test_a_number_with_a_unit_is_no_bare_number_of_a_key(question: str, rows: list[int]) -> None:
    table = ("20 to 49: 8 %", "50 to 99: 12 %", "100 and more: 18 %")
    found = quoted("\n".join(("Pieces: Discount", *table)), question).lines
    assert found == ("Pieces: Discount", *(table[row] for row in rows))


@pytest.mark.parametrize(
    ("table", "question", "row"),
    [
        ("Zone 2: 3 days\nZone 3: 5 days\nZone 5: 9 days", "Is it here in 5 days?", "Zone 3: 5 days"),
        ("Zone 2: 3 days\nZone 3: 5 days\nZone 5: 9 days", "How long to zone 5?", "Zone 5: 9 days"),
        ("0 to 20 €: 4 €\n21 to 50 €: 3 €\nabove 50 €: 0 €", "What is added to €30?", "21 to 50 €: 3 €"),
        ("Order in €: Shipping\n0 to 20: 4 €\n21 to 50: 3 €\n51 to 99: 2 €", "What is added to 30 euros?", "21 to 50: 3 €"),
        ("0 to 2 kg: €4\n3 to 5 kg: €6\n6 to 9 kg: €8", "What does a 4 kg parcel cost?", "3 to 5 kg: €6"),
    ],
)
def test_a_number_with_a_unit_matches_what_is_in_that_unit(table: str, question: str, row: str) -> None:
    found = [line for line in quoted(table, question).lines if not line.startswith("Order")]
    assert found == [row]


def test_all_rows_are_quoted_where_none_matches_better() -> None:
    assert len(quoted(TABLE, "What are the prices?").lines) == 6


def test_a_question_in_another_language_gets_the_whole_passage() -> None:
    assert "Zone 1: free" in beginning(TABLE).lines
    assert "Hours" in beginning(TABLE).lines


def test_a_long_passage_is_quoted_around_the_sentence_that_answers() -> None:
    filler = " ".join(f"Sentence number {n} is about nothing at all." for n in range(30))
    lines = quoted(f"{filler} Gift vouchers are redeemed at checkout. {filler}", "Where are gift vouchers redeemed?").lines
    assert "Gift vouchers are redeemed at checkout." in " ".join(lines)
    assert len("\n".join(lines)) <= MAX_QUOTE


@pytest.mark.parametrize(
    ("number", "text", "found"),
    [
        ("60", "within 60 days", True),
        ("1,500", "up to €1500", True),
        ("1.500", "up to €1,500", True),
        ("25.5", "25,5 cm", True),
        ("100", "95 to 101", True),
        ("120", "100 and more", True),
        ("15", "from 20 pieces", False),
        ("2019", "since 2021", False),
        ("10", "100", False),
    ],
)
def test_a_number_is_found_by_its_value_or_its_range(number: str, text: str, found: bool) -> None:
    assert has_number(number, text) is found


def test_a_question_of_many_numbers_or_words_costs_little() -> None:
    table = "\n".join(f"{n} to {n + 5} kg: {n}.90 €" for n in range(1, 46))
    assert numbers("2 " * 3000 + "3") == ["2"]
    assert len(numbers(" ".join(map(str, range(100))))) == MAX_NUMBERS
    assert_quick(0.5, lambda: quoted(table, " ".join(f"{n} word{n}" for n in range(20_000))))
