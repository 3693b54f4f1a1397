"""Mails of other services, the test call, and mails to customers of web chats, by a real mail server."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import asyncpg
from frontdesk.channel import v1 as pb
from frontdesk.channel.internal import v1 as internal
from google.protobuf.timestamp_pb2 import Timestamp

from .conftest import ORGANIZATION, World, bearer, fails

LINK = "https://support.example/admin/#invitation=geheim-123"
STATUS = f"{ORGANIZATION}/mailStatus"
ADDRESS = "ada@customer.example"


def service(world: World, name: str = "admin") -> list[tuple[str, str]]:
    return [("authorization", f"Bearer {world.keys.service_token(name, 'acme')}")]


def later(**delta: float) -> Timestamp:
    found = Timestamp()
    found.FromDatetime(datetime.now(UTC) + timedelta(**delta))
    return found


async def invite(world: World, request_id: str = "r1", to: str = "bob@shop.example", **more: Any) -> None:
    mail = internal.InvitationMail(organization_name="Acme", inviter_name="Eve", link=LINK, expire_time=later(days=7))
    given: dict[str, Any] = {"invitation": mail} | more
    request = internal.SendMailRequest(organization=ORGANIZATION, request_id=request_id, to=to, language="de", **given)
    await world.internal_mail.SendMail(request, metadata=service(world))


async def stored(url: str) -> str:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("select m::text from mail m union all select j::text from job j where queue = 'mails'")
        return "\n".join(row[0] for row in rows)
    finally:
        await connection.close()


async def until(check: Any) -> Any:
    async with asyncio.timeout(10):
        while True:
            if found := await check():
                return found
            await asyncio.sleep(0.05)


async def dead(world: World) -> list[pb.DeadLetter]:
    metadata = world.admin("channel.deadLetters.read")
    request = pb.ListDeadLettersRequest(parent=ORGANIZATION, queue="mails")
    return list((await world.dead_letters.ListDeadLetters(request, metadata=metadata)).dead_letters)


async def test_an_invitation_is_mailed_once_and_its_link_is_not_kept(world: World, postgres_url: str) -> None:
    world.smtp.replies["RCPT"] = ["450 Greylisted"]
    for _ in range(2):
        await invite(world)
    assert "geheim" not in await stored(postgres_url)
    connection = await asyncpg.connect(postgres_url)
    await until(lambda: connection.fetchval("select attempts = 1 and state = 0 from job where queue = 'mails'"))
    await connection.execute("update job set due = clock_timestamp() where queue = 'mails'")
    await connection.close()
    await invite(world, "r2")
    got = (await world.smtp.wait(2))[0]
    assert (got.recipient, got.link) == ("bob@shop.example", LINK)
    assert got.message["Subject"] == "Einladung zu Acme bei Frontdesk"
    await until(lambda: gone(postgres_url))
    await invite(world)
    assert len(world.smtp.mails) == 2


async def gone(url: str) -> bool:
    connection = await asyncpg.connect(url)
    try:
        query = """select not exists (select from job where queue = 'mails')
            and not exists (select from mail where sealed is not null)"""
        return bool(await connection.fetchval(query))
    finally:
        await connection.close()


async def test_a_mail_that_is_refused_or_lost_is_a_dead_letter_and_never_sent_blindly(world: World) -> None:
    world.smtp.replies["RCPT"] = ["550 No such user"]
    await invite(world)
    (letter,) = await until(lambda: dead(world))
    assert "550 No such user" in letter.problem
    world.smtp.replies["DATA"] = [""]
    await invite(world, "r2", to="carl@shop.example")
    letters = await until(lambda: two(world))
    assert any("retry it only if the mail has not arrived" in letter.problem for letter in letters)
    assert not world.smtp.mails
    retry = pb.RetryDeadLetterRequest(name=letters[0].name)
    await world.dead_letters.RetryDeadLetter(retry, metadata=world.admin("channel.deadLetters.retry"))
    await world.smtp.wait(1)


async def two(world: World) -> list[pb.DeadLetter] | None:
    found = await dead(world)
    return found if len(found) == 2 else None


async def test_a_link_that_has_expired_is_not_mailed(world: World) -> None:
    mail = internal.PasswordResetMail(organization_name="Acme", link=LINK, expire_time=later(seconds=-1))
    await invite(world, invitation=None, password_reset=mail)
    (letter,) = await until(lambda: dead(world))
    assert "expired" in letter.problem
    assert not world.smtp.sessions


async def test_only_admin_sends_mails_and_only_to_an_address(world: World) -> None:
    async with fails("INVALID_ARGUMENT", "MAIL_ADDRESS_INVALID"):
        await invite(world, to="bob@shop.example,eve@shop.example")
    request = internal.GetMailStateRequest(organization=ORGANIZATION)
    state = await world.internal_mail.GetMailState(request, metadata=service(world))
    assert (state.configured, state.from_address) == (True, "help@shop.example")
    for metadata in (world.admin("*"), service(world, "core")):
        async with fails("PERMISSION_DENIED"):
            await world.internal_mail.GetMailState(request, metadata=metadata)


async def test_an_address_gets_so_many_mails_a_day_and_no_more(world: World) -> None:
    for number in range(6):
        await invite(world, f"r{number}")
    async with fails("RESOURCE_EXHAUSTED", "TOO_MANY_MAILS"):
        await invite(world, "r6", to="BOB@shop.example")
    await invite(world, "r0")
    await invite(world, "r7", to="carl@shop.example")


async def test_a_test_mail_says_what_is_wrong(world: World) -> None:
    metadata = world.admin("channel.mail.test", "channel.mail.read")
    status = await world.mail.GetMailStatus(pb.GetMailStatusRequest(name=STATUS), metadata=metadata)
    assert (status.source, status.from_address, status.host) == (pb.MAIL_SOURCE_OPERATOR, "help@shop.example", "")
    request = pb.TestMailRequest(name=STATUS, to="bob@shop.example")
    tested = await world.mail.TestMail(request, metadata=metadata)
    assert (tested.works, tested.problem, tested.reason) == (True, "", pb.MAIL_PROBLEM_UNSPECIFIED)
    assert "test" in world.smtp.mails[0].text
    world.smtp.replies["MAIL"] = ["553 Not your address"]
    tested = await world.mail.TestMail(request, metadata=metadata)
    assert (tested.works, tested.reason) == (False, pb.MAIL_PROBLEM_SENDER_REFUSED)
    assert "553 Not your address" in tested.problem
    async with fails("INVALID_ARGUMENT", "MAIL_ADDRESS_INVALID"):
        await world.mail.TestMail(pb.TestMailRequest(name=STATUS, to="bob"), metadata=metadata)
    async with fails("NOT_FOUND", "SETTING_VERSION_NOT_FOUND"):
        version = f"{ORGANIZATION}/settings/mail/versions/1"
        await world.mail.TestMail(
            pb.TestMailRequest(name=STATUS, to="b@shop.example", setting_version=version), metadata=metadata
        )
    for _ in range(18):
        await world.mail.TestMail(request, metadata=metadata)
    async with fails("RESOURCE_EXHAUSTED", "TOO_MANY_MAILS"):
        await world.mail.TestMail(request, metadata=metadata)


class Customer:
    """A customer of a web chat, who leaves an address."""

    def __init__(self, world: World, session: pb.Session) -> None:
        self.world, self.session = world, session
        self.name = f"{session.conversation}/mail"

    @classmethod
    async def arrives(cls, world: World) -> Customer:
        await world.create_channel()
        return cls(world, await world.open())

    async def leave(self, address: str = ADDRESS, request_id: str = "r1", language: str = "en") -> pb.ConversationMail:
        request = pb.LeaveAddressRequest(name=self.name, address=address, request_id=request_id, language=language)
        left: pb.ConversationMail = await self.world.chat_mail.LeaveAddress(request, metadata=bearer(self.session))
        return left

    async def get(self) -> pb.ConversationMail:
        request = pb.GetConversationMailRequest(name=self.name)
        found: pb.ConversationMail = await self.world.chat_mail.GetConversationMail(request, metadata=bearer(self.session))
        return found

    async def deliveries(self) -> list[pb.Delivery]:
        request = pb.ListDeliveriesRequest(parent=ORGANIZATION)
        metadata = self.world.admin("channel.deliveries.read")
        return list((await self.world.deliveries.ListDeliveries(request, metadata=metadata)).deliveries)

    async def confirm(self, link: str) -> pb.ConfirmAddressResponse:
        name, secret = link.partition("#confirm=")[2].split(":")
        confirmed: pb.ConfirmAddressResponse = await self.world.chat_mail.ConfirmAddress(
            pb.ConfirmAddressRequest(name=name, secret=secret)
        )
        return confirmed

    async def resume(self, link: str) -> pb.Session:
        name, secret = link.partition("#resume=")[2].split(":")
        resumed: pb.Session = await self.world.chat_mail.ResumeConversation(
            pb.ResumeConversationRequest(name=name, secret=secret)
        )
        return resumed


async def test_an_answer_goes_to_an_address_once_its_owner_has_confirmed_it(world: World) -> None:
    customer = await Customer.arrives(world)
    await world.send(customer.session, "My secret question", "m1")
    assert (await customer.get()).state == pb.MAIL_ADDRESS_STATE_NONE
    left = await customer.leave(language="nl")
    assert (left.available, left.answers, left.masked_address) == (True, True, "a…@customer.example")
    assert left.state == pb.MAIL_ADDRESS_STATE_UNCONFIRMED
    await customer.leave(language="nl")  # repeated
    await world.core.say(customer.session.conversation, "The secret answer", "AGENT")
    assert (await until(customer.deliveries))[0].state == pb.DELIVERY_STATE_QUEUED
    (asked,) = await world.smtp.wait(1)
    assert "secret" not in asked.raw.decode().lower().replace("mime", "")
    assert asked.message["Subject"] == "Bevestig uw adres voor Shop chat"
    confirmed = await customer.confirm(asked.link)
    assert confirmed.masked_address == "a…@customer.example"
    assert (await customer.confirm(asked.link)).confirm_time == confirmed.confirm_time
    answered = (await world.smtp.wait(2))[1]
    assert "The secret answer" in answered.text
    assert "Antwoord alstublieft in de chat" in answered.text
    await until(lambda: sent(customer))

    resumed = await customer.resume(answered.link)
    assert resumed.conversation == customer.session.conversation
    await world.send(resumed, "Thank you", "m2")
    async with fails("NOT_FOUND", "MAIL_LINK_INVALID"):
        await customer.resume(answered.link)
    refresh = pb.RefreshSessionRequest(name=resumed.name, secret=resumed.secret)
    assert (await world.web_chat.RefreshSession(refresh)).conversation == customer.session.conversation


async def sent(customer: Customer) -> bool:
    return (await customer.deliveries())[0].state == pb.DELIVERY_STATE_SENT


async def cancelled(customer: Customer) -> bool:
    return (await customer.deliveries())[0].state == pb.DELIVERY_STATE_CANCELLED


async def failures(customer: Customer) -> list[pb.Delivery]:
    return [each for each in await customer.deliveries() if each.state == pb.DELIVERY_STATE_FAILED]


async def confirmed_customer(world: World) -> Customer:
    customer = await Customer.arrives(world)
    await customer.leave()
    await customer.confirm((await world.smtp.wait(1))[0].link)
    return customer


async def test_an_answer_that_was_read_in_the_chat_is_not_mailed(world: World) -> None:
    customer = await confirmed_customer(world)
    world.core.read_seq = 100
    await world.core.say(customer.session.conversation, "An answer", "AGENT")
    await until(customer.deliveries)
    await until(lambda: cancelled(customer))
    assert len(world.smtp.mails) == 1


async def test_the_assistants_answers_are_mailed_like_an_agents_and_notes_are_not(world: World) -> None:
    customer = await confirmed_customer(world)
    other = await world.open()
    await world.core.say(other.conversation, "In a chat without an address")
    await world.core.say(customer.session.conversation, "A note", "AGENT", note=True)
    await world.core.say(customer.session.conversation, "From the assistant")
    answered = (await world.smtp.wait(2))[1]
    assert "From the assistant" in answered.text
    await world.core.say(customer.session.conversation, "From an agent", "AGENT")
    assert "From an agent" in (await world.smtp.wait(3))[2].text
    assert len(await customer.deliveries()) == 2


async def test_the_assistants_mails_leave_half_of_the_day_to_agents(world: World) -> None:
    customer = await confirmed_customer(world)
    for number in range(4):
        await world.core.say(customer.session.conversation, f"From the assistant {number}")
    failed = await until(lambda: failures(customer))
    assert "Too many mails of this address" in failed[0].problem
    await world.core.say(customer.session.conversation, "From an agent", "AGENT")
    assert "From an agent" in (await world.smtp.wait(5))[4].text


async def test_a_link_in_each_mail_stops_them(world: World) -> None:
    customer = await Customer.arrives(world)
    await customer.leave()
    asked = (await world.smtp.wait(1))[0]
    await customer.confirm(asked.link)
    await world.core.say(customer.session.conversation, "First", "AGENT")
    answered = (await world.smtp.wait(2))[1]
    links = [str(mail.message["List-Unsubscribe"]) for mail in (asked, answered)]
    name, secret = links[1].strip("<>").partition("?stop=")[2].rsplit(":", 1)
    async with fails("NOT_FOUND", "MAIL_LINK_INVALID"):
        await world.chat_mail.StopMails(pb.StopMailsRequest(name=name, secret="x" * 43))
    async with fails("NOT_FOUND", "MAIL_LINK_INVALID"):
        await world.chat_mail.ResumeConversation(pb.ResumeConversationRequest(name=name, secret=secret))
    stopped = await world.chat_mail.StopMails(pb.StopMailsRequest(name=name, secret=secret))
    assert stopped.masked_address == "a…@customer.example"
    found = await customer.get()
    assert (found.state, found.answers) == (pb.MAIL_ADDRESS_STATE_NONE, False)
    for link in links:
        name, secret = link.strip("<>").partition("?stop=")[2].rsplit(":", 1)
        async with fails("NOT_FOUND", "MAIL_LINK_INVALID"):
            await world.chat_mail.StopMails(pb.StopMailsRequest(name=name, secret=secret))


async def test_a_mail_program_stops_mails_by_one_post_and_a_look_at_the_link_does_not(world: World) -> None:
    customer = await confirmed_customer(world)
    link = str(world.smtp.mails[0].message["List-Unsubscribe"]).strip("<>")
    path = link[link.index("/chat/") :]
    async with aiohttp.ClientSession(world.media_url) as http:
        async with http.get(path) as page:
            assert (page.status, page.content_type) == (200, "text/html")
        for wrong, form in ((path, {}), (path[:-1], {"List-Unsubscribe": "One-Click"}), ("/chat/acme/web", {"a": "b"})):
            async with http.post(wrong, data=form) as refused:
                assert refused.status in (400, 404), await refused.text()
        assert (await customer.get()).state == pb.MAIL_ADDRESS_STATE_CONFIRMED
        async with http.post(path, data={"List-Unsubscribe": "One-Click"}) as stopped:
            assert stopped.status == 200, await stopped.text()
    assert (await customer.get()).state == pb.MAIL_ADDRESS_STATE_NONE


async def test_a_transcript_goes_to_the_confirmed_address_alone(world: World) -> None:
    customer = await Customer.arrives(world)
    await world.send(customer.session, "Is it <b>here</b>?", "m1")
    request = pb.SendTranscriptRequest(name=customer.name, request_id="t1")
    async with fails("FAILED_PRECONDITION", "MAIL_ADDRESS_UNCONFIRMED"):
        await world.chat_mail.SendTranscript(request, metadata=bearer(customer.session))
    await customer.leave()
    async with fails("FAILED_PRECONDITION", "MAIL_ADDRESS_UNCONFIRMED"):
        await world.chat_mail.SendTranscript(request, metadata=bearer(customer.session))
    await customer.confirm((await world.smtp.wait(1))[0].link)
    for _ in range(2):
        await world.chat_mail.SendTranscript(request, metadata=bearer(customer.session))
    mail = (await world.smtp.wait(2))[1]
    assert "Is it <b>here</b>?" in mail.text
    assert "&lt;b&gt;" in mail.html
    assert len(world.smtp.mails) == 2


async def test_an_address_is_asked_only_so_often(world: World) -> None:
    customer = await Customer.arrives(world)
    for number in range(3):
        await customer.leave(request_id=f"a{number}")
    async with fails("RESOURCE_EXHAUSTED", "TOO_MANY_MAILS"):
        await customer.leave(request_id="a3")
    await customer.leave("other@customer.example", "b1")
    async with fails("RESOURCE_EXHAUSTED", "TOO_MANY_MAILS"):  # of the session
        await customer.leave("third@customer.example", "b2")
    for address in ("bob", "a@b.example, c@d.example"):
        async with fails("INVALID_ARGUMENT", "MAIL_ADDRESS_INVALID"):
            await customer.leave(address, "b3")


async def test_a_link_of_a_replaced_address_confirms_nothing(world: World) -> None:
    customer = await Customer.arrives(world)
    await customer.leave()
    first = (await world.smtp.wait(1))[0].link
    await customer.leave("other@customer.example", "r2")
    async with fails("NOT_FOUND", "MAIL_LINK_INVALID"):
        await customer.confirm(first)
    async with fails("NOT_FOUND", "MAIL_LINK_INVALID"):
        await customer.confirm(first[:-3] + "xyz")
    await customer.confirm((await world.smtp.wait(2))[1].link)
    assert (await customer.get()).state == pb.MAIL_ADDRESS_STATE_CONFIRMED


async def test_no_one_else_sees_or_changes_a_conversations_address(world: World) -> None:
    customer = await Customer.arrives(world)
    await customer.leave()
    stranger = Customer(world, await world.open())
    stranger.name = customer.name
    async with fails("PERMISSION_DENIED", "CONVERSATION_MISMATCH"):
        await stranger.get()
    async with fails("PERMISSION_DENIED", "CONVERSATION_MISMATCH"):
        await stranger.leave("eve@customer.example")
    async with fails("PERMISSION_DENIED"):
        await world.chat_mail.GetConversationMail(
            pb.GetConversationMailRequest(name=customer.name), metadata=world.admin("channel.webChat.use")
        )


async def test_an_address_is_removed_by_its_customer_and_with_them(world: World, postgres_url: str) -> None:
    customer = await confirmed_customer(world)
    request = pb.RemoveAddressRequest(name=customer.name)
    for _ in range(2):
        removed = await world.chat_mail.RemoveAddress(request, metadata=bearer(customer.session))
        assert (removed.state, removed.masked_address, removed.answers) == (pb.MAIL_ADDRESS_STATE_NONE, "", False)
    world.smtp.replies["RCPT"] = ["450 Later"]
    await customer.leave(request_id="again")
    await world.core.say(customer.session.conversation, "An answer", "AGENT")
    await until(customer.deliveries)
    await world.core.erase(customer.session.conversation)
    connection = await asyncpg.connect(postgres_url)
    rows = """select not exists (select from mail where customer <> '') and not exists (select from mail_address)
        and not exists (select from mail_link) and not exists (select from mail_conversation)
        and not exists (select from job where queue in ('mails', 'deliveries'))"""
    try:
        await until(lambda: connection.fetchval(rows))
    finally:
        await connection.close()
