"""The line that a person sees for a client's error."""

from __future__ import annotations

import grpc
import pytest

from stack.problems import why


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ConnectionRefusedError(111, "refused"), "[Errno 111] refused"),
        (ValueError("\nfirst\nsecond"), "first"),
        (TimeoutError(), "TimeoutError"),
        (ValueError("x" * 500), "x" * 160),
        (
            grpc.aio.AioRpcError(grpc.StatusCode.UNAVAILABLE, grpc.aio.Metadata(), grpc.aio.Metadata(), "no one is there"),
            "no one is there",
        ),
    ],
)
def test_an_error_is_shown_in_one_line(error: Exception, told: str) -> None:
    assert why(error) == told
