"""The cost of a fact: its bytes in the journal, and its producer's time for each service that follows.

    python -m bench.journal [--facts 20000]

One process, no store: the bytes are those of the row's columns, without PostgreSQL's own. An answer is the four facts of a web
chat's message and its reply.
"""

import argparse
import time
from datetime import UTC, datetime, timedelta

from frontdesk.core.internal import v1 as internal

from kit import ids
from kit.ids import OrganizationId
from kit.journal import Filters, Record, Served
from kit.journal.facts import Encoded, encoded
from services.core.convert.facts import fact_to_pb
from services.core.domain import (
    Address,
    ChannelId,
    Citation,
    Content,
    Conversation,
    ConversationId,
    CustomerId,
    Fact,
    IdentityKind,
    MessageKind,
    Reply,
    Source,
    State,
    finish,
    receive,
)

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
TEXT = "You can return a parcel within 30 days, unopened, with the label that came with it. " * 5


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", type=int, default=20_000)
    count = parser.parse_args().facts
    facts = answer()
    items = list[Encoded]()
    begun = time.process_time()
    for _ in range(count // len(facts)):
        items = encoded(fact_to_pb, "acme", facts, "customers/c1", "core")
    encoding = (time.process_time() - begun) / count
    sizes = [size(item) for item in items]
    wanted = Filters([])
    first, more = follow(items, count, wanted, fresh=True), follow(items, count, wanted, fresh=False)
    print(f"facts of an answer             {len(items)}")
    print(f"journal bytes of an answer     {sum(sizes):,}")
    print(f"encoding, µs a fact            {encoding * 1e6:.1f}")
    print(f"first follower, µs a fact      {first * 1e6:.1f}")
    print(f"each other follower, µs a fact {more * 1e6:.1f}")


def answer() -> list[Fact]:
    """The facts of a message and its reply."""
    organization = OrganizationId("acme")
    conversation = Conversation(
        organization=organization,
        id=ConversationId(ids.new()),
        customer=CustomerId(ids.new()),
        channel=ChannelId("web-chat"),
        state=State.AUTOMATED,
        created=NOW,
        updated=NOW,
        address=Address(IdentityKind.BROWSER, ids.new()),
    )
    asked = receive(conversation, Content.of("How long can I return a parcel?"), "web/1", NOW, "r1", timedelta())
    turn = asked.after.turn
    assert turn is not None
    source = Source("documents/d1", 1, "passages/p1", "Returns", "Parcels", "https://shop.example/returns", TEXT)
    reply = Reply(TEXT, MessageKind.ANSWER, (Citation(0, len(TEXT), source),), "bench")
    return [*asked.facts, *finish(asked.after, turn, reply, NOW).facts]


def size(item: Encoded) -> int:
    """The bytes of a fact's columns: shard, position and time are 18 of them."""
    return 18 + sum(map(len, (b"acme", item.kind, item.subject, item.payload, *item.labels)))


def follow(items: list[Encoded], count: int, wanted: Filters, *, fresh: bool) -> float:
    """Seconds of a producer for one fact and one follower, from the record to the bytes that leave."""
    records = [Record(3, n, "acme", *items[n % len(items)], NOW) for n in range(count)]
    if not fresh:
        for record in records:
            Served(internal.WatchEventsResponse, record)
    begun = time.process_time()
    for record in records:
        if wanted.choose(record):
            Served(internal.WatchEventsResponse, record).SerializeToString()
    return (time.process_time() - begun) / count


if __name__ == "__main__":
    main()
