"""The looks, the texts and the hours of a web chat."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from kit.hours import Hours, Stretch
from kit.ids import OrganizationId
from services.channel.app.businesses import Businesses
from services.channel.domain import channels, colors, languages, web_chat
from services.channel.domain.availability import AgentsOnline, Opened, Place, Team, human_availability
from services.channel.domain.channels import WEB_CHAT, WEB_CHAT_FORM, Channel, ChannelId, Draft
from services.channel.domain.sessions import ConversationId
from services.channel.domain.web_chat import Texts, WebChatConfig
from services.channel.domain.widgets import language_of, texts_of
from tests.support import pictures

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
"""A Monday."""
PNG = pictures.png()


def create(config: WebChatConfig) -> WebChatConfig:
    draft = Draft(WEB_CHAT, "Chat", None, config, prefix="web_chat")
    made: WebChatConfig = channels.create(OrganizationId("acme"), ChannelId("web"), draft, NOW, WEB_CHAT_FORM).config
    return made


def test_contrast_is_that_of_wcag() -> None:
    assert colors.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colors.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert colors.contrast("#1f6feb", "#1f6feb") == 1


def test_on_every_colour_black_or_white_can_be_read() -> None:
    for value in range(0, 0x1000000, 0x10101 * 3 + 977):
        background = f"#{value:06x}"
        assert colors.contrast(colors.text_on(background), background) >= colors.MIN_CONTRAST


def test_a_text_that_can_not_be_read_is_refused_with_one_that_can() -> None:
    with pytest.raises(web_chat.ContrastTooLow, match="accentTextColor") as caught:
        create(WebChatConfig(accent_color="#ffdd00", accent_text_color="#ffffff"))
    told = caught.value.metadata
    assert (told["field"], told["ratio"]) == ("web_chat.accent_text_color", "1.35")
    readable = create(WebChatConfig(accent_color="#ffdd00", accent_text_color=told["suggestion"]))
    assert readable.accents[0] == ("#ffdd00", told["suggestion"])


def test_dark_screens_are_checked_too_and_take_over_what_they_leave_out() -> None:
    with pytest.raises(web_chat.ContrastTooLow, match="darkAccentTextColor"):
        create(WebChatConfig(accent_color="#003366", dark_accent_color="#88aaff", dark_accent_text_color="#ffffff"))
    light, dark = create(WebChatConfig(accent_color="#003366")).accents
    assert light == dark == ("#003366", "#ffffff")
    assert create(WebChatConfig(accent_color="#003366", dark_accent_color="#88aaff")).accents[1] == ("#88aaff", "#000000")
    assert WebChatConfig().accents == (("", ""), ("", ""))


@pytest.mark.parametrize("origin", ["*", "https://*.shop.example", "shop.example", "https://shop.example/chat", "null", ""])
def test_an_origin_that_is_none_is_refused(origin: str) -> None:
    with pytest.raises(web_chat.OriginInvalid) as caught:
        create(WebChatConfig(allowed_origins=(origin,)))
    assert ("wildcard" in caught.value.message) == ("*" in origin)


def test_origins_are_kept_as_browsers_write_them() -> None:
    config = create(WebChatConfig(allowed_origins=("https://Shop.example/", "https://shop.example", "http://[::1]:8080")))
    assert config.allowed_origins == ("https://shop.example", "http://[::1]:8080")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://shop.example:443", "https://shop.example"),
        ("http://shop.example:80/", "http://shop.example"),
        ("https://shop.example:0443", "https://shop.example"),
        ("https://shop.example:80", "https://shop.example:80"),
        ("https://shop.example:65535", "https://shop.example:65535"),
        ("https://München.example", "https://xn--mnchen-3ya.example"),
        ("https://xn--mnchen-3ya.example", "https://xn--mnchen-3ya.example"),
        ("https://straße.example:8443", "https://xn--strae-oqa.example:8443"),
        ("http://[0:0::1]:80", "http://[::1]"),
    ],
)
def test_an_origin_is_kept_as_a_browser_sends_it(given: str, kept: str) -> None:
    assert create(WebChatConfig(allowed_origins=(given,))).allowed_origins == (kept,)


@pytest.mark.parametrize(
    "origin",
    [
        *("https://shop.example:65536", "https://shop.example:99999", "https://shop.example:0", "https://shop.example:"),
        *(
            "https://[::1",
            "https://[1:2]",
            "https://mün chen.example",
            "https://ü@shop.example",
            "https://ü/ä",
            "ftp://ü.example",
        ),
        *("https://ü.example:٤٤٣", "https://" + "ü" * 100 + ".example", "https://\udcff.example"),
    ],
)
def test_a_host_or_a_port_that_no_browser_has_is_refused(origin: str) -> None:
    with pytest.raises(web_chat.OriginInvalid):
        create(WebChatConfig(allowed_origins=(origin,)))


@pytest.mark.parametrize("make", [pictures.png, pictures.jpeg, pictures.gif, pictures.webp])
def test_a_logo_is_whole_and_its_sides_are_bounded(make: Callable[[int, int], bytes]) -> None:
    for width, height in ((1, 1), (4096, 1), (1, 4096)):
        assert web_chat.logo(make(width, height)).content == make(width, height)
    for width, height in ((4097, 1), (1, 4097)):
        with pytest.raises(web_chat.LogoNotAnImage, match=f"{width} × {height} pixels"):
            web_chat.logo(make(width, height))
    whole = make(2, 2)
    for end in range(len(whole)):
        with pytest.raises(web_chat.LogoNotAnImage):
            web_chat.logo(whole[:end])
    with pytest.raises(web_chat.LogoNotAnImage):
        web_chat.logo(whole + b"<script>alert(1)</script>")


def test_a_logo_with_a_header_alone_or_a_hostile_one_is_refused() -> None:
    wrong = pictures.png()[:-5] + b"\0" + pictures.png()[-4:]
    for content in (
        *(b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a=1;alert(1)//;", b"RIFF\4\0\0\0WEBPVP8 ", b"\xff\xd8\xff\xd9"),
        *(pictures.png(65535, 65535), pictures.gif(65535, 65535), pictures.gif(0, 0), pictures.png(0, 1), wrong),
    ):
        with pytest.raises(web_chat.LogoNotAnImage):
            web_chat.logo(content)


def test_a_logo_is_known_by_its_bytes() -> None:
    assert web_chat.logo(PNG).media_type == "image/png"
    for content in (b"", b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', b"<html>", b"BM" + b"\0" * 60):
        with pytest.raises(web_chat.LogoNotAnImage):
            web_chat.logo(content)
    assert len(web_chat.logo(pictures.png(size=web_chat.MAX_LOGO_BYTES)).content) == web_chat.MAX_LOGO_BYTES
    with pytest.raises(web_chat.LogoTooLarge, match="256 KiB"):
        web_chat.logo(PNG.ljust(web_chat.MAX_LOGO_BYTES + 1, b"\0"))


def test_an_update_of_all_settings_keeps_the_logo_and_none_changes_it() -> None:
    channel = Channel(OrganizationId("acme"), ChannelId("web"), WEB_CHAT, "Chat", WebChatConfig(logo="abc"), NOW, NOW)
    draft = Draft(None, "", None, WebChatConfig("Hello!", logo="other"), prefix="web_chat")
    changed = channels.update(channel, draft, ["web_chat"], NOW, WEB_CHAT_FORM)
    assert (changed.config.greeting, changed.config.logo) == ("Hello!", "abc")
    with pytest.raises(channels.FieldImmutable):
        channels.update(channel, draft, ["web_chat.logo"], NOW, WEB_CHAT_FORM)


@pytest.mark.parametrize(
    ("offered", "wanted", "found"),
    [
        (("en", "de"), ["de-CH"], "de"),
        (("en", "pt-BR"), ["pt"], "pt-BR"),
        (("en", "de"), ["xx", "DE"], "de"),
        (("de", "en"), ["ja"], "de"),
        (("de", "en"), [], "de"),
        ((), ["ar-EG"], "ar"),
        ((), ["ja"], "en"),
    ],
)
def test_a_language_is_chosen(offered: tuple[str, ...], wanted: list[str], found: str) -> None:
    assert language_of(WebChatConfig(languages=offered), wanted) == found


def test_texts_are_those_of_the_language_or_empty() -> None:
    config = WebChatConfig("Hi!", texts={"de": Texts("Hallo!"), "pt-BR": Texts("Oi!")})
    assert texts_of(config, "de-AT").greeting == "Hallo!"
    assert texts_of(config, "fr") == texts_of(config, "") == Texts()


def test_languages_that_a_browser_accepts_are_read() -> None:
    assert languages.accepted("en;q=0.5, de-CH, fr;q=0, *;q=0.1, ;;,x=1") == ["de-CH", "en"]
    assert len(languages.accepted("en," * 10_000)) <= languages.MAX_RANGES
    assert (languages.direction("ar-EG"), languages.direction("de")) == ("rtl", "ltr")


def test_business_hours_are_those_of_the_organizations_time_zone_unless_they_have_their_own() -> None:
    businesses, shop = Businesses(), OrganizationId("acme")
    assert businesses.opened(shop, NOW) == Opened()
    businesses.change_hours(shop, Hours("", {1: [Stretch(13 * 60, 14 * 60)]}))
    assert businesses.opened(shop, NOW) == Opened(False, opens=datetime(2026, 11, 30, 13, tzinfo=UTC))
    businesses.change_time_zone(shop, "Europe/Madrid")
    assert businesses.opened(shop, NOW) == Opened(True, closes=datetime(2026, 11, 30, 13, tzinfo=UTC))
    businesses.change_hours(shop, Hours("UTC", {1: [Stretch(13 * 60, 14 * 60)]}))
    assert not businesses.opened(shop, NOW).within_hours


def test_a_customer_learns_what_is_known_and_nothing_else() -> None:
    mine = ConversationId("c1")
    team = Team(4, timedelta(minutes=2), {mine: Place(3, NOW - timedelta(minutes=1), timedelta(minutes=5))})
    told = human_availability(team, Opened(), NOW, mine)
    assert (told.agents_online, told.place, told.usual_wait) == (AgentsOnline.MANY, 3, timedelta(minutes=5))
    assert told.waited == timedelta(minutes=1)
    other = human_availability(team, Opened(), NOW, ConversationId("c2"))
    assert (other.place, other.usual_wait, other.waited) == (0, timedelta(minutes=2), None)
    for count, bucket in ((0, AgentsOnline.NONE), (1, AgentsOnline.FEW), (3, AgentsOnline.FEW)):
        assert human_availability(Team(count, None), Opened(), NOW).agents_online is bucket


def test_past_waits_promise_nothing_while_no_one_is_there() -> None:
    waits = timedelta(minutes=2)
    assert human_availability(Team(0, waits), Opened(), NOW).usual_wait is None
    assert human_availability(Team(2, waits), Opened(False), NOW).usual_wait is None
    assert human_availability(None, Opened(False), NOW).agents_online is AgentsOnline.UNKNOWN
