"""Streams as server-sent events, as the gateway asks for them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from frontdesk.core import v1 as pb
from google.api.httpbody_pb2 import HttpBody

from kit import errors
from tests.rpc.kit.conftest import NAME, Desk, refused

PATH = "/frontdesk.core.v1.ConversationService/WatchConversation"
EVENTS = ("x-stream-form", "events")


async def three(request: Any, context: Any) -> AsyncIterator[Any]:
    yield pb.WatchConversationResponse(resume_token="1-1", heartbeat={})
    yield pb.WatchConversationResponse(resume_token=request.resume_token or "1-2", heartbeat={})
    raise errors.Aborted("The stream ended as planned.", reason="STREAM_ENDED", resume_token="1-2")


def watch(desk: Desk, *metadata: tuple[str, str], **request: str) -> Any:
    call: Any = cast(Any, desk.channel).unary_stream(PATH, response_deserializer=HttpBody.FromString)
    data = pb.WatchConversationRequest(name=NAME, **request).SerializeToString()
    return call(data, metadata=(*desk.user(), *metadata))


async def test_each_response_is_an_event_with_its_resume_token_and_the_end_is_one_too(desk: Desk) -> None:
    desk.streams = three
    bodies = [body async for body in watch(desk, EVENTS)]
    assert {body.content_type for body in bodies} == {"text/event-stream"}
    first, second, end = [body.data.decode() for body in bodies]
    assert first == 'retry: 1000\nid: 1-1\ndata: {"resumeToken":"1-1","heartbeat":{}}\n\n'
    assert second == 'id: 1-2\ndata: {"resumeToken":"1-2","heartbeat":{}}\n\n'
    name, data = end.removesuffix("\n\n").split("\n")
    assert name == "event: error"
    status = json.loads(data.removeprefix("data: "))
    assert (status["code"], status["message"]) == (10, "The stream ended as planned.")
    assert status["details"][0]["reason"] == "STREAM_ENDED"
    assert status["details"][0]["metadata"] == {"resume_token": "1-2"}


async def test_a_stream_continues_after_the_last_event_that_was_received(desk: Desk) -> None:
    desk.streams = three
    bodies = [body async for body in watch(desk, EVENTS, ("last-event-id", "7-7"), resume_token="5-5")]
    assert b"id: 7-7\n" in bodies[1].data, "what was received last is newer than what the address says"


async def test_what_was_received_last_obeys_the_contract_as_if_it_stood_in_the_request(desk: Desk) -> None:
    desk.streams = three
    told = await refused(watch(desk, EVENTS, ("last-event-id", "9" * 5000 + "-1")).read())
    assert (told.code, told.fields) == ("INVALID_ARGUMENT", ["resumeToken"])


async def test_an_error_before_the_first_response_is_the_calls_own(desk: Desk) -> None:
    async def missing(request: Any, context: Any) -> AsyncIterator[Any]:
        raise errors.NotFound("No such conversation.", reason="CONVERSATION_NOT_FOUND")
        yield

    desk.streams = missing
    told = await refused(watch(desk, EVENTS).read())
    assert (told.code, told.reason) == ("NOT_FOUND", "CONVERSATION_NOT_FOUND")


@pytest.mark.parametrize("metadata", [(), (("accept", "text/event-stream"),)])
async def test_other_callers_get_messages(desk: Desk, metadata: tuple[tuple[str, str], ...]) -> None:
    desk.streams = three
    call: Any = pb.ConversationServiceStub(desk.channel).WatchConversation(
        pb.WatchConversationRequest(name=NAME), metadata=(*desk.user(), *metadata)
    )
    assert (await call.read()).resume_token == "1-1"
    call.cancel()
