"""A real core on real stores, with a small real memory service whose knowledge the test decides."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import pytest
from frontdesk.core import v1 as pb
from frontdesk.core.internal import v1 as internal
from frontdesk.memory import v1 as memory_pb
from frontdesk.memory.internal import v1 as memory_internal
from google.protobuf.timestamp_pb2 import Timestamp
from pydantic import SecretStr

from services.core.main import build
from services.core.settings import Settings
from stack.testing import TestStores
from tests.support import serving

ORGANIZATION = "organizations/acme"
CHANNEL = f"{ORGANIZATION}/channels/webchat"
CUSTOMER_PERMISSIONS = ["core.conversations.read", "core.conversations.watch", "core.messages.read"]


@dataclass
class Knowledge(memory_pb.PassageServiceServicer, memory_internal.MemoryServiceServicer):
    """Answers each search with the same passages, or fails."""

    passages: list[str] = field(default_factory=lambda: ["You can return a parcel within 30 days. Refunds take five days."])
    unavailable: bool = False
    score: float = 0.8
    queries: list[str] = field(default_factory=list)
    duplicates: int = 0
    """So many of the first ones are returned as left out."""

    def serve(self, server: grpc.aio.Server) -> None:
        memory_pb.add_PassageServiceServicer_to_server(self, server)
        memory_internal.add_MemoryServiceServicer_to_server(self, server)

    async def BuildContext(
        self, request: memory_internal.BuildContextRequest, context: Any
    ) -> memory_internal.BuildContextResponse:
        self.queries.append(request.query)
        if self.unavailable:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "gone fishing")
        results = [
            memory_pb.SearchResult(passage=self._passage(n), score=self.score, dense_score=self.score, lexical_score=0.8)
            for n in range(len(self.passages))
        ]
        left_out = [
            memory_internal.LeftOutPassage(result=result, reason=memory_internal.LEFT_OUT_REASON_DUPLICATE)
            for result in results[: self.duplicates]
        ]
        return memory_internal.BuildContextResponse(
            results=results[self.duplicates :], left_out=left_out, knowledge_version=7, embedding_model="small"
        )

    async def GetPassage(self, request: memory_pb.GetPassageRequest, context: Any) -> memory_pb.Passage:
        number = int(request.name.rpartition("-")[2])
        if number >= len(self.passages):
            await context.abort(grpc.StatusCode.NOT_FOUND, "It is gone.")
        return self._passage(number)

    def _passage(self, number: int) -> memory_pb.Passage:
        return memory_pb.Passage(
            name=f"{ORGANIZATION}/documents/returns/passages/1-{number}",
            document=f"{ORGANIZATION}/documents/returns",
            document_title="Returns",
            text=self.passages[number],
        )


class Inside:
    """Core's internal RPCs."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self.conversations = internal.ConversationServiceStub(channel)
        self.messages = internal.MessageServiceStub(channel)
        self.turns = internal.TurnServiceStub(channel)
        self.events = internal.EventServiceStub(channel)


@dataclass
class Desk:
    """A running core, and what a test does with it."""

    keys: serving.Keys
    channel: grpc.aio.Channel
    knowledge: Knowledge

    def __post_init__(self) -> None:
        self.conversations = pb.ConversationServiceStub(self.channel)
        self.messages = pb.MessageServiceStub(self.channel)
        self.turns = pb.TurnServiceStub(self.channel)
        self.customers = pb.CustomerServiceStub(self.channel)
        self.inside = Inside(self.channel)

    def as_service(self, name: str, organization: str = "acme") -> tuple[tuple[str, str], ...]:
        return (("authorization", f"Bearer {self.keys.service_token(name, organization)}"),)

    def as_user(self, *permissions: str, organization: str = "acme") -> tuple[tuple[str, str], ...]:
        return (("authorization", f"Bearer {self.keys.user_token(organization, list(permissions))}"),)

    def as_customer(self, conversation: pb.Conversation) -> tuple[tuple[str, str], ...]:
        customer = conversation.customer.rpartition("/")[2]
        token = self.keys.customer_token("acme", customer, CUSTOMER_PERMISSIONS)
        return (("authorization", f"Bearer {token}"),)

    async def open(self, session: str = "s1") -> pb.Conversation:
        request = internal.OpenConversationRequest(
            parent=ORGANIZATION,
            channel=CHANNEL,
            identity=pb.Identity(kind=pb.IDENTITY_KIND_BROWSER, value=session, verify_time=Timestamp(seconds=1)),
            display_name="Sam",
        )
        return await self.inside.conversations.OpenConversation(request, metadata=self.as_service("channel"))

    async def say(self, conversation: pb.Conversation, text: str, source_id: str) -> internal.ReceiveMessageResponse:
        request = internal.ReceiveMessageRequest(
            parent=ORGANIZATION, channel=CHANNEL, source_id=source_id, conversation=conversation.name, text=text
        )
        return await self.inside.messages.ReceiveMessage(request, metadata=self.as_service("channel"))

    async def take(self, conversation: pb.Conversation, agent: str, from_agent: str = "") -> internal.TakeConversationResponse:
        request = internal.TakeConversationRequest(
            name=conversation.name,
            agent=f"{ORGANIZATION}/agents/{agent}",
            agent_display_name=f"Agent {agent}",
            from_agent=f"{ORGANIZATION}/agents/{from_agent}" if from_agent else "",
        )
        return await self.inside.turns.TakeConversation(request, metadata=self.as_service("agent"))

    async def history(self, conversation: pb.Conversation, customer: bool = True) -> pb.ListMessagesResponse:
        metadata = self.as_customer(conversation) if customer else self.as_user("core.messages.read")
        return await self.messages.ListMessages(pb.ListMessagesRequest(parent=conversation.name), metadata=metadata)

    async def until(self, conversation: pb.Conversation, count: int) -> list[pb.Message]:
        """The history, once it has `count` messages."""
        async with asyncio.timeout(60):
            while len(messages := list((await self.history(conversation)).messages)) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        return messages

    @asynccontextmanager
    async def watch(self, conversation: pb.Conversation, token: str = "") -> AsyncIterator[Any]:
        request = pb.WatchConversationRequest(name=conversation.name, resume_token=token)
        call = self.conversations.WatchConversation(request, metadata=self.as_customer(conversation))
        try:
            yield call
        finally:
            call.cancel()


@asynccontextmanager
async def run_core(
    stores: TestStores, folder: Path, postgres_url: str, knowledge: Knowledge, **settings: Any
) -> AsyncIterator[Desk]:
    """A core that serves, with its own keys."""
    keys = serving.Keys(folder)
    server = grpc.aio.server()
    knowledge.serve(server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    configured = Settings(
        keys_dir=folder,
        postgres_url=SecretStr(postgres_url),
        redis_url=SecretStr(stores.redis_url()),
        memory_url=f"127.0.0.1:{port}",
        drain_seconds=1,
        **{"extractive_word_seconds": 0.0, "assistant": "extractive", **settings},
    )
    try:
        async with serving.serve(configured, build) as running:
            yield Desk(keys, running.channel, knowledge)
    finally:
        await server.stop(0)


@pytest.fixture
async def desk(stores: TestStores, tmp_path: Path) -> AsyncIterator[Desk]:
    async with run_core(stores, tmp_path, stores.emptied_urls("core")["core"], Knowledge()) as running:
        yield running
