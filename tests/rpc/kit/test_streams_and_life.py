"""Streams, health, reflection and the end of a service's life."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from frontdesk.channel import v1 as channel_pb
from frontdesk.core import v1 as pb
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from kit import client, errors, service, streams
from kit.caller import Verifier
from kit.settings import ServiceSettings
from tests.rpc.kit.conftest import NAME, STREAMS_PER_CALLER, Desk, refused, serving, told
from tests.support.serving import Keys, serve


async def test_each_message_of_a_stream_is_checked_when_it_comes(desk: Desk) -> None:
    call = channel_pb.WebChatServiceStub(desk.channel).Chat(metadata=desk.user())
    await call.write(channel_pb.ChatRequest(start=channel_pb.ChatStart(conversation=NAME)))
    assert isinstance(await call.read(), channel_pb.ChatResponse)
    await call.write(channel_pb.ChatRequest(send=channel_pb.ChatSend(text="", request_id="not valid!")))
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call.read()
    refusal = told(caught.value)
    assert (refusal.code, refusal.reason) == ("INVALID_ARGUMENT", "INVALID_REQUEST")
    assert set(refusal.fields) == {"send", "send.requestId"}
    assert desk.frames == ["start"]


async def test_each_message_of_a_stream_is_of_the_callers_organization(desk: Desk) -> None:
    call = channel_pb.WebChatServiceStub(desk.channel).Chat(metadata=desk.user())
    await call.write(channel_pb.ChatRequest(start=channel_pb.ChatStart(conversation="organizations/other/conversations/c1")))
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call.read()
    assert told(caught.value).reason == "ORGANIZATION_MISMATCH"
    assert desk.frames == []


async def test_a_stream_needs_a_token_as_any_call(desk: Desk) -> None:
    stub = pb.ConversationServiceStub(desk.channel)
    assert (await refused(stub.WatchConversation(pb.WatchConversationRequest(name=NAME)).read())).code == "UNAUTHENTICATED"
    told = await refused(stub.WatchConversation(pb.WatchConversationRequest(name="c1"), metadata=desk.user()).read())
    assert told.fields == ["name"]


async def test_a_caller_has_so_many_streams_and_one_that_ends_makes_room(desk: Desk) -> None:
    async def quiet(request: Any, context: Any) -> AsyncIterator[Any]:
        yield pb.WatchConversationResponse(resume_token="1-1")
        await asyncio.Event().wait()

    def watch(metadata: Any) -> Any:
        return pb.ConversationServiceStub(desk.channel).WatchConversation(
            pb.WatchConversationRequest(name=NAME), metadata=metadata
        )

    desk.streams = quiet
    open_calls = [watch(desk.user()) for _ in range(STREAMS_PER_CALLER)]
    for call in open_calls:
        assert (await call.read()).resume_token == "1-1"
    refusal = await refused(watch(desk.user()).read())
    assert (refusal.code, refusal.reason, refusal.metadata["most"]) == ("RESOURCE_EXHAUSTED", "TOO_MANY_STREAMS", "5")
    services = [watch(desk.service("agent")) for _ in range(STREAMS_PER_CALLER + 1)]
    for call in services:
        assert (await call.read()).resume_token == "1-1"
    open_calls[0].cancel()
    async with asyncio.timeout(5):
        while True:
            try:
                assert (await watch(desk.user()).read()).resume_token == "1-1"
                break
            except grpc.aio.AioRpcError:
                await asyncio.sleep(0.02)


@pytest.mark.breaks
async def test_a_stream_that_breaks_is_reported_like_a_call_that_breaks(desk: Desk) -> None:
    async def broken(request: Any, context: Any) -> AsyncIterator[Any]:
        yield pb.WatchConversationResponse(resume_token="1-1")
        raise RuntimeError("inner workings")

    desk.streams = broken
    call: Any = pb.ConversationServiceStub(desk.channel).WatchConversation(
        pb.WatchConversationRequest(name=NAME), metadata=desk.user()
    )
    assert (await call.read()).resume_token == "1-1"
    refusal = await refused(call.read())
    assert (refusal.code, b"inner workings" in refusal.raw) == ("INTERNAL", False)


class Endless:
    """A stream that continues until it is left."""

    def __init__(self) -> None:
        self.left = asyncio.Event()

    async def frames(self, request: Any, context: Any) -> AsyncIterator[Any]:
        try:
            while True:
                yield pb.WatchConversationResponse(resume_token="1-1")
                await asyncio.sleep(0.01)
        finally:
            self.left.set()


async def test_a_stream_that_its_client_leaves_is_cleaned_up(desk: Desk) -> None:
    endless = Endless()
    desk.streams = endless.frames
    stub = pb.ConversationServiceStub(desk.channel)
    token = desk.keys.user_token("acme", ["*"])
    responses: Any = client.stream(stub.WatchConversation, pb.WatchConversationRequest(name=NAME), token=token)
    first: Any = await anext(responses)
    assert first.resume_token == "1-1"
    await responses.aclose()
    await asyncio.wait_for(endless.left.wait(), 30)


def test_a_stream_lives_ten_to_fifteen_minutes_and_never_longer_than_its_token(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    who = Verifier.load(tmp_path).verify(keys.signer("admin").sign("users/u1", "acme", [], seconds=60))
    assert 30 < streams.seconds_left(who) <= 60
    long = Verifier.load(tmp_path).verify(keys.user_token("acme", []))
    object.__setattr__(long, "expires", long.expires + 10_000)
    lives = {round(streams.seconds_left(long)) for _ in range(50)}
    assert all(600 <= seconds <= 900 for seconds in lives)
    assert len(lives) > 10


async def test_health_and_reflection_need_no_token(desk: Desk) -> None:
    health = health_pb2_grpc.HealthStub(desk.channel)
    for name in ("", *pb.SERVICES):
        status = (await health.Check(health_pb2.HealthCheckRequest(service=name))).status
        assert status == health_pb2.HealthCheckResponse.SERVING
    call = reflection_pb2_grpc.ServerReflectionStub(desk.channel).ServerReflectionInfo(
        iter([reflection_pb2.ServerReflectionRequest(list_services="")])
    )
    listed = {service.name for service in (await call.read()).list_services_response.service}
    assert set(pb.SERVICES) <= listed
    call.cancel()


async def test_a_service_that_drains_says_so_ends_its_streams_and_finishes_its_calls(tmp_path: Path) -> None:
    async def until_draining(request: Any, context: Any) -> AsyncIterator[Any]:
        yield pb.WatchConversationResponse(resume_token="1-1")
        await desk.draining.wait()
        raise errors.Aborted("The stream ended as planned.", reason="STREAM_ENDED", resume_token="7-7")

    began, slow = asyncio.Event(), asyncio.Event()

    async def slowly(request: Any, context: Any) -> pb.Conversation:
        began.set()
        await desk.draining.wait()
        slow.set()
        await asyncio.sleep(0.2)
        return pb.Conversation(name="finished")

    running = serving(tmp_path)
    desk = await running.__aenter__()
    desk.streams, desk.does = until_draining, slowly
    channel = grpc.aio.insecure_channel(desk.running.url)
    stub = pb.ConversationServiceStub(channel)
    watch = stub.WatchConversation(pb.WatchConversationRequest(name=NAME), metadata=desk.user())
    await watch.read()
    health = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest())
    assert (await health.read()).status == health_pb2.HealthCheckResponse.SERVING
    get = asyncio.ensure_future(stub.GetConversation(pb.GetConversationRequest(name=NAME), metadata=desk.user()))
    await asyncio.wait_for(began.wait(), 30)
    ending = asyncio.create_task(running.__aexit__(None, None, None))
    try:
        assert (await health.read()).status == health_pb2.HealthCheckResponse.NOT_SERVING
        refusal = await refused(watch.read())
        assert (refusal.code, refusal.reason, refusal.metadata) == ("ABORTED", "STREAM_ENDED", {"resume_token": "7-7"})
        assert (await get).name == "finished"
        assert slow.is_set()
    finally:
        await ending
        await channel.close()


@pytest.mark.breaks
async def test_a_worker_that_breaks_is_started_again_and_ends_with_the_service(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    starts: list[int] = []
    working, ended = asyncio.Event(), asyncio.Event()

    async def worker() -> None:
        starts.append(len(starts))
        if len(starts) == 1:
            raise ValueError("a bug")
        working.set()
        try:
            await asyncio.sleep(3600)
        finally:
            ended.set()

    desk = Desk(keys)

    @asynccontextmanager
    async def build(settings: ServiceSettings) -> AsyncIterator[service.Service]:
        yield service.Service("core", desk.register, pb.SERVICES, workers=[worker])

    async with serve(ServiceSettings(keys_dir=tmp_path, drain_seconds=1), build):
        await asyncio.wait_for(working.wait(), 30)
        assert starts == [0, 1]
    assert ended.is_set()


async def test_an_address_in_use_is_said_in_one_sentence(tmp_path: Path, desk: Desk) -> None:
    settings = ServiceSettings(keys_dir=desk.keys.folder, listen=desk.running.url)
    with pytest.raises(SystemExit, match=f"can't listen on {desk.running.url}"):
        async with service.serve(settings, Desk(desk.keys).build):
            pass
