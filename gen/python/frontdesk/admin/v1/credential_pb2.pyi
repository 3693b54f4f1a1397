import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CredentialUser(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CREDENTIAL_USER_UNSPECIFIED: _ClassVar[CredentialUser]
    CREDENTIAL_USER_CORE: _ClassVar[CredentialUser]
    CREDENTIAL_USER_CHANNEL: _ClassVar[CredentialUser]
    CREDENTIAL_USER_MEMORY: _ClassVar[CredentialUser]
    CREDENTIAL_USER_AGENT: _ClassVar[CredentialUser]
    CREDENTIAL_USER_ADMIN: _ClassVar[CredentialUser]
CREDENTIAL_USER_UNSPECIFIED: CredentialUser
CREDENTIAL_USER_CORE: CredentialUser
CREDENTIAL_USER_CHANNEL: CredentialUser
CREDENTIAL_USER_MEMORY: CredentialUser
CREDENTIAL_USER_AGENT: CredentialUser
CREDENTIAL_USER_ADMIN: CredentialUser

class Credential(_message.Message):
    __slots__ = ("name", "display_name", "user", "base_url", "api_key", "password", "oauth_client", "signing_key", "revision", "secret_time", "expire_time", "create_time", "update_time", "etag")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    BASE_URL_FIELD_NUMBER: _ClassVar[int]
    API_KEY_FIELD_NUMBER: _ClassVar[int]
    PASSWORD_FIELD_NUMBER: _ClassVar[int]
    OAUTH_CLIENT_FIELD_NUMBER: _ClassVar[int]
    SIGNING_KEY_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    SECRET_TIME_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    display_name: str
    user: CredentialUser
    base_url: str
    api_key: ApiKeyCredential
    password: PasswordCredential
    oauth_client: OAuthClientCredential
    signing_key: SigningKeyCredential
    revision: int
    secret_time: _timestamp_pb2.Timestamp
    expire_time: _timestamp_pb2.Timestamp
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    etag: str
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., user: _Optional[_Union[CredentialUser, str]] = ..., base_url: _Optional[str] = ..., api_key: _Optional[_Union[ApiKeyCredential, _Mapping]] = ..., password: _Optional[_Union[PasswordCredential, _Mapping]] = ..., oauth_client: _Optional[_Union[OAuthClientCredential, _Mapping]] = ..., signing_key: _Optional[_Union[SigningKeyCredential, _Mapping]] = ..., revision: _Optional[int] = ..., secret_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ...) -> None: ...

class ApiKeyCredential(_message.Message):
    __slots__ = ("key", "header", "prefix")
    KEY_FIELD_NUMBER: _ClassVar[int]
    HEADER_FIELD_NUMBER: _ClassVar[int]
    PREFIX_FIELD_NUMBER: _ClassVar[int]
    key: str
    header: str
    prefix: str
    def __init__(self, key: _Optional[str] = ..., header: _Optional[str] = ..., prefix: _Optional[str] = ...) -> None: ...

class PasswordCredential(_message.Message):
    __slots__ = ("user", "password")
    USER_FIELD_NUMBER: _ClassVar[int]
    PASSWORD_FIELD_NUMBER: _ClassVar[int]
    user: str
    password: str
    def __init__(self, user: _Optional[str] = ..., password: _Optional[str] = ...) -> None: ...

class OAuthClientCredential(_message.Message):
    __slots__ = ("client_id", "client_secret", "token_url", "scopes")
    CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    CLIENT_SECRET_FIELD_NUMBER: _ClassVar[int]
    TOKEN_URL_FIELD_NUMBER: _ClassVar[int]
    SCOPES_FIELD_NUMBER: _ClassVar[int]
    client_id: str
    client_secret: str
    token_url: str
    scopes: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, client_id: _Optional[str] = ..., client_secret: _Optional[str] = ..., token_url: _Optional[str] = ..., scopes: _Optional[_Iterable[str]] = ...) -> None: ...

class SigningKeyCredential(_message.Message):
    __slots__ = ("key",)
    KEY_FIELD_NUMBER: _ClassVar[int]
    key: str
    def __init__(self, key: _Optional[str] = ...) -> None: ...
