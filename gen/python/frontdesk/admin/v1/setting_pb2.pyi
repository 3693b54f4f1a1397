import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import date_pb2 as _date_pb2
from google.type import dayofweek_pb2 as _dayofweek_pb2
from google.type import money_pb2 as _money_pb2
from google.type import timeofday_pb2 as _timeofday_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class MailServerSecurity(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MAIL_SERVER_SECURITY_UNSPECIFIED: _ClassVar[MailServerSecurity]
    MAIL_SERVER_SECURITY_STARTTLS: _ClassVar[MailServerSecurity]
    MAIL_SERVER_SECURITY_TLS: _ClassVar[MailServerSecurity]
    MAIL_SERVER_SECURITY_NONE: _ClassVar[MailServerSecurity]
MAIL_SERVER_SECURITY_UNSPECIFIED: MailServerSecurity
MAIL_SERVER_SECURITY_STARTTLS: MailServerSecurity
MAIL_SERVER_SECURITY_TLS: MailServerSecurity
MAIL_SERVER_SECURITY_NONE: MailServerSecurity

class Setting(_message.Message):
    __slots__ = ("name", "published", "published_version", "draft", "draft_version", "publish_time", "update_time", "etag")
    NAME_FIELD_NUMBER: _ClassVar[int]
    PUBLISHED_FIELD_NUMBER: _ClassVar[int]
    PUBLISHED_VERSION_FIELD_NUMBER: _ClassVar[int]
    DRAFT_FIELD_NUMBER: _ClassVar[int]
    DRAFT_VERSION_FIELD_NUMBER: _ClassVar[int]
    PUBLISH_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    published: SettingValue
    published_version: str
    draft: SettingValue
    draft_version: str
    publish_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    etag: str
    def __init__(self, name: _Optional[str] = ..., published: _Optional[_Union[SettingValue, _Mapping]] = ..., published_version: _Optional[str] = ..., draft: _Optional[_Union[SettingValue, _Mapping]] = ..., draft_version: _Optional[str] = ..., publish_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ...) -> None: ...

class SettingValue(_message.Message):
    __slots__ = ("assistant", "business_hours", "limits", "budget", "retention", "sign_in", "mail")
    ASSISTANT_FIELD_NUMBER: _ClassVar[int]
    BUSINESS_HOURS_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    BUDGET_FIELD_NUMBER: _ClassVar[int]
    RETENTION_FIELD_NUMBER: _ClassVar[int]
    SIGN_IN_FIELD_NUMBER: _ClassVar[int]
    MAIL_FIELD_NUMBER: _ClassVar[int]
    assistant: AssistantSettings
    business_hours: BusinessHours
    limits: LimitSettings
    budget: BudgetSettings
    retention: RetentionSettings
    sign_in: SignInSettings
    mail: MailSettings
    def __init__(self, assistant: _Optional[_Union[AssistantSettings, _Mapping]] = ..., business_hours: _Optional[_Union[BusinessHours, _Mapping]] = ..., limits: _Optional[_Union[LimitSettings, _Mapping]] = ..., budget: _Optional[_Union[BudgetSettings, _Mapping]] = ..., retention: _Optional[_Union[RetentionSettings, _Mapping]] = ..., sign_in: _Optional[_Union[SignInSettings, _Mapping]] = ..., mail: _Optional[_Union[MailSettings, _Mapping]] = ...) -> None: ...

class SettingVersion(_message.Message):
    __slots__ = ("name", "value", "author", "comment", "create_time", "publish_time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    COMMENT_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    PUBLISH_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    value: SettingValue
    author: str
    comment: str
    create_time: _timestamp_pb2.Timestamp
    publish_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., value: _Optional[_Union[SettingValue, _Mapping]] = ..., author: _Optional[str] = ..., comment: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., publish_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class AssistantSettings(_message.Message):
    __slots__ = ("disabled", "display_name", "tone", "instructions", "languages", "models", "max_words", "thresholds", "handover", "tools", "ask_next_when_unsure")
    DISABLED_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    TONE_FIELD_NUMBER: _ClassVar[int]
    INSTRUCTIONS_FIELD_NUMBER: _ClassVar[int]
    LANGUAGES_FIELD_NUMBER: _ClassVar[int]
    MODELS_FIELD_NUMBER: _ClassVar[int]
    MAX_WORDS_FIELD_NUMBER: _ClassVar[int]
    THRESHOLDS_FIELD_NUMBER: _ClassVar[int]
    HANDOVER_FIELD_NUMBER: _ClassVar[int]
    TOOLS_FIELD_NUMBER: _ClassVar[int]
    ASK_NEXT_WHEN_UNSURE_FIELD_NUMBER: _ClassVar[int]
    disabled: bool
    display_name: str
    tone: str
    instructions: str
    languages: _containers.RepeatedScalarFieldContainer[str]
    models: _containers.RepeatedCompositeFieldContainer[ModelChoice]
    max_words: int
    thresholds: AnswerThresholds
    handover: HandoverRules
    tools: _containers.RepeatedScalarFieldContainer[str]
    ask_next_when_unsure: bool
    def __init__(self, disabled: _Optional[bool] = ..., display_name: _Optional[str] = ..., tone: _Optional[str] = ..., instructions: _Optional[str] = ..., languages: _Optional[_Iterable[str]] = ..., models: _Optional[_Iterable[_Union[ModelChoice, _Mapping]]] = ..., max_words: _Optional[int] = ..., thresholds: _Optional[_Union[AnswerThresholds, _Mapping]] = ..., handover: _Optional[_Union[HandoverRules, _Mapping]] = ..., tools: _Optional[_Iterable[str]] = ..., ask_next_when_unsure: _Optional[bool] = ...) -> None: ...

class ModelChoice(_message.Message):
    __slots__ = ("model", "credential", "temperature", "max_output_tokens")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    CREDENTIAL_FIELD_NUMBER: _ClassVar[int]
    TEMPERATURE_FIELD_NUMBER: _ClassVar[int]
    MAX_OUTPUT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    model: str
    credential: str
    temperature: float
    max_output_tokens: int
    def __init__(self, model: _Optional[str] = ..., credential: _Optional[str] = ..., temperature: _Optional[float] = ..., max_output_tokens: _Optional[int] = ...) -> None: ...

class AnswerThresholds(_message.Message):
    __slots__ = ("min_dense_score", "min_lexical_score", "max_passages", "enough_score", "weak_score")
    MIN_DENSE_SCORE_FIELD_NUMBER: _ClassVar[int]
    MIN_LEXICAL_SCORE_FIELD_NUMBER: _ClassVar[int]
    MAX_PASSAGES_FIELD_NUMBER: _ClassVar[int]
    ENOUGH_SCORE_FIELD_NUMBER: _ClassVar[int]
    WEAK_SCORE_FIELD_NUMBER: _ClassVar[int]
    min_dense_score: float
    min_lexical_score: float
    max_passages: int
    enough_score: float
    weak_score: float
    def __init__(self, min_dense_score: _Optional[float] = ..., min_lexical_score: _Optional[float] = ..., max_passages: _Optional[int] = ..., enough_score: _Optional[float] = ..., weak_score: _Optional[float] = ...) -> None: ...

class HandoverRules(_message.Message):
    __slots__ = ("unknown_answers", "topics", "on_anger", "notice", "closed_notice")
    UNKNOWN_ANSWERS_FIELD_NUMBER: _ClassVar[int]
    TOPICS_FIELD_NUMBER: _ClassVar[int]
    ON_ANGER_FIELD_NUMBER: _ClassVar[int]
    NOTICE_FIELD_NUMBER: _ClassVar[int]
    CLOSED_NOTICE_FIELD_NUMBER: _ClassVar[int]
    unknown_answers: int
    topics: _containers.RepeatedCompositeFieldContainer[HandoverTopic]
    on_anger: bool
    notice: str
    closed_notice: str
    def __init__(self, unknown_answers: _Optional[int] = ..., topics: _Optional[_Iterable[_Union[HandoverTopic, _Mapping]]] = ..., on_anger: _Optional[bool] = ..., notice: _Optional[str] = ..., closed_notice: _Optional[str] = ...) -> None: ...

class HandoverTopic(_message.Message):
    __slots__ = ("description", "queue")
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    description: str
    queue: str
    def __init__(self, description: _Optional[str] = ..., queue: _Optional[str] = ...) -> None: ...

class BusinessHours(_message.Message):
    __slots__ = ("time_zone", "openings", "special_days")
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    OPENINGS_FIELD_NUMBER: _ClassVar[int]
    SPECIAL_DAYS_FIELD_NUMBER: _ClassVar[int]
    time_zone: str
    openings: _containers.RepeatedCompositeFieldContainer[Opening]
    special_days: _containers.RepeatedCompositeFieldContainer[SpecialDay]
    def __init__(self, time_zone: _Optional[str] = ..., openings: _Optional[_Iterable[_Union[Opening, _Mapping]]] = ..., special_days: _Optional[_Iterable[_Union[SpecialDay, _Mapping]]] = ...) -> None: ...

class Opening(_message.Message):
    __slots__ = ("day", "start_time", "end_time")
    DAY_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    day: _dayofweek_pb2.DayOfWeek
    start_time: _timeofday_pb2.TimeOfDay
    end_time: _timeofday_pb2.TimeOfDay
    def __init__(self, day: _Optional[_Union[_dayofweek_pb2.DayOfWeek, str]] = ..., start_time: _Optional[_Union[_timeofday_pb2.TimeOfDay, _Mapping]] = ..., end_time: _Optional[_Union[_timeofday_pb2.TimeOfDay, _Mapping]] = ...) -> None: ...

class SpecialDay(_message.Message):
    __slots__ = ("date", "display_name", "openings")
    DATE_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    OPENINGS_FIELD_NUMBER: _ClassVar[int]
    date: _date_pb2.Date
    display_name: str
    openings: _containers.RepeatedCompositeFieldContainer[DayOpening]
    def __init__(self, date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., display_name: _Optional[str] = ..., openings: _Optional[_Iterable[_Union[DayOpening, _Mapping]]] = ...) -> None: ...

class DayOpening(_message.Message):
    __slots__ = ("start_time", "end_time")
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    start_time: _timeofday_pb2.TimeOfDay
    end_time: _timeofday_pb2.TimeOfDay
    def __init__(self, start_time: _Optional[_Union[_timeofday_pb2.TimeOfDay, _Mapping]] = ..., end_time: _Optional[_Union[_timeofday_pb2.TimeOfDay, _Mapping]] = ...) -> None: ...

class LimitSettings(_message.Message):
    __slots__ = ("session_messages_per_minute", "customer_messages_per_minute", "concurrent_turns", "context_tokens", "tool_calls_per_turn")
    SESSION_MESSAGES_PER_MINUTE_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_MESSAGES_PER_MINUTE_FIELD_NUMBER: _ClassVar[int]
    CONCURRENT_TURNS_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    TOOL_CALLS_PER_TURN_FIELD_NUMBER: _ClassVar[int]
    session_messages_per_minute: int
    customer_messages_per_minute: int
    concurrent_turns: int
    context_tokens: int
    tool_calls_per_turn: int
    def __init__(self, session_messages_per_minute: _Optional[int] = ..., customer_messages_per_minute: _Optional[int] = ..., concurrent_turns: _Optional[int] = ..., context_tokens: _Optional[int] = ..., tool_calls_per_turn: _Optional[int] = ...) -> None: ...

class BudgetSettings(_message.Message):
    __slots__ = ("daily", "monthly", "warn_ratio")
    DAILY_FIELD_NUMBER: _ClassVar[int]
    MONTHLY_FIELD_NUMBER: _ClassVar[int]
    WARN_RATIO_FIELD_NUMBER: _ClassVar[int]
    daily: _money_pb2.Money
    monthly: _money_pb2.Money
    warn_ratio: float
    def __init__(self, daily: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., monthly: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., warn_ratio: _Optional[float] = ...) -> None: ...

class RetentionSettings(_message.Message):
    __slots__ = ("conversations", "memories", "audit_events")
    CONVERSATIONS_FIELD_NUMBER: _ClassVar[int]
    MEMORIES_FIELD_NUMBER: _ClassVar[int]
    AUDIT_EVENTS_FIELD_NUMBER: _ClassVar[int]
    conversations: _duration_pb2.Duration
    memories: _duration_pb2.Duration
    audit_events: _duration_pb2.Duration
    def __init__(self, conversations: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., memories: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., audit_events: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class SignInSettings(_message.Message):
    __slots__ = ("min_password_length", "require_second_factor", "idle_timeout")
    MIN_PASSWORD_LENGTH_FIELD_NUMBER: _ClassVar[int]
    REQUIRE_SECOND_FACTOR_FIELD_NUMBER: _ClassVar[int]
    IDLE_TIMEOUT_FIELD_NUMBER: _ClassVar[int]
    min_password_length: int
    require_second_factor: bool
    idle_timeout: _duration_pb2.Duration
    def __init__(self, min_password_length: _Optional[int] = ..., require_second_factor: _Optional[bool] = ..., idle_timeout: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class MailSettings(_message.Message):
    __slots__ = ("host", "port", "security", "credential", "from_address", "from_name")
    HOST_FIELD_NUMBER: _ClassVar[int]
    PORT_FIELD_NUMBER: _ClassVar[int]
    SECURITY_FIELD_NUMBER: _ClassVar[int]
    CREDENTIAL_FIELD_NUMBER: _ClassVar[int]
    FROM_ADDRESS_FIELD_NUMBER: _ClassVar[int]
    FROM_NAME_FIELD_NUMBER: _ClassVar[int]
    host: str
    port: int
    security: MailServerSecurity
    credential: str
    from_address: str
    from_name: str
    def __init__(self, host: _Optional[str] = ..., port: _Optional[int] = ..., security: _Optional[_Union[MailServerSecurity, str]] = ..., credential: _Optional[str] = ..., from_address: _Optional[str] = ..., from_name: _Optional[str] = ...) -> None: ...
