"""Names, pages, ids, settings, errors and logs."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from kit import clock, errors, excerpts, ids, log, names, pages
from kit import settings as kit_settings
from kit.convert import time_to_pb
from kit.journal import SHARDS, shard_of

CONVERSATION = "organizations/{organization}/conversations/{conversation}"


def test_a_name_is_taken_apart() -> None:
    assert names.parse(CONVERSATION, "organizations/acme/conversations/c-1") == {"organization": "acme", "conversation": "c-1"}
    assert names.last("organizations/acme/conversations/c-1") == "c-1"
    assert names.parse("{id}", "x" * 63) == {"id": "x" * 63}


@pytest.mark.parametrize(
    "name",
    [
        "",
        "organizations/acme",
        "organizations/acme/conversations/",
        "organizations/acme/conversations/c1/messages/m1",
        "organizations/Acme/conversations/c1",
        "organizations/../conversations/c1",
        "organizations/-/conversations/c1",
        "organizations/acme/conversations/c1\n",
        "organizations/acme/conversations/" + "x" * 64,
        "organizations/acme/conversations/é",
    ],
)
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(names.InvalidName):
        names.parse(CONVERSATION, name)


@settings(max_examples=200, deadline=None)
@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_keeps_its_microseconds_in_a_message(moment: datetime) -> None:
    told = time_to_pb(moment)
    assert told is not None
    assert told.ToDatetime(UTC) == moment


def test_no_moment_stays_unset() -> None:
    assert time_to_pb(None) is None


def test_a_page_token_leads_back_to_its_position() -> None:
    assert pages.decode(pages.encode("2026-01-01", 7, filter="f"), filter="f", kind=tuple[str, int]) == ("2026-01-01", 7)
    assert pages.decode(pages.encode(True, 0, "id"), kind=tuple[int, int, str]) == (1, 0, "id")


@dataclass
class Asked:
    """A request of a list."""

    page_size: int
    page_token: str = ""


async def numbers(after: pages.ByNumber | None, limit: int, count: int) -> list[int]:
    first = after.number + 1 if after else 0
    return list(range(first, min(first + limit, count)))


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 40), st.integers(1, 12))
def test_pages_lead_through_a_list_and_none_of_it_is_empty(count: int, size: int) -> None:
    async def play() -> list[Sequence[int]]:
        asked, seen = Asked(size), list[Sequence[int]]()
        while not seen or asked.page_token:
            found, asked.page_token = await pages.page(asked, pages.ByNumber, partial(numbers, count=count), pages.ByNumber)
            seen.append(found)
        return seen

    seen = asyncio.run(play())
    assert [number for page in seen for number in page] == list(range(count))
    assert [len(page) for page in seen[:-1]] == [size] * (len(seen) - 1)
    assert seen[-1] or count == 0


async def test_a_page_is_of_its_filter_and_of_fifty_items_at_first() -> None:
    found, token = await pages.page(Asked(0), pages.ByNumber, partial(numbers, count=60), pages.ByNumber, filter="a")
    assert len(found) == 50
    with pytest.raises(pages.InvalidPageToken):
        await pages.page(Asked(0, token), pages.ByNumber, partial(numbers, count=60), pages.ByNumber, filter="b")


def test_a_page_token_bears_a_moment() -> None:
    position = pages.ByTime(datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC), "id")
    assert pages.decode(pages.encode(*position), kind=pages.ByTime) == position


def test_a_page_token_holds_what_is_said_to_be_in_it() -> None:
    assert pages.decode(pages.encode("x", 7), kind=tuple[str, int]) == ("x", 7)
    for position in ((), ("x",), (7, "x"), ("x", 7, 7)):
        with pytest.raises(pages.InvalidPageToken):
            pages.decode(pages.encode(*position), kind=tuple[str, int])
    for odd in ("a\x00b", "x" * 201):
        with pytest.raises(pages.InvalidPageToken):
            pages.decode(pages.encode(odd), kind=tuple[pages.Text])
    for count in (-1, 2**63):
        with pytest.raises(pages.InvalidPageToken):
            pages.decode(pages.encode(count), kind=tuple[pages.Count])
    with pytest.raises(pages.InvalidPageToken):
        pages.decode(pages.encode("2026-01-01T00:00:00"), kind=tuple[pages.Moment])


@pytest.mark.parametrize("token", ["x", "bm90IG91cnM", "W10", "eyJhIjoxfQ", "é", "////", pages.encode(1, filter="another")])
def test_a_page_token_that_is_not_ours_or_of_another_filter_is_refused(token: str) -> None:
    with pytest.raises(pages.InvalidPageToken):
        pages.decode(token, filter="f", kind=list[int])


@settings(max_examples=200, derandomize=True, database=None, deadline=None)
@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_page_tokens(token: str) -> None:
    with pytest.raises(pages.InvalidPageToken):
        pages.decode(token, kind=list[int])


def test_a_page_has_fifty_things_unless_asked_and_a_hundred_at_most() -> None:
    assert [pages.size(n) for n in (0, 1, 100, 1000)] == [50, 1, 100, 100]


def test_an_id_shows_when_it_was_made() -> None:
    before = time.time()
    made = ids.made(ids.new())
    assert before - 0.001 <= made <= time.time()
    for other in ("", "u1", "0" * 25 + "!", "A" * 26):
        assert ids.made(other) == 0.0


def test_ids_are_names_and_sort_by_time() -> None:
    made = [ids.new() for _ in range(200)]
    assert len(set(made)) == 200
    assert all(names.parse("{id}", id) and len(id) == 26 for id in made)
    moments = [id[:10] for id in made]
    assert moments == sorted(moments)


def test_time_is_aware() -> None:
    assert clock.utc_now().utcoffset() is not None


def test_an_organization_is_in_one_shard() -> None:
    assert shard_of("acme") == shard_of("acme")
    assert {shard_of(f"o{n}") for n in range(2000)} == set(range(SHARDS))


class Needy(kit_settings.ServiceSettings):
    memory_url: str
    secret: SecretStr = SecretStr("s3cret")


def test_a_missing_variable_ends_the_process_and_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("FRONTDESK_KEYS_DIR", raising=False)
    monkeypatch.delenv("FRONTDESK_MEMORY_URL", raising=False)
    monkeypatch.setenv("FRONTDESK_DRAIN_SECONDS", "soon")
    with pytest.raises(SystemExit) as caught:
        kit_settings.read(Needy)
    assert caught.value.code == 2
    said = capsys.readouterr().err
    assert [line.partition(":")[0] for line in said.splitlines()] == [
        "FRONTDESK_KEYS_DIR",
        "FRONTDESK_DRAIN_SECONDS",
        "FRONTDESK_MEMORY_URL",
    ]
    assert "soon" not in said


def test_settings_come_from_the_environment_and_never_show_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FRONTDESK_KEYS_DIR", str(tmp_path))
    monkeypatch.setenv("FRONTDESK_MEMORY_URL", "memory:1")
    monkeypatch.setenv("FRONTDESK_SECRET", "hidden")
    read = kit_settings.read(Needy)
    assert (read.keys_dir, read.memory_url, read.listen) == (tmp_path, "memory:1", "127.0.0.1:0")
    assert read.secret.get_secret_value() == "hidden"
    assert "hidden" not in repr(read)


class TooManyCats(errors.ResourceExhausted):
    reason = "TOO_MANY_CATS"


def test_an_error_has_a_code_a_reason_and_words_as_metadata() -> None:
    error = TooManyCats("Nine cats are enough.", limit=9)
    assert (error.code, error.reason, error.metadata) == ("RESOURCE_EXHAUSTED", "TOO_MANY_CATS", {"limit": "9"})
    assert errors.NotFound("No.").reason == "NOT_FOUND"
    assert all(kind.code == code for code, kind in errors.BY_CODE.items())


def test_a_log_line_is_one_object_with_the_ids_of_the_call() -> None:
    record = logging.LogRecord("frontdesk", logging.INFO, "x.py", 1, "it is %s", ("done\n",), None)
    record.port = 7
    log.request_id.set("r1")
    log.trace_id.set("t1")
    text = log.JsonFormatter("core").format(record)
    line = json.loads(text)
    assert "\n" not in text
    assert (line["message"], line["service"], line["level"], line["port"]) == ("it is done\n", "core", "INFO", 7)
    assert (line["request_id"], line["trace_id"]) == ("r1", "t1")


def test_an_error_that_repeats_is_logged_once_and_then_at_intervals() -> None:
    clock: list[float] = [100.0]
    logged: list[dict[str, object]] = []
    repeats = log.Repeats(lambda: clock[0])

    def warn(error: str, worker: str = "index") -> None:
        record = logging.makeLogRecord(
            {"name": "x", "levelno": logging.WARNING, "msg": "waits", "error": error, "worker": worker}
        )
        if repeats.filter(record):
            logged.append(vars(record))

    warn("refused 1")
    warn("refused 2")
    warn("refused 3", worker="another")
    assert [each["worker"] for each in logged] == ["index", "another"]
    clock[0] += log.REPEAT_SECONDS
    warn("refused 4")
    assert (logged[-1]["error"], logged[-1]["repeated"]) == ("refused 4", 1)
    for _ in range(2):  # what is said to be an error is never held back
        assert repeats.filter(logging.makeLogRecord({"levelno": logging.ERROR, "msg": "broke", "error": "x"}))
        assert repeats.filter(logging.makeLogRecord({"levelno": logging.WARNING, "msg": "without an error"}))


def test_an_error_is_logged_without_the_state_of_the_whole_cluster() -> None:
    told = "127.0.0.1:1: [Errno 111] refused, Timeout: 0.3s, Topology Description: <TopologyDescription id: 1, servers: []>"
    assert log.short(told) == "127.0.0.1:1: [Errno 111] refused"
    assert len(log.short("x" * 1000)) == log.MAX_ERROR


def test_a_log_line_shows_what_broke() -> None:
    try:
        raise ValueError("broken")
    except ValueError:
        record = logging.LogRecord("frontdesk", logging.ERROR, "x.py", 1, "oh", (), sys.exc_info())
    assert "ValueError: broken" in json.loads(log.JsonFormatter("core").format(record))["exception"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Express costs more", "Express costs more"),
        ("Express costs €11.95", "Express costs…"),
        ("Standard costs €3.95; Express", "Standard costs…"),
        ("Standard and\n\nexpress delivery", "Standard and…"),
        ("お届けには通常二日から三日ほどかかります。詳しくは", "お届けには通常二日から三日ほどかか…"),
        ("See https://quillmere.example/help", "See https://quill…"),
    ],
)
def test_an_excerpt_ends_at_a_word(text: str, shown: str) -> None:
    assert excerpts.excerpt(text, 18) == shown


@given(st.text(), st.integers(1, 40))
def test_an_excerpt_is_the_beginning_of_its_text_and_never_too_long(text: str, limit: int) -> None:
    shown = excerpts.excerpt(text, limit)
    assert len(shown) <= limit
    assert shown == text or text.startswith(shown.removesuffix("…"))
