"""The facts that an agent's screen may see, and how its stream ends."""

from kit import errors
from kit.ids import OrganizationId
from services.agent.domain import facts
from services.agent.domain.ids import AgentId


class NotYourInbox(errors.PermissionDenied):
    reason = "NOT_YOUR_INBOX"

    def __init__(self, organization: OrganizationId, agent: AgentId) -> None:
        name = f"organizations/{organization}/agents/{agent}"
        super().__init__("Agents see their own inbox; use agents/me.", agent=name)


def subject(fact: facts.Fact) -> tuple[str, str] | None:
    """The subject whose state a fact shows, so that its next fact replaces this one; None if nothing replaces it."""
    if isinstance(fact, facts.AssignedMessageCreated):
        return "conversation", fact.conversation
    return ("agent", fact.agent) if isinstance(fact, facts.AgentPresenceChanged) else None


def concerns(fact: facts.Fact, agent: AgentId) -> bool:
    """Whether an agent's screen shows it: of messages, those in the agent's own conversations and in ones that wait."""
    if isinstance(fact, facts.AssignedMessageCreated):
        return fact.agent in (None, agent)
    return not isinstance(fact, facts.AgentChanged)
