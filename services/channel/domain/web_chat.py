"""The settings of a web chat: its looks, its texts, and who may embed it.

InvalidArgument
├── ContrastTooLow
├── OriginInvalid
├── LogoTooLarge
└── LogoNotAnImage
FailedPrecondition
├── RatingsOff
└── AssistantOff
"""

import hashlib
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from yarl import URL

from kit import errors
from services.channel.domain import colors, media_types, pictures

MAX_LOGO_BYTES = 256 << 10
MAX_LOGO_SIDE = 4096
"""In pixels."""
LOGO_TYPES = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WebP", "image/gif": "GIF"}
"""Pictures of pixels: SVG can hold scripts."""
_ORIGIN = re.compile(r"(https?)://([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::([0-9]{1,5}))?")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_MAX_PORT = 65535


MAX_ORIGIN = 270


class Position(StrEnum):
    """Where the launcher stands on the page."""

    END = "END"
    START = "START"


class PreChat(StrEnum):
    """Whether a field stands in the form before the chat."""

    OFF = "OFF"
    OPTIONAL = "OPTIONAL"
    REQUIRED = "REQUIRED"


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one language; what is empty is shown as it stands in the settings."""

    greeting: str = ""
    suggestions: tuple[str, ...] = ()
    consent_text: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class WebChatConfig:
    """The fields have the contract's names."""

    greeting: str = ""
    allowed_origins: tuple[str, ...] = ()
    identity_required: bool = False
    title: str = ""
    position: Position = Position.END
    accent_color: str = ""
    accent_text_color: str = ""
    dark_accent_color: str = ""
    dark_accent_text_color: str = ""
    suggestions: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    texts: Mapping[str, Texts] = field(default_factory=dict)
    pre_chat_name: PreChat = PreChat.OFF
    pre_chat_email: PreChat = PreChat.OFF
    consent_text: str = ""
    consent_uri: str = ""
    ratings_off: bool = False
    logo: str = ""
    """The SHA-256 of the logo, in hex; empty: none. An update of the settings leaves it as it is."""

    @property
    def accents(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """Accent and the colour of text on it, on light screens and on dark ones; empty where the pages' own are used."""
        dark = self.dark_accent_color or self.accent_color
        return _accent(self.accent_color, self.accent_text_color), _accent(dark, self._dark_text)

    @property
    def _dark_text(self) -> str:
        """Of a dark screen with the accent of a light one, text has that one's colour too."""
        return self.dark_accent_text_color or ("" if self.dark_accent_color else self.accent_text_color)


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture that was checked."""

    content: bytes
    media_type: str
    sha256: str


class ContrastTooLow(errors.InvalidArgument):
    reason = "CONTRAST_TOO_LOW"

    def __init__(self, field: str, text: str, accent: str) -> None:
        ratio, suggestion = f"{colors.contrast(text, accent):.2f}", colors.readable(text, accent)
        super().__init__(
            f"Text in {text} on {accent} is hard to read: its contrast is {ratio} to 1, and {colors.MIN_CONTRAST} to 1 is "
            f"needed. Set {errors.json_name(field)} to {suggestion}, or leave it empty.",
            field=field,
            ratio=ratio,
            suggestion=suggestion,
        )


class OriginInvalid(errors.InvalidArgument):
    reason = "ORIGIN_INVALID"

    def __init__(self, origin: str, problem: str = "") -> None:
        problem = problem or (
            "is a wildcard. Name each site, or leave allowedOrigins empty, which allows every site."
            if "*" in origin
            else "is not an origin. Write a scheme and a host, such as https://shop.example, without a path."
        )
        super().__init__(f"“{origin[:200]}” {problem}", field="web_chat.allowed_origins", origin=origin[:200])


class LogoTooLarge(errors.InvalidArgument):
    reason = "LOGO_TOO_LARGE"

    def __init__(self, size: int) -> None:
        super().__init__(
            f"The logo has {size:,} bytes, and {MAX_LOGO_BYTES:,} (256 KiB) are allowed. Save it smaller.",
            size_bytes=size,
            limit_bytes=MAX_LOGO_BYTES,
        )


class LogoNotAnImage(errors.InvalidArgument):
    reason = "LOGO_NOT_AN_IMAGE"

    def __init__(self, problem: str = "") -> None:
        formats = ", ".join(LOGO_TYPES.values())
        other = f"The logo is none of {formats}. Other formats, such as SVG, are not accepted; save it as PNG."
        super().__init__(problem or other, formats=formats)


class RatingsOff(errors.FailedPrecondition):
    reason = "RATINGS_OFF"

    def __init__(self, channel: str) -> None:
        super().__init__(f"Channel {channel} doesn't ask customers for ratings; turn them on in its settings.", channel=channel)


class AssistantOff(errors.FailedPrecondition):
    reason = "ASSISTANT_OFF"

    def __init__(self, channel: str) -> None:
        super().__init__("No assistant answers here, so please wait for a human.", channel=channel)


def checked(config: WebChatConfig) -> WebChatConfig:
    """The settings as they are stored. Raises ContrastTooLow or OriginInvalid."""
    for accent, text, field_name in (
        (config.accent_color, config.accent_text_color, "accent_text_color"),
        (config.dark_accent_color or config.accent_color, config._dark_text, "dark_accent_text_color"),
    ):
        if accent and text and colors.contrast(text, accent) < colors.MIN_CONTRAST:
            raise ContrastTooLow(f"web_chat.{field_name}", text, accent)
    return replace(config, allowed_origins=tuple(dict.fromkeys(map(_origin, config.allowed_origins))))


def logo(content: bytes) -> Logo:
    """A picture by its bytes, whatever its sender calls it. Raises LogoTooLarge or LogoNotAnImage."""
    if len(content) > MAX_LOGO_BYTES:
        raise LogoTooLarge(len(content))
    media_type = media_types.sniff(content)
    if media_type not in LOGO_TYPES:
        raise LogoNotAnImage
    size = pictures.size(content, media_type)
    if size is None:
        raise LogoNotAnImage(f"The logo is no whole {LOGO_TYPES[media_type]} file. Save it again, as PNG for example.")
    if not all(1 <= side <= MAX_LOGO_SIDE for side in size):
        width, height = size
        raise LogoNotAnImage(f"The logo has {width} × {height} pixels; each side may have 1 to {MAX_LOGO_SIDE:,}. Resize it.")
    return Logo(content, media_type, hashlib.sha256(content).hexdigest())


def _accent(accent: str, text: str) -> tuple[str, str]:
    return accent, (text or colors.text_on(accent)) if accent else ""


def is_origin(text: str) -> bool:
    """Whether a text is an origin as browsers write it."""
    return len(text) <= MAX_ORIGIN and _ORIGIN.fullmatch(text) is not None


def _origin(given: str) -> str:
    """An origin as browsers write it: in ASCII, and without the port that its scheme implies. Raises OriginInvalid."""
    scheme, _, place = given.strip().lower().removesuffix("/").partition("://")
    if not place.isascii():
        place = _in_ascii(given, place)
    found = _ORIGIN.fullmatch(f"{scheme}://{place}")
    if found is None or len(found[0]) > MAX_ORIGIN:
        raise OriginInvalid(given)
    host = found[2]
    if host.startswith("["):
        try:
            host = f"[{ipaddress.IPv6Address(host[1:-1]).compressed}]"
        except ValueError:
            raise OriginInvalid(given) from None
    if found[3] is None or int(found[3]) == _DEFAULT_PORTS[scheme]:
        return f"{scheme}://{host}"
    port = int(found[3])
    if not 1 <= port <= _MAX_PORT:
        raise OriginInvalid(given, f"has the port {port}, and ports go from 1 to {_MAX_PORT:,}.")
    return f"{scheme}://{host}:{port}"


def _in_ascii(given: str, place: str) -> str:
    """A host and perhaps a port, with an international name as browsers send it. Raises OriginInvalid."""
    host, colon, port = place.partition(":")
    try:
        return f"{URL.build(scheme='https', host=host).raw_host}{colon}{port}"
    except ValueError:
        raise OriginInvalid(given) from None
