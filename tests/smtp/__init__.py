"""A real mail server for tests (aiosmtpd): STARTTLS or TLS, sign-in, and refusals as a test asks."""

from tests.smtp.certificates import Authority
from tests.smtp.server import Received, SmtpServer

__all__ = ["Authority", "Received", "SmtpServer"]
