"""An organization that is suspended, or deleted, while its people and customers use it."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from frontdesk.admin import v1 as admin_pb
from frontdesk.admin.internal import v1 as admin_internal
from frontdesk.core import v1 as core_pb
from google.protobuf.duration_pb2 import Duration

from kit import client, errors
from tests.rpc.admin.desk import Shop
from tests.rpc.feeds.conftest import Pair
from tests.rpc.feeds.test_feeds import PROMISE_SECONDS, _read_on, reason, within

pytestmark = pytest.mark.servers
REFUSED, DELETING, ERASED = "ORGANIZATION_SUSPENDED", "ORGANIZATION_DELETING", "ORGANIZATION_ERASED"
NO_RECEIPT = "ORGANIZATION_ERASURE_NOT_FOUND"


async def change(pair: Pair, shop: Shop, what: str, **fields: Any) -> admin_pb.Organization:
    request = getattr(admin_internal, f"{what}OrganizationRequest")(name=shop.name, **fields)
    stub = admin_internal.OrganizationServiceStub(pair.admin.channel)
    changed: admin_pb.Organization = await client.call(
        getattr(stub, f"{what}Organization"), request, token=pair.keys.service_token("stack")
    )
    return changed


async def test_all_is_refused_but_owners_who_read_and_streams_end(pair: Pair) -> None:
    shop = await pair.admin.shop()
    await shop.add("a1", "agent")
    agent = (await shop.login("a1")).tokens
    owner = (await shop.login()).tokens
    conversation = await pair.open(shop)
    watch = core_pb.WatchConversationRequest(name=conversation.name)
    conversations = core_pb.ConversationServiceStub(pair.core)
    frames = client.stream(conversations.WatchConversation, watch, token=agent.access_token, timeout=20)
    assert await anext(frames)
    for _ in range(2):
        assert (await change(pair, shop, "Suspend")).state == admin_pb.ORGANIZATION_STATE_SUSPENDED
    began = time.monotonic()
    with pytest.raises(errors.FailedPrecondition) as ended:
        await _read_on(frames)
    assert (ended.value.reason, ended.value.metadata["organization"]) == (REFUSED, shop.id)
    assert time.monotonic() - began < PROMISE_SECONDS
    assert await reason(shop.login("a1")) == REFUSED
    assert await reason(shop.refresh(agent.refresh_token)) == REFUSED
    assert await reason(pair.list_conversations(agent.access_token, shop)) == REFUSED
    assert await reason(pair.list_conversations(owner.access_token, shop)) == ""
    assert await reason(shop.login()) == ""
    close = core_pb.CloseConversationRequest(name=conversation.name)
    assert await reason(client.call(conversations.CloseConversation, close, token=owner.access_token)) == REFUSED
    update = admin_pb.UpdateOrganizationRequest(organization={"name": shop.name, "display_name": "Other"})
    organizations = pair.admin.organizations
    assert await reason(pair.admin.call(organizations.UpdateOrganization, update, owner.access_token)) == REFUSED
    customer = pair.keys.customer_token(shop.id, "c1", ["core.messages.read"])
    read = core_pb.ListMessagesRequest(parent=conversation.name)
    messages = core_pb.MessageServiceStub(pair.core)
    assert await reason(client.call(messages.ListMessages, read, token=customer)) == REFUSED


async def test_what_customers_write_by_a_provider_is_stored_and_answered_after(pair: Pair) -> None:
    shop = await pair.admin.shop()
    conversation = await pair.open(shop)
    owner = (await shop.login()).tokens.access_token
    await change(pair, shop, "Suspend")
    close = core_pb.CloseConversationRequest(name=conversation.name)
    stub = core_pb.ConversationServiceStub(pair.core)
    await within(PROMISE_SECONDS, lambda: _is(reason(client.call(stub.CloseConversation, close, token=owner)), REFUSED))
    await pair.say(conversation, "How long can I return a parcel?", "m1", shop)
    for _ in range(5):
        await asyncio.sleep(0.05)
        assert (await messages(pair, conversation))[-1].role == core_pb.PARTICIPANT_ROLE_CUSTOMER
    await change(pair, shop, "Resume")

    async def answered() -> bool:
        return (await messages(pair, conversation))[-1].role == core_pb.PARTICIPANT_ROLE_ASSISTANT

    await within(10, answered)


async def test_a_suspended_organization_stays_so_over_a_restart_without_admin(pair: Pair) -> None:
    shop = await pair.admin.shop()
    token = (await shop.login()).tokens.access_token
    close = core_pb.CloseConversationRequest(name=f"{shop.name}/conversations/none")

    async def refused() -> str:
        stub = core_pb.ConversationServiceStub(pair.core)
        return await reason(client.call(stub.CloseConversation, close, token=token))

    await change(pair, shop, "Suspend")
    await within(PROMISE_SECONDS, lambda: _is(refused(), REFUSED))
    await pair.stop("admin")
    await pair.stop("core")
    await pair.start("core")
    assert await refused() == REFUSED


async def test_a_deletion_can_be_undone_until_its_erasure_begins(pair: Pair) -> None:
    shop = await pair.admin.shop()
    await shop.add("a1", "agent")
    agent, owner = (await shop.login("a1")).tokens, (await shop.login()).tokens.access_token
    await pair.open(shop)
    request = admin_pb.DeleteOrganizationRequest(name=shop.name)
    stale = admin_pb.DeleteOrganizationRequest(name=shop.name, etag="99")
    assert await reason(pair.admin.call(pair.admin.organizations.DeleteOrganization, stale, owner)) == "ETAG_MISMATCH"
    deleted = await pair.admin.call(pair.admin.organizations.DeleteOrganization, request, owner)
    assert deleted.state == admin_pb.ORGANIZATION_STATE_DELETING
    assert deleted.purge_time.ToSeconds() - deleted.update_time.ToSeconds() == 7 * 24 * 3600
    await within(PROMISE_SECONDS, lambda: _is(reason(pair.list_conversations(agent.access_token, shop)), DELETING))
    assert await reason(shop.login("a1")) == await reason(shop.refresh(agent.refresh_token)) == DELETING
    assert await reason(shop.login()) == await reason(pair.list_conversations(owner, shop)) == ""
    assert await reason(change(pair, shop, "Resume")) == DELETING
    assert await reason(pair.admin.call(pair.admin.operator.GetOrganizationErasure, receipt(shop), stack(pair))) == NO_RECEIPT
    for _ in range(2):
        assert (await change(pair, shop, "Restore")).state == admin_pb.ORGANIZATION_STATE_ACTIVE
    await within(PROMISE_SECONDS, lambda: _is(reason(pair.list_conversations(agent.access_token, shop)), ""))
    await change(pair, shop, "Suspend")
    await change(pair, shop, "Delete")
    assert (await change(pair, shop, "Restore")).state == admin_pb.ORGANIZATION_STATE_SUSPENDED


async def test_an_erasure_ends_when_every_service_has_confirmed_it(pair: Pair) -> None:
    shop, other = await pair.admin.shop(), await pair.admin.shop()
    tokens = (await shop.login()).tokens
    mine = await pair.open(shop)
    await pair.say(mine, "How long can I return a parcel?", "m1", shop)
    kept = await pair.open(other)
    await change(pair, shop, "Delete", grace=Duration())

    async def told() -> dict[str, admin_internal.OrganizationErasure.Confirmation]:
        found = await pair.admin.call(pair.admin.operator.GetOrganizationErasure, receipt(shop), stack(pair))
        return {each.service: each for each in found.confirmations}

    async def erased(*services: str) -> bool:
        if await reason(told()) == NO_RECEIPT:
            return False
        return {name for name, each in (await told()).items() if each.HasField("finish_time")} == set(services)

    await within(20, lambda: erased("core"))
    assert (await told())["core"].item_count > 3
    assert await reason(shop.login()) == await reason(pair.list_conversations(tokens.access_token, shop)) == ERASED
    assert await reason(pair.say(mine, "Late", "m2", shop)) == await reason(pair.open(shop)) == ERASED
    assert await reason(change(pair, shop, "Restore")) == await reason(change(pair, shop, "Delete")) == ERASED
    await pair.stop("core")
    await pair.start("core")
    assert await reason(pair.open(shop)) == ERASED
    for name in ("agent", "channel", "memory"):
        confirm = admin_internal.ConfirmOrganizationErasureRequest(organization_id=shop.id, item_count=7)
        for _ in range(2):
            token = pair.keys.service_token(name)
            await pair.admin.call(pair.admin.operator.ConfirmOrganizationErasure, confirm, token)
            confirm.item_count = 9
    await within(20, lambda: erased("admin", "agent", "channel", "core", "memory"))
    assert (await told())["memory"].item_count == 7
    create = admin_internal.CreateOrganizationRequest(
        organization_id=shop.id,
        organization={"display_name": "Again"},
        owner={"email": "again@example.com", "display_name": "A", "password": "correct horse battery"},
        request_id="again",
    )
    assert await reason(pair.admin.call(pair.admin.operator.CreateOrganization, create, stack(pair))) == "ORGANIZATION_EXISTS"
    assert [each.name for each in (await pair.list_conversations(other.token("owner"), other)).conversations] == [kept.name]


def receipt(shop: Shop) -> admin_internal.GetOrganizationErasureRequest:
    return admin_internal.GetOrganizationErasureRequest(organization_id=shop.id)


def stack(pair: Pair) -> str:
    return str(pair.keys.service_token("stack"))


async def _is(value: Any, wanted: str) -> bool:
    return bool(await value == wanted)


async def messages(pair: Pair, conversation: core_pb.Conversation) -> list[core_pb.Message]:
    """The messages, as another service sees them."""
    organization = conversation.name.split("/")[1]
    token = pair.keys.user_token(organization, ["*"], "reader")
    request = core_pb.ListMessagesRequest(parent=conversation.name)
    return list((await client.call(core_pb.MessageServiceStub(pair.core).ListMessages, request, token=token)).messages)
