"""Requests that are allowed by their form and wrong all the same: refused in words, never a bug on our side."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from frontdesk.core import v1 as pb
from frontdesk.core.internal import v1 as internal
from google.protobuf.timestamp_pb2 import Timestamp

from kit import pages
from stack.testing import TestStores
from tests.rpc.core.conftest import CHANNEL, ORGANIZATION, Desk, Knowledge, run_core
from tests.rpc.core.test_conversations import refused

INVALID_TOKEN = (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_PAGE_TOKEN")
INVALID_REQUEST = (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_REQUEST")


@pytest.fixture
def postgres_url(stores: TestStores) -> str:
    return stores.emptied_urls("core")["core"]


@pytest.fixture
async def desk(stores: TestStores, tmp_path: Path, postgres_url: str) -> AsyncIterator[Desk]:
    async with run_core(stores, tmp_path, postgres_url, Knowledge()) as running:
        yield running


async def test_texts_may_hold_any_character_that_text_has(desk: Desk) -> None:
    conversation = await desk.open("texts")
    text = "é 漢字 🧵 \u202e\u200b \ufeff \\u0000 '; drop table message; -- \r\n\t\x01"
    await desk.say(conversation, text, "any")
    assert (await desk.until(conversation, 2))[0].text == text


async def test_a_null_character_which_no_store_takes_is_refused(desk: Desk) -> None:
    conversation = await desk.open("null")
    code, _ = await refused(desk.say(conversation, "a\x00b", "null"))
    assert code == grpc.StatusCode.INVALID_ARGUMENT
    code, _ = await refused(desk.open("a\x00b"))
    assert code == grpc.StatusCode.INVALID_ARGUMENT
    request = pb.ListCustomersRequest(parent=ORGANIZATION, query="a\x00b")
    code, _ = await refused(desk.customers.ListCustomers(request, metadata=desk.as_user("*")))
    assert code == grpc.StatusCode.INVALID_ARGUMENT


def forged(*position: object, filter: str = "") -> str:
    fingerprint = json.loads(base64.urlsafe_b64decode(pages.encode(filter=filter) + "=="))[0]
    return base64.urlsafe_b64encode(json.dumps([fingerprint, *position]).encode()).decode().rstrip("=")


FORGED: list[tuple[Any, ...]] = [(), ("x",), (2**70,), (-1,), ("2026-01-01", 5), ("x", "y"), ("2026-01-01T00:00:00", "a\x00")]


@pytest.mark.parametrize("position", FORGED)
async def test_a_page_token_that_was_made_up_or_is_another_lists_is_refused(desk: Desk, position: tuple[Any, ...]) -> None:
    conversation = await desk.open("pages")
    every = desk.as_user("*")
    token = forged(*position)
    conversations = pb.ListConversationsRequest(parent=ORGANIZATION, page_token=token)
    assert await refused(desk.conversations.ListConversations(conversations, metadata=every)) == INVALID_TOKEN
    customers = pb.ListCustomersRequest(parent=ORGANIZATION, page_token=token)
    assert await refused(desk.customers.ListCustomers(customers, metadata=every)) == INVALID_TOKEN
    token = forged(*position, filter=conversation.name)
    messages = pb.ListMessagesRequest(parent=conversation.name, page_token=token)
    assert await refused(desk.messages.ListMessages(messages, metadata=every)) == INVALID_TOKEN


@pytest.mark.parametrize("field", ["start_time", "end_time"])
@pytest.mark.parametrize("seconds", [-(10**15), -62_135_596_801, 253_402_300_800, 10**15])
async def test_a_moment_outside_the_calendar_is_refused(desk: Desk, field: str, seconds: int) -> None:
    moment: dict[str, Any] = {field: {"seconds": seconds}}
    request = pb.ListConversationsRequest(parent=ORGANIZATION, **moment)
    assert await refused(desk.conversations.ListConversations(request, metadata=desk.as_user("*"))) == INVALID_REQUEST
    first_and_last: dict[str, Any] = {"start_time": {"seconds": -62_135_596_800}, "end_time": {"seconds": 253_402_300_799}}
    request = pb.ListConversationsRequest(parent=ORGANIZATION, **first_and_last)
    await desk.conversations.ListConversations(request, metadata=desk.as_user("*"))


async def test_a_conversation_is_found_by_its_address_on_its_channel_alone(desk: Desk) -> None:
    conversation = await desk.open("address")
    request = internal.ReceiveMessageRequest(
        parent=ORGANIZATION,
        channel=f"{CHANNEL}-two",
        source_id="address",
        identity=pb.Identity(kind=pb.IDENTITY_KIND_BROWSER, value="address", verify_time=Timestamp(seconds=1)),
        text="Hi",
    )
    received = await desk.inside.messages.ReceiveMessage(request, metadata=desk.as_service("channel"))
    assert not received.message.name.startswith(conversation.name)
