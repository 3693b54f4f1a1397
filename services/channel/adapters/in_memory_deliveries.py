"""The ports of providers and deliveries in memory, for tests of use cases. The contract tests hold them to the real ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from kit import clock
from kit.ids import OrganizationId
from services.channel.adapters.in_memory import MemoryChannels, Tell
from services.channel.domain.channels import Channel, ChannelId, Kind, State
from services.channel.domain.deliveries import Delivery, DeliveryId, DeliveryState, Report, states_before
from services.channel.domain.facts import DeliveryStateChanged
from services.channel.domain.providers import OutboundContent, ProviderError, Received, Webhook
from services.channel.domain.sessions import ConversationId
from services.channel.ports import Poll

_WIRE = (DeliveryState.SENDING, DeliveryState.UNKNOWN)
_OPEN = (DeliveryState.QUEUED, *_WIRE)


@dataclass
class _Row:
    delivery: Delivery
    due: datetime
    retry_request: str = ""
    earlier: tuple[str, ...] = ()


class MemoryDeliveries:
    """`Deliveries` and `Outbox`."""

    def __init__(self, tell: Tell, now: clock.Clock = clock.utc_now) -> None:
        self._tell = tell
        self._now = now
        self._rows: dict[DeliveryId, _Row] = {}

    async def add(self, deliveries: Sequence[Delivery]) -> None:
        for item in deliveries:
            key = (item.outgoing.organization, item.outgoing.message, item.part)
            rows = (row.delivery for row in self._rows.values())
            if key not in {(d.outgoing.organization, d.outgoing.message, d.part) for d in rows}:
                now = self._now()
                self._rows[item.id] = _Row(replace(item, created=now, updated=now), now)
                self._told(self._rows[item.id])

    async def get(self, organization: OrganizationId, id: DeliveryId) -> Delivery | None:
        row = self._rows.get(id)
        return row.delivery if row and row.delivery.outgoing.organization == organization else None

    async def list(
        self,
        organization: OrganizationId,
        state: DeliveryState | None,
        conversation: ConversationId | None,
        before: tuple[datetime, str] | None,
        limit: int,
    ) -> Sequence[Delivery]:
        fit = [
            row.delivery
            for row in self._rows.values()
            if row.delivery.outgoing.organization == organization
            and state in (None, row.delivery.state)
            and conversation in (None, row.delivery.outgoing.conversation)
            and (before is None or (row.delivery.created, row.delivery.id) < before)
        ]
        return sorted(fit, key=lambda d: (d.created, d.id), reverse=True)[:limit]

    async def claim(self, lease: timedelta, limit: int) -> Sequence[Delivery]:
        heads: dict[tuple[str, str], _Row] = {}
        for row in sorted(self._rows.values(), key=lambda r: (r.delivery.outgoing.seq, r.delivery.part)):
            if row.delivery.state in _OPEN:
                heads.setdefault(_place(row.delivery), row)
        queued = [row for row in heads.values() if row.delivery.state is DeliveryState.QUEUED and row.due <= self._now()]
        free = [row for row in queued if not self._on_the_wire(row.delivery)]
        for row in free[:limit]:
            row.due = self._now() + lease
        return [row.delivery for row in free[:limit]]

    async def begin(self, delivery: Delivery, lease: timedelta) -> Delivery | None:
        row = self._rows[delivery.id]
        if self._moved(row, DeliveryState.QUEUED, delivery.attempts) or self._on_the_wire(delivery):
            return None
        now = self._now()
        attempts = delivery.attempts + 1
        changed = replace(row.delivery, state=DeliveryState.SENDING, attempts=attempts, looks=0, problem="", begun=now)
        return self._change(row, changed, now + lease)

    async def reschedule(self, delivery: Delivery, problem: str, pause: timedelta) -> None:
        row = self._rows[delivery.id]
        if not self._moved(row, delivery.state, delivery.attempts):
            looks = row.delivery.looks + 1
            changed = replace(row.delivery, state=DeliveryState.QUEUED, looks=looks, problem=problem)
            self._change(row, changed, self._now() + pause, quietly=delivery.state is DeliveryState.QUEUED)

    async def ended(self, delivery: Delivery, state: DeliveryState, problem: str) -> None:
        row = self._rows[delivery.id]
        if not self._moved(row, delivery.state, delivery.attempts):
            self._change(row, replace(row.delivery, state=state, problem=problem, looks=0), self._now())

    async def overdue(self) -> int:
        late = [r for r in self._rows.values() if r.delivery.state is DeliveryState.SENDING and r.due < self._now()]
        for row in late:
            self._change(row, replace(row.delivery, state=DeliveryState.UNKNOWN, looks=0, problem="lost"), self._now())
        return len(late)

    async def unknown(self, lease: timedelta, limit: int) -> Sequence[Delivery]:
        due = [r for r in self._rows.values() if r.delivery.state is DeliveryState.UNKNOWN and r.due <= self._now()]
        for row in due[:limit]:
            row.due = self._now() + lease
        return [replace(row.delivery, age=self._now() - (row.delivery.begun or self._now())) for row in due[:limit]]

    async def looked(self, delivery: Delivery, pause: timedelta) -> None:
        row = self._rows[delivery.id]
        if row.delivery.state is DeliveryState.UNKNOWN:
            row.delivery = replace(row.delivery, looks=row.delivery.looks + 1)
            row.due = self._now() + pause

    async def sent(self, delivery: Delivery, report: Report) -> None:
        self._forward(self._rows[delivery.id], report)

    async def report(self, organization: OrganizationId, channel: ChannelId, report: Report) -> bool:
        for row in self._rows.values():
            out = row.delivery.outgoing
            if (out.organization, out.channel) != (organization, channel):
                continue
            ours = row.delivery.id == report.delivery and not row.delivery.provider_id
            if row.delivery.provider_id == report.provider_id or (ours and report.provider_id not in row.earlier):
                self._forward(row, report)
                return True
        return False

    async def retry(self, organization: OrganizationId, id: DeliveryId, request_id: str) -> Delivery | None:
        row = self._rows.get(id)
        if row is None or row.delivery.outgoing.organization != organization:
            return None
        if row.delivery.state is not DeliveryState.FAILED:
            return row.delivery if row.retry_request == request_id else None
        row.retry_request = request_id
        row.earlier += (row.delivery.provider_id,) if row.delivery.provider_id else ()
        changed = replace(row.delivery, state=DeliveryState.QUEUED, looks=0, problem="", provider_id="")
        return self._change(row, changed, self._now())

    async def known(self, organization: OrganizationId, provider_ids: Sequence[str]) -> dict[str, str]:
        return {
            id: row.delivery.text
            for row in self._rows.values()
            if row.delivery.outgoing.organization == organization
            for id in (row.delivery.provider_id, *row.earlier)
            if id and id in provider_ids
        }

    def _forward(self, row: _Row, report: Report) -> None:
        known = row.delivery.provider_id in ("", report.provider_id)
        if known and row.delivery.state in states_before(report.state):
            changed = replace(row.delivery, state=report.state, provider_id=report.provider_id, problem=report.problem)
            self._change(row, changed, row.due)

    def _change(self, row: _Row, changed: Delivery, due: datetime, quietly: bool = False) -> Delivery:
        row.delivery, row.due = replace(changed, updated=self._now()), due
        if not quietly:
            self._told(row)
        return row.delivery

    def _told(self, row: _Row) -> None:
        out = row.delivery.outgoing
        fact = DeliveryStateChanged(
            row.delivery.id, out.conversation, out.message, row.delivery.state.name, row.delivery.problem
        )
        self._tell(out.organization, fact)

    def _moved(self, row: _Row, state: DeliveryState, attempts: int) -> bool:
        return (row.delivery.state, row.delivery.attempts) != (state, attempts)

    def _on_the_wire(self, delivery: Delivery) -> bool:
        others = (row.delivery for row in self._rows.values() if row.delivery.id != delivery.id)
        return any(_place(other) == _place(delivery) and other.state in _WIRE for other in others)


def _place(delivery: Delivery) -> tuple[str, str]:
    return delivery.outgoing.organization, delivery.outgoing.conversation


class MemoryPolls:
    def __init__(self, channels: MemoryChannels, kinds: Sequence[Kind], now: clock.Clock = clock.utc_now) -> None:
        self._channels = channels
        self._kinds = kinds
        self._now = now
        self._polls: dict[tuple[str, str], tuple[datetime, datetime]] = {}

    async def due(self, every: timedelta, limit: int) -> Sequence[Poll]:
        now, polls = self._now(), []
        for channel in self._channels.everywhere():
            watermark, began = self._polls.get((channel.organization, channel.id), (channel.created, None))
            waits = began is not None and began > now - every
            opens = channel.id not in self._channels.sealed
            if opens and channel.kind in self._kinds and channel.state is State.ACTIVE and not waits:
                polls.append(Poll(channel, watermark, now))
                self._polls[channel.organization, channel.id] = (watermark, now)
        return polls[:limit]

    async def done(self, poll: Poll) -> None:
        key = (poll.channel.organization, poll.channel.id)
        watermark, began = self._polls[key]
        self._polls[key] = (max(watermark, poll.began), began)


@dataclass
class MemoryProvider:
    """A provider that does as it is told: takes messages in, loses answers, and knows what it has."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)
    """What it accepted: (its id, recipient, text)."""
    fails: list[ProviderError | Callable[[], None]] = field(default_factory=list)
    """What becomes of the next calls: an error instead of accepting, or something done after accepting."""
    inbox: list[Received] = field(default_factory=list)
    reads: Received | Report | None = None
    hidden: bool = False
    """Whether its list does not show yet what it accepted."""
    asked_since: datetime | None = None

    def read(self, channel: Channel, webhook: Webhook) -> Received | Report | None:
        return self.reads

    def parts(self, wording: OutboundContent) -> Sequence[str]:
        return wording.text.split("|")

    async def send(self, channel: Channel, delivery: Delivery) -> Report:
        then = self.fails.pop(0) if self.fails else None
        if isinstance(then, ProviderError):
            raise then
        id = f"p{len(self.sent) + 1}"
        self.sent.append((id, delivery.outgoing.recipient, delivery.text))
        if then is not None:
            then()
        return Report(id, DeliveryState.SENT)

    async def find(self, channel: Channel, delivery: Delivery) -> Sequence[Report]:
        wanted = (delivery.outgoing.recipient, delivery.text)
        return [Report(id, DeliveryState.SENT) for id, *rest in self.sent if tuple(rest) == wanted and not self.hidden]

    async def received(self, channel: Channel, since: datetime) -> Sequence[Received]:
        self.asked_since = since
        return self.inbox

    async def problems(self, channel: Channel) -> Sequence[str]:
        return []
