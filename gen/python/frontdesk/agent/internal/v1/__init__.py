"""Made by `make gen` from proto/; do not edit."""

from frontdesk.agent.internal.v1.availability_service_pb2 import GetAvailabilityRequest as GetAvailabilityRequest
from frontdesk.agent.internal.v1.availability_service_pb2 import GetAvailabilityResponse as GetAvailabilityResponse
from frontdesk.agent.internal.v1.availability_service_pb2_grpc import AvailabilityServiceServicer as AvailabilityServiceServicer
from frontdesk.agent.internal.v1.availability_service_pb2_grpc import AvailabilityServiceStub as AvailabilityServiceStub
from frontdesk.agent.internal.v1.availability_service_pb2_grpc import add_AvailabilityServiceServicer_to_server as add_AvailabilityServiceServicer_to_server
from frontdesk.agent.internal.v1.event_pb2 import AgentChanged as AgentChanged
from frontdesk.agent.internal.v1.event_pb2 import AgentPresenceChanged as AgentPresenceChanged
from frontdesk.agent.internal.v1.event_pb2 import AssignedMessageCreated as AssignedMessageCreated
from frontdesk.agent.internal.v1.event_pb2 import AssignmentFinished as AssignmentFinished
from frontdesk.agent.internal.v1.event_pb2 import AssignmentStarted as AssignmentStarted
from frontdesk.agent.internal.v1.event_pb2 import Event as Event
from frontdesk.agent.internal.v1.event_pb2 import HandoverAccepted as HandoverAccepted
from frontdesk.agent.internal.v1.event_pb2 import HandoverDeclined as HandoverDeclined
from frontdesk.agent.internal.v1.event_pb2 import HandoverQueued as HandoverQueued
from frontdesk.agent.internal.v1.event_pb2 import HandoverWithdrawn as HandoverWithdrawn
from frontdesk.agent.internal.v1.event_service_pb2 import WatchEventsRequest as WatchEventsRequest
from frontdesk.agent.internal.v1.event_service_pb2 import WatchEventsResponse as WatchEventsResponse
from frontdesk.agent.internal.v1.event_service_pb2_grpc import EventServiceServicer as EventServiceServicer
from frontdesk.agent.internal.v1.event_service_pb2_grpc import EventServiceStub as EventServiceStub
from frontdesk.agent.internal.v1.event_service_pb2_grpc import add_EventServiceServicer_to_server as add_EventServiceServicer_to_server
from frontdesk.agent.internal.v1.verification_service_pb2 import VerifyStoresRequest as VerifyStoresRequest
from frontdesk.agent.internal.v1.verification_service_pb2 import VerifyStoresResponse as VerifyStoresResponse
from frontdesk.agent.internal.v1.verification_service_pb2_grpc import VerificationServiceServicer as VerificationServiceServicer
from frontdesk.agent.internal.v1.verification_service_pb2_grpc import VerificationServiceStub as VerificationServiceStub
from frontdesk.agent.internal.v1.verification_service_pb2_grpc import add_VerificationServiceServicer_to_server as add_VerificationServiceServicer_to_server

# Full names of this package's services.
SERVICES: tuple[str, ...] = (
    "frontdesk.agent.internal.v1.AvailabilityService",
    "frontdesk.agent.internal.v1.EventService",
    "frontdesk.agent.internal.v1.VerificationService",
)
