"""Everything around a call: who calls, what is checked, how it fails, and what is written down."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest
from frontdesk.admin import v1 as admin_pb
from frontdesk.channel import v1 as channel_pb
from frontdesk.core import v1 as pb
from frontdesk.core.internal import v1 as internal
from google.protobuf.timestamp_pb2 import Timestamp

from kit import client, deadline, errors, log, telemetry
from tests.rpc.kit.conftest import NAME, Desk, StoreAway, refused

SECRET = "the customer's own words"


def logged(caplog: pytest.LogCaptureFixture, message: str) -> str:
    """The log's lines for operators, beside what callers receive."""
    [error] = {str(getattr(record, "error", "")) for record in caplog.records if record.message == message}
    return error


async def test_a_call_with_a_good_token_goes_through(desk: Desk) -> None:
    assert (await desk.get()).name == NAME


@pytest.mark.parametrize(
    ("authorization", "reason"),
    [
        ("", "TOKEN_MISSING"),
        ("Bearer", "TOKEN_MISSING"),
        ("Bearer ", "TOKEN_MISSING"),
        ("nonsense", "TOKEN_MISSING"),
        ("Basic dXNlcg==", "INVALID_TOKEN"),
        ("Bearer nonsense", "INVALID_TOKEN"),
    ],
)
async def test_without_a_good_token_no_one_comes_in(desk: Desk, authorization: str, reason: str) -> None:
    metadata = (("authorization", authorization),) if authorization else ()
    told = await refused(desk.get(metadata=metadata))
    assert (told.code, told.reason, told.domain) == ("UNAUTHENTICATED", reason, "core.frontdesk")


async def test_the_scheme_of_a_token_may_be_in_any_case(desk: Desk) -> None:
    [(key, value)] = desk.user()
    assert (await desk.get(metadata=((key, value.replace("Bearer", "bEARER")),))).name == NAME


async def test_a_token_without_the_permission_learns_which_one(desk: Desk) -> None:
    told = await refused(desk.get(metadata=desk.user("core.conversations.list")))
    assert (told.code, told.reason) == ("PERMISSION_DENIED", "PERMISSION_MISSING")
    assert told.metadata == {"permission": "core.conversations.read"}


async def test_internal_calls_are_for_the_services_they_list(desk: Desk) -> None:
    stub = internal.ConversationServiceStub(desk.channel)
    request = internal.OpenConversationRequest(
        parent="organizations/acme",
        channel="organizations/acme/channels/web",
        identity=pb.Identity(kind=pb.IDENTITY_KIND_BROWSER, value="b1", verify_time=Timestamp(seconds=1)),
    )
    assert (await stub.OpenConversation(request, metadata=desk.service("channel"))).name == "channel"
    for metadata in (desk.user("*"), desk.service("agent"), desk.service("core")):
        told = await refused(stub.OpenConversation(request, metadata=metadata))
        assert (told.code, told.reason) == ("PERMISSION_DENIED", "CALLER_NOT_ALLOWED")


async def test_public_calls_need_no_token_and_are_checked_all_the_same(desk: Desk) -> None:
    stub = channel_pb.WebChatServiceStub(desk.channel)
    name = "organizations/acme/channels/web"
    assert (await stub.OpenSession(channel_pb.OpenSessionRequest(channel=name))).name == name
    told = await refused(stub.OpenSession(channel_pb.OpenSessionRequest(channel="web")))
    assert (told.code, told.reason, told.fields) == ("INVALID_ARGUMENT", "INVALID_REQUEST", ["channel"])


async def test_every_field_that_is_wrong_is_named(desk: Desk) -> None:
    stub = admin_pb.UserServiceStub(desk.channel)
    request = admin_pb.CreateUserRequest(parent="acme", user=admin_pb.User(email="no mail"), password="short")
    told = await refused(stub.CreateUser(request, metadata=desk.user()))
    assert (told.code, told.reason) == ("INVALID_ARGUMENT", "INVALID_REQUEST")
    assert {"parent", "user.email"} <= set(told.fields)


async def test_a_name_of_another_organization_is_refused_wherever_it_stands(desk: Desk) -> None:
    other = "organizations/other/conversations/c1"
    told = await refused(desk.get(other))
    assert (told.code, told.reason, told.metadata) == ("PERMISSION_DENIED", "ORGANIZATION_MISMATCH", {"name": other})
    users = admin_pb.UserServiceStub(desk.channel)
    user = admin_pb.User(
        email="kim@example.com", display_name="Kim", roles=["organizations/acme/roles/r", "organizations/other/roles/r"]
    )
    create = admin_pb.CreateUserRequest(parent="organizations/acme", user=user, password="correct horse battery")
    assert (await refused(users.CreateUser(create, metadata=desk.user()))).metadata == {"name": "organizations/other/roles/r"}
    assign = admin_pb.AssignRolesRequest(name="organizations/acme/users/u1", roles=user.roles)
    assert (await refused(users.AssignRoles(assign, metadata=desk.user()))).reason == "ORGANIZATION_MISMATCH"
    assign.roles.pop()
    assert (await users.AssignRoles(assign, metadata=desk.user())).roles == ["organizations/acme/roles/r"]


async def test_a_service_without_an_organization_may_act_in_all(desk: Desk) -> None:
    assert (await desk.get("organizations/other/conversations/c1", metadata=desk.service("agent", "*"))).name
    told = await refused(desk.get("organizations/other/conversations/c1", metadata=desk.service("agent", "acme")))
    assert told.reason == "ORGANIZATION_MISMATCH"


async def test_what_is_not_built_yet_says_so(desk: Desk) -> None:
    stub = pb.ConversationServiceStub(desk.channel)
    close = stub.CloseConversation(pb.CloseConversationRequest(name=NAME), metadata=desk.user())
    told = await refused(close)
    assert (told.code, told.reason) == ("UNIMPLEMENTED", "UNIMPLEMENTED")
    assert told.message == "frontdesk.core.v1.ConversationService/CloseConversation is part of the contract and not built yet."


@pytest.mark.parametrize("path", ["ConversationService/Nothing", "NoService/Nothing"])
async def test_what_is_in_no_contract_is_unimplemented(desk: Desk, path: str) -> None:
    call: Any = desk.channel.unary_unary(f"/frontdesk.core.v1.{path}")
    told = await refused(call(b"", metadata=desk.user()))
    assert told.code == "UNIMPLEMENTED"


@pytest.mark.breaks
async def test_a_bug_is_logged_with_its_trace_and_nothing_else(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    async def broken(request: Any, context: Any) -> Any:
        raise ValueError(SECRET)

    desk.does = broken
    told = await refused(desk.get(metadata=(*desk.user(), ("traceparent", f"00-{'a' * 32}-{'b' * 16}-01"))))
    assert (told.code, told.reason) == ("INTERNAL", "INTERNAL")
    assert "a" * 32 in told.message
    assert SECRET not in told.message
    assert SECRET.encode() not in told.raw
    assert b"ValueError" not in told.raw
    assert any(record.exc_info and SECRET in str(record.exc_info[1]) for record in caplog.records)


async def test_a_use_cases_error_keeps_its_code_reason_and_metadata(desk: Desk) -> None:
    async def limited(request: Any, context: Any) -> Any:
        raise errors.ResourceExhausted("Slow down.", reason="TOO_FAST", retry_seconds=2, limit=5)

    desk.does = limited
    told = await refused(desk.get())
    assert (told.code, told.reason, told.message) == ("RESOURCE_EXHAUSTED", "TOO_FAST", "Slow down.")
    assert told.metadata == {"retry_seconds": "2", "limit": "5"}
    assert b"RetryInfo" in told.raw


@pytest.mark.parametrize(("given", "header"), [({"retry_seconds": 0.2}, "1"), ({"retry_seconds": 88}, "88"), ({}, "60")])
async def test_a_limit_says_in_a_header_when_to_repeat(desk: Desk, given: dict[str, Any], header: str) -> None:
    async def limited(request: Any, context: Any) -> Any:
        raise errors.ResourceExhausted("Slow down.", reason="TOO_FAST", **given)

    desk.does = limited
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await desk.get()
    assert dict(caught.value.initial_metadata())["retry-after"] == header


@pytest.mark.parametrize("error", [StoreAway("10.0.0.1 is gone"), ConnectionRefusedError(111, "10.0.0.1")])
async def test_a_store_that_cannot_be_reached_is_unavailable(
    desk: Desk, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    async def unavailable(request: Any, context: Any) -> Any:
        raise error

    desk.does = unavailable
    told = await refused(desk.get())
    assert (told.code, told.reason) == ("UNAVAILABLE", "STORE_UNAVAILABLE")
    assert b"10.0.0.1" not in told.raw
    assert "builtins" not in told.metadata.values()
    assert "10.0.0.1" in logged(caplog, told.message)


async def test_a_null_character_is_found_wherever_it_stands(desk: Desk) -> None:
    users = admin_pb.UserServiceStub(desk.channel)
    user = admin_pb.User(email="kim@example.com", display_name="K\0im")
    create = admin_pb.CreateUserRequest(parent="organizations/acme", user=user, password="correct horse battery")
    told = await refused(users.CreateUser(create, metadata=desk.user()))
    assert (told.code, told.reason, told.fields) == ("INVALID_ARGUMENT", "INVALID_REQUEST", ["user.displayName"])


class Seen:
    """How long a call may take, as seen from within."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.cancelled = asyncio.Event()
        self.began = asyncio.Event()

    async def ask(self, request: Any, context: Any) -> Any:
        self.seconds = deadline.remaining(1000)
        return pb.Conversation()

    async def hang(self, request: Any, context: Any) -> Any:
        self.began.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            self.cancelled.set()
            raise


async def test_a_call_without_a_deadline_has_five_seconds_and_none_more_than_fifteen(desk: Desk) -> None:
    seen = Seen()
    desk.does = seen.ask
    for given, expected in ((None, 4.9), (2.0, 1.85), (600.0, 14.9)):
        start = time.monotonic()
        await desk.get(timeout=given)
        taken = time.monotonic() - start
        assert expected - taken <= seen.seconds <= expected + 0.05  # gRPC rounds up


async def test_time_that_ran_out_is_reported_as_such_and_not_as_a_store_that_is_unavailable(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = Seen()
    desk.does = seen.hang
    monkeypatch.setattr(deadline, "DEFAULT_SECONDS", 0.2)
    told = await refused(desk.get())
    assert (told.code, told.reason) == ("DEADLINE_EXCEEDED", "OUT_OF_TIME")
    assert seen.cancelled.is_set()


async def test_work_ends_a_moment_before_its_client_gives_up_so_that_the_client_learns_why(desk: Desk) -> None:
    async def reason() -> str:
        desk.does = Seen().hang
        told = await refused(desk.get(timeout=1.0))
        assert told.code == "DEADLINE_EXCEEDED"
        return told.reason

    # The moment is 50 ms: on a busy machine some of the answers arrive after it.
    assert "OUT_OF_TIME" in [await reason() for _ in range(4)]


@pytest.mark.parametrize("how", ["cancel", "deadline"])
async def test_a_client_that_leaves_ends_the_work(desk: Desk, how: str) -> None:
    seen = Seen()
    desk.does = seen.hang
    stub = pb.ConversationServiceStub(desk.channel)
    timeout = 2.0 if how == "deadline" else None
    call = stub.GetConversation(pb.GetConversationRequest(name=NAME), metadata=desk.user(), timeout=timeout)
    await asyncio.wait_for(seen.began.wait(), 30)
    if how == "cancel":
        call.cancel()
    await asyncio.wait_for(seen.cancelled.wait(), 30)


async def test_a_call_made_within_a_call_has_a_tenth_of_a_second_less_and_carries_its_ids(desk: Desk) -> None:
    inner: dict[str, Any] = {}

    async def outer_then_inner(request: Any, context: Any) -> Any:
        if request.name != NAME:
            inner.update(dict(context.invocation_metadata()), seconds=context.time_remaining(), trace=log.trace_id.get())
            return pb.Conversation()
        stub = pb.ConversationServiceStub(desk.channel)
        request = pb.GetConversationRequest(name=NAME + "-inner")
        return await client.call(stub.GetConversation, request, token=desk.keys.user_token("acme", ["*"]), timeout=9)

    desk.does = outer_then_inner
    trace = "c" * 32
    start = time.monotonic()
    await desk.get(metadata=(*desk.user(), ("traceparent", f"00-{trace}-{'d' * 16}-01"), ("x-request-id", "r-7")), timeout=3)
    taken = time.monotonic() - start
    assert 2.85 - taken <= inner["seconds"] <= 2.95
    assert inner["x-request-id"] == "r-7"
    assert inner["traceparent"].split("-")[1] == inner["trace"] == trace


async def test_no_call_is_made_when_no_time_is_left(desk: Desk) -> None:
    deadline.start(0.05)
    with pytest.raises(errors.DeadlineExceeded) as caught:
        await client.call(pb.ConversationServiceStub(desk.channel).GetConversation, pb.GetConversationRequest(), token="")
    assert caught.value.reason == "OUT_OF_TIME"


async def test_an_error_that_another_service_returned_is_passed_on_as_it_was(desk: Desk) -> None:
    async def outer_then_inner(request: Any, context: Any) -> Any:
        if request.name != NAME:
            raise errors.FailedPrecondition("Closed.", reason="CONVERSATION_CLOSED", conversation="c9")
        stub = pb.ConversationServiceStub(desk.channel)
        request = pb.GetConversationRequest(name=NAME + "-inner")
        return await client.call(stub.GetConversation, request, token=desk.keys.user_token("acme", ["*"]))

    desk.does = outer_then_inner
    told = await refused(desk.get())
    assert (told.code, told.reason, told.message) == ("FAILED_PRECONDITION", "CONVERSATION_CLOSED", "Closed.")
    assert (told.metadata, told.domain) == ({"conversation": "c9"}, "core.frontdesk")


async def test_the_address_of_an_unavailable_service_stays_in_the_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    async with client.dial("127.0.0.1:1") as nowhere:

        async def asks_nobody(request: Any, context: Any) -> Any:
            stub = pb.ConversationServiceStub(nowhere)
            return await client.call(stub.GetConversation, request, token="t")

        desk.does = asks_nobody
        told = await refused(desk.get())
    assert (told.code, told.reason, told.domain) == ("UNAVAILABLE", "SERVICE_UNAVAILABLE", "core.frontdesk")
    assert told.message == "A service that this needs is unavailable; repeat in a moment."
    assert "127.0.0.1:1" in logged(caplog, told.message), "operators want to know"


async def test_a_service_that_is_not_there_is_unavailable() -> None:
    channel = client.dial("127.0.0.1:1", ["frontdesk.core.v1.ConversationService"])
    try:
        stub = pb.ConversationServiceStub(channel)
        with pytest.raises(errors.Unavailable) as caught:
            await client.call(stub.GetConversation, pb.GetConversationRequest(name=NAME), token="t", timeout=60)
        assert caught.value.reason == "SERVICE_UNAVAILABLE", "long before the time is over"
    finally:
        await channel.close()


async def test_the_access_log_says_who_did_what_and_nothing_of_the_content(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="access")
    stub = channel_pb.WebChatServiceStub(desk.channel)
    token = desk.keys.user_token("acme", ["*"])
    call = stub.Chat(metadata=(("authorization", f"Bearer {token}"),))
    await call.write(channel_pb.ChatRequest(send=channel_pb.ChatSend(text=SECRET, request_id="r1")))
    await call.read()
    await call.done_writing()
    await call.read()
    await desk.get(metadata=(*desk.user("core.conversations.read"), ("x-request-id", "r" * 500)))
    await refused(desk.get("organizations/other/conversations/c1"))
    lines = [log.JsonFormatter("core").format(record) for record in caplog.records if record.name == "access"]
    assert not any(word in line for line in lines for word in (SECRET, token, "Bearer"))
    chat, get, mismatch = map(json.loads, lines)
    assert (chat["method"], chat["code"]) == ("frontdesk.channel.v1.WebChatService/Chat", "OK")
    assert (get["method"], get["code"], get["caller"], get["organization"]) == (
        "frontdesk.core.v1.ConversationService/GetConversation",
        *("OK", "users/u1", "acme"),
    )
    assert get["milliseconds"] >= 0
    assert (mismatch["code"], mismatch["reason"]) == ("PERMISSION_DENIED", "ORGANIZATION_MISMATCH")


async def test_without_a_trace_a_call_begins_one(desk: Desk) -> None:
    seen: list[str] = []

    async def look(request: Any, context: Any) -> Any:
        seen.append(telemetry.traceparent())
        assert log.trace_id.get() == seen[-1].split("-")[1]
        return pb.Conversation()

    desk.does = look
    for header in ("", "nonsense", "00-" + "x" * 10):
        await desk.get(metadata=(*desk.user(), ("traceparent", header)) if header else desk.user())
    assert len(set(seen)) == 3
    assert all(len(traceparent) == 55 for traceparent in seen)


async def test_a_message_of_more_than_a_mebibyte_is_refused_by_the_transport(desk: Desk) -> None:
    told = await refused(desk.get("x" * ((1 << 20) + 100)))
    assert told.code == "RESOURCE_EXHAUSTED"


async def test_too_much_metadata_is_refused_by_the_transport(desk: Desk) -> None:
    told = await refused(desk.get(metadata=(*desk.user(), ("x-junk", "x" * 40_000))))
    assert told.code == "RESOURCE_EXHAUSTED"


async def test_bytes_that_are_no_message_are_refused_without_a_traceback(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    wire: Any = desk.channel
    calls: list[Any] = [
        wire.unary_unary("/frontdesk.core.v1.ConversationService/GetConversation")(b"\xff\xff", metadata=desk.user()),
        wire.unary_stream("/frontdesk.core.v1.ConversationService/WatchConversation")(b"\xff\xff", metadata=desk.user()).read(),
    ]
    for call in calls:
        told = await refused(call)
        assert (told.code, told.reason) == ("INVALID_ARGUMENT", "INVALID_REQUEST")
        assert "google" not in told.message
        assert "DecodeError" not in told.message
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert (await desk.get()).name == NAME


async def test_what_may_be_repeated_is_repeated_twice_when_a_service_is_unavailable_for_a_moment(desk: Desk) -> None:
    calls: list[str] = []

    async def away_twice(request: Any, context: Any) -> Any:
        calls.append(request.name)
        if len(calls) % 3:
            raise StoreAway
        return pb.Conversation(name="there")

    desk.does = away_twice
    token = desk.keys.user_token("acme", ["*"])
    request = pb.GetConversationRequest(name=NAME)
    plain = pb.ConversationServiceStub(desk.channel)
    with pytest.raises(errors.Unavailable):
        await client.call(plain.GetConversation, request, token=token)
    assert len(calls) == 1
    calls.clear()
    channel = client.dial(desk.running.url, pb.SERVICES)
    try:
        stub = pb.ConversationServiceStub(channel)
        assert (await client.call(stub.GetConversation, request, token=token)).name == "there"
        assert len(calls) == 3
    finally:
        await channel.close()


async def test_a_service_that_watches_is_logged_below_info_unless_it_fails(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    async def one(request: Any, context: Any) -> AsyncIterator[pb.WatchConversationResponse]:
        yield pb.WatchConversationResponse()

    async def none(request: Any, context: Any) -> AsyncIterator[pb.WatchConversationResponse]:
        raise StoreAway("gone")
        yield

    caplog.set_level(logging.DEBUG, logger="access")
    watch = pb.ConversationServiceStub(desk.channel).WatchConversation
    desk.streams = one
    for metadata in (desk.service("agent"), desk.user()):
        assert [response async for response in watch(pb.WatchConversationRequest(name=NAME), metadata=metadata)]
    desk.streams = none
    await refused(watch(pb.WatchConversationRequest(name=NAME), metadata=desk.service("agent")).read())
    logged = [(record.levelname, getattr(record, "code", "")) for record in caplog.records if record.name == "access"]
    assert logged == [("DEBUG", "OK"), ("INFO", "OK"), ("INFO", "UNAVAILABLE")]


async def test_a_call_between_services_is_logged_below_info(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="access")
    await desk.get(metadata=desk.service("agent"))
    await desk.get(metadata=desk.user())
    assert [record.levelname for record in caplog.records if record.name == "access"] == ["DEBUG", "INFO"]
