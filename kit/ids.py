"""Ids: 26 lower-case characters that sort by the time they were made."""

import os
import time
from typing import NewType

OrganizationId = NewType("OrganizationId", str)
"""The last part of an organization's name, `organizations/{organization}`: the one noun that every service knows."""

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u


def made(id: str) -> float:
    """When an id was made, in seconds since 1970; 0 for what is no id of ours."""
    if len(id) != 26 or not set(id) <= set(_ALPHABET):
        return 0.0
    number = 0
    for character in id[:10]:
        number = number << 5 | _ALPHABET.index(character)
    return number / 1000


def new(moment: float | None = None) -> str:
    """A new id: 48 bits of milliseconds, then 80 random bits, in base 32 (the layout of a ULID).

    `moment`: the time it bears instead of now, in seconds since 1970.
    """
    milliseconds = time.time_ns() // 1_000_000 if moment is None else int(moment * 1000)
    number = milliseconds << 80 | int.from_bytes(os.urandom(10), "big")
    return "".join([_ALPHABET[number >> shift & 31] for shift in range(125, -5, -5)])
