"""What an agent's screen may see, and how its stream ends."""

from kit import errors
from services.agent.domain import facts
from services.agent.domain.ids import AgentId, Organization


class NotYourInbox(errors.PermissionDenied):
    reason = "NOT_YOUR_INBOX"

    def __init__(self, organization: Organization, agent: AgentId) -> None:
        name = f"organizations/{organization}/agents/{agent}"
        super().__init__("Agents see their own inbox; use agents/me.", agent=name)


class ResumeTokenExpired(errors.OutOfRange):
    reason = "RESUME_TOKEN_EXPIRED"

    def __init__(self, token: str) -> None:
        super().__init__(
            "The resume token is too old or not one of ours; list again and go on with that token.", resume_token=token
        )


class WatcherTooSlow(errors.Aborted):
    reason = "WATCHER_TOO_SLOW"

    def __init__(self, position: int) -> None:
        super().__init__("More happens than this stream's reader takes; go on with the token.", resume_token=position)


class StreamEnded(errors.Aborted):
    reason = "STREAM_ENDED"

    def __init__(self, position: int) -> None:
        super().__init__("The stream ended as planned; go on with the token.", resume_token=position)


def position(resume_token: str) -> int | None:
    """The position in a resume token; None when it is empty. Raises ResumeTokenExpired when it isn't one of ours."""
    if not resume_token:
        return None
    if not resume_token.isascii() or not resume_token.isdigit() or len(resume_token) > 18:
        raise ResumeTokenExpired(resume_token)
    return int(resume_token)


def concerns(fact: facts.Fact, agent: AgentId) -> bool:
    """Whether an agent's screen shows it: of messages, those in the agent's own conversations and in ones that wait."""
    if isinstance(fact, facts.AssignedMessageCreated):
        return fact.agent in (None, agent)
    return not isinstance(fact, facts.AgentChanged)
