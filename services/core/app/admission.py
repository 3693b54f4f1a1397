"""How many turns run at once in this process: a bound in all, and one for each organization.

A turn for which there is no room stays PENDING. As soon as a place is free, the organizations that wait for one take turns.
This memory only saves time: the turns are in the database, where the poll of any process finds them.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from kit.ids import OrganizationId
from services.core.app.policies import Policies
from services.core.domain import Conversation, ConversationId, TurnId
from services.core.domain.policy import lower_of

MAX_WAITING = 10_000
"""Turns that are remembered here; the poll finds the others."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A turn that waits for a place."""

    organization: OrganizationId
    conversation: ConversationId
    turn: TurnId


@dataclass(eq=False)
class Admission:
    """The places for running turns."""

    max_running: int = 200
    max_per_organization: int = 16
    running: int = 0
    policies: Policies = field(default_factory=Policies)
    freed: Callable[[], None] = lambda: None
    """Called when a place was given back."""
    _of: Counter[OrganizationId] = field(default_factory=Counter)
    _waiting: dict[OrganizationId, dict[TurnId, Waiting]] = field(default_factory=dict)
    """In the order of their turn: the first organization with room is next."""
    _remembered: int = 0

    def room(self) -> int:
        """How many more turns may run here."""
        return max(0, self.max_running - self.running)

    def taken(self) -> Mapping[OrganizationId, int]:
        """How many turns of each organization run here; more, by what its own limit is lower than that of all."""
        most, taken = self.max_per_organization, dict(self._of)
        for organization, own in self.policies.limits().items():
            taken[organization] = taken.get(organization, 0) + max(0, most - own)
        return taken | dict.fromkeys(self.policies.suspended, most)

    def crowded(self, organization: OrganizationId) -> bool:
        """Whether turns of an organization wait for a place, or others while there is none."""
        return organization in self._waiting or (bool(self._waiting) and not self.room())

    def _has_room(self, organization: OrganizationId) -> bool:
        if organization in self.policies.suspended:
            return False
        most = lower_of(self.policies.of(organization).concurrent_turns, self.max_per_organization)
        return bool(self.room()) and self._of[organization] < most

    def enter(self, organization: OrganizationId) -> None:
        """Takes a place for a turn that runs."""
        self.running += 1
        self._of[organization] += 1

    def leave(self, organization: OrganizationId) -> None:
        """Gives a place back."""
        self.running -= 1
        self._of[organization] -= 1
        if not self._of[organization]:
            del self._of[organization]
        self.freed()

    @contextmanager
    def place(self, organization: OrganizationId) -> Iterator[bool]:
        """Whether a new turn may run at once. Within, a place is kept for it: others that begin meanwhile count it.

        Turns of the same organization that wait go first.
        """
        if organization in self._waiting or not self._has_room(organization):
            yield False
            return
        self.enter(organization)
        try:
            yield True
        finally:
            self.leave(organization)

    @contextmanager
    def spare(self, organization: OrganizationId) -> Iterator[bool]:
        """Whether there is room to spare for what no customer waits for: no turn waits, and over half of the places are free.

        It takes none of them, so that no customer waits for it.
        """
        most = lower_of(self.policies.of(organization).concurrent_turns, self.max_per_organization)
        free = 2 * self.running < self.max_running and 2 * self._of[organization] < most
        yield free and not self._waiting and organization not in self.policies.suspended

    def wait(self, conversation: Conversation) -> None:
        """Remembers that a conversation's open turn waits for a place."""
        turn = conversation.turn
        if turn is None or self._remembered >= MAX_WAITING:
            return
        waiting = self._waiting.setdefault(conversation.organization, {})
        self._remembered += turn.id not in waiting
        waiting[turn.id] = Waiting(conversation.organization, conversation.id, turn.id)

    def next(self) -> Waiting | None:
        """The turn that may begin now, if there is one. Its organization goes behind the others."""
        if not self.room():
            return None
        for organization, waiting in self._waiting.items():
            if not self._has_room(organization):
                continue
            found = waiting.pop(next(iter(waiting)))
            self._remembered -= 1
            del self._waiting[organization]
            if waiting:
                self._waiting[organization] = waiting
            return found
        return None
