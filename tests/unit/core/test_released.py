"""The part of a model's text that is shown: whole sentences with a source, and nothing that no passage holds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.core.domain import MessageKind, Passage
from services.core.domain.citations import CitedText, Marks
from services.core.domain.grounds import Grounds
from services.core.domain.phrases import phrases
from services.core.domain.released import MAX_HELD, Release
from services.core.domain.sentences import MAX_SENTENCE
from tests.support.budgets import assert_quick

OWN = phrases("en")
UNKNOWN = f"{OWN.not_known} {OWN.offer}"
PASSAGES = (
    Passage(
        "documents/d1/passages/1-0",
        "documents/d1",
        1,
        "Returns",
        "How long",
        "https://shop.example/returns",
        "You can return a parcel within 30 days, until 24 December 2026. The lid costs €1,000.50, less 5 %. Write to"
        " help@shop.example or call +49 30 1234567, from 9:00 to 17:00. See https://shop.example/help for details.",
    ),
    Passage("documents/d2/passages/1-0", "documents/d2", 1, "Shipping", "", "", "| To | Days |\n|---|---|\n| Norway | two |"),
)


def read(*pieces: str, cut: bool = False, small_talk: bool = False, live: bool = True) -> CitedText:
    """A reply as it is shown, from a model's pieces."""
    said, moment = ["My order is 4711. Can I return it?"], "Now it is 14:08 on Monday, 23 November 2026."
    grounds = Grounds(PASSAGES, said, ["Acme"], moment)
    marks, release = Marks(), Release(grounds, OWN, len(PASSAGES), small_talk=small_talk)
    reply, shown = CitedText(PASSAGES), ""
    for item in [*(item for piece in pieces for item in marks.feed(piece)), *marks.end()]:
        reply.add_all(release.feed(item))
        assert reply.text.startswith(shown), "nothing is taken back"
        shown = reply.text
    reply.add_all(release.end(cut=cut))
    assert reply.text.startswith(shown)
    return reply


def shows(text: str, **more: bool) -> str:
    return read(text, **more).text


def test_a_sentence_is_shown_when_it_is_complete_and_has_a_source() -> None:
    reply = CitedText(PASSAGES)
    marks, release = Marks(), Release(Grounds(PASSAGES), OWN, len(PASSAGES))
    seen = []
    for piece in ("You can return it ", "within 30 days ", "[1]", ". ", "Bring ", "the receipt.", " Anything else?"):
        for item in marks.feed(piece):
            reply.add_all(release.feed(item))
        seen.append(reply.text)
    first = "You can return it within 30 days."
    assert seen == ["", "", "", "", first, first, f"{first} Bring the receipt."]
    reply.add_all(release.end())
    assert reply.text == f"{first} Bring the receipt. Anything else?"
    assert [(reply.text[c.start : c.end], c.source.title) for c in reply.citations] == [(first[:-1], "Returns")]


def test_a_statement_waits_for_the_source_of_its_paragraph() -> None:
    assert shows("It is easy. It takes 30 days [1]. Bring it back.") == "It is easy. It takes 30 days. Bring it back."
    assert shows("It takes 30 days [1].\n\nIt is free.\n\nAnything else?") == "It takes 30 days.\n\nAnything else?"
    assert shows("Sizes:\n\n- Norway: two days\n- more\n\n- and more [2]\n\nFree.") == (
        "Sizes:\n\n- Norway: two days\n- more\n\n- and more"
    )
    assert shows("**Returns**\n\nWithin 30 days [1].") == "**Returns**\n\nWithin 30 days."
    assert shows("| To | Days |\n|---|---|\n| Norway | two [2] |\n| Spain | 77 [2] |") == (
        "| To | Days |\n|---|---|\n| Norway | two |"
    )


@pytest.mark.parametrize(
    "text",
    [
        "Returns are free.",
        "Returns are free. Would you like to talk to a human?",
        "I'm sorry, our pages do not say so.\n\nShall I ask a colleague?",
        "Yes, you can.",
        "Of course.",
        "**Shipping is free.**\n\nIt is.",
        "**Your refund is guaranteed by law**\n\nReturns within 31 days [1].",
        "Returns are free for all your orders;\n- We also pay customs;",
        "We accept every return forever; does that help you?",
        "Wir nehmen alles immer zurück – hilft Ihnen das?",
        "All our parcels are free of any charge: is that fine?",
        "It takes 31 days [1].",
        "It is free [7].",
        "Everything is free:",
        "送料は無料です。",
        "Die Rücksendung ist kostenlos.",
        "<b>30 days</b> [1]",
    ],
)
def test_an_answer_without_a_source_becomes_an_honest_one(text: str) -> None:
    reply = read(text)
    assert (reply.text, reply.kind, reply.citations) == (UNKNOWN, MessageKind.UNKNOWN, ())


@pytest.mark.parametrize(
    "text",
    [
        "You're welcome! Let me know if you have any other questions.",
        "I'm sorry to hear that! What is your order number?",
        "Gerne! Kann ich sonst noch etwas für Sie tun?",
        "Merci ! Puis-je vous aider ?",
        "Hvad kan jeg hjælpe med?",
        "Just to be sure: what is your order number?",
        "Τι αριθμό έχει η παραγγελία;",
    ],
)
def test_courtesies_and_questions_need_no_source(text: str) -> None:
    reply = read(text)
    assert (reply.text, reply.kind) == (text, MessageKind.ANSWER)


def test_small_talk_needs_no_source_but_is_checked() -> None:
    assert shows("Hi! I answer questions about our shop.", small_talk=True) == "Hi! I answer questions about our shop."
    assert shows("Hi! See https://evil.example now. Ask away.", small_talk=True) == "Hi! Ask away."


def test_what_the_model_does_not_know_is_shown_as_such_and_checked() -> None:
    reply = read("[unknown] I do not know that. Call 0900 123 123. Shall I bring in a human?")
    assert (reply.text, reply.kind) == ("I do not know that. Shall I bring in a human?", MessageKind.UNKNOWN)
    assert shows("[unknown] See http://evil.example.") == UNKNOWN
    assert shows("[unknown] Call 0900 123 123. I do not know that.") == "I do not know that."


@pytest.mark.parametrize(
    "text",
    [
        "I do not know that.",
        "I am not sure about that.",
        "I'm sorry, but I couldn't find any information.",
        "Ich weiß nicht, ob wir dorthin liefern.",
        "Je ne sais pas. Puis-je vous aider ?",
    ],
)
def test_a_sentence_that_admits_not_to_know_is_shown(text: str) -> None:
    assert shows(f"[unknown] {text}") == text


@pytest.mark.parametrize(
    "text",
    [
        "Returns are free.",
        "I don't know, but returns are free.",
        "Yes, you can.",
        "We do not charge for returns.",
        "You need no answer.",
    ],
)
def test_the_mark_of_an_unknown_answer_lets_no_statement_pass(text: str) -> None:
    assert shows(f"[unknown] {text}") == shows(f"{text} [unknown]") == UNKNOWN
    assert shows(f"[unknown] I do not know that. {text}\n\nIt takes 30 days [1].") == (
        "I do not know that.\n\nIt takes 30 days."
    )


def test_a_line_in_bold_that_states_something_is_no_heading() -> None:
    for line in ("**Your refund is guaranteed by law**", "# We pay for all", "**Wir zahlen immer**", "**Free.**"):
        assert shows(f"{line}\n\nWithin 30 days [1].") == "Within 30 days."
    assert shows("## How to return\n\nWithin 30 days [1].") == "## How to return\n\nWithin 30 days."


@pytest.mark.parametrize(
    "sentence",
    [
        "By 24 December",
        "By 24.12.2026",
        "By December 24",
        "Am 24. Dezember",
        "It costs 1.000,50 EUR",
        "It costs 1 000,50 €",
        "It costs €1000.50",
        "You save 5%",
        "You save fünf Prozent",
        "Two days to Norway",
        "2 days to Norway",
        "Until 5 pm",
        "At 09:00",
        "Call 030 1234567",
        "Call 0049 30 1234567",
        "Mail help@shop.example",
        "See https://shop.example/help",
        "See [our help](https://shop.example/help)",
        "See <https://shop.example/returns>",
        "See shop.example",
        "Your order 4711 can go back",
        "Until then it is Monday, 23 November",
        "Today is 23 November 2026",
        "Hoje é 23 de novembro",
        "Heute ist der 23.11.2026",
        "Today is 2026-11-23",
        "It is 14:08 now",
        "It is 2:08 pm now",
        "There are three ways",
        "Compare: 5 < 30 and -> here",
        "Put <your name> on it",
    ],
)
def test_what_the_passages_the_customer_or_the_business_say_is_shown(sentence: str) -> None:
    assert shows(f"{sentence} [1].") == f"{sentence}."


@pytest.mark.parametrize(
    "sentence",
    [
        "By 25 December",
        "By 24.11.2026",
        "Am 24. November 2025",
        "It costs 1.000,51 EUR",
        "It costs $1000.50",
        "It costs 10,005 EUR",
        "You save 30 pounds",
        "Within 8 weeks",
        "Within 23 days",
        "Within 14 days",
        "Within 11 days",
        "Within 23 days, from 23 November",
        "By 11 December",
        "By 8.11.2026",
        "By 2026-11-24",
        "Within eight weeks",
        "In acht Wochen",
        "٩٩ days",
        "Until 6:45 pm",
        "Call 030 7654321",
        "Call +1 900 123 4567",
        "Mail evil@shop.example",
        "Mail help@evil.example",
        "See https://shop.example/help?leak=1",
        "See https://evil.example",
        "See [our help](https://evil.example)",
        "See [our help](//evil.example/x)",
        "See [our help](javascript:alert)",
        "See www.evil.example",
        "See evil.example",
        "Within twenty-five days",
        "In fünfundzwanzig Tagen",
        "Entro trentacinque giorni",
        "Dans quatre-vingt-dix jours",
        "In two hundred days",
        "We pay 30 EUR back",
        "We pay thirty euros back",
        "You save 1000.5 %",
        "See EVIL.EXAMPLE",
        "See Evil.Com",
        "See Evil.De",
        "See Evil.Example/refund",
        "See https:/evil.example",
        "See https:evil.example",
        "See HTTPS:/Evil.Example",
        "See ./evil.example",
        "See ht\u200btps://shop.example",
        "See &#104;ttps://evil.example",
        "See https\\://evil.example",
        "See ![a picture](https://shop.example/help)",
        "See <img src=x",
        "See <a href='https://shop.example/help'>this</a>",
        "See <!-- hidden -->",
        "See <span>this</span>",
        "This \u202etxet neddih",
        "This\U000e0041\U000e0042 one",
    ],
)
def test_what_no_one_said_links_images_and_hidden_text_are_not_shown(sentence: str) -> None:
    assert shows(f"{sentence} [1].") == UNKNOWN
    assert shows(f"It is open [1]. {sentence} [1]. Bring it [1].") == "It is open. Bring it."


def test_a_hidden_definition_is_not_shown() -> None:
    assert shows("It is open [1].\n\n[a]: https://shop.example/help\n[//]: # (hidden)") == "It is open."


def test_a_source_of_what_is_dropped_stays_with_what_it_supports_too() -> None:
    reply = read("It is easy. It takes 31 days. [1] Bring it.")
    assert reply.text == "It is easy. Bring it."
    assert [reply.text[c.start : c.end] for c in reply.citations] == ["It is easy."]


def test_an_answer_that_was_cut_off_ends_with_its_last_sentence_and_says_so() -> None:
    assert shows("Within 30 days [1]. Then you", cut=True) == f"Within 30 days.\n\n{OWN.cut_short}"
    assert shows("Within 30 days [1]. Bring it.", cut=True) == f"Within 30 days. Bring it.\n\n{OWN.cut_short}"
    assert shows("Within 30", cut=True) == UNKNOWN
    assert shows("", cut=True) == UNKNOWN


def test_what_waits_is_bounded() -> None:
    names = ["Parcels", "Boots", "Tents", "Jackets", "Lamps", "Ropes", "Maps", "Gloves", "Socks", "Hats"]
    headings = "".join(f"# {name}\n\n" for name in names)
    assert shows(f"{headings}It takes 30 days [1].").startswith("# Tents\n\n# Jackets")
    assert len(shows("It is free. " * (MAX_HELD // 8) + "It takes 30 days [1].")) < MAX_HELD + 500
    assert shows("free " * MAX_SENTENCE + "[1]. It takes 30 days [1].") == "It takes 30 days."
    assert shows("free" * 10_000) == UNKNOWN


@pytest.mark.parametrize(
    "filling",
    [
        ".",
        " ",
        "\n",
        "a",
        "a.",
        "1 ",
        "<a",
        "[",
        "(",
        "a@",
        "//",
        "`",
        "? ",
        "de may ",
        "https:",
        "a/",
        "a-",
        "; ",
        "one ",
        "\n\n# H\n",
    ],
)
def test_no_text_takes_long(filling: str) -> None:
    text = filling * (6_000 // len(filling))

    def judge() -> None:
        shows(text)
        read(*text[:3_000])
        assert not Grounds(PASSAGES, [text]).supports(f"{text[:1_900]} 77")

    assert_quick(0.6, judge)


@pytest.mark.parametrize("filling", ["a", "a.", "a+", "a-", "a@", "//", "https:", "www.", "1 "])
def test_the_longest_message_of_a_customer_takes_no_long_time(filling: str) -> None:
    message = (filling * 16_000)[:16_000]

    def judge() -> None:
        assert not Grounds((), [message]).supports("See evil.example or x@evil.example, 77")

    assert_quick(0.2, judge)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Er kostet ca. 30 Tage, z. B. am 24. Dezember [1]. Dr. Ott hilft.", True),
        ("It is open e.g. on (24. December) [1]. **Note. It** is open [1].", True),
        ("可以在30天内退货。[1]不需要收据。", True),
    ],
)
def test_a_full_stop_is_not_always_an_end(text: str, shown: bool) -> None:
    assert (shows(text) != UNKNOWN) is shown


PIECES = st.lists(
    st.sampled_from(
        [
            *(
                "It is open",
                " [1]",
                "[2]",
                "[9]",
                ". ",
                "! ",
                "?",
                "\n",
                "\n\n",
                "- ",
                "1. ",
                "30 days",
                "31 days",
                "Then",
                "x",
            ),
            *(
                "| a | b |\n",
                "**",
                "`",
                "```\n",
                "Hello",
                "https://evil.example",
                " ",
                "。",
                "z. B. ",
                "[",
                "]",
                "(",
                "<b>",
                ":",
            ),
        ]
    ),
    max_size=40,
)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(PIECES, st.data(), st.booleans())
def test_however_a_reply_is_split_the_same_is_shown(pieces: list[str], data: st.DataObject, cut: bool) -> None:
    text = "".join(pieces)
    whole, by_piece = read(text, cut=cut), read(*pieces, cut=cut)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=10)))
    split = read(*(text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)), cut=cut)
    for other in (by_piece, split, read(*text, cut=cut)):
        assert (other.text, other.citations, other.kind) == (whole.text, whole.citations, whole.kind)
    assert "31 days" not in whole.text
    assert "evil" not in whole.text
    assert "<b>" not in whole.text
