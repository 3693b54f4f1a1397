"""Made by `make gen` from proto/; do not edit."""

from frontdesk.admin.v1.analytics_service_pb2 import ExportReportRequest as ExportReportRequest
from frontdesk.admin.v1.analytics_service_pb2 import GetReportRequest as GetReportRequest
from frontdesk.admin.v1.analytics_service_pb2 import ListReportsRequest as ListReportsRequest
from frontdesk.admin.v1.analytics_service_pb2 import ListReportsResponse as ListReportsResponse
from frontdesk.admin.v1.analytics_service_pb2_grpc import AnalyticsServiceServicer as AnalyticsServiceServicer
from frontdesk.admin.v1.analytics_service_pb2_grpc import AnalyticsServiceStub as AnalyticsServiceStub
from frontdesk.admin.v1.analytics_service_pb2_grpc import add_AnalyticsServiceServicer_to_server as add_AnalyticsServiceServicer_to_server
from frontdesk.admin.v1.api_key_pb2 import API_KEY_TIER_BASIC as API_KEY_TIER_BASIC
from frontdesk.admin.v1.api_key_pb2 import API_KEY_TIER_PREMIUM as API_KEY_TIER_PREMIUM
from frontdesk.admin.v1.api_key_pb2 import API_KEY_TIER_STANDARD as API_KEY_TIER_STANDARD
from frontdesk.admin.v1.api_key_pb2 import API_KEY_TIER_UNSPECIFIED as API_KEY_TIER_UNSPECIFIED
from frontdesk.admin.v1.api_key_pb2 import ApiKey as ApiKey
from frontdesk.admin.v1.api_key_pb2 import ApiKeyTier as ApiKeyTier
from frontdesk.admin.v1.api_key_service_pb2 import CreateApiKeyRequest as CreateApiKeyRequest
from frontdesk.admin.v1.api_key_service_pb2 import CreateApiKeyResponse as CreateApiKeyResponse
from frontdesk.admin.v1.api_key_service_pb2 import GetApiKeyRequest as GetApiKeyRequest
from frontdesk.admin.v1.api_key_service_pb2 import ListApiKeysRequest as ListApiKeysRequest
from frontdesk.admin.v1.api_key_service_pb2 import ListApiKeysResponse as ListApiKeysResponse
from frontdesk.admin.v1.api_key_service_pb2 import RevokeApiKeyRequest as RevokeApiKeyRequest
from frontdesk.admin.v1.api_key_service_pb2_grpc import ApiKeyServiceServicer as ApiKeyServiceServicer
from frontdesk.admin.v1.api_key_service_pb2_grpc import ApiKeyServiceStub as ApiKeyServiceStub
from frontdesk.admin.v1.api_key_service_pb2_grpc import add_ApiKeyServiceServicer_to_server as add_ApiKeyServiceServicer_to_server
from frontdesk.admin.v1.audit_event_pb2 import AuditEvent as AuditEvent
from frontdesk.admin.v1.audit_service_pb2 import ExportAuditEventsRequest as ExportAuditEventsRequest
from frontdesk.admin.v1.audit_service_pb2 import GetAuditEventRequest as GetAuditEventRequest
from frontdesk.admin.v1.audit_service_pb2 import ListAuditEventsRequest as ListAuditEventsRequest
from frontdesk.admin.v1.audit_service_pb2 import ListAuditEventsResponse as ListAuditEventsResponse
from frontdesk.admin.v1.audit_service_pb2 import VerifyAuditEventsRequest as VerifyAuditEventsRequest
from frontdesk.admin.v1.audit_service_pb2 import VerifyAuditEventsResponse as VerifyAuditEventsResponse
from frontdesk.admin.v1.audit_service_pb2_grpc import AuditServiceServicer as AuditServiceServicer
from frontdesk.admin.v1.audit_service_pb2_grpc import AuditServiceStub as AuditServiceStub
from frontdesk.admin.v1.audit_service_pb2_grpc import add_AuditServiceServicer_to_server as add_AuditServiceServicer_to_server
from frontdesk.admin.v1.auth_service_pb2 import ExchangeApiKeyRequest as ExchangeApiKeyRequest
from frontdesk.admin.v1.auth_service_pb2 import ExchangeApiKeyResponse as ExchangeApiKeyResponse
from frontdesk.admin.v1.auth_service_pb2 import GetJwksRequest as GetJwksRequest
from frontdesk.admin.v1.auth_service_pb2 import LoginRequest as LoginRequest
from frontdesk.admin.v1.auth_service_pb2 import LoginResponse as LoginResponse
from frontdesk.admin.v1.auth_service_pb2 import LogoutRequest as LogoutRequest
from frontdesk.admin.v1.auth_service_pb2 import RefreshTokenRequest as RefreshTokenRequest
from frontdesk.admin.v1.auth_service_pb2 import RefreshTokenResponse as RefreshTokenResponse
from frontdesk.admin.v1.auth_service_pb2 import Tokens as Tokens
from frontdesk.admin.v1.auth_service_pb2_grpc import AuthServiceServicer as AuthServiceServicer
from frontdesk.admin.v1.auth_service_pb2_grpc import AuthServiceStub as AuthServiceStub
from frontdesk.admin.v1.auth_service_pb2_grpc import add_AuthServiceServicer_to_server as add_AuthServiceServicer_to_server
from frontdesk.admin.v1.organization_pb2 import Organization as Organization
from frontdesk.admin.v1.organization_service_pb2 import CreateOrganizationRequest as CreateOrganizationRequest
from frontdesk.admin.v1.organization_service_pb2 import GetOrganizationRequest as GetOrganizationRequest
from frontdesk.admin.v1.organization_service_pb2 import ListOrganizationsRequest as ListOrganizationsRequest
from frontdesk.admin.v1.organization_service_pb2 import ListOrganizationsResponse as ListOrganizationsResponse
from frontdesk.admin.v1.organization_service_pb2 import UpdateOrganizationRequest as UpdateOrganizationRequest
from frontdesk.admin.v1.organization_service_pb2_grpc import OrganizationServiceServicer as OrganizationServiceServicer
from frontdesk.admin.v1.organization_service_pb2_grpc import OrganizationServiceStub as OrganizationServiceStub
from frontdesk.admin.v1.organization_service_pb2_grpc import add_OrganizationServiceServicer_to_server as add_OrganizationServiceServicer_to_server
from frontdesk.admin.v1.report_pb2 import GRANULARITY_DAY as GRANULARITY_DAY
from frontdesk.admin.v1.report_pb2 import GRANULARITY_HOUR as GRANULARITY_HOUR
from frontdesk.admin.v1.report_pb2 import GRANULARITY_MONTH as GRANULARITY_MONTH
from frontdesk.admin.v1.report_pb2 import GRANULARITY_UNSPECIFIED as GRANULARITY_UNSPECIFIED
from frontdesk.admin.v1.report_pb2 import GRANULARITY_WEEK as GRANULARITY_WEEK
from frontdesk.admin.v1.report_pb2 import Granularity as Granularity
from frontdesk.admin.v1.report_pb2 import Report as Report
from frontdesk.admin.v1.role_pb2 import Role as Role
from frontdesk.admin.v1.role_service_pb2 import CreateRoleRequest as CreateRoleRequest
from frontdesk.admin.v1.role_service_pb2 import DeleteRoleRequest as DeleteRoleRequest
from frontdesk.admin.v1.role_service_pb2 import GetRoleRequest as GetRoleRequest
from frontdesk.admin.v1.role_service_pb2 import ListRolesRequest as ListRolesRequest
from frontdesk.admin.v1.role_service_pb2 import ListRolesResponse as ListRolesResponse
from frontdesk.admin.v1.role_service_pb2 import UpdateRoleRequest as UpdateRoleRequest
from frontdesk.admin.v1.role_service_pb2_grpc import RoleServiceServicer as RoleServiceServicer
from frontdesk.admin.v1.role_service_pb2_grpc import RoleServiceStub as RoleServiceStub
from frontdesk.admin.v1.role_service_pb2_grpc import add_RoleServiceServicer_to_server as add_RoleServiceServicer_to_server
from frontdesk.admin.v1.setting_pb2 import AssistantSettings as AssistantSettings
from frontdesk.admin.v1.setting_pb2 import BudgetSettings as BudgetSettings
from frontdesk.admin.v1.setting_pb2 import BusinessHours as BusinessHours
from frontdesk.admin.v1.setting_pb2 import RetentionSettings as RetentionSettings
from frontdesk.admin.v1.setting_pb2 import Setting as Setting
from frontdesk.admin.v1.setting_pb2 import SignInSettings as SignInSettings
from frontdesk.admin.v1.setting_service_pb2 import GetSettingRequest as GetSettingRequest
from frontdesk.admin.v1.setting_service_pb2 import ListSettingVersionsRequest as ListSettingVersionsRequest
from frontdesk.admin.v1.setting_service_pb2 import ListSettingVersionsResponse as ListSettingVersionsResponse
from frontdesk.admin.v1.setting_service_pb2 import ListSettingsRequest as ListSettingsRequest
from frontdesk.admin.v1.setting_service_pb2 import ListSettingsResponse as ListSettingsResponse
from frontdesk.admin.v1.setting_service_pb2 import RollbackSettingRequest as RollbackSettingRequest
from frontdesk.admin.v1.setting_service_pb2 import UpdateSettingRequest as UpdateSettingRequest
from frontdesk.admin.v1.setting_service_pb2_grpc import SettingServiceServicer as SettingServiceServicer
from frontdesk.admin.v1.setting_service_pb2_grpc import SettingServiceStub as SettingServiceStub
from frontdesk.admin.v1.setting_service_pb2_grpc import add_SettingServiceServicer_to_server as add_SettingServiceServicer_to_server
from frontdesk.admin.v1.user_pb2 import USER_STATE_ACTIVE as USER_STATE_ACTIVE
from frontdesk.admin.v1.user_pb2 import USER_STATE_DEACTIVATED as USER_STATE_DEACTIVATED
from frontdesk.admin.v1.user_pb2 import USER_STATE_UNSPECIFIED as USER_STATE_UNSPECIFIED
from frontdesk.admin.v1.user_pb2 import User as User
from frontdesk.admin.v1.user_pb2 import UserState as UserState
from frontdesk.admin.v1.user_service_pb2 import ActivateUserRequest as ActivateUserRequest
from frontdesk.admin.v1.user_service_pb2 import AssignRolesRequest as AssignRolesRequest
from frontdesk.admin.v1.user_service_pb2 import ChangePasswordRequest as ChangePasswordRequest
from frontdesk.admin.v1.user_service_pb2 import CreateUserRequest as CreateUserRequest
from frontdesk.admin.v1.user_service_pb2 import DeactivateUserRequest as DeactivateUserRequest
from frontdesk.admin.v1.user_service_pb2 import DeleteUserRequest as DeleteUserRequest
from frontdesk.admin.v1.user_service_pb2 import GetCurrentUserRequest as GetCurrentUserRequest
from frontdesk.admin.v1.user_service_pb2 import GetUserRequest as GetUserRequest
from frontdesk.admin.v1.user_service_pb2 import ListUsersRequest as ListUsersRequest
from frontdesk.admin.v1.user_service_pb2 import ListUsersResponse as ListUsersResponse
from frontdesk.admin.v1.user_service_pb2 import SetPasswordRequest as SetPasswordRequest
from frontdesk.admin.v1.user_service_pb2 import UpdateUserRequest as UpdateUserRequest
from frontdesk.admin.v1.user_service_pb2_grpc import UserServiceServicer as UserServiceServicer
from frontdesk.admin.v1.user_service_pb2_grpc import UserServiceStub as UserServiceStub
from frontdesk.admin.v1.user_service_pb2_grpc import add_UserServiceServicer_to_server as add_UserServiceServicer_to_server

# Full names of this package's services.
SERVICES: tuple[str, ...] = (
    "frontdesk.admin.v1.AnalyticsService",
    "frontdesk.admin.v1.ApiKeyService",
    "frontdesk.admin.v1.AuditService",
    "frontdesk.admin.v1.AuthService",
    "frontdesk.admin.v1.OrganizationService",
    "frontdesk.admin.v1.RoleService",
    "frontdesk.admin.v1.SettingService",
    "frontdesk.admin.v1.UserService",
)
