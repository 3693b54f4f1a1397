"""The verdict: pure, and only from the logs of customers, agents and the public API's readers.

It uses no product code and no database. Each invariant is a function of the evidence; test_checker.py shows for each one a
history on which it turns red.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

from tests.fault import effects, live
from tests.fault.evidence import FOR_ALL, NONCE, Evidence, Outcome, Said, Sent
from tests.fault.spans import CLOSES, Assigned, asked, assigned, silences
from tests.fault.troubles import may_hold

CALL = re.compile(r"\bcall-[a-p]{10}\b")
CANARY = re.compile(r"\bcanary-[a-z]+\b")


@dataclass(frozen=True)
class Limits:
    """The limits of late and slow, in seconds."""

    covered_within: float = 30.0
    """T: from the later of a message's acknowledgement and healing, until an answer or action."""
    settled_within: float = 90.0
    """From healing until no delivery to a phone is under way: a killed worker's delivery has its lease of 30 s."""
    live_within: float = 0.2
    """The time in which pieces of a turn's text may still arrive after the call that ended the turn."""
    send_p99: float = 15.0
    """An acknowledgement or an honest failure comes within this, in whatever state the stack is."""


@dataclass(frozen=True)
class Broken:
    """An invariant that does not hold, where, and how."""

    invariant: str
    where: str
    how: str


def i1(e: Evidence, _: Limits) -> Iterator[Broken]:
    """Every acknowledged message is in the history exactly once, an unknown one at most once, a refused one never."""
    for conversation, sent in e.sent.items():
        counts = Counter(nonce for m in e.history(conversation) if m.role != "ASSISTANT" for nonce in NONCE.findall(m.text))
        for s in sent:
            times = counts[s.nonce]
            if (s.outcome is Outcome.OK and times != 1) or times > (s.outcome is not Outcome.REFUSED):
                kind = "lost" if times == 0 else "doubled" if s.outcome is not Outcome.REFUSED else "refused, but exists"
                yield Broken("I1", conversation, f"{kind}: {s.nonce} was {s.outcome} and exists {times} times")
    for conversation, times in e.received.items():
        if times > (there := sum(m.role == "CUSTOMER" for m in e.history(conversation))):
            yield Broken("I1", conversation, f"doubled: channel received {times} messages, {there} exist")


def i2(e: Evidence, _: Limits) -> Iterator[Broken]:
    """No customer sees a text twice, and nothing is answered twice."""
    for (who, conversation), heard in e.heard.items():
        for seq, times in Counter(h.seq for h in heard).items():
            if times > 1:
                yield Broken("I2", conversation, f"{who} saw message {seq} {times} times")
    for conversation in e.histories:
        said = [m for m in e.history(conversation) if m.role == "ASSISTANT"]
        for nonce, times in Counter(nonce for m in said for nonce in set(NONCE.findall(m.text))).items():
            if times > 1:
                yield Broken("I2", conversation, f"{nonce} was answered {times} times")
        for turn, times in Counter(m.turn for m in said if m.turn).items():
            if times > 1:
                yield Broken("I2", conversation, f"{turn} has {times} replies")


def i3(e: Evidence, limits: Limits) -> Iterator[Broken]:
    """Every customer message is covered by a reply, a holding notice or a handover within T."""
    for conversation, sent in e.sent.items():
        history, spans = e.history(conversation), assigned(e, conversation)
        at = {nonce: m for m in history if m.role == "CUSTOMER" for nonce in NONCE.findall(m.text)}
        for s in sent:
            mine = at.get(s.nonce)
            if s.role != "CUSTOMER" or mine is None or any(span.covers(s, mine.seq) for span in spans):
                continue
            if _settled(e, conversation, s, mine.seq, {nonce: m.seq for nonce, m in at.items()}):
                continue
            covers = [m for m in history if m.seq > mine.seq and _covers(m, s.nonce, spans, mine.seq)]
            if not covers:
                yield Broken("I3", conversation, f"no answer to {s.nonce} (message {mine.seq})")
            elif (late := covers[0].created - max(s.done, e.healed)) > limits.covered_within:
                yield Broken("I3", conversation, f"{s.nonce} was answered {late:.1f} s late")
    begun = min((s.at for sent in e.sent.values() for s in sent), default=0.0)
    for conversation in e.histories:
        for m in e.history(conversation):
            if m.kind == "HOLDING" and m.created >= begun and not may_hold(e, m.created):  # earlier ones were judged before
                yield Broken("I3", conversation, f"message {m.seq} is a holding notice, and nothing was broken")


def _settled(e: Evidence, conversation: str, s: Sent, seq: int, at: dict[str, int]) -> bool:
    """Whether a message that the assistant did not answer went to humans at the end, or was closed with its conversation.

    Not if the assistant had answered a later message: then this one was forgotten before.
    """
    closed = [a.done for a in asked(e, conversation, *CLOSES) if s.at <= a.done]
    until = max(closed, default=0.0) if e.state(conversation) not in ("WAITING", "ASSIGNED") else float("inf")
    words = [m.text for m in e.history(conversation) if m.role == "ASSISTANT" and m.created <= until]
    return until > 0 and all(at.get(nonce, 0) <= seq for text in words for nonce in NONCE.findall(text))


def _covers(m: Said, nonce: str, spans: list[Assigned], seq: int) -> bool:
    if (m.role == "AGENT" and not m.note) or m.kind == "HOLDING":
        return True
    return nonce in m.text or any(seq <= span.after < m.seq for span in spans)  # taken before it was answered


def i4(e: Evidence, _: Limits) -> Iterator[Broken]:
    """One order per conversation in all views, positions gapless; a message sent after an acknowledgement comes after it."""
    for conversation, views in e.histories.items():
        said = e.history(conversation)
        truth = {m.seq: (m.id, m.text) for m in said}
        for view in views:
            seqs = [m.seq for m in view.messages]
            if seqs != list(range(1, len(seqs) + 1)):
                yield Broken("I4", conversation, f"positions in {view.view}: {seqs}")
            if {m.seq: (m.id, m.text) for m in view.messages} != truth:
                yield Broken("I4", conversation, f"{view.view} shows other messages than {FOR_ALL}")
        at = {nonce: m.seq for m in said if m.role != "ASSISTANT" for nonce in NONCE.findall(m.text)}
        acknowledged = sorted((s for s in e.sent[conversation] if s.outcome is Outcome.OK), key=lambda s: s.at)
        for one, two in combinations(acknowledged, 2):
            in_order = (one.who == two.who or one.brought) and one.done <= two.at
            if in_order and at.get(one.nonce, 0) > at.get(two.nonce, float("inf")):
                yield Broken("I4", conversation, f"{two.nonce}, sent after {one.nonce} was acknowledged, comes before it")
    for (who, conversation), heard in e.heard.items():
        truth = {m.seq: (m.id, m.text) for m in e.history(conversation)}
        notes = {m.seq for m in e.history(conversation) if m.note}
        seqs = [h.seq for h in heard]
        if seqs and seqs != sorted(seqs):
            yield Broken("I4", conversation, f"{who} saw the order {seqs}")
        if seqs and set(seqs) != set(range(1, max(seqs) + 1)) - notes:
            yield Broken("I4", conversation, f"{who} never saw some of 1 to {max(seqs)}: {sorted(set(seqs))}")
        for h in heard:
            if truth.get(h.seq) != (h.id, h.text):
                yield Broken("I4", conversation, f"{who} saw another message {h.seq} than the history holds")


def i5(e: Evidence, limits: Limits) -> Iterator[Broken]:
    """The assistant is silent after Take has returned, until the conversation is returned to it; so is its live text."""
    for piece in live.judge(e, limits.live_within)[0]:
        how = f"late live text: a piece of {piece.turn} came {piece.by:.2f} s after {piece.what}"
        yield Broken("I5", piece.conversation, how)
    for conversation in [*e.histories]:
        history = e.history(conversation)
        at = {nonce: m.seq for m in history if m.role == "AGENT" for nonce in NONCE.findall(m.text)}
        spoken = [s for s in e.sent[conversation] if s.role == "AGENT" and s.nonce in at]
        for silence in silences(e, conversation):
            # By the order of commits, independent of the reply: after the agent's own first message.
            own = min((at[s.nonce] for s in spoken if silence.since <= s.at <= silence.until), default=float("inf"))
            after = min(silence.after, own)
            words = [m.seq for m in history if m.role == "ASSISTANT" and after < m.seq <= silence.last]
            if words:
                yield Broken("I5", conversation, f"the assistant spoke at {words}; {silence.what} after {silence.after}")


def i6(e: Evidence, _: Limits) -> Iterator[Broken]:
    """The pieces of a reply join, over resumed streams too, to the text of the final message."""
    for p in e.pieces:
        text, attempt, stream = "", 0, -1
        for now, of, offset, piece, _at, _epoch in p.pieces:
            if of < attempt:
                continue  # text of an earlier attempt is dropped
            if of > attempt or (now != stream and offset == 0):
                text = ""
            if offset > len(text):
                yield Broken(
                    "I6",
                    p.conversation,
                    f"{p.turn}, attempt {of}: text is missing before {offset}, {len(text)} characters exist",
                )
                break
            attempt, stream, text = of, now, text[:offset] + piece
        else:
            final = next((m.text for m in e.history(p.conversation) if m.turn == p.turn and m.role == "ASSISTANT"), None)
            same_call = final is not None and CALL.findall(text)[:1] == CALL.findall(final)[:1] != []
            if same_call and final is not None and not final.startswith(text.strip()):
                yield Broken("I6", p.conversation, f"{p.turn}: the pieces say {text[-60:]!r}, the message {final[-60:]!r}")


def i7(e: Evidence, _: Limits) -> Iterator[Broken]:
    """No organization sees another's canary, nor a conversation of it."""
    seen = [(h.conversation, h.text) for heard in e.heard.values() for h in heard]
    seen += [(c, m.text) for c, views in e.histories.items() for view in views for m in view.messages]
    seen += [(p.conversation, piece.text) for p in e.pieces for piece in p.pieces]
    for conversation, text in seen:
        own = f"canary-{conversation.split('/')[1]}"
        if others := set(CANARY.findall(text)) - {own}:
            yield Broken("I7", conversation, f"{sorted(others)} was seen")
    for p in e.foreign_reads:
        if p.outcome is Outcome.OK:
            yield Broken("I7", p.conversation, f"{p.who} of another organization could read it")


def i8(e: Evidence, _: Limits) -> Iterator[Broken]:
    """Projections equal their source when the system is idle."""
    for q in e.queued:
        for name in sorted(set(q.by_core) ^ set(q.by_queue)):
            where = "core" if name in q.by_core else "the agents' queue"
            yield Broken("I8", name, f"waits for a human only by {where}")


def i9(e: Evidence, _: Limits) -> Iterator[Broken]:
    """Nothing is stuck once T has passed after healing."""
    for conversation, views in e.histories.items():
        for turn in next((h.open_turns for h in views if h.view == FOR_ALL), []):
            yield Broken("I9", conversation, f"{turn} is still open")
    for w in e.waiting:
        for name in w.messages:
            yield Broken("I9", name, "was received and is not forwarded to core")


def i10(e: Evidence, limits: Limits) -> Iterator[Broken]:
    """Memory and waiting stay bounded."""
    for m in e.memory:
        if m.most > m.bound:
            yield Broken("I10", m.program, f"held {m.most:.0f} MB, more than {m.bound:.0f}")
    if (p99 := percentile([s.done - s.at for sent in e.sent.values() for s in sent], 0.99)) > limits.send_p99:
        yield Broken("I10", "send", f"p99 was {p99:.1f} s, more than {limits.send_p99:g}")


def i11(e: Evidence, _: Limits) -> Iterator[Broken]:
    """A phone gets each message once, in order, no notes, and nothing of the assistant's once a human has taken over.

    A human who takes over first may cancel an answer, and an assistant's message may arrive late if the reply of Take named
    it. A holding notice is the same each time, so its number is not counted.
    """
    states = defaultdict[str, set[str]](set)
    for delivered in e.delivered:
        states[delivered.message].add(delivered.state)
    for phone, conversation in {d.phone: d.conversation for d in e.delivered}.items():
        keyed = {key: m for m in e.history(conversation) if m.role != "CUSTOMER" and (key := _key(m.text))}
        said = {key: m for key, m in keyed.items() if not m.note}
        for m in [keyed[key] for g in e.got[phone] if (key := _key(g.text)) in keyed.keys() - said.keys()]:
            yield Broken("I11", conversation, f"{phone} got the note {m.seq}")
        got = [(g.at, said[key]) for g in e.got[phone] if (key := _key(g.text)) in said]
        times = Counter(m.id for _, m in got)
        for m in said.values():
            if times[m.id] > 1:
                yield Broken("I11", conversation, f"doubled: {phone} got message {m.seq} {times[m.id]} times")
            elif states[m.id] & {"QUEUED", "SENDING", "UNKNOWN"}:
                yield Broken("I11", conversation, f"message {m.seq} is still {sorted(states[m.id])}")
            elif times[m.id] == (states[m.id] == {"CANCELLED"}):
                kind = "lost" if not times[m.id] else "cancelled, but arrived"
                yield Broken("I11", conversation, f"{kind}: message {m.seq} is {sorted(states[m.id])}")
        if (seqs := [m.seq for _, m in got]) != sorted(seqs):
            yield Broken("I11", conversation, f"{phone} got the order {seqs}")
        for silence in silences(e, conversation):
            if (wire := silence.on_the_wire) is not None:
                for at, m in got:
                    if m.role == "ASSISTANT" and silence.since < at < silence.until and m.id not in wire:
                        yield Broken(
                            "I5", conversation, f"message {m.seq} left {at - silence.since:.1f} s after {silence.what}"
                        )


def _key(text: str) -> str:
    """The unique mark of a text: the assistant's call, or a human's nonce."""
    return next(iter(CALL.findall(text) or NONCE.findall(text)), "")


def i12(e: Evidence, _: Limits) -> Iterator[Broken]:
    """Every acknowledged item can be found: conversations, and an agent's messages in a taken one."""
    for m in e.missing:
        yield Broken("I12", m.conversation, f"it was opened and is not found: {m.why}")
    for conversation in e.opened:
        if conversation not in e.histories and all(m.conversation != conversation for m in e.missing):
            yield Broken("I12", conversation, "its history was not read")
    for learned in e.learned:
        if learned.state != "READY":
            yield Broken("I12", learned.document, f"it was accepted and is {learned.state or 'missing'}")
    for conversation, given in e.gave.items():
        for g in given:
            if g.outcome is Outcome.OK and g.last_seq > max((m.seq for m in e.history(conversation)), default=0):
                yield Broken("I12", conversation, f"message {g.last_seq} was acknowledged and is missing")


def i13(e: Evidence, _: Limits) -> Iterator[Broken]:
    """Every acknowledged action has its effect."""
    for conversation, how in effects.missing(e):
        yield Broken("I13", conversation, how)
    notes = {s.nonce for sent in e.sent.values() for s in sent if s.role == "NOTE"}
    for (who, conversation), heard in e.heard.items():
        if shown := sorted(notes & {nonce for h in heard for nonce in NONCE.findall(h.text)}):
            yield Broken("I13", conversation, f"{who} saw notes, which are for agents: {shown}")


INVARIANTS: dict[str, Callable[[Evidence, Limits], Iterator[Broken]]] = {
    "I1": i1,
    "I2": i2,
    "I3": i3,
    "I4": i4,
    "I5": i5,
    "I6": i6,
    "I7": i7,
    "I8": i8,
    "I9": i9,
    "I10": i10,
    "I11": i11,
    "I12": i12,
    "I13": i13,
}


def check(evidence: Evidence, limits: Limits | None = None) -> list[Broken]:
    """All broken invariants."""
    return [broken for invariant in INVARIANTS.values() for broken in invariant(evidence, limits or Limits())]


def percentile(values: list[float], part: float) -> float:
    """The value below which a share of them is; 0 for none."""
    return sorted(values)[min(len(values) - 1, int(part * len(values)))] if values else 0.0
