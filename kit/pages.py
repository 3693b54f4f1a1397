"""Pages of lists, and their tokens: opaque to clients, bound to the filter they were made for."""

import base64
import binascii
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, NamedTuple, Protocol, TypeVar

import msgspec

from kit import errors
from kit.foreign_json import UNREADABLE

T = TypeVar("T")
P = TypeVar("P", bound=tuple[Any, ...])

# Types of which positions are made.
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Text = Annotated[str, msgspec.Meta(max_length=200, pattern="^[^\\x00]*$")]
Score = Annotated[float, msgspec.Meta(ge=0)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**62)]


class ByTime(NamedTuple):
    """The position of most lists: a time, and an id for those of the same time."""

    time: Moment
    id: Text


class ById(NamedTuple):
    """The position of a list in the order of ids, or of other names that are unique."""

    id: Text


class ByNumber(NamedTuple):
    """The position of a list that is numbered."""

    number: Count


class Request(Protocol):
    """The fields that every request of a list has."""

    page_size: int
    page_token: str


class InvalidPageToken(errors.InvalidArgument):
    reason = "INVALID_PAGE_TOKEN"


def size(requested: int, default: int = 50, most: int = 100) -> int:
    """How many to return for a requested page size, of which 0 means the default."""
    return min(requested or default, most)


async def page(
    request: Request,
    kind: type[P],
    fetch: Callable[[P | None, int], Awaitable[Sequence[T]]],
    key: Callable[[T], P],
    filter: str = "",
    default: int = 50,
    most: int = 100,
) -> tuple[Sequence[T], str]:
    """A page of a list, and the token of the next; the last one has none, so that no list ends in an empty page.

    `fetch` gives at most so many items after a position, or from the first on; `key` is an item's position, of this `kind`.
    Raises InvalidPageToken for a token of another list or `filter`.
    """
    shown = size(request.page_size, default, most)
    after = decode(request.page_token, kind=kind, filter=filter) if request.page_token else None
    found = await fetch(after, shown + 1)  # one more says whether there is a next page
    return found[:shown], encode(*key(found[shown - 1]), filter=filter) if len(found) > shown else ""


def encode(*position: str | float | datetime, filter: str = "") -> str:
    """A token that leads to what comes after `position`, valid for the same `filter` alone."""
    plain = [int(part) if isinstance(part, bool) else part for part in position]
    raw = msgspec.json.encode([_fingerprint(filter), *plain])
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode(token: str, *, kind: type[T], filter: str = "") -> T:
    """The position in a token, as a `kind` such as `tuple[Moment, Text]`: tokens are not signed, so say what must be in one.

    Raises InvalidPageToken when it is broken, holds something else or was made for another filter.
    """
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        fingerprint, *position = msgspec.json.decode(raw, type=list[str | int | float])
    except (binascii.Error, ValueError, *UNREADABLE) as error:
        raise InvalidPageToken("The page token is not one of ours; start again without it.") from error
    if fingerprint != _fingerprint(filter):
        raise InvalidPageToken("The page token belongs to another filter; start again without it.")
    try:
        return msgspec.convert(position, kind)
    except msgspec.ValidationError as error:
        raise InvalidPageToken("The page token belongs to another list; start again without it.") from error


def _fingerprint(filter: str) -> str:
    return hashlib.sha256(filter.encode()).hexdigest()[:8]
