"""Retention: conversations that were not touched for as long as their organization keeps them are erased, each by a job."""

from contextlib import suppress
from dataclasses import dataclass

from kit.clock import Clock
from kit.ids import OrganizationId
from services.core import domain
from services.core.app.changes import Changes
from services.core.app.policies import Policies
from services.core.app.rights import Rights
from services.core.domain import Change, Conversation, ConversationId, ConversationNotFound
from services.core.ports.customers import Erasures

AT_ONCE = 100
"""Conversations of an organization that a sweep gives to jobs."""


@dataclass(frozen=True)
class ConversationRetention:
    """The use cases of retention. Replicas may sweep at the same time."""

    erasures: Erasures
    changes: Changes
    rights: Rights
    policies: Policies
    now: Clock

    async def sweep(self) -> bool:
        """Adds jobs for conversations that are old enough; whether there may be more."""
        more = False
        for organization, age in self.policies.retentions().items():
            more |= await self.erasures.expire(organization, age, AT_ONCE) == AT_ONCE
        return more

    async def erase(self, organization: OrganizationId, conversation: ConversationId) -> None:
        """Erases a conversation unless it was touched meanwhile, or is kept longer by now. Doing it again changes nothing."""

        def rule(found: Conversation) -> Change | None:
            age = self.policies.of(organization).retention
            return domain.erase(found, self.now()) if age and found.updated < self.now() - age else None

        with suppress(ConversationNotFound):  # an attempt before has erased it
            after = await self.changes.apply(organization, conversation, rule)
            if after.erased is None:
                return
            await self.rights.settle(after)
        await self.erasures.empty(organization, conversation)
