import datetime

from frontdesk.channel.v1 import channel_pb2 as _channel_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AgentsOnline(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    AGENTS_ONLINE_UNSPECIFIED: _ClassVar[AgentsOnline]
    AGENTS_ONLINE_NONE: _ClassVar[AgentsOnline]
    AGENTS_ONLINE_FEW: _ClassVar[AgentsOnline]
    AGENTS_ONLINE_MANY: _ClassVar[AgentsOnline]
AGENTS_ONLINE_UNSPECIFIED: AgentsOnline
AGENTS_ONLINE_NONE: AgentsOnline
AGENTS_ONLINE_FEW: AgentsOnline
AGENTS_ONLINE_MANY: AgentsOnline

class Widget(_message.Message):
    __slots__ = ("name", "title", "logo_path", "position", "accent_color", "accent_text_color", "dark_accent_color", "dark_accent_text_color", "language", "languages", "greeting", "suggestions", "pre_chat_name", "pre_chat_email", "consent_text", "consent_uri", "ratings", "assistant_answers", "files", "identity_required", "availability")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    LOGO_PATH_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    ACCENT_COLOR_FIELD_NUMBER: _ClassVar[int]
    ACCENT_TEXT_COLOR_FIELD_NUMBER: _ClassVar[int]
    DARK_ACCENT_COLOR_FIELD_NUMBER: _ClassVar[int]
    DARK_ACCENT_TEXT_COLOR_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGES_FIELD_NUMBER: _ClassVar[int]
    GREETING_FIELD_NUMBER: _ClassVar[int]
    SUGGESTIONS_FIELD_NUMBER: _ClassVar[int]
    PRE_CHAT_NAME_FIELD_NUMBER: _ClassVar[int]
    PRE_CHAT_EMAIL_FIELD_NUMBER: _ClassVar[int]
    CONSENT_TEXT_FIELD_NUMBER: _ClassVar[int]
    CONSENT_URI_FIELD_NUMBER: _ClassVar[int]
    RATINGS_FIELD_NUMBER: _ClassVar[int]
    ASSISTANT_ANSWERS_FIELD_NUMBER: _ClassVar[int]
    FILES_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_REQUIRED_FIELD_NUMBER: _ClassVar[int]
    AVAILABILITY_FIELD_NUMBER: _ClassVar[int]
    name: str
    title: str
    logo_path: str
    position: _channel_pb2.WidgetPosition
    accent_color: str
    accent_text_color: str
    dark_accent_color: str
    dark_accent_text_color: str
    language: str
    languages: _containers.RepeatedScalarFieldContainer[str]
    greeting: str
    suggestions: _containers.RepeatedScalarFieldContainer[str]
    pre_chat_name: _channel_pb2.PreChatField
    pre_chat_email: _channel_pb2.PreChatField
    consent_text: str
    consent_uri: str
    ratings: bool
    assistant_answers: bool
    files: bool
    identity_required: bool
    availability: HumanAvailability
    def __init__(self, name: _Optional[str] = ..., title: _Optional[str] = ..., logo_path: _Optional[str] = ..., position: _Optional[_Union[_channel_pb2.WidgetPosition, str]] = ..., accent_color: _Optional[str] = ..., accent_text_color: _Optional[str] = ..., dark_accent_color: _Optional[str] = ..., dark_accent_text_color: _Optional[str] = ..., language: _Optional[str] = ..., languages: _Optional[_Iterable[str]] = ..., greeting: _Optional[str] = ..., suggestions: _Optional[_Iterable[str]] = ..., pre_chat_name: _Optional[_Union[_channel_pb2.PreChatField, str]] = ..., pre_chat_email: _Optional[_Union[_channel_pb2.PreChatField, str]] = ..., consent_text: _Optional[str] = ..., consent_uri: _Optional[str] = ..., ratings: _Optional[bool] = ..., assistant_answers: _Optional[bool] = ..., files: _Optional[bool] = ..., identity_required: _Optional[bool] = ..., availability: _Optional[_Union[HumanAvailability, _Mapping]] = ...) -> None: ...

class HumanAvailability(_message.Message):
    __slots__ = ("agents_online", "open", "next_open_time", "close_time", "place", "usual_wait", "waited")
    AGENTS_ONLINE_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    NEXT_OPEN_TIME_FIELD_NUMBER: _ClassVar[int]
    CLOSE_TIME_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    USUAL_WAIT_FIELD_NUMBER: _ClassVar[int]
    WAITED_FIELD_NUMBER: _ClassVar[int]
    agents_online: AgentsOnline
    open: bool
    next_open_time: _timestamp_pb2.Timestamp
    close_time: _timestamp_pb2.Timestamp
    place: int
    usual_wait: _duration_pb2.Duration
    waited: _duration_pb2.Duration
    def __init__(self, agents_online: _Optional[_Union[AgentsOnline, str]] = ..., open: _Optional[bool] = ..., next_open_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., close_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., place: _Optional[int] = ..., usual_wait: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., waited: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...
