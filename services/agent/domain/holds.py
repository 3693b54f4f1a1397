"""The conversations that wait or have an agent, in a form that core's facts and our tables can be compared in."""

from dataclasses import dataclass

from kit.ids import OrganizationId
from services.agent.domain.ids import AgentId, ConversationId


@dataclass(frozen=True, slots=True)
class Hold:
    """That a conversation waits for an agent, or that an agent has it."""

    organization: OrganizationId
    conversation: ConversationId
    agent: AgentId | None = None
    """None: it waits."""
    epoch: int = 0
    """Core's epoch that the assignment began with; 0 while it waits."""

    def __str__(self) -> str:
        state = f"is with agent {self.agent} since epoch {self.epoch}" if self.agent else "waits for an agent"
        return f"conversation {self.organization}/{self.conversation} {state}"


def differences(told: set[Hold], kept: set[Hold]) -> set[str]:
    """How what is kept here differs from core's facts."""
    return {f"{hold}, by core alone" for hold in told - kept} | {f"{hold}, by this service alone" for hold in kept - told}
