"""A fact as it is stored and sent: the bytes of its contract's `Event`, which are not parsed on the way.

The payload holds the fact and the part of the envelope that its writer knows. The append adds shard, position and time. They,
and the columns for filters, are put behind the stored bytes when an event is sent. Protobuf merges the two parts of the
envelope into one, so a follower sees no difference.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import IntEnum
from functools import partial
from typing import Any, NamedTuple

from frontdesk.event import v1 as pb
from google.protobuf import json_format, message_factory
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from kit import caller, log
from kit.convert import time_to_pb

SCHEMA_VERSION = 1
_ENVELOPE = 1
"""The field of `Event` that holds the envelope, in every contract."""
_ACTORS = {
    "customers": pb.ACTOR_KIND_CUSTOMER,
    "agents": pb.ACTOR_KIND_AGENT,
    "users": pb.ACTOR_KIND_USER,
    "assistants": pb.ACTOR_KIND_ASSISTANT,
    "services": pb.ACTOR_KIND_SERVICE,
    "apiKeys": pb.ACTOR_KIND_API_KEY,
}


class Fact(NamedTuple):
    """A fact in the form of its service's contract."""

    event: Message
    """The contract's `Event`, without its envelope."""
    subject: str
    """The resource name of the thing that it is about."""
    labels: tuple[str, ...] = ()
    """Words that followers filter by."""
    actor: str = ""
    """The cause, such as `users/{user}`; empty: the transaction's, or the caller."""


Encode = Callable[[str, Any], Fact]
"""Turns a fact of an organization, a value of the domain, into one of the contract. Each service's `convert` has one."""


class Encoded(NamedTuple):
    """A fact ready to be stored."""

    kind: str
    subject: str
    labels: tuple[str, ...]
    payload: bytes


@dataclass(slots=True)
class Record:
    """An event of the journal."""

    shard: int
    position: int
    organization: str
    kind: str
    subject: str
    labels: Sequence[str]
    payload: bytes
    """An `Event` without the values of the other fields."""
    created: datetime
    _event: bytes = field(default=b"", compare=False, repr=False)

    @property
    def event(self) -> bytes:
        """The whole `Event`, serialized; made once for all followers."""
        if not self._event:
            rest = pb.Envelope(
                organization=self.organization,
                shard=self.shard,
                position=self.position,
                kind=self.kind,
                subject=self.subject,
                labels=self.labels,
                create_time=time_to_pb(self.created),
            )
            self._event = self.payload + delimited(_ENVELOPE, rest.SerializeToString())
        return self._event


def delimited(number: int, data: bytes) -> bytes:
    """A field of a message on the wire: its key, its length, its bytes."""
    head, length = bytearray((number << 3 | 2,)), len(data)
    while length > 0x7F:
        head.append(length & 0x7F | 0x80)
        length >>= 7
    head.append(length)
    return bytes(head) + data


def encoded(encode: Encode, organization: str, facts: Iterable[object], actor: str, service: str) -> list[Encoded]:
    """Facts of one cause, ready to be stored."""
    who = actor or _calling() or f"services/{service}"
    common = pb.Envelope(
        request_id=log.request_id.get(),
        source_address=log.source_address.get(),
        trace_id=log.trace_id.get(),
        schema_version=SCHEMA_VERSION,
    )
    found = []
    for fact in facts:
        item = encode(organization, fact)
        kind, _, id = (item.actor or who).partition("/")
        common.actor.kind, common.actor.id = _ACTORS[kind], id
        payload = delimited(_ENVELOPE, common.SerializeToString()) + item.event.SerializeToString()
        found.append(Encoded(type(fact).__name__, item.subject, item.labels, payload))
    return found


def _calling() -> str:
    """The caller of the running call, as an actor; empty outside of one."""
    who = caller.current_or_none()
    return f"{who.kind}/{who.id}" if who is not None else ""


class Filters:
    """Which facts a follower wants: those that any of the filters chooses, or all without a filter."""

    def __init__(self, filters: Iterable[pb.Filter] = ()) -> None:
        self._filters = [(frozenset(f.kinds), tuple(f.labels)) for f in filters]

    def choose(self, record: Record) -> bool:
        """Whether the follower wants a fact."""
        for kinds, labels in self._filters:
            if (not kinds or record.kind in kinds) and all(label in record.labels for label in labels):
                return True
        return not self._filters

    def only(self, kinds: Collection[str]) -> bool:
        """Whether they choose nothing but facts of these kinds."""
        return bool(self._filters) and all(chosen and chosen <= set(kinds) for chosen, _ in self._filters)

    def condition(self, first: int) -> tuple[str, list[list[str]]]:
        """The same in SQL, over the columns of `event`; its arguments are numbered from `first`."""
        if not self._filters:
            return "true", []
        parts, arguments = [], list[list[str]]()
        for kinds, labels in self._filters:
            n = first + len(arguments)
            parts.append(f"((cardinality(${n}::text[]) = 0 or kind = any(${n})) and labels @> ${n + 1}::text[])")
            arguments += [sorted(kinds), list(labels)]
        return f"({' or '.join(parts)})", arguments


def by_fields(contract: Any, collections: Mapping[str, str]) -> Encode:
    """Encodes frozen dataclasses whose names and fields are those of the contract's messages.

    `collections` says which fields hold ids, and of which resources: `{"queue": "queues/{}"}` makes
    `organizations/acme/queues/q1` of "q1" in the field `queue`. The subject is the first field if that holds an id, otherwise
    the organization. A field `actor`, before all others, becomes the envelope's actor. A member of an enum is found by its
    name, and a mapping becomes a message as its JSON would.
    """
    known: dict[type[Any], _Plan] = {}

    def encode(organization: str, fact: Any) -> Fact:
        kind = type(fact)
        if (plan := known.get(kind)) is None:
            plan = known[kind] = _Plan.of(contract, kind, collections)
        return plan.encode(contract.Event, f"organizations/{organization}", fact)

    return encode


@dataclass(frozen=True)
class _Plan:
    """How facts of one class are encoded."""

    member: str
    """The fact's field in the oneof."""
    subject: tuple[str, str] | None
    values: tuple[tuple[str, Callable[[str, Any], Any]], ...]
    has_actor: bool

    @classmethod
    def of(cls, contract: Any, kind: type[Any], collections: Mapping[str, str]) -> "_Plan":
        member = re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()
        descriptor = getattr(contract, kind.__name__).DESCRIPTOR
        names = [f.name for f in fields(kind)]
        has_actor = names[:1] == ["actor"]
        first = next(iter(names[has_actor:]), "")
        subject = None
        if first in collections and first not in descriptor.fields_by_name:
            subject = (first, collections[first])
        left_out = {"actor", subject[0] if subject else ""}
        values = tuple(
            (name, _converter(descriptor.fields_by_name[name], collections.get(name))) for name in names if name not in left_out
        )
        return cls(member, subject, values, has_actor)

    def encode(self, event: Callable[..., Message], root: str, fact: Any) -> Fact:
        subject = root
        if self.subject is not None:
            subject = _name(root, self.subject[1], str(getattr(fact, self.subject[0])))
        said = {name: value for name, to_pb in self.values if (value := to_pb(root, getattr(fact, name))) is not None}
        return Fact(event(**{self.member: said}), subject, (), fact.actor if self.has_actor else "")


def _name(root: str, collection: str, id: str) -> str:
    return id if not id or id.startswith("organizations/") else f"{root}/{collection.format(id)}"


def _enum(prefix: str, root: str, value: Any) -> str:
    name = value.name if isinstance(value, IntEnum) else str(value)
    return name if name.startswith(prefix) else prefix + name


def _converter(target: FieldDescriptor, collection: str | None) -> Callable[[str, Any], Any]:
    if collection is not None and target.cpp_type == FieldDescriptor.CPPTYPE_STRING:
        return lambda root, id: _name(root, collection, str(id or ""))
    if target.enum_type is not None:
        return partial(_enum, re.sub(r"(?<!^)(?=[A-Z])", "_", target.enum_type.name).upper() + "_")
    if target.message_type is not None:
        if target.message_type.full_name == "google.protobuf.Timestamp":
            return lambda root, value: time_to_pb(value)
        if target.message_type.full_name != "google.protobuf.Duration":
            message = message_factory.GetMessageClass(target.message_type)
            return lambda root, value: json_format.ParseDict(dict(value), message())
    if target.is_repeated:
        return lambda root, value: list(value)
    return lambda root, value: value
