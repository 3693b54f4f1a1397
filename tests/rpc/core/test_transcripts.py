"""Transcripts by the contract: searched, rebuilt, recounted; with MongoDB away, chats notice nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import grpc
import pytest
from frontdesk.core import v1 as pb
from frontdesk.core.internal import v1 as internal
from pydantic import SecretStr
from pymongo import MongoClient

from kit import client, errors, journal, postgres
from stack.testing import TestStores
from tests.rpc.core.conftest import ORGANIZATION, Desk, Knowledge, run_core
from tests.rpc.lists import in_pages


@pytest.fixture(scope="module")
def own() -> Iterator[TestStores]:
    """Stores of this module's own: no one else notices when they stop."""
    stores = TestStores()
    yield stores
    stores.close()


@dataclass
class Archive:
    """A running core with transcripts, and what a test does with them."""

    desk: Desk
    postgres_url: str
    database: Any

    def __post_init__(self) -> None:
        self.transcripts = internal.TranscriptServiceStub(self.desk.channel)
        self.verification = internal.VerificationServiceStub(self.desk.channel)

    async def search(self, query: str, organization: str = "acme", **more: Any) -> pb.SearchConversationsResponse:
        request = pb.SearchConversationsRequest(parent=f"organizations/{organization}", query=query, **more)
        rights = ["core.conversations.list", "core.conversations.search", "core.customers.read"]
        token = self.desk.keys.user_token(organization, rights)
        found: pb.SearchConversationsResponse = await client.call(
            self.desk.conversations.SearchConversations, request, token=token
        )
        return found

    async def until_found(self, query: str, count: int = 1) -> list[pb.SearchConversationsResponse.Result]:
        """The results, once there are `count`."""
        async with asyncio.timeout(15):
            while True:
                try:
                    results = list((await self.search(query)).results)
                except errors.Unavailable:
                    results = []
                if len(results) >= count:
                    return results
                await asyncio.sleep(0.05)

    async def rebuild(self) -> list[tuple[int, int]]:
        """The progress that is reported."""
        token = self.desk.keys.service_token("stack")
        stream = client.stream(self.transcripts.RebuildTranscripts, internal.RebuildTranscriptsRequest(), token=token)
        async with asyncio.timeout(20):
            return [(progress.done, progress.total) async for progress in stream]

    async def verify(self, full: bool = True) -> dict[str, internal.VerifyStoresResponse]:
        """The results by store."""
        token = self.desk.keys.service_token("stack")
        stream = client.stream(self.verification.VerifyStores, internal.VerifyStoresRequest(full=full), token=token)
        async with asyncio.timeout(40):
            return {result.store: result async for result in stream}

    async def differences(self, full: bool = True) -> list[str]:
        return [told for result in (await self.verify(full)).values() for told in result.differences]

    async def counted(self) -> dict[str, int]:
        """Counts since the last verification, where there are any."""
        results = await self.verify(full=False)
        assert [told for result in results.values() for told in result.differences] == []
        return {store: n for store, result in results.items() if (n := result.counted) and store != "transcripts: position"}

    def documents(self) -> dict[str, list[Any]]:
        return {name: list(self.database[name].find({}).sort("_id")) for name in ("conversations", "messages")}

    async def tamper(self, sql: str) -> None:
        connection = await asyncpg.connect(self.postgres_url)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()


@asynccontextmanager
async def open_archive(stores: TestStores, folder: Path) -> AsyncIterator[Archive]:
    stores.mongo_url()
    url, postgres_url = stores.mongo.service_url("core"), stores.emptied_urls("core")["core"]
    database: MongoClient[dict[str, Any]]
    with MongoClient(stores.mongo.url) as database:
        async with run_core(stores, folder, postgres_url, Knowledge(), mongo_url=SecretStr(url)) as desk:
            archive = Archive(desk, postgres_url, database["core"])
            await archive.until_found("anything", 0)  # PyMongo leaves sockets behind when it is closed while it connects
            yield archive


@pytest.fixture
async def archive(stores: TestStores, tmp_path: Path) -> AsyncIterator[Archive]:
    async with open_archive(stores, tmp_path) as running:
        yield running


async def chat(desk: Desk, session: str = "s1") -> pb.Conversation:
    """A conversation with everything in it: answers, a note, an agent, an end."""
    conversation = await desk.open(session)
    await desk.say(conversation, "How long do I have to return a kettle?", f"{session}-1")
    await desk.until(conversation, 2)
    await desk.take(conversation, "a1")
    note = internal.AddNoteRequest(
        parent=conversation.name,
        agent=f"{ORGANIZATION}/agents/a1",
        agent_display_name="Ann",
        text="Suspicious customer",
        request_id=f"{session}-n",
    )
    await desk.inside.messages.AddNote(note, metadata=desk.as_service("agent"))
    close = pb.CloseConversationRequest(name=conversation.name)
    await desk.conversations.CloseConversation(close, metadata=desk.as_user("core.conversations.update"))
    return conversation


async def test_what_was_said_is_found_a_moment_later(archive: Archive) -> None:
    conversation = await chat(archive.desk)
    (result,) = await archive.until_found("kettles")
    assert result.conversation.name == conversation.name
    assert result.message.text == "How long do I have to return a kettle?"
    (result,) = await archive.until_found("suspicious")
    assert result.message.note
    async with asyncio.timeout(10):  # the end of the conversation may come a moment after what was said in it
        while result.conversation.state != pb.CONVERSATION_STATE_CLOSED:
            (result,) = await archive.until_found("suspicious")
    assert not (await archive.search("kettle", organization="other")).results


async def test_numbers_and_scripts_without_spaces_are_found(archive: Archive) -> None:
    conversation = await archive.desk.open("order")
    await archive.desk.say(conversation, "注文番号は98765です", "m1")
    for query in ("98765", "注文番号", "98 765"):
        (result,) = await archive.until_found(query)
        assert result.conversation.name == conversation.name


@pytest.mark.parametrize(
    ("name", "query"),
    [
        *(
            ("Zoë Ångström", "zoe"),
            ("Zoe Angstrom", "ÅNGST"),
            ("Ольга Петрова", "ольга п"),
            ("ΝΊΚΟΣ", "νικ"),
            ("Straße", "STRASSE"),
        ),
        *(("Søren Łuk", "luk"), ("Işık", "IŞIK"), ("№5 Acme", "no5"), ("مُحَمَّد", "محمد"), ("Zoë Ångström", " zoe   å")),
    ],
)
async def test_a_customers_name_is_found_without_its_accents_and_capitals(archive: Archive, name: str, query: str) -> None:
    known = await archive.desk.open("known")
    named = pb.UpdateCustomerRequest(customer=pb.Customer(name=known.customer, display_name=name))
    await archive.desk.customers.UpdateCustomer(named, metadata=archive.desk.as_user("core.customers.update"))
    assert [result.conversation.name for result in await archive.until_found(query)] == [known.name]


@pytest.mark.parametrize("query", ["\u0301\u0308", " \u064b \u064e", "´ ¨"])
async def test_nothing_is_found_by_marks_alone(archive: Archive, query: str) -> None:
    known = await archive.desk.open("known")
    named = pb.UpdateCustomerRequest(customer=pb.Customer(name=known.customer, display_name="Émile Zola"))
    await archive.desk.customers.UpdateCustomer(named, metadata=archive.desk.as_user("core.customers.update"))
    await archive.desk.say(known, "J'ai été là", "m1")
    await archive.until_found("emile")
    await archive.until_found("ete")
    assert not (await archive.search(query)).results


async def test_a_customer_is_found_by_name_address_and_phone_number_before_what_was_said(archive: Archive) -> None:
    desk = archive.desk
    known, other = await desk.open("known"), await desk.open("other")
    await desk.say(known, "Hello", "m1")
    await desk.say(other, "I know Lovelace", "m2")
    await archive.until_found("lovelace")
    named = pb.UpdateCustomerRequest(customer=pb.Customer(name=known.customer, display_name="Ada Lovelace"))
    await desk.customers.UpdateCustomer(named, metadata=desk.as_user("core.customers.update"))
    await archive.tamper(f"""
        insert into identity (organization, customer, kind, value, source)
        select 'acme', '{known.customer.rpartition("/")[2]}', kind, value, 'USER'
        from (values ('EMAIL', 'Countess@Example.com'), ('PHONE', '+441711234567')) as given(kind, value);
    """)
    for query in ("ada", "ADA L", "love", "countess@ex", "0171 123-4567", "+44 171 123 4567"):
        result = (await archive.search(query)).results[0]
        assert (result.conversation.name, result.HasField("message")) == (known.name, False), query
        assert result.conversation.summary.customer_display_name == "Ada Lovelace"
    for query in ("a", "1234", "dalove", "'; drop"):
        assert known.name not in {result.conversation.name for result in (await archive.search(query)).results}, query
    assert [result.conversation.name for result in (await archive.search("lovelace")).results] == [known.name, other.name]
    both = desk.as_user("core.conversations.search", "core.customers.read")
    search = partial(desk.conversations.SearchConversations, metadata=both)
    request = pb.SearchConversationsRequest(parent=ORGANIZATION, query="lovelace", states=[pb.CONVERSATION_STATE_AUTOMATED])
    assert [result.conversation.name for result in await in_pages(search, request)] == [known.name, other.name]
    of_messages = await desk.conversations.SearchConversations(request, metadata=desk.as_user("core.conversations.search"))
    assert [result.conversation.name for result in of_messages.results] == [other.name]


async def test_where_a_document_was_cited(archive: Archive) -> None:
    conversation = await chat(archive.desk)
    await archive.until_found("kettle")
    messages = pb.ListMessagesRequest(parent=conversation.name)
    said = (await archive.desk.messages.ListMessages(messages, metadata=archive.desk.as_user("core.messages.read"))).messages
    answer = next(message for message in said if message.citations)
    source = answer.citations[0].source
    stub = pb.CitationServiceStub(archive.desk.channel)
    request = pb.ListDocumentCitationsRequest(parent=source.document)
    blind = archive.desk.as_user("core.citations.read")
    await archive.verify()  # waits until the transcripts have come to the journal's end
    cited = (await stub.ListDocumentCitations(request, metadata=blind)).answers
    assert (cited[0].message, cited[0].turn, cited[0].question) == (answer.name, answer.turn, "")
    assert cited[0].sources == [source]
    told = await stub.ListDocumentCitations(request, metadata=archive.desk.as_user("core.citations.read", "core.messages.read"))
    assert [each.question for each in told.answers] == ["How long do I have to return a kettle?"]
    for session in ("s2", "s3"):
        await archive.desk.say(await archive.desk.open(session), "How long do I have to return a kettle?", f"{session}-1")
    async with asyncio.timeout(15):
        while len(told.answers) < 3:  # until the other two are answered
            await asyncio.sleep(0.05)
            told = await stub.ListDocumentCitations(request, metadata=blind)
    pages = await in_pages(partial(stub.ListDocumentCitations, metadata=blind), request)
    assert [each.message for each in pages] == [each.message for each in told.answers]
    assert pages[-1].message == answer.name  # the newest first
    never = f"{ORGANIZATION}/documents/never"
    count = pb.CountDocumentCitationsRequest(parent=ORGANIZATION, documents=[never, source.document])
    counts = (await stub.CountDocumentCitations(count, metadata=blind)).counts
    assert [(each.document, each.answers) for each in counts] == [(never, 0), (source.document, 3)]
    for wrong in (
        pb.CountDocumentCitationsRequest(parent=ORGANIZATION),
        pb.CountDocumentCitationsRequest(parent=ORGANIZATION, documents=[never] * 101),
        pb.CountDocumentCitationsRequest(parent=ORGANIZATION, documents=[never], period={"seconds": 91 * 86_400}),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stub.CountDocumentCitations(wrong, metadata=blind)
        assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    foreign = pb.CountDocumentCitationsRequest(parent=ORGANIZATION, documents=["organizations/other/documents/never"])
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.CountDocumentCitations(foreign, metadata=blind)
    assert caught.value.code() in (grpc.StatusCode.PERMISSION_DENIED, grpc.StatusCode.NOT_FOUND)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.ListDocumentCitations(request, metadata=archive.desk.as_customer(conversation))
    assert caught.value.code() is grpc.StatusCode.PERMISSION_DENIED


async def test_pages_of_a_search_and_tokens_that_are_none_of_its_own(archive: Archive) -> None:
    for n in range(5):
        await archive.desk.say(await archive.desk.open(f"s{n}"), f"Where is parcel {n}?", f"m{n}")
    await archive.until_found("parcel", 5)
    search = partial(archive.desk.conversations.SearchConversations, metadata=archive.desk.as_user("core.conversations.search"))
    found = await in_pages(search, pb.SearchConversationsRequest(parent=ORGANIZATION, query="parcel"))
    assert len({result.conversation.name for result in found}) == len(found) == 5
    first = await archive.search("parcel", page_size=3)
    for query, token in (("kettle", first.next_page_token), ("parcel", "bm8")):
        with pytest.raises(errors.InvalidArgument) as caught:
            await archive.search(query, page_token=token)
        assert caught.value.reason == "INVALID_PAGE_TOKEN"


async def test_customers_may_not_search(archive: Archive) -> None:
    conversation = await archive.desk.open()
    request = pb.SearchConversationsRequest(parent=ORGANIZATION, query="kettle")
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await archive.desk.conversations.SearchConversations(request, metadata=archive.desk.as_customer(conversation))
    assert caught.value.code() is grpc.StatusCode.PERMISSION_DENIED


async def test_what_is_rebuilt_equals_what_was_there(archive: Archive) -> None:
    for n in range(3):
        await chat(archive.desk, f"s{n}")
    await archive.until_found("kettle", 3)
    await archive.verify()  # waits until the transcripts have come to the journal's end
    live = archive.documents()
    told = await archive.rebuild()
    assert told[-1][0] == told[-1][1] > 20
    assert archive.documents() == live
    assert len(live["messages"]) == 9


async def test_a_rebuild_reads_the_past_whose_facts_were_deleted_from_the_tables(archive: Archive) -> None:
    conversations = [await chat(archive.desk, f"s{n}") for n in range(2)]
    await archive.until_found("kettle", 2)
    assert await archive.differences() == []

    def contents() -> dict[str, list[Any]]:
        return {name: [{**row, "position": 0} for row in rows] for name, rows in archive.documents().items()}

    live = contents()
    await archive.tamper("update event set created = created - interval '31 days'")
    async with postgres.open_pool(SecretStr(archive.postgres_url), size=2) as pool:
        await journal.Retention(pool, internal, 30, ("tables", "transcripts")).sweep()
        assert await pool.fetchval("select count(*) from event where kind = 'MessageCreated'") == 0
    told = await archive.rebuild()
    assert told[-1][0] == told[-1][1]
    assert contents() == live
    assert await archive.counted() == {}
    await archive.desk.say(conversations[0], "And where is my toaster?", "later")
    assert len(await archive.until_found("toaster")) == 1
    for full in (False, True):
        assert await archive.differences(full) == []


async def test_a_rebuild_while_customers_write_loses_nothing(archive: Archive) -> None:
    conversation = await archive.desk.open()

    async def write() -> None:
        for n in range(60):
            await archive.desk.say(conversation, f"word{n}", f"m{n}")
            await asyncio.sleep(0.02)

    writing = asyncio.create_task(write())
    for _ in range(3):
        await archive.rebuild()
    await writing
    assert await archive.differences() == []


async def test_everything_agrees_until_a_row_is_tampered_with(archive: Archive) -> None:
    conversation = await chat(archive.desk)
    id = conversation.name.rpartition("/")[2]
    results = await archive.verify()
    assert {store: result.different for store, result in results.items()} == {
        "journal": 0,
        "messages": 0,
        "conversations": 0,
        "turns": 0,
        "customers": 0,
        "transcripts: position": 0,
        "transcripts: conversations": 0,
        "transcripts: messages": 0,
    }
    assert results["messages"].counted == results["transcripts: messages"].counted == 3
    assert (results["conversations"].counted, results["turns"].counted) == (1, 1)
    messages = {row["seq"]: row["_id"] for row in archive.documents()["messages"]}
    turn = archive.documents()["messages"][1]["turn"]

    await archive.tamper("update message set text = 'forged' where seq = 1; delete from message where seq = 3")
    await archive.tamper("update conversation set state = 'WAITING'; update turn set state = 'FAILED'")
    archive.database["messages"].delete_one({"seq": 2})
    archive.database["conversations"].update_one({}, {"$set": {"tags": ["forged"]}})
    assert sorted(await archive.differences()) == sorted(
        [
            f"message {messages[1]} differs in text, words",
            f"message {messages[3]} is missing",
            f"message {messages[3]} is not in the journal",
            f"conversation acme/{id} differs",
            f"turn acme/{turn} differs",
            f"message {messages[2]} is missing",
            f"conversation acme/{id} differs in state, tags",
        ]
    )
    await archive.rebuild()
    results = await archive.verify()
    assert (results["transcripts: messages"].different, results["transcripts: conversations"].different) == (0, 0)
    assert results["messages"].different == 1, "a rebuild repairs what is made from the journal, and nothing else"


async def test_a_message_that_the_journal_does_not_know_is_reported(archive: Archive) -> None:
    await chat(archive.desk)
    await archive.tamper(
        "insert into message select organization, conversation, 9, 'forged', role, author, author_display_name,"
        " kind, text, markdown, note, citations, turn, epoch, 'forged', request_id, created from message where seq = 1"
    )
    await archive.tamper("delete from event where kind = 'ConversationTaken'")
    told = await archive.differences()
    assert "message acme/forged is not in the journal" in told
    assert [each for each in told if each.endswith("has gaps")]


async def customers(archive: Archive) -> dict[str, str]:
    """Customers to whom something has happened; their ids by what."""
    desk, names = archive.desk, {}
    for what in ("survivor", "duplicate", "back", "blocked", "unblocked", "erased", "plain"):
        opened = await desk.open(what)
        await desk.say(opened, "Hello", what)
        names[what] = opened.customer

    async def call(rpc: Any, request: Any) -> None:
        permissions = ["core.customers.merge", "core.customers.split", "core.customers.block", "core.customers.delete"]
        await client.call(rpc, request, token=desk.keys.user_token("acme", [*permissions, "*"]))

    for duplicate in ("duplicate", "back"):
        merge = pb.MergeCustomerRequest(name=names["survivor"], duplicate=names[duplicate])
        await call(desk.customers.MergeCustomer, merge)
    await call(desk.customers.SplitCustomer, pb.SplitCustomerRequest(name=names["survivor"], duplicate=names["back"]))
    for blocked in ("blocked", "unblocked"):
        await call(desk.customers.BlockCustomer, pb.BlockCustomerRequest(name=names[blocked]))
    await call(desk.customers.UnblockCustomer, pb.UnblockCustomerRequest(name=names["unblocked"]))
    await call(desk.customers.DeleteCustomer, pb.DeleteCustomerRequest(name=names["erased"]))
    return {what: name.rpartition("/")[2] for what, name in names.items()}


async def test_records_of_customers_are_what_the_journal_says_until_they_are_tampered_with(archive: Archive) -> None:
    ids = await customers(archive)
    results = await archive.verify()
    assert [told for result in results.values() for told in result.differences] == []
    assert results["customers"].counted == 7
    for sql in (
        f"update customer set merged_into = null where id = '{ids['duplicate']}'",
        f"update customer set merged_into = '{ids['plain']}' where id = '{ids['back']}'",
        f"update customer set blocked = null where id = '{ids['blocked']}'",
        f"update customer set blocked = now() where id = '{ids['unblocked']}'",
        f"update customer set display_name = 'Sam' where id = '{ids['erased']}'",
        "insert into customer (organization, id) values ('acme', 'forged')",
    ):
        await archive.tamper(sql)
    assert sorted((await archive.verify())["customers"].differences) == sorted(
        [
            *(f"customer acme/{ids[what]} differs" for what in ("duplicate", "back", "blocked", "unblocked")),
            f"customer acme/{ids['back']} is merged and still has an identity",
            f"customer acme/{ids['erased']} is erased and still has a name or an identity",
            "customer acme/forged is not in the journal",
        ]
    )


async def test_the_empty_places_of_an_erased_organization_are_no_difference(archive: Archive) -> None:
    await chat(archive.desk)
    assert await archive.differences() == []
    await archive.tamper("update event set organization = '', kind = 'Erased', subject = '', labels = '{}', payload = ''")
    await archive.tamper("delete from message; delete from turn; delete from conversation; delete from customer")
    for documents in ("messages", "conversations"):
        archive.database[documents].delete_many({})
    assert await archive.differences() == []


async def test_a_verification_continues_where_the_last_one_ended(archive: Archive) -> None:
    await chat(archive.desk)
    first = await archive.counted()
    assert (first["messages"], first["conversations"], first["turns"]) == (3, 1, 1)
    assert await archive.counted() == {}, "nothing has happened since"
    conversation = await archive.desk.open("s2")
    await archive.desk.say(conversation, "Where is my parcel?", "m2")
    await archive.desk.until(conversation, 2)
    since = await archive.counted()
    assert (since["messages"], since["conversations"], since["turns"]) == (2, 1, 1)
    assert since["transcripts: messages"] == 2
    assert (await archive.verify())["journal"].counted == first["journal"] + since["journal"]


async def test_what_was_forged_after_the_snapshot_is_found_until_it_is_repaired(archive: Archive) -> None:
    await chat(archive.desk)
    await archive.counted()
    conversation = await archive.desk.open("s2")
    said = await archive.desk.say(conversation, "Where is my parcel?", "m2")
    await archive.desk.until(conversation, 2)
    id, message = (name.rpartition("/")[2] for name in (conversation.name, said.message.name))
    mine = f"where id = '{message}'"

    await archive.tamper(
        f"update message set role = 'AGENT' {mine}; update conversation set epoch = epoch + 7 where id = '{id}'"
    )
    for _ in range(2):  # a verification that found a difference does not move past it
        found = await archive.differences(full=False)
        assert {f"message acme/{message} differs", f"conversation acme/{id} differs"} <= set(found)
    await archive.tamper(
        f"update message set role = 'CUSTOMER' {mine}; update conversation set epoch = epoch - 7 where id = '{id}'"
    )
    assert await archive.differences(full=False) == []

    await archive.tamper(f"delete from event where kind = 'ConversationOpened' and subject like '%/{id}'")
    assert await archive.differences(full=False) == [], "what was compared is not compared again"
    assert [told for told in await archive.differences() if told.endswith("has gaps")]


async def test_events_that_are_gone_after_the_snapshot_are_found(archive: Archive) -> None:
    await chat(archive.desk)
    await archive.counted()
    conversation = await archive.desk.open("s2")
    id = conversation.name.rpartition("/")[2]
    await archive.desk.say(conversation, "Where is my parcel?", "m2")
    await archive.desk.until(conversation, 2)
    await archive.tamper(f"delete from event where kind = 'ConversationOpened' and subject like '%/{id}'")
    found = await archive.differences(full=False)
    assert f"conversation acme/{id} is not in the journal" in found
    assert [told for told in found if told.endswith("has gaps")]


async def test_only_the_operator_may_rebuild_and_verify(archive: Archive) -> None:
    for call in (
        archive.transcripts.RebuildTranscripts(
            internal.RebuildTranscriptsRequest(), metadata=archive.desk.as_service("agent", "*")
        ),
        archive.verification.VerifyStores(internal.VerifyStoresRequest(full=True), metadata=archive.desk.as_user("*")),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call.read()
        assert caught.value.code() is grpc.StatusCode.PERMISSION_DENIED


async def test_a_stream_until_now_ends_with_where_it_came_to(archive: Archive) -> None:
    await chat(archive.desk)
    request = internal.WatchEventsRequest(shards=list(range(64)), filters=[{"kinds": ["ConversationTaken"]}], until_now=True)
    token = archive.desk.keys.service_token("agent")
    responses = [each async for each in client.stream(archive.desk.inside.events.WatchEvents, request, token=token)]
    assert [each.event.WhichOneof("fact") for each in responses if each.HasField("event")] == ["conversation_taken"]
    assert responses[-1].HasField("checkpoint")
    passed = {shard: end for each in responses for shard, end in each.checkpoint.positions.items()}
    assert list(passed.values()) == [(await archive.verify())["journal"].counted]


async def test_replicas_of_core_share_the_work(own: TestStores, tmp_path: Path) -> None:
    own.mongo_url()
    mongo_url, postgres_url = SecretStr(own.mongo.service_url("core")), own.postgres_url("core")
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    async with (
        run_core(own, folders[0], postgres_url, Knowledge(), mongo_url=mongo_url) as one,
        run_core(own, folders[1], postgres_url, Knowledge(), mongo_url=mongo_url) as two,
    ):
        archive = Archive(one, postgres_url, None)
        connection = await asyncpg.connect(postgres_url)
        async with asyncio.timeout(10):
            while await connection.fetchval("select count(*) from follower where source = 'transcripts'") < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        await connection.close()
        await asyncio.gather(*(chat(desk, f"s{n}") for n, desk in enumerate([one, two] * 3)))
        assert len(await archive.until_found("kettle", 6)) == 6
        assert await archive.differences() == []


async def test_without_mongodb_chats_continue_and_the_transcripts_catch_up(own: TestStores, tmp_path: Path) -> None:
    own.mongo_url()
    await asyncio.to_thread(own.stop, "mongo")
    url = own.mongo.service_url("core")
    async with run_core(own, tmp_path, own.postgres_url("core"), Knowledge(), mongo_url=SecretStr(url)) as desk:
        archive = Archive(desk, "", None)
        await chat(desk)
        with pytest.raises(errors.Unavailable) as caught:
            await archive.search("kettle")
        assert caught.value.reason == "TRANSCRIPTS_UNAVAILABLE"
        await asyncio.to_thread(own.start, "mongo")
        await archive.until_found("kettle")
        await asyncio.to_thread(own.stop, "mongo")
        await chat(desk, "s2")
        await asyncio.to_thread(own.start, "mongo")
        assert len(await archive.until_found("kettle", 2)) == 2
        assert await archive.differences() == []


async def test_a_core_without_transcripts_says_so(desk: Desk) -> None:
    archive = Archive(desk, "", None)
    with pytest.raises(errors.Unavailable) as caught:
        await archive.search("kettle")
    assert caught.value.reason == "TRANSCRIPTS_UNAVAILABLE"


async def test_a_search_can_be_narrowed_by_the_state_of_conversations_as_it_is_now(archive: Archive) -> None:
    desk = archive.desk
    opened = [await desk.open(f"narrow-{n}") for n in range(4)]
    for n, conversation in enumerate(opened):
        await desk.say(conversation, f"Is the turquoise teapot number {n} still there?", f"narrow-{n}")
    await archive.until_found("turquoise", 4)
    for conversation in opened[:3]:
        tag = pb.TagConversationRequest(name=conversation.name, add=["pots"])
        await desk.conversations.TagConversation(tag, metadata=desk.as_user("core.conversations.update"))
    close = pb.CloseConversationRequest(name=opened[0].name)
    await desk.conversations.CloseConversation(close, metadata=desk.as_user("core.conversations.update"))

    async def found(**more: Any) -> set[str]:
        return {result.conversation.name for result in (await archive.search("turquoise", **more)).results}

    names = [conversation.name for conversation in opened]
    assert await found(tags=["pots"]) == set(names[:3])
    assert await found(states=[pb.CONVERSATION_STATE_CLOSED]) == {names[0]}
    assert await found(tags=["pots"], states=[pb.CONVERSATION_STATE_WAITING]) == set()
    assert await found(ratings=[5]) == set()
    first = await archive.search("turquoise", tags=["pots"], page_size=2)
    rest = await archive.search("turquoise", tags=["pots"], page_size=2, page_token=first.next_page_token)
    assert {result.conversation.name for page in (first, rest) for result in page.results} == set(names[:3])
    assert (len(first.results), len(rest.results), rest.next_page_token) == (2, 1, "")
    with pytest.raises(errors.InvalidArgument):
        await archive.search("turquoise", page_size=2, page_token=first.next_page_token)
