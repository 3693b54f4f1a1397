from buf.validate import validate_pb2 as _validate_pb2
from frontdesk.access.v1 import access_pb2 as _access_pb2
from frontdesk.core.v1 import conversation_pb2 as _conversation_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class TakeConversationRequest(_message.Message):
    __slots__ = ("name", "agent", "agent_display_name", "from_agent")
    NAME_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    AGENT_DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    FROM_AGENT_FIELD_NUMBER: _ClassVar[int]
    name: str
    agent: str
    agent_display_name: str
    from_agent: str
    def __init__(self, name: _Optional[str] = ..., agent: _Optional[str] = ..., agent_display_name: _Optional[str] = ..., from_agent: _Optional[str] = ...) -> None: ...

class TakeConversationResponse(_message.Message):
    __slots__ = ("conversation", "messages_on_the_wire")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_ON_THE_WIRE_FIELD_NUMBER: _ClassVar[int]
    conversation: _conversation_pb2.Conversation
    messages_on_the_wire: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, conversation: _Optional[_Union[_conversation_pb2.Conversation, _Mapping]] = ..., messages_on_the_wire: _Optional[_Iterable[str]] = ...) -> None: ...

class ReturnToAssistantRequest(_message.Message):
    __slots__ = ("name", "agent")
    NAME_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    name: str
    agent: str
    def __init__(self, name: _Optional[str] = ..., agent: _Optional[str] = ...) -> None: ...

class ClaimDispatchRequest(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: str
    def __init__(self, message: _Optional[str] = ...) -> None: ...

class ClaimDispatchResponse(_message.Message):
    __slots__ = ("epoch",)
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    epoch: int
    def __init__(self, epoch: _Optional[int] = ...) -> None: ...
