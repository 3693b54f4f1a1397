"""Loads the missing parts of the demo organization through the services' contracts; safe to run at every start."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import grpc
from frontdesk.admin import v1 as admin_pb
from frontdesk.admin.internal import v1 as internal
from frontdesk.channel import v1 as channel_pb
from frontdesk.memory import v1 as memory_pb

import demo
from kit import client, errors
from kit.caller import Signer
from stack.console import DIM, Console
from stack.problems import Problem, PublicDemo
from stack.settings import Settings

INDEX_WITHIN = 180.0
PROGRESS_SECONDS = 3.0
NAME = f"organizations/{demo.ORGANIZATION.id}"
CHANNEL = f"{NAME}/channels/{demo.CHANNEL.id}"


@dataclass(frozen=True)
class Seeded:
    """The information for the user who started it."""

    organization: str
    email: str
    password: str
    """The public password, or empty: your own password is never printed."""
    curl: str


@dataclass(frozen=True)
class Seeder:
    """The services as the operator's command calls them: with tokens signed by its own key."""

    admin: grpc.aio.Channel
    channel: grpc.aio.Channel
    memory: grpc.aio.Channel
    signer: Signer
    password: str
    """The password of the users that this creates."""

    @classmethod
    @asynccontextmanager
    async def connect(cls, settings: Settings) -> AsyncIterator[Seeder]:
        """Dials the services on this machine, without the gateway: creating an organization has no route there."""
        ports = settings.ports
        async with (
            client.dial(f"127.0.0.1:{ports.admin}", (*admin_pb.SERVICES, *internal.SERVICES)) as admin,
            client.dial(f"127.0.0.1:{ports.channel}", channel_pb.SERVICES) as channel,
            client.dial(f"127.0.0.1:{ports.memory}", memory_pb.SERVICES) as memory,
        ):
            yield cls(
                admin, channel, memory, Signer.load(settings.home.keys, "stack"), settings.demo_password or demo.DEMO_PASSWORD
            )

    @property
    def token(self) -> str:
        """The operator's token for the demo organization."""
        return self.signer.service_token(demo.ORGANIZATION.id)

    async def organization(self) -> None:
        """The organization with its owner."""
        owner = next(user for user in demo.USERS if user.role == "owner")
        request = internal.CreateOrganizationRequest(
            organization_id=demo.ORGANIZATION.id,
            organization=admin_pb.Organization(display_name=demo.ORGANIZATION.display_name),
            owner=internal.CreateOrganizationRequest.Owner(
                user_id=owner.id, email=owner.email, display_name=owner.display_name, password=self.password
            ),
            request_id="demo-organization",
        )
        organizations = admin_pb.OrganizationServiceStub(self.admin)
        operator = internal.OrganizationServiceStub(self.admin)
        try:
            await client.call(organizations.GetOrganization, admin_pb.GetOrganizationRequest(name=NAME), token=self.token)
        except errors.NotFound:
            await client.call(operator.CreateOrganization, request, token=self.signer.service_token(), timeout=15)

    async def users(self) -> None:
        """Creates the missing users, with their roles."""
        stub = admin_pb.UserServiceStub(self.admin)
        listed = await client.call(stub.ListUsers, admin_pb.ListUsersRequest(parent=NAME, page_size=100), token=self.token)
        known = {user.email for user in listed.users}
        for user in demo.USERS:
            if user.email in known:
                continue
            made = admin_pb.User(email=user.email, display_name=user.display_name, roles=[f"{NAME}/roles/{user.role}"])
            request = admin_pb.CreateUserRequest(
                parent=NAME, user=made, password=self.password, user_id=user.id, request_id=f"demo-{user.id}"
            )
            await client.call(stub.CreateUser, request, token=self.token, timeout=15)

    async def web_chat(self) -> None:
        """The web-chat channel."""
        stub = channel_pb.ChannelServiceStub(self.channel)
        try:
            await client.call(stub.GetChannel, channel_pb.GetChannelRequest(name=CHANNEL), token=self.token)
        except errors.NotFound:
            made = channel_pb.Channel(
                display_name=demo.CHANNEL.display_name,
                kind=channel_pb.CHANNEL_KIND_WEB_CHAT,
                web_chat=channel_pb.WebChatConfig(
                    title=demo.ORGANIZATION.display_name,
                    greeting=demo.CHANNEL.greeting,
                    suggestions=demo.CHANNEL.suggestions,
                ),
            )
            request = channel_pb.CreateChannelRequest(
                parent=NAME, channel=made, channel_id=demo.CHANNEL.id, request_id="demo-channel"
            )
            await client.call(stub.CreateChannel, request, token=self.token)

    async def articles(self, console: Console) -> int:
        """Adds the missing help articles; returns the number added, once all are searchable."""
        stub = memory_pb.DocumentServiceStub(self.memory)
        known = {document.name async for document in self._documents(stub)}
        missing = [a for a in demo.articles() if f"{NAME}/documents/{a.id}" not in known]
        if missing:
            console.line(console.paint(f"      loading {len(missing)} help articles of the demo shop", DIM))
        for article in missing:
            document = memory_pb.Document(
                title=article.title,
                text=memory_pb.TextSource(content=article.text, media_type="text/markdown"),
            )
            request = memory_pb.CreateDocumentRequest(
                parent=NAME, document=document, document_id=article.id, request_id=f"demo-{article.id}"
            )
            await client.call(stub.CreateDocument, request, token=self.token, timeout=15)
        await self._until_indexed(stub, console)
        return len(missing)

    async def _until_indexed(self, stub: memory_pb.DocumentServiceStub, console: Console) -> None:
        started = reported = time.monotonic()
        while True:
            states = [document.state async for document in self._documents(stub)]
            waiting = states.count(memory_pb.DOCUMENT_STATE_PENDING) + states.count(memory_pb.DOCUMENT_STATE_INDEXING)
            if not waiting:
                return
            now = time.monotonic()
            if now - started > INDEX_WITHIN:
                raise Problem(
                    f"memory has not indexed {waiting} documents in {INDEX_WITHIN:.0f} s; see `frontdesk logs memory`."
                )
            if now - reported > PROGRESS_SECONDS:
                reported = now
                console.line(console.paint(f"      {len(states) - waiting} of {len(states)} articles are indexed", DIM))
            await asyncio.sleep(0.25)

    async def _documents(self, stub: memory_pb.DocumentServiceStub) -> AsyncIterator[memory_pb.Document]:
        page = ""
        while True:
            request = memory_pb.ListDocumentsRequest(parent=NAME, page_size=100, page_token=page)
            answer = await client.call(stub.ListDocuments, request, token=self.token)
            for document in answer.documents:
                yield document
            page = answer.next_page_token
            if not page:
                return


async def load(settings: Settings, console: Console) -> Seeded:
    """Brings the demo organization to its full state; raises a `Problem` that names what failed."""
    try:
        async with Seeder.connect(settings) as seeder:
            await seeder.organization()
            await asyncio.gather(seeder.users(), seeder.web_chat(), seeder.articles(console))
    except errors.FrontdeskError as error:
        raise Problem(f"the demo organization cannot be loaded: {error} (FRONTDESK_DEMO=false starts without it)") from error
    agent = next(user for user in demo.USERS if user.role == "agent")
    return Seeded(demo.ORGANIZATION.id, agent.email, "" if settings.demo_password else demo.DEMO_PASSWORD, _curl(settings))


async def close_public_passwords(settings: Settings) -> None:
    """Checks, before the gateway opens, that no user of the demo has the public password. Raises `Problem` if one does.

    FRONTDESK_DEMO_PASSWORD replaces it if set. Users with another password are left unchanged.
    """
    async with Seeder.connect(settings) as seeder:
        auth, users = admin_pb.AuthServiceStub(seeder.admin), admin_pb.UserServiceStub(seeder.admin)
        for user in demo.USERS:
            login = admin_pb.LoginRequest(organization=NAME, email=user.email, password=demo.DEMO_PASSWORD)
            try:
                signed_in = await client.call(auth.Login, login, token="")
                if not settings.demo_password:
                    raise PublicDemo(settings.gateway_host)
                change = admin_pb.SetPasswordRequest(name=signed_in.user.name, password=settings.demo_password)
                await client.call(users.SetPassword, change, token=seeder.token)
            except errors.Unauthenticated:
                continue
            except errors.FrontdeskError as error:
                raise Problem(f"the demo's users may still have the public password: {error}") from error


def _curl(settings: Settings) -> str:
    """One line that opens a web-chat session over REST and shows its token and greeting."""
    return f"curl -s {settings.gateway}/v1/{CHANNEL}:openSession -H 'content-type: application/json' -d '{{}}'"
