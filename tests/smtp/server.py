"""The server: keeps what it accepted, and refuses on request."""

from __future__ import annotations

import asyncio
import email
import ssl
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

ACCEPTED = "250 OK"


@dataclass(frozen=True)
class Received:
    """A mail as the server got it."""

    sender: str
    recipient: str
    raw: bytes = field(repr=False)
    encrypted: bool
    user: str
    """The user who had signed in; empty: none."""

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.raw, policy=default)

    @property
    def text(self) -> str:
        """Its plain text."""
        body = self.message.get_body(("plain",))
        assert body is not None
        return str(body.get_content())

    @property
    def html(self) -> str:
        body = self.message.get_body(("html",))
        assert body is not None
        return str(body.get_content())

    @property
    def link(self) -> str:
        """The address in its text, on a line of its own."""
        return next(line for line in self.text.splitlines() if line.startswith("http"))


@dataclass
class SmtpServer:
    """A mail server on 127.0.0.1."""

    tls: ssl.SSLContext | None = None
    """Offers STARTTLS, or with `tls_first` speaks TLS from the first byte."""
    tls_first: bool = False
    user: str = ""
    password: str = ""
    """With these it demands a sign-in."""
    port: int = 0
    mails: list[Received] = field(default_factory=list)
    replies: dict[str, list[str]] = field(default_factory=dict)
    """Its next replies, instead of accepting: by `MAIL`, `RCPT` or `DATA`. An empty reply hangs up."""
    sessions: int = 0
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _open: list[SMTP] = field(default_factory=list)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[SmtpServer]:
        """Listens meanwhile."""
        loop = asyncio.get_running_loop()
        context = self.tls if self.tls_first else None
        server = await loop.create_server(self._session, "127.0.0.1", self.port, ssl=context)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            await server.wait_closed()
            for session in self._open:
                if isinstance(session.transport, asyncio.WriteTransport):
                    session.transport.abort()
            await asyncio.sleep(0)

    async def wait(self, count: int = 1, seconds: float = 10.0) -> list[Received]:
        """The mails, once it has accepted so many."""
        async with asyncio.timeout(seconds), self.changed:
            await self.changed.wait_for(lambda: len(self.mails) >= count)
        return self.mails

    def _session(self) -> SMTP:
        self.sessions += 1
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # signing in without STARTTLS, where the connection has TLS from the first byte
            session = SMTP(
                self,
                hostname="mail.test",
                enable_SMTPUTF8=False,
                tls_context=None if self.tls_first else self.tls,
                require_starttls=bool(self.tls and not self.tls_first),
                auth_required=bool(self.user),
                auth_require_tls=not self.tls_first,
                authenticator=self._authenticate,
                loop=asyncio.get_running_loop(),
            )
        self._open.append(session)
        return session

    def _authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == (self.user, self.password)
        return AuthResult(success=good, handled=False, auth_data=self.user if good else None)

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        reply = await self._reply("MAIL", server)
        if reply == ACCEPTED:
            envelope.mail_from = address
        return reply

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        reply = await self._reply("RCPT", server)
        if reply == ACCEPTED:
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        reply = await self._reply("DATA", server)
        if reply == ACCEPTED:
            raw = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
            encrypted = session.ssl is not None or self.tls_first
            mail = Received(str(envelope.mail_from), envelope.rcpt_tos[0], raw, encrypted, str(session.auth_data or ""))
            async with self.changed:
                self.mails.append(mail)
                self.changed.notify_all()
        return reply

    async def _reply(self, command: str, server: SMTP) -> str:
        replies = self.replies.get(command)
        if not replies:
            return ACCEPTED
        if not (reply := replies.pop(0)) and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        return reply or "421 Gone"
