"""Figures of bench.growth, and of what screens showed."""

from __future__ import annotations

import pytest
from frontdesk.agent import v1 as pb

from bench.growth import history
from bench.growth.figures import Figure, limit, ratio, table
from bench.growth.viewers import Sent, Stream, waits
from kit import ids
from kit.clock import utc_now


def test_a_ratio_is_the_median_of_the_pairs_with_its_spread() -> None:
    figure = ratio("CPU", [(10, 11), (20, 20), (10, 13)], aim=1.1)
    assert (figure.value, figure.least, figure.greatest) == pytest.approx((1.1, 1.0, 1.3))
    assert (figure.small, figure.large) == (10, 13)


def test_an_aim_is_met_at_its_value_and_missed_above() -> None:
    assert Figure("p99", 500.0, 500.0).held is True
    assert Figure("p99", 500.1, 500.0).held is False
    assert Figure("p50", 500.1).held is None


def test_a_figure_is_shown_without_what_it_does_not_have() -> None:
    assert Figure("lost", 0, 0).as_json() == {"what": "lost", "value": 0, "aim": 0, "held": True}


@pytest.mark.parametrize(
    ("shares", "cause"),
    [
        ({"channel": 0.97, "postgres": 0.4}, "channel: 0.97 cores"),
        ({"channel": 0.7, "postgres": 0.6, "generator": 0.5}, "the machine: 1.80 of 2 cores, most of it channel (0.70)"),
        ({"channel": 0.3, "postgres": 0.2}, "no processor: 0.50 of 2 cores, most of it channel (0.30)"),
    ],
)
def test_a_rate_is_limited_by_a_full_core_or_a_full_machine_or_neither(shares: dict[str, float], cause: str) -> None:
    assert limit(shares, cores=2).startswith(cause)


def test_the_table_says_which_aims_were_missed() -> None:
    lines = table({"turns": [ratio("CPU", [(1, 2)], 1.1), Figure("lost", 0, 0), Figure("p50", 3)]}).splitlines()
    assert lines[2] == "turns"
    assert [word for line in lines for word in line.split() if word in ("held", "MISSED")] == ["MISSED", "held"]
    assert "2.00–2.00" in lines[3]


def test_a_message_is_shown_on_its_own_or_by_a_later_one_of_its_conversation() -> None:
    sent = [Sent("a", "one", 1.0), Sent("b", "two", 1.0), Sent("a", "three", 2.0), Sent("b", "four", 2.0)]
    found, lost, skipped = waits(sent, {"two": 1.5, "three": 2.25})
    assert sorted(found) == [250, 500, 1250]
    assert (lost, skipped) == (1, 1)


def test_a_message_on_a_screen_before_its_acknowledgement_has_waited_for_nothing() -> None:
    assert waits([Sent("a", "one", 2.0)], {"one": 1.9}) == ([0], 0, 0)


def test_frames_are_read_however_the_bytes_are_cut() -> None:
    message = pb.WatchInboxResponse(resume_token="17").SerializeToString()
    body = bytes(1) + len(message).to_bytes(4) + message
    trailer = b"grpc-status:10\r\ngrpc-message:The stream ended as planned\r\n"
    data = body * 3 + b"\x80" + len(trailer).to_bytes(4) + trailer
    for size in (1, 4, 7, len(data)):
        got: list[bytes] = []
        stream = Stream(got.append)
        for at in range(0, len(data), size):
            stream.on_body(data[at : at + size])
        assert got == [message] * 3
        assert stream.status == "10"


def test_a_copied_row_has_other_ids_everywhere_and_an_earlier_date() -> None:
    id, today = ids.new(), f"{utc_now():%Y-%m-%d}"
    pattern = history.as_pattern(f'{{"id": "{id}", "source": "{id}:n1", "created": "{today}T10:00:00Z", "text": "hello"}}')
    assert id not in pattern
    assert today not in pattern
    first = pattern.replace(history.HERE, "00000a")
    assert first.count(f"{id[:-6]}00000a") == 2
