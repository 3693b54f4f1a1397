"""Messages leave via Twilio: each once and in its order, however Twilio answers, and whichever process dies meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import aiohttp
import pytest
from frontdesk.channel import v1 as pb
from frontdesk.channel.internal import v1 as channel_internal
from frontdesk.core import v1 as core

from tests.rpc.lists import in_pages
from tests.twilio import Fault

from .conftest import ORGANIZATION, World, fails
from .files import PNG, Files
from .hooks import listening
from .test_messages import until

CHANNEL = f"{ORGANIZATION}/channels/wa"
CUSTOMER = "+4915112345678"


@pytest.fixture
async def conversation(world: World) -> AsyncIterator[str]:
    """A WhatsApp conversation in which the customer has written, so that free text is taken."""
    async with listening(world) as url:
        world.twilio.account.webhook = url
        await world.create_whatsapp(url)
        world.twilio.says(CUSTOMER, "Hello")
        await until(lambda: bool(world.core.places))
        yield next(iter(world.core.places.values())).name
        world.twilio.faults.statuses_lost = True


async def deliveries(world: World, **fields: object) -> list[pb.Delivery]:
    """All deliveries, the oldest first."""
    request = pb.ListDeliveriesRequest(parent=ORGANIZATION, **fields)  # type: ignore[arg-type]
    listed = await world.deliveries.ListDeliveries(request, metadata=world.admin("channel.deliveries.read"))
    return list(listed.deliveries)[::-1]


async def reached(world: World, *states: str, seconds: float = 15.0) -> list[pb.Delivery]:
    """Waits until the deliveries are in these states, the oldest first."""
    found: list[pb.Delivery] = []
    try:
        async with asyncio.timeout(seconds):
            while True:
                found = await deliveries(world)
                if [pb.DeliveryState.Name(each.state).removeprefix("DELIVERY_STATE_") for each in found] == list(states):
                    return found
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"not {states} but {found}") from None


CITATION = core.Citation(start=0, end=20, source=core.Source(passage="p", title="Returns", uri="https://shop.example/returns"))


def accepted(world: World) -> list[str]:
    return [message.body for message in world.twilio.account.accepted(CUSTOMER)]


async def test_what_is_said_is_sent_and_delivered_and_read(world: World, conversation: str) -> None:
    world.twilio.faults.statuses = ("sent", "delivered", "read")
    name = await world.core.say(conversation, "You have **30 days**.", format=core.TEXT_FORMAT_MARKDOWN, citations=[CITATION])
    await world.core.say(conversation, "Just a *note* of mine", "AGENT")
    first, second = await reached(world, "READ", "READ")
    (one, two) = world.twilio.account.accepted(CUSTOMER)
    assert one.body == "You have *30 days* [1].\n\n[1] Returns: https://shop.example/returns"
    assert two.body == "Just a *note* of mine"
    assert (one.sender, one.recipient) == ("whatsapp:+14155238886", f"whatsapp:{CUSTOMER}")
    assert (first.message, first.provider_id, first.recipient, first.attempts) == (name, one.sid, CUSTOMER, 1)
    get = pb.GetDeliveryRequest(name=first.name)
    assert await world.deliveries.GetDelivery(get, metadata=world.admin("channel.deliveries.read")) == first
    assert (second.channel, second.provider_id) == (CHANNEL, two.sid)


async def test_a_long_message_leaves_in_parts_and_in_order(world: World, conversation: str) -> None:
    await world.core.say(conversation, "\n\n".join(f"Paragraph {n}. " + "word " * 150 for n in range(6)))
    await world.core.say(conversation, "The end.")
    await until(lambda: "The end." in accepted(world))
    sent = accepted(world)
    assert len(sent) > 3
    assert all(len(body) <= 1600 for body in sent)
    assert [text.rstrip() for text in "\n\n".join(sent).split("\n\n") if text.startswith("Paragraph")] == [
        f"Paragraph {n}. " + "word " * 149 + "word" for n in range(6)
    ]
    assert sent[-1] == "The end."


async def test_statuses_sent_twice_and_in_any_order_move_forward_only(world: World, conversation: str) -> None:
    world.twilio.faults.statuses = ("sent", "delivered", "read")
    world.twilio.faults.statuses_shuffled = True
    world.twilio.faults.status_copies = 2
    world.twilio.faults.status_seconds = 0.01
    for number in range(8):
        await world.core.say(conversation, f"m{number}")
    await reached(world, *["READ"] * 8)
    await world.twilio.quiet()
    await reached(world, *["READ"] * 8)
    assert accepted(world) == [f"m{number}" for number in range(8)]


@pytest.mark.parametrize("fault", [Fault.ACCEPT_RESET, Fault.ACCEPT_ERROR])
@pytest.mark.parametrize("callbacks", [True, False])
async def test_an_answer_that_got_lost_is_resolved_and_never_repeated(
    world: World, conversation: str, fault: Fault, callbacks: bool
) -> None:
    world.twilio.faults.statuses_lost = not callbacks
    world.twilio.faults.next.append(fault)
    await world.core.say(conversation, "Once")
    await world.core.say(conversation, "Twice? No.")
    await until(lambda: len(accepted(world)) >= 2)
    state = "DELIVERED" if callbacks else "SENT"
    await reached(world, state, state) if callbacks else await sent_or_more(world, 2)
    assert accepted(world) == ["Once", "Twice? No."]


async def sent_or_more(world: World, count: int) -> None:
    """Waits until deliveries have a provider's id; without callbacks they stay where the answer or the list has put them."""
    async with asyncio.timeout(15):
        while len([each for each in await deliveries(world) if each.provider_id]) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.ERROR])
async def test_what_was_certainly_not_accepted_is_sent_again_after_a_time(
    world: World, conversation: str, fault: Fault
) -> None:
    world.twilio.faults.next.append(fault)
    await world.core.say(conversation, "Again, please")
    await world.core.say(conversation, "And then this")
    first, _ = await reached(world, "DELIVERED", "DELIVERED", seconds=20)
    assert accepted(world) == ["Again, please", "And then this"]
    assert first.attempts == 2


async def test_too_many_requests_are_sent_again_when_twilio_says(world: World, conversation: str) -> None:
    world.twilio.faults.next.extend([Fault.BUSY, Fault.BUSY])
    await world.core.say(conversation, "Patience")
    (item,) = await reached(world, "DELIVERED")
    assert (accepted(world), item.attempts, world.twilio.calls[:3]) == (
        ["Patience"],
        3,
        [Fault.BUSY, Fault.BUSY, Fault.NONE],
    )


async def test_what_twilio_refuses_has_failed_with_its_words_and_can_be_sent_again(world: World, conversation: str) -> None:
    world.twilio.faults.next.append(Fault.REFUSED)
    await world.core.say(conversation, "Hello?")
    (failed,) = await reached(world, "FAILED")
    assert failed.problem == "21211: Invalid 'To' Phone Number."
    metadata = world.admin("channel.deliveries.retry")
    retry = pb.RetryDeliveryRequest(name=failed.name, request_id="r1")
    retried = await world.deliveries.RetryDelivery(retry, metadata=metadata)
    assert retried.name == failed.name
    await reached(world, "DELIVERED")
    await world.deliveries.RetryDelivery(retry, metadata=metadata)
    async with fails("FAILED_PRECONDITION", "DELIVERY_NOT_FAILED"):
        await world.deliveries.RetryDelivery(pb.RetryDeliveryRequest(name=failed.name, request_id="r2"), metadata=metadata)
    async with fails("NOT_FOUND", "DELIVERY_NOT_FOUND"):
        await world.deliveries.RetryDelivery(
            pb.RetryDeliveryRequest(name=f"{ORGANIZATION}/deliveries/none", request_id="r2"), metadata=metadata
        )
    assert accepted(world) == ["Hello?"]


async def test_dead_letters_of_every_queue_are_listed_retried_and_deleted(world: World, conversation: str) -> None:
    for number in range(3):
        world.twilio.faults.next.append(Fault.REFUSED)
        await world.core.say(conversation, f"m{number}")
        await reached(world, *["FAILED"] * (number + 1))
    failed = await deliveries(world)
    admin = world.admin("channel.deadLetters.read", "channel.deadLetters.retry", "channel.deadLetters.delete")
    call = partial(world.dead_letters.ListDeadLetters, metadata=admin)
    letters = await in_pages(call, pb.ListDeadLettersRequest(parent=ORGANIZATION, queue="deliveries"))
    assert [letter.subject for letter in letters] == [item.name for item in failed][::-1]
    assert {(letter.queue, letter.problem) for letter in letters} == {("deliveries", failed[0].problem)}
    nothing = await call(pb.ListDeadLettersRequest(parent=ORGANIZATION, queue="polls"))
    assert list(nothing.dead_letters) == []

    retry = pb.RetryDeadLetterRequest(name=letters[-1].name)
    retried = await world.dead_letters.RetryDeadLetter(retry, metadata=admin)
    assert retried.subject == failed[0].name
    await reached(world, "DELIVERED", "FAILED", "FAILED")
    assert accepted(world) == ["m0"]
    async with fails("NOT_FOUND", "DEAD_LETTER_NOT_FOUND"):
        await world.dead_letters.RetryDeadLetter(retry, metadata=admin)

    delete = pb.DeleteDeadLetterRequest(name=letters[0].name)
    for _ in range(2):
        await world.dead_letters.DeleteDeadLetter(delete, metadata=admin)
    left = await call(pb.ListDeadLettersRequest(parent=ORGANIZATION))
    assert [letter.name for letter in left.dead_letters] == [letters[1].name]


async def test_dead_letters_are_for_admins_of_their_organization(world: World, conversation: str) -> None:
    world.twilio.faults.next.append(Fault.REFUSED)
    await world.core.say(conversation, "m")
    await reached(world, "FAILED")
    theirs = world.admin("channel.deadLetters.read", organization="other")
    async with fails("PERMISSION_DENIED", "ORGANIZATION_MISMATCH"):
        await world.dead_letters.ListDeadLetters(pb.ListDeadLettersRequest(parent=ORGANIZATION), metadata=theirs)
    async with fails("PERMISSION_DENIED", "PERMISSION_MISSING"):
        request = pb.ListDeadLettersRequest(parent=ORGANIZATION)
        await world.dead_letters.ListDeadLetters(request, metadata=world.admin("channel.deliveries.retry"))


async def test_outside_of_the_24_hours_the_delivery_says_why_it_failed(world: World, conversation: str) -> None:
    world.twilio.account.messages.clear()  # as if the customer had written long ago
    await world.core.say(conversation, "Are you still there?")
    (failed,) = await reached(world, "FAILED")
    assert failed.problem == "63016: WhatsApp takes free text only within 24 hours after the customer's last message."


async def test_what_waits_for_the_right_token_leaves_once_it_is_entered(world: World, conversation: str) -> None:
    right, world.twilio.account.token = world.twilio.account.token, "another"
    await world.core.say(conversation, "Hello?")
    async with asyncio.timeout(15):
        while not any(each.problem == "20003: Authenticate" for each in await deliveries(world)):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    world.twilio.account.token = right
    await reached(world, "DELIVERED")
    assert accepted(world) == ["Hello?"]


async def test_after_a_human_took_over_no_word_of_the_assistant_leaves(world: World, conversation: str) -> None:
    world.twilio.faults.next.extend([Fault.BUSY])
    await world.core.say(conversation, "I am the assistant")
    world.core.passed.add(conversation)
    await world.core.say(conversation, "I am Robin", "AGENT")
    await reached(world, "CANCELLED", "DELIVERED")
    assert accepted(world) == ["I am Robin"]


async def test_deliveries_write_their_states_to_the_journal(world: World, conversation: str) -> None:
    name = await world.core.say(conversation, "Hello")
    await reached(world, "DELIVERED")
    request = channel_internal.WatchEventsRequest(shards=range(64), filters=[{"kinds": ["DeliveryStateChanged"]}])
    metadata = [("authorization", f"Bearer {world.keys.service_token('agent')}")]
    told = []
    async for response in world.events.WatchEvents(request, metadata=metadata):
        told.append(response.event.delivery_state_changed)
        if told[-1].state == pb.DELIVERY_STATE_DELIVERED:
            break
    assert [pb.DeliveryState.Name(each.state).removeprefix("DELIVERY_STATE_") for each in told] == [
        "QUEUED",
        "SENDING",
        "SENT",
        "DELIVERED",
    ]
    assert {each.message for each in told} == {name}


async def test_pages_lead_through_all_deliveries(world: World, conversation: str) -> None:
    for number in range(5):
        await world.core.say(conversation, f"m{number}")
    await reached(world, *["DELIVERED"] * 5)
    call = partial(world.deliveries.ListDeliveries, metadata=world.admin("channel.deliveries.read"))
    found = await in_pages(call, pb.ListDeliveriesRequest(parent=ORGANIZATION, conversation=conversation))
    assert [each.name for each in found] == [each.name for each in await deliveries(world)][::-1]


async def received(world: World, count: int) -> None:
    """Waits until core has so many messages."""
    await until(lambda: len(world.core.received) == count)


async def test_an_answer_to_a_message_names_it_whichever_side_wrote_that(world: World, conversation: str) -> None:
    ours = await world.core.say(conversation, "Red or blue?")
    (delivery,) = await reached(world, "DELIVERED")
    own = next(message for message in world.twilio.account.messages if message.direction == "inbound").sid
    for count, answered in enumerate((delivery.provider_id, own, "SM" + "9" * 32), 2):
        world.twilio.says(CUSTOMER, "This one", OriginalRepliedMessageSid=answered, OriginalRepliedMessageSender="whatsapp:+1")
        await received(world, count)
    first, second, third = world.core.received[1:]
    assert (first.content.reply_to, first.text, first.content.parts[0].text) == (ours, "", "This one")
    assert second.content.reply_to == next(iter(world.core.known.values())).name
    assert (third.text, third.HasField("content")) == ("This one", False), "what is not known is left out"


async def test_an_agents_files_leave_after_the_text_each_as_a_message(world: World, conversation: str) -> None:
    async with aiohttp.ClientSession() as http:
        agent = Files(world, http, world.admin("channel.media.create", "channel.media.read"), conversation)
        picture, page = await agent.send(PNG), await agent.send(b"%PDF-1.7 page", "Bill.pdf")
        parts = [core.Part(text="Here:"), *(core.Part(attachment=core.Attachment(media=each.name)) for each in (picture, page))]
        content = core.MessageContent(parts=parts)
        await world.core.say(conversation, "Here:\n[Picture]\n[File]", "AGENT", content=content)
        found = await reached(world, *["DELIVERED"] * 3)
    assert [each.media for each in found] == ["", picture.name, page.name]
    sent = world.twilio.account.accepted(CUSTOMER)
    assert [message.body for message in sent] == ["Here:", "", ""]
    assert [message.fetched for message in sent] == [None, (PNG, "image/png"), (b"%PDF-1.7 page", "application/pdf")]


@pytest.mark.parametrize(
    ("content", "name", "problem"),
    [
        (b"GIF89a" + b"x" * 100, "a.gif", "This channel can't carry files of the type image/gif: send another format."),
        (
            PNG + b"x" * (5 << 20),
            "a.png",
            "This channel carries files of the type image/png up to 5,242,880 bytes: send a smaller",
        ),
        (None, "", "The file was removed, or belongs to another conversation: attach it again."),
    ],
)
async def test_a_file_that_whatsapp_does_not_carry_fails_and_says_why(
    world: World, conversation: str, content: bytes | None, name: str, problem: str
) -> None:
    media = f"{ORGANIZATION}/media/none"
    if content is not None:
        async with aiohttp.ClientSession() as http:
            agent = Files(world, http, world.admin("channel.media.create", "channel.media.read"), conversation)
            media = (await agent.send(content, name)).name
    parts = [core.Part(attachment=core.Attachment(media=media))]
    await world.core.say(conversation, "[File]", "AGENT", content=core.MessageContent(parts=parts))
    (failed,) = await reached(world, "FAILED")
    assert failed.problem.startswith(problem)
    assert accepted(world) == []


async def test_an_uncertain_file_is_found_in_twilios_list(world: World, conversation: str) -> None:
    world.twilio.faults.next.append(Fault.ACCEPT_RESET)
    async with aiohttp.ClientSession() as http:
        agent = Files(world, http, world.admin("channel.media.create", "channel.media.read"), conversation)
        picture = await agent.send(PNG)
    parts = [core.Part(attachment=core.Attachment(media=picture.name))]
    await world.core.say(conversation, "[Picture]", "AGENT", content=core.MessageContent(parts=parts))
    await reached(world, "DELIVERED")
    assert len(world.twilio.account.accepted(CUSTOMER)) == 1
