"""Live text: pieces of a running reply that arrived after the turn had lost its right. Pure, a part of the checker.

A piece is late when it arrived more than `within` seconds after the return of the call that ended its turn: a take, an
acceptance, a close, a message that superseded it; or after its own stream had reported the turn's end. A process that was
stopped (SIGSTOP) between checking the right and sending sends one frame when it resumes: one for each time is excused, and
counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.fault.evidence import Evidence, Outcome, Piece, Pieces
from tests.fault.spans import silences
from tests.fault.troubles import pauses, slowed

AFTER_PAUSE = 1.0
"""Seconds in which the one frame of a resumed process has to arrive."""


@dataclass(frozen=True)
class Late:
    """A piece that came too late."""

    conversation: str
    turn: str
    at: float
    by: float
    """Seconds after the return of the call that ended its turn."""
    what: str


@dataclass(frozen=True)
class Right:
    """From `since` on a turn has no right any more: until a time, or permanently; on all streams, or on one."""

    since: float
    until: float
    what: str
    stream: int = -1
    epoch: int = 0
    """Text of an older epoch is always late."""

    def broken_by(self, piece: Piece, begun: float, within: float) -> bool:
        """Whether a piece of a turn that was first heard at `begun` is late."""
        if piece.at <= self.since + within or self.stream not in (-1, piece.stream):
            return False
        old = 0 < piece.epoch < self.epoch
        return old or begun <= self.since or piece.at < self.until


def judge(e: Evidence, within: float) -> tuple[list[Late], int]:
    """The pieces that came too late, and how many were excused."""
    late = sorted((each for p in e.pieces for each in _late(e, p, within)), key=lambda each: each.at)
    excused = 0
    for pause in pauses(e):
        one = next((each for each in late if pause.until - 0.1 <= each.at <= pause.until + AFTER_PAUSE), None)
        if one is not None:
            late.remove(one)
            excused += 1
    return late, excused


def _late(e: Evidence, p: Pieces, within: float) -> Iterator[Late]:
    rights = [*_ended(e, p.conversation), *_reported(e, p), *_superseded(e, p)]
    begun = min(piece.at for piece in p.pieces)
    for piece in p.pieces:
        slow = within + slowed(e, piece.at)
        broken = [right for right in rights if right.broken_by(piece, begun, slow)]
        if broken:
            first = min(broken, key=lambda right: right.since)
            yield Late(p.conversation, p.turn, piece.at, piece.at - first.since, first.what)


def _ended(e: Evidence, conversation: str) -> Iterator[Right]:
    """Turns that humans ended."""
    for silence in silences(e, conversation):
        yield Right(silence.since, silence.until, silence.what, epoch=silence.epoch)


def _reported(e: Evidence, p: Pieces) -> Iterator[Right]:
    """Turns whose end the stream itself has reported."""
    for ended in e.ended[p.turn]:
        if (ended.who, ended.conversation) == (p.who, p.conversation):
            yield Right(ended.at, float("inf"), f"its stream reported {ended.state}", ended.stream)
    for heard in e.heard[p.who, p.conversation]:
        if heard.turn == p.turn:
            yield Right(heard.at, float("inf"), "its message came", heard.stream)


def _superseded(e: Evidence, p: Pieces) -> Iterator[Right]:
    """The sends of which one superseded the turn, once all of them have returned with their message in the conversation."""
    reported = [ended.at for ended in e.ended[p.turn] if ended.state == "SUPERSEDED" and ended.conversation == p.conversation]
    if not reported:
        return
    sent = [s for s in e.sent[p.conversation] if s.role == "CUSTOMER" and s.at <= min(reported)]
    if sent and all(s.outcome is Outcome.OK and s.brought for s in sent):
        yield Right(max(s.done for s in sent), float("inf"), "a message superseded it")
