"""I13: every acknowledged action has its effect. Pure, a part of the checker.

A later or concurrent action may have undone an effect: then the checker does not look for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.fault.evidence import Asked, Evidence, Outcome
from tests.fault.spans import CLOSES, asked, assigned, came

TOKENS = ("TOKEN_", "SESSION_", "UNAUTHENTICATED", "CREDENTIALS_")
"""The prefixes of refusals' reasons that concern a token."""


def missing(e: Evidence) -> Iterator[tuple[str, str]]:
    """Conversations, with their acknowledged actions that have no effect."""
    for conversation, all_asked in e.asked.items():
        for a in all_asked:
            if a.outcome is Outcome.OK and a.what in EFFECTS and (why := EFFECTS[a.what](e, a)):
                yield conversation, f"{a.who} asked ({a.what}), got OK, and {why}"
            if a.what == "use" and a.outcome is Outcome.REFUSED:
                yield conversation, f"a token that {a.who} had just got was refused: {a.why}"
            if a.what == "refresh" and "SESSION_SECRET_INVALID" in a.why:
                yield conversation, f"{a.who} could not refresh, because a response was lost"
    for conversation, sent in e.sent.items():
        for s in sent:
            if s.outcome is Outcome.REFUSED and s.why.startswith(TOKENS):
                yield conversation, f"{s.who} had a session and could not write: {s.why}"


def _human(e: Evidence, a: Asked) -> str:
    if a.effect == "ASSIGNED":
        had = any(span.since <= a.done and a.at <= span.until for span in assigned(e, a.conversation))
        return "" if had else "no human had the conversation"
    waited = any(h.ended == 0 or h.ended >= a.at for h in e.handovers[a.conversation])
    return "" if waited else "no handover was ever in the queue"


def _closed(e: Evidence, a: Asked) -> str:
    later = any(latest >= a.at for _, latest in came(e, a.conversation))
    later |= any(other.done >= a.at for other in asked(e, a.conversation, "reopen"))
    state = e.state(a.conversation)
    return "" if later or state == "CLOSED" else f"the conversation is {state}"


def _reopened(e: Evidence, a: Asked) -> str:
    later = any(other.done >= a.at for other in asked(e, a.conversation, *CLOSES))
    return "" if later or e.state(a.conversation) != "CLOSED" else "the conversation is still closed"


def _transferred(e: Evidence, a: Asked) -> str:
    later = any(other.done >= a.at for other in asked(e, a.conversation, *CLOSES, "transfer") if other is not a)
    got = any(took.who == a.effect and took.done >= a.at for took in e.took[a.conversation])
    has = e.agent(a.conversation).rpartition("/")[2]
    return "" if later or got or has == a.effect else f"{a.effect} never got the conversation, {has or 'no agent'} has it"


def _tagged(e: Evidence, a: Asked) -> str:
    return "" if a.effect in e.tags(a.conversation) else f"the tag {a.effect} is missing"


EFFECTS: dict[str, Callable[[Evidence, Asked], str]] = {
    "human": _human,
    "close": _closed,
    "resolve": _closed,
    "reopen": _reopened,
    "transfer": _transferred,
    "tag": _tagged,
}
