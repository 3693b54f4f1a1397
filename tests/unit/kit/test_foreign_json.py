"""JSON of other programs: whatever is wrong with it, its reader says so in its own words."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest

from kit.errors import StoreUnavailable
from kit.foreign_json import UNREADABLE
from kit.ids import OrganizationId
from services.channel.adapters.twilio import api, files, webhooks
from services.channel.domain.channels import WEB_CHAT, Channel, ChannelId
from services.channel.domain.providers import OutcomeUnknown, WebhookInvalid
from services.core.adapters.completions import posted
from services.core.domain.model_problems import ModelProblem
from services.core.ports.assistant import AssistantFailed
from services.memory.adapters import chroma
from services.memory.adapters.http import Response
from stack.home import REPOSITORY

DEEP = b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
HOSTILE = pytest.mark.parametrize(
    "body", [b'{"message":"\xff"}', b'{"message":"\xed\xa0\x80"}', b'{"message":"\\ud800"}', DEEP, b"{", b""]
)
"""Invalid UTF-8, a surrogate's bytes, a lone surrogate, deep nesting, and what is no JSON."""


class Message(msgspec.Struct):
    message: str = ""


@HOSTILE
def test_every_way_to_be_unreadable_is_known(body: bytes) -> None:
    for kind in (Message, dict[str, object]):
        with pytest.raises(UNREADABLE):
            msgspec.json.decode(body, type=kind)


@HOSTILE
def test_twilios_answers_and_errors_are_refused_in_words(body: bytes) -> None:
    with pytest.raises(OutcomeUnknown, match="cannot be read"):
        api.Answer(body).parsed(Message)
    with pytest.raises(OutcomeUnknown, match="cannot be read"):
        files._nth(body, 0)
    assert api._words(500, body) == "HTTP 500 from Twilio."


def test_a_signed_webhook_that_is_nested_too_deeply_is_invalid() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    channel = Channel(OrganizationId("acme"), ChannelId("wa"), WEB_CHAT, "A channel", None, now, now)
    with pytest.raises(WebhookInvalid):
        webhooks._json(channel, DEEP.decode())


@HOSTILE
async def test_a_models_answer_that_cannot_be_read_is_its_failure(body: bytes) -> None:
    @asynccontextmanager
    async def post(*_: object, **__: object) -> AsyncIterator[object]:
        yield SimpleNamespace(status=200)

    with pytest.raises(AssistantFailed) as failed:
        async with posted(cast("Any", SimpleNamespace(post=post)), "http://model", b"", {}):
            msgspec.json.decode(body, type=Message)
    assert failed.value.problem is ModelProblem.ANSWER_UNREADABLE


@HOSTILE
def test_a_reply_of_the_vector_store_that_cannot_be_read_is_its_failure(body: bytes) -> None:
    with pytest.raises(StoreUnavailable):
        chroma._read(Response(200, body), Message)


def test_no_code_catches_only_the_errors_of_msgspec_itself() -> None:
    """They are not all that its decoder raises."""
    narrow = re.compile(r"except .*msgspec\.(MsgspecError|DecodeError)")
    paths = [
        path for folder in ("kit", "services", "embedder", "stack", "gateway") for path in (REPOSITORY / folder).rglob("*.py")
    ]
    assert [str(path) for path in paths if narrow.search(path.read_text(encoding="utf-8"))] == []
