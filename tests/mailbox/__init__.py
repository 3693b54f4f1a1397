"""A small provider for tests: a mailbox over HTTP with an opaque cursor, pages, and signed webhooks that bring several items.

It proves that the port of providers carries more than Twilio: cursors, batches, and no list to reconcile with.
"""

from tests.mailbox.provider import FORM, KIND, MailboxConfig, provider
from tests.mailbox.server import Mailbox

__all__ = ["FORM", "KIND", "Mailbox", "MailboxConfig", "provider"]
