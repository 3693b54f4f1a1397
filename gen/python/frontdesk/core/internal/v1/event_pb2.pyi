from buf.validate import validate_pb2 as _validate_pb2
from frontdesk.access.v1 import access_pb2 as _access_pb2
from frontdesk.core.v1 import conversation_pb2 as _conversation_pb2
from frontdesk.core.v1 import conversation_service_pb2 as _conversation_service_pb2
from frontdesk.core.v1 import identity_pb2 as _identity_pb2
from frontdesk.core.v1 import message_pb2 as _message_pb2
from frontdesk.event.v1 import envelope_pb2 as _envelope_pb2
from google.type import money_pb2 as _money_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Event(_message.Message):
    __slots__ = ("envelope", "conversation", "conversation_opened", "message_created", "turn_started", "turn_ended", "handover_requested", "conversation_taken", "conversation_returned", "conversation_closed", "conversation_reopened", "conversation_tagged", "customer_blocked", "customer_unblocked", "conversation_updated", "conversation_moved", "conversation_erased", "customer_created", "customer_updated", "customer_merged", "customer_split", "customer_erased", "identity_added", "identity_removed", "conversation_rated", "turn_charged")
    ENVELOPE_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
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
    CONVERSATION_RATED_FIELD_NUMBER: _ClassVar[int]
    TURN_CHARGED_FIELD_NUMBER: _ClassVar[int]
    envelope: _envelope_pb2.Envelope
    conversation: ConversationVersion
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
    conversation_rated: ConversationRated
    turn_charged: TurnCharged
    def __init__(self, envelope: _Optional[_Union[_envelope_pb2.Envelope, _Mapping]] = ..., conversation: _Optional[_Union[ConversationVersion, _Mapping]] = ..., conversation_opened: _Optional[_Union[ConversationOpened, _Mapping]] = ..., message_created: _Optional[_Union[MessageCreated, _Mapping]] = ..., turn_started: _Optional[_Union[TurnStarted, _Mapping]] = ..., turn_ended: _Optional[_Union[TurnEnded, _Mapping]] = ..., handover_requested: _Optional[_Union[HandoverRequested, _Mapping]] = ..., conversation_taken: _Optional[_Union[ConversationTaken, _Mapping]] = ..., conversation_returned: _Optional[_Union[ConversationReturned, _Mapping]] = ..., conversation_closed: _Optional[_Union[ConversationClosed, _Mapping]] = ..., conversation_reopened: _Optional[_Union[ConversationReopened, _Mapping]] = ..., conversation_tagged: _Optional[_Union[ConversationTagged, _Mapping]] = ..., customer_blocked: _Optional[_Union[CustomerBlocked, _Mapping]] = ..., customer_unblocked: _Optional[_Union[CustomerUnblocked, _Mapping]] = ..., conversation_updated: _Optional[_Union[ConversationUpdated, _Mapping]] = ..., conversation_moved: _Optional[_Union[ConversationMoved, _Mapping]] = ..., conversation_erased: _Optional[_Union[ConversationErased, _Mapping]] = ..., customer_created: _Optional[_Union[CustomerCreated, _Mapping]] = ..., customer_updated: _Optional[_Union[CustomerUpdated, _Mapping]] = ..., customer_merged: _Optional[_Union[CustomerMerged, _Mapping]] = ..., customer_split: _Optional[_Union[CustomerSplit, _Mapping]] = ..., customer_erased: _Optional[_Union[CustomerErased, _Mapping]] = ..., identity_added: _Optional[_Union[IdentityAdded, _Mapping]] = ..., identity_removed: _Optional[_Union[IdentityRemoved, _Mapping]] = ..., conversation_rated: _Optional[_Union[ConversationRated, _Mapping]] = ..., turn_charged: _Optional[_Union[TurnCharged, _Mapping]] = ...) -> None: ...

class ConversationVersion(_message.Message):
    __slots__ = ("name", "revision", "customer", "channel", "state", "agent", "epoch", "last_seq", "last_customer_seq", "answered_seq")
    NAME_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    LAST_SEQ_FIELD_NUMBER: _ClassVar[int]
    LAST_CUSTOMER_SEQ_FIELD_NUMBER: _ClassVar[int]
    ANSWERED_SEQ_FIELD_NUMBER: _ClassVar[int]
    name: str
    revision: int
    customer: str
    channel: str
    state: _conversation_pb2.ConversationState
    agent: str
    epoch: int
    last_seq: int
    last_customer_seq: int
    answered_seq: int
    def __init__(self, name: _Optional[str] = ..., revision: _Optional[int] = ..., customer: _Optional[str] = ..., channel: _Optional[str] = ..., state: _Optional[_Union[_conversation_pb2.ConversationState, str]] = ..., agent: _Optional[str] = ..., epoch: _Optional[int] = ..., last_seq: _Optional[int] = ..., last_customer_seq: _Optional[int] = ..., answered_seq: _Optional[int] = ...) -> None: ...

class ConversationOpened(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class MessageCreated(_message.Message):
    __slots__ = ("seq", "role", "kind", "note", "turn", "epoch")
    SEQ_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    TURN_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    seq: int
    role: _message_pb2.ParticipantRole
    kind: _message_pb2.MessageKind
    note: bool
    turn: str
    epoch: int
    def __init__(self, seq: _Optional[int] = ..., role: _Optional[_Union[_message_pb2.ParticipantRole, str]] = ..., kind: _Optional[_Union[_message_pb2.MessageKind, str]] = ..., note: _Optional[bool] = ..., turn: _Optional[str] = ..., epoch: _Optional[int] = ...) -> None: ...

class TurnStarted(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class TurnEnded(_message.Message):
    __slots__ = ("state", "attempt")
    STATE_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    state: _conversation_service_pb2.TurnState
    attempt: int
    def __init__(self, state: _Optional[_Union[_conversation_service_pb2.TurnState, str]] = ..., attempt: _Optional[int] = ...) -> None: ...

class TurnCharged(_message.Message):
    __slots__ = ("input_tokens", "output_tokens", "cost")
    INPUT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    COST_FIELD_NUMBER: _ClassVar[int]
    input_tokens: int
    output_tokens: int
    cost: _money_pb2.Money
    def __init__(self, input_tokens: _Optional[int] = ..., output_tokens: _Optional[int] = ..., cost: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...

class HandoverRequested(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ConversationTaken(_message.Message):
    __slots__ = ("from_agent",)
    FROM_AGENT_FIELD_NUMBER: _ClassVar[int]
    from_agent: str
    def __init__(self, from_agent: _Optional[str] = ...) -> None: ...

class ConversationReturned(_message.Message):
    __slots__ = ("from_agent",)
    FROM_AGENT_FIELD_NUMBER: _ClassVar[int]
    from_agent: str
    def __init__(self, from_agent: _Optional[str] = ...) -> None: ...

class ConversationClosed(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ConversationReopened(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ConversationTagged(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ConversationRated(_message.Message):
    __slots__ = ("score",)
    SCORE_FIELD_NUMBER: _ClassVar[int]
    score: int
    def __init__(self, score: _Optional[int] = ...) -> None: ...

class CustomerBlocked(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class CustomerUnblocked(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ConversationUpdated(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ConversationMoved(_message.Message):
    __slots__ = ("from_customer",)
    FROM_CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    from_customer: str
    def __init__(self, from_customer: _Optional[str] = ...) -> None: ...

class ConversationErased(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class CustomerCreated(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class CustomerUpdated(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class CustomerMerged(_message.Message):
    __slots__ = ("duplicate",)
    DUPLICATE_FIELD_NUMBER: _ClassVar[int]
    duplicate: str
    def __init__(self, duplicate: _Optional[str] = ...) -> None: ...

class CustomerSplit(_message.Message):
    __slots__ = ("from_customer",)
    FROM_CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    from_customer: str
    def __init__(self, from_customer: _Optional[str] = ...) -> None: ...

class CustomerErased(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class IdentityAdded(_message.Message):
    __slots__ = ("kind", "verified")
    KIND_FIELD_NUMBER: _ClassVar[int]
    VERIFIED_FIELD_NUMBER: _ClassVar[int]
    kind: _identity_pb2.IdentityKind
    verified: bool
    def __init__(self, kind: _Optional[_Union[_identity_pb2.IdentityKind, str]] = ..., verified: _Optional[bool] = ...) -> None: ...

class IdentityRemoved(_message.Message):
    __slots__ = ("kind",)
    KIND_FIELD_NUMBER: _ClassVar[int]
    kind: _identity_pb2.IdentityKind
    def __init__(self, kind: _Optional[_Union[_identity_pb2.IdentityKind, str]] = ...) -> None: ...
