"""Mails to a real mail server: encrypted, signed in, refused, and lost."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from kit.clock import utc_now
from kit.egress import EgressPolicy
from kit.outbound import Outbound
from services.channel.adapters.smtp import SmtpSender
from services.channel.domain import letters
from services.channel.domain.mail import Certainty, Mail, MailFailed, MailId, MailServer, Problem, Security, Source
from stack.ports import free_ports
from tests.smtp import Authority, SmtpServer

pytestmark = pytest.mark.servers
PASSWORD = "p4ss-wörd"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(autouse=True)
def _trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))


@pytest.fixture
def tls(authority: Authority) -> ssl.SSLContext:
    return authority.server("localhost", "127.0.0.1")


@pytest.fixture
async def server(tls: ssl.SSLContext) -> AsyncIterator[SmtpServer]:
    async with SmtpServer(tls, user="shop", password=PASSWORD).running() as running:
        yield running


def sender(allow: str = "127.0.0.0/8", look_up: object = None) -> SmtpSender:
    return SmtpSender(Outbound(EgressPolicy.of(allow)), utc_now)


def setting(server: SmtpServer, security: Security = Security.STARTTLS, **more: object) -> MailServer:
    values: dict[str, object] = {"user": server.user, "password": server.password, "host": "127.0.0.1"} | more
    return MailServer(port=server.port, security=security, from_address="help@shop.example", **values)  # type: ignore[arg-type]


def mail() -> Mail:
    letter = letters.invitation("de", "Büro", "Ada", "https://support.example/#invitation=x", utc_now() + timedelta(days=1))
    return Mail(MailId("m1"), "bob@shop.example", "Böb", letter)


async def failure(to: MailServer, by: SmtpSender | None = None) -> MailFailed:
    with pytest.raises(MailFailed) as failed:
        await (by or sender()).send(to, mail())
    assert PASSWORD not in str(failed.value)
    return failed.value


async def test_a_mail_arrives_encrypted_and_signed_in(server: SmtpServer) -> None:
    await sender().send(setting(server), mail())
    (got,) = server.mails
    assert (got.sender, got.recipient) == ("help@shop.example", "bob@shop.example")
    assert (got.encrypted, got.user) == (True, "shop")
    assert "Ada lädt Sie ein" in got.text
    assert got.link == "https://support.example/#invitation=x"


async def test_a_mail_arrives_by_tls_from_the_first_byte(tls: ssl.SSLContext) -> None:
    async with SmtpServer(tls, tls_first=True, user="shop", password=PASSWORD).running() as server:
        await sender().send(setting(server, Security.TLS), mail())
        assert (server.mails[0].encrypted, server.mails[0].user) == (True, "shop")


async def test_in_the_clear_no_password_is_sent() -> None:
    async with SmtpServer().running() as server:
        await sender().send(setting(server, Security.NONE, user=""), mail())
        assert (server.mails[0].encrypted, server.mails[0].user) == (False, "")


async def test_a_wrong_password_is_named(server: SmtpServer) -> None:
    failed = await failure(setting(server, password="wrong"))
    assert (failed.problem, failed.certainty) == (Problem.SIGN_IN_REFUSED, Certainty.LATER)
    assert "check user name and password" in failed.sentence
    assert not server.mails


async def test_a_password_that_has_not_arrived_is_named(server: SmtpServer) -> None:
    failed = await failure(setting(server, user="", password="", credential="smtp"))
    assert failed.problem is Problem.PASSWORD_MISSING
    assert server.sessions == 0


async def test_an_untrusted_certificate_gets_no_password(tmp_path: Path) -> None:
    other = Authority(tmp_path).server("127.0.0.1")
    for first, security in ((False, Security.STARTTLS), (True, Security.TLS)):
        async with SmtpServer(other, tls_first=first, user="shop", password=PASSWORD).running() as server:
            failed = await failure(setting(server, security))
            assert failed.problem is Problem.TLS_FAILED
            assert "certificate" in failed.sentence
            assert not server.mails


async def test_a_certificate_of_another_host_is_refused(authority: Authority) -> None:
    async with SmtpServer(authority.server("other.example"), user="shop", password=PASSWORD).running() as server:
        assert (await failure(setting(server))).problem is Problem.TLS_FAILED


async def test_a_server_without_starttls_gets_nothing() -> None:
    async with SmtpServer().running() as server:
        failed = await failure(setting(server, user=""))
        assert failed.problem is Problem.TLS_FAILED
        assert "security TLS" in failed.sentence
        assert not server.mails


async def test_tls_to_a_port_for_starttls_names_the_other_port(server: SmtpServer) -> None:
    failed = await failure(setting(server, Security.TLS))
    assert failed.problem is Problem.TLS_FAILED
    assert "STARTTLS" in failed.sentence


async def test_a_port_where_nothing_listens_is_named() -> None:
    (port,) = free_ports(1)
    failed = await failure(MailServer("127.0.0.1", port, Security.STARTTLS, "a@shop.example"))
    assert (failed.problem, failed.certainty) == (Problem.CONNECTION_FAILED, Certainty.LATER)


async def test_a_name_that_is_not_known_is_named() -> None:
    failed = await failure(MailServer("smtp.invalid", 587, Security.STARTTLS, "a@shop.example"))
    assert failed.problem is Problem.NAME_NOT_FOUND
    assert "smtp.invalid" in failed.sentence


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "169.254.169.254", "10.0.0.1", "::1"])
async def test_a_private_host_is_refused_unless_the_operator_allows_it(server: SmtpServer, host: str) -> None:
    failed = await failure(setting(server, host=host), sender(allow=""))
    assert failed.problem is Problem.NOT_ALLOWED
    assert server.sessions == 0


async def test_the_operators_own_server_may_be_anywhere(server: SmtpServer) -> None:
    await sender(allow="").send(setting(server, source=Source.OPERATOR), mail())
    assert len(server.mails) == 1


@pytest.mark.parametrize(
    ("command", "reply", "problem", "certainty"),
    [
        ("MAIL", "553 Sender address rejected: not owned by user", Problem.SENDER_REFUSED, Certainty.NEVER),
        ("MAIL", "451 Greylisted", Problem.SENDER_REFUSED, Certainty.LATER),
        ("RCPT", "550 No such user here", Problem.RECIPIENT_REFUSED, Certainty.NEVER),
        ("RCPT", "450 Greylisted, come back", Problem.RECIPIENT_REFUSED, Certainty.LATER),
        ("DATA", "554 Looks like spam", Problem.MAIL_REFUSED, Certainty.NEVER),
        ("DATA", "452 Mailbox full", Problem.MAIL_REFUSED, Certainty.LATER),
        ("MAIL", "", Problem.BAD_ANSWER, Certainty.LATER),
        ("DATA", "", Problem.BAD_ANSWER, Certainty.UNKNOWN),
    ],
)
async def test_what_a_server_refuses_is_named_with_its_own_words(
    server: SmtpServer, command: str, reply: str, problem: Problem, certainty: Certainty
) -> None:
    server.replies[command] = [reply]
    failed = await failure(setting(server))
    assert (failed.problem, failed.certainty) == (problem, certainty)
    assert reply in failed.sentence
    assert not server.mails
