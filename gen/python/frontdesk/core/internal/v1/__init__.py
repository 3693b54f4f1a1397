"""Made by `make gen` from proto/; do not edit."""

from frontdesk.core.internal.v1.conversation_service_pb2 import MarkReadRequest as MarkReadRequest
from frontdesk.core.internal.v1.conversation_service_pb2 import MarkReadResponse as MarkReadResponse
from frontdesk.core.internal.v1.conversation_service_pb2 import OpenConversationRequest as OpenConversationRequest
from frontdesk.core.internal.v1.conversation_service_pb2 import RateConversationRequest as RateConversationRequest
from frontdesk.core.internal.v1.conversation_service_pb2 import RequestHandoverRequest as RequestHandoverRequest
from frontdesk.core.internal.v1.conversation_service_pb2 import SetTypingRequest as SetTypingRequest
from frontdesk.core.internal.v1.conversation_service_pb2 import SetTypingResponse as SetTypingResponse
from frontdesk.core.internal.v1.conversation_service_pb2 import WithdrawHandoverRequest as WithdrawHandoverRequest
from frontdesk.core.internal.v1.conversation_service_pb2_grpc import ConversationServiceServicer as ConversationServiceServicer
from frontdesk.core.internal.v1.conversation_service_pb2_grpc import ConversationServiceStub as ConversationServiceStub
from frontdesk.core.internal.v1.conversation_service_pb2_grpc import add_ConversationServiceServicer_to_server as add_ConversationServiceServicer_to_server
from frontdesk.core.internal.v1.dead_letter_service_pb2 import DeleteDeadLetterRequest as DeleteDeadLetterRequest
from frontdesk.core.internal.v1.dead_letter_service_pb2 import ListDeadLettersRequest as ListDeadLettersRequest
from frontdesk.core.internal.v1.dead_letter_service_pb2 import ListDeadLettersResponse as ListDeadLettersResponse
from frontdesk.core.internal.v1.dead_letter_service_pb2 import RetryDeadLetterRequest as RetryDeadLetterRequest
from frontdesk.core.internal.v1.dead_letter_service_pb2 import RetryDeadLetterResponse as RetryDeadLetterResponse
from frontdesk.core.internal.v1.dead_letter_service_pb2_grpc import DeadLetterServiceServicer as DeadLetterServiceServicer
from frontdesk.core.internal.v1.dead_letter_service_pb2_grpc import DeadLetterServiceStub as DeadLetterServiceStub
from frontdesk.core.internal.v1.dead_letter_service_pb2_grpc import add_DeadLetterServiceServicer_to_server as add_DeadLetterServiceServicer_to_server
from frontdesk.core.internal.v1.erasure_service_pb2 import ConfirmErasureRequest as ConfirmErasureRequest
from frontdesk.core.internal.v1.erasure_service_pb2_grpc import ErasureServiceServicer as ErasureServiceServicer
from frontdesk.core.internal.v1.erasure_service_pb2_grpc import ErasureServiceStub as ErasureServiceStub
from frontdesk.core.internal.v1.erasure_service_pb2_grpc import add_ErasureServiceServicer_to_server as add_ErasureServiceServicer_to_server
from frontdesk.core.internal.v1.event_pb2 import ConversationClosed as ConversationClosed
from frontdesk.core.internal.v1.event_pb2 import ConversationErased as ConversationErased
from frontdesk.core.internal.v1.event_pb2 import ConversationMoved as ConversationMoved
from frontdesk.core.internal.v1.event_pb2 import ConversationOpened as ConversationOpened
from frontdesk.core.internal.v1.event_pb2 import ConversationRated as ConversationRated
from frontdesk.core.internal.v1.event_pb2 import ConversationReopened as ConversationReopened
from frontdesk.core.internal.v1.event_pb2 import ConversationReturned as ConversationReturned
from frontdesk.core.internal.v1.event_pb2 import ConversationTagged as ConversationTagged
from frontdesk.core.internal.v1.event_pb2 import ConversationTaken as ConversationTaken
from frontdesk.core.internal.v1.event_pb2 import ConversationUpdated as ConversationUpdated
from frontdesk.core.internal.v1.event_pb2 import ConversationVersion as ConversationVersion
from frontdesk.core.internal.v1.event_pb2 import CustomerBlocked as CustomerBlocked
from frontdesk.core.internal.v1.event_pb2 import CustomerCreated as CustomerCreated
from frontdesk.core.internal.v1.event_pb2 import CustomerErased as CustomerErased
from frontdesk.core.internal.v1.event_pb2 import CustomerMerged as CustomerMerged
from frontdesk.core.internal.v1.event_pb2 import CustomerSplit as CustomerSplit
from frontdesk.core.internal.v1.event_pb2 import CustomerUnblocked as CustomerUnblocked
from frontdesk.core.internal.v1.event_pb2 import CustomerUpdated as CustomerUpdated
from frontdesk.core.internal.v1.event_pb2 import Event as Event
from frontdesk.core.internal.v1.event_pb2 import HandoverRequested as HandoverRequested
from frontdesk.core.internal.v1.event_pb2 import IdentityAdded as IdentityAdded
from frontdesk.core.internal.v1.event_pb2 import IdentityRemoved as IdentityRemoved
from frontdesk.core.internal.v1.event_pb2 import MessageCreated as MessageCreated
from frontdesk.core.internal.v1.event_pb2 import TurnCharged as TurnCharged
from frontdesk.core.internal.v1.event_pb2 import TurnEnded as TurnEnded
from frontdesk.core.internal.v1.event_pb2 import TurnStarted as TurnStarted
from frontdesk.core.internal.v1.event_service_pb2 import BatchGetConversationsRequest as BatchGetConversationsRequest
from frontdesk.core.internal.v1.event_service_pb2 import BatchGetConversationsResponse as BatchGetConversationsResponse
from frontdesk.core.internal.v1.event_service_pb2 import BatchGetMessagesRequest as BatchGetMessagesRequest
from frontdesk.core.internal.v1.event_service_pb2 import BatchGetMessagesResponse as BatchGetMessagesResponse
from frontdesk.core.internal.v1.event_service_pb2 import WatchEventsRequest as WatchEventsRequest
from frontdesk.core.internal.v1.event_service_pb2 import WatchEventsResponse as WatchEventsResponse
from frontdesk.core.internal.v1.event_service_pb2_grpc import EventServiceServicer as EventServiceServicer
from frontdesk.core.internal.v1.event_service_pb2_grpc import EventServiceStub as EventServiceStub
from frontdesk.core.internal.v1.event_service_pb2_grpc import add_EventServiceServicer_to_server as add_EventServiceServicer_to_server
from frontdesk.core.internal.v1.message_service_pb2 import AddNoteRequest as AddNoteRequest
from frontdesk.core.internal.v1.message_service_pb2 import PostMessageRequest as PostMessageRequest
from frontdesk.core.internal.v1.message_service_pb2 import RESPONDER_AGENTS as RESPONDER_AGENTS
from frontdesk.core.internal.v1.message_service_pb2 import RESPONDER_NOBODY as RESPONDER_NOBODY
from frontdesk.core.internal.v1.message_service_pb2 import RESPONDER_UNSPECIFIED as RESPONDER_UNSPECIFIED
from frontdesk.core.internal.v1.message_service_pb2 import ReceiveMessageRequest as ReceiveMessageRequest
from frontdesk.core.internal.v1.message_service_pb2 import ReceiveMessageResponse as ReceiveMessageResponse
from frontdesk.core.internal.v1.message_service_pb2 import Responder as Responder
from frontdesk.core.internal.v1.message_service_pb2_grpc import MessageServiceServicer as MessageServiceServicer
from frontdesk.core.internal.v1.message_service_pb2_grpc import MessageServiceStub as MessageServiceStub
from frontdesk.core.internal.v1.message_service_pb2_grpc import add_MessageServiceServicer_to_server as add_MessageServiceServicer_to_server
from frontdesk.core.internal.v1.transcript_service_pb2 import RebuildTranscriptsRequest as RebuildTranscriptsRequest
from frontdesk.core.internal.v1.transcript_service_pb2 import RebuildTranscriptsResponse as RebuildTranscriptsResponse
from frontdesk.core.internal.v1.transcript_service_pb2_grpc import TranscriptServiceServicer as TranscriptServiceServicer
from frontdesk.core.internal.v1.transcript_service_pb2_grpc import TranscriptServiceStub as TranscriptServiceStub
from frontdesk.core.internal.v1.transcript_service_pb2_grpc import add_TranscriptServiceServicer_to_server as add_TranscriptServiceServicer_to_server
from frontdesk.core.internal.v1.turn_service_pb2 import ClaimDispatchRequest as ClaimDispatchRequest
from frontdesk.core.internal.v1.turn_service_pb2 import ClaimDispatchResponse as ClaimDispatchResponse
from frontdesk.core.internal.v1.turn_service_pb2 import ReturnToAssistantRequest as ReturnToAssistantRequest
from frontdesk.core.internal.v1.turn_service_pb2 import TakeConversationRequest as TakeConversationRequest
from frontdesk.core.internal.v1.turn_service_pb2 import TakeConversationResponse as TakeConversationResponse
from frontdesk.core.internal.v1.turn_service_pb2_grpc import TurnServiceServicer as TurnServiceServicer
from frontdesk.core.internal.v1.turn_service_pb2_grpc import TurnServiceStub as TurnServiceStub
from frontdesk.core.internal.v1.turn_service_pb2_grpc import add_TurnServiceServicer_to_server as add_TurnServiceServicer_to_server
from frontdesk.core.internal.v1.verification_service_pb2 import VerifyStoresRequest as VerifyStoresRequest
from frontdesk.core.internal.v1.verification_service_pb2 import VerifyStoresResponse as VerifyStoresResponse
from frontdesk.core.internal.v1.verification_service_pb2_grpc import VerificationServiceServicer as VerificationServiceServicer
from frontdesk.core.internal.v1.verification_service_pb2_grpc import VerificationServiceStub as VerificationServiceStub
from frontdesk.core.internal.v1.verification_service_pb2_grpc import add_VerificationServiceServicer_to_server as add_VerificationServiceServicer_to_server

# Full names of this package's services.
SERVICES: tuple[str, ...] = (
    "frontdesk.core.internal.v1.ConversationService",
    "frontdesk.core.internal.v1.DeadLetterService",
    "frontdesk.core.internal.v1.ErasureService",
    "frontdesk.core.internal.v1.EventService",
    "frontdesk.core.internal.v1.MessageService",
    "frontdesk.core.internal.v1.TranscriptService",
    "frontdesk.core.internal.v1.TurnService",
    "frontdesk.core.internal.v1.VerificationService",
)
