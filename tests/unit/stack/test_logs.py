"""`frontdesk logs`: JSON becomes readable, everything else stays as it is."""

import io
import json

from stack.console import Console
from stack.logs import readable

PLAIN = Console(io.StringIO())


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
