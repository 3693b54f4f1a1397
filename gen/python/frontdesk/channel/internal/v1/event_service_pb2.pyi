import datetime

from buf.validate import validate_pb2 as _validate_pb2
from frontdesk.access.v1 import access_pb2 as _access_pb2
from frontdesk.channel.v1 import channel_pb2 as _channel_pb2
from frontdesk.channel.v1 import delivery_pb2 as _delivery_pb2
from frontdesk.channel.v1 import media_pb2 as _media_pb2
from frontdesk.event.v1 import envelope_pb2 as _envelope_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class WatchEventsRequest(_message.Message):
    __slots__ = ("shards", "after", "filters", "since", "until_now", "follower")
    class AfterEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: int
        value: int
        def __init__(self, key: _Optional[int] = ..., value: _Optional[int] = ...) -> None: ...
    SHARDS_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    FILTERS_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_NOW_FIELD_NUMBER: _ClassVar[int]
    FOLLOWER_FIELD_NUMBER: _ClassVar[int]
    shards: _containers.RepeatedScalarFieldContainer[int]
    after: _containers.ScalarMap[int, int]
    filters: _containers.RepeatedCompositeFieldContainer[_envelope_pb2.Filter]
    since: _timestamp_pb2.Timestamp
    until_now: bool
    follower: str
    def __init__(self, shards: _Optional[_Iterable[int]] = ..., after: _Optional[_Mapping[int, int]] = ..., filters: _Optional[_Iterable[_Union[_envelope_pb2.Filter, _Mapping]]] = ..., since: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., until_now: _Optional[bool] = ..., follower: _Optional[str] = ...) -> None: ...

class WatchEventsResponse(_message.Message):
    __slots__ = ("event", "checkpoint")
    class Checkpoint(_message.Message):
        __slots__ = ("positions",)
        class PositionsEntry(_message.Message):
            __slots__ = ("key", "value")
            KEY_FIELD_NUMBER: _ClassVar[int]
            VALUE_FIELD_NUMBER: _ClassVar[int]
            key: int
            value: int
            def __init__(self, key: _Optional[int] = ..., value: _Optional[int] = ...) -> None: ...
        POSITIONS_FIELD_NUMBER: _ClassVar[int]
        positions: _containers.ScalarMap[int, int]
        def __init__(self, positions: _Optional[_Mapping[int, int]] = ...) -> None: ...
    EVENT_FIELD_NUMBER: _ClassVar[int]
    CHECKPOINT_FIELD_NUMBER: _ClassVar[int]
    event: Event
    checkpoint: WatchEventsResponse.Checkpoint
    def __init__(self, event: _Optional[_Union[Event, _Mapping]] = ..., checkpoint: _Optional[_Union[WatchEventsResponse.Checkpoint, _Mapping]] = ...) -> None: ...

class Event(_message.Message):
    __slots__ = ("envelope", "channel_created", "channel_updated", "channel_deleted", "session_opened", "inbound_message_died", "delivery_state_changed", "conversation_rated", "session_ended", "customer_blocked", "media_finished", "media_deleted", "customer_tokens_revoked")
    ENVELOPE_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_CREATED_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_UPDATED_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_DELETED_FIELD_NUMBER: _ClassVar[int]
    SESSION_OPENED_FIELD_NUMBER: _ClassVar[int]
    INBOUND_MESSAGE_DIED_FIELD_NUMBER: _ClassVar[int]
    DELIVERY_STATE_CHANGED_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_RATED_FIELD_NUMBER: _ClassVar[int]
    SESSION_ENDED_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_BLOCKED_FIELD_NUMBER: _ClassVar[int]
    MEDIA_FINISHED_FIELD_NUMBER: _ClassVar[int]
    MEDIA_DELETED_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_TOKENS_REVOKED_FIELD_NUMBER: _ClassVar[int]
    envelope: _envelope_pb2.Envelope
    channel_created: ChannelCreated
    channel_updated: ChannelUpdated
    channel_deleted: ChannelDeleted
    session_opened: SessionOpened
    inbound_message_died: InboundMessageDied
    delivery_state_changed: DeliveryStateChanged
    conversation_rated: ConversationRated
    session_ended: SessionEnded
    customer_blocked: CustomerBlocked
    media_finished: MediaFinished
    media_deleted: MediaDeleted
    customer_tokens_revoked: CustomerTokensRevoked
    def __init__(self, envelope: _Optional[_Union[_envelope_pb2.Envelope, _Mapping]] = ..., channel_created: _Optional[_Union[ChannelCreated, _Mapping]] = ..., channel_updated: _Optional[_Union[ChannelUpdated, _Mapping]] = ..., channel_deleted: _Optional[_Union[ChannelDeleted, _Mapping]] = ..., session_opened: _Optional[_Union[SessionOpened, _Mapping]] = ..., inbound_message_died: _Optional[_Union[InboundMessageDied, _Mapping]] = ..., delivery_state_changed: _Optional[_Union[DeliveryStateChanged, _Mapping]] = ..., conversation_rated: _Optional[_Union[ConversationRated, _Mapping]] = ..., session_ended: _Optional[_Union[SessionEnded, _Mapping]] = ..., customer_blocked: _Optional[_Union[CustomerBlocked, _Mapping]] = ..., media_finished: _Optional[_Union[MediaFinished, _Mapping]] = ..., media_deleted: _Optional[_Union[MediaDeleted, _Mapping]] = ..., customer_tokens_revoked: _Optional[_Union[CustomerTokensRevoked, _Mapping]] = ...) -> None: ...

class ChannelCreated(_message.Message):
    __slots__ = ("kind", "display_name")
    KIND_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    kind: _channel_pb2.ChannelKind
    display_name: str
    def __init__(self, kind: _Optional[_Union[_channel_pb2.ChannelKind, str]] = ..., display_name: _Optional[str] = ...) -> None: ...

class ChannelUpdated(_message.Message):
    __slots__ = ("display_name", "state", "paths")
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PATHS_FIELD_NUMBER: _ClassVar[int]
    display_name: str
    state: _channel_pb2.ChannelState
    paths: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, display_name: _Optional[str] = ..., state: _Optional[_Union[_channel_pb2.ChannelState, str]] = ..., paths: _Optional[_Iterable[str]] = ...) -> None: ...

class ChannelDeleted(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SessionOpened(_message.Message):
    __slots__ = ("conversation", "customer", "identified")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    IDENTIFIED_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    customer: str
    identified: bool
    def __init__(self, conversation: _Optional[str] = ..., customer: _Optional[str] = ..., identified: _Optional[bool] = ...) -> None: ...

class SessionEnded(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class CustomerBlocked(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class CustomerTokensRevoked(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class InboundMessageDied(_message.Message):
    __slots__ = ("conversation",)
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    def __init__(self, conversation: _Optional[str] = ...) -> None: ...

class DeliveryStateChanged(_message.Message):
    __slots__ = ("message", "state")
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    message: str
    state: _delivery_pb2.DeliveryState
    def __init__(self, message: _Optional[str] = ..., state: _Optional[_Union[_delivery_pb2.DeliveryState, str]] = ...) -> None: ...

class MediaFinished(_message.Message):
    __slots__ = ("conversation", "uploader", "state", "media_type", "size_bytes")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    UPLOADER_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    MEDIA_TYPE_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    uploader: str
    state: _media_pb2.MediaState
    media_type: str
    size_bytes: int
    def __init__(self, conversation: _Optional[str] = ..., uploader: _Optional[str] = ..., state: _Optional[_Union[_media_pb2.MediaState, str]] = ..., media_type: _Optional[str] = ..., size_bytes: _Optional[int] = ...) -> None: ...

class MediaDeleted(_message.Message):
    __slots__ = ("deleter",)
    DELETER_FIELD_NUMBER: _ClassVar[int]
    deleter: str
    def __init__(self, deleter: _Optional[str] = ...) -> None: ...

class ConversationRated(_message.Message):
    __slots__ = ("score",)
    SCORE_FIELD_NUMBER: _ClassVar[int]
    score: int
    def __init__(self, score: _Optional[int] = ...) -> None: ...
