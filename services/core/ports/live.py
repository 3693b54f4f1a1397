"""The state that no journal has: running replies, typing and reading, carried between processes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from kit.ids import OrganizationId
from services.core.domain import Citation, ConversationId, Role, TurnId, TurnState


class Replicas(Protocol):
    """The processes that show the text of running replies; see `rights`. Times are the store's."""

    async def renew(
        self, replica: str, turns: Sequence[tuple[OrganizationId, TurnId, int]], applied: datetime | None
    ) -> tuple[datetime, set[tuple[TurnId, int]]]:
        """Checks turns, by (organization, turn, attempt): when this began, and the (turn, attempt) of those that run.

        Notes that the process shows text, and when the last check began whose result it has acted on.
        """

    async def showing(self, but: str, within: timedelta, since: datetime | None = None) -> tuple[datetime, set[str]]:
        """The time now, and the processes `but` one that began a check `within` a time ago, without those that have acted on
        one that began `since` a moment.
        """


class Relay(Protocol):
    """Carries what no journal has, a reply's text, its turn's beginning, typing and reading, to watchers in other processes.

    Losing it loses nothing kept.
    """

    def follow(self, conversation: ConversationId) -> None:
        """A watcher is here: it wants the reports of other processes on this conversation."""

    def leave(self, conversation: ConversationId) -> None:
        """The last watcher has left."""

    def text(
        self,
        conversation: ConversationId,
        turn: TurnId,
        attempt: int,
        epoch: int,
        text: str,
        citations: tuple[Citation, ...],
        final: bool,
    ) -> None:
        """The reply's whole text so far; sent at most each 100 ms, and only while another process listens."""

    def turn(self, conversation: ConversationId, turn: TurnId, state: TurnState, attempt: int, epoch: int) -> None:
        """A turn began or ended without a word, or its next attempt did."""

    def ask(self, call: str) -> None:
        """Asks every other process to check now what it may show; each that has, confirms the call."""

    def typing(self, conversation: ConversationId, role: Role, typing: bool) -> None:
        """Someone types, or stopped."""

    def read_on(self, conversation: ConversationId, role: Role, seq: int) -> None:
        """Someone has read up to a message."""


class RelayListener(Protocol):
    """Shows in this process the reports of other processes on a conversation."""

    def heard(
        self,
        conversation: ConversationId,
        turn: TurnId,
        attempt: int,
        epoch: int,
        said: str,
        citations: tuple[Citation, ...] = (),
    ) -> None:
        """A reply as far as another process has written it."""

    def moved(self, conversation: ConversationId, turn: TurnId, state: TurnState, attempt: int, epoch: int) -> None:
        """A turn began or ended elsewhere."""

    def typing(self, conversation: ConversationId, role: Role, typing: bool, relayed: bool = False) -> None:
        """Someone types, or has stopped."""

    def read_on(self, conversation: ConversationId, role: Role, seq: int, relayed: bool = False) -> None:
        """Someone has read up to a message."""


class RightsListener(Protocol):
    """Takes what other processes ask and answer about the right to show text."""

    async def checked(self) -> bool:
        """Returns when what may be shown here has been checked after this call; False if the store is unavailable."""

    def confirmed(self, call: str, replica: str) -> None:
        """Another process has checked what it shows, since it was asked to."""
