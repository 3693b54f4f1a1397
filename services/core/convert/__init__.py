"""Domain values as messages of the contract, and back."""

from datetime import UTC
from typing import cast

from frontdesk.core import v1 as pb
from frontdesk.core.internal import v1 as internal
from google.protobuf.timestamp_pb2 import Timestamp

from kit import excerpts
from kit.convert import time_to_pb
from services.core import domain
from services.core.app import live
from services.core.convert import customers
from services.core.convert.content import content_to_pb
from services.core.convert.customers import address_to_pb
from services.core.convert.money import money_to_pb

PREVIEW = 200

ROLES = {role: cast("pb.ParticipantRole", pb.ParticipantRole.Value(f"PARTICIPANT_ROLE_{role}")) for role in domain.Role}
_ROLES_BACK = {value: role for role, value in ROLES.items()}
STATES = {
    state: cast("pb.ConversationState", pb.ConversationState.Value(f"CONVERSATION_STATE_{state}")) for state in domain.State
}
_STATES_BACK = {value: state for state, value in STATES.items()}
TURN_STATES = {state: cast("pb.TurnState", pb.TurnState.Value(f"TURN_STATE_{state}")) for state in domain.TurnState}
KINDS = {kind: cast("pb.MessageKind", pb.MessageKind.Value(f"MESSAGE_KIND_{kind}")) for kind in domain.MessageKind}
_RESPONDERS = {
    internal.RESPONDER_UNSPECIFIED: domain.Responder.ASSISTANT,
    internal.RESPONDER_AGENTS: domain.Responder.AGENTS,
    internal.RESPONDER_NOBODY: domain.Responder.NOBODY,
}
_PRIORITIES = {
    domain.Priority.LOW: pb.CONVERSATION_PRIORITY_LOW,
    domain.Priority.NORMAL: pb.CONVERSATION_PRIORITY_UNSPECIFIED,
    domain.Priority.HIGH: pb.CONVERSATION_PRIORITY_HIGH,
    domain.Priority.URGENT: pb.CONVERSATION_PRIORITY_URGENT,
}
_PRIORITIES_BACK = {value: priority for priority, value in _PRIORITIES.items()}
_CHANGEABLE = frozenset({"subject", "priority", "language"})


def conversation_name(organization: str, conversation: str) -> str:
    """`organizations/{organization}/conversations/{conversation}`."""
    return f"organizations/{organization}/conversations/{conversation}"


def turn_name(organization: str, conversation: str, turn: str | None) -> str:
    """The name of a turn; empty for none."""
    return f"{conversation_name(organization, conversation)}/turns/{turn}" if turn else ""


def conversation_to_pb(c: domain.Conversation) -> pb.Conversation:
    """A conversation."""
    organization = f"organizations/{c.organization}"
    return pb.Conversation(
        name=conversation_name(c.organization, c.id),
        customer=f"{organization}/customers/{c.customer}",
        channel=f"{organization}/channels/{c.channel}",
        state=STATES[c.state],
        agent=f"{organization}/agents/{c.agent}" if c.agent else "",
        agent_display_name=c.agent_display_name,
        epoch=c.epoch,
        last_seq=c.last_seq,
        tags=c.tags,
        handover_reason=c.handover_reason,
        create_time=time_to_pb(c.created),
        update_time=time_to_pb(c.updated),
        thread_key=c.thread_key,
        subject=c.subject,
        priority=_PRIORITIES[c.priority],
        language=c.language,
        etag=domain.details_etag(c),
        unanswered=c.unanswered,
        capabilities=capabilities_to_pb(c.capabilities) if c.capabilities else None,
        rating=pb.Rating(score=c.rating, comment=c.rating_comment, create_time=time_to_pb(c.rated)) if c.rating else None,
    )


def capabilities_to_pb(c: domain.Capabilities) -> pb.Capabilities:
    """The capabilities of a channel."""
    return pb.Capabilities(files=c.files, max_options=c.max_options, window_close_time=time_to_pb(c.window_closes))


def capabilities_from_pb(c: pb.Capabilities) -> domain.Capabilities:
    """The capabilities of a channel."""
    closes = c.window_close_time.ToDatetime(UTC) if c.HasField("window_close_time") else None
    return domain.Capabilities(c.files, c.max_options, closes)


def version_to_pb(c: domain.Conversation) -> internal.ConversationVersion:
    """A conversation as the journal has it: no text."""
    organization = f"organizations/{c.organization}"
    return internal.ConversationVersion(
        name=f"{organization}/conversations/{c.id}",
        revision=c.revision,
        customer=f"{organization}/customers/{c.customer}",
        channel=f"{organization}/channels/{c.channel}",
        state=STATES[c.state],
        agent=f"{organization}/agents/{c.agent}" if c.agent else "",
        epoch=c.epoch,
        last_seq=c.last_seq,
        last_customer_seq=c.last_customer_seq,
        answered_seq=c.answered_seq,
    )


def message_to_pb(organization: str, conversation: str, m: domain.Message) -> pb.Message:
    """A message of a conversation."""
    return pb.Message(
        name=f"{conversation_name(organization, conversation)}/messages/{m.id}",
        seq=m.seq,
        role=ROLES[m.role],
        author_display_name=m.author_display_name,
        text=m.text,
        format=pb.TEXT_FORMAT_MARKDOWN if m.markdown else pb.TEXT_FORMAT_PLAIN,
        note=m.note,
        citations=map(citation_to_pb, m.citations),
        turn=turn_name(organization, conversation, m.turn),
        create_time=time_to_pb(m.created),
        request_id=m.request_id,
        kind=KINDS[m.kind] if m.role is domain.Role.ASSISTANT else pb.MESSAGE_KIND_UNSPECIFIED,
        epoch=m.epoch,
        content=content_to_pb(m.content, conversation_name(organization, conversation)) if m.content is not None else None,
    )


def citation_to_pb(citation: domain.Citation) -> pb.Citation:
    """A span and its source."""
    source = citation.source
    told = pb.Source(
        document=source.document,
        revision=source.revision,
        passage=source.passage,
        title=source.title,
        heading=source.heading,
        uri=source.uri,
        quote=source.quote,
    )
    return pb.Citation(start=citation.start, end=citation.end, source=told)


def turn_to_pb(organization: str, conversation: str, t: domain.Turn) -> pb.Turn:
    """A turn."""
    return pb.Turn(
        name=turn_name(organization, conversation, t.id),
        state=TURN_STATES[t.state],
        attempt=t.attempt,
        epoch=t.epoch,
        answers_seq=t.answers_seq,
        assistant=t.assistant,
        input_tokens=t.input_tokens,
        output_tokens=t.output_tokens,
        error=t.error,
        create_time=time_to_pb(t.created),
        finish_time=time_to_pb(t.finished),
        cost=None if t.micros is None else money_to_pb(t.micros),
    )


def overview_to_pb(overview: domain.Overview) -> pb.Conversation:
    """A conversation with what a list shows of it."""
    c, last = overview.conversation, overview.last
    shown = conversation_to_pb(c)
    shown.customer_read_seq = overview.customer_read_seq
    summary = shown.summary
    summary.customer_display_name = overview.customer_display_name
    if c.address is not None:
        summary.address.CopyFrom(address_to_pb(c.address))
    if last is not None:
        summary.last_message = f"{shown.name}/messages/{last.id}"
        summary.last_role = ROLES[last.role]
        summary.last_preview = excerpts.excerpt(" ".join(last.text.split()), PREVIEW)
        summary.last_message_time.CopyFrom(cast(Timestamp, time_to_pb(last.created)))
    return shown


def conversation_changes_from_pb(request: pb.UpdateConversationRequest) -> dict[str, str]:
    """The changes of an update. Raises UnknownField."""
    given = request.conversation
    paths = customers.chosen(given, request.update_mask, _CHANGEABLE)
    return {path: str(_PRIORITIES_BACK[given.priority]) if path == "priority" else getattr(given, path) for path in paths}


def found_to_pb(found: domain.Found, now: domain.Overview) -> pb.SearchConversationsResponse.Result:
    """The result of a search. `now`: its conversation as it is now."""
    c, message = found.conversation, found.message
    return pb.SearchConversationsResponse.Result(
        conversation=overview_to_pb(now),
        message=message_to_pb(c.organization, c.id, message) if message else None,
    )


def message_item_to_pb(reference: domain.MessageReference) -> internal.BatchGetMessagesResponse.Item:
    """A message that a fact refers to."""
    name = f"{conversation_name(reference.organization, reference.conversation)}/messages/{reference.id}"
    if reference.message is None:
        return internal.BatchGetMessagesResponse.Item(message=pb.Message(name=name), erased=True)
    address = reference.address
    return internal.BatchGetMessagesResponse.Item(
        message=message_to_pb(reference.organization, reference.conversation, reference.message),
        address=address_to_pb(address) if address else None,
    )


def conversation_item_to_pb(reference: domain.ConversationReference) -> internal.BatchGetConversationsResponse.Item:
    """A conversation that a fact refers to."""
    if reference.conversation is None:
        name = conversation_name(reference.organization, reference.id)
        return internal.BatchGetConversationsResponse.Item(conversation=pb.Conversation(name=name), erased=True)
    return internal.BatchGetConversationsResponse.Item(
        conversation=conversation_to_pb(reference.conversation),
        customer_display_name=reference.customer_display_name,
        last_text=reference.last_text,
    )


def role_from_pb(role: pb.ParticipantRole) -> domain.Role:
    """A role."""
    return _ROLES_BACK[role]


def responder_from_pb(responder: internal.Responder) -> domain.Responder:
    """The one to answer."""
    return _RESPONDERS[responder]


def state_from_pb(state: pb.ConversationState) -> domain.State:
    """A conversation's state."""
    return _STATES_BACK[state]


def frame_to_pb(organization: str, conversation: str, frame: live.Frame) -> pb.WatchConversationResponse:
    """An event for a watcher."""
    response = pb.WatchConversationResponse(resume_token=frame.token)
    match frame.shown:
        case live.Delta(turn=turn, attempt=attempt, epoch=epoch, offset=offset, text=text, citations=citations):
            delta = response.reply_delta
            delta.turn = turn_name(organization, conversation, turn)
            delta.attempt, delta.epoch, delta.offset, delta.text = attempt, epoch, offset, text
            delta.citations.extend(map(citation_to_pb, citations))
        case domain.Message() as message:
            response.message_created.CopyFrom(message_to_pb(organization, conversation, message))
        case domain.Conversation() as current:
            response.conversation_updated.CopyFrom(conversation_to_pb(current))
        case live.TurnMoved(turn=turn, state=state, attempt=attempt, epoch=epoch):
            moved = response.turn_updated
            moved.turn = turn_name(organization, conversation, turn)
            moved.state, moved.attempt, moved.epoch = TURN_STATES[state], attempt, epoch
        case live.Typing(role=role, until=until):
            response.typing.MergeFrom(pb.WatchConversationResponse.Typing(role=ROLES[role], expire_time=time_to_pb(until)))
        case live.ReadOn(role=role, seq=seq):
            response.read_updated.role, response.read_updated.seq = ROLES[role], seq
        case live.Heartbeat():
            response.heartbeat.SetInParent()
    return response
