"""Made by `make gen` from proto/; do not edit."""

from frontdesk.agent.v1.agent_pb2 import Agent as Agent
from frontdesk.agent.v1.agent_service_pb2 import GetAgentRequest as GetAgentRequest
from frontdesk.agent.v1.agent_service_pb2 import ListAgentsRequest as ListAgentsRequest
from frontdesk.agent.v1.agent_service_pb2 import ListAgentsResponse as ListAgentsResponse
from frontdesk.agent.v1.agent_service_pb2 import UpdateAgentRequest as UpdateAgentRequest
from frontdesk.agent.v1.agent_service_pb2_grpc import AgentServiceServicer as AgentServiceServicer
from frontdesk.agent.v1.agent_service_pb2_grpc import AgentServiceStub as AgentServiceStub
from frontdesk.agent.v1.agent_service_pb2_grpc import add_AgentServiceServicer_to_server as add_AgentServiceServicer_to_server
from frontdesk.agent.v1.canned_reply_pb2 import CannedReply as CannedReply
from frontdesk.agent.v1.canned_reply_service_pb2 import CreateCannedReplyRequest as CreateCannedReplyRequest
from frontdesk.agent.v1.canned_reply_service_pb2 import DeleteCannedReplyRequest as DeleteCannedReplyRequest
from frontdesk.agent.v1.canned_reply_service_pb2 import GetCannedReplyRequest as GetCannedReplyRequest
from frontdesk.agent.v1.canned_reply_service_pb2 import ListCannedRepliesRequest as ListCannedRepliesRequest
from frontdesk.agent.v1.canned_reply_service_pb2 import ListCannedRepliesResponse as ListCannedRepliesResponse
from frontdesk.agent.v1.canned_reply_service_pb2 import UpdateCannedReplyRequest as UpdateCannedReplyRequest
from frontdesk.agent.v1.canned_reply_service_pb2_grpc import CannedReplyServiceServicer as CannedReplyServiceServicer
from frontdesk.agent.v1.canned_reply_service_pb2_grpc import CannedReplyServiceStub as CannedReplyServiceStub
from frontdesk.agent.v1.canned_reply_service_pb2_grpc import add_CannedReplyServiceServicer_to_server as add_CannedReplyServiceServicer_to_server
from frontdesk.agent.v1.error_reason_pb2 import ERROR_REASON_AGENT_NOT_FOUND as ERROR_REASON_AGENT_NOT_FOUND
from frontdesk.agent.v1.error_reason_pb2 import ERROR_REASON_ASSIGNMENT_NOT_FOUND as ERROR_REASON_ASSIGNMENT_NOT_FOUND
from frontdesk.agent.v1.error_reason_pb2 import ERROR_REASON_CANNED_REPLY_ALREADY_EXISTS as ERROR_REASON_CANNED_REPLY_ALREADY_EXISTS
from frontdesk.agent.v1.error_reason_pb2 import ERROR_REASON_CANNED_REPLY_NOT_FOUND as ERROR_REASON_CANNED_REPLY_NOT_FOUND
from frontdesk.agent.v1.error_reason_pb2 import ERROR_REASON_DEFAULT_QUEUE as ERROR_REASON_DEFAULT_QUEUE
from frontdesk.agent.v1.error_reason_pb2 import ERROR_REASON_ETAG_MISMATCH as ERROR_REASON_ETAG_MISMATCH
from frontdesk.agent.v1.error_reason_pb2 import ERROR_REASON_HANDOVER_NOT_FOUND as ERROR_REASON_HANDOVER_NOT_FOUND
from frontdesk.agent.v1.error_reason_pb2 import ERROR_REASON_HANDOVER_TAKEN as ERROR_REASON_HANDOVER_TAKEN
from frontdesk.agent.v1.error_reason_pb2 import ERROR_REASON_HANDOVER_WITHDRAWN as ERROR_REASON_HANDOVER_WITHDRAWN
from frontdesk.agent.v1.error_reason_pb2 import ERROR_REASON_INVALID_PAGE_TOKEN as ERROR_REASON_INVALID_PAGE_TOKEN
from frontdesk.agent.v1.error_reason_pb2 import ERROR_REASON_INVALID_UPDATE_MASK as ERROR_REASON_INVALID_UPDATE_MASK
from frontdesk.agent.v1.error_reason_pb2 import ERROR_REASON_NOT_AN_AGENT as ERROR_REASON_NOT_AN_AGENT
from frontdesk.agent.v1.error_reason_pb2 import ERROR_REASON_NOT_ASSIGNED_TO_YOU as ERROR_REASON_NOT_ASSIGNED_TO_YOU
from frontdesk.agent.v1.error_reason_pb2 import ERROR_REASON_NOT_YOUR_INBOX as ERROR_REASON_NOT_YOUR_INBOX
from frontdesk.agent.v1.error_reason_pb2 import ERROR_REASON_NOT_YOUR_PRESENCE as ERROR_REASON_NOT_YOUR_PRESENCE
from frontdesk.agent.v1.error_reason_pb2 import ERROR_REASON_QUEUE_ALREADY_EXISTS as ERROR_REASON_QUEUE_ALREADY_EXISTS
from frontdesk.agent.v1.error_reason_pb2 import ERROR_REASON_QUEUE_NOT_FOUND as ERROR_REASON_QUEUE_NOT_FOUND
from frontdesk.agent.v1.error_reason_pb2 import ERROR_REASON_RESUME_TOKEN_EXPIRED as ERROR_REASON_RESUME_TOKEN_EXPIRED
from frontdesk.agent.v1.error_reason_pb2 import ERROR_REASON_STREAM_ENDED as ERROR_REASON_STREAM_ENDED
from frontdesk.agent.v1.error_reason_pb2 import ERROR_REASON_UNSPECIFIED as ERROR_REASON_UNSPECIFIED
from frontdesk.agent.v1.error_reason_pb2 import ERROR_REASON_WATCHER_TOO_SLOW as ERROR_REASON_WATCHER_TOO_SLOW
from frontdesk.agent.v1.error_reason_pb2 import ErrorReason as ErrorReason
from frontdesk.agent.v1.event_pb2 import AgentChanged as AgentChanged
from frontdesk.agent.v1.event_pb2 import AgentPresenceChanged as AgentPresenceChanged
from frontdesk.agent.v1.event_pb2 import AssignedMessageCreated as AssignedMessageCreated
from frontdesk.agent.v1.event_pb2 import AssignmentFinished as AssignmentFinished
from frontdesk.agent.v1.event_pb2 import AssignmentStarted as AssignmentStarted
from frontdesk.agent.v1.event_pb2 import Event as Event
from frontdesk.agent.v1.event_pb2 import HandoverAccepted as HandoverAccepted
from frontdesk.agent.v1.event_pb2 import HandoverDeclined as HandoverDeclined
from frontdesk.agent.v1.event_pb2 import HandoverQueued as HandoverQueued
from frontdesk.agent.v1.event_pb2 import HandoverWithdrawn as HandoverWithdrawn
from frontdesk.agent.v1.event_service_pb2 import WatchEventsRequest as WatchEventsRequest
from frontdesk.agent.v1.event_service_pb2 import WatchEventsResponse as WatchEventsResponse
from frontdesk.agent.v1.event_service_pb2_grpc import EventServiceServicer as EventServiceServicer
from frontdesk.agent.v1.event_service_pb2_grpc import EventServiceStub as EventServiceStub
from frontdesk.agent.v1.event_service_pb2_grpc import add_EventServiceServicer_to_server as add_EventServiceServicer_to_server
from frontdesk.agent.v1.handover_pb2 import Assignment as Assignment
from frontdesk.agent.v1.handover_pb2 import HANDOVER_STATE_ACCEPTED as HANDOVER_STATE_ACCEPTED
from frontdesk.agent.v1.handover_pb2 import HANDOVER_STATE_PENDING as HANDOVER_STATE_PENDING
from frontdesk.agent.v1.handover_pb2 import HANDOVER_STATE_UNSPECIFIED as HANDOVER_STATE_UNSPECIFIED
from frontdesk.agent.v1.handover_pb2 import HANDOVER_STATE_WITHDRAWN as HANDOVER_STATE_WITHDRAWN
from frontdesk.agent.v1.handover_pb2 import Handover as Handover
from frontdesk.agent.v1.handover_pb2 import HandoverState as HandoverState
from frontdesk.agent.v1.handover_service_pb2 import AcceptHandoverRequest as AcceptHandoverRequest
from frontdesk.agent.v1.handover_service_pb2 import AcceptHandoverResponse as AcceptHandoverResponse
from frontdesk.agent.v1.handover_service_pb2 import DeclineHandoverRequest as DeclineHandoverRequest
from frontdesk.agent.v1.handover_service_pb2 import GetHandoverRequest as GetHandoverRequest
from frontdesk.agent.v1.handover_service_pb2 import ListHandoversRequest as ListHandoversRequest
from frontdesk.agent.v1.handover_service_pb2 import ListHandoversResponse as ListHandoversResponse
from frontdesk.agent.v1.handover_service_pb2 import RequestHandoverRequest as RequestHandoverRequest
from frontdesk.agent.v1.handover_service_pb2 import RequestHandoverResponse as RequestHandoverResponse
from frontdesk.agent.v1.handover_service_pb2 import ResolveConversationRequest as ResolveConversationRequest
from frontdesk.agent.v1.handover_service_pb2 import ReturnToAssistantRequest as ReturnToAssistantRequest
from frontdesk.agent.v1.handover_service_pb2 import TransferConversationRequest as TransferConversationRequest
from frontdesk.agent.v1.handover_service_pb2_grpc import HandoverServiceServicer as HandoverServiceServicer
from frontdesk.agent.v1.handover_service_pb2_grpc import HandoverServiceStub as HandoverServiceStub
from frontdesk.agent.v1.handover_service_pb2_grpc import add_HandoverServiceServicer_to_server as add_HandoverServiceServicer_to_server
from frontdesk.agent.v1.inbox_pb2 import AssignmentEnded as AssignmentEnded
from frontdesk.agent.v1.inbox_pb2 import InboxDecline as InboxDecline
from frontdesk.agent.v1.inbox_pb2 import InboxEvent as InboxEvent
from frontdesk.agent.v1.inbox_pb2 import InboxMessage as InboxMessage
from frontdesk.agent.v1.inbox_pb2 import QueueEntryRemoved as QueueEntryRemoved
from frontdesk.agent.v1.inbox_service_pb2 import AddNoteRequest as AddNoteRequest
from frontdesk.agent.v1.inbox_service_pb2 import AddNoteResponse as AddNoteResponse
from frontdesk.agent.v1.inbox_service_pb2 import ListInboxRequest as ListInboxRequest
from frontdesk.agent.v1.inbox_service_pb2 import ListInboxResponse as ListInboxResponse
from frontdesk.agent.v1.inbox_service_pb2 import ReplyRequest as ReplyRequest
from frontdesk.agent.v1.inbox_service_pb2 import ReplyResponse as ReplyResponse
from frontdesk.agent.v1.inbox_service_pb2 import WatchInboxRequest as WatchInboxRequest
from frontdesk.agent.v1.inbox_service_pb2 import WatchInboxResponse as WatchInboxResponse
from frontdesk.agent.v1.inbox_service_pb2_grpc import InboxServiceServicer as InboxServiceServicer
from frontdesk.agent.v1.inbox_service_pb2_grpc import InboxServiceStub as InboxServiceStub
from frontdesk.agent.v1.inbox_service_pb2_grpc import add_InboxServiceServicer_to_server as add_InboxServiceServicer_to_server
from frontdesk.agent.v1.presence_pb2 import PRESENCE_STATE_AWAY as PRESENCE_STATE_AWAY
from frontdesk.agent.v1.presence_pb2 import PRESENCE_STATE_OFFLINE as PRESENCE_STATE_OFFLINE
from frontdesk.agent.v1.presence_pb2 import PRESENCE_STATE_ONLINE as PRESENCE_STATE_ONLINE
from frontdesk.agent.v1.presence_pb2 import PRESENCE_STATE_UNSPECIFIED as PRESENCE_STATE_UNSPECIFIED
from frontdesk.agent.v1.presence_pb2 import Presence as Presence
from frontdesk.agent.v1.presence_pb2 import PresenceState as PresenceState
from frontdesk.agent.v1.presence_service_pb2 import GetPresenceRequest as GetPresenceRequest
from frontdesk.agent.v1.presence_service_pb2 import HeartbeatRequest as HeartbeatRequest
from frontdesk.agent.v1.presence_service_pb2 import HeartbeatResponse as HeartbeatResponse
from frontdesk.agent.v1.presence_service_pb2 import ListPresencesRequest as ListPresencesRequest
from frontdesk.agent.v1.presence_service_pb2 import ListPresencesResponse as ListPresencesResponse
from frontdesk.agent.v1.presence_service_pb2 import SetPresenceRequest as SetPresenceRequest
from frontdesk.agent.v1.presence_service_pb2 import WatchPresencesRequest as WatchPresencesRequest
from frontdesk.agent.v1.presence_service_pb2 import WatchPresencesResponse as WatchPresencesResponse
from frontdesk.agent.v1.presence_service_pb2_grpc import PresenceServiceServicer as PresenceServiceServicer
from frontdesk.agent.v1.presence_service_pb2_grpc import PresenceServiceStub as PresenceServiceStub
from frontdesk.agent.v1.presence_service_pb2_grpc import add_PresenceServiceServicer_to_server as add_PresenceServiceServicer_to_server
from frontdesk.agent.v1.queue_pb2 import Queue as Queue
from frontdesk.agent.v1.queue_pb2 import QueueEntry as QueueEntry
from frontdesk.agent.v1.queue_pb2 import QueueRule as QueueRule
from frontdesk.agent.v1.queue_service_pb2 import CreateQueueRequest as CreateQueueRequest
from frontdesk.agent.v1.queue_service_pb2 import DeleteQueueRequest as DeleteQueueRequest
from frontdesk.agent.v1.queue_service_pb2 import GetQueueRequest as GetQueueRequest
from frontdesk.agent.v1.queue_service_pb2 import ListQueueEntriesRequest as ListQueueEntriesRequest
from frontdesk.agent.v1.queue_service_pb2 import ListQueueEntriesResponse as ListQueueEntriesResponse
from frontdesk.agent.v1.queue_service_pb2 import ListQueuesRequest as ListQueuesRequest
from frontdesk.agent.v1.queue_service_pb2 import ListQueuesResponse as ListQueuesResponse
from frontdesk.agent.v1.queue_service_pb2 import UpdateQueueRequest as UpdateQueueRequest
from frontdesk.agent.v1.queue_service_pb2_grpc import QueueServiceServicer as QueueServiceServicer
from frontdesk.agent.v1.queue_service_pb2_grpc import QueueServiceStub as QueueServiceStub
from frontdesk.agent.v1.queue_service_pb2_grpc import add_QueueServiceServicer_to_server as add_QueueServiceServicer_to_server
from frontdesk.agent.v1.verification_service_pb2 import VerifyStoresRequest as VerifyStoresRequest
from frontdesk.agent.v1.verification_service_pb2 import VerifyStoresResponse as VerifyStoresResponse
from frontdesk.agent.v1.verification_service_pb2_grpc import VerificationServiceServicer as VerificationServiceServicer
from frontdesk.agent.v1.verification_service_pb2_grpc import VerificationServiceStub as VerificationServiceStub
from frontdesk.agent.v1.verification_service_pb2_grpc import add_VerificationServiceServicer_to_server as add_VerificationServiceServicer_to_server

# Full names of this package's services.
SERVICES: tuple[str, ...] = (
    "frontdesk.agent.v1.AgentService",
    "frontdesk.agent.v1.CannedReplyService",
    "frontdesk.agent.v1.EventService",
    "frontdesk.agent.v1.HandoverService",
    "frontdesk.agent.v1.InboxService",
    "frontdesk.agent.v1.PresenceService",
    "frontdesk.agent.v1.QueueService",
    "frontdesk.agent.v1.VerificationService",
)
