"""The steps around every call, in order: trace and request id, access log and metrics, errors, caller, validation, deadline.

One interceptor does it all, because each layer of Python around a call is paid for by each call. Watch streams and unary calls
go through the same steps; a bidirectional stream has each of its requests checked.
"""

from __future__ import annotations

import asyncio
import logging
import math
import operator
import time
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import grpc
from google.api.httpbody_pb2 import HttpBody
from google.protobuf import any_pb2
from google.protobuf.message import DecodeError, Message
from google.rpc import error_details_pb2, status_pb2

from kit import access, caller, deadline, errors, events, ids, log
from kit.metrics import Calls
from kit.revocations import Revocations
from kit.streams import StreamEnded
from kit.telemetry import Telemetry
from kit.violations import VALIDATOR

_access_log = logging.getLogger("access")
_log = logging.getLogger("frontdesk")

Context = grpc.aio.ServicerContext[Any, Any]
"""The context of a call, as servicers get it."""

if TYPE_CHECKING:  # generic in the type stubs alone
    Handler = grpc.RpcMethodHandler[Any, Any]


class TooManyStreams(errors.ResourceExhausted):
    """Ends nothing: a script in a circle must not take away the streams that people read."""

    reason = "TOO_MANY_STREAMS"

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} of your streams are open here; end some of them first.", most=most, retry_seconds=5)


class Interceptor:
    """Stands between servicers and the server they are registered with, and wraps each of our RPCs.

    It wraps when a servicer is registered; an interceptor of gRPC's own would look for the handler at every call, which takes
    a tenth of it. The exceptions in `unavailable` mean that a store can't be reached: they become UNAVAILABLE, not INTERNAL.
    """

    def __init__(
        self,
        server: grpc.aio.Server,
        service: str,
        verifier: caller.Verifier,
        telemetry: Telemetry,
        calls: Calls,
        unavailable: tuple[type[BaseException], ...] = (),
        revocations: Revocations | None = None,
        streams_per_caller: int = 200,
    ) -> None:
        self._server = server
        self._domain = f"{service}.frontdesk"
        self._verifier = verifier
        self._telemetry = telemetry
        self._calls = calls
        self._unavailable = unavailable
        self._revocations = revocations or Revocations()
        self._streams_per_caller = streams_per_caller
        self._streams: Counter[tuple[str, str, str]] = Counter()

    def add_generic_rpc_handlers(self, handlers: object) -> None:
        """Called by generated code before `add_registered_method_handlers`, which says the same in a form that can be read."""

    def add_registered_method_handlers(self, service: str, handlers: Mapping[str, Handler]) -> None:
        """Called by generated code: registers a servicer's methods, by their names."""
        wrapped = {name: self._wrap(handler, access.rules(service, name, VALIDATOR)) for name, handler in handlers.items()}
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, wrapped),))

    def _wrap(self, handler: Handler, rules: access.Rules) -> Handler:
        name = rules.method
        # Requests arrive as bytes: what can't be parsed is an error like others, not a traceback of gRPC's own.
        parse: Any = handler.request_deserializer

        async def respond_once(request: Any, context: Context) -> Any:
            call = _Call(self, rules, context, parse)
            call.seconds = deadline.allowed(call.seconds, upload=handler.request_streaming)
            behavior: Any = handler.stream_unary if handler.request_streaming else handler.unary_unary
            try:
                with self._telemetry.span(name, call.traceparent):
                    async with call:
                        checked = call.checked(request) if handler.request_streaming else call.check(request)
                        async with asyncio.timeout(call.seconds):
                            return await behavior(checked, context)
            except errors.FrontdeskError as error:
                await _abort(context, error, self._domain)

        async def respond_many(request: Any, context: Context) -> AsyncIterator[Any]:
            call = _Call(self, rules, context, parse)
            as_events, begun = events.wanted(call.metadata), False
            behavior: Any = handler.stream_stream if handler.request_streaming else handler.unary_stream
            try:
                with self._telemetry.span(name, call.traceparent):
                    async with call:
                        checked = call.checked(request) if handler.request_streaming else call.check(request, as_events)
                        async with AsyncExitStack() as stack:
                            stack.enter_context(call.place_for_stream())
                            stack.enter_context(self._calls.stream(name))
                            responses = behavior(checked, context)
                            if hasattr(responses, "aclose"):
                                stack.push_async_callback(responses.aclose)
                            allowed = call.while_good(_iterate(responses))
                            stack.push_async_callback(allowed.aclose)
                            async for response in allowed:
                                as_events = as_events and not isinstance(response, HttpBody)  # a body goes out as it is
                                yield events.event(response, first=not begun) if as_events else response
                                begun = True
            except errors.FrontdeskError as error:
                if as_events and begun:
                    yield events.event(status_of(error, self._domain), name="error")
                else:
                    await _abort(context, error, self._domain, begun)

        if handler.response_streaming:
            make = grpc.stream_stream_rpc_method_handler if handler.request_streaming else grpc.unary_stream_rpc_method_handler
            return make(respond_many, None, operator.methodcaller("SerializeToString"))
        make_once = grpc.stream_unary_rpc_method_handler if handler.request_streaming else grpc.unary_unary_rpc_method_handler
        return make_once(respond_once, None, handler.response_serializer)

    def translate(self, error: BaseException, rules: access.Rules) -> errors.FrontdeskError:
        """Any exception as one that callers may see; a bug keeps its details in the log."""
        if isinstance(error, errors.FrontdeskError):
            if error.detail:
                _log.warning(error.message, extra={"method": rules.method, "error": error.detail})
            return error
        if isinstance(error, NotImplementedError):
            return errors.Unimplemented(f"{rules.method} is part of the contract and not built yet.", method=rules.method)
        if isinstance(error, TimeoutError) and TimeoutError not in self._unavailable:  # before the stores: it is an OSError too
            return errors.DeadlineExceeded("There was not enough time; repeat, or allow more.", reason="OUT_OF_TIME")
        if isinstance(error, self._unavailable):
            return self.translate(errors.StoreUnavailable.of(error), rules)
        _log.error("unexpected error", extra={"method": rules.method}, exc_info=error)
        return errors.Internal(f"Something broke on our side; trace {log.trace_id.get()} has the details.")


class _Call:
    """One call on its way through: enters with its caller known, leaves with a line in the access log."""

    def __init__(
        self, interceptor: Interceptor, rules: access.Rules, context: Context, parse: Callable[[bytes], Message]
    ) -> None:
        self._interceptor = interceptor
        self._rules = rules
        self._context = context
        self._parse = parse
        self._started = time.perf_counter()
        self._caller: caller.Caller | None = None
        self.metadata = {key: value for key, value in context.invocation_metadata() or () if isinstance(value, str)}
        self.traceparent = self.metadata.get("traceparent", "")
        self._authorization = self.metadata.get("authorization", "")
        self._request_id = self.metadata.get("x-request-id", "")[:128] or ids.new()
        self.seconds: float | None = context.time_remaining()
        if self.seconds is not None and self.seconds > 1e6:
            self.seconds = None

    async def __aenter__(self) -> None:
        log.request_id.set(self._request_id)
        deadline.start(self.seconds)
        try:
            self._caller = self._rules.caller(self._authorization, self._interceptor._verifier)
            self.check_caller()
        except errors.FrontdeskError as error:
            self._end(error.code, error.reason)
            raise
        caller.set_current(self._caller)
        log.source_address.set(self._source_address())

    def _source_address(self) -> str:
        """Where a person or a program that signed in calls from, as the gateway saw it; empty for customers and services."""
        if self._caller is None or self._caller.kind not in (caller.Kind.USER, caller.Kind.API_KEY):
            return ""
        return self.metadata.get("x-forwarded-for", "").rpartition(",")[2].strip()[:64]

    def check_caller(self) -> None:
        """Raises TokenRevoked when the caller's token was revoked."""
        if self._caller is not None:
            self._interceptor._revocations.check(self._caller, self._rules.reads)

    def check(self, data: bytes, as_events: bool = False) -> Message:
        """The request, if it is one and the contract allows it; for events with what their client received last."""
        try:
            request = self._parse(data)
        except DecodeError:
            raise access.InvalidRequest([("", f"is not a message that {self._rules.method} takes")]) from None
        if as_events:
            events.resume(request, self.metadata)
        self._rules.check(request, data, self._caller)
        if not self._rules.reads:
            self._interceptor._revocations.check_written(self._rules.names(request))
        return request

    async def checked(self, requests: AsyncIterator[bytes]) -> AsyncIterator[Message]:
        """The requests of a stream, each checked when it arrives."""
        async for request in requests:
            self.check_caller()
            yield self.check(request)

    @contextmanager
    def place_for_stream(self) -> Iterator[None]:
        """One of the caller's places for streams. Raises TooManyStreams; services have as many as they like."""
        who, open_streams, most = self._caller, self._interceptor._streams, self._interceptor._streams_per_caller
        if who is None or who.kind is caller.Kind.SERVICE:
            yield
            return
        key = (who.organization, who.kind, who.id)
        if open_streams[key] >= most:
            raise TooManyStreams(most)
        open_streams[key] += 1
        try:
            yield
        finally:
            open_streams[key] -= 1
            if not open_streams[key]:
                del open_streams[key]

    async def while_good(self, responses: AsyncIterator[Any]) -> AsyncGenerator[Any, None]:
        """The responses of a stream until its caller's token is revoked: then it ends at once, however quiet it is."""
        waiting: asyncio.Timeout | None = None

        def end() -> None:
            if waiting is not None:
                waiting.reschedule(0.0)

        with self._interceptor._revocations.watching(self._caller, end):
            while True:
                self.check_caller()  # it may have been revoked while the last response was written
                try:
                    async with asyncio.timeout(None) as waiting:
                        response = await anext(responses)
                except StopAsyncIteration:
                    return
                except TimeoutError:
                    self.check_caller()
                    raise  # the servicer's own
                finally:
                    waiting = None
                self.check_caller()  # what was allowed when the stream began may be so no longer
                yield response

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None:
            self._end("OK", "")
        elif isinstance(error, asyncio.CancelledError | GeneratorExit):
            self._end("CANCELLED", "")
        elif isinstance(error, Exception):
            told = self._interceptor.translate(error, self._rules)
            self._end(told.code, told.reason)
            if told is not error:
                raise told from error

    def _end(self, code: str, reason: str) -> None:
        """Counts the call, and writes its line."""
        who, seconds = self._caller, time.perf_counter() - self._started
        self._interceptor._calls.ended(self._rules.method, code, seconds)
        extra = {"method": self._rules.method, "code": code, "milliseconds": round(seconds * 1000, 1)}
        if reason:
            extra["reason"] = reason
        if who is not None:
            extra["caller"] = f"{who.kind}/{who.id}"
            extra["organization"] = who.organization
        # The gateway logs each call at the edge, and metrics count the calls between services: only their failures are logged.
        internal = who is not None and who.kind is caller.Kind.SERVICE
        routine = (internal or self._rules.method.endswith("/Heartbeat")) and (
            code in ("OK", "CANCELLED") or reason == StreamEnded.reason
        )
        _access_log.log(logging.DEBUG if routine else logging.INFO, "call", extra=extra)


async def _iterate(responses: Any) -> AsyncIterator[Any]:
    """The responses of a stream; a servicer that is not built yet returns an awaitable that raises."""
    if hasattr(responses, "__aiter__"):
        async for response in responses:
            yield response
    else:
        await responses


async def _abort(context: Context, error: errors.FrontdeskError, domain: str, begun: bool = False) -> None:
    if not begun and (seconds := retry_seconds(error)) is not None:  # the gateway turns metadata into headers for REST
        await context.send_initial_metadata((("retry-after", str(math.ceil(seconds))),))
    details = (("grpc-status-details-bin", status_of(error, domain).SerializeToString()),)
    await context.abort(grpc.StatusCode[error.code], error.message, details)


def status_of(error: errors.FrontdeskError, domain: str) -> status_pb2.Status:
    """An error as callers receive it, with its details."""
    info = error_details_pb2.ErrorInfo(reason=error.reason, domain=error.domain or domain, metadata=error.metadata)
    details = [_any(info)]
    if isinstance(error, access.InvalidRequest):
        violations = [
            error_details_pb2.BadRequest.FieldViolation(field=field, description=why) for field, why in error.violations
        ]
        details.append(_any(error_details_pb2.BadRequest(field_violations=violations)))
    if (seconds := retry_seconds(error)) is not None:
        retry = error_details_pb2.RetryInfo()
        retry.retry_delay.FromMilliseconds(int(seconds * 1000))
        details.append(_any(retry))
    return status_pb2.Status(code=grpc.StatusCode[error.code].value[0], message=error.message, details=details)


def retry_seconds(error: errors.FrontdeskError) -> float | None:
    """When a call that met a limit may be repeated: what the error says, or a minute for quotas."""
    return float(error.metadata.get("retry_seconds", 60)) if isinstance(error, errors.ResourceExhausted) else None


def _any(message: Message) -> any_pb2.Any:
    packed = any_pb2.Any()
    packed.Pack(message)
    return packed
