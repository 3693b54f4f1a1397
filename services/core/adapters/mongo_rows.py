"""Conversations and messages as documents of MongoDB, and back. Times have milliseconds there."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from services.core.domain import Conversation, Entry, Message
from services.core.domain.search_terms import search_terms, search_words

Row = dict[str, Any]

_TEXT, _NUMBER, _TIME = {"bsonType": "string"}, {"bsonType": ["int", "long"]}, {"bsonType": "date"}
_TEXT_OR_NULL, _FLAG = {"bsonType": ["string", "null"]}, {"bsonType": "bool"}
_PLACE = {"_id": _TEXT, "organization": _TEXT, "shard": _NUMBER, "position": _NUMBER}


def _schema(fields: Mapping[str, object], later: Mapping[str, object] | None = None) -> Row:
    """A document has exactly these fields. `later`: what documents of earlier releases lack."""
    every = {**fields, **(later or {})}
    return {"$jsonSchema": {"bsonType": "object", "required": list(fields), "properties": every, "additionalProperties": False}}


CONVERSATION_SCHEMA = _schema(
    {
        **_PLACE,
        "conversation": _TEXT,
        "customer": _TEXT,
        "channel": _TEXT,
        "state": {"enum": ["AUTOMATED", "WAITING", "ASSIGNED", "CLOSED"]},
        "created": _TIME,
        "updated": _TIME,
        "address": {"bsonType": ["object", "null"]},
        "agent": _TEXT_OR_NULL,
        "agent_display_name": _TEXT,
        "epoch": _NUMBER,
        "last_seq": _NUMBER,
        "last_customer_seq": _NUMBER,
        "tags": {"bsonType": "array", "items": _TEXT},
        "handover_reason": _TEXT,
        "revision": _NUMBER,
        "thread_key": _TEXT,
        "subject": _TEXT,
        "priority": {"enum": ["LOW", "NORMAL", "HIGH", "URGENT"]},
        "language": _TEXT,
    }
)
MESSAGE_SCHEMA = _schema(
    {
        **_PLACE,
        "conversation": _TEXT,
        "message": _TEXT,
        "seq": _NUMBER,
        "role": {"enum": ["CUSTOMER", "ASSISTANT", "AGENT"]},
        "text": _TEXT,
        "created": _TIME,
        "source": _TEXT,
        "author": _TEXT,
        "author_display_name": _TEXT,
        "kind": {"enum": ["ANSWER", "UNKNOWN", "HOLDING"]},
        "markdown": _FLAG,
        "note": _FLAG,
        "citations": {"bsonType": "array", "items": {"bsonType": "object"}},
        "turn": _TEXT_OR_NULL,
        "epoch": _NUMBER,
        "request_id": _TEXT,
        "content": {"bsonType": ["object", "null"]},
    },
    {"search_terms": _TEXT, "words": {"bsonType": "array", "items": _TEXT}},
)

TOMBSTONE: list[Row] = [
    {
        "$set": {
            "text": "",
            "search_terms": "",
            "words": [],
            "content": None,
            "citations": [],
            "author_display_name": "",
            "source": {"$concat": ["erased/", "$message"]},
            "request_id": "",
        }
    }
]
"""Leaves of a message its place: `domain.tombstone` as an update."""


def conversation_key(entry: Entry) -> str:
    """The `_id` of an entry's conversation."""
    return f"{entry.conversation.organization}/{entry.conversation.id}"


def conversation_to_row(entry: Entry) -> Row:
    """The conversation as it was right after the entry's fact. Open messages, the turn and the rating are no part of it."""
    row = _plain(entry.conversation)
    del row["turn"], row["answered_seq"], row["blocked"], row["erased"], row["capabilities"]
    del row["rating"], row["rating_comment"], row["rated"]
    return {"_id": conversation_key(entry), **_place(entry), "conversation": row.pop("id"), **row}


def message_to_row(entry: Entry, message: Message) -> Row:
    """A message of the entry's conversation."""
    row = _plain(message)
    key = f"{entry.conversation.organization}/{message.id}"
    found_by = {"search_terms": search_terms(message.text), "words": search_words(message.text)}
    place = {**_place(entry), "conversation": entry.conversation.id, **found_by}
    return {"_id": key, **place, "message": row.pop("id"), **row}


def conversation_from_row(row: Mapping[str, Any]) -> Conversation:
    """A conversation without what is open."""
    return msgspec.convert({**row, "id": row["conversation"]}, Conversation)


def message_from_row(row: Mapping[str, Any]) -> Message:
    """A message."""
    return msgspec.convert({**row, "id": row["message"]}, Message)


def _place(entry: Entry) -> Row:
    return {"organization": entry.conversation.organization, "shard": entry.shard, "position": entry.position}


def _plain(said: Conversation | Message) -> Row:
    """The fields as MongoDB keeps them: enums as text, tuples as lists, times in milliseconds."""
    row: Row = _kept(msgspec.to_builtins(said, builtin_types=(datetime,)))
    return row


def _kept(value: Any) -> Any:
    """A value as MongoDB gives it back, at any depth."""
    if isinstance(value, dict):
        return {key: _kept(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_kept(each) for each in value]
    if isinstance(value, datetime):
        return value.replace(microsecond=value.microsecond // 1000 * 1000)
    return value
