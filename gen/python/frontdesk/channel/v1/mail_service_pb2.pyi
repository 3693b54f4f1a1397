from buf.validate import validate_pb2 as _validate_pb2
from frontdesk.access.v1 import access_pb2 as _access_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class MailSource(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MAIL_SOURCE_UNSPECIFIED: _ClassVar[MailSource]
    MAIL_SOURCE_NONE: _ClassVar[MailSource]
    MAIL_SOURCE_ORGANIZATION: _ClassVar[MailSource]
    MAIL_SOURCE_OPERATOR: _ClassVar[MailSource]

class MailProblem(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MAIL_PROBLEM_UNSPECIFIED: _ClassVar[MailProblem]
    MAIL_PROBLEM_NAME_NOT_FOUND: _ClassVar[MailProblem]
    MAIL_PROBLEM_NOT_ALLOWED: _ClassVar[MailProblem]
    MAIL_PROBLEM_CONNECTION_FAILED: _ClassVar[MailProblem]
    MAIL_PROBLEM_BAD_ANSWER: _ClassVar[MailProblem]
    MAIL_PROBLEM_TLS_FAILED: _ClassVar[MailProblem]
    MAIL_PROBLEM_SIGN_IN_REFUSED: _ClassVar[MailProblem]
    MAIL_PROBLEM_PASSWORD_MISSING: _ClassVar[MailProblem]
    MAIL_PROBLEM_SENDER_REFUSED: _ClassVar[MailProblem]
    MAIL_PROBLEM_RECIPIENT_REFUSED: _ClassVar[MailProblem]
    MAIL_PROBLEM_MAIL_REFUSED: _ClassVar[MailProblem]
MAIL_SOURCE_UNSPECIFIED: MailSource
MAIL_SOURCE_NONE: MailSource
MAIL_SOURCE_ORGANIZATION: MailSource
MAIL_SOURCE_OPERATOR: MailSource
MAIL_PROBLEM_UNSPECIFIED: MailProblem
MAIL_PROBLEM_NAME_NOT_FOUND: MailProblem
MAIL_PROBLEM_NOT_ALLOWED: MailProblem
MAIL_PROBLEM_CONNECTION_FAILED: MailProblem
MAIL_PROBLEM_BAD_ANSWER: MailProblem
MAIL_PROBLEM_TLS_FAILED: MailProblem
MAIL_PROBLEM_SIGN_IN_REFUSED: MailProblem
MAIL_PROBLEM_PASSWORD_MISSING: MailProblem
MAIL_PROBLEM_SENDER_REFUSED: MailProblem
MAIL_PROBLEM_RECIPIENT_REFUSED: MailProblem
MAIL_PROBLEM_MAIL_REFUSED: MailProblem

class MailStatus(_message.Message):
    __slots__ = ("name", "source", "from_address", "host")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    FROM_ADDRESS_FIELD_NUMBER: _ClassVar[int]
    HOST_FIELD_NUMBER: _ClassVar[int]
    name: str
    source: MailSource
    from_address: str
    host: str
    def __init__(self, name: _Optional[str] = ..., source: _Optional[_Union[MailSource, str]] = ..., from_address: _Optional[str] = ..., host: _Optional[str] = ...) -> None: ...

class GetMailStatusRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class TestMailRequest(_message.Message):
    __slots__ = ("name", "to", "setting_version")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    SETTING_VERSION_FIELD_NUMBER: _ClassVar[int]
    name: str
    to: str
    setting_version: str
    def __init__(self, name: _Optional[str] = ..., to: _Optional[str] = ..., setting_version: _Optional[str] = ...) -> None: ...

class TestMailResponse(_message.Message):
    __slots__ = ("works", "problem", "reason")
    WORKS_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    works: bool
    problem: str
    reason: MailProblem
    def __init__(self, works: _Optional[bool] = ..., problem: _Optional[str] = ..., reason: _Optional[_Union[MailProblem, str]] = ...) -> None: ...
