import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Setting(_message.Message):
    __slots__ = ("name", "assistant", "business_hours", "retention", "budget", "sign_in", "version", "create_time", "author", "etag")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ASSISTANT_FIELD_NUMBER: _ClassVar[int]
    BUSINESS_HOURS_FIELD_NUMBER: _ClassVar[int]
    RETENTION_FIELD_NUMBER: _ClassVar[int]
    BUDGET_FIELD_NUMBER: _ClassVar[int]
    SIGN_IN_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    assistant: AssistantSettings
    business_hours: BusinessHours
    retention: RetentionSettings
    budget: BudgetSettings
    sign_in: SignInSettings
    version: int
    create_time: _timestamp_pb2.Timestamp
    author: str
    etag: str
    def __init__(self, name: _Optional[str] = ..., assistant: _Optional[_Union[AssistantSettings, _Mapping]] = ..., business_hours: _Optional[_Union[BusinessHours, _Mapping]] = ..., retention: _Optional[_Union[RetentionSettings, _Mapping]] = ..., budget: _Optional[_Union[BudgetSettings, _Mapping]] = ..., sign_in: _Optional[_Union[SignInSettings, _Mapping]] = ..., version: _Optional[int] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., author: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class AssistantSettings(_message.Message):
    __slots__ = ("enabled", "display_name", "tone", "languages", "max_words")
    ENABLED_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    TONE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGES_FIELD_NUMBER: _ClassVar[int]
    MAX_WORDS_FIELD_NUMBER: _ClassVar[int]
    enabled: bool
    display_name: str
    tone: str
    languages: _containers.RepeatedScalarFieldContainer[str]
    max_words: int
    def __init__(self, enabled: _Optional[bool] = ..., display_name: _Optional[str] = ..., tone: _Optional[str] = ..., languages: _Optional[_Iterable[str]] = ..., max_words: _Optional[int] = ...) -> None: ...

class BusinessHours(_message.Message):
    __slots__ = ("openings", "holidays")
    class Opening(_message.Message):
        __slots__ = ("weekday", "start_minute", "end_minute")
        WEEKDAY_FIELD_NUMBER: _ClassVar[int]
        START_MINUTE_FIELD_NUMBER: _ClassVar[int]
        END_MINUTE_FIELD_NUMBER: _ClassVar[int]
        weekday: int
        start_minute: int
        end_minute: int
        def __init__(self, weekday: _Optional[int] = ..., start_minute: _Optional[int] = ..., end_minute: _Optional[int] = ...) -> None: ...
    OPENINGS_FIELD_NUMBER: _ClassVar[int]
    HOLIDAYS_FIELD_NUMBER: _ClassVar[int]
    openings: _containers.RepeatedCompositeFieldContainer[BusinessHours.Opening]
    holidays: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, openings: _Optional[_Iterable[_Union[BusinessHours.Opening, _Mapping]]] = ..., holidays: _Optional[_Iterable[str]] = ...) -> None: ...

class RetentionSettings(_message.Message):
    __slots__ = ("conversations", "memories", "audit_events")
    CONVERSATIONS_FIELD_NUMBER: _ClassVar[int]
    MEMORIES_FIELD_NUMBER: _ClassVar[int]
    AUDIT_EVENTS_FIELD_NUMBER: _ClassVar[int]
    conversations: _duration_pb2.Duration
    memories: _duration_pb2.Duration
    audit_events: _duration_pb2.Duration
    def __init__(self, conversations: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., memories: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., audit_events: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class BudgetSettings(_message.Message):
    __slots__ = ("monthly_micros", "warn_percent", "context_tokens")
    MONTHLY_MICROS_FIELD_NUMBER: _ClassVar[int]
    WARN_PERCENT_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    monthly_micros: int
    warn_percent: int
    context_tokens: int
    def __init__(self, monthly_micros: _Optional[int] = ..., warn_percent: _Optional[int] = ..., context_tokens: _Optional[int] = ...) -> None: ...

class SignInSettings(_message.Message):
    __slots__ = ("min_password_length", "idle_limit")
    MIN_PASSWORD_LENGTH_FIELD_NUMBER: _ClassVar[int]
    IDLE_LIMIT_FIELD_NUMBER: _ClassVar[int]
    min_password_length: int
    idle_limit: _duration_pb2.Duration
    def __init__(self, min_password_length: _Optional[int] = ..., idle_limit: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...
