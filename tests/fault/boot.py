"""Starts the real stack with a proxy on every connection.

The stores run from here, from the same packages as with `frontdesk up`, so that proxies can be in front of them; `frontdesk
up` runs the services, the pages and the gateway, with two replicas of core and channel.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from frontdesk.admin import v1 as admin_pb
from frontdesk.admin.internal import v1 as internal
from frontdesk.channel import v1 as channel_pb
from frontdesk.memory import v1 as memory_pb

from gateway.render import rate_limits
from kit import client, errors
from stack.home import REPOSITORY, Home
from stack.ports import free_ports
from stack.process import Process
from stack.stores import Store
from stack.stores.chroma import Chroma
from stack.stores.mongo import Mongo
from stack.stores.postgres import Postgres
from stack.stores.valkey import Valkey
from stack.testing_stack import TestStack
from tests.fault.proxy import Proxy
from tests.fault.scenarios import Own
from tests.fault.world import LEASE_SECONDS, ORGANIZATIONS, STORES, World, arm
from tests.twilio import Account

UNLIMITED = "1000000"
HURRIED = {
    "FRONTDESK_OPENAI_FIRST_TOKEN_SECONDS": "2",
    "FRONTDESK_OPENAI_SILENT_SECONDS": "4",
    "FRONTDESK_POLL_SECONDS": "2",
    "FRONTDESK_DELIVERY_SETTLED_SECONDS": "4",
    "FRONTDESK_LEASE_SECONDS": str(LEASE_SECONDS),
    "FRONTDESK_DRAIN_SECONDS": "5",
    "FRONTDESK_RESTART_PAUSE": "1",
}
"""Shorter than shipped, so that healing takes seconds."""
AUTH_TOKEN = "simulated-auth-token"


@asynccontextmanager
async def running(own: Own | None = None, disk: Path | None = None) -> AsyncIterator[World]:
    """Starts everything and ends it. `own`: its differences; `disk`: a small file system for the data that needs one."""
    folder = Path(tempfile.mkdtemp(prefix="frontdesk-fault-"))
    small = disk if own is Own.SMALL_HOME else None
    home = Home((small or folder) / "stores")
    home.make()
    (folder / "failpoints").mkdir()
    arm(folder / "failpoints", "")
    if own is Own.SMALL_DATA:
        assert disk is not None
        (home.data / "postgres").symlink_to(disk)
    model_port, twilio_port, *ports = free_ports(2 + len(STORES))
    said: list[str] = []
    async with AsyncExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        model = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.fault.model", str(model_port), cwd=REPOSITORY)
        stack.callback(end, model)
        kinds: list[Store] = [kind(home, port) for kind, port in zip((Postgres, Mongo, Valkey, Chroma), ports, strict=True)]
        stores = dict(zip(STORES, await asyncio.gather(*(_store(kind, home, said) for kind in kinds)), strict=True))
        for store in stores.values():
            stack.push_async_callback(store.stop)
        proxies = {name: Proxy(name, store.program.port) for name, store in stores.items()}
        proxies["model"] = Proxy("model", model_port)
        proxies["twilio"] = Proxy("twilio", twilio_port)
        for proxy in proxies.values():
            await proxy.start()
            stack.push_async_callback(proxy.stop)
        times = {} if own is Own.SHIPPED else HURRIED
        environment = _environment(kinds, proxies, {"FRONTDESK_FAILPOINT": f"@{folder / 'failpoints'}", **times})
        services = ("core", "core-2", "channel", "channel-2", "memory")
        for name in services:
            proxies[name] = Proxy(name, 0)
            await proxies[name].start()
            stack.push_async_callback(proxies[name].stop)
        for name in ("core", "channel", "memory"):
            addresses = [f"127.0.0.1:{proxies[each].port}" for each in services if each.partition("-")[0] == name]
            environment[f"FRONTDESK_{name.upper()}_URL"] = ",".join(addresses)
        started = TestStack(environment, within=small)
        stack.callback(started.close)
        for name in services:
            key = f"FRONTDESK_{name.upper().replace('-', '_')}_PORT"
            proxies[name].target = int(started.environment[key])
        world = World(folder, home, stores, proxies, started, model_port, twilio_port, said=said, disk=disk)
        webhook = f"{started.gateway}/v1/organizations/{ORGANIZATIONS[0]}/channels/whatsapp/webhooks:twilio"
        arguments = ("--port", str(twilio_port), "--webhook", webhook, "--journal", str(world.accepted))
        twilio = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.twilio", *arguments, cwd=REPOSITORY)
        stack.callback(end, twilio)
        await asyncio.to_thread(started.wait)
        await _populate(world, webhook)
        yield world


async def _store(store: Store, home: Home, said: list[str]) -> Process:
    await store.prepare()
    process = Process(store.program(), home.logs, lambda name, what: said.append(f"{name}: {what}"), longest_pause=1.0)
    await process.start()
    await store.provision()
    return process


def _environment(stores: list[Store], proxies: Mapping[str, Proxy], extra: Mapping[str, str]) -> dict[str, str]:
    postgres, mongo, redis, chroma = stores
    assert isinstance(postgres, Postgres)
    assert isinstance(mongo, Mongo)
    assert isinstance(redis, Valkey)
    assert isinstance(chroma, Chroma)
    model = f"http://127.0.0.1:{proxies['model'].port}/v1"
    return {
        "FRONTDESK_POSTGRES_URL": _through(postgres.admin_url(), proxies["postgres"].port),
        "FRONTDESK_MONGO_URL": _through(mongo.url, proxies["mongo"].port),  # memory and core have a database each
        "FRONTDESK_REDIS_URL": _through(redis.url, proxies["redis"].port),
        "FRONTDESK_CHROMA_URL": _through(chroma.url, proxies["chroma"].port),
        "FRONTDESK_EMBEDDINGS_URL": model,
        "FRONTDESK_OPENAI_BASE_URL": model,
        "FRONTDESK_OPENAI_JUDGE_SECONDS": "0",
        "FRONTDESK_OPENAI_SUMMARY_SECONDS": "0",
        "FRONTDESK_OPENAI_QUERY_SECONDS": "0",
        "FRONTDESK_TWILIO_URL": f"http://127.0.0.1:{proxies['twilio'].port}",
        "FRONTDESK_CORE_REPLICAS": "2",
        "FRONTDESK_CHANNEL_REPLICAS": "2",
        "FRONTDESK_DEMO": "false",
        "FRONTDESK_BUDGET_MONEY": "0",
        **{f"FRONTDESK_{name}_PER_MINUTE": UNLIMITED for name in ("SESSIONS", "MESSAGES", "TYPING", "REFRESHES")},
        **dict.fromkeys(rate_limits(), UNLIMITED),
        "FRONTDESK_GATEWAY_ACCESS_LOG": "/dev/null",
        **extra,
    }


async def _populate(world: World, webhook: str) -> None:
    """Two organizations, each with a web chat and a document that holds its canary; the first has WhatsApp too."""
    ports, operator = world.stack.ports, world.signer("stack")
    async with (
        client.dial(f"127.0.0.1:{ports.admin}", (*admin_pb.SERVICES, *internal.SERVICES)) as admin,
        client.dial(f"127.0.0.1:{ports.channel}", channel_pb.SERVICES) as channel,
        client.dial(f"127.0.0.1:{ports.memory}", memory_pb.SERVICES) as memory,
    ):
        for id in ORGANIZATIONS:
            name, token = f"organizations/{id}", operator.service_token(id)
            owner = internal.CreateOrganizationRequest.Owner(
                email=f"owner@{id}.example.com", display_name="Owner", password="a-long-enough-password"
            )
            organization = internal.CreateOrganizationRequest(
                organization_id=id, organization=admin_pb.Organization(display_name=id), owner=owner, request_id=id
            )
            everywhere = operator.service_token()
            stub = internal.OrganizationServiceStub(admin)
            await client.call(stub.CreateOrganization, organization, token=everywhere, timeout=15)
            chat = channel_pb.CreateChannelRequest(
                parent=name,
                channel_id="chat",
                channel=channel_pb.Channel(
                    display_name="Chat",
                    kind=channel_pb.CHANNEL_KIND_WEB_CHAT,
                    web_chat=channel_pb.WebChatConfig(greeting="Hello"),
                ),
                request_id=id,
            )
            await client.call(channel_pb.ChannelServiceStub(channel).CreateChannel, chat, token=token, timeout=15)
            text = memory_pb.TextSource(
                content=f"# Parcels\n\nWhere is my parcel? canary-{id} knows.", media_type="text/markdown"
            )
            document = memory_pb.CreateDocumentRequest(
                parent=name, document=memory_pb.Document(title="Parcels", text=text), document_id="parcels", request_id=id
            )
            with suppress(errors.FrontdeskError):
                await client.call(memory_pb.DocumentServiceStub(memory).CreateDocument, document, token=token, timeout=15)
        config = channel_pb.TwilioWhatsAppConfig(
            account_sid=Account.sid, auth_token=AUTH_TOKEN, phone_number=Account.number, webhook_url=webhook
        )
        whatsapp = channel_pb.CreateChannelRequest(
            parent=f"organizations/{ORGANIZATIONS[0]}",
            channel_id="whatsapp",
            channel=channel_pb.Channel(
                display_name="WhatsApp", kind=channel_pb.CHANNEL_KIND_WHATSAPP_TWILIO, whatsapp_twilio=config
            ),
            request_id="whatsapp",
        )
        token = operator.service_token(ORGANIZATIONS[0])
        await client.call(channel_pb.ChannelServiceStub(channel).CreateChannel, whatsapp, token=token, timeout=15)


def end(process: asyncio.subprocess.Process) -> None:
    """Kills a program of the harness, if it still runs."""
    with suppress(ProcessLookupError):
        process.kill()


def _through(url: str, port: int) -> str:
    """The same URL with another port."""
    parts = urlsplit(url)
    login, at, _ = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{login}{at}127.0.0.1:{port}"))
