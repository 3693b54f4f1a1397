"""Lines that the terminal chat writes for the events of a conversation."""

from dataclasses import dataclass, field

import pytest
from frontdesk.core import v1 as core

from stack.chat.transcript import Transcript, source

Frame = core.WatchConversationResponse


@dataclass
class Screen:
    text: str = ""
    transcript: Transcript = field(init=False)

    def __post_init__(self) -> None:
        self.transcript = Transcript(self.write, "Shop")

    def write(self, text: str) -> None:
        self.text += text

    def delta(self, text: str, offset: int, attempt: int = 1, turn: str = "t", epoch: int = 1) -> None:
        delta = Frame.ReplyDelta(turn=turn, attempt=attempt, offset=offset, text=text, epoch=epoch)
        self.transcript.event(Frame(reply_delta=delta))

    def conversation(self, state: core.ConversationState, epoch: int) -> None:
        self.transcript.event(Frame(conversation_updated=core.Conversation(state=state, epoch=epoch)))

    def message(self, text: str, **rest: object) -> None:
        values = {"role": core.PARTICIPANT_ROLE_ASSISTANT, **rest}
        self.transcript.event(Frame(message_created=core.Message(text=text, **values)))  # type: ignore[arg-type]

    def state(self, state: core.ConversationState, agent: str = "") -> None:
        conversation = core.Conversation(state=state, agent_display_name=agent)
        self.transcript.event(Frame(conversation_updated=conversation))


@pytest.fixture
def screen() -> Screen:
    return Screen()


def test_words_appear_as_they_come_and_the_message_adds_what_was_missing(screen: Screen) -> None:
    screen.delta("Three", 0)
    screen.delta(" days", 5)
    assert screen.text == "Shop: Three days"
    shipping = core.Source(passage="s", title="Shipping", heading="Times")
    cited = [core.Citation(end=5, source=shipping), core.Citation(end=10, source=core.Source(passage="c", title="Costs"))]
    screen.message("Three days.", citations=[*cited, core.Citation(end=10, source=shipping)])
    assert screen.text == "Shop: Three days.\n  [1] Shipping > Times\n  [2] Costs\n"
    assert screen.transcript.answered == 1


def test_the_assistants_words_are_not_written_while_a_human_has_the_conversation_nor_those_of_before(screen: Screen) -> None:
    screen.delta("Three", 0)
    screen.conversation(core.CONVERSATION_STATE_ASSIGNED, 2)
    screen.text = ""
    screen.delta(" days", 5)
    screen.delta("Dead", 0, turn="other", epoch=2)
    assert screen.text == ""
    screen.delta("New", 0, turn="next", epoch=3)
    screen.conversation(core.CONVERSATION_STATE_AUTOMATED, 3)
    screen.delta(" words", 5)
    assert "New" in screen.text
    assert "words" not in screen.text


def test_a_message_without_deltas_is_written_whole(screen: Screen) -> None:
    screen.message("Hello.")
    assert screen.text == "Shop: Hello.\n"


def test_text_that_comes_again_after_a_resume_is_not_written_twice(screen: Screen) -> None:
    screen.delta("Three days", 0)
    screen.delta("Three", 0)
    screen.delta(" days after", 5)
    assert screen.text == "Shop: Three days after"


def test_a_new_attempt_starts_over_and_late_words_of_the_old_one_are_dropped(screen: Screen) -> None:
    screen.delta("Perhaps", 0, attempt=1)
    screen.delta("No", 0, attempt=2)
    screen.delta(" not", 7, attempt=1)
    assert screen.text == "Shop: Perhaps\n(starts over)\nShop: No"


def test_offsets_count_code_points(screen: Screen) -> None:
    screen.delta("Grüße 👋", 0)
    screen.delta("!", 7)
    assert screen.text == "Shop: Grüße 👋!"


def test_what_the_customer_wrote_is_not_repeated(screen: Screen) -> None:
    screen.message("Hi", role=core.PARTICIPANT_ROLE_CUSTOMER)
    assert screen.text == ""
    assert screen.transcript.answered == 0


def test_an_agent_speaks_by_name(screen: Screen) -> None:
    screen.state(core.CONVERSATION_STATE_WAITING)
    assert screen.transcript.waiting
    screen.state(core.CONVERSATION_STATE_ASSIGNED, "Demo Agent")
    screen.message("Good day.", role=core.PARTICIPANT_ROLE_AGENT, author_display_name="Demo Agent")
    assert screen.text.splitlines()[1:] == ["(Demo Agent joined)", "Demo Agent: Good day."]


def test_a_source_is_one_line_with_its_address() -> None:
    each = core.Source(title="Returns", heading="Returns > Costs", uri="https://shop.example/returns")
    assert source(2, each) == "  [2] Returns > Costs  (https://shop.example/returns)"
