"""Customers: what they are known by, merges and splits, and their erasure, on a real core."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import grpc
import pytest
from frontdesk.core import v1 as pb
from frontdesk.core.internal import v1 as internal
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp

from kit import client, errors, failpoints
from stack.testing import TestStores
from tests.rpc.core.conftest import CHANNEL, CUSTOMER_PERMISSIONS, ORGANIZATION, Desk, Knowledge, run_core
from tests.rpc.lists import in_pages

PHONE = f"{ORGANIZATION}/channels/phone"
MAIL = f"{ORGANIZATION}/channels/mail"
EVERYTHING = (
    "core.conversations.list",
    "core.conversations.read",
    "core.conversations.update",
    "core.customers.block",
    "core.customers.delete",
    "core.customers.merge",
    "core.customers.read",
    "core.customers.update",
    "core.messages.read",
)


def whatsapp(number: str) -> pb.Identity:
    return identity(pb.IDENTITY_KIND_WHATSAPP_USER, number, pb.IDENTITY_SOURCE_PROVIDER)


def email(address: str, verified: bool = True) -> pb.Identity:
    return identity(pb.IDENTITY_KIND_EMAIL, address, pb.IDENTITY_SOURCE_PROVIDER, verified)


def browser(session: str) -> pb.Identity:
    return identity(pb.IDENTITY_KIND_BROWSER, session, pb.IDENTITY_SOURCE_SESSION)


def identity(kind: pb.IdentityKind, value: str, source: pb.IdentitySource, verified: bool = True) -> pb.Identity:
    return pb.Identity(kind=kind, value=value, source=source, verify_time=Timestamp(seconds=1) if verified else None)


class Shop:
    """Calls of this test to a core."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def open(self, known_by: pb.Identity, key: str = "", channel: str = CHANNEL, **more: Any) -> Any:
        request = internal.OpenConversationRequest(
            parent=ORGANIZATION, channel=channel, identity=known_by, thread_key=key, **more
        )
        return await self._as_channel(self.desk.inside.conversations.OpenConversation, request)

    async def write(self, known_by: pb.Identity, text: str, source: str, key: str = "") -> Any:
        request = internal.ReceiveMessageRequest(
            parent=ORGANIZATION, channel=PHONE, source_id=source, identity=known_by, text=text, thread_key=key
        )
        return (await self._as_channel(self.desk.inside.messages.ReceiveMessage, request)).message

    async def _as_channel(self, rpc: Any, request: Any) -> Any:
        return await client.call(rpc, request, token=self.desk.keys.service_token("channel", "acme"))

    async def call(self, rpc: Any, request: Any) -> Any:
        return await client.call(rpc, request, token=self.desk.keys.user_token("acme", list(EVERYTHING)))

    async def as_customer(self, customer: str, rpc: Any, request: Any) -> Any:
        permissions = [*CUSTOMER_PERMISSIONS, "core.conversations.list"]
        token = self.desk.keys.customer_token("acme", customer.rpartition("/")[2], permissions)
        return await client.call(rpc, request, token=token)

    async def customer(self, name: str) -> pb.Customer:
        found: pb.Customer = await self.call(self.desk.customers.GetCustomer, pb.GetCustomerRequest(name=name))
        return found

    async def merge(self, name: str, duplicate: str) -> Any:
        return await self.call(self.desk.customers.MergeCustomer, pb.MergeCustomerRequest(name=name, duplicate=duplicate))

    async def split(self, name: str, **what: Any) -> Any:
        return await self.call(self.desk.customers.SplitCustomer, pb.SplitCustomerRequest(name=name, **what))

    async def erase(self, name: str) -> pb.CustomerErasure:
        await self.call(self.desk.customers.DeleteCustomer, pb.DeleteCustomerRequest(name=name))
        receipt = f"{ORGANIZATION}/customerErasures/{name.rpartition('/')[2]}"
        got: pb.CustomerErasure = await self.call(
            self.desk.customers.GetCustomerErasure, pb.GetCustomerErasureRequest(name=receipt)
        )
        return got

    async def facts(self) -> list[str]:
        """The journal's facts, by their names."""
        request = internal.WatchEventsRequest(shards=list(range(64)), until_now=True)
        call = self.desk.inside.events.WatchEvents(request, metadata=self.desk.as_service("agent", "*"))
        return [got.event.WhichOneof("fact") async for got in call if got.WhichOneof("item") == "event"]

    async def conversations(self, customer: str) -> set[str]:
        request = pb.ListConversationsRequest(parent=ORGANIZATION, customer=customer)
        found = await self.call(self.desk.conversations.ListConversations, request)
        return {conversation.name for conversation in found.conversations}

    async def reads(self, customer: str, conversation: str) -> bool:
        """Whether a customer's token opens a conversation."""
        get = pb.GetConversationRequest(name=conversation)
        try:
            await self.as_customer(customer, self.desk.conversations.GetConversation, get)
        except (errors.NotFound, errors.Unauthenticated):  # the token of an erased customer is revoked
            return False
        return True


@pytest.fixture
def shop(desk: Desk) -> Shop:
    return Shop(desk)


async def ended(stream: Any) -> tuple[grpc.StatusCode, list[str]]:
    """How a stream ends, and what it shows before."""
    shown: list[str] = []
    try:
        async with asyncio.timeout(10):
            while (frame := await stream.read()) is not grpc.aio.EOF:
                shown.append(frame.WhichOneof("event"))
    except grpc.aio.AioRpcError as error:
        return error.code(), shown
    return grpc.StatusCode.OK, shown


def values(customer: pb.Customer) -> set[str]:
    return {identity.value for identity in customer.identities}


async def test_a_verified_identity_is_one_customer_on_every_channel(shop: Shop) -> None:
    phone = await shop.open(whatsapp("+491"), channel=PHONE)
    again = await shop.open(whatsapp("+491"), channel=CHANNEL, display_name="Sam")
    assert phone.customer == again.customer
    assert phone.name != again.name
    customer = await shop.customer(phone.customer)
    assert customer.display_name == "Sam", "the first channel that knows the name gives it"
    [known] = customer.identities
    assert (known.kind, known.value) == (pb.IDENTITY_KIND_WHATSAPP_USER, "+491")
    assert known.HasField("verify_time")
    assert known.source == pb.IDENTITY_SOURCE_PROVIDER


async def test_addresses_of_mail_are_compared_in_lower_case(shop: Shop) -> None:
    assert await shop.open(email("Sam@Shop.example")) == await shop.open(email("sam@shop.example"))


async def test_a_claim_never_leads_to_the_customer_of_the_verified_value(shop: Shop) -> None:
    owner = await shop.open(email("sam@shop.example"), channel=MAIL)
    claimed = await shop.open(email("sam@shop.example", verified=False), channel=MAIL)
    assert claimed.customer != owner.customer
    assert claimed.name != owner.name
    assert claimed == await shop.open(email("sam@shop.example", verified=False), channel=MAIL)
    other = await shop.open(email("sam@shop.example", verified=False), "another-thread", channel=MAIL)
    assert other.customer not in (owner.customer, claimed.customer)
    assert not await shop.reads(claimed.customer, owner.name)
    assert owner == await shop.open(email("sam@shop.example"), channel=MAIL)


async def test_what_a_visitor_claims_is_kept_as_a_claim(shop: Shop) -> None:
    owner = await shop.open(email("kim@shop.example"), channel=MAIL)
    visitor = await shop.open(
        browser("s1"), claims=[email("kim@shop.example"), identity(pb.IDENTITY_KIND_PHONE, "+4930", pb.IDENTITY_SOURCE_USER)]
    )
    assert visitor.customer != owner.customer
    claims = [each for each in (await shop.customer(visitor.customer)).identities if not each.HasField("verify_time")]
    assert {each.value for each in claims} == {"kim@shop.example", "+4930"}
    assert all(each.source == pb.IDENTITY_SOURCE_CUSTOMER for each in claims)


async def test_a_customer_has_a_conversation_for_each_thread(shop: Shop) -> None:
    first, second = await shop.open(browser("s1")), await shop.open(browser("s1"), "second")
    assert first.customer == second.customer
    assert (first.thread_key, second.thread_key) == ("", "second")
    assert second == await shop.open(browser("s1"), "second")
    stranger = await shop.open(browser("s2"))
    listed = await shop.as_customer(
        first.customer,
        shop.desk.conversations.ListConversations,
        pb.ListConversationsRequest(parent=ORGANIZATION, customer=stranger.customer),
    )
    assert {each.name for each in listed.conversations} == {first.name, second.name}, "only their own, whatever they ask for"
    assert await shop.reads(first.customer, second.name)
    assert not await shop.reads(stranger.customer, second.name)


async def test_a_list_shows_the_customer_and_what_was_said_last(shop: Shop) -> None:
    opened = await shop.open(browser("s1"), display_name="Sam", subject="A parcel", language="en")
    await shop.desk.say(opened, "How long\ncan I return a parcel?", "m1")
    await shop.desk.until(opened, 2)
    take = await shop.desk.take(opened, "a1")
    note = internal.AddNoteRequest(parent=opened.name, agent=take.conversation.agent, text="A secret", request_id="n1")
    await shop.desk.inside.messages.AddNote(note, metadata=shop.desk.as_service("agent"))
    request = pb.ListConversationsRequest(parent=ORGANIZATION)
    [seen] = (await shop.call(shop.desk.conversations.ListConversations, request)).conversations
    assert (seen.summary.customer_display_name, seen.subject, seen.language) == ("Sam", "A parcel", "en")
    assert (seen.summary.last_role, seen.summary.last_preview) == (pb.PARTICIPANT_ROLE_AGENT, "A secret")
    assert (seen.summary.address.value, seen.summary.address.verified) == ("s1", True)
    own = await shop.as_customer(opened.customer, shop.desk.conversations.ListConversations, request)
    assert own.conversations[0].summary.last_role == pb.PARTICIPANT_ROLE_ASSISTANT, "a note is not for customers"


async def test_subject_priority_and_language_change_under_an_etag(shop: Shop) -> None:
    opened = await shop.open(browser("s1"))
    update = pb.UpdateConversationRequest(
        conversation=pb.Conversation(
            name=opened.name, subject="Refund", priority=pb.CONVERSATION_PRIORITY_URGENT, etag=opened.etag
        ),
        update_mask=FieldMask(paths=["subject", "priority"]),
    )
    changed = await shop.call(shop.desk.conversations.UpdateConversation, update)
    assert (changed.subject, changed.priority) == ("Refund", pb.CONVERSATION_PRIORITY_URGENT)
    await shop.desk.say(opened, "Hello?", "m1")
    update.conversation.subject = "Late"
    with pytest.raises(errors.Aborted) as told:
        await shop.call(shop.desk.conversations.UpdateConversation, update)
    assert told.value.reason == "ETAG_MISMATCH"
    update.conversation.etag = changed.etag  # messages since do not make it stale
    assert (await shop.call(shop.desk.conversations.UpdateConversation, update)).subject == "Late"
    update.update_mask.paths.append("state")
    with pytest.raises(errors.InvalidArgument, match="priority, subject"):
        await shop.call(shop.desk.conversations.UpdateConversation, update)


@pytest.mark.parametrize("field", ["subject", "priority", "language"])
async def test_watchers_see_a_new_subject_priority_or_language(shop: Shop, field: str) -> None:
    opened = await shop.open(browser("s1"))
    changed = pb.Conversation(name=opened.name, subject="Refund", priority=pb.CONVERSATION_PRIORITY_HIGH, language="de")
    update = pb.UpdateConversationRequest(conversation=changed, update_mask=FieldMask(paths=[field]))
    async with asyncio.timeout(10), shop.desk.watch(opened) as frames:
        asked = False
        async for frame in frames:
            if frame.WhichOneof("event") == "conversation_updated" and asked:
                assert getattr(frame.conversation_updated, field) == getattr(changed, field)
                break
            if not asked:
                await shop.call(shop.desk.conversations.UpdateConversation, update)
                asked = True


async def test_a_customer_changes_under_an_etag(shop: Shop) -> None:
    opened = await shop.open(browser("s1"), display_name="Sam")
    before = await shop.customer(opened.customer)
    change = pb.Customer(name=before.name, display_name="Samira", language="pt-BR", etag=before.etag)
    update = pb.UpdateCustomerRequest(customer=change, update_mask=FieldMask(paths=["display_name"]))
    after = await shop.call(shop.desk.customers.UpdateCustomer, update)
    assert (after.display_name, after.language) == ("Samira", "")
    with pytest.raises(errors.Aborted) as told:
        await shop.call(shop.desk.customers.UpdateCustomer, update)
    assert (told.value.reason, told.value.metadata["etag"]) == ("ETAG_MISMATCH", after.etag)
    update.update_mask.paths[:] = ["identities"]
    with pytest.raises(errors.InvalidArgument) as told_field:
        await shop.call(shop.desk.customers.UpdateCustomer, update)
    assert told_field.value.reason == "UNKNOWN_FIELD"


async def test_a_customer_s_name_can_t_turn_the_text_around_it(shop: Shop) -> None:
    opened = await shop.open(browser("s1"), display_name="Sam\u202eeel")
    before = await shop.customer(opened.customer)
    assert before.display_name == "Sameel"
    change = pb.Customer(name=before.name, display_name=" \u2066Samira\u2069\u200b\n", etag=before.etag)
    after = await shop.call(shop.desk.customers.UpdateCustomer, pb.UpdateCustomerRequest(customer=change))
    assert after.display_name == "Samira"


async def test_an_agent_verifies_a_claim_unless_it_is_anothers(shop: Shop) -> None:
    owner = await shop.open(email("sam@shop.example"), channel=MAIL)
    visitor = await shop.open(browser("s1"), claims=[email("sam@shop.example"), email("kim@shop.example")])
    vouch = pb.AddIdentityRequest(name=visitor.customer, identity=email("kim@shop.example"))
    verified = await shop.call(shop.desk.customers.AddIdentity, vouch)
    [known] = [each for each in verified.identities if each.value == "kim@shop.example"]
    assert (known.HasField("verify_time"), known.source) == (True, pb.IDENTITY_SOURCE_USER)
    assert verified == await shop.call(shop.desk.customers.AddIdentity, vouch), "adding it again changes nothing"
    vouch.identity.value = "sam@shop.example"
    with pytest.raises(errors.AlreadyExists) as told:
        await shop.call(shop.desk.customers.AddIdentity, vouch)
    assert (told.value.reason, told.value.metadata["customer"]) == ("IDENTITY_TAKEN", owner.customer.rpartition("/")[2])


async def test_a_customer_has_a_bounded_number_of_identities(shop: Shop) -> None:
    opened = await shop.open(browser("s1"))
    add = pb.AddIdentityRequest(name=opened.customer, identity=email("0", verified=False))
    for number in range(63):
        add.identity.value = f"{number}@shop.example"
        await shop.call(shop.desk.customers.AddIdentity, add)
    add.identity.value = "one@too.many"
    with pytest.raises(errors.FailedPrecondition) as told:
        await shop.call(shop.desk.customers.AddIdentity, add)
    assert (told.value.reason, told.value.metadata) == ("TOO_MANY_IDENTITIES", {"limit": "64"})
    assert await shop.open(browser("s1"), claims=[email("one@too.many")]) == opened, "a claim too many keeps no one out"


async def test_who_writes_from_a_removed_identity_is_a_new_customer(shop: Shop) -> None:
    said = await shop.write(whatsapp("+491"), "Hello", "m1")
    before = await shop.open(whatsapp("+491"), channel=PHONE)
    remove = pb.RemoveIdentityRequest(name=before.customer, identity=whatsapp("+491"))
    assert values(await shop.call(shop.desk.customers.RemoveIdentity, remove)) == set()
    await shop.call(shop.desk.customers.RemoveIdentity, remove)  # again changes nothing
    later = await shop.write(whatsapp("+491"), "It is me", "m2")
    after = await shop.open(whatsapp("+491"), channel=PHONE)
    assert later.name.startswith(after.name)
    assert not later.name.startswith(before.name)
    assert after.customer != before.customer
    # Both have a conversation at the same address, and may be one person after all.
    await shop.merge(after.customer, before.customer)
    assert await shop.conversations(after.customer) == {before.name, after.name}
    third = await shop.write(whatsapp("+491"), "Where are we?", "m3")
    assert third.name.startswith(after.name), "the conversation that the address continued with still does"
    assert said.name.startswith(before.name)


async def test_a_merge_shows_both_histories_under_one_customer_and_is_undone(shop: Shop) -> None:
    chat = await shop.open(browser("s1"), display_name="Sam")
    phone = await shop.open(whatsapp("+491"), channel=PHONE, claims=[email("sam@shop.example")])
    await shop.desk.say(chat, "From my browser", "m1")
    before = [await shop.customer(each.customer) for each in (chat, phone)]
    merged = await shop.merge(chat.customer, phone.customer)
    assert values(merged) == {"s1", "+491", "sam@shop.example"}
    assert await shop.conversations(chat.customer) == {chat.name, phone.name}
    assert await shop.conversations(phone.customer) == {chat.name, phone.name}, "the old record leads to the customer"
    gone = await shop.customer(phone.customer)
    assert (gone.merged_into, list(gone.identities)) == (chat.customer, [])
    assert await shop.merge(chat.customer, phone.customer) == merged, "merging again changes nothing"
    # The owner of a token of either record takes part in both conversations.
    assert await shop.reads(phone.customer, chat.name)
    assert await shop.reads(chat.customer, phone.name)
    later = await shop.open(whatsapp("+491"), "since", channel=PHONE)
    assert later.customer == chat.customer

    back = await shop.split(chat.customer, duplicate=phone.customer)
    assert values(back) == values(before[1])
    assert back.merged_into == ""
    assert values(await shop.customer(chat.customer)) == {"s1"}
    assert await shop.conversations(phone.customer) == {phone.name, later.name}, "what began since goes with its identity"
    assert await shop.conversations(chat.customer) == {chat.name}
    assert not await shop.reads(phone.customer, chat.name)
    assert not await shop.reads(chat.customer, phone.name)
    assert await shop.split(chat.customer, duplicate=phone.customer) == back, "splitting again changes nothing"
    kinds = await shop.facts()
    assert [kind for kind in kinds if kind in ("customer_merged", "customer_split")] == ["customer_merged", "customer_split"]
    assert kinds.count("conversation_moved") == 3


async def test_merges_of_merges_are_undone_in_any_order(shop: Shop) -> None:
    one, two, three = [await shop.open(browser(f"s{n}")) for n in range(3)]
    await shop.merge(two.customer, one.customer)
    await shop.merge(three.customer, two.customer)
    assert await shop.conversations(three.customer) == {one.name, two.name, three.name}
    assert values(await shop.split(three.customer, duplicate=one.customer)) == {"s0"}
    assert await shop.conversations(one.customer) == {one.name}
    assert values(await shop.split(three.customer, duplicate=two.customer)) == {"s1"}
    assert await shop.conversations(two.customer) == {two.name}
    assert await shop.conversations(three.customer) == {three.name}
    await shop.merge(two.customer, one.customer)
    await shop.merge(three.customer, two.customer)
    await shop.split(three.customer, duplicate=two.customer)
    assert await shop.conversations(two.customer) == {one.name, two.name}, "the inner merge still stands"
    await shop.split(two.customer, duplicate=one.customer)
    assert await shop.conversations(one.customer) == {one.name}


async def test_a_claim_that_a_merge_confirms_is_a_claim_again_after_the_split(shop: Shop) -> None:
    visitor = await shop.open(browser("s1"), claims=[email("sam@shop.example")])
    owner = await shop.open(email("sam@shop.example"), channel=MAIL)
    merged = await shop.merge(visitor.customer, owner.customer)
    assert all(each.HasField("verify_time") for each in merged.identities)
    await shop.split(visitor.customer, duplicate=owner.customer)
    [claim] = [each for each in (await shop.customer(visitor.customer)).identities if each.value == "sam@shop.example"]
    assert not claim.HasField("verify_time")
    assert owner == await shop.open(email("sam@shop.example"), channel=MAIL)


async def test_merges_that_make_no_sense_are_refused(shop: Shop) -> None:
    one, two, three = [(await shop.open(browser(f"s{n}"))).customer for n in range(3)]
    await shop.merge(one, two)
    for name, duplicate, reason in (
        (one, one, "CUSTOMERS_NOT_MERGED"),
        (two, three, "CUSTOMER_MERGED"),
        (three, two, "CUSTOMER_MERGED"),
        (two, one, "CUSTOMER_MERGED"),
    ):
        with pytest.raises(errors.FailedPrecondition) as told:
            await shop.merge(name, duplicate)
        assert told.value.reason == reason
    with pytest.raises(errors.FailedPrecondition) as told:
        await shop.split(three, duplicate=two)
    assert told.value.reason == "CUSTOMERS_NOT_MERGED"
    with pytest.raises(errors.NotFound):
        await shop.merge(one, f"{ORGANIZATION}/customers/nobody")
    update = pb.UpdateCustomerRequest(customer=pb.Customer(name=two, display_name="Sam"))
    with pytest.raises(errors.FailedPrecondition) as told:
        await shop.call(shop.desk.customers.UpdateCustomer, update)
    assert told.value.metadata["merged_into"] == one.rpartition("/")[2]


async def test_identities_of_someone_else_are_split_off_with_their_conversations(shop: Shop) -> None:
    chat = await shop.open(browser("s1"))
    phone = await shop.open(whatsapp("+491"), channel=PHONE)
    await shop.merge(chat.customer, phone.customer)
    other = await shop.split(chat.customer, identities=pb.IdentitySet(identities=[whatsapp("+491")]))
    assert other.name not in (chat.customer, phone.customer)
    assert await shop.conversations(other.name) == {phone.name}
    assert await shop.split(chat.customer, identities=pb.IdentitySet(identities=[whatsapp("+491")])) == other, (
        "splitting again changes nothing"
    )
    assert (await shop.open(whatsapp("+491"), channel=PHONE)).customer == other.name
    with pytest.raises(errors.NotFound) as told:
        await shop.split(chat.customer, identities=pb.IdentitySet(identities=[whatsapp("+492")]))
    assert told.value.reason == "IDENTITY_NOT_FOUND"
    with pytest.raises(errors.FailedPrecondition) as told_all:
        await shop.split(chat.customer, identities=pb.IdentitySet(identities=[browser("s1")]))
    assert told_all.value.reason == "NOTHING_LEFT"
    # The merge has nothing left to give back.
    await shop.split(chat.customer, duplicate=phone.customer)
    assert await shop.conversations(phone.customer) == set()


async def test_blocking_holds_for_the_records_that_were_merged(shop: Shop) -> None:
    one, two = await shop.open(browser("s1")), await shop.open(browser("s2"))
    await shop.call(shop.desk.customers.BlockCustomer, pb.BlockCustomerRequest(name=one.customer))
    await shop.merge(one.customer, two.customer)
    stored = await shop.desk.say(two, "Do you hear me?", "m1")
    assert stored.turn == "", "the conversation came to a blocked customer"
    with pytest.raises(errors.FailedPrecondition):
        await shop.call(shop.desk.customers.BlockCustomer, pb.BlockCustomerRequest(name=two.customer))
    await shop.split(one.customer, duplicate=two.customer)
    assert (await shop.desk.say(two, "And now?", "m2")).turn != ""


async def test_a_stream_ends_when_its_conversation_gets_another_customer(shop: Shop) -> None:
    one, two = await shop.open(browser("s1")), await shop.open(browser("s2"))
    await shop.merge(one.customer, two.customer)
    async with shop.desk.watch(one) as mine, shop.desk.watch(two) as theirs:
        await mine.read()
        await theirs.read()
        await shop.split(one.customer, duplicate=two.customer)
        assert (await ended(theirs))[0] is grpc.StatusCode.ABORTED
        await shop.desk.say(one, "Still there?", "m1")
        async with asyncio.timeout(10):
            while (await mine.read()).WhichOneof("event") != "message_created":
                pass


async def test_an_erased_customer_is_gone_and_the_next_message_begins_a_new_one(shop: Shop) -> None:
    chat = await shop.open(browser("s1"), display_name="Marker-Name", subject="Marker-Subject")
    phone = await shop.open(whatsapp("+49-marker"), channel=PHONE)
    await shop.merge(chat.customer, phone.customer)
    await shop.desk.say(chat, "Marker-Text: how long can I return a parcel?", "m1")
    await shop.desk.until(chat, 2)
    await shop.write(whatsapp("+49-marker"), "Marker-Text again", "m2")
    receipt = await shop.erase(chat.customer)
    assert (receipt.customer_count, receipt.conversation_count, receipt.message_count >= 3) == (2, 2, True)
    confirmed = {each.store: each.HasField("finish_time") for each in receipt.confirmations}
    assert confirmed == {"core": True, "agent": False, "channel": False}
    assert not receipt.HasField("finish_time")
    assert await shop.erase(chat.customer) == receipt, "deleting again changes nothing"
    for customer in (chat.customer, phone.customer):
        with pytest.raises(errors.NotFound):
            await shop.customer(customer)
        assert await shop.conversations(customer) == set()
    for conversation in (chat, phone):
        assert not await shop.reads(chat.customer, conversation.name)
        with pytest.raises(grpc.aio.AioRpcError) as told:
            await shop.desk.say(conversation, "Hello?", f"late {conversation.name}")
        assert told.value.code() is grpc.StatusCode.NOT_FOUND
    fresh = await shop.write(whatsapp("+49-marker"), "It is me again", "m3")
    assert not fresh.name.startswith(phone.name)
    again = await shop.open(whatsapp("+49-marker"), channel=PHONE)
    assert again.customer not in (chat.customer, phone.customer)
    kinds = await shop.facts()
    assert kinds.count("conversation_erased") == kinds.count("customer_erased") == 2
    assert kinds.index("customer_erased") > max(n for n, kind in enumerate(kinds) if kind == "conversation_erased")


async def test_erasing_a_merged_record_or_no_one_is_refused(shop: Shop) -> None:
    one, two = await shop.open(browser("s1")), await shop.open(browser("s2"))
    await shop.merge(one.customer, two.customer)
    with pytest.raises(errors.FailedPrecondition) as told:
        await shop.erase(two.customer)
    assert told.value.reason == "CUSTOMER_MERGED"
    with pytest.raises(errors.NotFound):
        await shop.erase(f"{ORGANIZATION}/customers/nobody")
    name = f"{ORGANIZATION}/customerErasures/{one.customer.rpartition('/')[2]}"
    with pytest.raises(errors.NotFound) as none:
        await shop.call(shop.desk.customers.GetCustomerErasure, pb.GetCustomerErasureRequest(name=name))
    assert none.value.reason == "CUSTOMER_ERASURE_NOT_FOUND"


async def test_receipts_are_listed_the_newest_first(shop: Shop) -> None:
    erased = [(await shop.open(browser(f"s{n}"))).customer for n in range(3)]
    for customer in erased:
        await shop.erase(customer)
    call = partial(shop.call, shop.desk.customers.ListCustomerErasures)
    found = await in_pages(call, pb.ListCustomerErasuresRequest(parent=ORGANIZATION))
    assert [each.name.rpartition("/")[2] for each in found] == [name.rpartition("/")[2] for name in reversed(erased)]


async def test_an_erasure_ends_the_running_answer(stores: TestStores, tmp_path: Path) -> None:
    slow = {"extractive_word_seconds": 0.05}
    async with run_core(stores, tmp_path, stores.emptied_urls("core")["core"], Knowledge(), **slow) as desk:
        shop = Shop(desk)
        chat = await shop.open(browser("s1"))
        async with desk.watch(chat) as stream:
            await stream.read()
            await desk.say(chat, "How long can I return a parcel?", "m1")
            while (await stream.read()).WhichOneof("event") != "reply_delta":
                pass
            await shop.erase(chat.customer)
            code, shown = await ended(stream)
            assert code in (grpc.StatusCode.ABORTED, grpc.StatusCode.NOT_FOUND, grpc.StatusCode.UNAUTHENTICATED)
            assert "message_created" not in shown, "no answer is shown"
        kinds = await shop.facts()
        assert kinds.count("turn_started") == kinds.count("turn_ended") == 1
        assert kinds.count("message_created") == 1


@pytest.mark.parametrize("place", ["before_commit", "after_commit", "after_batch"])
async def test_an_erasure_that_was_cut_off_is_finished_by_the_next_call(shop: Shop, place: str) -> None:
    chat = await shop.open(browser("s1"))
    await shop.desk.say(chat, "How long can I return a parcel?", "m1")
    await shop.desk.until(chat, 2)
    failpoints.arm(f"core.erase.{place}:error*1")
    try:
        token = shop.desk.keys.user_token("acme", list(EVERYTHING))
        metadata = (("authorization", f"Bearer {token}"),)
        with pytest.raises(grpc.aio.AioRpcError) as cut_off:
            await shop.desk.customers.DeleteCustomer(pb.DeleteCustomerRequest(name=chat.customer), metadata=metadata)
        assert cut_off.value.code() is grpc.StatusCode.UNAVAILABLE
    finally:
        failpoints.arm("")
    receipt = await shop.erase(chat.customer)
    assert (receipt.conversation_count, receipt.message_count) == (1, 2)
    assert receipt.confirmations[0].HasField("finish_time")
    kinds = await shop.facts()
    assert kinds.count("conversation_erased") == kinds.count("customer_erased") == 1


async def compared(shop: Shop) -> list[str]:
    """The tables that the journal was compared with, without a difference; the transcripts have no store here."""
    found: list[str] = []
    stub, request = internal.VerificationServiceStub(shop.desk.channel), internal.VerifyStoresRequest(full=True)
    with suppress(errors.Unavailable):
        async for result in client.stream(stub.VerifyStores, request, token=shop.desk.keys.service_token("stack")):
            found.append(result.store)
            assert list(result.differences) == []
    return found


@pytest.mark.parametrize("action", ["merge", "split", "undo"])
@pytest.mark.parametrize("place", ["before_commit", "after_commit"])
async def test_a_merge_that_is_cut_off_is_whole_or_absent(shop: Shop, place: str, action: str) -> None:
    chat = await shop.open(browser("s1"))
    phone = await shop.open(whatsapp("+491"), channel=PHONE)
    if action != "merge":
        await shop.merge(chat.customer, phone.customer)
    token = shop.desk.keys.user_token("acme", list(EVERYTHING))
    before = [await shop.conversations(chat.customer), values(await shop.customer(chat.customer))]
    calls: dict[str, tuple[Any, Any]] = {
        "merge": (shop.desk.customers.MergeCustomer, pb.MergeCustomerRequest(name=chat.customer, duplicate=phone.customer)),
        "undo": (shop.desk.customers.SplitCustomer, pb.SplitCustomerRequest(name=chat.customer, duplicate=phone.customer)),
        "split": (
            shop.desk.customers.SplitCustomer,
            pb.SplitCustomerRequest(name=chat.customer, identities={"identities": [whatsapp("+491")]}),
        ),
    }
    rpc, request = calls[action]
    failpoints.arm(f"core.merge.{place}:error*1")
    try:
        with pytest.raises(grpc.aio.AioRpcError) as cut_off:
            await rpc(request, metadata=(("authorization", f"Bearer {token}"),))
        assert cut_off.value.code() is grpc.StatusCode.UNAVAILABLE
    finally:
        failpoints.arm("")
    after = [await shop.conversations(chat.customer), values(await shop.customer(chat.customer))]
    assert (after == before) is (place == "before_commit")
    await shop.call(rpc, request)
    joined = {"s1", "+491"} if action == "merge" else {"s1"}
    assert values(await shop.customer(chat.customer)) == joined
    assert await shop.conversations(chat.customer) == ({chat.name, phone.name} if action == "merge" else {chat.name})
    kinds = await shop.facts()
    assert kinds.count("customer_merged") == 1, "once, however often it was asked for"
    assert kinds.count("customer_split") == (action != "merge")
    assert {"journal", "conversations", "messages", "turns"} <= set(await compared(shop))
