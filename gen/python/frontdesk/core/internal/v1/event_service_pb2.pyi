import datetime

from buf.validate import validate_pb2 as _validate_pb2
from frontdesk.access.v1 import access_pb2 as _access_pb2
from frontdesk.core.internal.v1 import event_pb2 as _event_pb2
from frontdesk.core.v1 import conversation_pb2 as _conversation_pb2
from frontdesk.core.v1 import identity_pb2 as _identity_pb2
from frontdesk.core.v1 import message_pb2 as _message_pb2
from frontdesk.event.v1 import envelope_pb2 as _envelope_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class WatchEventsRequest(_message.Message):
    __slots__ = ("shards", "after", "filters", "until_now", "since", "follower")
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
    UNTIL_NOW_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    FOLLOWER_FIELD_NUMBER: _ClassVar[int]
    shards: _containers.RepeatedScalarFieldContainer[int]
    after: _containers.ScalarMap[int, int]
    filters: _containers.RepeatedCompositeFieldContainer[_envelope_pb2.Filter]
    until_now: bool
    since: _timestamp_pb2.Timestamp
    follower: str
    def __init__(self, shards: _Optional[_Iterable[int]] = ..., after: _Optional[_Mapping[int, int]] = ..., filters: _Optional[_Iterable[_Union[_envelope_pb2.Filter, _Mapping]]] = ..., until_now: _Optional[bool] = ..., since: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., follower: _Optional[str] = ...) -> None: ...

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
    event: _event_pb2.Event
    checkpoint: WatchEventsResponse.Checkpoint
    def __init__(self, event: _Optional[_Union[_event_pb2.Event, _Mapping]] = ..., checkpoint: _Optional[_Union[WatchEventsResponse.Checkpoint, _Mapping]] = ...) -> None: ...

class BatchGetMessagesRequest(_message.Message):
    __slots__ = ("names",)
    NAMES_FIELD_NUMBER: _ClassVar[int]
    names: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, names: _Optional[_Iterable[str]] = ...) -> None: ...

class BatchGetMessagesResponse(_message.Message):
    __slots__ = ("items",)
    class Item(_message.Message):
        __slots__ = ("message", "address", "erased")
        MESSAGE_FIELD_NUMBER: _ClassVar[int]
        ADDRESS_FIELD_NUMBER: _ClassVar[int]
        ERASED_FIELD_NUMBER: _ClassVar[int]
        message: _message_pb2.Message
        address: _identity_pb2.Address
        erased: bool
        def __init__(self, message: _Optional[_Union[_message_pb2.Message, _Mapping]] = ..., address: _Optional[_Union[_identity_pb2.Address, _Mapping]] = ..., erased: _Optional[bool] = ...) -> None: ...
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[BatchGetMessagesResponse.Item]
    def __init__(self, items: _Optional[_Iterable[_Union[BatchGetMessagesResponse.Item, _Mapping]]] = ...) -> None: ...

class BatchGetConversationsRequest(_message.Message):
    __slots__ = ("names",)
    NAMES_FIELD_NUMBER: _ClassVar[int]
    names: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, names: _Optional[_Iterable[str]] = ...) -> None: ...

class BatchGetConversationsResponse(_message.Message):
    __slots__ = ("items",)
    class Item(_message.Message):
        __slots__ = ("conversation", "customer_display_name", "last_text", "erased")
        CONVERSATION_FIELD_NUMBER: _ClassVar[int]
        CUSTOMER_DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
        LAST_TEXT_FIELD_NUMBER: _ClassVar[int]
        ERASED_FIELD_NUMBER: _ClassVar[int]
        conversation: _conversation_pb2.Conversation
        customer_display_name: str
        last_text: str
        erased: bool
        def __init__(self, conversation: _Optional[_Union[_conversation_pb2.Conversation, _Mapping]] = ..., customer_display_name: _Optional[str] = ..., last_text: _Optional[str] = ..., erased: _Optional[bool] = ...) -> None: ...
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[BatchGetConversationsResponse.Item]
    def __init__(self, items: _Optional[_Iterable[_Union[BatchGetConversationsResponse.Item, _Mapping]]] = ...) -> None: ...
