"""Errors over plain HTTP are those of the gateway."""

from __future__ import annotations

import json
import logging

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from kit import errors
from kit.plain_http import STATUSES, answering, error_response
from tools.gen.codes import HTTP


def test_each_code_has_the_status_that_the_gateway_gives_it() -> None:
    assert {code: HTTP[code] for code in STATUSES} == STATUSES
    assert set(errors.BY_CODE) == set(STATUSES)


def test_an_error_is_the_json_of_its_status() -> None:
    error = errors.NotFound("There is no such thing.", reason="NO_THING", thing="x")
    response = error_response(error, "channel.frontdesk", {})
    assert (response.status, response.content_type, response.headers["cache-control"]) == (404, "application/json", "no-store")
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "NO_THING",
        "domain": "channel.frontdesk",
        "metadata": {"thing": "x"},
    }
    assert json.loads(response.text or "") == {"code": 5, "message": "There is no such thing.", "details": [info]}


@pytest.mark.parametrize(
    ("error", "status", "seconds"),
    [
        (errors.ResourceExhausted("Enough."), 429, "60"),
        (errors.ResourceExhausted("Enough.", retry_seconds=1.2), 429, "2"),
        (errors.Aborted("Wait.", retry_seconds=3), 409, "3"),
        (errors.Unavailable("Away."), 503, None),
    ],
)
def test_an_error_that_passes_says_when_to_try_again(error: errors.FrontdeskError, status: int, seconds: str | None) -> None:
    response = error_response(error, "x", {})
    assert (response.status, response.headers.get("retry-after")) == (status, seconds)


def test_a_reason_may_have_a_status_of_its_own() -> None:
    assert error_response(errors.OutOfRange("No.", reason="RANGE"), "x", {"RANGE": 416}).status == 416


async def test_a_client_that_leaves_while_it_is_written_to_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    async def download(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        assert request.transport is not None
        request.transport.close()
        await response.write(b"the rest")
        return response

    application = web.Application(middlewares=[answering("x", (), {}, {}, lambda _: {})])
    application.router.add_get("/", download)
    caplog.set_level(logging.INFO)
    async with TestClient(TestServer(application)) as client:
        with pytest.raises(aiohttp.ClientError):
            await (await client.get("/")).read()
    assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == []
    assert "CANCELLED" in {getattr(record, "code", "") for record in caplog.records}
