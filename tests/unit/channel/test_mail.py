"""Mails: addresses, words, and bytes that no name can change."""

import email
from dataclasses import replace
from datetime import UTC, datetime
from email.policy import default

import pytest

from kit.ids import OrganizationId
from services.channel.adapters.smtp import message
from services.channel.domain import letters
from services.channel.domain.letter_texts import LANGUAGES
from services.channel.domain.mail import (
    Letter,
    Mail,
    MailAddressInvalid,
    MailId,
    MailLimits,
    MailServer,
    Security,
    checked_address,
    masked,
    operators_server,
)

ADDRESS = "ada@shop.example"
NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
SERVER = MailServer("smtp.shop.example", 587, Security.STARTTLS, "help@shop.example", "Büro, Müller & Söhne")
EVIL = "Eve\r\nBcc: all@shop.example\r\n\r\n<b>Hello</b>"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" Ada.Lovelace+x@Shop.Example ", "Ada.Lovelace+x@shop.example"),
        ("a@bücher.example", "a@xn--bcher-kva.example"),
    ],
)
def test_an_address_is_stored_in_the_form_that_servers_take(text: str, address: str) -> None:
    assert checked_address(text, "address") == address


@pytest.mark.parametrize(
    "text",
    [
        *("", "ada", "@shop.example", "ada@", "ada@shop", "ada@1.2.3.4", "ada@[127.0.0.1]", "a b@shop.example"),
        *("ada@shop.example, eve@shop.example", "Ada <ada@shop.example>", '"a b"@shop.example', "ada@shop..example"),
        *("ada@shop.example\r\nRCPT TO:<eve@shop.example>", "ada@-shop.example", ".ada@shop.example", "ä@shop.example"),
        *("a" * 65 + "@shop.example", "a@" + "b." * 130 + "example", "ada@shop.example\0"),
    ],
)
def test_anything_else_than_one_plain_address_is_refused(text: str) -> None:
    with pytest.raises(MailAddressInvalid) as refused:
        checked_address(text, "address")
    assert refused.value.metadata == {"field": "address"}


def test_an_address_is_shown_to_its_owner_alone() -> None:
    assert (masked("ada@shop.example"), masked("")) == ("a…@shop.example", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mail_is_written_in_every_language(language: str) -> None:
    link = "https://support.example/chat/acme/web#confirm=organizations/acme/mailLinks/1:abc"
    line = letters.Line("AGENT", "", "We'll see.", NOW)
    written = [
        letters.invitation(language, "Shop", "Ada", link, NOW),
        letters.invitation(language, "Shop", "", link, NOW),
        letters.password_reset(language, "Shop", link, NOW),
        letters.test(language, "Shop"),
        letters.confirmation(language, "Shop", link, NOW),
        letters.answer(language, "Shop", "It's here.", link, NOW),
        letters.transcript(language, "Shop", [line, replace(line, speaker="CUSTOMER"), replace(line, speaker="ASSISTANT")]),
    ]
    for letter in written:
        assert "Shop" in letter.subject
        assert letter.language == language
        for body in (letter.text, letter.html):
            assert "{" not in body.replace(letters._STYLE, "")
        assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in letter.html
    assert {letter.text.count(link) for letter in written} == {0, 1}


def test_a_language_that_is_not_written_gets_english() -> None:
    assert (letters.language_of("de-AT"), letters.language_of("pt-BR"), letters.language_of("")) == ("de", "en", "en")


def test_only_an_answer_and_a_transcript_hold_words_of_the_chat() -> None:
    """The mail to an address that no one has confirmed has no place for them."""
    letter = letters.confirmation("en", "Shop", "https://support.example/", NOW)
    assert letter.text.count("\n") < 12


def test_no_name_gets_into_headers_or_markup() -> None:
    letter = letters.invitation("en", EVIL, EVIL, "https://support.example/#invitation=x", NOW)
    raw = message(replace(SERVER, from_name=EVIL), Mail(MailId("m1"), "ada@shop.example", EVIL, letter), lambda: NOW)
    parsed = email.message_from_bytes(raw, policy=default)
    assert parsed["Bcc"] is None
    assert set(map(str.lower, parsed.keys())) == {
        *("from", "to", "subject", "date", "message-id", "auto-submitted", "x-auto-response-suppress"),
        *("content-language", "mime-version", "content-type"),
    }
    assert "<b>" not in letter.html
    assert "&lt;b&gt;" in letter.html


def test_a_mail_has_the_headers_that_keep_automatic_answers_away() -> None:
    letter = Letter("Grüße – مرحبا", "Zeile eins\n" + "ö" * 2000 + "\n.\nFrom here\n", "<p>Grüße</p>", "de")
    raw = message(SERVER, Mail(MailId("01m"), "ada@xn--bcher-kva.example", "Adä", letter), lambda: NOW)
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    parsed = email.message_from_bytes(raw, policy=default)
    assert parsed["Message-ID"] == "<01m@shop.example>"
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["Date"].datetime == NOW
    assert parsed["Subject"] == letter.subject
    assert parsed["From"].addresses[0].display_name == SERVER.from_name
    assert parsed["To"].addresses[0].display_name == "Adä"
    plain, html = (parsed.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == letter.text
    assert html.get_content().strip() == letter.html


@pytest.mark.parametrize(("scheme", "post"), [("https", "List-Unsubscribe=One-Click"), ("http", None)])
def test_a_customers_mail_program_can_stop_mails_and_by_one_click_over_https(scheme: str, post: str | None) -> None:
    letter = Letter("An answer", "text", "<p>text</p>", "en")
    stop = f"{scheme}://support.example/chat/shop/web?stop=organizations/shop/mailLinks/{'l' * 26}:{'s' * 43}"
    raw = message(SERVER, Mail(MailId("01m"), "ada@shop.example", "", letter, stop), lambda: NOW)
    lines = [line for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n") if line.startswith(b"List-Unsubscribe")]
    assert lines == [f"List-Unsubscribe: <{stop}>".encode(), *([f"List-Unsubscribe-Post: {post}".encode()] if post else [])]
    assert b"\n" not in raw.replace(b"\r\n", b"")
    parsed = email.message_from_bytes(raw, policy=default)
    assert (parsed["List-Unsubscribe"], parsed["List-Unsubscribe-Post"], parsed["Subject"]) == (f"<{stop}>", post, "An answer")


def test_an_operators_server_is_read_from_its_url() -> None:
    server = operators_server("smtps://bob%40x:p%3Aw@smtp.example.com", "a@example.com", "A")
    assert server is not None
    assert (server.host, server.port, server.security) == ("smtp.example.com", 465, Security.TLS)
    assert (server.user, server.password) == ("bob@x", "p:w")
    assert "p:w" not in repr(server)
    assert operators_server("", "", "") is None


@pytest.mark.parametrize("url", ["http://x", "smtp://", "smtp+plain://smtp.example.com", "smtp://h:port"])
def test_an_operators_url_that_would_not_work_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"must|may|Port"):
        operators_server(url, "a@example.com", "")


def test_each_limit_counts_what_it_names() -> None:
    limits = MailLimits(address_per_day=2, confirmations_per_day=3, session_per_hour=4, organization_per_day=5)
    acme = OrganizationId("acme")
    asked = (
        *(*limits.of_mail(acme, ADDRESS), *limits.of_confirmation(acme, ADDRESS.upper(), "s1"), *limits.of_test(acme)),
        *limits.of_assistant(acme, ADDRESS),
    )
    assert [(scope, bucket.rate.burst) for bucket, scope in asked] == [
        *(("address", 2), ("organization", 5), ("address", 3), ("session", 4), ("organization", 20)),
        *(("address", 1), ("organization", 3)),
    ]
    assert len({bucket.name for bucket, _ in asked}) == len(asked)
    assert all(ADDRESS not in bucket.name for bucket, _ in asked)
    assert limits.of_mail(acme, ADDRESS) == limits.of_mail(acme, ADDRESS.upper())
