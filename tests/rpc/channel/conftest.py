"""The channel service on a real port, on real stores, with a core that can be made to fail, stopped and started."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from frontdesk.agent.internal import v1 as agent_internal
from frontdesk.channel import v1 as pb
from frontdesk.channel.internal import v1 as channel_internal
from frontdesk.core import v1 as core
from frontdesk.core.internal import v1 as core_internal
from google.rpc import error_details_pb2, status_pb2
from pydantic import SecretStr

from kit import client, errors, service
from services.channel.main import build
from services.channel.settings import Settings
from stack.ports import free_ports
from tests.smtp import SmtpServer
from tests.support.serving import Keys
from tests.twilio import Twilio

if TYPE_CHECKING:
    from stack.testing import TestStores

ORGANIZATION = "organizations/acme"
CHANNEL = f"{ORGANIZATION}/channels/web"
ADMIN = ["channel.channels.create", "channel.channels.read", "channel.channels.update", "channel.channels.delete"]


@dataclass
class Core(
    core_internal.ConversationServiceServicer,
    core_internal.MessageServiceServicer,
    core_internal.TurnServiceServicer,
    core_internal.EventServiceServicer,
    core_internal.DeadLetterServiceServicer,
    core.ConversationServiceServicer,
    core.MessageServiceServicer,
):
    """A simulator for core on a port of its own: takes each message once, in order, and fails as the test asks."""

    port: int = 0
    server: grpc.aio.Server | None = None
    messages: dict[str, list[core.Message]] = field(default_factory=dict)
    known: dict[str, core.Message] = field(default_factory=dict)
    places: dict[str, core.Conversation] = field(default_factory=dict)
    customers: dict[str, str] = field(default_factory=dict)
    """By the value of their identity."""
    poison: dict[str, grpc.StatusCode] = field(default_factory=dict)
    received: list[core_internal.ReceiveMessageRequest] = field(default_factory=list)
    handovers: list[str] = field(default_factory=list)
    facts: list[core_internal.Event] = field(default_factory=list)
    said: dict[str, core_internal.BatchGetMessagesResponse.Item] = field(default_factory=dict)
    passed: set[str] = field(default_factory=set)
    """Conversations that a human has taken since the assistant spoke."""
    read_seq: int = 0
    """The `seq` up to which customers have read."""
    watching: int = 0
    words: str = ""
    """Its words for a content's parts."""
    typed: list[bool] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    ratings: list[tuple[str, int, str]] = field(default_factory=list)
    read: list[tuple[str, int]] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)
    """The e-mail addresses that customers typed."""
    tokens: list[str] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def ListDeadLetters(
        self, request: core_internal.ListDeadLettersRequest, context: Any
    ) -> core_internal.ListDeadLettersResponse:
        return core_internal.ListDeadLettersResponse()

    async def start(self) -> None:
        self.server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
        core.add_ConversationServiceServicer_to_server(self, self.server)
        core_internal.add_ConversationServiceServicer_to_server(self, self.server)
        core_internal.add_MessageServiceServicer_to_server(self, self.server)
        core.add_MessageServiceServicer_to_server(self, self.server)
        core_internal.add_TurnServiceServicer_to_server(self, self.server)
        core_internal.add_EventServiceServicer_to_server(self, self.server)
        core_internal.add_DeadLetterServiceServicer_to_server(self, self.server)
        self.port = self.server.add_insecure_port(f"127.0.0.1:{self.port}")
        await self.server.start()

    async def stop(self) -> None:
        if self.server is not None:
            await self.server.stop(0)

    def texts(self, conversation: str) -> list[str]:
        return [message.text for message in self.messages.get(conversation, [])]

    async def OpenConversation(self, request: core_internal.OpenConversationRequest, context: Any) -> core.Conversation:
        number = next(self.numbers)
        self.claims += [claim.value for claim in request.claims]
        customer = self.customers.setdefault(request.identity.value, f"{request.parent}/customers/k{number}")
        name = f"{request.parent}/conversations/c{number}"
        fresh = core.Conversation(name=name, customer=customer, channel=request.channel)
        address = "#".join(filter(None, (request.identity.value, request.thread_key)))
        if request.existing and f"{request.channel} {address}" not in self.places:
            await context.abort(grpc.StatusCode.NOT_FOUND, "no such conversation")
        return self.places.setdefault(f"{request.channel} {address}", fresh)

    async def GetConversation(self, request: core.GetConversationRequest, context: Any) -> core.Conversation:
        for place in self.places.values():
            if place.name == request.name:
                found = core.Conversation()
                found.CopyFrom(place)
                found.customer_read_seq = self.read_seq
                return found
        await context.abort(grpc.StatusCode.NOT_FOUND, "no such conversation")
        raise AssertionError

    async def ReceiveMessage(
        self, request: core_internal.ReceiveMessageRequest, context: Any
    ) -> core_internal.ReceiveMessageResponse:
        if code := self.poison.get(request.text):
            await context.abort(code, "as asked")
        self.tokens.extend(str(value) for key, value in context.invocation_metadata() if key == "authorization")
        self.received.append(request)
        key = f"{request.channel} {request.source_id}"
        conversation = request.conversation or (await self.OpenConversation(_opening(request), context)).name
        if key not in self.known:
            said = self.messages.setdefault(conversation, [])
            message = core.Message(
                name=f"{conversation}/messages/m{len(said) + 1}",
                seq=len(said) + 1,
                text=request.text or self.words,
                content=request.content if request.HasField("content") else None,
                request_id=request.request_id,
            )
            message.create_time.GetCurrentTime()
            said.append(message)
            self.known[key] = message
            async with self.changed:
                self.changed.notify_all()
        return core_internal.ReceiveMessageResponse(message=self.known[key])

    async def ListMessages(self, request: core.ListMessagesRequest, context: Any) -> core.ListMessagesResponse:
        said = [item.message for name, item in self.said.items() if name.startswith(f"{request.parent}/")]
        found = core.ListMessagesResponse(messages=[*self.messages.get(request.parent, []), *said])
        for message in found.messages:
            message.role = message.role or core.PARTICIPANT_ROLE_CUSTOMER
        return found

    async def RequestHandover(self, request: core_internal.RequestHandoverRequest, context: Any) -> core.Conversation:
        self.handovers.append(request.name)
        return core.Conversation(name=request.name, state=core.CONVERSATION_STATE_WAITING)

    async def WithdrawHandover(self, request: core_internal.WithdrawHandoverRequest, context: Any) -> core.Conversation:
        self.left.append(request.name)
        return core.Conversation(name=request.name, state=core.CONVERSATION_STATE_AUTOMATED)

    async def RateConversation(self, request: core_internal.RateConversationRequest, context: Any) -> core.Conversation:
        self.ratings.append((request.name, request.score, request.comment))
        return core.Conversation(name=request.name)

    async def MarkRead(self, request: core_internal.MarkReadRequest, context: Any) -> core_internal.MarkReadResponse:
        self.read.append((request.name, request.seq))
        async with self.changed:
            self.changed.notify_all()
        return core_internal.MarkReadResponse()

    async def ClaimDispatch(
        self, request: core_internal.ClaimDispatchRequest, context: Any
    ) -> core_internal.ClaimDispatchResponse:
        if request.message.rpartition("/messages/")[0] in self.passed:
            info = error_details_pb2.ErrorInfo(reason="EPOCH_PASSED", domain="core.frontdesk")
            status = status_pb2.Status(code=9, message="passed")
            status.details.add().Pack(info)
            await context.abort(
                grpc.StatusCode.FAILED_PRECONDITION, "passed", (("grpc-status-details-bin", status.SerializeToString()),)
            )
        return core_internal.ClaimDispatchResponse(epoch=1)

    async def say(self, conversation: str, text: str, role: str = "ASSISTANT", **more: Any) -> str:
        """Something is said in a conversation; its message's name."""
        place = next(request for key, request in self.places.items() if request.name == conversation)
        channel, _, address = next(key for key, request in self.places.items() if request is place).partition(" ")
        position = len(self.facts) + 1
        labels = ["with-agents" if channel == CHANNEL else "by-provider", *(["by-assistant"] if role == "ASSISTANT" else [])]
        name = f"{conversation}/messages/a{position}"
        message = core.Message(name=name, seq=position, role=f"PARTICIPANT_ROLE_{role}", text=text, **more)
        reached = core.Address(kind=core.IDENTITY_KIND_WHATSAPP_USER, value=address)
        self.said[name] = core_internal.BatchGetMessagesResponse.Item(message=message, address=reached)
        event = core_internal.Event(
            envelope={"shard": 0, "position": position, "organization": "acme", "subject": name, "labels": labels},
            conversation={"name": conversation, "channel": channel},
            message_created={"seq": position, "role": message.role, "note": message.note, "epoch": 1},
        )
        self.facts.append(event)
        async with self.changed:
            self.changed.notify_all()
        return name

    async def erase(self, conversation: str) -> None:
        """A customer with one conversation is erased."""
        key, place = next((key, place) for key, place in self.places.items() if place.name == conversation)
        del self.places[key]
        for subject, fact in (
            (conversation, {"conversation_erased": {}, "conversation": {"name": conversation}}),
            (place.customer, {"customer_erased": {}}),
        ):
            envelope = {"shard": 0, "position": len(self.facts) + 1, "organization": "acme", "subject": subject}
            self.facts.append(core_internal.Event(envelope=envelope, **fact))
        async with self.changed:
            self.changed.notify_all()

    async def WatchEvents(
        self, request: core_internal.WatchEventsRequest, context: Any
    ) -> AsyncIterator[core_internal.WatchEventsResponse]:
        sent = request.after.get(0, 0)
        while 0 in request.shards:
            for event in self.facts[sent:]:
                sent = event.envelope.position
                yield core_internal.WatchEventsResponse(event=event)
            async with self.changed:
                await self.changed.wait()

    async def BatchGetMessages(
        self, request: core_internal.BatchGetMessagesRequest, context: Any
    ) -> core_internal.BatchGetMessagesResponse:
        return core_internal.BatchGetMessagesResponse(items=[self.said[name] for name in request.names])

    async def SetTyping(self, request: core_internal.SetTypingRequest, context: Any) -> core_internal.SetTypingResponse:
        self.typed.append(request.typing)
        return core_internal.SetTypingResponse()

    async def WatchConversation(
        self, request: core.WatchConversationRequest, context: Any
    ) -> AsyncIterator[core.WatchConversationResponse]:
        self.watching += 1
        sent = int(request.resume_token or 0)
        try:
            while True:
                for message in self.messages.get(request.name, [])[sent:]:
                    sent += 1
                    yield core.WatchConversationResponse(resume_token=str(sent), message_created=message)
                async with self.changed:
                    await self.changed.wait()
        finally:
            self.watching -= 1


def _opening(request: core_internal.ReceiveMessageRequest) -> core_internal.OpenConversationRequest:
    return core_internal.OpenConversationRequest(parent=request.parent, channel=request.channel, identity=request.identity)


@dataclass
class Office(agent_internal.AvailabilityServiceServicer):
    """A simulator for the agent service: answers as a test sets it, and counts who asks."""

    response: agent_internal.GetAvailabilityResponse = field(default_factory=agent_internal.GetAvailabilityResponse)
    asked: int = 0
    fails: bool = False
    port: int = 0

    async def GetAvailability(
        self, request: agent_internal.GetAvailabilityRequest, context: Any
    ) -> agent_internal.GetAvailabilityResponse:
        self.asked += 1
        if self.fails:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "as asked")
        return self.response


@dataclass
class World:
    """A running channel service, its clients and its core."""

    core: Core
    keys: Keys
    channel: grpc.aio.Channel
    draining: asyncio.Event
    twilio: Twilio = field(default_factory=Twilio)
    office: Office = field(default_factory=Office)
    smtp: SmtpServer = field(default_factory=SmtpServer)
    media_url: str = ""
    """Where the bytes of files go."""
    media_dir: Path = Path()

    def __post_init__(self) -> None:
        self.channels = pb.ChannelServiceStub(self.channel)
        self.web_chat = pb.WebChatServiceStub(self.channel)
        self.inbound_messages = pb.InboundMessageServiceStub(self.channel)
        self.deliveries = pb.DeliveryServiceStub(self.channel)
        self.dead_letters = pb.DeadLetterServiceStub(self.channel)
        self.webhooks = pb.WebhookServiceStub(self.channel)
        self.events = channel_internal.EventServiceStub(self.channel)
        self.media = pb.MediaServiceStub(self.channel)
        self.mail = pb.MailServiceStub(self.channel)
        self.chat_mail = pb.WebChatMailServiceStub(self.channel)
        self.internal_mail = channel_internal.MailServiceStub(self.channel)

    def admin(self, *permissions: str, organization: str = "acme") -> list[tuple[str, str]]:
        token = self.keys.user_token(organization, [*ADMIN, *permissions])
        return [("authorization", f"Bearer {token}")]

    async def create_channel(self, **config: Any) -> pb.Channel:
        channel = pb.Channel(
            display_name="Shop chat", kind=pb.CHANNEL_KIND_WEB_CHAT, web_chat=pb.WebChatConfig(greeting="Hi!", **config)
        )
        request = pb.CreateChannelRequest(parent=ORGANIZATION, channel=channel, channel_id="web")
        created: pb.Channel = await self.channels.CreateChannel(request, metadata=self.admin())
        return created

    async def create_whatsapp(self, webhook_url: str = "", id: str = "wa", **more: Any) -> pb.Channel:
        account = self.twilio.account
        config = pb.TwilioWhatsAppConfig(
            account_sid=account.sid, auth_token=account.token, phone_number=account.number, webhook_url=webhook_url, **more
        )
        channel = pb.Channel(display_name="WhatsApp", kind=pb.CHANNEL_KIND_WHATSAPP_TWILIO, whatsapp_twilio=config)
        request = pb.CreateChannelRequest(parent=ORGANIZATION, channel=channel, channel_id=id)
        created: pb.Channel = await self.channels.CreateChannel(request, metadata=self.admin())
        return created

    async def open(self, **fields: Any) -> pb.Session:
        opened: pb.Session = await self.web_chat.OpenSession(pb.OpenSessionRequest(channel=CHANNEL, **fields))
        return opened

    async def send(self, session: pb.Session, text: str, request_id: str) -> pb.SendMessageResponse:
        request = pb.SendMessageRequest(conversation=session.conversation, text=text, request_id=request_id)
        sent: pb.SendMessageResponse = await self.web_chat.SendMessage(request, metadata=bearer(session))
        return sent


def bearer(session: pb.Session) -> list[tuple[str, str]]:
    """The metadata of a session's calls."""
    return [("authorization", f"Bearer {session.token}")]


@asynccontextmanager
async def fails(code: str, reason: str = "") -> AsyncIterator[None]:
    """Expects a call to fail with a code and a reason."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        yield
    told: errors.FrontdeskError = client.from_status(caught.value)
    assert (told.code, told.reason) == (code, reason or told.reason)


@pytest.fixture
async def fake_core() -> AsyncIterator[Core]:
    running = Core()
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path)


@pytest.fixture
def postgres_url(stores: TestStores) -> str:
    return stores.emptied_urls("channel")["channel"]


@pytest.fixture
async def twilio() -> AsyncIterator[Twilio]:
    async with Twilio().running() as running:
        yield running


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    made, server = Office(), grpc.aio.server()
    agent_internal.add_AvailabilityServiceServicer_to_server(made, server)
    made.port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    yield made
    await server.stop(0)


@pytest.fixture
async def smtp() -> AsyncIterator[SmtpServer]:
    """The operator's mail server."""
    async with SmtpServer().running() as running:
        yield running


@pytest.fixture
async def world(
    stores: TestStores,
    postgres_url: str,
    keys: Keys,
    fake_core: Core,
    twilio: Twilio,
    office: Office,
    smtp: SmtpServer,
    tmp_path: Path,
) -> AsyncIterator[World]:
    (port,) = free_ports(1)
    settings = Settings(
        keys_dir=keys.folder,
        postgres_url=SecretStr(postgres_url),
        redis_url=SecretStr(stores.redis_url()),
        core_url=f"127.0.0.1:{fake_core.port}",
        agent_url=f"127.0.0.1:{office.port}",
        drain_seconds=1.0,
        twilio_url=twilio.url,
        fetch_allow="127.0.0.0/8",
        public_url=f"http://127.0.0.1:{port}",
        poll_seconds=1.0,
        delivery_settled_seconds=2.0,
        messages_per_minute=100,
        media_listen=f"127.0.0.1:{port}",
        media_dir=tmp_path / "media",
        media_unfinished_uploads=3,
        media_bytes_per_day=48 << 20,
        media_customer_bytes_per_day=32 << 20,
        media_lease_seconds=1.0,
        smtp_url=SecretStr(f"smtp+plain://127.0.0.1:{smtp.port}"),
        smtp_from="help@shop.example",
        smtp_from_name="Shop",
        mail_after_seconds=0.05,
        mails_per_address_per_day=6,
        mails_per_session_per_hour=4,
    )
    async with service.serve(settings, build) as running:
        options = [("grpc.use_local_subchannel_pool", 1)]
        async with grpc.aio.insecure_channel(f"127.0.0.1:{running.port}", options=options) as channel:
            yield World(
                *(fake_core, keys, channel, running.service.draining, twilio, office, smtp),
                media_url=f"http://127.0.0.1:{port}",
                media_dir=tmp_path / "media",
            )
