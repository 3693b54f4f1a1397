"""Logs: one JSON object a line on standard error, with the request's and the trace's id.

Message texts, tokens and secrets are never logged; ids are.
"""

import logging
import sys
import time
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime

import msgspec

REPEAT_SECONDS = 30.0
MAX_REMEMBERED = 1_000
MAX_ERROR = 200

request_id: ContextVar[str] = ContextVar("request_id", default="")
trace_id: ContextVar[str] = ContextVar("trace_id", default="")
source_address: ContextVar[str] = ContextVar("source_address", default="")
"""Where a user or an API key calls from: for the journal alone, no log has it."""

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "taskName"}


class JsonFormatter(logging.Formatter):
    """Turns a record, with whatever `extra` it has, into one line of JSON."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "service": self._service,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if value := request_id.get():
            line["request_id"] = value
        if value := trace_id.get():
            line["trace_id"] = value
        line.update({key: value for key, value in vars(record).items() if key not in _STANDARD})
        if record.exc_info and record.exc_info[1]:
            line["exception"] = "".join(traceback.format_exception(record.exc_info[1]))[-8000:]
        return msgspec.json.encode(line, enc_hook=str).decode()


class Repeats(logging.Filter):
    """Logs a warning that is about an error once, then again each `REPEAT_SECONDS` with how often it came meanwhile.

    A store that is unavailable makes many of them: what differs is the error's text, so it does not count.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now = now
        self._seen: dict[tuple[object, ...], list[float]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is logged; shortens its error."""
        error = getattr(record, "error", None)
        if error is None:
            return True
        record.error = short(str(error))
        if record.levelno != logging.WARNING:
            return True
        extra = sorted((key, str(value)) for key, value in vars(record).items() if key not in _STANDARD and key != "error")
        key = (record.name, record.getMessage(), *extra)
        logged = self._seen.get(key)
        if logged is not None and self._now() - logged[0] < REPEAT_SECONDS:
            logged[1] += 1
            return False
        if logged is not None and logged[1]:
            record.repeated = int(logged[1])
        if len(self._seen) >= MAX_REMEMBERED:
            self._seen.clear()
        self._seen[key] = [self._now(), 0]
        return True


def short(error: str) -> str:
    """An error's text without the state of the whole cluster that MongoDB's driver adds to it."""
    return error.partition(", Timeout: ")[0].partition(", Topology Description")[0][:MAX_ERROR]


def configure(service: str, level: str = "INFO") -> None:
    """Sends all logs of this process to standard error as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(service))
    handler.addFilter(Repeats())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for noisy in ("pymongo", "httpx", "httpx2", "httpcore", "openai", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
