from buf.validate import validate_pb2 as _validate_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AttachmentKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ATTACHMENT_KIND_UNSPECIFIED: _ClassVar[AttachmentKind]
    ATTACHMENT_KIND_IMAGE: _ClassVar[AttachmentKind]
    ATTACHMENT_KIND_AUDIO: _ClassVar[AttachmentKind]
    ATTACHMENT_KIND_VOICE: _ClassVar[AttachmentKind]
    ATTACHMENT_KIND_VIDEO: _ClassVar[AttachmentKind]
    ATTACHMENT_KIND_STICKER: _ClassVar[AttachmentKind]
ATTACHMENT_KIND_UNSPECIFIED: AttachmentKind
ATTACHMENT_KIND_IMAGE: AttachmentKind
ATTACHMENT_KIND_AUDIO: AttachmentKind
ATTACHMENT_KIND_VOICE: AttachmentKind
ATTACHMENT_KIND_VIDEO: AttachmentKind
ATTACHMENT_KIND_STICKER: AttachmentKind

class MessageContent(_message.Message):
    __slots__ = ("parts", "subject", "reply_to")
    PARTS_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    REPLY_TO_FIELD_NUMBER: _ClassVar[int]
    parts: _containers.RepeatedCompositeFieldContainer[Part]
    subject: str
    reply_to: str
    def __init__(self, parts: _Optional[_Iterable[_Union[Part, _Mapping]]] = ..., subject: _Optional[str] = ..., reply_to: _Optional[str] = ...) -> None: ...

class Part(_message.Message):
    __slots__ = ("text", "markdown", "attachment", "location", "contact", "reaction", "interactive", "selection", "template", "email_body", "system_notice")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    MARKDOWN_FIELD_NUMBER: _ClassVar[int]
    ATTACHMENT_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    REACTION_FIELD_NUMBER: _ClassVar[int]
    INTERACTIVE_FIELD_NUMBER: _ClassVar[int]
    SELECTION_FIELD_NUMBER: _ClassVar[int]
    TEMPLATE_FIELD_NUMBER: _ClassVar[int]
    EMAIL_BODY_FIELD_NUMBER: _ClassVar[int]
    SYSTEM_NOTICE_FIELD_NUMBER: _ClassVar[int]
    text: str
    markdown: str
    attachment: Attachment
    location: Location
    contact: Contact
    reaction: Reaction
    interactive: Interactive
    selection: Selection
    template: Template
    email_body: EmailBody
    system_notice: SystemNotice
    def __init__(self, text: _Optional[str] = ..., markdown: _Optional[str] = ..., attachment: _Optional[_Union[Attachment, _Mapping]] = ..., location: _Optional[_Union[Location, _Mapping]] = ..., contact: _Optional[_Union[Contact, _Mapping]] = ..., reaction: _Optional[_Union[Reaction, _Mapping]] = ..., interactive: _Optional[_Union[Interactive, _Mapping]] = ..., selection: _Optional[_Union[Selection, _Mapping]] = ..., template: _Optional[_Union[Template, _Mapping]] = ..., email_body: _Optional[_Union[EmailBody, _Mapping]] = ..., system_notice: _Optional[_Union[SystemNotice, _Mapping]] = ...) -> None: ...

class Attachment(_message.Message):
    __slots__ = ("media", "kind", "file_name", "media_type", "size_bytes")
    MEDIA_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    MEDIA_TYPE_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    media: str
    kind: AttachmentKind
    file_name: str
    media_type: str
    size_bytes: int
    def __init__(self, media: _Optional[str] = ..., kind: _Optional[_Union[AttachmentKind, str]] = ..., file_name: _Optional[str] = ..., media_type: _Optional[str] = ..., size_bytes: _Optional[int] = ...) -> None: ...

class Location(_message.Message):
    __slots__ = ("latitude", "longitude", "display_name", "address")
    LATITUDE_FIELD_NUMBER: _ClassVar[int]
    LONGITUDE_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    latitude: float
    longitude: float
    display_name: str
    address: str
    def __init__(self, latitude: _Optional[float] = ..., longitude: _Optional[float] = ..., display_name: _Optional[str] = ..., address: _Optional[str] = ...) -> None: ...

class Contact(_message.Message):
    __slots__ = ("display_name", "phones", "emails")
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    PHONES_FIELD_NUMBER: _ClassVar[int]
    EMAILS_FIELD_NUMBER: _ClassVar[int]
    display_name: str
    phones: _containers.RepeatedScalarFieldContainer[str]
    emails: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, display_name: _Optional[str] = ..., phones: _Optional[_Iterable[str]] = ..., emails: _Optional[_Iterable[str]] = ...) -> None: ...

class Reaction(_message.Message):
    __slots__ = ("emoji",)
    EMOJI_FIELD_NUMBER: _ClassVar[int]
    emoji: str
    def __init__(self, emoji: _Optional[str] = ...) -> None: ...

class Interactive(_message.Message):
    __slots__ = ("options", "list_label")
    class Option(_message.Message):
        __slots__ = ("id", "label", "description")
        ID_FIELD_NUMBER: _ClassVar[int]
        LABEL_FIELD_NUMBER: _ClassVar[int]
        DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
        id: str
        label: str
        description: str
        def __init__(self, id: _Optional[str] = ..., label: _Optional[str] = ..., description: _Optional[str] = ...) -> None: ...
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    LIST_LABEL_FIELD_NUMBER: _ClassVar[int]
    options: _containers.RepeatedCompositeFieldContainer[Interactive.Option]
    list_label: str
    def __init__(self, options: _Optional[_Iterable[_Union[Interactive.Option, _Mapping]]] = ..., list_label: _Optional[str] = ...) -> None: ...

class Selection(_message.Message):
    __slots__ = ("id", "label")
    ID_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    id: str
    label: str
    def __init__(self, id: _Optional[str] = ..., label: _Optional[str] = ...) -> None: ...

class Template(_message.Message):
    __slots__ = ("template", "language", "parameters", "text")
    class ParametersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    TEMPLATE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    template: str
    language: str
    parameters: _containers.ScalarMap[str, str]
    text: str
    def __init__(self, template: _Optional[str] = ..., language: _Optional[str] = ..., parameters: _Optional[_Mapping[str, str]] = ..., text: _Optional[str] = ...) -> None: ...

class EmailBody(_message.Message):
    __slots__ = ("text", "quoted_text", "original")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    QUOTED_TEXT_FIELD_NUMBER: _ClassVar[int]
    ORIGINAL_FIELD_NUMBER: _ClassVar[int]
    text: str
    quoted_text: str
    original: str
    def __init__(self, text: _Optional[str] = ..., quoted_text: _Optional[str] = ..., original: _Optional[str] = ...) -> None: ...

class SystemNotice(_message.Message):
    __slots__ = ("text",)
    TEXT_FIELD_NUMBER: _ClassVar[int]
    text: str
    def __init__(self, text: _Optional[str] = ...) -> None: ...
