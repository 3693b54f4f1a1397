"""robots.txt (RFC 9309): which paths a crawler may read, how slowly, and where the sitemaps are.

A pattern is matched piece by piece between its stars, of which there are few, so that no file takes long. The longest pattern
that matches decides.
"""

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from services.memory.domain.addresses import escaped, normalize, path, query

AGENT = "frontdesk"
MAX_BYTES = 512 << 10
"""A longer file is read to here, as the standard permits."""
MAX_RULES = 2000
MAX_SITEMAPS = 20
MAX_PATTERN = 500
MAX_STARS = 8
"""In one pattern."""
MAX_ALL_STARS = 400
"""In all patterns: each may cost a look through a whole address."""
MAX_DIRECTIVES = 2000
"""Characters of them that are read."""
_NAMED = re.compile(r"\s*([a-z*][\w.*-]*)\s*:(.*)", re.DOTALL)
_WITH_VALUE = ("max-snippet", "max-image-preview", "max-video-preview", "unavailable_after")


def directives(content: str) -> set[str]:
    """The words of a page's robots tag, or of a header `X-Robots-Tag`, that are for us.

    The name of a crawler precedes what is for that one alone. A directive's value, such as the `none` of
    `max-image-preview:none`, is no word.
    """
    found, is_ours = set[str](), True
    for part in content[:MAX_DIRECTIVES].lower().split(","):
        while named := _NAMED.fullmatch(part):
            name, part = named[1], named[2]
            if name in _WITH_VALUE:
                part = ""
            else:
                is_ours = name in (AGENT, "*")
        if is_ours:
            found.update(part.replace(";", " ").split())
    return found


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules for us; by default everything is permitted."""

    rules: tuple[tuple[str, bool], ...] = ()
    """Patterns, and whether they permit; the longest first, and of one length those that permit first."""
    delay: float = 0.0
    """Seconds between two requests."""
    sitemaps: tuple[str, ...] = ()

    def permits(self, address: str) -> bool:
        """Whether an address in normal form may be read."""
        asked = path(address) + (f"?{found}" if (found := query(address)) else "")
        return next((permitted for pattern, permitted in self.rules if _matches(pattern, asked)), True)


def parse(text: str, base: str = "") -> Robots:
    """The rules of the groups for us, otherwise of those for all. Lines that can't be read are left out."""
    ours: list[tuple[str, bool]] = []
    all_: list[tuple[str, bool]] = []
    delays, stars = {True: 0.0, False: 0.0}, {True: MAX_ALL_STARS, False: MAX_ALL_STARS}
    sitemaps: list[str] = []
    agents: set[str] = set()
    named, reading_agents = False, False
    for line in text.lstrip("\ufeff").splitlines():
        field, colon, value = line.partition("#")[0].partition(":")
        field, value = field.strip().lower(), value.strip()
        if not colon:
            continue
        if field == "user-agent":
            agents = agents if reading_agents else set()
            reading_agents = True
            agents.add(value.lower().partition("/")[0].strip())
            named = named or AGENT in agents
            continue
        if field == "sitemap":
            if len(sitemaps) < MAX_SITEMAPS and (address := normalize(value, base)):
                sitemaps.append(address)
            continue
        reading_agents = False
        for is_ours, rules in ((True, ours), (False, all_)):
            if (AGENT if is_ours else "*") not in agents:
                continue
            if field in ("allow", "disallow") and value and len(value) <= MAX_PATTERN and len(rules) < MAX_RULES:
                pattern = _pattern(value)
                if (count := pattern.count("*")) <= min(MAX_STARS, stars[is_ours]):
                    stars[is_ours] -= count
                    rules.append((pattern, field == "allow"))
            elif field == "crawl-delay":
                delays[is_ours] = _seconds(value)
    chosen = ours if named else all_
    return Robots(tuple(sorted(chosen, key=_rank)), delays[named], tuple(dict.fromkeys(sitemaps)))


def _rank(rule: tuple[str, bool]) -> tuple[int, bool]:
    return -len(rule[0]), not rule[1]


def _pattern(value: str) -> str:
    """With escapes as in normal addresses, and one star where there are several."""
    value = re.sub(r"\*+", "*", value)
    return escaped(value if value.startswith(("/", "*")) else f"/{value}")


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        return 0.0
    return min(max(seconds, 0.0), 86_400.0) if math.isfinite(seconds) else 0.0


@lru_cache(2 * MAX_RULES)
def _pieces(pattern: str) -> tuple[str, tuple[str, ...] | None, str | None]:
    """The beginning of a pattern, what is between its stars (None: it has none), and its end (None: anything)."""
    first, *middle = pattern.removesuffix("$").split("*")
    whole = pattern.endswith("$")
    if not middle:
        return first, None, "" if whole else None
    return (first, tuple(middle[:-1]), middle[-1]) if whole else (first, tuple(middle), None)


def _matches(pattern: str, asked: str) -> bool:
    first, middle, last = _pieces(pattern)
    if not asked.startswith(first):
        return False
    at = len(first)
    if middle is None:
        return last is None or at == len(asked)
    for piece in middle:
        found = asked.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return last is None or (asked.endswith(last) and len(asked) - len(last) >= at)
