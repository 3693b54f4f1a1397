"""Each invariant turns red on a history that breaks it, and stays green on one that does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.fault import live
from tests.fault.checker import INVARIANTS, Limits, check
from tests.fault.evidence import (
    Asked,
    Broke,
    Delivered,
    Ended,
    Evidence,
    ForeignRead,
    Forgotten,
    Gave,
    Got,
    HandedOver,
    Healed,
    Heard,
    History,
    Learned,
    Line,
    Memory,
    Missing,
    Opened,
    Outcome,
    Piece,
    Pieces,
    Queued,
    Received,
    Said,
    Sent,
    Took,
    Waiting,
)
from tests.fault.journal import Journal, read

C = "organizations/red/conversations/c1"
ONE, TWO, THREE, HUMAN = (f"n-{digit * 10}" for digit in "1234")
CALL = "call-aaaaaaaaaa"
OK, REFUSED, UNKNOWN = Outcome.OK, Outcome.REFUSED, Outcome.UNKNOWN


def sent(nonce: str, at: float, outcome: Outcome = OK, role: str = "CUSTOMER") -> Sent:
    return Sent(
        at,
        at + 0.1,
        "taker" if role == "AGENT" else "customer",
        role,
        C,
        nonce,
        f"{nonce} canary-red",
        outcome,
        "",
        outcome is OK,
    )


def said(seq: int, role: str, text: str, *, turn: str = "", kind: str = "ANSWER", created: float = 0.0, id: str = "") -> Said:
    return Said(seq, id or f"{C}/messages/m{seq}", role, kind, text, turn, created or float(seq))


def reply(seq: int, turn: str, text: str) -> Said:
    return said(seq, "ASSISTANT", text, turn=turn)


GOOD_HISTORY = [
    said(1, "CUSTOMER", f"{ONE} canary-red"),
    reply(2, "t1", f"{CALL} {ONE} canary-red word0"),
    said(3, "CUSTOMER", f"{TWO} canary-red"),
    said(4, "AGENT", HUMAN),
    said(5, "CUSTOMER", f"{THREE} canary-red"),
    reply(6, "t3", f"call-bbbbbbbbbb {THREE} word0"),
]


def history(
    messages: list[Said], view: str = "agent", state: str = "AUTOMATED", open_turns: list[str] | None = None
) -> History:
    return History(view, "red", C, state, messages, open_turns or [])


def heard(messages: list[Said]) -> list[Line]:
    return [Heard(m.created, "customer", C, 1, m.seq, m.id, m.role, m.text, m.turn) for m in messages]


def pieces(turn: str, *all_pieces: tuple[int, int, int, str, float], epoch: int = 0) -> Pieces:
    return Pieces("customer", C, turn, [Piece(*piece, epoch) for piece in all_pieces])


def did(what: str, at: float, outcome: Outcome = OK, effect: str = "", why: str = "") -> Asked:
    return Asked(at, at + 0.1, "somebody", C, what, outcome, effect, why)


def good() -> list[Line]:
    """Two messages answered by the assistant; between them a human took over, spoke and gave back."""
    return [
        Opened(0.0, "customer", "red", C),
        sent(ONE, 1.0),
        sent(TWO, 3.0),
        Took(3.2, 3.3, "taker", C, OK, 3),
        sent(HUMAN, 3.4, role="AGENT"),
        Gave(4.5, 4.6, "taker", C, OK, 4),
        sent(THREE, 5.0),
        sent("n-5555555555", 5.5, REFUSED),
        sent("n-6666666666", 5.6, UNKNOWN),
        *heard(GOOD_HISTORY),
        pieces("t1", (1, 1, 0, f"{CALL} ", 1.5), (1, 1, 16, ONE, 1.6), (2, 1, 0, f"{CALL} {ONE} ca", 1.7)),
        pieces("t2", (2, 1, 0, "call-dddddddddd ", 3.1), (2, 1, 16, "word0", 3.4)),
        Ended(3.3, "customer", C, 2, "t2", "CANCELLED"),
        pieces("t3", (1, 1, 0, "call-cccccccccc lost", 5.2), (1, 2, 0, "call-bbbbbbbbbb ", 5.3)),
        history(GOOD_HISTORY),
        history(GOOD_HISTORY, "rest"),
        ForeignRead("customer", "organizations/blue/conversations/c2", REFUSED),
        Waiting("red", []),
        Queued("red", ["a"], ["a"]),
        Learned("organizations/red/documents/d", "READY"),
        Memory("core", 100, 250),
        Healed(6.0),
    ]


NOTE = replace(said(7, "AGENT", "n-9999999999 between us"), note=True)
DEAD = pieces("t2", (2, 1, 0, "call-dddddddddd ", 3.1), (2, 1, 16, "word0", 3.51))
"""Text of the turn that a take ended, 0.21 s after it returned."""
PHONE = "+4915100000000"
FIRST, SECOND, LAST = (2.1, CALL), (4.1, HUMAN), (6.1, "call-bbbbbbbbbb")
"""The customer's messages, as the phone gets them."""


def phone(*texts: tuple[float, str], states: dict[int, str] | None = None, wire: list[str] | None = None) -> list[Line]:
    """The good run, by phone: what it got and when, and the states of the deliveries where they are not SENT."""
    states = dict.fromkeys((2, 4, 6), "SENT") | (states or {})
    return [
        *replaced(Took, Took(3.2, 3.3, "taker", C, OK, 3, on_the_wire=wire or [])),
        *(Delivered(PHONE, f"{C}/messages/m{seq}", state) for seq, state in states.items()),
        *(Got(at, PHONE, text) for at, text in texts),
    ]


def noted(*texts: tuple[float, str]) -> list[Line]:
    """The same, with a note among the messages."""
    return [*(line for line in phone(*texts) if not isinstance(line, History)), history([*GOOD_HISTORY, NOTE])]


def broken(lines: list[Line]) -> set[str]:
    return {each.invariant for each in check(Evidence.of(lines))}


def with_history(messages: list[Said], **more: object) -> list[Line]:
    """The good run, with another history, as agents and the customer's screen show it."""
    rest = [line for line in good() if not isinstance(line, History | Heard)]
    return [*rest, *heard(messages), history(messages, **more)]  # type: ignore[arg-type]


def replaced(kind: type, *lines: Line) -> list[Line]:
    """The good run, with other lines of a kind."""
    return [*(line for line in good() if not isinstance(line, kind)), *lines]


def test_a_good_run_is_green() -> None:
    assert check(Evidence.of(good())) == []


def renumbered(messages: list[Said]) -> list[Said]:
    return [replace(m, seq=seq) for seq, m in enumerate(messages, 1)]


RED: list[tuple[str, str, Callable[[], list[Line]]]] = [
    ("I1", "an acknowledged message is lost", lambda: with_history(renumbered(GOOD_HISTORY[:4] + GOOD_HISTORY[5:]))),
    (
        "I1",
        "an acknowledged message is there twice",
        lambda: with_history([*GOOD_HISTORY, said(7, "CUSTOMER", f"{ONE} canary-red"), reply(8, "t4", "again")]),
    ),
    (
        "I1",
        "an unknown one is there twice",
        lambda: with_history([*GOOD_HISTORY, said(7, "CUSTOMER", "n-6666666666"), said(8, "CUSTOMER", "n-6666666666")]),
    ),
    ("I1", "a refused one is there", lambda: with_history([*GOOD_HISTORY, said(7, "CUSTOMER", "n-5555555555")])),
    ("I1", "an agent's word is lost", lambda: with_history(renumbered(GOOD_HISTORY[:3] + GOOD_HISTORY[4:]))),
    ("I2", "a screen shows a message twice", lambda: [*good(), *heard(GOOD_HISTORY[5:])]),
    ("I2", "a question is answered twice", lambda: with_history([*GOOD_HISTORY, reply(7, "t9", f"again {ONE}")])),
    ("I2", "a turn has two replies", lambda: with_history([*GOOD_HISTORY, reply(7, "t3", "once more")])),
    ("I3", "a question gets no answer", lambda: with_history(GOOD_HISTORY[:5])),
    (
        "I3",
        "an answer comes too late",
        lambda: with_history([*GOOD_HISTORY[:5], said(6, "ASSISTANT", f"{THREE} word0", turn="t3", created=100.0)]),
    ),
    ("I4", "a position is missing", lambda: with_history([*GOOD_HISTORY, said(9, "CUSTOMER", "n-6666666666")])),
    ("I4", "two views differ", lambda: [*good(), history([*GOOD_HISTORY[:5], reply(6, "t3", "other words")], "rest")]),
    (
        "I4",
        "a later message comes before",
        lambda: with_history(renumbered([GOOD_HISTORY[2], GOOD_HISTORY[0], GOOD_HISTORY[1], *GOOD_HISTORY[3:]])),
    ),
    ("I4", "a screen lacks a message", lambda: replaced(Heard, *heard(GOOD_HISTORY[:2] + GOOD_HISTORY[3:]))),
    ("I4", "a screen shows another text", lambda: replaced(Heard, *heard([said(1, "CUSTOMER", "something else")]))),
    ("I4", "a screen shows another order", lambda: replaced(Heard, *heard([*GOOD_HISTORY[1::-1], *GOOD_HISTORY[2:]]))),
    (
        "I5",
        "the assistant speaks after Take returned",
        lambda: with_history(renumbered([*GOOD_HISTORY[:3], reply(4, "t2", f"{TWO} word0"), *GOOD_HISTORY[3:]])),
    ),
    (
        "I5",
        "the assistant answers after the human, whatever Take returned",
        lambda: [
            *(
                line
                for line in with_history(renumbered([*GOOD_HISTORY[:4], reply(5, "t2", f"{TWO} word0"), *GOOD_HISTORY[4:]]))
                if not isinstance(line, Took | Gave)
            ),
            *(Took(3.2, 3.3, "taker", C, OK, 9), Gave(4.5, 4.6, "taker", C, OK, 5)),
        ],
    ),
    ("I5", "live text continues after Take returned", lambda: [*good(), DEAD]),
    (
        "I5",
        "live text of a dead turn appears again after the return",
        lambda: [*good(), pieces("t2", (2, 1, 0, "x", 3.1), (2, 1, 1, "y", 5.0))],
    ),
    (
        "I5",
        "live text of an older epoch comes",
        lambda: replaced(Took, Took(3.2, 3.3, "taker", C, OK, 3, epoch=2), pieces("t8", (2, 1, 0, "x", 5.1), epoch=1)),
    ),
    (
        "I5",
        "live text continues after its stream reported the end",
        lambda: [*good(), pieces("t3", (1, 2, 0, "call-bbbbbbbbbb ", 6.9))],
    ),
    (
        "I5",
        "live text continues after a message superseded its turn",
        lambda: [
            *good(),
            Ended(5.0, "customer", C, 1, "t7", "SUPERSEDED"),
            pieces("t7", (2, 1, 0, "x", 4.9), (2, 1, 1, "y", 5.31)),
        ],
    ),
    ("I6", "text is missing in between", lambda: [*good(), pieces("t1", (1, 1, 0, CALL, 1.5), (1, 1, 40, "x", 1.6))]),
    ("I6", "the message says something else", lambda: [*good(), pieces("t1", (1, 1, 0, f"{CALL} other", 1.5))]),
    ("I7", "another's canary is on a screen", lambda: with_history([*GOOD_HISTORY, reply(7, "t7", "canary-blue")])),
    ("I7", "another's conversation can be read", lambda: [*good(), ForeignRead("customer", C, OK)]),
    ("I8", "the queue lacks a conversation", lambda: replaced(Queued, Queued("red", ["a", "b"], ["a"]))),
    ("I8", "the queue shows a conversation that doesn't wait", lambda: replaced(Queued, Queued("red", [], ["a"]))),
    ("I9", "a turn stays open", lambda: replaced(History, history(GOOD_HISTORY, open_turns=["t9"]))),
    ("I9", "a message is not forwarded", lambda: replaced(Waiting, Waiting("red", ["inbound/1"]))),
    ("I10", "a program grows", lambda: replaced(Memory, Memory("core", 251, 250))),
    (
        "I10",
        "sending takes too long",
        lambda: [*good(), Sent(1.0, 99.0, "customer", "CUSTOMER", C, "n-7777777777", "", UNKNOWN)],
    ),
    ("I11", "a phone gets a text twice", lambda: phone(FIRST, SECOND, SECOND, LAST)),
    ("I11", "a phone gets an answer too few", lambda: phone(FIRST, SECOND)),
    ("I11", "a phone gets another order", lambda: phone(FIRST, (6.1, LAST[1]), (6.2, HUMAN))),
    ("I11", "a cancelled delivery arrives", lambda: phone(FIRST, SECOND, LAST, states={6: "CANCELLED"})),
    ("I11", "a delivery stays unknown", lambda: phone(FIRST, SECOND, LAST, states={6: "UNKNOWN"})),
    ("I11", "a note leaves", lambda: noted(FIRST, SECOND, LAST, (6.5, NOTE.text))),
    ("I5", "the assistant's words leave after Take returned", lambda: phone((3.4, CALL), SECOND, LAST)),
    ("I12", "an opened conversation is not there", lambda: replaced(History, Missing(C, "not found"))),
    ("I12", "an opened conversation was not read", lambda: [*good(), Opened(0.0, "customer", "red", C + "2")]),
    ("I12", "a document is not there", lambda: [*good(), Learned("organizations/red/documents/e", "")]),
    ("I12", "a document can't be searched", lambda: [*good(), Learned("organizations/red/documents/e", "INDEXING")]),
    ("I12", "an acknowledged message is missing", lambda: replaced(Gave, Gave(4.5, 4.6, "taker", C, OK, 7))),
    ("I1", "channel stores a message twice", lambda: [*good(), Received(C, 4)]),
    ("I5", "live text continues after a close", lambda: [*good(), did("close", 6.2), pieces("t9", (2, 1, 0, "x", 6.8))]),
    ("I13", "a request for a human is in no queue", lambda: [*good(), did("human", 5.7, effect="WAITING")]),
    (
        "I13",
        "a request for a human is in no queue any more",
        lambda: [*good(), did("human", 5.7, effect="WAITING"), HandedOver(C, "WITHDRAWN", 1.0, 5.0)],
    ),
    ("I13", "a human is said to have it, and none has", lambda: [*good(), did("human", 5.7, effect="ASSIGNED")]),
    ("I13", "a closed conversation is open", lambda: [*good(), did("close", 6.2)]),
    ("I13", "a resolved conversation is open", lambda: [*good(), did("resolve", 6.2)]),
    ("I13", "a reopened conversation is closed", lambda: [*with_history(GOOD_HISTORY, state="CLOSED"), did("reopen", 6.2)]),
    ("I13", "a transfer reaches no agent", lambda: [*good(), did("transfer", 4.0, effect="desk-1")]),
    ("I13", "a tag is not there", lambda: [*good(), did("tag", 4.0, effect="seen-1")]),
    ("I13", "a new token is refused", lambda: [*good(), did("use", 4.0, REFUSED, why="TOKEN_INVALID: no")]),
    (
        "I13",
        "a refreshed session can't write",
        lambda: [*good(), Sent(1, 2, "c", "CUSTOMER", C, "n", "", REFUSED, "TOKEN_INVALID")],
    ),
    (
        "I13",
        "a refresh whose answer got lost ends the session",
        lambda: [*good(), did("refresh", 4.0, UNKNOWN, why="SESSION_SECRET_INVALID")],
    ),
    ("I13", "a customer sees a note", lambda: [*good(), Sent(1, 2, "desk", "NOTE", C, ONE, ONE, OK)]),
    ("I1", "a note is lost", lambda: [*good(), Sent(1, 2, "desk", "NOTE", C, "n-9999999999", "", OK)]),
]


@pytest.mark.parametrize(("invariant", "what", "lines"), RED, ids=[f"{i}: {what}" for i, what, _ in RED])
def test_an_invariant_turns_red(invariant: str, what: str, lines: Callable[[], list[Line]]) -> None:
    assert invariant in broken(lines())


def test_every_invariant_has_been_seen_red() -> None:
    assert {invariant for invariant, _, _ in RED} == set(INVARIANTS)


def test_a_process_that_was_stopped_is_excused_one_piece_and_no_more() -> None:
    two = pieces("t2", (2, 1, 0, "x", 3.1), (2, 1, 1, "y", 4.0), (2, 1, 2, "z", 4.1))
    assert live.judge(Evidence.of([*good(), two]), 0.2)[1] == 0
    for word, left in (("freeze core 2", 1), ("zombie 3.2", 1), ("freeze redis 2", 2)):
        late, excused = live.judge(Evidence.of([*good(), two, Broke(2.0, 3.9, word)]), 0.2)
        assert (len(late), excused) == (left, 2 - left)


def test_a_piece_on_a_slowed_way_may_come_by_so_much_later() -> None:
    slow = pieces("t2", (2, 1, 0, "x", 3.1), (2, 1, 1, "y", 3.6))
    assert "I5" in broken([*good(), slow])
    assert "I5" not in broken([*good(), slow, Broke(2.0, 3.5, "slow core 150 2")])


def test_an_acceptance_is_judged_by_when_messages_were_made() -> None:
    """A read after the reply excuses nothing in between."""
    spoke = renumbered([*GOOD_HISTORY[:3], said(4, "ASSISTANT", "a word", turn="t2", created=3.35), *GOOD_HISTORY[3:]])
    lines = [line for line in with_history(spoke) if not isinstance(line, Took)]
    assert "I5" in broken([*lines, Took(3.2, 3.3, "desk", C, OK, 4, queued=True)])
    assert "I5" not in broken([*lines, Took(3.2, 3.4, "desk", C, OK, 4, queued=True)])


def test_a_later_action_may_undo_an_acknowledged_one() -> None:
    for what, undone in (("close", did("reopen", 6.0)), ("resolve", sent("n-7777777777", 6.0)), ("close", did("reopen", 6.25))):
        assert "I13" not in broken([*good(), did(what, 5.9), undone])
    assert "I13" not in broken([*good(), did("human", 5.7, effect="WAITING"), HandedOver(C, "PENDING", 5.8, 0)])
    assert "I13" not in broken([*good(), did("human", 4.0, effect="ASSIGNED")]), "the taker had it"
    assert "I13" not in broken([*good(), did("transfer", 3.1, effect="taker")])
    assert "I13" not in broken([*good(), did("transfer", 4.0, effect="desk-1"), did("resolve", 4.4)])


def test_a_note_takes_a_place_that_customers_do_not_see() -> None:
    noted = renumbered([*GOOD_HISTORY[:2], replace(said(0, "AGENT", "n-9999999999"), note=True), *GOOD_HISTORY[2:]])
    shown = [line for line in with_history(noted) if not isinstance(line, Took | Gave)]
    assert "I4" in broken([line for line in shown if not (isinstance(line, Heard) and line.seq == 5)])
    assert "I4" not in broken([line for line in shown if not (isinstance(line, Heard) and line.seq == 3)])


def test_open_messages_of_a_closed_conversation_need_no_answer() -> None:
    closed = with_history(GOOD_HISTORY[:5], state="CLOSED")
    assert broken(closed) == {"I3"}
    assert broken([*closed, did("close", 5.8)]) == set()
    assert "I3" in broken([*closed, did("close", 4.6)]), "it was written after the close"


def test_a_message_that_waited_for_core_reopens_a_conversation() -> None:
    rest = [line for line in good() if not (isinstance(line, Sent) and line.nonce == THREE)]
    early = sent(THREE, 3.5)
    assert broken([*rest, did("close", 4.6), replace(early, brought=False)]) == set()
    assert broken([*rest, did("close", 4.6), replace(early, brought=True)]) == {"I5"}


def test_messages_that_a_human_had_need_no_answer_of_the_assistant() -> None:
    unanswered = GOOD_HISTORY[2]
    assert TWO in unanswered.text
    assert not any(TWO in m.text for m in GOOD_HISTORY if m.role == "ASSISTANT")
    assert broken(with_history(GOOD_HISTORY[:5], state="WAITING")) == set()
    skipping = with_history(renumbered([GOOD_HISTORY[0], *GOOD_HISTORY[4:]]), state="WAITING")
    assert "I3" in broken([line for line in skipping if not isinstance(line, Took)]), "a later message was answered"
    holding = said(6, "ASSISTANT", "we hold", turn="t3", kind="HOLDING")
    held = with_history([*GOOD_HISTORY[:5], holding])
    assert broken([*held, Broke(4.0, 5.5, "moody fails 4 50")]) == set()
    assert broken([*held, *(Broke(4.0, 5.5, f"kill {core}") for core in ("core", "core-2", "core"))]) == set()
    assert broken([*held, Broke(4.0, 5.5, "kill core")]) == {"I3"}, "a turn has three attempts"
    assert broken([*held, Broke(4.0, 5.5, "kill redis")]) == {"I3"}, "Redis costs latency alone"


def test_a_notice_of_an_earlier_run_was_judged_by_that_run() -> None:
    notice = said(1, "ASSISTANT", "we hold", turn="t0", kind="HOLDING", created=0.1)
    assert "I3" not in broken(with_history(renumbered([notice, *GOOD_HISTORY])))
    assert "I3" in broken(with_history(renumbered([*GOOD_HISTORY, replace(notice, created=6.5)])))


def test_a_note_is_not_missed_on_a_phone() -> None:
    assert "I11" not in broken(noted(FIRST, SECOND, LAST))


def test_a_phone_gets_everything_once_except_cancelled_messages_and_those_that_take_named() -> None:
    assert broken(phone(FIRST, SECOND, LAST)) == set()
    assert broken(phone(SECOND, LAST, states={2: "CANCELLED"})) == set()
    assert broken(phone((3.4, CALL), SECOND, LAST, wire=[f"{C}/messages/m2"])) == set()


def test_messages_in_the_queue_were_handed_over_when_a_human_accepted() -> None:
    unanswered = with_history(GOOD_HISTORY[:5])
    assert broken(unanswered) == {"I3"}
    assert broken([*unanswered, Took(5.5, 5.6, "desk", C, OK, 5, queued=True), Gave(5.7, 5.8, "desk", C, OK, 5)]) == set()
    assert broken([*unanswered, Took(5.5, 5.6, "taker", C, OK, 5), Gave(5.7, 5.8, "taker", C, OK, 5)]) == {"I3"}


def test_the_assistant_may_speak_once_a_conversation_may_have_been_given_back() -> None:
    spoke = renumbered([*GOOD_HISTORY[:4], reply(5, "t2", "a word"), *GOOD_HISTORY[4:]])
    given = [line for line in with_history(spoke) if not isinstance(line, Gave)]
    assert "I5" in broken([*given, Gave(4.5, 9.0, "taker", C, OK, 5)])
    assert "I5" in broken([*given, Gave(5.5, 9.0, "taker", C, OK, -1)])
    assert "I5" not in broken([*given, Gave(4.5, 9.0, "taker", C, OK, -1)])


def test_a_phones_messages_are_looked_up_in_the_conversation_of_its_deliveries() -> None:
    wrote = Sent(1.0, 1.1, "phone/0", "CUSTOMER", f"phones/{PHONE}", ONE, ONE, OK)
    lines = [line for line in phone(FIRST, SECOND, LAST) if not isinstance(line, Sent) or line.nonce != ONE]
    assert broken([*lines, wrote]) == set()
    assert "I1" in broken([*lines, Sent(1.0, 1.1, "phone/0", "CUSTOMER", f"phones/{PHONE}", "n-8888888888", "", OK)])


def test_an_answer_is_late_by_the_later_of_message_and_healing() -> None:
    slow = [*GOOD_HISTORY[:5], said(6, "ASSISTANT", f"{THREE} word0", turn="t3", created=30.0)]
    assert check(Evidence.of(with_history(slow)), Limits(covered_within=25)) == []
    assert [b.invariant for b in check(Evidence.of(with_history(slow)), Limits(covered_within=20))] == ["I3"]


def test_a_journal_is_read_back_up_to_where_its_writer_was_killed(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "one.jsonl")
    for line in good():
        journal.write(line)
    journal.close()
    with (tmp_path / "one.jsonl").open("ab") as file:
        file.write(b'{"type":"Sent","at":1.0,"do')
    assert list(read(tmp_path)) == good()


def test_what_was_in_a_forgotten_conversation_is_not_missed() -> None:
    elsewhere = "organizations/red/conversations/c2"
    lost: list[Line] = [replace(sent(HUMAN, 5, role="AGENT"), conversation=elsewhere), Received(elsewhere, 1)]
    assert check(Evidence.of([*good(), *lost]), Limits())
    assert not check(Evidence.of([*good(), *lost, Forgotten(elsewhere)]), Limits())
