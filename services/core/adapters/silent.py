"""Where one process runs, nobody else is there to be told."""

from services.core.domain import Citation, ConversationId, Role, TurnId, TurnState


class SilentRelay:
    """The port Relay when there is one process: no one else listens."""

    def follow(self, conversation: ConversationId) -> None:
        """Nothing comes from elsewhere."""

    def leave(self, conversation: ConversationId) -> None:
        """Nothing came from elsewhere."""

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
        """No one else listens."""

    def turn(self, conversation: ConversationId, turn: TurnId, state: TurnState, attempt: int, epoch: int) -> None:
        """No one else listens."""

    def ask(self, call: str) -> None:
        """No one else listens: what another process has checked is read from the store."""

    def typing(self, conversation: ConversationId, role: Role, typing: bool) -> None:
        """No one else listens."""

    def read_on(self, conversation: ConversationId, role: Role, seq: int) -> None:
        """No one else listens."""
