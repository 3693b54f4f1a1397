"""Contents of messages: words for every part, and what is kept of them."""

from __future__ import annotations

import msgspec
import pytest

from kit.errors import PartNotAllowed, TextEmpty, TextTooLong
from services.core.domain import Content, Role, State, content, post, receive
from tests.unit.core.making import NOW, ROBIN, conversation

S = State.ASSIGNED

PARTS = {
    "text": (content.Text("Hello"), "Hello"),
    "markdown": (content.Text("**Hi**", markdown=True), "**Hi**"),
    "file": (content.Attachment(file_name="terms.pdf"), "[File: terms.pdf]"),
    "picture": (content.Attachment(content.AttachmentKind.IMAGE, media_type="image/png"), "[Picture: image/png]"),
    "voice": (content.Attachment(content.AttachmentKind.VOICE), "[Voice message]"),
    "location": (content.Location(48.2082, 16.3738, "Café", "Ring 1"), "[Location: Café, Ring 1, 48.2082, 16.3738]"),
    "contact": (content.Contact("Kim", ("+43 1",), ("kim@example.com",)), "[Contact: Kim, +43 1, kim@example.com]"),
    "reaction": (content.Reaction("👍"), "[Reaction: 👍]"),
    "no reaction": (content.Reaction(), "[Reaction: removed]"),
    "options": (content.Interactive((content.Option("y", "Yes"), content.Option("n", "No"))), "[Options: Yes, No]"),
    "selection": (content.Selection("y", "Yes"), "Yes"),
    "selection by id": (content.Selection("y"), "[Choice: y]"),
    "template": (content.Template("order_ready", text="Ready!"), "Ready!"),
    "template without text": (content.Template("order_ready"), "[Template: order_ready]"),
    "mail": (content.EmailBody("Hi", "> before"), "Hi"),
    "notice": (content.SystemNotice("changed their number"), "[Notice: changed their number]"),
}


@pytest.mark.parametrize(("part", "words"), PARTS.values(), ids=PARTS)
def test_every_part_has_words(part: content.Part, words: str) -> None:
    assert Content((part,)).words == words


def test_every_kind_of_part_is_tried() -> None:
    assert {type(part) for part, _ in PARTS.values()} == set(content.Part.__args__)


@pytest.mark.parametrize("part", [part for part, _ in PARTS.values()], ids=PARTS)
def test_parts_come_back_as_they_were_stored(part: content.Part) -> None:
    said = Content((content.Text("See:"), part), "Subject", "m1")
    assert msgspec.json.decode(msgspec.json.encode(said), type=Content) == said
    assert msgspec.convert(msgspec.to_builtins(said), Content) == said


def test_a_text_alone_is_kept_once() -> None:
    message = receive(conversation(), Content.of("Hello"), "s", NOW).messages[0]
    assert (message.text, message.content, message.markdown) == ("Hello", None, False)


@pytest.mark.parametrize(
    "said",
    [
        Content((content.Text("Hello"),), subject="Hi"),
        Content((content.Text("Hello"),), reply_to="m1"),
        Content((content.Text("Hello"), content.Text("again"))),
        Content((content.Selection("h", "Hello"),)),
    ],
)
def test_whatever_is_more_than_a_text_is_kept_whole(said: Content) -> None:
    message = receive(conversation(), said, "s", NOW).messages[0]
    assert (message.text, message.content) == (said.words, said)


def test_words_are_a_line_for_each_part_under_the_subject() -> None:
    said = Content((content.Text("Look:"), content.Attachment(file_name="a.png"), content.EmailBody()), "Broken lamp")
    assert said.words == "Broken lamp\nLook:\n[File: a.png]"


def test_a_reaction_asks_nothing_and_a_reaction_with_words_does() -> None:
    silent = receive(conversation(), Content((content.Reaction("👍"),)), "s", NOW)
    assert (silent.turns, silent.after.last_customer_seq, len(silent.messages)) == ((), 0, 1)
    assert receive(conversation(), Content((content.Reaction("👍"), content.Text("and?"))), "s", NOW).turns


def test_a_picture_is_answered() -> None:
    assert receive(conversation(), Content((content.Attachment(content.AttachmentKind.IMAGE),)), "s", NOW).turns


@pytest.mark.parametrize(
    "said",
    [Content.of(" \n"), Content((content.Text("\u200b"), content.Text("\u3164"))), Content((content.Template("t", text=" "),))],
)
def test_an_agent_says_nothing_blank(said: Content) -> None:
    with pytest.raises(TextEmpty):
        post(conversation(S), ROBIN, said, "r", NOW)


@pytest.mark.parametrize("part", [content.Selection("a"), content.SystemNotice("x"), content.EmailBody("Hi")])
def test_an_agent_chooses_nothing_and_is_no_provider(part: content.Part) -> None:
    with pytest.raises(PartNotAllowed):
        post(conversation(S), ROBIN, Content((part,)), "r", NOW)


def test_all_parts_together_have_a_length() -> None:
    half = "x" * (content.MAX_CHARACTERS // 2)
    assert post(conversation(S), ROBIN, Content((content.Text(half),)), "r", NOW).messages[0].role is Role.AGENT
    whole = Content((content.Text(half), content.Text(half)))
    with pytest.raises(TextTooLong):
        post(conversation(S), ROBIN, whole, "r", NOW)
    taken = receive(conversation(), whole, "s", NOW).messages[0]
    assert (len(taken.text), taken.content) == (content.MAX_CHARACTERS, whole), "a customer's message is taken in any case"
