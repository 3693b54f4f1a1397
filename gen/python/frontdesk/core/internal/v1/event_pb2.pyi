import datetime

from frontdesk.access.v1 import access_pb2 as _access_pb2
from frontdesk.core.v1 import conversation_pb2 as _conversation_pb2
from frontdesk.core.v1 import conversation_service_pb2 as _conversation_service_pb2
from frontdesk.core.v1 import identity_pb2 as _identity_pb2
from frontdesk.core.v1 import message_pb2 as _message_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Event(_message.Message):
    __slots__ = ("shard", "position", "organization", "create_time", "trace_id", "conversation_opened", "message_created", "turn_started", "turn_ended", "handover_requested", "conversation_taken", "conversation_returned", "conversation_closed", "conversation_reopened", "conversation_tagged", "customer_blocked", "customer_unblocked", "conversation_updated", "conversation_moved", "conversation_erased", "customer_created", "customer_updated", "customer_merged", "customer_split", "customer_erased", "identity_added", "identity_removed")
    SHARD_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    TRACE_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_OPENED_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_CREATED_FIELD_NUMBER: _ClassVar[int]
    TURN_STARTED_FIELD_NUMBER: _ClassVar[int]
    TURN_ENDED_FIELD_NUMBER: _ClassVar[int]
    HANDOVER_REQUESTED_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_TAKEN_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_RETURNED_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_CLOSED_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_REOPENED_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_TAGGED_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_BLOCKED_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_UNBLOCKED_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_UPDATED_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_MOVED_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_ERASED_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_CREATED_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_UPDATED_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_MERGED_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_SPLIT_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_ERASED_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_ADDED_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_REMOVED_FIELD_NUMBER: _ClassVar[int]
    shard: int
    position: int
    organization: str
    create_time: _timestamp_pb2.Timestamp
    trace_id: str
    conversation_opened: ConversationOpened
    message_created: MessageCreated
    turn_started: TurnStarted
    turn_ended: TurnEnded
    handover_requested: HandoverRequested
    conversation_taken: ConversationTaken
    conversation_returned: ConversationReturned
    conversation_closed: ConversationClosed
    conversation_reopened: ConversationReopened
    conversation_tagged: ConversationTagged
    customer_blocked: CustomerBlocked
    customer_unblocked: CustomerUnblocked
    conversation_updated: ConversationUpdated
    conversation_moved: ConversationMoved
    conversation_erased: ConversationErased
    customer_created: CustomerCreated
    customer_updated: CustomerUpdated
    customer_merged: CustomerMerged
    customer_split: CustomerSplit
    customer_erased: CustomerErased
    identity_added: IdentityAdded
    identity_removed: IdentityRemoved
    def __init__(self, shard: _Optional[int] = ..., position: _Optional[int] = ..., organization: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., trace_id: _Optional[str] = ..., conversation_opened: _Optional[_Union[ConversationOpened, _Mapping]] = ..., message_created: _Optional[_Union[MessageCreated, _Mapping]] = ..., turn_started: _Optional[_Union[TurnStarted, _Mapping]] = ..., turn_ended: _Optional[_Union[TurnEnded, _Mapping]] = ..., handover_requested: _Optional[_Union[HandoverRequested, _Mapping]] = ..., conversation_taken: _Optional[_Union[ConversationTaken, _Mapping]] = ..., conversation_returned: _Optional[_Union[ConversationReturned, _Mapping]] = ..., conversation_closed: _Optional[_Union[ConversationClosed, _Mapping]] = ..., conversation_reopened: _Optional[_Union[ConversationReopened, _Mapping]] = ..., conversation_tagged: _Optional[_Union[ConversationTagged, _Mapping]] = ..., customer_blocked: _Optional[_Union[CustomerBlocked, _Mapping]] = ..., customer_unblocked: _Optional[_Union[CustomerUnblocked, _Mapping]] = ..., conversation_updated: _Optional[_Union[ConversationUpdated, _Mapping]] = ..., conversation_moved: _Optional[_Union[ConversationMoved, _Mapping]] = ..., conversation_erased: _Optional[_Union[ConversationErased, _Mapping]] = ..., customer_created: _Optional[_Union[CustomerCreated, _Mapping]] = ..., customer_updated: _Optional[_Union[CustomerUpdated, _Mapping]] = ..., customer_merged: _Optional[_Union[CustomerMerged, _Mapping]] = ..., customer_split: _Optional[_Union[CustomerSplit, _Mapping]] = ..., customer_erased: _Optional[_Union[CustomerErased, _Mapping]] = ..., identity_added: _Optional[_Union[IdentityAdded, _Mapping]] = ..., identity_removed: _Optional[_Union[IdentityRemoved, _Mapping]] = ...) -> None: ...

class ConversationOpened(_message.Message):
    __slots__ = ("conversation",)
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    conversation: _conversation_pb2.Conversation
    def __init__(self, conversation: _Optional[_Union[_conversation_pb2.Conversation, _Mapping]] = ...) -> None: ...

class MessageCreated(_message.Message):
    __slots__ = ("message", "channel", "epoch", "address")
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    message: _message_pb2.Message
    channel: str
    epoch: int
    address: _identity_pb2.Address
    def __init__(self, message: _Optional[_Union[_message_pb2.Message, _Mapping]] = ..., channel: _Optional[str] = ..., epoch: _Optional[int] = ..., address: _Optional[_Union[_identity_pb2.Address, _Mapping]] = ...) -> None: ...

class TurnStarted(_message.Message):
    __slots__ = ("turn",)
    TURN_FIELD_NUMBER: _ClassVar[int]
    turn: str
    def __init__(self, turn: _Optional[str] = ...) -> None: ...

class TurnEnded(_message.Message):
    __slots__ = ("turn", "state", "attempt")
    TURN_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    turn: str
    state: _conversation_service_pb2.TurnState
    attempt: int
    def __init__(self, turn: _Optional[str] = ..., state: _Optional[_Union[_conversation_service_pb2.TurnState, str]] = ..., attempt: _Optional[int] = ...) -> None: ...

class HandoverRequested(_message.Message):
    __slots__ = ("conversation", "reason", "customer_display_name", "last_text")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    LAST_TEXT_FIELD_NUMBER: _ClassVar[int]
    conversation: _conversation_pb2.Conversation
    reason: str
    customer_display_name: str
    last_text: str
    def __init__(self, conversation: _Optional[_Union[_conversation_pb2.Conversation, _Mapping]] = ..., reason: _Optional[str] = ..., customer_display_name: _Optional[str] = ..., last_text: _Optional[str] = ...) -> None: ...

class ConversationTaken(_message.Message):
    __slots__ = ("conversation", "from_agent")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    FROM_AGENT_FIELD_NUMBER: _ClassVar[int]
    conversation: _conversation_pb2.Conversation
    from_agent: str
    def __init__(self, conversation: _Optional[_Union[_conversation_pb2.Conversation, _Mapping]] = ..., from_agent: _Optional[str] = ...) -> None: ...

class ConversationReturned(_message.Message):
    __slots__ = ("conversation", "from_agent")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    FROM_AGENT_FIELD_NUMBER: _ClassVar[int]
    conversation: _conversation_pb2.Conversation
    from_agent: str
    def __init__(self, conversation: _Optional[_Union[_conversation_pb2.Conversation, _Mapping]] = ..., from_agent: _Optional[str] = ...) -> None: ...

class ConversationClosed(_message.Message):
    __slots__ = ("conversation",)
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    conversation: _conversation_pb2.Conversation
    def __init__(self, conversation: _Optional[_Union[_conversation_pb2.Conversation, _Mapping]] = ...) -> None: ...

class ConversationReopened(_message.Message):
    __slots__ = ("conversation",)
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    conversation: _conversation_pb2.Conversation
    def __init__(self, conversation: _Optional[_Union[_conversation_pb2.Conversation, _Mapping]] = ...) -> None: ...

class ConversationTagged(_message.Message):
    __slots__ = ("conversation",)
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    conversation: _conversation_pb2.Conversation
    def __init__(self, conversation: _Optional[_Union[_conversation_pb2.Conversation, _Mapping]] = ...) -> None: ...

class CustomerBlocked(_message.Message):
    __slots__ = ("customer",)
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    customer: str
    def __init__(self, customer: _Optional[str] = ...) -> None: ...

class CustomerUnblocked(_message.Message):
    __slots__ = ("customer",)
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    customer: str
    def __init__(self, customer: _Optional[str] = ...) -> None: ...

class ConversationUpdated(_message.Message):
    __slots__ = ("conversation",)
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    conversation: _conversation_pb2.Conversation
    def __init__(self, conversation: _Optional[_Union[_conversation_pb2.Conversation, _Mapping]] = ...) -> None: ...

class ConversationMoved(_message.Message):
    __slots__ = ("conversation", "from_customer")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    FROM_CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    conversation: _conversation_pb2.Conversation
    from_customer: str
    def __init__(self, conversation: _Optional[_Union[_conversation_pb2.Conversation, _Mapping]] = ..., from_customer: _Optional[str] = ...) -> None: ...

class ConversationErased(_message.Message):
    __slots__ = ("conversation",)
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    conversation: _conversation_pb2.Conversation
    def __init__(self, conversation: _Optional[_Union[_conversation_pb2.Conversation, _Mapping]] = ...) -> None: ...

class CustomerCreated(_message.Message):
    __slots__ = ("customer",)
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    customer: str
    def __init__(self, customer: _Optional[str] = ...) -> None: ...

class CustomerUpdated(_message.Message):
    __slots__ = ("customer",)
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    customer: str
    def __init__(self, customer: _Optional[str] = ...) -> None: ...

class CustomerMerged(_message.Message):
    __slots__ = ("customer", "duplicate")
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_FIELD_NUMBER: _ClassVar[int]
    customer: str
    duplicate: str
    def __init__(self, customer: _Optional[str] = ..., duplicate: _Optional[str] = ...) -> None: ...

class CustomerSplit(_message.Message):
    __slots__ = ("customer", "from_customer")
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    FROM_CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    customer: str
    from_customer: str
    def __init__(self, customer: _Optional[str] = ..., from_customer: _Optional[str] = ...) -> None: ...

class CustomerErased(_message.Message):
    __slots__ = ("customer",)
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    customer: str
    def __init__(self, customer: _Optional[str] = ...) -> None: ...

class IdentityAdded(_message.Message):
    __slots__ = ("customer", "kind", "verified")
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    VERIFIED_FIELD_NUMBER: _ClassVar[int]
    customer: str
    kind: _identity_pb2.IdentityKind
    verified: bool
    def __init__(self, customer: _Optional[str] = ..., kind: _Optional[_Union[_identity_pb2.IdentityKind, str]] = ..., verified: _Optional[bool] = ...) -> None: ...

class IdentityRemoved(_message.Message):
    __slots__ = ("customer", "kind")
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    customer: str
    kind: _identity_pb2.IdentityKind
    def __init__(self, customer: _Optional[str] = ..., kind: _Optional[_Union[_identity_pb2.IdentityKind, str]] = ...) -> None: ...
