"""The times in which a human had a conversation, and the assistant had to be silent: from the evidence, for the checker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.fault.evidence import NONCE, Asked, Evidence, Outcome, Said, Sent

CLOSES = ("close", "resolve")
NEVER = float("inf")


@dataclass(frozen=True)
class Assigned:
    """That a human had a conversation: the messages after `after` and up to `last`, in the time from `since` to `until`."""

    after: float
    last: float
    since: float
    until: float
    queued: bool
    """It waited for a human until then: earlier messages were handed over too."""

    def covers(self, sent: Sent, seq: int) -> bool:
        """Whether a message reached the human, or took the assistant's obligation away."""
        handed_over = self.queued and seq <= self.after
        return handed_over or self.after < seq <= self.last or (self.since <= sent.done and sent.at <= self.until)


@dataclass(frozen=True)
class Silence:
    """From the return of a take or a close, until the earliest moment at which the assistant may have been allowed again."""

    since: float
    until: float
    after: int
    """The last message before it."""
    last: float
    """The last message that was certainly in it."""
    what: str
    epoch: int = 0
    on_the_wire: list[str] | None = None


def said_by(moment: float, history: list[Said]) -> int:
    """The last message that was begun before a moment."""
    return max((m.seq for m in history if m.created <= moment), default=0)


def came(e: Evidence, conversation: str) -> list[tuple[float, float]]:
    """From when and until when each customer's message may have come into a conversation, and reopened it.

    A message that was stored while core was unavailable has the time of the history.
    """
    created = {nonce: m.created for m in e.history(conversation) for nonce in NONCE.findall(m.text)}
    return [
        (s.at, s.done if s.brought else max(s.done, created.get(s.nonce, 0.0)))
        for s in e.sent[conversation]
        if s.role == "CUSTOMER" and s.outcome is not Outcome.REFUSED
    ]


def asked(e: Evidence, conversation: str, *kinds: str) -> list[Asked]:
    """Requested actions that may have happened."""
    return [a for a in e.asked[conversation] if a.what in kinds and a.outcome is not Outcome.REFUSED]


def assigned(e: Evidence, conversation: str) -> list[Assigned]:
    """When a human had the conversation, or may have had it."""
    history, spans = e.history(conversation), []
    ends = [(g.at, g.done, g.last_seq) for g in e.gave[conversation] if g.outcome is not Outcome.REFUSED]
    ends += [(a.at, a.done, -1) for a in asked(e, conversation, *CLOSES)]
    for took in e.took[conversation]:
        if took.outcome is Outcome.REFUSED:
            continue
        _, until, last = min((end for end in ends if end[0] >= took.done), default=(NEVER, NEVER, -1))
        up_to = last if last >= 0 else NEVER if until == NEVER else said_by(until, history)
        spans.append(Assigned(took.last_seq, up_to, took.at, until, took.queued))
    return spans


def silences(e: Evidence, conversation: str) -> Iterator[Silence]:
    """When the assistant had to be silent, as far as it is certain."""
    history = e.history(conversation)
    ends = [(g.at, g.last_seq) for g in e.gave[conversation] if g.outcome is not Outcome.REFUSED]
    ends += [(a.at, -1) for a in asked(e, conversation, *CLOSES)]  # it has a silence of its own
    for took in e.took[conversation]:
        if took.outcome is Outcome.OK:
            until, last = min((end for end in ends if end[0] >= took.done), default=(NEVER, -1))
            after = took.last_seq if took.last_seq >= 0 and not took.queued else said_by(took.done, history)
            yield Silence(
                took.done, until, after, max(last, said_by(until, history)), f"{took.who} took", took.epoch, took.on_the_wire
            )
    opens = [*came(e, conversation), *((a.at, a.done) for a in asked(e, conversation, "reopen"))]
    for closed in asked(e, conversation, *CLOSES):
        until = min((at for at, latest in opens if latest >= closed.at), default=NEVER)
        if closed.outcome is Outcome.OK and until > closed.done:
            after = said_by(closed.done, history)
            yield Silence(closed.done, until, after, said_by(until, history), f"{closed.who} closed it")
