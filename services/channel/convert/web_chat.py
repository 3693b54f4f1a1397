"""Between a web chat's settings and its contract, and its page."""

from typing import Any

from frontdesk.channel import v1 as pb

from kit.convert import time_to_pb
from services.channel.domain.availability import AgentsOnline, HumanAvailability
from services.channel.domain.channels import Channel
from services.channel.domain.web_chat import Position, PreChat, Texts, WebChatConfig
from services.channel.domain.widgets import Widget

_POSITIONS = {pb.WIDGET_POSITION_END: Position.END, pb.WIDGET_POSITION_START: Position.START}
_PRE_CHAT = {
    pb.PRE_CHAT_FIELD_OFF: PreChat.OFF,
    pb.PRE_CHAT_FIELD_OPTIONAL: PreChat.OPTIONAL,
    pb.PRE_CHAT_FIELD_REQUIRED: PreChat.REQUIRED,
}
_TEXTS = ("greeting", "title", "accent_color", "accent_text_color", "dark_accent_color", "dark_accent_text_color")
_PLAIN = (*_TEXTS, "consent_text", "consent_uri", "identity_required", "ratings_off")
_LISTS = ("allowed_origins", "suggestions", "languages")


def config_from_pb(given: pb.WebChatConfig) -> WebChatConfig:
    """The wanted settings of a web chat; its logo is not among them."""
    plain: dict[str, Any] = {name: getattr(given, name) for name in _PLAIN}
    lists: dict[str, Any] = {name: tuple(getattr(given, name)) for name in _LISTS}
    return WebChatConfig(
        **plain,
        **lists,
        position=_POSITIONS.get(given.position, Position.END),
        pre_chat_name=_PRE_CHAT.get(given.pre_chat_name, PreChat.OFF),
        pre_chat_email=_PRE_CHAT.get(given.pre_chat_email, PreChat.OFF),
        texts={
            tag: Texts(texts.greeting, tuple(texts.suggestions), texts.consent_text, texts.title)
            for tag, texts in given.texts.items()
        },
    )


def config_to_pb(channel: Channel, config: WebChatConfig) -> pb.WebChatConfig:
    """The settings of a web chat."""
    return pb.WebChatConfig(
        **{name: getattr(config, name) for name in (*_PLAIN, *_LISTS)},
        position=f"WIDGET_POSITION_{config.position}",
        pre_chat_name=f"PRE_CHAT_FIELD_{config.pre_chat_name}",
        pre_chat_email=f"PRE_CHAT_FIELD_{config.pre_chat_email}",
        texts={
            tag: pb.WidgetTexts(
                greeting=texts.greeting, suggestions=texts.suggestions, consent_text=texts.consent_text, title=texts.title
            )
            for tag, texts in config.texts.items()
        },
        logo_path=logo_path(channel, config),
    )


def logo_path(channel: Channel, config: WebChatConfig) -> str:
    """The path of a logo; another logo has another path."""
    return f"/v1/media/logo/{channel.organization}/{channel.id}/{config.logo}" if config.logo else ""


def widget_to_pb(widget: Widget) -> pb.Widget:
    """A web chat as its page draws it."""
    channel, config = widget.channel, widget.config
    (accent, accent_text), (dark_accent, dark_accent_text) = config.accents
    return pb.Widget(
        name=f"organizations/{channel.organization}/channels/{channel.id}/widget",
        title=widget.title,
        logo_path=logo_path(channel, config),
        position=f"WIDGET_POSITION_{config.position}",
        accent_color=accent,
        accent_text_color=accent_text,
        dark_accent_color=dark_accent,
        dark_accent_text_color=dark_accent_text,
        language=widget.language,
        languages=config.languages,
        greeting=widget.greeting,
        suggestions=widget.suggestions,
        pre_chat_name=f"PRE_CHAT_FIELD_{config.pre_chat_name}",
        pre_chat_email=f"PRE_CHAT_FIELD_{config.pre_chat_email}",
        consent_text=widget.consent_text,
        consent_uri=config.consent_uri,
        ratings=not config.ratings_off,
        assistant_answers=widget.assistant_answers,
        files=widget.files,
        identity_required=config.identity_required,
        availability=availability_to_pb(widget.availability),
    )


def availability_to_pb(found: HumanAvailability) -> pb.HumanAvailability:
    """Whether a human is there."""
    online = "UNSPECIFIED" if found.agents_online is AgentsOnline.UNKNOWN else found.agents_online
    return pb.HumanAvailability(
        agents_online=f"AGENTS_ONLINE_{online}",
        open=found.opened.within_hours,
        next_open_time=time_to_pb(found.opened.opens),
        close_time=time_to_pb(found.opened.closes),
        place=found.place,
        usual_wait=found.usual_wait,
        waited=found.waited,
    )
