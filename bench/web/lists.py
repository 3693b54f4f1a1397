"""The calls of the screens' lists and searches in a large organization, one after the other, through the gateway."""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import grpc
from frontdesk.admin import v1 as admin_pb
from frontdesk.agent import v1 as agent_pb
from frontdesk.core import v1 as core_pb
from frontdesk.memory import v1 as memory_pb
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.interval_pb2 import Interval  # type: ignore[import-untyped]

from bench import chats
from bench.web.figures import Figure, single, times
from bench.web.seeding import ORGANIZATION
from kit.caller import Signer
from kit.clock import utc_now
from stack.testing_stack import TestStack

PARENT = f"organizations/{ORGANIZATION}"
AIM_MS = 300.0
ADMIN_ROWS, DESK_ROWS, OVERVIEWS = 50, 30, 100
"""Rows of a page, as the screens ask for them."""
TIMEOUT = 20.0
DEEP = 20
"""Which page is measured as a late one."""
TILES = (
    *("conversations_started", "conversations_answered_by_assistant", "conversations_handed_over", "unanswered_questions"),
    *("assistant_first_response_median", "waiting_median", "agent_first_response_median", "rating_average", "cost"),
)
CHARTED = (*TILES[:4], "cost")
Call = Callable[[Any], Awaitable[Any]]


def measure(stack: TestStack, rounds: int) -> list[Figure]:
    """Each call, so many times."""
    return asyncio.run(_measure(stack, rounds))


async def _measure(stack: TestStack, rounds: int) -> list[Figure]:
    signer = Signer.load(stack.home.path / "keys" / "admin", "admin")

    def metadata() -> tuple[tuple[str, str], ...]:
        return (("authorization", f"Bearer {signer.sign('users/owner', ORGANIZATION, ['*'], name='Owner')}"),)

    waited, failed = defaultdict[str, list[float]](list), Counter[str]()
    async with grpc.aio.insecure_channel(stack.gateway.removeprefix("http://")) as channel:
        calls = _calls(channel)
        for what, (method, request, page) in list(calls.items()):
            if page > 1:
                calls[what] = (method, await _paged(method, request, page, metadata()), page)
        for number in range(rounds + 1):
            signed = metadata()  # lasts ten minutes
            for what, (method, request, _) in calls.items():
                begun = time.perf_counter()
                try:
                    await method(request, metadata=signed, timeout=TIMEOUT)
                except grpc.aio.AioRpcError as error:
                    failed[f"{what}: {error.details()}"] += 1
                if number:  # the first round fills caches
                    waited[what].append((time.perf_counter() - begun) * 1000)
    for what, count in failed.items():
        print(f"  {count} × {what}")
    return [*(times(what, values, AIM_MS) for what, values in waited.items()), single("calls that failed", failed.total(), "", 0)]


async def _paged(method: Any, request: Any, page: int, metadata: Any) -> Message:
    """The request for a later page."""
    for _ in range(page - 1):
        request.page_token = (await method(request, metadata=metadata, timeout=TIMEOUT)).next_page_token
        if not request.page_token:
            raise SystemExit(f"There is no page {page} of {type(request).__name__}.")
    made: Message = request
    return made


def _calls(channel: grpc.aio.Channel) -> dict[str, tuple[Any, Any, int]]:
    """By what they show: the method, the request, and which page."""
    core, documents = core_pb.ConversationServiceStub(channel), memory_pb.DocumentServiceStub(channel)
    users, reports = admin_pb.UserServiceStub(channel), admin_pb.ReportServiceStub(channel)
    agents = agent_pb.AgentServiceStub(channel)
    calls: dict[str, tuple[Any, Any, int]] = {}

    def listed(what: str, page: int = 1, rows: int = ADMIN_ROWS, **wanted: Any) -> None:
        request = core_pb.ListConversationsRequest(parent=PARENT, page_size=rows, **wanted)
        calls[f"conversations: {what}"] = (core.ListConversations, request, page)

    def searched(query: str, page: int = 1, rows: int = ADMIN_ROWS, what: str = "", **wanted: Any) -> None:
        request = core_pb.SearchConversationsRequest(parent=PARENT, query=query, page_size=rows, **wanted)
        calls[f"conversations with “{query}”{what}"] = (core.SearchConversations, request, page)

    def texts(what: str, page: int = 1, **wanted: Any) -> None:
        request = memory_pb.ListDocumentsRequest(parent=PARENT, page_size=ADMIN_ROWS, **wanted)
        calls[f"documents: {what}"] = (documents.ListDocuments, request, page)

    def people(what: str, page: int = 1, filter: str = "") -> None:
        request = admin_pb.ListUsersRequest(parent=PARENT, page_size=ADMIN_ROWS, filter=filter)
        calls[f"users: {what}"] = (users.ListUsers, request, page)

    texts("all")
    texts(f"page {DEEP}", DEEP)
    texts("failed", state=memory_pb.DOCUMENT_STATE_FAILED)
    texts("“kettle”", query="kettle")
    texts("“part 4999”, ready", query="part 4999", state=memory_pb.DOCUMENT_STATE_READY)
    texts("no match", query="nothing like that")
    people("all")
    people("page 4", 4)
    people("active", filter="state:active")
    people("“okafor 1”", filter="okafor 1")

    closed, automated = core_pb.CONVERSATION_STATE_CLOSED, core_pb.CONVERSATION_STATE_AUTOMATED
    waiting, assigned = core_pb.CONVERSATION_STATE_WAITING, core_pb.CONVERSATION_STATE_ASSIGNED
    month = Timestamp()
    month.FromDatetime(utc_now() - timedelta(days=30))
    listed("all")
    listed(f"page {DEEP}", DEEP)
    listed("waiting", states=[waiting])
    listed("with the assistant", states=[automated])
    listed("closed", states=[closed])
    listed("a channel", channel=chats.CHANNEL)
    listed("an agent", agent=f"{PARENT}/agents/agent")
    listed("a common tag", tags=["returns"])
    listed("a rare tag", tags=["urgent"])
    listed("rated bad", ratings=[1, 2])
    listed("rated good", ratings=[4, 5])
    listed("unanswered", unanswered=True)
    listed("30 days", start_time=month)
    listed("closed, tag, rated good, 30 days", states=[closed], tags=["returns"], ratings=[4, 5], start_time=month)
    listed("desk, open ones", rows=OVERVIEWS, states=[waiting, assigned])
    listed("desk, all", rows=DESK_ROWS)
    searched("7919")
    searched("gift card")
    searched("parcel")
    searched("kettle Vienna", page=2)
    searched("damaged", what=", closed", states=[closed])
    searched("kettle", what=", tag, 30 days", tags=["returns"], start_time=month)
    searched("broken stove", rows=DESK_ROWS, what=", desk")
    calls["agents to choose from"] = (agents.ListAgents, agent_pb.ListAgentsRequest(parent=PARENT, page_size=ADMIN_ROWS), 1)
    interval = Interval(start_time=month)
    for what, metrics, dimensions, size in (
        ("overview: tiles of 30 days", TILES, [], 0),
        ("overview: charts of 30 days", CHARTED, ["day"], 1000),
        ("conversations counted as started in 30 days", ("conversations_started",), ["conversation"], ADMIN_ROWS),
    ):
        query = admin_pb.ReportQuery(metrics=metrics, dimensions=dimensions, interval=interval, time_zone="Europe/Lisbon")
        calls[what] = (reports.QueryReport, admin_pb.QueryReportRequest(parent=PARENT, query=query, page_size=size), 1)
    return calls
