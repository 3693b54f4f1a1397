"""Plain HTTP beside gRPC, for what the gateway's transcoder can't carry: errors in the same form, and a server with a port.

An error is the JSON of its `google.rpc.Status`, as the gateway writes those of RPCs.
"""

import logging
import math
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from aiohttp import ClientConnectionResetError, web
from aiohttp.typedefs import Handler, Middleware
from google.protobuf.json_format import MessageToJson

from kit import errors, ids, log
from kit.interceptors import retry_seconds, status_of

STATUSES: Mapping[str, int] = {
    "INVALID_ARGUMENT": 400,
    "FAILED_PRECONDITION": 400,
    "OUT_OF_RANGE": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
    "ABORTED": 409,
    "RESOURCE_EXHAUSTED": 429,
    "INTERNAL": 500,
    "UNIMPLEMENTED": 501,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}
"""The HTTP status that the gateway makes of each canonical code."""

FOR_LOG: web.RequestKey[dict[str, object]] = web.RequestKey("for_log", dict)
"""Fields that a handler adds to the access log of its request."""

_access_log = logging.getLogger("access")
_log = logging.getLogger("frontdesk")


class NoSuchPath(errors.NotFound):
    reason = "NO_SUCH_METHOD"

    def __init__(self) -> None:
        super().__init__("There is no such path or method; see the API reference.")


def error_response(error: errors.FrontdeskError, domain: str, statuses: Mapping[str, int]) -> web.Response:
    """An error as HTTP; `statuses` holds those of reasons whose code says too little."""
    headers = {"cache-control": "no-store"}
    seconds = retry_seconds(error)
    if seconds is None and "retry_seconds" in error.metadata:
        seconds = float(error.metadata["retry_seconds"])
    if seconds is not None:
        headers["retry-after"] = str(math.ceil(seconds))
    return web.Response(
        status=statuses.get(error.reason, STATUSES[error.code]),
        text=MessageToJson(status_of(error, domain), indent=None),
        content_type="application/json",
        headers=headers,
    )


def answering(
    domain: str,
    unavailable: tuple[type[BaseException], ...],
    headers: Mapping[str, str],
    statuses: Mapping[str, int],
    headers_of: Callable[[errors.FrontdeskError], Mapping[str, str]],
) -> Middleware:
    """A middleware: errors in our form, `headers` on each answer, and a line in the access log, without the path.

    `unavailable`: exceptions that mean a store can't be reached. `statuses` and `headers_of`: what is special
    about some errors.
    Handlers may add to `request[FOR_LOG]`.
    """

    @web.middleware
    async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
        log.request_id.set(request.headers.get("x-request-id", "")[:128] or ids.new())
        more: dict[str, object] = {}
        request[FOR_LOG] = more
        extra: dict[str, object] = {"code": "CANCELLED"}
        try:
            response = await handler(request)
            extra["code"] = "OK"
        except Exception as error:
            gone = request.transport is None or request.transport.is_closing()
            if gone and isinstance(error, ClientConnectionResetError):  # nothing is broken, and no one reads the answer
                return web.Response()
            told = _translate(error, unavailable)
            extra |= {"code": told.code, "reason": told.reason}
            response = error_response(told, domain, statuses)
            response.headers.update(headers_of(told))
        finally:
            _access_log.info("http", extra={"method": request.method, **extra, **more})
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response

    return answer


def _translate(error: Exception, unavailable: tuple[type[BaseException], ...]) -> errors.FrontdeskError:
    if isinstance(error, errors.FrontdeskError):
        if error.detail:
            _log.warning(error.message, extra={"error": error.detail})
        return error
    if isinstance(error, web.HTTPException):
        return NoSuchPath() if error.status in (404, 405) else errors.InvalidArgument(error.reason, reason="INVALID_REQUEST")
    if isinstance(error, unavailable):
        return errors.StoreUnavailable.of(error)
    _log.error("unexpected error", exc_info=error)
    return errors.Internal(f"Something broke on our side; request {log.request_id.get()} has the details.")


@asynccontextmanager
async def serving(app: web.Application, listen: str, seconds: float) -> AsyncIterator[int]:
    """Serves at `host:port` while the context is open, and gives the port; what runs at its end has `seconds`.

    Raises SystemExit when the address is in use.
    """
    host, _, port = listen.rpartition(":")
    runner = web.AppRunner(
        app,
        access_log=None,
        auto_decompress=False,  # what is small on the way could be huge here
        handler_cancellation=True,
        shutdown_timeout=seconds,
    )
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host.strip("[]"), int(port)).start()
        except OSError as error:
            raise SystemExit(f"Can't listen on {listen}: {error.strerror}.") from None
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
