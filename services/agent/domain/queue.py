"""Queues: the lines in which conversations wait, and which line takes which conversation."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from kit import errors
from kit.errors import EtagMismatch
from kit.ids import OrganizationId
from services.agent.domain.ids import QueueId

DEFAULT_QUEUE = QueueId("default")


def queue_name(organization: OrganizationId, queue: QueueId) -> str:
    """The resource name of a queue."""
    return f"organizations/{organization}/queues/{queue}"


class QueueNotFound(errors.NotFound):
    reason = "QUEUE_NOT_FOUND"

    def __init__(self, organization: OrganizationId, queue: QueueId) -> None:
        name = queue_name(organization, queue)
        super().__init__(f"There is no queue {name}.", queue=name)


class QueueAlreadyExists(errors.AlreadyExists):
    reason = "QUEUE_ALREADY_EXISTS"

    def __init__(self, organization: OrganizationId, queue: QueueId) -> None:
        name = queue_name(organization, queue)
        super().__init__(f"{name} exists already; choose another id or update it.", queue=name)


class DefaultQueue(errors.FailedPrecondition):
    reason = "DEFAULT_QUEUE"

    def __init__(self, organization: OrganizationId) -> None:
        super().__init__(
            "The default queue takes what no other takes, so it can't be deleted.",
            queue=queue_name(organization, DEFAULT_QUEUE),
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition on a handover; what is empty matches everything."""

    reasons: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()

    def matches(self, reason: str, channel: str) -> bool:
        """Whether a handover for `reason` on `channel` (a resource name) fits."""
        said = reason.casefold()
        fits_reason = not self.reasons or any(word.casefold() in said for word in self.reasons)
        return fits_reason and (not self.channels or channel in self.channels)


@dataclass(frozen=True, slots=True)
class Queue:
    """A line in which conversations wait."""

    organization: OrganizationId
    id: QueueId
    display_name: str
    rules: tuple[Rule, ...]
    order: int
    skills: tuple[str, ...]
    accept_target: timedelta | None
    created: datetime
    updated: datetime
    version: int = 1
    entry_count: int = 0

    @property
    def name(self) -> str:
        """The resource name."""
        return queue_name(self.organization, self.id)

    def due(self, queued: datetime) -> datetime | None:
        """When a conversation that waits since `queued` becomes overdue."""
        return None if self.accept_target is None else queued + self.accept_target

    def check(self, etag: str) -> None:
        """Raises EtagMismatch when `etag` is set and not this version's."""
        if etag and etag != str(self.version):
            raise EtagMismatch(str(self.version))


def default_queue(organization: OrganizationId, now: datetime) -> Queue:
    """The queue that every organization has."""
    return Queue(organization, DEFAULT_QUEUE, "Everyone", (), 1000, (), None, now, now)


def rank(queue: Queue) -> tuple[bool, int, str]:
    """Sorts queues into the order in which they are tried: the default one last."""
    return queue.id == DEFAULT_QUEUE, queue.order, queue.id


def route(queues: Iterable[Queue], reason: str, channel: str) -> Queue | None:
    """The first queue with a rule that matches; the default queue if there is one; otherwise None."""
    ordered = sorted(queues, key=rank)
    for queue in ordered:
        if any(rule.matches(reason, channel) for rule in queue.rules):
            return queue
    return next((queue for queue in ordered if queue.id == DEFAULT_QUEUE), None)
