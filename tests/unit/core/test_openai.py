"""The stream of an OpenAI-compatible endpoint, and the breaker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec
import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from services.core.adapters.breakers import BREAKER_FAILURES, BREAKER_SECONDS, Breaker
from services.core.adapters.openai import MAX_CHARACTERS, OpenAIAssistant, _pieces
from services.core.ports.assistant import AssistantFailed, Prompt, Usage, at_once

BROKEN = (AssistantFailed, msgspec.MsgspecError, UnicodeDecodeError)


def event(text: str) -> bytes:
    return b'data: {"choices":[{"index":0,"delta":{"content":%s}}]}\n\n' % msgspec.json.encode(text)


USAGE = b'data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}\n\n'
DONE = b"data: [DONE]\n\n"
WHOLE = b": a comment\n\n" + event("Hé") + b'data: {"choices":[{"delta":{}}]}\n\n' + event("llo") + USAGE + DONE


def read(*chunks: bytes) -> tuple[str, Usage | None]:
    """Text and usage of a stream that comes in these chunks."""

    async def come() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    async def collect() -> tuple[str, Usage | None]:
        text, usage = "", None
        async for piece in _pieces(come(), at_once):
            if isinstance(piece, Usage):
                usage = piece
            else:
                text += piece if isinstance(piece, str) else f" ({piece.value})"
        return text, usage

    return asyncio.run(collect())


def test_text_and_usage_are_read() -> None:
    assert read(WHOLE) == ("Héllo", Usage(7, 2))


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.lists(st.integers(0, len(WHOLE)), max_size=6))
def test_the_stream_may_be_split_anywhere(cuts: list[int]) -> None:
    cuts.sort()
    assert read(*(WHOLE[a:b] for a, b in zip([0, *cuts], [*cuts, len(WHOLE)], strict=True))) == ("Héllo", Usage(7, 2))


def test_it_may_come_byte_by_byte_and_with_other_line_ends() -> None:
    assert read(*(WHOLE[n : n + 1] for n in range(len(WHOLE)))) == ("Héllo", Usage(7, 2))
    assert read(WHOLE.replace(b"\n", b"\r\n")) == ("Héllo", Usage(7, 2))
    assert read(WHOLE.replace(b"data: ", b"data:")) == ("Héllo", Usage(7, 2))


@pytest.mark.parametrize(
    ("reason", "told"),
    [("stop", ""), ("length", " (TOO_LONG)"), ("content_filter", " (REFUSED)"), ("tool_calls", ""), ("new", "")],
)
def test_the_reason_to_finish_is_read_and_ends_an_answer(reason: str, told: str) -> None:
    finish = b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"%s"}]}\n\n' % reason.encode()
    assert read(event("a") + finish + USAGE + DONE) == (f"a{told}", Usage(7, 2))
    assert read(event("a") + finish) == (f"a{told}", None), "the stream's end is the end after a reason"


def test_a_refusal_is_one_whatever_the_reason() -> None:
    refusal = b'data: {"choices":[{"delta":{"refusal":"I can\'t"},"finish_reason":null}]}\n\n'
    assert read(refusal + b'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n' + DONE) == (" (REFUSED)", None)


def test_what_follows_the_end_is_not_read() -> None:
    assert read(event("a") + DONE + event("b"), b"garbage") == ("a", None)


def test_fields_that_no_one_asked_for_are_passed_over() -> None:
    strange = (
        b'data: {"id":"x","choices":[{"delta":{"role":"assistant","content":null},"finish_reason":null}],"usage":null}\n\n'
    )
    assert read(strange, b"event: ping\nid: 7\nretry: 5\n\n", event("a") + DONE) == ("a", None)


@pytest.mark.parametrize(
    "stream",
    [
        b"",
        event("a"),
        event("a") + b"data: [DO",
        b"<html>502</html>",
        b"data: not json\n\n" + DONE,
        b'data: {"choices": 5}\n\n' + DONE,
        b'data: {"error": {"message": "overloaded"}}\n\n' + DONE,
        b'data: {"choices":[{"delta":{"content":"\xff\xfe"}}]}\n\n' + DONE,
        b"data: [1, 2]\n\n" + DONE,
        b"data: " + b"x" * (2 << 20),
        b"\x00\x01\x02" * 100,
    ],
)
def test_what_is_no_answer_is_reported_as_broken(stream: bytes) -> None:
    with pytest.raises(BROKEN):
        read(stream)


def test_an_error_in_the_middle_breaks_the_answer_off() -> None:
    with pytest.raises(AssistantFailed, match="reported an error"):
        read(event("a"), b'data: {"error": "overloaded"}\n\n')


def test_an_answer_without_a_word_is_read_as_such() -> None:
    assert read(USAGE + DONE) == ("", Usage(7, 2))


def test_an_answer_that_does_not_end_is_given_up() -> None:
    with pytest.raises(AssistantFailed, match="did not come to an end"):
        read(*[event("x" * 1000)] * (MAX_CHARACTERS // 1000 + 1))
    with pytest.raises(AssistantFailed, match="without an end"):
        read(*[b"x" * (1 << 16)] * 20)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def refuses(breaker: Breaker) -> bool:
    try:
        breaker.check()
    except AssistantFailed:
        return True
    return False


def test_a_model_that_fails_five_times_in_a_row_is_left_alone_and_then_asked_once() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(BREAKER_FAILURES - 1):
        breaker.failed()
        assert not refuses(breaker)
    assert not breaker.is_open
    breaker.failed()
    assert refuses(breaker)
    clock.now += BREAKER_SECONDS - 0.1
    assert refuses(breaker)
    clock.now += 0.1
    assert [refuses(breaker), refuses(breaker)] == [False, True]
    breaker.failed()
    assert refuses(breaker)
    clock.now += BREAKER_SECONDS
    assert not refuses(breaker)
    assert breaker.is_open, "it has not answered yet"
    breaker.worked()
    assert not breaker.is_open
    assert [refuses(breaker), refuses(breaker)] == [False, False]


def test_a_reply_that_no_one_wants_any_more_does_not_keep_the_model_left_alone() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(BREAKER_FAILURES):
        breaker.failed()
    breaker.left(answered=False)
    clock.now += BREAKER_SECONDS
    assert [refuses(breaker), refuses(breaker)] == [False, True], "one call asks"
    breaker.left(answered=False)
    assert [refuses(breaker), refuses(breaker)] == [False, True], "it was not wanted any more: another asks"
    breaker.left(answered=True)
    assert [refuses(breaker), refuses(breaker)] == [False, False]


def test_one_answer_forgives_what_failed_before() -> None:
    breaker = Breaker(Clock())
    for _ in range(3):
        for _ in range(BREAKER_FAILURES - 1):
            breaker.failed()
        breaker.worked()
    assert not refuses(breaker)


def test_what_comes_before_the_next_read_is_one_piece_and_the_end_of_the_answer_ends_the_wait() -> None:
    async def play() -> None:
        taken = asyncio.Event()

        async def answer(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse()
            await response.prepare(request)
            await response.write(event("It "))
            await taken.wait()
            for word in ("takes ", "30 ", "days", "."):
                await response.write(event(word))
                await asyncio.sleep(0.005)
            await response.write(USAGE + DONE)
            return response

        async def beat(arrived: asyncio.Event | None = None) -> None:
            assert arrived is not None
            taken.set()
            await arrived.wait()

        model = web.Application()
        model.router.add_post("/v1/chat/completions", answer)
        runner = web.AppRunner(model, handler_cancellation=True)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        assistant = OpenAIAssistant(f"http://127.0.0.1:{runner.addresses[0][1]}/v1", "", "test")
        async with asyncio.timeout(10):
            pieces = [piece async for piece in assistant.reply(Prompt((), "how long?", ()), beat)]
        assert pieces[0] == "It "
        assert sorted(pieces[1:], key=str) == sorted(["takes 30 days.", Usage(7, 2)], key=str)
        await assistant.close()
        await runner.cleanup()

    asyncio.run(play())
