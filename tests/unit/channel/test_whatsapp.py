"""WhatsApp's form of what is said: its marks, its length, and words for what is no text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.ids import OrganizationId
from services.channel.adapters.twilio.whatsapp import render, split
from services.channel.domain.channels import ChannelId
from services.channel.domain.inbound import AddressKind, Sender, arrive_by_provider
from services.channel.domain.providers import Citation, OutboundContent, Source


@pytest.mark.parametrize(
    ("markdown", "whatsapp"),
    [
        ("You have **30 days** [1].", "You have *30 days* [1]."),
        ("Cell [1](x)", "Cell 1 (x)"),
        ("An *important* word", "An _important_ word"),
        ("__Bold__ and _italic_", "*Bold* and _italic_"),
        ("**bold with *italic* in it**", "*bold with _italic_ in it*"),
        ("~~never~~", "~never~"),
        ("## Returns\nText", "*Returns*\nText"),
        ("# **Returns**", "*Returns*"),
        ("* one\n* two\n1. three", "- one\n- two\n1. three"),
        ("See [our page](https://shop.example/returns).", "See our page (https://shop.example/returns)."),
        ("<https://shop.example>", "https://shop.example"),
        ("Use `a*b*c` now", "Use `a*b*c` now"),
        ("```python\na ** b\n```", "```\na ** b\n```"),
        ("2 * 3 * 4 = 24", "2 * 3 * 4 = 24"),
        (r"Five \* stars", "Five * stars"),
    ],
)
def test_markdown_becomes_whatsapps_marks(markdown: str, whatsapp: str) -> None:
    assert render(OutboundContent(markdown, markdown=True)) == whatsapp


def test_a_customers_message_is_cut_where_core_takes_no_more_and_holds_no_null() -> None:
    sender = Sender(AddressKind.WHATSAPP, "+49")
    arrival = arrive_by_provider(OrganizationId("acme"), ChannelId("wa"), "SM1", sender, "a\0b" + "x" * 20_000)
    assert (arrival.text[:3], len(arrival.text)) == ("abx", 16_000)


def test_what_a_person_wrote_stays_as_it_is() -> None:
    assert render(OutboundContent("**30 days** for *everybody*")) == "**30 days** for *everybody*"


def test_sources_are_short_lines_at_the_end() -> None:
    sources = (Source("Returns", "https://shop.example/returns"), Source("Terms", ""))
    citations = (Citation(11, 1), Citation(11, 2), Citation(19, 1))
    assert render(OutboundContent("**30 days**. Really(x).", True, citations, sources)) == (
        "*30 days* [1][2]. Really [1](x).\n\n[1] Returns: https://shop.example/returns\n[2] Terms"
    )


def test_offsets_count_code_points_and_a_number_that_was_typed_is_text() -> None:
    content = OutboundContent("😀 é [1] \x011\x02 ok", False, (Citation(len("😀 é"), 1),), (Source("A", ""),))
    assert render(content) == "😀 é [1] [1]  1  ok\n\n[1] A"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("short", ["short"]),
        ("", []),
        ("One paragraph.\n\nAnother one.", ["One paragraph.", "Another one."]),
        ("A first line\nand a second", ["A first line", "and a second"]),
        ("A sentence here. And one more", ["A sentence here.", "And one more"]),
        ("words and words and words", ["words and words and", "words"]),
        ("a" * 45, ["a" * 20, "a" * 20, "a" * 5]),
        ("😀" * 15, ["😀" * 10, "😀" * 5]),
    ],
)
def test_long_texts_are_cut_where_it_hurts_least(text: str, parts: list[str]) -> None:
    assert split(text, 20) == parts


@given(st.text(alphabet=st.sampled_from("ab.! \n😀é"), max_size=300))
def test_parts_hold_everything_and_are_short_enough(text: str) -> None:
    parts = split(text, 20)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(part and len(part.encode("utf-16-le")) <= 40 for part in parts)
