"""Fits a prompt into a model's context: the question always stays, then the best passages and the newest messages.

Where earlier messages are left out, the summary of them has a place after the passages and before the newest messages.

The choice is by an estimate of each text. Then the prompt as it is written is counted, and that count decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kit import tokens
from services.core.domain import Message, Role
from services.core.domain.contexts import Cut, LeftOut, WhyLeftOut, cut_message, cut_passage, level
from services.core.domain.questions import unanswered
from services.core.ports.assistant import Assistant, AssistantFailed, Prompt, Recalled

OVERHEAD = 16
"""Tokens around a message or a passage, in the estimate."""
SUMMARY_TOKENS = 120
"""Of the rule and the fence of a summary, at most."""
MIN_QUESTION = 300
"""So many tokens a question has, however low an organization's limit is."""
MIN_MESSAGE = 48
"""A message of the question is left out before it gets less."""
MIN_PASSAGE = 100
"""A passage is left out before it gets less."""
TRIES = 8


@dataclass(frozen=True, slots=True)
class Fitted:
    """A prompt as an assistant is given it."""

    prompt: Prompt
    tokens: int = 0
    """Of the whole prompt; 0: not counted."""
    budget: int = 0
    left_out: tuple[LeftOut, ...] = ()
    left_out_passages: tuple[str, ...] = ()
    cuts: tuple[Cut, ...] = ()


def fit(prompt: Prompt, assistant: Assistant, limit: int) -> Fitted:
    """As much of a prompt as an assistant may be given. `limit`: of the organization; a prompt has more only for its question.

    Raises AssistantFailed where a model's context holds no question.
    """
    if not assistant.context_tokens:
        return Fitted(prompt)
    most = int(assistant.context_tokens * (1 - tokens.MARGIN)) - assistant.max_tokens
    budget = min(limit or most, most)
    recent = _from_customer(_recent(prompt, budget))
    given = _summarized(recent)
    size = assistant.prompt_tokens(given)
    if size > budget:
        given, size, budget = _selected(recent, assistant, budget, most)
    return Fitted(
        prompt=given,
        tokens=size,
        budget=budget,
        left_out=_left_out(prompt.history, given.history),
        left_out_passages=_left_out_passages(prompt.passages, given.passages),
        cuts=_cuts(prompt, given),
    )


def lacks_messages(prompt: Prompt, assistants: Sequence[Assistant], limit: int) -> bool:
    """Whether an assistant would be given the prompt without the conversation's beginning, which a summary may stand for."""
    return any(assistant.context_tokens and _lacks_messages(prompt, assistant, limit) for assistant in assistants)


def _lacks_messages(prompt: Prompt, assistant: Assistant, limit: int) -> bool:
    try:
        return min((message.seq for message in fit(prompt, assistant, limit).prompt.history), default=1) > 1
    except AssistantFailed:
        return False


def _recent(prompt: Prompt, budget: int) -> Prompt:
    """Without texts that are longer than the budget whatever they hold: counting them would only take time."""
    room = max(budget, MIN_QUESTION) * tokens.MAX_CHARACTERS_PER_TOKEN
    asked = unanswered(prompt.history)
    top = level([len(message.text) for message in asked], room)
    question = (_shortened(message, top) if len(message.text) > top else message for message in asked)
    newest: list[Message] = []
    for message in reversed(prompt.history[: len(prompt.history) - len(asked)]):
        room -= len(message.text)
        if room < 0:
            break
        newest.append(message)
    return replace(prompt, history=(*reversed(newest), *question))


def _from_customer(prompt: Prompt) -> Prompt:
    """From the first message of the customer on: some models refuse a prompt that begins otherwise."""
    first = next((at for at, message in enumerate(prompt.history) if message.role is Role.CUSTOMER), 0)
    return replace(prompt, history=prompt.history[first:]) if first else prompt


def _summarized(prompt: Prompt) -> Prompt:
    """With the summary only where messages of the conversation's beginning are missing."""
    missing = min((message.seq for message in prompt.history), default=1) > 1
    return prompt if missing or prompt.summary is None else replace(prompt, summary=None)


def _selected(prompt: Prompt, assistant: Assistant, budget: int, most: int) -> tuple[Prompt, int, int]:
    """The prompt cut down to the budget, its tokens, and that budget."""
    empty = replace(prompt.history[-1], text="", content=None)
    bare = assistant.prompt_tokens(replace(prompt, history=(empty,), passages=(), summary=None))
    budget = max(budget, min(most, bare + MIN_QUESTION))
    room = budget - bare
    for _ in range(TRIES):
        if room < MIN_MESSAGE:
            break
        given = _summarized(_from_customer(_select(prompt, room)))
        size = assistant.prompt_tokens(given)
        if size <= budget:
            return given, size, budget
        room -= min(size - budget + OVERHEAD, room // 2)  # escaped texts are longer than they seemed
    raise AssistantFailed(
        f"The context of {assistant.name} ({assistant.context_tokens:,} tokens) has no room for the instructions, a question"
        f" and a reply of {assistant.max_tokens:,} tokens. Shorten them, or name its context in FRONTDESK_MODEL_CONTEXTS.",
        refused=True,
    )


def _select(prompt: Prompt, room: int) -> Prompt:
    """A prompt that fits by the estimate. Passages take up to two thirds, then earlier messages, then passages again."""
    asked = tuple(unanswered(prompt.history))
    earlier = prompt.history[: len(prompt.history) - len(asked)]
    question, left = _question(asked, room, room * 3 // 4 if prompt.passages else room)
    share = left * 2 // 3 if earlier else left
    sizes = _sizes([_text(recalled) for recalled in prompt.passages])
    taken, rest = _greedy(sizes, share, set())
    best = prompt.passages[:1]
    if best and not taken:  # rather fewer messages than half a passage
        if sizes[0] <= left:
            taken, rest = {0}, share - sizes[0]
        elif share >= MIN_PASSAGE:
            best = (_first_part(best[0], share, sizes[0]),)
            taken, rest = {0}, 0
    left += rest - share
    summary = prompt.summary
    if summary is not None:
        size = _sizes([summary.text])[0] + SUMMARY_TOKENS
        summary, left = (summary, left - size) if size <= left else (None, left)
    newest: list[Message] = []
    for message, size in zip(reversed(earlier), reversed(_sizes([message.text for message in earlier])), strict=True):
        if size > left:
            break
        newest.append(message)
        left -= size
    taken, _ = _greedy(sizes, left, taken)
    passages = tuple((*best, *prompt.passages[1:])[number] for number in sorted(taken))
    return replace(prompt, history=(*reversed(newest), *question), passages=passages, summary=summary)


def _question(question: tuple[Message, ...], room: int, share: int) -> tuple[tuple[Message, ...], int]:
    """The question, and what it leaves of a room. Only if it is larger than that, it is cut to a share, in its middle."""
    sizes = _sizes([message.text for message in question])
    if sum(sizes) <= room:
        return question, room - sum(sizes)
    most = max(1, share // MIN_MESSAGE)
    question, sizes = question[-most:], sizes[-most:]
    top = level(sizes, share)
    kept = []
    for message, size in zip(question, sizes, strict=True):
        kept.append(message if size <= top else _to_size(message, top, size))
    return tuple(kept), max(0, room - sum(min(size, top) for size in sizes))


def _to_size(message: Message, room: int, size: int) -> Message:
    characters = max(2, len(message.text) * (room - OVERHEAD) // size)
    while characters > 2:
        cut = _shortened(message, characters)
        if _sizes([cut.text])[0] <= room:
            return cut
        characters = characters * 9 // 10
    return _shortened(message, 2)


def _shortened(message: Message, characters: int) -> Message:
    return replace(message, text=cut_message(message.text, characters))


def _first_part(recalled: Recalled, room: int, size: int) -> Recalled:
    passage = recalled.passage
    characters = len(passage.text) * (room - OVERHEAD) // size
    while True:
        cut = replace(recalled, passage=replace(passage, text=cut_passage(passage.text, characters)))
        if characters <= 0 or _sizes([_text(cut)])[0] <= room:
            return cut
        characters = characters * 9 // 10


def _greedy(sizes: Sequence[int], room: int, taken: set[int]) -> tuple[set[int], int]:
    """The numbers of those that fit beside what is taken already, the first ones first, and what they leave."""
    for number, size in enumerate(sizes):
        if number not in taken and size <= room:
            taken = taken | {number}
            room -= size
    return taken, room


def _sizes(texts: Sequence[str]) -> list[int]:
    return [count + OVERHEAD for count in tokens.count(texts)]


def _text(recalled: Recalled) -> str:
    return f"{recalled.passage.title} {recalled.passage.heading} {recalled.passage.text}"


def _left_out(history: Sequence[Message], given: Sequence[Message]) -> tuple[LeftOut, ...]:
    """The messages that are not given, as ranges."""
    kept = {message.seq for message in given}
    missing = [message for message in history if message.seq not in kept]
    by_customer = any(message.role is Role.CUSTOMER for message in missing)
    why = WhyLeftOut.OVER_BUDGET if by_customer else WhyLeftOut.BEFORE_CUSTOMER
    first = min((message.seq for message in history), default=1)
    found = [LeftOut(1, first - 1, WhyLeftOut.TOO_OLD)] if first > 1 else []
    for seq in sorted(message.seq for message in missing):
        if found and found[-1].why is why and found[-1].last == seq - 1:
            found[-1] = replace(found[-1], last=seq)
        else:
            found.append(LeftOut(seq, seq, why))
    return tuple(found)


def _left_out_passages(found: Sequence[Recalled], given: Sequence[Recalled]) -> tuple[str, ...]:
    kept = {recalled.passage.name for recalled in given}
    return tuple(recalled.passage.name for recalled in found if recalled.passage.name not in kept)


def _cuts(prompt: Prompt, given: Prompt) -> tuple[Cut, ...]:
    """The texts that are given in part."""
    messages = {message.seq: message.text for message in prompt.history}
    passages = {recalled.passage.name: recalled.passage.text for recalled in prompt.passages}
    return (
        *(Cut(len(m.text) - len(cut_message("", 0)), seq=m.seq) for m in given.history if m.text != messages[m.seq]),
        *(
            Cut(len(passage.text) - len(cut_passage("", 0)), passage=passage.name)
            for passage in (recalled.passage for recalled in given.passages)
            if passage.text != passages[passage.name]
        ),
    )
