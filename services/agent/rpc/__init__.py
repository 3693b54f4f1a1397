"""The service's contract, served: one module per gRPC service."""

import asyncio

import grpc
from frontdesk.agent import v1 as pb
from frontdesk.agent.internal import v1 as internal

from kit import servicers
from kit.journal import Journal
from services.agent.app import App
from services.agent.app.recount import Recounts
from services.agent.rpc.agents import AgentServicer
from services.agent.rpc.availability import AvailabilityServicer
from services.agent.rpc.canned_replies import CannedReplyServicer
from services.agent.rpc.handovers import HandoverServicer
from services.agent.rpc.inbox import InboxServicer
from services.agent.rpc.presence import PresenceServicer
from services.agent.rpc.queues import QueueServicer


def register(server: grpc.aio.Server, app: App, journal: Journal, draining: asyncio.Event, recounts: Recounts) -> None:
    """Adds all servicers to a server."""
    pb.add_AgentServiceServicer_to_server(AgentServicer(app), server)
    pb.add_PresenceServiceServicer_to_server(PresenceServicer(app), server)
    pb.add_QueueServiceServicer_to_server(QueueServicer(app), server)
    pb.add_HandoverServiceServicer_to_server(HandoverServicer(app), server)
    pb.add_InboxServiceServicer_to_server(InboxServicer(app), server)
    pb.add_CannedReplyServiceServicer_to_server(CannedReplyServicer(app), server)
    internal.add_AvailabilityServiceServicer_to_server(AvailabilityServicer(app), server)
    servicers.add_event_service(server, internal, journal, draining)
    servicers.add_verification_service(server, internal, recounts.queue)
