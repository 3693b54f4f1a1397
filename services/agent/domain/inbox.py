"""The facts that an agent's screen may see, and how its stream ends."""

from kit import errors
from kit.ids import OrganizationId
from kit.streams import ResumeTokenExpired
from services.agent.domain import facts
from services.agent.domain.ids import AgentId


class NotYourInbox(errors.PermissionDenied):
    reason = "NOT_YOUR_INBOX"

    def __init__(self, organization: OrganizationId, agent: AgentId) -> None:
        name = f"organizations/{organization}/agents/{agent}"
        super().__init__("Agents see their own inbox; use agents/me.", agent=name)


def position(resume_token: str) -> int | None:
    """The position in a resume token; None when it is empty. Raises ResumeTokenExpired when it isn't one of ours."""
    if not resume_token:
        return None
    if not resume_token.isascii() or not resume_token.isdigit() or len(resume_token) > 18:
        raise ResumeTokenExpired(resume_token=resume_token)
    return int(resume_token)


def concerns(fact: facts.Fact, agent: AgentId) -> bool:
    """Whether an agent's screen shows it: of messages, those in the agent's own conversations and in ones that wait."""
    if isinstance(fact, facts.AssignedMessageCreated):
        return fact.agent in (None, agent)
    return not isinstance(fact, facts.AgentChanged)
