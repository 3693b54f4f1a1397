import datetime

from frontdesk.access.v1 import access_pb2 as _access_pb2
from frontdesk.admin.v1 import credential_pb2 as _credential_pb2
from frontdesk.admin.v1 import organization_pb2 as _organization_pb2
from frontdesk.admin.v1 import setting_pb2 as _setting_pb2
from frontdesk.event.v1 import envelope_pb2 as _envelope_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SessionEndReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SESSION_END_REASON_UNSPECIFIED: _ClassVar[SessionEndReason]
    SESSION_END_REASON_LOGOUT: _ClassVar[SessionEndReason]
    SESSION_END_REASON_TOKEN_REUSED: _ClassVar[SessionEndReason]
    SESSION_END_REASON_ENDED: _ClassVar[SessionEndReason]
    SESSION_END_REASON_ENDED_BY_OTHER: _ClassVar[SessionEndReason]
SESSION_END_REASON_UNSPECIFIED: SessionEndReason
SESSION_END_REASON_LOGOUT: SessionEndReason
SESSION_END_REASON_TOKEN_REUSED: SessionEndReason
SESSION_END_REASON_ENDED: SessionEndReason
SESSION_END_REASON_ENDED_BY_OTHER: SessionEndReason

class Event(_message.Message):
    __slots__ = ("envelope", "organization_created", "organization_updated", "organization_state_changed", "user_created", "user_updated", "user_roles_assigned", "user_deactivated", "user_activated", "user_deleted", "user_password_changed", "session_started", "session_ended", "api_key_created", "api_key_revoked", "setting_drafted", "setting_published", "credential_updated", "credential_deleted", "role_created", "role_updated", "role_deleted", "invitation_created", "invitation_renewed", "invitation_revoked", "invitation_accepted", "second_factor_enabled", "second_factor_disabled", "recovery_codes_regenerated", "recovery_code_used", "password_reset_link_created", "api_key_rotated", "api_key_secrets_ended")
    ENVELOPE_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_CREATED_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_UPDATED_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_STATE_CHANGED_FIELD_NUMBER: _ClassVar[int]
    USER_CREATED_FIELD_NUMBER: _ClassVar[int]
    USER_UPDATED_FIELD_NUMBER: _ClassVar[int]
    USER_ROLES_ASSIGNED_FIELD_NUMBER: _ClassVar[int]
    USER_DEACTIVATED_FIELD_NUMBER: _ClassVar[int]
    USER_ACTIVATED_FIELD_NUMBER: _ClassVar[int]
    USER_DELETED_FIELD_NUMBER: _ClassVar[int]
    USER_PASSWORD_CHANGED_FIELD_NUMBER: _ClassVar[int]
    SESSION_STARTED_FIELD_NUMBER: _ClassVar[int]
    SESSION_ENDED_FIELD_NUMBER: _ClassVar[int]
    API_KEY_CREATED_FIELD_NUMBER: _ClassVar[int]
    API_KEY_REVOKED_FIELD_NUMBER: _ClassVar[int]
    SETTING_DRAFTED_FIELD_NUMBER: _ClassVar[int]
    SETTING_PUBLISHED_FIELD_NUMBER: _ClassVar[int]
    CREDENTIAL_UPDATED_FIELD_NUMBER: _ClassVar[int]
    CREDENTIAL_DELETED_FIELD_NUMBER: _ClassVar[int]
    ROLE_CREATED_FIELD_NUMBER: _ClassVar[int]
    ROLE_UPDATED_FIELD_NUMBER: _ClassVar[int]
    ROLE_DELETED_FIELD_NUMBER: _ClassVar[int]
    INVITATION_CREATED_FIELD_NUMBER: _ClassVar[int]
    INVITATION_RENEWED_FIELD_NUMBER: _ClassVar[int]
    INVITATION_REVOKED_FIELD_NUMBER: _ClassVar[int]
    INVITATION_ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    SECOND_FACTOR_ENABLED_FIELD_NUMBER: _ClassVar[int]
    SECOND_FACTOR_DISABLED_FIELD_NUMBER: _ClassVar[int]
    RECOVERY_CODES_REGENERATED_FIELD_NUMBER: _ClassVar[int]
    RECOVERY_CODE_USED_FIELD_NUMBER: _ClassVar[int]
    PASSWORD_RESET_LINK_CREATED_FIELD_NUMBER: _ClassVar[int]
    API_KEY_ROTATED_FIELD_NUMBER: _ClassVar[int]
    API_KEY_SECRETS_ENDED_FIELD_NUMBER: _ClassVar[int]
    envelope: _envelope_pb2.Envelope
    organization_created: OrganizationCreated
    organization_updated: OrganizationUpdated
    organization_state_changed: OrganizationStateChanged
    user_created: UserCreated
    user_updated: UserUpdated
    user_roles_assigned: UserRolesAssigned
    user_deactivated: UserDeactivated
    user_activated: UserActivated
    user_deleted: UserDeleted
    user_password_changed: UserPasswordChanged
    session_started: SessionStarted
    session_ended: SessionEnded
    api_key_created: ApiKeyCreated
    api_key_revoked: ApiKeyRevoked
    setting_drafted: SettingDrafted
    setting_published: SettingPublished
    credential_updated: CredentialUpdated
    credential_deleted: CredentialDeleted
    role_created: RoleCreated
    role_updated: RoleUpdated
    role_deleted: RoleDeleted
    invitation_created: InvitationCreated
    invitation_renewed: InvitationRenewed
    invitation_revoked: InvitationRevoked
    invitation_accepted: InvitationAccepted
    second_factor_enabled: SecondFactorEnabled
    second_factor_disabled: SecondFactorDisabled
    recovery_codes_regenerated: RecoveryCodesRegenerated
    recovery_code_used: RecoveryCodeUsed
    password_reset_link_created: PasswordResetLinkCreated
    api_key_rotated: ApiKeyRotated
    api_key_secrets_ended: ApiKeySecretsEnded
    def __init__(self, envelope: _Optional[_Union[_envelope_pb2.Envelope, _Mapping]] = ..., organization_created: _Optional[_Union[OrganizationCreated, _Mapping]] = ..., organization_updated: _Optional[_Union[OrganizationUpdated, _Mapping]] = ..., organization_state_changed: _Optional[_Union[OrganizationStateChanged, _Mapping]] = ..., user_created: _Optional[_Union[UserCreated, _Mapping]] = ..., user_updated: _Optional[_Union[UserUpdated, _Mapping]] = ..., user_roles_assigned: _Optional[_Union[UserRolesAssigned, _Mapping]] = ..., user_deactivated: _Optional[_Union[UserDeactivated, _Mapping]] = ..., user_activated: _Optional[_Union[UserActivated, _Mapping]] = ..., user_deleted: _Optional[_Union[UserDeleted, _Mapping]] = ..., user_password_changed: _Optional[_Union[UserPasswordChanged, _Mapping]] = ..., session_started: _Optional[_Union[SessionStarted, _Mapping]] = ..., session_ended: _Optional[_Union[SessionEnded, _Mapping]] = ..., api_key_created: _Optional[_Union[ApiKeyCreated, _Mapping]] = ..., api_key_revoked: _Optional[_Union[ApiKeyRevoked, _Mapping]] = ..., setting_drafted: _Optional[_Union[SettingDrafted, _Mapping]] = ..., setting_published: _Optional[_Union[SettingPublished, _Mapping]] = ..., credential_updated: _Optional[_Union[CredentialUpdated, _Mapping]] = ..., credential_deleted: _Optional[_Union[CredentialDeleted, _Mapping]] = ..., role_created: _Optional[_Union[RoleCreated, _Mapping]] = ..., role_updated: _Optional[_Union[RoleUpdated, _Mapping]] = ..., role_deleted: _Optional[_Union[RoleDeleted, _Mapping]] = ..., invitation_created: _Optional[_Union[InvitationCreated, _Mapping]] = ..., invitation_renewed: _Optional[_Union[InvitationRenewed, _Mapping]] = ..., invitation_revoked: _Optional[_Union[InvitationRevoked, _Mapping]] = ..., invitation_accepted: _Optional[_Union[InvitationAccepted, _Mapping]] = ..., second_factor_enabled: _Optional[_Union[SecondFactorEnabled, _Mapping]] = ..., second_factor_disabled: _Optional[_Union[SecondFactorDisabled, _Mapping]] = ..., recovery_codes_regenerated: _Optional[_Union[RecoveryCodesRegenerated, _Mapping]] = ..., recovery_code_used: _Optional[_Union[RecoveryCodeUsed, _Mapping]] = ..., password_reset_link_created: _Optional[_Union[PasswordResetLinkCreated, _Mapping]] = ..., api_key_rotated: _Optional[_Union[ApiKeyRotated, _Mapping]] = ..., api_key_secrets_ended: _Optional[_Union[ApiKeySecretsEnded, _Mapping]] = ...) -> None: ...

class OrganizationCreated(_message.Message):
    __slots__ = ("display_name", "time_zone")
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    display_name: str
    time_zone: str
    def __init__(self, display_name: _Optional[str] = ..., time_zone: _Optional[str] = ...) -> None: ...

class OrganizationUpdated(_message.Message):
    __slots__ = ("display_name", "language", "time_zone")
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    display_name: str
    language: str
    time_zone: str
    def __init__(self, display_name: _Optional[str] = ..., language: _Optional[str] = ..., time_zone: _Optional[str] = ...) -> None: ...

class OrganizationStateChanged(_message.Message):
    __slots__ = ("state",)
    STATE_FIELD_NUMBER: _ClassVar[int]
    state: _organization_pb2.OrganizationState
    def __init__(self, state: _Optional[_Union[_organization_pb2.OrganizationState, str]] = ...) -> None: ...

class UserCreated(_message.Message):
    __slots__ = ("display_name", "roles")
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    ROLES_FIELD_NUMBER: _ClassVar[int]
    display_name: str
    roles: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, display_name: _Optional[str] = ..., roles: _Optional[_Iterable[str]] = ...) -> None: ...

class UserUpdated(_message.Message):
    __slots__ = ("display_name", "email_changed")
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    EMAIL_CHANGED_FIELD_NUMBER: _ClassVar[int]
    display_name: str
    email_changed: bool
    def __init__(self, display_name: _Optional[str] = ..., email_changed: _Optional[bool] = ...) -> None: ...

class UserRolesAssigned(_message.Message):
    __slots__ = ("roles", "previous_roles")
    ROLES_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_ROLES_FIELD_NUMBER: _ClassVar[int]
    roles: _containers.RepeatedScalarFieldContainer[str]
    previous_roles: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, roles: _Optional[_Iterable[str]] = ..., previous_roles: _Optional[_Iterable[str]] = ...) -> None: ...

class UserDeactivated(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class UserActivated(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class UserDeleted(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class UserPasswordChanged(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SessionStarted(_message.Message):
    __slots__ = ("user", "session")
    USER_FIELD_NUMBER: _ClassVar[int]
    SESSION_FIELD_NUMBER: _ClassVar[int]
    user: str
    session: str
    def __init__(self, user: _Optional[str] = ..., session: _Optional[str] = ...) -> None: ...

class SessionEnded(_message.Message):
    __slots__ = ("user", "session", "reason")
    USER_FIELD_NUMBER: _ClassVar[int]
    SESSION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    user: str
    session: str
    reason: SessionEndReason
    def __init__(self, user: _Optional[str] = ..., session: _Optional[str] = ..., reason: _Optional[_Union[SessionEndReason, str]] = ...) -> None: ...

class ApiKeyCreated(_message.Message):
    __slots__ = ("display_name", "scopes", "expire_time")
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    SCOPES_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    display_name: str
    scopes: _containers.RepeatedScalarFieldContainer[str]
    expire_time: _timestamp_pb2.Timestamp
    def __init__(self, display_name: _Optional[str] = ..., scopes: _Optional[_Iterable[str]] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ApiKeyRevoked(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SettingDrafted(_message.Message):
    __slots__ = ("value",)
    VALUE_FIELD_NUMBER: _ClassVar[int]
    value: _setting_pb2.SettingValue
    def __init__(self, value: _Optional[_Union[_setting_pb2.SettingValue, _Mapping]] = ...) -> None: ...

class SettingPublished(_message.Message):
    __slots__ = ("version", "previous_version", "value")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_VERSION_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    version: str
    previous_version: str
    value: _setting_pb2.SettingValue
    def __init__(self, version: _Optional[str] = ..., previous_version: _Optional[str] = ..., value: _Optional[_Union[_setting_pb2.SettingValue, _Mapping]] = ...) -> None: ...

class CredentialUpdated(_message.Message):
    __slots__ = ("revision", "user", "base_url")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    BASE_URL_FIELD_NUMBER: _ClassVar[int]
    revision: int
    user: _credential_pb2.CredentialUser
    base_url: str
    def __init__(self, revision: _Optional[int] = ..., user: _Optional[_Union[_credential_pb2.CredentialUser, str]] = ..., base_url: _Optional[str] = ...) -> None: ...

class CredentialDeleted(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RoleCreated(_message.Message):
    __slots__ = ("permissions",)
    PERMISSIONS_FIELD_NUMBER: _ClassVar[int]
    permissions: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, permissions: _Optional[_Iterable[str]] = ...) -> None: ...

class RoleUpdated(_message.Message):
    __slots__ = ("permissions", "previous_permissions")
    PERMISSIONS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_PERMISSIONS_FIELD_NUMBER: _ClassVar[int]
    permissions: _containers.RepeatedScalarFieldContainer[str]
    previous_permissions: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, permissions: _Optional[_Iterable[str]] = ..., previous_permissions: _Optional[_Iterable[str]] = ...) -> None: ...

class RoleDeleted(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class InvitationCreated(_message.Message):
    __slots__ = ("roles",)
    ROLES_FIELD_NUMBER: _ClassVar[int]
    roles: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, roles: _Optional[_Iterable[str]] = ...) -> None: ...

class InvitationRenewed(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class InvitationRevoked(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class InvitationAccepted(_message.Message):
    __slots__ = ("user",)
    USER_FIELD_NUMBER: _ClassVar[int]
    user: str
    def __init__(self, user: _Optional[str] = ...) -> None: ...

class SecondFactorEnabled(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SecondFactorDisabled(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RecoveryCodesRegenerated(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RecoveryCodeUsed(_message.Message):
    __slots__ = ("left",)
    LEFT_FIELD_NUMBER: _ClassVar[int]
    left: int
    def __init__(self, left: _Optional[int] = ...) -> None: ...

class PasswordResetLinkCreated(_message.Message):
    __slots__ = ("clears_second_factor",)
    CLEARS_SECOND_FACTOR_FIELD_NUMBER: _ClassVar[int]
    clears_second_factor: bool
    def __init__(self, clears_second_factor: _Optional[bool] = ...) -> None: ...

class ApiKeyRotated(_message.Message):
    __slots__ = ("previous_expire_time",)
    PREVIOUS_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    previous_expire_time: _timestamp_pb2.Timestamp
    def __init__(self, previous_expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ApiKeySecretsEnded(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
