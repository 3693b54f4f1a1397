"""The kinds of durable work of the channel service, and what their jobs are called after."""

from datetime import timedelta

from kit.backoff import Backoff
from kit.jobs import Queue

DELIVERIES = Queue("deliveries", max_running=50, lease=timedelta(seconds=30))
"""A delivery, until it is sent or has failed, in the order of its conversation. Its lease is longer than a provider's call."""
POLLS = Queue("polls", max_attempts=1_000_000, max_running=8)
"""A provider's channel, whose past is read again and again; the payload is the provider's cursor. It is never given up."""

ERASURES = Queue("erasures", max_attempts=1000, max_running=4)
"""A customer whose rows were erased: their files are removed, then core is notified."""
FILES = Queue("files", max_attempts=8, max_running=3, lease=timedelta(seconds=30))
"""A file that is fetched from its provider. Each that runs holds up to 16 MiB in memory."""
MAILS = Queue("mails", max_attempts=8, backoff=Backoff(first=30, maximum=3600, factor=3), max_running=8)
"""A mail, until a mail server has accepted it: tried for about three hours, since many servers turn strangers away at first."""


def delivery(id: str) -> str:
    """The subject of a delivery's job."""
    return f"deliveries/{id}"


def file(id: str) -> str:
    """The subject of the job that fetches a file."""
    return f"media/{id}"


def poll(channel: str) -> str:
    """The subject of the job that reads a channel's past."""
    return f"channels/{channel}"


def erasure(customer: str) -> str:
    """The subject of the job that ends a customer's erasure."""
    return f"customers/{customer}"


def mail(id: str) -> str:
    """The subject of a mail's job."""
    return f"mails/{id}"
