"""Turns a conversation's events into text for a terminal, which can't take back a written line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from frontdesk.core import v1 as core

Write = Callable[[str], None]
Paint = Callable[[str], str]


@dataclass
class Transcript:
    """Writes others' messages, word by word while they stream. Call `event` for each event."""

    write: Write
    assistant: str
    dim: Paint = str
    bold: Paint = str
    answered: int = 0
    """The number of complete messages of others that were written."""
    waiting: bool = False
    """A human was asked for: the assistant is silent."""
    _attempt: tuple[str, int] = ("", 0)
    _shown: str = ""
    _text: str = ""
    _state: int = field(default=core.CONVERSATION_STATE_AUTOMATED)
    _epoch: int = 0

    def event(self, frame: core.WatchConversationResponse) -> None:
        """Writes one event of the watch."""
        match frame.WhichOneof("event"):
            case "reply_delta":
                self._delta(frame.reply_delta)
            case "message_created":
                self._message(frame.message_created)
            case "conversation_updated":
                self._conversation(frame.conversation_updated)

    def turn_of_customer(self, frame: core.WatchConversationResponse) -> bool:
        """Whether this event, which `event` has written, is the last one expected."""
        kind = frame.WhichOneof("event")
        own = kind == "message_created" and frame.message_created.role == core.PARTICIPANT_ROLE_CUSTOMER
        if own:
            return self._state in (core.CONVERSATION_STATE_WAITING, core.CONVERSATION_STATE_ASSIGNED)
        return kind in ("message_created", "conversation_updated") and not self._shown

    def _delta(self, delta: core.WatchConversationResponse.ReplyDelta) -> None:
        silent = self._state != core.CONVERSATION_STATE_AUTOMATED
        if delta.epoch < self._epoch or (delta.epoch == self._epoch and silent):
            return  # the conversation has changed hands since
        self._epoch = delta.epoch
        attempt = (delta.turn, delta.attempt)
        if delta.turn == self._attempt[0] and delta.attempt < self._attempt[1]:
            return  # late text of an abandoned attempt
        if attempt != self._attempt:
            self._attempt, self._text = attempt, ""
        self._text = self._text[: delta.offset] + delta.text
        self._grow(self._text, self.assistant)

    def _grow(self, text: str, speaker: str) -> None:
        """Writes the new end of a text; writes a text that changed otherwise from its start."""
        if not text.startswith(self._shown):
            if self._shown.startswith(text):
                return  # a resume repeats it
            self.write("\n" + self.dim("(starts over)") + "\n")
            self._shown = ""
        if not self._shown and text and speaker:
            self.write(self.bold(f"{speaker}: "))
        self.write(text[len(self._shown) :])
        self._shown = text

    def _message(self, message: core.Message) -> None:
        if message.role == core.PARTICIPANT_ROLE_CUSTOMER:
            return
        self._grow(message.text, message.author_display_name or self.assistant)
        sources = {citation.source.passage: citation.source for citation in message.citations}
        lines = (self.dim(source(number, each)) for number, each in enumerate(sources.values(), 1))
        self.write("\n" + "".join(f"{line}\n" for line in lines))
        self._shown = self._text = ""
        self._attempt = ("", 0)
        self.answered += 1

    def _conversation(self, conversation: core.Conversation) -> None:
        self._epoch = max(self._epoch, conversation.epoch)
        if conversation.state == self._state:
            return
        self._state = conversation.state
        self.waiting = conversation.state == core.CONVERSATION_STATE_WAITING
        who = conversation.agent_display_name or "An agent"
        said = {
            core.CONVERSATION_STATE_AUTOMATED: "(the assistant answers again)",
            core.CONVERSATION_STATE_WAITING: "(you're in the queue for a human; the assistant won't answer)",
            core.CONVERSATION_STATE_ASSIGNED: f"({who} joined)",
            core.CONVERSATION_STATE_CLOSED: "(this conversation is closed; send a message to reopen it)",
        }.get(conversation.state)
        if said:
            if self._shown:
                self.write("\n")
                self._shown = ""
            self.write(self.dim(said) + "\n")


def source(number: int, each: core.Source) -> str:
    """A source as one line under the answer: `[1] Returning goods > What it costs  (address)`."""
    where = each.title if not each.heading or each.heading.startswith(each.title) else f"{each.title} > {each.heading}"
    text = each.heading if each.heading.startswith(each.title) and each.title else where
    return f"  [{number}] {text}" + (f"  ({each.uri})" if each.uri else "")
