import datetime

from frontdesk.access.v1 import access_pb2 as _access_pb2
from frontdesk.admin.v1 import credential_pb2 as _credential_pb2
from frontdesk.admin.v1 import organization_pb2 as _organization_pb2
from frontdesk.admin.v1 import setting_pb2 as _setting_pb2
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
SESSION_END_REASON_UNSPECIFIED: SessionEndReason
SESSION_END_REASON_LOGOUT: SessionEndReason
SESSION_END_REASON_TOKEN_REUSED: SessionEndReason

class Event(_message.Message):
    __slots__ = ("shard", "position", "organization", "create_time", "trace_id", "organization_created", "organization_updated", "organization_state_changed", "user_created", "user_updated", "user_roles_assigned", "user_deactivated", "user_activated", "user_deleted", "user_password_changed", "session_started", "session_ended", "api_key_created", "api_key_revoked", "setting_drafted", "setting_published", "credential_updated", "credential_deleted", "role_created", "role_updated", "role_deleted")
    SHARD_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    TRACE_ID_FIELD_NUMBER: _ClassVar[int]
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
    shard: int
    position: int
    organization: str
    create_time: _timestamp_pb2.Timestamp
    trace_id: str
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
    def __init__(self, shard: _Optional[int] = ..., position: _Optional[int] = ..., organization: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., trace_id: _Optional[str] = ..., organization_created: _Optional[_Union[OrganizationCreated, _Mapping]] = ..., organization_updated: _Optional[_Union[OrganizationUpdated, _Mapping]] = ..., organization_state_changed: _Optional[_Union[OrganizationStateChanged, _Mapping]] = ..., user_created: _Optional[_Union[UserCreated, _Mapping]] = ..., user_updated: _Optional[_Union[UserUpdated, _Mapping]] = ..., user_roles_assigned: _Optional[_Union[UserRolesAssigned, _Mapping]] = ..., user_deactivated: _Optional[_Union[UserDeactivated, _Mapping]] = ..., user_activated: _Optional[_Union[UserActivated, _Mapping]] = ..., user_deleted: _Optional[_Union[UserDeleted, _Mapping]] = ..., user_password_changed: _Optional[_Union[UserPasswordChanged, _Mapping]] = ..., session_started: _Optional[_Union[SessionStarted, _Mapping]] = ..., session_ended: _Optional[_Union[SessionEnded, _Mapping]] = ..., api_key_created: _Optional[_Union[ApiKeyCreated, _Mapping]] = ..., api_key_revoked: _Optional[_Union[ApiKeyRevoked, _Mapping]] = ..., setting_drafted: _Optional[_Union[SettingDrafted, _Mapping]] = ..., setting_published: _Optional[_Union[SettingPublished, _Mapping]] = ..., credential_updated: _Optional[_Union[CredentialUpdated, _Mapping]] = ..., credential_deleted: _Optional[_Union[CredentialDeleted, _Mapping]] = ..., role_created: _Optional[_Union[RoleCreated, _Mapping]] = ..., role_updated: _Optional[_Union[RoleUpdated, _Mapping]] = ..., role_deleted: _Optional[_Union[RoleDeleted, _Mapping]] = ...) -> None: ...

class OrganizationCreated(_message.Message):
    __slots__ = ("display_name", "time_zone")
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    display_name: str
    time_zone: str
    def __init__(self, display_name: _Optional[str] = ..., time_zone: _Optional[str] = ...) -> None: ...

class OrganizationUpdated(_message.Message):
    __slots__ = ("actor", "display_name", "language", "time_zone")
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    actor: str
    display_name: str
    language: str
    time_zone: str
    def __init__(self, actor: _Optional[str] = ..., display_name: _Optional[str] = ..., language: _Optional[str] = ..., time_zone: _Optional[str] = ...) -> None: ...

class OrganizationStateChanged(_message.Message):
    __slots__ = ("actor", "state")
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    actor: str
    state: _organization_pb2.OrganizationState
    def __init__(self, actor: _Optional[str] = ..., state: _Optional[_Union[_organization_pb2.OrganizationState, str]] = ...) -> None: ...

class UserCreated(_message.Message):
    __slots__ = ("actor", "user", "display_name", "roles")
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    ROLES_FIELD_NUMBER: _ClassVar[int]
    actor: str
    user: str
    display_name: str
    roles: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, actor: _Optional[str] = ..., user: _Optional[str] = ..., display_name: _Optional[str] = ..., roles: _Optional[_Iterable[str]] = ...) -> None: ...

class UserUpdated(_message.Message):
    __slots__ = ("actor", "user", "display_name", "email_changed")
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    EMAIL_CHANGED_FIELD_NUMBER: _ClassVar[int]
    actor: str
    user: str
    display_name: str
    email_changed: bool
    def __init__(self, actor: _Optional[str] = ..., user: _Optional[str] = ..., display_name: _Optional[str] = ..., email_changed: _Optional[bool] = ...) -> None: ...

class UserRolesAssigned(_message.Message):
    __slots__ = ("actor", "user", "roles", "previous_roles")
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    ROLES_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_ROLES_FIELD_NUMBER: _ClassVar[int]
    actor: str
    user: str
    roles: _containers.RepeatedScalarFieldContainer[str]
    previous_roles: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, actor: _Optional[str] = ..., user: _Optional[str] = ..., roles: _Optional[_Iterable[str]] = ..., previous_roles: _Optional[_Iterable[str]] = ...) -> None: ...

class UserDeactivated(_message.Message):
    __slots__ = ("actor", "user")
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    actor: str
    user: str
    def __init__(self, actor: _Optional[str] = ..., user: _Optional[str] = ...) -> None: ...

class UserActivated(_message.Message):
    __slots__ = ("actor", "user")
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    actor: str
    user: str
    def __init__(self, actor: _Optional[str] = ..., user: _Optional[str] = ...) -> None: ...

class UserDeleted(_message.Message):
    __slots__ = ("actor", "user")
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    actor: str
    user: str
    def __init__(self, actor: _Optional[str] = ..., user: _Optional[str] = ...) -> None: ...

class UserPasswordChanged(_message.Message):
    __slots__ = ("actor", "user")
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    actor: str
    user: str
    def __init__(self, actor: _Optional[str] = ..., user: _Optional[str] = ...) -> None: ...

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
    __slots__ = ("actor", "api_key", "display_name", "scopes", "expire_time")
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    API_KEY_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    SCOPES_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    actor: str
    api_key: str
    display_name: str
    scopes: _containers.RepeatedScalarFieldContainer[str]
    expire_time: _timestamp_pb2.Timestamp
    def __init__(self, actor: _Optional[str] = ..., api_key: _Optional[str] = ..., display_name: _Optional[str] = ..., scopes: _Optional[_Iterable[str]] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ApiKeyRevoked(_message.Message):
    __slots__ = ("actor", "api_key")
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    API_KEY_FIELD_NUMBER: _ClassVar[int]
    actor: str
    api_key: str
    def __init__(self, actor: _Optional[str] = ..., api_key: _Optional[str] = ...) -> None: ...

class SettingDrafted(_message.Message):
    __slots__ = ("actor", "version", "value")
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    actor: str
    version: str
    value: _setting_pb2.SettingValue
    def __init__(self, actor: _Optional[str] = ..., version: _Optional[str] = ..., value: _Optional[_Union[_setting_pb2.SettingValue, _Mapping]] = ...) -> None: ...

class SettingPublished(_message.Message):
    __slots__ = ("actor", "setting", "version", "previous_version", "value")
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    SETTING_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_VERSION_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    actor: str
    setting: str
    version: str
    previous_version: str
    value: _setting_pb2.SettingValue
    def __init__(self, actor: _Optional[str] = ..., setting: _Optional[str] = ..., version: _Optional[str] = ..., previous_version: _Optional[str] = ..., value: _Optional[_Union[_setting_pb2.SettingValue, _Mapping]] = ...) -> None: ...

class CredentialUpdated(_message.Message):
    __slots__ = ("actor", "credential", "revision", "user", "base_url")
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    CREDENTIAL_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    BASE_URL_FIELD_NUMBER: _ClassVar[int]
    actor: str
    credential: str
    revision: int
    user: _credential_pb2.CredentialUser
    base_url: str
    def __init__(self, actor: _Optional[str] = ..., credential: _Optional[str] = ..., revision: _Optional[int] = ..., user: _Optional[_Union[_credential_pb2.CredentialUser, str]] = ..., base_url: _Optional[str] = ...) -> None: ...

class CredentialDeleted(_message.Message):
    __slots__ = ("actor", "credential")
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    CREDENTIAL_FIELD_NUMBER: _ClassVar[int]
    actor: str
    credential: str
    def __init__(self, actor: _Optional[str] = ..., credential: _Optional[str] = ...) -> None: ...

class RoleCreated(_message.Message):
    __slots__ = ("actor", "role", "permissions")
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    PERMISSIONS_FIELD_NUMBER: _ClassVar[int]
    actor: str
    role: str
    permissions: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, actor: _Optional[str] = ..., role: _Optional[str] = ..., permissions: _Optional[_Iterable[str]] = ...) -> None: ...

class RoleUpdated(_message.Message):
    __slots__ = ("actor", "role", "permissions", "previous_permissions")
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    PERMISSIONS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_PERMISSIONS_FIELD_NUMBER: _ClassVar[int]
    actor: str
    role: str
    permissions: _containers.RepeatedScalarFieldContainer[str]
    previous_permissions: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, actor: _Optional[str] = ..., role: _Optional[str] = ..., permissions: _Optional[_Iterable[str]] = ..., previous_permissions: _Optional[_Iterable[str]] = ...) -> None: ...

class RoleDeleted(_message.Message):
    __slots__ = ("actor", "role")
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    actor: str
    role: str
    def __init__(self, actor: _Optional[str] = ..., role: _Optional[str] = ...) -> None: ...
