import datetime

from buf.validate import validate_pb2 as _validate_pb2
from frontdesk.core.v1 import approval_pb2 as _approval_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class HttpMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    HTTP_METHOD_UNSPECIFIED: _ClassVar[HttpMethod]
    HTTP_METHOD_GET: _ClassVar[HttpMethod]
    HTTP_METHOD_POST: _ClassVar[HttpMethod]
    HTTP_METHOD_PUT: _ClassVar[HttpMethod]
    HTTP_METHOD_PATCH: _ClassVar[HttpMethod]
    HTTP_METHOD_DELETE: _ClassVar[HttpMethod]

class BuiltinToolKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BUILTIN_TOOL_KIND_UNSPECIFIED: _ClassVar[BuiltinToolKind]
    BUILTIN_TOOL_KIND_SEARCH_KNOWLEDGE: _ClassVar[BuiltinToolKind]
    BUILTIN_TOOL_KIND_RECALL_MEMORIES: _ClassVar[BuiltinToolKind]
    BUILTIN_TOOL_KIND_READ_BUSINESS_HOURS: _ClassVar[BuiltinToolKind]
    BUILTIN_TOOL_KIND_REQUEST_HANDOVER: _ClassVar[BuiltinToolKind]

class ToolUser(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TOOL_USER_UNSPECIFIED: _ClassVar[ToolUser]
    TOOL_USER_ASSISTANT: _ClassVar[ToolUser]
    TOOL_USER_WORKFLOW: _ClassVar[ToolUser]
    TOOL_USER_AGENT: _ClassVar[ToolUser]

class ToolEffect(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TOOL_EFFECT_UNSPECIFIED: _ClassVar[ToolEffect]
    TOOL_EFFECT_READS: _ClassVar[ToolEffect]
    TOOL_EFFECT_CHANGES: _ClassVar[ToolEffect]
    TOOL_EFFECT_CHANGES_ONCE: _ClassVar[ToolEffect]
HTTP_METHOD_UNSPECIFIED: HttpMethod
HTTP_METHOD_GET: HttpMethod
HTTP_METHOD_POST: HttpMethod
HTTP_METHOD_PUT: HttpMethod
HTTP_METHOD_PATCH: HttpMethod
HTTP_METHOD_DELETE: HttpMethod
BUILTIN_TOOL_KIND_UNSPECIFIED: BuiltinToolKind
BUILTIN_TOOL_KIND_SEARCH_KNOWLEDGE: BuiltinToolKind
BUILTIN_TOOL_KIND_RECALL_MEMORIES: BuiltinToolKind
BUILTIN_TOOL_KIND_READ_BUSINESS_HOURS: BuiltinToolKind
BUILTIN_TOOL_KIND_REQUEST_HANDOVER: BuiltinToolKind
TOOL_USER_UNSPECIFIED: ToolUser
TOOL_USER_ASSISTANT: ToolUser
TOOL_USER_WORKFLOW: ToolUser
TOOL_USER_AGENT: ToolUser
TOOL_EFFECT_UNSPECIFIED: ToolEffect
TOOL_EFFECT_READS: ToolEffect
TOOL_EFFECT_CHANGES: ToolEffect
TOOL_EFFECT_CHANGES_ONCE: ToolEffect

class Tool(_message.Message):
    __slots__ = ("name", "display_name", "description", "http", "mcp", "builtin", "input_schema", "output_schema", "timeout", "policy", "disabled", "problem", "revision", "etag", "create_time", "update_time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    HTTP_FIELD_NUMBER: _ClassVar[int]
    MCP_FIELD_NUMBER: _ClassVar[int]
    BUILTIN_FIELD_NUMBER: _ClassVar[int]
    INPUT_SCHEMA_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_SCHEMA_FIELD_NUMBER: _ClassVar[int]
    TIMEOUT_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    DISABLED_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    display_name: str
    description: str
    http: HttpTool
    mcp: McpTool
    builtin: BuiltinTool
    input_schema: _struct_pb2.Struct
    output_schema: _struct_pb2.Struct
    timeout: _duration_pb2.Duration
    policy: ToolPolicy
    disabled: bool
    problem: str
    revision: int
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., description: _Optional[str] = ..., http: _Optional[_Union[HttpTool, _Mapping]] = ..., mcp: _Optional[_Union[McpTool, _Mapping]] = ..., builtin: _Optional[_Union[BuiltinTool, _Mapping]] = ..., input_schema: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., output_schema: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., timeout: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., policy: _Optional[_Union[ToolPolicy, _Mapping]] = ..., disabled: _Optional[bool] = ..., problem: _Optional[str] = ..., revision: _Optional[int] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class HttpTool(_message.Message):
    __slots__ = ("method", "url", "headers", "credential", "idempotency_header", "result_pointer")
    class HeadersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    METHOD_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    HEADERS_FIELD_NUMBER: _ClassVar[int]
    CREDENTIAL_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_HEADER_FIELD_NUMBER: _ClassVar[int]
    RESULT_POINTER_FIELD_NUMBER: _ClassVar[int]
    method: HttpMethod
    url: str
    headers: _containers.ScalarMap[str, str]
    credential: str
    idempotency_header: str
    result_pointer: str
    def __init__(self, method: _Optional[_Union[HttpMethod, str]] = ..., url: _Optional[str] = ..., headers: _Optional[_Mapping[str, str]] = ..., credential: _Optional[str] = ..., idempotency_header: _Optional[str] = ..., result_pointer: _Optional[str] = ...) -> None: ...

class McpTool(_message.Message):
    __slots__ = ("url", "tool", "credential")
    URL_FIELD_NUMBER: _ClassVar[int]
    TOOL_FIELD_NUMBER: _ClassVar[int]
    CREDENTIAL_FIELD_NUMBER: _ClassVar[int]
    url: str
    tool: str
    credential: str
    def __init__(self, url: _Optional[str] = ..., tool: _Optional[str] = ..., credential: _Optional[str] = ...) -> None: ...

class BuiltinTool(_message.Message):
    __slots__ = ("kind",)
    KIND_FIELD_NUMBER: _ClassVar[int]
    kind: BuiltinToolKind
    def __init__(self, kind: _Optional[_Union[BuiltinToolKind, str]] = ...) -> None: ...

class ToolPolicy(_message.Message):
    __slots__ = ("users", "channels", "verified_customer_required", "effect", "confirm", "approve", "max_calls")
    USERS_FIELD_NUMBER: _ClassVar[int]
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    VERIFIED_CUSTOMER_REQUIRED_FIELD_NUMBER: _ClassVar[int]
    EFFECT_FIELD_NUMBER: _ClassVar[int]
    CONFIRM_FIELD_NUMBER: _ClassVar[int]
    APPROVE_FIELD_NUMBER: _ClassVar[int]
    MAX_CALLS_FIELD_NUMBER: _ClassVar[int]
    users: _containers.RepeatedScalarFieldContainer[ToolUser]
    channels: _containers.RepeatedScalarFieldContainer[str]
    verified_customer_required: bool
    effect: ToolEffect
    confirm: _approval_pb2.ApprovalRule
    approve: _approval_pb2.ApprovalRule
    max_calls: int
    def __init__(self, users: _Optional[_Iterable[_Union[ToolUser, str]]] = ..., channels: _Optional[_Iterable[str]] = ..., verified_customer_required: _Optional[bool] = ..., effect: _Optional[_Union[ToolEffect, str]] = ..., confirm: _Optional[_Union[_approval_pb2.ApprovalRule, _Mapping]] = ..., approve: _Optional[_Union[_approval_pb2.ApprovalRule, _Mapping]] = ..., max_calls: _Optional[int] = ...) -> None: ...
