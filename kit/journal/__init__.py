"""The journal: facts that a service writes in the transaction of the change, and that others follow without loss or doubles.

Read `facts` (what is stored), `store` (append, read, watch), `serve` (the stream for other services), `follow` (the other end),
`verified` (how far verifications have come), `retention` (how old facts are deleted).
"""

from kit.journal.facts import Encode, Fact, Filters, Record, by_fields
from kit.journal.follow import Followed, Handle, Source, follow
from kit.journal.retention import BUSY_SECONDS, RETENTION_SECONDS, Retention, states
from kit.journal.serve import Served, serve
from kit.journal.store import (
    BATCH,
    HEARTBEAT_SECONDS,
    POLL_SECONDS,
    EventsDeleted,
    Journal,
    Transaction,
    shard_of,
)
from kit.journal.verified import Verified
from kit.shares import SHARDS

__all__ = [
    "BATCH",
    "BUSY_SECONDS",
    "HEARTBEAT_SECONDS",
    "POLL_SECONDS",
    "RETENTION_SECONDS",
    "SHARDS",
    "Encode",
    "EventsDeleted",
    "Fact",
    "Filters",
    "Followed",
    "Handle",
    "Journal",
    "Record",
    "Retention",
    "Served",
    "Source",
    "Transaction",
    "Verified",
    "by_fields",
    "follow",
    "serve",
    "shard_of",
    "states",
]
