"""Made by `make gen` from proto/; do not edit."""

from frontdesk.channel.internal.v1.event_service_pb2 import ChannelCreated as ChannelCreated
from frontdesk.channel.internal.v1.event_service_pb2 import ChannelDeleted as ChannelDeleted
from frontdesk.channel.internal.v1.event_service_pb2 import ChannelUpdated as ChannelUpdated
from frontdesk.channel.internal.v1.event_service_pb2 import ConversationRated as ConversationRated
from frontdesk.channel.internal.v1.event_service_pb2 import CustomerBlocked as CustomerBlocked
from frontdesk.channel.internal.v1.event_service_pb2 import CustomerTokensRevoked as CustomerTokensRevoked
from frontdesk.channel.internal.v1.event_service_pb2 import DeliveryStateChanged as DeliveryStateChanged
from frontdesk.channel.internal.v1.event_service_pb2 import Event as Event
from frontdesk.channel.internal.v1.event_service_pb2 import InboundMessageDied as InboundMessageDied
from frontdesk.channel.internal.v1.event_service_pb2 import MediaDeleted as MediaDeleted
from frontdesk.channel.internal.v1.event_service_pb2 import MediaFinished as MediaFinished
from frontdesk.channel.internal.v1.event_service_pb2 import SessionEnded as SessionEnded
from frontdesk.channel.internal.v1.event_service_pb2 import SessionOpened as SessionOpened
from frontdesk.channel.internal.v1.event_service_pb2 import WatchEventsRequest as WatchEventsRequest
from frontdesk.channel.internal.v1.event_service_pb2 import WatchEventsResponse as WatchEventsResponse
from frontdesk.channel.internal.v1.event_service_pb2_grpc import EventServiceServicer as EventServiceServicer
from frontdesk.channel.internal.v1.event_service_pb2_grpc import EventServiceStub as EventServiceStub
from frontdesk.channel.internal.v1.event_service_pb2_grpc import add_EventServiceServicer_to_server as add_EventServiceServicer_to_server
from frontdesk.channel.internal.v1.mail_service_pb2 import GetMailStateRequest as GetMailStateRequest
from frontdesk.channel.internal.v1.mail_service_pb2 import InvitationMail as InvitationMail
from frontdesk.channel.internal.v1.mail_service_pb2 import MailState as MailState
from frontdesk.channel.internal.v1.mail_service_pb2 import PasswordResetMail as PasswordResetMail
from frontdesk.channel.internal.v1.mail_service_pb2 import SendMailRequest as SendMailRequest
from frontdesk.channel.internal.v1.mail_service_pb2 import SendMailResponse as SendMailResponse
from frontdesk.channel.internal.v1.mail_service_pb2_grpc import MailServiceServicer as MailServiceServicer
from frontdesk.channel.internal.v1.mail_service_pb2_grpc import MailServiceStub as MailServiceStub
from frontdesk.channel.internal.v1.mail_service_pb2_grpc import add_MailServiceServicer_to_server as add_MailServiceServicer_to_server
from frontdesk.channel.internal.v1.verification_service_pb2 import VerifyStoresRequest as VerifyStoresRequest
from frontdesk.channel.internal.v1.verification_service_pb2 import VerifyStoresResponse as VerifyStoresResponse
from frontdesk.channel.internal.v1.verification_service_pb2_grpc import VerificationServiceServicer as VerificationServiceServicer
from frontdesk.channel.internal.v1.verification_service_pb2_grpc import VerificationServiceStub as VerificationServiceStub
from frontdesk.channel.internal.v1.verification_service_pb2_grpc import add_VerificationServiceServicer_to_server as add_VerificationServiceServicer_to_server

# Full names of this package's services.
SERVICES: tuple[str, ...] = (
    "frontdesk.channel.internal.v1.EventService",
    "frontdesk.channel.internal.v1.MailService",
    "frontdesk.channel.internal.v1.VerificationService",
)
