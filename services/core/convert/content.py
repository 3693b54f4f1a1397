"""Contents of messages as messages of the contract, and back."""

from collections.abc import Callable
from typing import Any, cast

from frontdesk.core import v1 as pb

from kit import names
from services.core.domain import content as domain

_KINDS = {
    kind: cast(
        "pb.AttachmentKind",
        pb.AttachmentKind.Value(f"ATTACHMENT_KIND_{'UNSPECIFIED' if kind is domain.AttachmentKind.FILE else kind}"),
    )
    for kind in domain.AttachmentKind
}
_KINDS_BACK = {value: kind for kind, value in _KINDS.items()}


def content_to_pb(content: domain.Content, conversation: str) -> pb.MessageContent:
    """A content; `conversation` is the resource name of the one that it is said in."""
    organization = "/".join(conversation.split("/")[:2])
    return pb.MessageContent(
        parts=[part_to_pb(part, organization) for part in content.parts],
        subject=content.subject,
        reply_to=f"{conversation}/messages/{content.reply_to}" if content.reply_to else "",
    )


def content_from_pb(text: str, content: pb.MessageContent) -> domain.Content:
    """The message of a request: its text, or its content when it has no text."""
    if text:
        return domain.Content.of(text)
    return domain.Content(
        parts=tuple(_FROM[cast(str, part.WhichOneof("part"))](part) for part in content.parts),
        subject=content.subject,
        reply_to=names.last(content.reply_to) if content.reply_to else "",
    )


def part_to_pb(part: domain.Part, organization: str) -> pb.Part:
    """A part; `organization` is the resource name of the one that its files belong to."""
    match part:
        case domain.Text(text=text, markdown=markdown):
            return pb.Part(markdown=text) if markdown else pb.Part(text=text)
        case domain.Attachment() as a:
            media = f"{organization}/media/{a.media}" if a.media else ""
            return pb.Part(
                attachment=pb.Attachment(
                    media=media,
                    kind=_KINDS[a.kind],
                    file_name=a.file_name,
                    media_type=a.media_type,
                    size_bytes=a.size_bytes,
                )
            )
        case domain.Location() as place:
            at = {"latitude": place.latitude, "longitude": place.longitude}
            return pb.Part(location=pb.Location(**at, display_name=place.display_name, address=place.address))
        case domain.Contact() as c:
            return pb.Part(contact=pb.Contact(display_name=c.display_name, phones=c.phones, emails=c.emails))
        case domain.Reaction(emoji=emoji):
            return pb.Part(reaction=pb.Reaction(emoji=emoji))
        case domain.Interactive(options=options, list_label=label):
            shown = [pb.Interactive.Option(id=o.id, label=o.label, description=o.description) for o in options]
            return pb.Part(interactive=pb.Interactive(options=shown, list_label=label))
        case domain.Selection(id=id, label=label):
            return pb.Part(selection=pb.Selection(id=id, label=label))
        case domain.Template() as t:
            return pb.Part(template=pb.Template(template=t.template, language=t.language, parameters=t.parameters, text=t.text))
        case domain.EmailBody() as e:
            original = f"{organization}/media/{e.original}" if e.original else ""
            return pb.Part(email_body=pb.EmailBody(text=e.text, quoted_text=e.quoted_text, original=original))
        case domain.SystemNotice(text=text):
            return pb.Part(system_notice=pb.SystemNotice(text=text))


def _attachment(a: pb.Attachment) -> domain.Attachment:
    return domain.Attachment(_KINDS_BACK[a.kind], _id(a.media), a.file_name, a.media_type, a.size_bytes)


def _id(name: str) -> str:
    return names.last(name) if name else ""


_FROM: dict[str, Callable[[Any], domain.Part]] = {
    "text": lambda part: domain.Text(part.text),
    "markdown": lambda part: domain.Text(part.markdown, markdown=True),
    "attachment": lambda part: _attachment(part.attachment),
    "location": lambda part: domain.Location(
        part.location.latitude, part.location.longitude, part.location.display_name, part.location.address
    ),
    "contact": lambda part: domain.Contact(part.contact.display_name, tuple(part.contact.phones), tuple(part.contact.emails)),
    "reaction": lambda part: domain.Reaction(part.reaction.emoji),
    "interactive": lambda part: domain.Interactive(
        tuple(domain.Option(o.id, o.label, o.description) for o in part.interactive.options), part.interactive.list_label
    ),
    "selection": lambda part: domain.Selection(part.selection.id, part.selection.label),
    "template": lambda part: domain.Template(
        part.template.template, part.template.language, dict(part.template.parameters), part.template.text
    ),
    "email_body": lambda part: domain.EmailBody(
        part.email_body.text, part.email_body.quoted_text, _id(part.email_body.original)
    ),
    "system_notice": lambda part: domain.SystemNotice(part.system_notice.text),
}
