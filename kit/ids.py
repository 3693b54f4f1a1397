"""Ids: 26 lower-case characters that sort by the time they were made."""

import os
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u


def new() -> str:
    """A new id: 48 bits of milliseconds, then 80 random bits, in base 32 (the layout of a ULID)."""
    number = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    return "".join([_ALPHABET[number >> shift & 31] for shift in range(125, -5, -5)])
