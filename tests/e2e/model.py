"""A model under a test's control: an OpenAI-compatible endpoint that answers, breaks off, hangs up or fails."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WORDS = 60
ECHO = "You asked:"


class Mood(Enum):
    """The model's behaviour for the next questions."""

    ANSWERS = auto()
    FAILS = auto()
    """500, each time."""
    BREAKS_OFF = auto()
    """A few words, then the connection ends."""
    HANGS_UP = auto()
    """The connection ends before the first word."""
    SAYS_NOTHING = auto()
    """An answer without a word."""
    INVENTS_SOURCES = auto()
    """An answer that cites passages that were not in its prompt."""


@dataclass
class Model:
    """The running model; set `mood` and `gap` (seconds between words) at any time."""

    url: str
    mood: Mood = Mood.ANSWERS
    gap: float = 0.002
    recovers_after: int = 0
    """So many calls are treated by the mood; those after them are answered. 0: all are."""
    says: str = ""
    """Its answer; empty: it repeats the question, with many words."""
    asked: list[str] = field(default_factory=list)
    """The last message of each call."""

    def be(self, mood: Mood, recovers_after: int = 0) -> None:
        """Changes the mood from the next call on."""
        self.asked.clear()
        self.mood, self.recovers_after = mood, recovers_after

    def mood_now(self) -> Mood:
        """The mood for the call that has just come."""
        recovered = 0 < self.recovers_after < len(self.asked)
        return Mood.ANSWERS if recovered else self.mood


@contextmanager
def running_model() -> Iterator[Model]:
    """Serves a model on a free port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            prompt = str(asked["messages"][-1]["content"])
            model.asked.append(prompt)
            self.close_connection = True
            answer(self, model, prompt)

        def log_message(self, *_: object) -> None:
            """Logs nothing: a test's output should stay clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    model = Model(f"http://127.0.0.1:{server.server_address[1]}/v1")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def answer(to: BaseHTTPRequestHandler, model: Model, prompt: str) -> None:
    """One call, as the model's mood is. Others may have come since."""
    mood = model.mood_now()
    if mood is Mood.HANGS_UP:
        return
    if mood is Mood.FAILS:
        to.send_error(500)
        return
    to.send_response(200)
    to.send_header("content-type", "text/event-stream")
    to.send_header("connection", "close")
    to.end_headers()
    question = prompt.rpartition("\n\n")[2]  # after the passages
    words = model.says.split() or [ECHO, *question.split()[-8:], "[1].", *("Word." for _ in range(WORDS)), "End."]
    if mood is Mood.INVENTS_SOURCES:
        words += ["[99]", "[1]"]
    try:
        for said, word in enumerate(words if mood is not Mood.SAYS_NOTHING else []):
            if mood is Mood.BREAKS_OFF and said == 5:
                to.connection.shutdown(2)
                return
            chunk = {"choices": [{"index": 0, "delta": {"content": f"{word} "}, "finish_reason": None}]}
            to.wfile.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")
            to.wfile.flush()
            time.sleep(model.gap)
        to.wfile.write(b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n')
    except OSError:
        return  # the caller has gone
