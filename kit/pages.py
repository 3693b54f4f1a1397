"""Page tokens: opaque to clients, bound to the filter they were made for."""

import base64
import binascii
import hashlib
from datetime import datetime
from typing import Annotated, TypeVar

import msgspec

from kit import errors

T = TypeVar("T")

# What positions are made of.
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Text = Annotated[str, msgspec.Meta(max_length=200, pattern="^[^\\x00]*$")]
Score = Annotated[float, msgspec.Meta(ge=0)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**62)]


class InvalidPageToken(errors.InvalidArgument):
    reason = "INVALID_PAGE_TOKEN"


def size(requested: int, default: int = 50, most: int = 100) -> int:
    """How many to return for a requested page size, of which 0 means the default."""
    return min(requested or default, most)


def encode(*position: str | float, filter: str = "") -> str:
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
    except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
        raise InvalidPageToken("The page token is not one of ours; start again without it.") from error
    if fingerprint != _fingerprint(filter):
        raise InvalidPageToken("The page token belongs to another filter; start again without it.")
    try:
        return msgspec.convert(position, kind)
    except msgspec.ValidationError as error:
        raise InvalidPageToken("The page token belongs to another list; start again without it.") from error


def _fingerprint(filter: str) -> str:
    return hashlib.sha256(filter.encode()).hexdigest()[:8]
