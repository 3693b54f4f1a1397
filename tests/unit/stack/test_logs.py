"""`frontdesk logs`: JSON becomes readable, everything else stays as it is."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stack.console import Console
from stack.logs import Entry, Filter, show
from stack.settings import Settings

PLAIN = Console(io.StringIO())


def readable(program: str, line: str, console: Console) -> str:
    return Entry.parse(program, line).readable(console)


def test_a_services_line_is_time_level_message_and_the_rest() -> None:
    line = {
        "time": "2026-01-02T03:04:05.678+00:00",
        "level": "INFO",
        "service": "core",
        "logger": "frontdesk",
        "message": "serving",
        "port": 7102,
    }
    assert readable("core", json.dumps(line), PLAIN) == "core      03:04:05.678 INFO    serving port=7102"


def test_an_exception_follows_on_its_own_lines() -> None:
    line = json.dumps({"level": "ERROR", "message": "broke", "exception": "Traceback:\n  here"})
    assert readable("core", line, PLAIN).splitlines()[1:] == ["Traceback:", "  here"]


def test_other_json_is_shown_as_pairs() -> None:
    assert readable("gateway", '{"path": "/v1/x", "code": 200, "trace": "-"}', PLAIN) == "gateway   path=/v1/x code=200"


def test_any_other_line_keeps_its_words() -> None:
    assert readable("postgres", "LOG:  ready", PLAIN) == "postgres  LOG:  ready"
    assert readable("postgres", "42", PLAIN) == "postgres  42"


def test_mongods_own_json_reads_like_ours() -> None:
    line = '{"t":{"$date":"2026-01-02T03:04:05.678+00:00"},"s":"W","c":"-","id":1,"msg":"Slow","attr":{"ms":9}}'
    assert readable("mongo", line, PLAIN) == "mongo     03:04:05.678 WARNING Slow ms=9"


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("2026-01-02 03:04:05.678 UTC [7] LOG:  ready", "INFO"),
        ("2026-01-02 03:04:05.678 UTC [7] PANIC:  could not write: No space left on device", "CRITICAL"),
        ("[2026-01-02 03:04:05.678][7][warning][main] it is late", "WARNING"),
        ('{"time": "2026-01-02T03:04:05.678Z", "service": "gateway", "status": 503}', "ERROR"),
    ],
)
def test_time_and_level_are_found_in_every_programs_form(line: str, level: str) -> None:
    entry = Entry.parse("any", line)
    assert (entry.time, entry.level) == (datetime(2026, 1, 2, 3, 4, 5, 678000, UTC), level)


def shown(tmp_path: Path, wanted: Filter, **options: int) -> list[str]:
    logs = tmp_path / "logs"
    logs.mkdir(exist_ok=True)
    core = [
        {"time": "2026-01-02T03:00:00.000Z", "level": "INFO", "message": "first", "request_id": "r1"},
        {"time": "2026-01-02T03:00:02.000Z", "level": "WARNING", "message": "third", "request_id": "r2"},
    ]
    (logs / "core.log").write_text("".join(json.dumps(line) + "\n" for line in core))
    (logs / "gateway.log").write_text(
        '{"time": "2026-01-02T03:00:01.000Z", "path": "/second", "status": 200, "request_id": "r1"}\n'
    )
    (logs / "postgres.log").write_text("2026-01-02 03:00:03.000 UTC [1] ERROR:  fourth\n\tand what belongs to it\n")
    output = io.StringIO()
    show(
        Settings.load({"FRONTDESK_HOME": str(tmp_path)}, Path("/nowhere")), Console(output), [], wanted, follow=False, **options
    )
    return output.getvalue().splitlines()


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Filter(), ["first", "second", "third", "fourth", "belongs"]),
        (Filter(level="WARNING"), ["third", "fourth"]),
        (Filter(level="ERROR"), ["fourth"]),
        (Filter(words="second"), ["second"]),
        (Filter(request="r1"), ["first", "second"]),
        (Filter(since=datetime(2026, 1, 2, 3, 0, 2, tzinfo=UTC)), ["third", "fourth", "belongs"]),
    ],
)
def test_lines_of_all_programs_come_in_order_of_time_and_can_be_chosen(
    tmp_path: Path, wanted: Filter, words: list[str]
) -> None:
    lines = shown(tmp_path, wanted)
    assert len(lines) == len(words)
    assert all(word in line for word, line in zip(words, lines, strict=True))


def test_the_last_of_what_is_found(tmp_path: Path) -> None:
    assert [line.split()[-2] for line in shown(tmp_path, Filter(request="r1"), lines=1)] == ["status=200"]


@pytest.mark.parametrize("count", [0, 1, 2, 3000])
def test_so_many_last_lines_as_asked_for_are_whole_however_long_they_are(tmp_path: Path, count: int) -> None:
    (tmp_path / "logs").mkdir()
    written = [f"{number} {'x' * 997}" for number in range(3001)]
    (tmp_path / "logs" / "core.log").write_text("".join(f"{line}\n" for line in written))
    output = io.StringIO()
    settings = Settings.load({"FRONTDESK_HOME": str(tmp_path)}, Path("/nowhere"))
    show(settings, Console(output), [], Filter(), follow=False, lines=count)
    assert [line.split(maxsplit=1)[1] for line in output.getvalue().splitlines()] == written[3001 - count :]
