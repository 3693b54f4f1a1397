"""`MailSender` by SMTP: any server that takes mail for sending (RFC 6409), by STARTTLS, TLS or, on this machine, in the clear.

A name is resolved here and its addresses are checked, and the connection goes to a checked one. A failure before the mail's
text was sent is certain; one after it is not, because the server may have accepted the mail without our hearing of it.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime

import aiosmtplib

from kit.clock import Clock
from kit.outbound import NotAllowed, Outbound, look_up
from kit.text import printable
from services.channel.domain.mail import Certainty, Mail, MailFailed, MailServer, Problem, Security, Source

CALL_SECONDS = 14.0
"""How long a server may take for a whole mail: less than a delivery's lease, and than a call's deadline."""
CONNECT_SECONDS = 5.0
MAX_REPLY = 120
_STOP, _STOP_BY_POST = "List-Unsubscribe", "List-Unsubscribe-Post"

_P = Problem


class SmtpSender:
    """Opens a connection for each mail: a business sends few, and the next one may have another server."""

    def __init__(self, guarded: Outbound, now: Clock) -> None:
        """`guarded`: which addresses a server that an organization names may have."""
        self._guarded = guarded
        self._now = now

    async def send(self, server: MailServer, mail: Mail) -> None:
        if server.needs_password:
            raise MailFailed(
                _P.PASSWORD_MISSING,
                f"The password of the credential {server.credential} isn't known here: check that the credential exists, is "
                f"for the service channel, has a user and a password, and that its base URL names {server.host}.",
            )
        begun = False
        try:
            async with asyncio.timeout(CALL_SECONDS), self._connection(server) as connection:
                await _envelope(connection, server, mail)
                content = message(server, mail, self._now)
                begun = True
                await _data(connection, content)
        except TimeoutError:
            sentence = f"{server.host}:{server.port} takes longer than {CALL_SECONDS:g} s; try again later."
            raise MailFailed(_P.BAD_ANSWER, sentence, Certainty.UNKNOWN if begun else Certainty.LATER) from None

    @asynccontextmanager
    async def _connection(self, server: MailServer) -> AsyncIterator[aiosmtplib.SMTP]:
        """A connection that is encrypted and signed in as the server's setting asks."""
        sock = await self._socket(server)
        connection = aiosmtplib.SMTP(
            hostname=server.host,
            sock=sock,
            use_tls=server.security is Security.TLS,
            start_tls=False,
            tls_context=ssl.create_default_context() if server.security is Security.TLS else None,
            local_hostname=server.from_address.rpartition("@")[2],
            timeout=CALL_SECONDS,
        )
        try:
            await _greet(connection, server)
            if server.security is Security.STARTTLS:
                await _start_tls(connection, server)
            if server.user:
                await _sign_in(connection, server)
            yield connection
        finally:
            if isinstance(connection.transport, asyncio.WriteTransport):
                connection.transport.abort()  # what was accepted is accepted: there is nothing to wait for
            else:
                sock.close()

    async def _socket(self, server: MailServer) -> socket.socket:
        """A connected socket to one of the server's addresses."""
        try:
            if server.source is Source.OPERATOR:
                addresses = await look_up(server.host)
            else:
                addresses = await self._guarded.addresses(server.host, server.port)
        except NotAllowed as error:
            sentence = f"{server.host} is not allowed: {error} Ask the operator to allow its network (FRONTDESK_FETCH_ALLOW)."
            raise MailFailed(_P.NOT_ALLOWED, sentence) from None
        except (OSError, UnicodeError):
            sentence = f"The name {server.host} isn't known; check how the mail server's host is written."
            raise MailFailed(_P.NAME_NOT_FOUND, sentence) from None
        for address in addresses:
            with suppress(OSError, TimeoutError):
                return await _connected(address, server.port)
        sentence = f"Nothing answers at {server.host}:{server.port}; check host and port, and that no firewall is in between."
        raise MailFailed(_P.CONNECTION_FAILED, sentence)


async def _connected(address: str, port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    sock.setblocking(False)
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            await asyncio.get_running_loop().sock_connect(sock, (address, port))
    except BaseException:
        sock.close()
        raise
    return sock


async def _greet(connection: aiosmtplib.SMTP, server: MailServer) -> None:
    try:
        await connection.connect()
        await connection.ehlo()
    except (aiosmtplib.SMTPException, OSError) as error:
        if tls := _tls_error(error):
            raise _tls_failed(server, tls) from None
        hint = "; does its port expect TLS from the first byte?" if server.security is not Security.TLS else "."
        sentence = f"{server.host}:{server.port} doesn't answer as a mail server{_reply(error)}{hint}"
        raise MailFailed(_P.BAD_ANSWER, sentence) from None


async def _start_tls(connection: aiosmtplib.SMTP, server: MailServer) -> None:
    if not connection.supports_extension("starttls"):
        sentence = f"{server.host}:{server.port} doesn't offer STARTTLS; use its port for TLS (usually 465) with security TLS."
        raise MailFailed(_P.TLS_FAILED, sentence)
    try:
        await connection.starttls(server_hostname=server.host, tls_context=ssl.create_default_context())
        await connection.ehlo()
    except (aiosmtplib.SMTPException, OSError) as error:
        raise _tls_failed(server, _tls_error(error) or error) from None


async def _sign_in(connection: aiosmtplib.SMTP, server: MailServer) -> None:
    try:
        await connection.login(server.user, server.password)
    except aiosmtplib.SMTPAuthenticationError as error:
        sentence = f"{server.host} refused the sign-in{_reply(error)}; check user name and password."
        raise MailFailed(_P.SIGN_IN_REFUSED, sentence) from None
    except (aiosmtplib.SMTPException, OSError) as error:
        sentence = f"{server.host}:{server.port} offers no sign-in that Frontdesk knows{_reply(error)}; try another port."
        raise MailFailed(_P.SIGN_IN_REFUSED, sentence) from None


async def _envelope(connection: aiosmtplib.SMTP, server: MailServer, mail: Mail) -> None:
    """Names sender and recipient; nothing is accepted yet."""
    try:
        await connection.mail(server.from_address)
    except aiosmtplib.SMTPResponseException as error:
        remedy = (
            "sign in with a credential, or use an address of this server" if not server.user else "use an address of its user"
        )
        sentence = f"{server.host} refused the sender {server.from_address}{_reply(error)}; {remedy}."
        raise MailFailed(_P.SENDER_REFUSED, sentence, _certainty(error.code)) from None
    except (aiosmtplib.SMTPException, OSError) as error:
        raise _broken(server, error) from None
    try:
        await connection.rcpt(mail.to)
    except aiosmtplib.SMTPResponseException as error:
        sentence = f"{server.host} refused the recipient{_reply(error)}; check the address."
        raise MailFailed(_P.RECIPIENT_REFUSED, sentence, _certainty(error.code)) from None
    except (aiosmtplib.SMTPException, OSError) as error:
        raise _broken(server, error) from None


async def _data(connection: aiosmtplib.SMTP, content: bytes) -> None:
    try:
        await connection.data(content)
    except aiosmtplib.SMTPResponseException as error:
        sentence = f"The mail server refused the mail{_reply(error)}."
        raise MailFailed(_P.MAIL_REFUSED, sentence, _certainty(error.code)) from None
    except (aiosmtplib.SMTPException, OSError):
        sentence = "The connection ended before the mail server said whether it has accepted the mail."
        raise MailFailed(_P.BAD_ANSWER, sentence, Certainty.UNKNOWN) from None
    with suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
        await connection.quit(timeout=1.0)


class _Policy(EmailPolicy):
    """Python's policy for SMTP, but never encoded words for a long link: no mail program finds it in those (RFC 2369).

    A line may have 998 characters (RFC 5322).
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        if name in (_STOP, _STOP_BY_POST):
            return f"{name}: {value}{self.linesep}".encode()
        return super().fold_binary(name, value)


_POLICY = _Policy(linesep="\r\n")


def message(server: MailServer, mail: Mail, now: Clock) -> bytes:
    """A mail as it goes over the wire (RFC 5322): plain text and HTML, in ASCII with encoded words and quoted-printable.

    `Auto-Submitted` keeps automatic answers away (RFC 3834). By `List-Unsubscribe` (RFC 2369), and over HTTPS by one POST
    (RFC 8058), a customer's mail program stops further mails.
    """
    built = EmailMessage(policy=_POLICY)
    built["From"] = Address(_name(server.from_name), addr_spec=server.from_address)
    built["To"] = Address(_name(mail.to_name), addr_spec=mail.to)
    built["Subject"] = mail.letter.subject
    built["Date"] = format_datetime(now())
    built["Message-ID"] = f"<{mail.id}@{server.from_address.rpartition('@')[2]}>"
    built["Auto-Submitted"] = "auto-generated"
    built["X-Auto-Response-Suppress"] = "All"
    if mail.stop:
        built[_STOP] = f"<{mail.stop}>"
    if mail.stop.startswith("https://"):
        built[_STOP_BY_POST] = "List-Unsubscribe=One-Click"
    built.set_content(mail.letter.text, cte="quoted-printable")
    built.add_alternative(mail.letter.html, subtype="html", cte="quoted-printable")
    built["Content-Language"] = mail.letter.language
    return built.as_bytes()


def _name(text: str) -> str:
    """A display name in one line."""
    return " ".join(printable(text).split())


def _certainty(code: int) -> Certainty:
    """A 4xx reply is for now, a 5xx reply for good (RFC 5321, 4.2.1)."""
    return Certainty.NEVER if 500 <= code < 600 else Certainty.LATER


def _reply(error: BaseException) -> str:
    """The server's reply in brackets, in one line; empty where there is none."""
    if not isinstance(error, aiosmtplib.SMTPResponseException):
        return ""
    words = " ".join(printable(f"{error.code} {error.message}").split())
    return f" ({words[:MAX_REPLY]})"


def _broken(server: MailServer, error: BaseException) -> MailFailed:
    return MailFailed(_P.BAD_ANSWER, f"{server.host}:{server.port} ended the connection{_reply(error)}; try again later.")


def _tls_failed(server: MailServer, error: BaseException) -> MailFailed:
    if isinstance(error, ssl.SSLCertVerificationError):
        why = f"its certificate isn't valid for {server.host} ({error.verify_message or error.reason})"
        return MailFailed(_P.TLS_FAILED, f"{server.host}:{server.port} can't be trusted: {why}; check the host's name.")
    other = "STARTTLS (usually port 587)" if server.security is Security.TLS else "TLS (usually port 465)"
    sentence = f"No encrypted connection to {server.host}:{server.port} came about; try security {other}."
    return MailFailed(_P.TLS_FAILED, sentence)


def _tls_error(error: BaseException) -> ssl.SSLError | None:
    return next((each for each in _causes(error) if isinstance(each, ssl.SSLError)), None)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
