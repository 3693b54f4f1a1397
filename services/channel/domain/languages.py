"""Chooses one of several languages for a wanted one: BCP 47 tags, looked up as RFC 4647 describes."""

import re
from collections.abc import Collection, Iterable, Sequence

BUILT = ("en", "de", "es", "fr", "nl", "ar")
"""The languages of the chat's pages."""
FALLBACK = "en"
_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_RANGE = re.compile(r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*)?")
MAX_RANGES = 20


def best(offered: Collection[str], wanted: Iterable[str]) -> str | None:
    """The first wanted language that is offered: itself, its language without a region, or another region's."""
    known = {tag.casefold(): tag for tag in reversed(tuple(offered))}
    primary = {_primary(tag): tag for tag in reversed(tuple(offered))}
    for tag in wanted:
        shorter = tag.casefold()
        while shorter:
            if shorter in known:
                return known[shorter]
            shorter = shorter.rpartition("-")[0]
        if _primary(tag) in primary:
            return primary[_primary(tag)]
    return None


def chosen(offered: Sequence[str], wanted: Iterable[str]) -> str:
    """The language for someone; the first one offered, or English, when none fits."""
    choice = offered or BUILT
    return best(choice, wanted) or (offered[0] if offered else FALLBACK)


def accepted(header: str) -> list[str]:
    """The languages of an `Accept-Language` header, the most wanted one first. Items that can't be understood are left out."""
    found: list[tuple[float, str]] = []
    for item in header.split(",", MAX_RANGES)[:MAX_RANGES]:
        match = _RANGE.fullmatch(item)
        weight = float(match[2] or 1) if match else 0.0
        if match and weight > 0:
            found.append((-weight, match[1]))
    return [tag for _, tag in sorted(found, key=lambda item: item[0])]


def direction(tag: str) -> str:
    """`rtl` for languages that are written from right to left, otherwise `ltr`."""
    return "rtl" if _primary(tag) in _RIGHT_TO_LEFT else "ltr"


def _primary(tag: str) -> str:
    return tag.partition("-")[0].casefold()
