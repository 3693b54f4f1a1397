"""Made by `make gen` from proto/; do not edit."""

from frontdesk.admin.internal.v1.event_pb2 import ApiKeyCreated as ApiKeyCreated
from frontdesk.admin.internal.v1.event_pb2 import ApiKeyRevoked as ApiKeyRevoked
from frontdesk.admin.internal.v1.event_pb2 import ApiKeyRotated as ApiKeyRotated
from frontdesk.admin.internal.v1.event_pb2 import ApiKeySecretsEnded as ApiKeySecretsEnded
from frontdesk.admin.internal.v1.event_pb2 import CredentialDeleted as CredentialDeleted
from frontdesk.admin.internal.v1.event_pb2 import CredentialUpdated as CredentialUpdated
from frontdesk.admin.internal.v1.event_pb2 import Event as Event
from frontdesk.admin.internal.v1.event_pb2 import InvitationAccepted as InvitationAccepted
from frontdesk.admin.internal.v1.event_pb2 import InvitationCreated as InvitationCreated
from frontdesk.admin.internal.v1.event_pb2 import InvitationRenewed as InvitationRenewed
from frontdesk.admin.internal.v1.event_pb2 import InvitationRevoked as InvitationRevoked
from frontdesk.admin.internal.v1.event_pb2 import OrganizationCreated as OrganizationCreated
from frontdesk.admin.internal.v1.event_pb2 import OrganizationStateChanged as OrganizationStateChanged
from frontdesk.admin.internal.v1.event_pb2 import OrganizationUpdated as OrganizationUpdated
from frontdesk.admin.internal.v1.event_pb2 import PasswordResetLinkCreated as PasswordResetLinkCreated
from frontdesk.admin.internal.v1.event_pb2 import RecoveryCodeUsed as RecoveryCodeUsed
from frontdesk.admin.internal.v1.event_pb2 import RecoveryCodesRegenerated as RecoveryCodesRegenerated
from frontdesk.admin.internal.v1.event_pb2 import RoleCreated as RoleCreated
from frontdesk.admin.internal.v1.event_pb2 import RoleDeleted as RoleDeleted
from frontdesk.admin.internal.v1.event_pb2 import RoleUpdated as RoleUpdated
from frontdesk.admin.internal.v1.event_pb2 import SESSION_END_REASON_ENDED as SESSION_END_REASON_ENDED
from frontdesk.admin.internal.v1.event_pb2 import SESSION_END_REASON_ENDED_BY_OTHER as SESSION_END_REASON_ENDED_BY_OTHER
from frontdesk.admin.internal.v1.event_pb2 import SESSION_END_REASON_LOGOUT as SESSION_END_REASON_LOGOUT
from frontdesk.admin.internal.v1.event_pb2 import SESSION_END_REASON_TOKEN_REUSED as SESSION_END_REASON_TOKEN_REUSED
from frontdesk.admin.internal.v1.event_pb2 import SESSION_END_REASON_UNSPECIFIED as SESSION_END_REASON_UNSPECIFIED
from frontdesk.admin.internal.v1.event_pb2 import SecondFactorDisabled as SecondFactorDisabled
from frontdesk.admin.internal.v1.event_pb2 import SecondFactorEnabled as SecondFactorEnabled
from frontdesk.admin.internal.v1.event_pb2 import SessionEndReason as SessionEndReason
from frontdesk.admin.internal.v1.event_pb2 import SessionEnded as SessionEnded
from frontdesk.admin.internal.v1.event_pb2 import SessionStarted as SessionStarted
from frontdesk.admin.internal.v1.event_pb2 import SettingDrafted as SettingDrafted
from frontdesk.admin.internal.v1.event_pb2 import SettingPublished as SettingPublished
from frontdesk.admin.internal.v1.event_pb2 import UserActivated as UserActivated
from frontdesk.admin.internal.v1.event_pb2 import UserCreated as UserCreated
from frontdesk.admin.internal.v1.event_pb2 import UserDeactivated as UserDeactivated
from frontdesk.admin.internal.v1.event_pb2 import UserDeleted as UserDeleted
from frontdesk.admin.internal.v1.event_pb2 import UserPasswordChanged as UserPasswordChanged
from frontdesk.admin.internal.v1.event_pb2 import UserRolesAssigned as UserRolesAssigned
from frontdesk.admin.internal.v1.event_pb2 import UserUpdated as UserUpdated
from frontdesk.admin.internal.v1.event_service_pb2 import WatchEventsRequest as WatchEventsRequest
from frontdesk.admin.internal.v1.event_service_pb2 import WatchEventsResponse as WatchEventsResponse
from frontdesk.admin.internal.v1.event_service_pb2_grpc import EventServiceServicer as EventServiceServicer
from frontdesk.admin.internal.v1.event_service_pb2_grpc import EventServiceStub as EventServiceStub
from frontdesk.admin.internal.v1.event_service_pb2_grpc import add_EventServiceServicer_to_server as add_EventServiceServicer_to_server
from frontdesk.admin.internal.v1.organization_service_pb2 import ConfirmOrganizationErasureRequest as ConfirmOrganizationErasureRequest
from frontdesk.admin.internal.v1.organization_service_pb2 import CreateOrganizationRequest as CreateOrganizationRequest
from frontdesk.admin.internal.v1.organization_service_pb2 import DeleteOrganizationRequest as DeleteOrganizationRequest
from frontdesk.admin.internal.v1.organization_service_pb2 import GetOrganizationErasureRequest as GetOrganizationErasureRequest
from frontdesk.admin.internal.v1.organization_service_pb2 import ListOrganizationsRequest as ListOrganizationsRequest
from frontdesk.admin.internal.v1.organization_service_pb2 import ListOrganizationsResponse as ListOrganizationsResponse
from frontdesk.admin.internal.v1.organization_service_pb2 import OrganizationErasure as OrganizationErasure
from frontdesk.admin.internal.v1.organization_service_pb2 import RestoreOrganizationRequest as RestoreOrganizationRequest
from frontdesk.admin.internal.v1.organization_service_pb2 import ResumeOrganizationRequest as ResumeOrganizationRequest
from frontdesk.admin.internal.v1.organization_service_pb2 import SuspendOrganizationRequest as SuspendOrganizationRequest
from frontdesk.admin.internal.v1.organization_service_pb2_grpc import OrganizationServiceServicer as OrganizationServiceServicer
from frontdesk.admin.internal.v1.organization_service_pb2_grpc import OrganizationServiceStub as OrganizationServiceStub
from frontdesk.admin.internal.v1.organization_service_pb2_grpc import add_OrganizationServiceServicer_to_server as add_OrganizationServiceServicer_to_server
from frontdesk.admin.internal.v1.secret_service_pb2 import GetSecretRequest as GetSecretRequest
from frontdesk.admin.internal.v1.secret_service_pb2 import Secret as Secret
from frontdesk.admin.internal.v1.secret_service_pb2_grpc import SecretServiceServicer as SecretServiceServicer
from frontdesk.admin.internal.v1.secret_service_pb2_grpc import SecretServiceStub as SecretServiceStub
from frontdesk.admin.internal.v1.secret_service_pb2_grpc import add_SecretServiceServicer_to_server as add_SecretServiceServicer_to_server
from frontdesk.admin.internal.v1.setting_service_pb2 import GetSettingVersionRequest as GetSettingVersionRequest
from frontdesk.admin.internal.v1.setting_service_pb2_grpc import SettingServiceServicer as SettingServiceServicer
from frontdesk.admin.internal.v1.setting_service_pb2_grpc import SettingServiceStub as SettingServiceStub
from frontdesk.admin.internal.v1.setting_service_pb2_grpc import add_SettingServiceServicer_to_server as add_SettingServiceServicer_to_server
from frontdesk.admin.internal.v1.setup_service_pb2 import CreateResetLinkRequest as CreateResetLinkRequest
from frontdesk.admin.internal.v1.setup_service_pb2 import CreateResetLinkResponse as CreateResetLinkResponse
from frontdesk.admin.internal.v1.setup_service_pb2 import CreateSetupLinkRequest as CreateSetupLinkRequest
from frontdesk.admin.internal.v1.setup_service_pb2 import CreateSetupLinkResponse as CreateSetupLinkResponse
from frontdesk.admin.internal.v1.setup_service_pb2_grpc import SetupServiceServicer as SetupServiceServicer
from frontdesk.admin.internal.v1.setup_service_pb2_grpc import SetupServiceStub as SetupServiceStub
from frontdesk.admin.internal.v1.setup_service_pb2_grpc import add_SetupServiceServicer_to_server as add_SetupServiceServicer_to_server

# Full names of this package's services.
SERVICES: tuple[str, ...] = (
    "frontdesk.admin.internal.v1.EventService",
    "frontdesk.admin.internal.v1.OrganizationService",
    "frontdesk.admin.internal.v1.SecretService",
    "frontdesk.admin.internal.v1.SettingService",
    "frontdesk.admin.internal.v1.SetupService",
)
