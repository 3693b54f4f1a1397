"""Between channel's values and its contract."""

from dataclasses import fields
from typing import Any

from frontdesk.channel import v1 as pb
from frontdesk.channel.internal import v1 as channel_internal
from frontdesk.core import v1 as core
from frontdesk.core.internal import v1 as core_internal
from google.protobuf.message import Message

from kit import names
from kit.caller import Caller
from kit.caller import Kind as CallerKind
from kit.convert import time_to_pb
from kit.errors import Unimplemented
from kit.ids import OrganizationId
from kit.journal import by_fields
from services.channel.convert import web_chat
from services.channel.domain import channels, inbound, sessions
from services.channel.domain.channels import Channel, ChannelId, Draft, Form, Forms
from services.channel.domain.deliveries import Delivery, Outgoing
from services.channel.domain.inbound import Inbound, InboundState, SendState, Sent, Writer
from services.channel.domain.media import Announcement, Media, MediaId, Party
from services.channel.domain.providers import Citation, OutboundContent, Source
from services.channel.domain.sessions import ConversationId, CustomerId, Grant, Holder, SessionId
from services.channel.ports.media import Link

ORGANIZATION = "organizations/{organization}"
CHANNEL = ORGANIZATION + "/channels/{channel}"
SESSION = CHANNEL + "/sessions/{session}"
CONVERSATION = ORGANIZATION + "/conversations/{conversation}"
DELIVERY = ORGANIZATION + "/deliveries/{delivery}"
MEDIA = ORGANIZATION + "/media/{media}"
INBOUND_MESSAGE = ORGANIZATION + "/inboundMessages/{inbound_message}"

fact_to_pb = by_fields(
    channel_internal,
    {
        "channel": "channels/{}",
        "session": "channels/{}",
        "conversation": "conversations/{}",
        "customer": "customers/{}",
        "inbound_message": "inboundMessages/{}",
        "delivery": "deliveries/{}",
        "media": "media/{}",
        "message": "conversations/{}",
        "uploader": "{}",
        "deleter": "{}",
    },
)
"""Facts as the journal keeps them."""

_STANDINGS = {SendState.ACCEPTED: pb.SEND_STATE_ACCEPTED, SendState.QUEUED: pb.SEND_STATE_QUEUED}


def channel_ids(name: str) -> tuple[OrganizationId, ChannelId]:
    """The ids in a channel's name."""
    found = names.parse(CHANNEL, name)
    return OrganizationId(found["organization"]), ChannelId(found["channel"])


def holder(caller: Caller) -> Holder:
    """The customer who calls. Raises NotACustomer."""
    if caller.kind is not CallerKind.CUSTOMER:
        raise sessions.NotACustomer
    channel, _, session = caller.session.partition("/")
    return Holder(OrganizationId(caller.organization), ChannelId(channel), SessionId(session), CustomerId(caller.id))


def writer(caller: Caller, conversation: str) -> Writer:
    """The customer who acts on a conversation, which may be another's. Raises NotACustomer."""
    who = holder(caller)
    return Writer(who.organization, who.channel, who.session, who.customer, ConversationId(names.last(conversation)))


def draft_from_pb(channel: pb.Channel, forms: Forms) -> Draft:
    """The wanted values of a channel. Raises Unimplemented for settings of kinds that are not built."""
    prefix = channel.WhichOneof("config") or ""
    form, config, credentials = forms.get(channels.Kind(prefix.upper())), None, {}
    if form is not None:
        given = getattr(channel, prefix)
        config = web_chat.config_from_pb(given) if prefix == "web_chat" else _config_from_pb(form, given)
        credentials = {f"{prefix}.{name}": getattr(given, name) for name in form.credentials}
    elif prefix:
        raise Unimplemented(f"Channels of the kind {prefix.upper()} are not built yet.")
    return Draft(
        kind=channels.Kind(pb.ChannelKind.Name(channel.kind).removeprefix("CHANNEL_KIND_")) if channel.kind else None,
        display_name=channel.display_name,
        state=channels.State(pb.ChannelState.Name(channel.state).removeprefix("CHANNEL_STATE_")) if channel.state else None,
        config=config,
        credentials=credentials,
        assistant_off=channel.assistant_off,
        prefix=prefix,
    )


def _config_from_pb(form: Form, given: Any) -> Any:
    return form.config(**{member.name: _plain(getattr(given, member.name)) for member in fields(form.config)})


def _plain(value: Any) -> Any:
    """A field of a kind's settings: a text, a number, a truth, or several of them."""
    return value if isinstance(value, str | int | bool) else tuple(value)


def channel_to_pb(channel: Channel) -> pb.Channel:
    """A channel without its credentials."""
    told = pb.Channel(
        name=f"organizations/{channel.organization}/channels/{channel.id}",
        display_name=channel.display_name,
        kind=f"CHANNEL_KIND_{channel.kind}",
        state=f"CHANNEL_STATE_{channel.state}",
        assistant_off=channel.assistant_off,
        credentials_set=sorted(channel.credentials),
        create_time=time_to_pb(channel.created),
        update_time=time_to_pb(channel.updated),
        etag=channel.etag,
        widget_seen_time=time_to_pb(channel.widget_seen),
        widget_seen_origin=channel.widget_seen_origin,
    )
    if isinstance(channel.config, channels.WebChatConfig):
        told.web_chat.CopyFrom(web_chat.config_to_pb(channel, channel.config))
        return told
    given = getattr(told, channel.kind.lower())
    given.SetInParent()
    for member in fields(channel.config):
        value = getattr(channel.config, member.name)
        if isinstance(value, tuple):
            getattr(given, member.name).extend(value)
        else:
            setattr(given, member.name, value)
    return told


def session_to_pb(grant: Grant) -> pb.Session:
    """A session with what lets its browser come back."""
    session = grant.session
    organization = f"organizations/{session.organization}"
    return pb.Session(
        name=f"{organization}/channels/{session.channel}/sessions/{session.id}",
        conversation=f"{organization}/conversations/{grant.conversation}",
        customer=f"{organization}/customers/{session.customer}",
        secret=grant.secret,
        expire_time=time_to_pb(session.expires),
        token=grant.token,
        token_expire_time=time_to_pb(grant.token_expires),
        greeting=grant.greeting,
        channel_display_name=grant.channel_display_name,
    )


def said_from_pb(text: str, content: core.MessageContent) -> inbound.Said:
    """The message of a request: its text, or its content when it has no text."""
    if text:
        return inbound.Said(text)
    words = [part.text for part in content.parts if part.WhichOneof("part") == "text"]
    kinds = frozenset(str(part.WhichOneof("part")) for part in content.parts)
    return inbound.Said("\n".join(words), kinds, content.SerializeToString(deterministic=True), _characters(content))


def _characters(message: Message) -> int:
    """How many characters all strings of a message have."""
    found = 0
    for field, value in message.ListFields():
        for item in value if field.is_repeated else (value,):
            found += _characters(item) if isinstance(item, Message) else len(item) if isinstance(item, str) else 0
    return found


def message_to_pb(sent: Sent) -> core.Message:
    """A sent message as core returns it; without name, seq and epoch while it waits."""
    arrival, accepted = sent.arrival, sent.accepted
    text, content = (accepted.text, accepted.content) if accepted and accepted.text else (arrival.text, arrival.content)
    conversation = f"organizations/{arrival.organization}/conversations/{arrival.conversation}"
    return core.Message(
        name=f"{conversation}/messages/{accepted.message}" if accepted else "",
        seq=accepted.seq if accepted else 0,
        role=core.PARTICIPANT_ROLE_CUSTOMER,
        text=text,
        format=core.TEXT_FORMAT_PLAIN,
        content=core.MessageContent.FromString(content) if content else None,
        create_time=time_to_pb(accepted.created if accepted else sent.stored),
        request_id=arrival.request_id,
        epoch=accepted.epoch if accepted else 0,
    )


def sent_to_pb(sent: Sent) -> pb.SendMessageResponse:
    """The answer to a sender."""
    return pb.SendMessageResponse(state=_STANDINGS[sent.standing], message=message_to_pb(sent))


def accepted_to_pb(sent: Sent) -> pb.ChatAccepted:
    """The answer to a sender in a Chat stream."""
    return pb.ChatAccepted(request_id=sent.arrival.request_id, state=_STANDINGS[sent.standing], message=message_to_pb(sent))


def inbound_to_pb(item: Inbound) -> pb.InboundMessage:
    """A received message."""
    organization = f"organizations/{item.arrival.organization}"
    return pb.InboundMessage(
        name=f"{organization}/inboundMessages/{item.id}",
        channel=f"{organization}/channels/{item.arrival.channel}",
        conversation=_conversation(organization, item.arrival.known_conversation),
        sender=item.arrival.sender.address if item.arrival.sender else "",
        state=f"INBOUND_MESSAGE_STATE_{item.state.name}",
        text=item.arrival.text,
        attempts=item.attempts,
        problem=item.problem,
        create_time=time_to_pb(item.created),
        next_attempt_time=time_to_pb(item.next_attempt) if item.state is InboundState.PENDING else None,
    )


def _conversation(organization: str, id: str) -> str:
    return f"{organization}/conversations/{id}" if id else ""


def delivery_to_pb(item: Delivery) -> pb.Delivery:
    """A delivery."""
    out = item.outgoing
    organization = f"organizations/{out.organization}"
    return pb.Delivery(
        name=f"{organization}/deliveries/{item.id}",
        message=f"{organization}/conversations/{out.conversation}/messages/{out.message}",
        channel=f"{organization}/channels/{out.channel}",
        part=item.part,
        state=f"DELIVERY_STATE_{item.state.name}",
        provider_id=item.provider_id,
        problem=item.problem,
        create_time=time_to_pb(item.created),
        update_time=time_to_pb(item.updated),
        recipient=out.recipient,
        attempts=item.attempts,
        media=f"{organization}/media/{item.media}" if item.media else "",
    )


def media_ids(name: str) -> tuple[OrganizationId, MediaId]:
    """The ids in a file's name."""
    found = names.parse(MEDIA, name)
    return OrganizationId(found["organization"]), MediaId(found["media"])


def party(caller: Caller, organization: str) -> Party:
    """The party that asks for a file of an organization, which the caller's token has been compared with."""
    customer = caller.kind is CallerKind.CUSTOMER
    return Party(
        organization=OrganizationId(organization),
        subject=f"{caller.kind}/{caller.id}",
        customer=CustomerId(caller.id) if customer else None,
        session=caller.session,
        issued=caller.issued,
    )


def announcement_from_pb(request: pb.CreateMediaRequest) -> Announcement:
    """The file that someone wants to send."""
    return Announcement(
        conversation=ConversationId(names.last(request.conversation)),
        file_name=request.file_name,
        declared_type=request.declared_type,
        size=request.size_bytes,
        request_id=request.request_id,
    )


def media_to_pb(media: Media) -> pb.Media:
    """A file."""
    organization = f"organizations/{media.organization}"
    return pb.Media(
        name=f"{organization}/media/{media.id}",
        file_name=media.file_name,
        declared_type=media.declared_type,
        media_type=media.media_type,
        size_bytes=media.size,
        sha256=media.sha256,
        state=f"MEDIA_STATE_{media.state.name}",
        conversation=_conversation(organization, media.conversation),
        uploader=f"{organization}/{media.uploader}",
        create_time=time_to_pb(media.created),
        expire_time=time_to_pb(media.expires),
        inline=media.inline,
        problem=media.problem,
    )


def link_to_pb(link: Link) -> pb.MediaLink:
    """A link, as a path below the gateway's address."""
    return pb.MediaLink(path=f"/v1/media/{link.purpose}/{link.token}", expire_time=time_to_pb(link.expires))


def outgoing_from_pb(
    event: core_internal.Event, item: core_internal.BatchGetMessagesResponse.Item
) -> tuple[Outgoing, OutboundContent]:
    """The message to deliver, by core's fact that it was created and by core's copy of the message."""
    message = item.message
    _, organization, _, conversation, _, id = event.envelope.subject.split("/")
    outgoing = Outgoing(
        organization=OrganizationId(organization),
        channel=ChannelId(names.last(event.conversation.channel)),
        conversation=ConversationId(conversation),
        message=id,
        seq=event.message_created.seq,
        recipient=item.address.value,
        fenced=event.message_created.role == core.PARTICIPANT_ROLE_ASSISTANT,
    )
    sources = {citation.source.passage: citation.source for citation in message.citations}
    numbers = {passage: number for number, passage in enumerate(sources, 1)}
    files = tuple(MediaId(names.last(part.attachment.media)) for part in message.content.parts if part.attachment.media)
    content = OutboundContent(
        text=_text_beside_files(message.content) if files else message.text,
        markdown=message.format == core.TEXT_FORMAT_MARKDOWN,
        citations=tuple(Citation(citation.end, numbers[citation.source.passage]) for citation in message.citations),
        sources=tuple(Source(source.title, source.uri) for source in sources.values()),
        files=files,
    )
    return outgoing, content


def _text_beside_files(content: core.MessageContent) -> str:
    """The texts of a message whose files leave as files. The assistant sends none, so no citation is of this text."""
    return "\n".join(part.text or part.markdown for part in content.parts if part.text or part.markdown)


def inbound_state_from_pb(state: pb.InboundMessageState) -> inbound.InboundState | None:
    """The state to look for; None: all."""
    if not state:
        return None
    return InboundState[pb.InboundMessageState.Name(state).removeprefix("INBOUND_MESSAGE_STATE_")]
