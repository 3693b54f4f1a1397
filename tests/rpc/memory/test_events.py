"""`EventService`: what happened to documents, for the services that follow memory."""

from __future__ import annotations

import pytest
from frontdesk.event import v1 as event_pb
from frontdesk.memory import v1 as pb
from frontdesk.memory.internal import v1 as internal

from kit import client
from kit.journal import shard_of
from tests.rpc.memory.library import Shelf

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]


async def _facts(shelf: Shelf, *kinds: str) -> list[internal.Event]:
    """The facts of an organization until now."""
    filters = [event_pb.Filter(kinds=kinds)] if kinds else []
    request = internal.WatchEventsRequest(shards=[shard_of(shelf.organization)], until_now=True, filters=filters)
    token = shelf.library.keys.service_token("core")
    stream = client.stream(shelf.library.events.WatchEvents, request, token=token)
    events = [response.event async for response in stream if response.WhichOneof("item") == "event"]
    return [event for event in events if event.envelope.organization == shelf.organization]


async def test_each_change_of_a_document_is_a_fact_without_its_text(shelf: Shelf) -> None:
    await shelf.add("kettle", "# Zebra kettle\n\nDescale it with vinegar.")
    changed = pb.Document(name=shelf.name("kettle"), title="Zebra")
    await shelf.call(shelf.library.documents.UpdateDocument, pb.UpdateDocumentRequest(document=changed))
    assert (await shelf.settled("kettle")).indexed_revision == 2
    await shelf.add("empty", "#")
    await shelf.call(shelf.library.documents.DeleteDocument, pb.DeleteDocumentRequest(name=shelf.name("kettle")))
    facts = await _facts(shelf)
    assert [(fact.WhichOneof("fact"), fact.envelope.subject.rpartition("/")[2]) for fact in facts] == [
        ("document_created", "kettle"),
        ("document_indexed", "kettle"),
        ("document_updated", "kettle"),
        ("document_indexed", "kettle"),
        ("document_created", "empty"),
        ("document_failed", "empty"),
        ("document_deleted", "kettle"),
    ]
    assert {fact.envelope.subject.rpartition("/")[0] for fact in facts} == {f"{shelf.parent}/documents"}
    assert (facts[3].document_indexed.revision, facts[3].document_indexed.passage_count) == (2, 1)
    assert facts[5].document_failed.reason == "DOCUMENT_EMPTY"
    assert not any(word in fact.SerializeToString() for fact in facts for word in (b"Zebra", b"vinegar"))
    assert [fact.envelope.actor.kind for fact in facts[:2]] == [event_pb.ACTOR_KIND_USER, event_pb.ACTOR_KIND_SERVICE]


async def test_facts_are_filtered_by_their_kind(shelf: Shelf) -> None:
    await shelf.add("kettle", "Descale it.")
    assert [fact.WhichOneof("fact") for fact in await _facts(shelf, "DocumentIndexed")] == ["document_indexed"]
