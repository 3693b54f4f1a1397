"""The service's contract, served: one module per gRPC service."""

from collections.abc import Callable

import grpc
from frontdesk.agent import v1 as pb

from kit.journal import Journal
from services.agent.app import App
from services.agent.app.recount import Recounts
from services.agent.rpc.agents import AgentServicer
from services.agent.rpc.canned_replies import CannedReplyServicer
from services.agent.rpc.events import EventServicer
from services.agent.rpc.handovers import HandoverServicer
from services.agent.rpc.inbox import InboxServicer
from services.agent.rpc.presence import PresenceServicer
from services.agent.rpc.queues import QueueServicer
from services.agent.rpc.verification import VerificationServicer


def register(app: App, recounts: Recounts, journal: Journal, draining: Callable[[], bool], server: grpc.aio.Server) -> None:
    """Adds all servicers to a server."""
    pb.add_AgentServiceServicer_to_server(AgentServicer(app), server)
    pb.add_PresenceServiceServicer_to_server(PresenceServicer(app), server)
    pb.add_QueueServiceServicer_to_server(QueueServicer(app), server)
    pb.add_HandoverServiceServicer_to_server(HandoverServicer(app), server)
    pb.add_InboxServiceServicer_to_server(InboxServicer(app), server)
    pb.add_CannedReplyServiceServicer_to_server(CannedReplyServicer(app), server)
    pb.add_EventServiceServicer_to_server(EventServicer(journal, draining), server)
    pb.add_VerificationServiceServicer_to_server(VerificationServicer(recounts), server)
