"""How use cases of conversations fail."""

from datetime import datetime

from kit import errors
from services.core.domain.values import Conversation, ConversationId

MAX_TAGS = 20


class ConversationNotFound(errors.NotFound):
    reason = "CONVERSATION_NOT_FOUND"

    def __init__(self, conversation: str) -> None:
        super().__init__(f"There is no conversation {conversation} here.", conversation=conversation)


class MessageNotFound(errors.NotFound):
    reason = "MESSAGE_NOT_FOUND"

    def __init__(self, message: str) -> None:
        super().__init__(f"There is no message {message} here.", id=message)


class TurnNotFound(errors.NotFound):
    reason = "TURN_NOT_FOUND"

    def __init__(self, turn: str) -> None:
        super().__init__(f"There is no turn {turn} here.", turn=turn)


class TurnStepNotFound(errors.NotFound):
    reason = "TURN_STEP_NOT_FOUND"

    def __init__(self, step: object) -> None:
        super().__init__(f"This turn has no step {step}; list its steps. Old ones are deleted.", step=str(step))


class NoPrompt(errors.FailedPrecondition):
    reason = "NO_PROMPT"

    def __init__(self, step: int) -> None:
        super().__init__(f"Step {step} asked no model; choose a step with a modelCall.", step=str(step))


class ConversationIsClosed(errors.FailedPrecondition):
    reason = "CONVERSATION_CLOSED"

    def __init__(self, conversation: ConversationId) -> None:
        super().__init__(
            f"Conversation {conversation} is closed; a new message of the customer reopens it.", conversation=conversation
        )


class ConversationIsTaken(errors.FailedPrecondition):
    reason = "CONVERSATION_TAKEN"

    def __init__(self, conversation: Conversation) -> None:
        name = conversation.agent_display_name or conversation.agent
        super().__init__(
            f"{name} has this conversation.",
            conversation=conversation.id,
            agent=conversation.agent or "",
            agent_display_name=conversation.agent_display_name,
        )


class PartNotCarried(errors.FailedPrecondition):
    reason = "PART_NOT_CARRIED"

    def __init__(self, part: str) -> None:
        super().__init__(f"The customer's channel can't carry this {part}; say it in words.", part=part)


class WindowClosed(errors.FailedPrecondition):
    reason = "WINDOW_CLOSED"

    def __init__(self, closed: datetime) -> None:
        super().__init__(
            "The customer's channel accepts messages only for a time after their last one; wait until they write again.",
            close_time=f"{closed:%Y-%m-%dT%H:%M:%SZ}",
        )


class ConversationNotAssigned(errors.FailedPrecondition):
    reason = "CONVERSATION_NOT_ASSIGNED"

    def __init__(self, conversation: ConversationId, agent: str) -> None:
        super().__init__(
            f"Agent {agent} does not have conversation {conversation}; take it first.", conversation=conversation, agent=agent
        )


class EpochPassed(errors.FailedPrecondition):
    reason = "EPOCH_PASSED"

    def __init__(self, conversation: Conversation) -> None:
        super().__init__(
            "The conversation has changed owner since this was written; it must not be sent.",
            conversation=conversation.id,
            epoch=conversation.epoch,
        )


class ConversationBusy(errors.Aborted):
    reason = "CONVERSATION_BUSY"

    def __init__(self, conversation: str) -> None:
        super().__init__("Too much happens at once in this conversation; repeat.", conversation=conversation)


class TooManyTags(errors.FailedPrecondition):
    reason = "TOO_MANY_TAGS"

    def __init__(self) -> None:
        super().__init__(f"A conversation has at most {MAX_TAGS} tags; remove one first.", limit=MAX_TAGS)


class BudgetUsedUp(errors.ResourceExhausted):
    """The organization's assistant has used what it may use today."""

    reason = "BUDGET_USED_UP"

    def __init__(self, organization: str) -> None:
        super().__init__("The assistant's budget for today is used up; agents answer.", organization=organization)


class TooManyTurns(errors.ResourceExhausted):
    reason = "TOO_MANY_TURNS"

    def __init__(self) -> None:
        super().__init__("The assistant answers as many messages as it may at once; repeat in a moment.")


class TurnLost(Exception):
    """The turn is no longer this worker's to finish: its reply is thrown away."""


class TranscriptsUnavailable(errors.Unavailable):
    reason = "TRANSCRIPTS_UNAVAILABLE"

    def __init__(self) -> None:
        super().__init__("The transcripts can't be searched right now; chats continue. Try again in a moment.")
