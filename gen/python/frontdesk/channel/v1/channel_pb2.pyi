import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ChannelKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CHANNEL_KIND_UNSPECIFIED: _ClassVar[ChannelKind]
    CHANNEL_KIND_WEB_CHAT: _ClassVar[ChannelKind]
    CHANNEL_KIND_WHATSAPP_TWILIO: _ClassVar[ChannelKind]
    CHANNEL_KIND_WHATSAPP_CLOUD: _ClassVar[ChannelKind]
    CHANNEL_KIND_EMAIL: _ClassVar[ChannelKind]

class ChannelState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CHANNEL_STATE_UNSPECIFIED: _ClassVar[ChannelState]
    CHANNEL_STATE_ACTIVE: _ClassVar[ChannelState]
    CHANNEL_STATE_PAUSED: _ClassVar[ChannelState]

class WidgetPosition(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    WIDGET_POSITION_UNSPECIFIED: _ClassVar[WidgetPosition]
    WIDGET_POSITION_END: _ClassVar[WidgetPosition]
    WIDGET_POSITION_START: _ClassVar[WidgetPosition]

class PreChatField(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PRE_CHAT_FIELD_UNSPECIFIED: _ClassVar[PreChatField]
    PRE_CHAT_FIELD_OFF: _ClassVar[PreChatField]
    PRE_CHAT_FIELD_OPTIONAL: _ClassVar[PreChatField]
    PRE_CHAT_FIELD_REQUIRED: _ClassVar[PreChatField]

class MailSecurity(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MAIL_SECURITY_UNSPECIFIED: _ClassVar[MailSecurity]
    MAIL_SECURITY_TLS: _ClassVar[MailSecurity]
    MAIL_SECURITY_STARTTLS: _ClassVar[MailSecurity]
CHANNEL_KIND_UNSPECIFIED: ChannelKind
CHANNEL_KIND_WEB_CHAT: ChannelKind
CHANNEL_KIND_WHATSAPP_TWILIO: ChannelKind
CHANNEL_KIND_WHATSAPP_CLOUD: ChannelKind
CHANNEL_KIND_EMAIL: ChannelKind
CHANNEL_STATE_UNSPECIFIED: ChannelState
CHANNEL_STATE_ACTIVE: ChannelState
CHANNEL_STATE_PAUSED: ChannelState
WIDGET_POSITION_UNSPECIFIED: WidgetPosition
WIDGET_POSITION_END: WidgetPosition
WIDGET_POSITION_START: WidgetPosition
PRE_CHAT_FIELD_UNSPECIFIED: PreChatField
PRE_CHAT_FIELD_OFF: PreChatField
PRE_CHAT_FIELD_OPTIONAL: PreChatField
PRE_CHAT_FIELD_REQUIRED: PreChatField
MAIL_SECURITY_UNSPECIFIED: MailSecurity
MAIL_SECURITY_TLS: MailSecurity
MAIL_SECURITY_STARTTLS: MailSecurity

class Channel(_message.Message):
    __slots__ = ("name", "display_name", "kind", "state", "web_chat", "whatsapp_twilio", "whatsapp_cloud", "email", "credentials_set", "create_time", "update_time", "assistant_off", "widget_seen_time", "widget_seen_origin", "etag")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    WEB_CHAT_FIELD_NUMBER: _ClassVar[int]
    WHATSAPP_TWILIO_FIELD_NUMBER: _ClassVar[int]
    WHATSAPP_CLOUD_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    CREDENTIALS_SET_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    ASSISTANT_OFF_FIELD_NUMBER: _ClassVar[int]
    WIDGET_SEEN_TIME_FIELD_NUMBER: _ClassVar[int]
    WIDGET_SEEN_ORIGIN_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    display_name: str
    kind: ChannelKind
    state: ChannelState
    web_chat: WebChatConfig
    whatsapp_twilio: TwilioWhatsAppConfig
    whatsapp_cloud: CloudWhatsAppConfig
    email: EmailConfig
    credentials_set: _containers.RepeatedScalarFieldContainer[str]
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    assistant_off: bool
    widget_seen_time: _timestamp_pb2.Timestamp
    widget_seen_origin: str
    etag: str
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., kind: _Optional[_Union[ChannelKind, str]] = ..., state: _Optional[_Union[ChannelState, str]] = ..., web_chat: _Optional[_Union[WebChatConfig, _Mapping]] = ..., whatsapp_twilio: _Optional[_Union[TwilioWhatsAppConfig, _Mapping]] = ..., whatsapp_cloud: _Optional[_Union[CloudWhatsAppConfig, _Mapping]] = ..., email: _Optional[_Union[EmailConfig, _Mapping]] = ..., credentials_set: _Optional[_Iterable[str]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., assistant_off: _Optional[bool] = ..., widget_seen_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., widget_seen_origin: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class WebChatConfig(_message.Message):
    __slots__ = ("greeting", "allowed_origins", "identity_secret", "identity_required", "title", "position", "accent_color", "accent_text_color", "dark_accent_color", "dark_accent_text_color", "suggestions", "languages", "texts", "pre_chat_name", "pre_chat_email", "consent_text", "consent_uri", "ratings_off", "logo_path")
    class TextsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: WidgetTexts
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[WidgetTexts, _Mapping]] = ...) -> None: ...
    GREETING_FIELD_NUMBER: _ClassVar[int]
    ALLOWED_ORIGINS_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_SECRET_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_REQUIRED_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    ACCENT_COLOR_FIELD_NUMBER: _ClassVar[int]
    ACCENT_TEXT_COLOR_FIELD_NUMBER: _ClassVar[int]
    DARK_ACCENT_COLOR_FIELD_NUMBER: _ClassVar[int]
    DARK_ACCENT_TEXT_COLOR_FIELD_NUMBER: _ClassVar[int]
    SUGGESTIONS_FIELD_NUMBER: _ClassVar[int]
    LANGUAGES_FIELD_NUMBER: _ClassVar[int]
    TEXTS_FIELD_NUMBER: _ClassVar[int]
    PRE_CHAT_NAME_FIELD_NUMBER: _ClassVar[int]
    PRE_CHAT_EMAIL_FIELD_NUMBER: _ClassVar[int]
    CONSENT_TEXT_FIELD_NUMBER: _ClassVar[int]
    CONSENT_URI_FIELD_NUMBER: _ClassVar[int]
    RATINGS_OFF_FIELD_NUMBER: _ClassVar[int]
    LOGO_PATH_FIELD_NUMBER: _ClassVar[int]
    greeting: str
    allowed_origins: _containers.RepeatedScalarFieldContainer[str]
    identity_secret: str
    identity_required: bool
    title: str
    position: WidgetPosition
    accent_color: str
    accent_text_color: str
    dark_accent_color: str
    dark_accent_text_color: str
    suggestions: _containers.RepeatedScalarFieldContainer[str]
    languages: _containers.RepeatedScalarFieldContainer[str]
    texts: _containers.MessageMap[str, WidgetTexts]
    pre_chat_name: PreChatField
    pre_chat_email: PreChatField
    consent_text: str
    consent_uri: str
    ratings_off: bool
    logo_path: str
    def __init__(self, greeting: _Optional[str] = ..., allowed_origins: _Optional[_Iterable[str]] = ..., identity_secret: _Optional[str] = ..., identity_required: _Optional[bool] = ..., title: _Optional[str] = ..., position: _Optional[_Union[WidgetPosition, str]] = ..., accent_color: _Optional[str] = ..., accent_text_color: _Optional[str] = ..., dark_accent_color: _Optional[str] = ..., dark_accent_text_color: _Optional[str] = ..., suggestions: _Optional[_Iterable[str]] = ..., languages: _Optional[_Iterable[str]] = ..., texts: _Optional[_Mapping[str, WidgetTexts]] = ..., pre_chat_name: _Optional[_Union[PreChatField, str]] = ..., pre_chat_email: _Optional[_Union[PreChatField, str]] = ..., consent_text: _Optional[str] = ..., consent_uri: _Optional[str] = ..., ratings_off: _Optional[bool] = ..., logo_path: _Optional[str] = ...) -> None: ...

class WidgetTexts(_message.Message):
    __slots__ = ("greeting", "suggestions", "consent_text", "title")
    GREETING_FIELD_NUMBER: _ClassVar[int]
    SUGGESTIONS_FIELD_NUMBER: _ClassVar[int]
    CONSENT_TEXT_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    greeting: str
    suggestions: _containers.RepeatedScalarFieldContainer[str]
    consent_text: str
    title: str
    def __init__(self, greeting: _Optional[str] = ..., suggestions: _Optional[_Iterable[str]] = ..., consent_text: _Optional[str] = ..., title: _Optional[str] = ...) -> None: ...

class TwilioWhatsAppConfig(_message.Message):
    __slots__ = ("account_sid", "auth_token", "phone_number", "messaging_service_sid", "webhook_url")
    ACCOUNT_SID_FIELD_NUMBER: _ClassVar[int]
    AUTH_TOKEN_FIELD_NUMBER: _ClassVar[int]
    PHONE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    MESSAGING_SERVICE_SID_FIELD_NUMBER: _ClassVar[int]
    WEBHOOK_URL_FIELD_NUMBER: _ClassVar[int]
    account_sid: str
    auth_token: str
    phone_number: str
    messaging_service_sid: str
    webhook_url: str
    def __init__(self, account_sid: _Optional[str] = ..., auth_token: _Optional[str] = ..., phone_number: _Optional[str] = ..., messaging_service_sid: _Optional[str] = ..., webhook_url: _Optional[str] = ...) -> None: ...

class CloudWhatsAppConfig(_message.Message):
    __slots__ = ("phone_number_id", "business_account_id", "access_token", "app_secret", "verify_token")
    PHONE_NUMBER_ID_FIELD_NUMBER: _ClassVar[int]
    BUSINESS_ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    ACCESS_TOKEN_FIELD_NUMBER: _ClassVar[int]
    APP_SECRET_FIELD_NUMBER: _ClassVar[int]
    VERIFY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    phone_number_id: str
    business_account_id: str
    access_token: str
    app_secret: str
    verify_token: str
    def __init__(self, phone_number_id: _Optional[str] = ..., business_account_id: _Optional[str] = ..., access_token: _Optional[str] = ..., app_secret: _Optional[str] = ..., verify_token: _Optional[str] = ...) -> None: ...

class EmailConfig(_message.Message):
    __slots__ = ("address", "imap", "smtp", "folder")
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    IMAP_FIELD_NUMBER: _ClassVar[int]
    SMTP_FIELD_NUMBER: _ClassVar[int]
    FOLDER_FIELD_NUMBER: _ClassVar[int]
    address: str
    imap: MailServer
    smtp: MailServer
    folder: str
    def __init__(self, address: _Optional[str] = ..., imap: _Optional[_Union[MailServer, _Mapping]] = ..., smtp: _Optional[_Union[MailServer, _Mapping]] = ..., folder: _Optional[str] = ...) -> None: ...

class MailServer(_message.Message):
    __slots__ = ("host", "port", "security", "user", "password")
    HOST_FIELD_NUMBER: _ClassVar[int]
    PORT_FIELD_NUMBER: _ClassVar[int]
    SECURITY_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    PASSWORD_FIELD_NUMBER: _ClassVar[int]
    host: str
    port: int
    security: MailSecurity
    user: str
    password: str
    def __init__(self, host: _Optional[str] = ..., port: _Optional[int] = ..., security: _Optional[_Union[MailSecurity, str]] = ..., user: _Optional[str] = ..., password: _Optional[str] = ...) -> None: ...
