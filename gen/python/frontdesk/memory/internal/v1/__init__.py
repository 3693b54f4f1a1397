"""Made by `make gen` from proto/; do not edit."""

from frontdesk.memory.internal.v1.dead_letter_service_pb2 import DeleteDeadLetterRequest as DeleteDeadLetterRequest
from frontdesk.memory.internal.v1.dead_letter_service_pb2 import ListDeadLettersRequest as ListDeadLettersRequest
from frontdesk.memory.internal.v1.dead_letter_service_pb2 import ListDeadLettersResponse as ListDeadLettersResponse
from frontdesk.memory.internal.v1.dead_letter_service_pb2 import RetryDeadLetterRequest as RetryDeadLetterRequest
from frontdesk.memory.internal.v1.dead_letter_service_pb2 import RetryDeadLetterResponse as RetryDeadLetterResponse
from frontdesk.memory.internal.v1.dead_letter_service_pb2_grpc import DeadLetterServiceServicer as DeadLetterServiceServicer
from frontdesk.memory.internal.v1.dead_letter_service_pb2_grpc import DeadLetterServiceStub as DeadLetterServiceStub
from frontdesk.memory.internal.v1.dead_letter_service_pb2_grpc import add_DeadLetterServiceServicer_to_server as add_DeadLetterServiceServicer_to_server
from frontdesk.memory.internal.v1.event_pb2 import DocumentCreated as DocumentCreated
from frontdesk.memory.internal.v1.event_pb2 import DocumentDeleted as DocumentDeleted
from frontdesk.memory.internal.v1.event_pb2 import DocumentFailed as DocumentFailed
from frontdesk.memory.internal.v1.event_pb2 import DocumentIndexed as DocumentIndexed
from frontdesk.memory.internal.v1.event_pb2 import DocumentUpdated as DocumentUpdated
from frontdesk.memory.internal.v1.event_pb2 import Event as Event
from frontdesk.memory.internal.v1.event_pb2 import MemoryForgotten as MemoryForgotten
from frontdesk.memory.internal.v1.event_pb2 import MemoryRemembered as MemoryRemembered
from frontdesk.memory.internal.v1.event_service_pb2 import WatchEventsRequest as WatchEventsRequest
from frontdesk.memory.internal.v1.event_service_pb2 import WatchEventsResponse as WatchEventsResponse
from frontdesk.memory.internal.v1.event_service_pb2_grpc import EventServiceServicer as EventServiceServicer
from frontdesk.memory.internal.v1.event_service_pb2_grpc import EventServiceStub as EventServiceStub
from frontdesk.memory.internal.v1.event_service_pb2_grpc import add_EventServiceServicer_to_server as add_EventServiceServicer_to_server
from frontdesk.memory.internal.v1.memory_service_pb2 import BuildContextRequest as BuildContextRequest
from frontdesk.memory.internal.v1.memory_service_pb2 import BuildContextResponse as BuildContextResponse
from frontdesk.memory.internal.v1.memory_service_pb2 import LEFT_OUT_REASON_DUPLICATE as LEFT_OUT_REASON_DUPLICATE
from frontdesk.memory.internal.v1.memory_service_pb2 import LEFT_OUT_REASON_OVER_BUDGET as LEFT_OUT_REASON_OVER_BUDGET
from frontdesk.memory.internal.v1.memory_service_pb2 import LEFT_OUT_REASON_UNSPECIFIED as LEFT_OUT_REASON_UNSPECIFIED
from frontdesk.memory.internal.v1.memory_service_pb2 import LeftOutPassage as LeftOutPassage
from frontdesk.memory.internal.v1.memory_service_pb2 import LeftOutReason as LeftOutReason
from frontdesk.memory.internal.v1.memory_service_pb2_grpc import MemoryServiceServicer as MemoryServiceServicer
from frontdesk.memory.internal.v1.memory_service_pb2_grpc import MemoryServiceStub as MemoryServiceStub
from frontdesk.memory.internal.v1.memory_service_pb2_grpc import add_MemoryServiceServicer_to_server as add_MemoryServiceServicer_to_server
from frontdesk.memory.internal.v1.verification_service_pb2 import VerifyStoresRequest as VerifyStoresRequest
from frontdesk.memory.internal.v1.verification_service_pb2 import VerifyStoresResponse as VerifyStoresResponse
from frontdesk.memory.internal.v1.verification_service_pb2_grpc import VerificationServiceServicer as VerificationServiceServicer
from frontdesk.memory.internal.v1.verification_service_pb2_grpc import VerificationServiceStub as VerificationServiceStub
from frontdesk.memory.internal.v1.verification_service_pb2_grpc import add_VerificationServiceServicer_to_server as add_VerificationServiceServicer_to_server

# Full names of this package's services.
SERVICES: tuple[str, ...] = (
    "frontdesk.memory.internal.v1.DeadLetterService",
    "frontdesk.memory.internal.v1.EventService",
    "frontdesk.memory.internal.v1.MemoryService",
    "frontdesk.memory.internal.v1.VerificationService",
)
