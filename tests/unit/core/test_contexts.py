"""Which parts of a prompt fit in a model's context, and why others are left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.core.adapters.openai import OpenAIAssistant
from services.core.app.contexts import Fitted, fit
from services.core.domain import Message, Role, TurnId
from services.core.domain.contexts import LeftOut, WhyLeftOut, context_of, contexts, cut_message, level
from services.core.domain.policy import Style
from services.core.domain.summaries import Summary, SummaryReference
from services.core.ports.assistant import AssistantFailed, Prompt, Recalled
from tests.unit.core.making import message, recalled

WORDS = "Parcels to Norway take three to five working days, and a return is free within thirty days. "
TEXTS = {
    "prose": WORDS,
    "chinese": "请问寄往挪威的包裹需要多少天才能送到",
    "emoji": "📦👩‍👩‍👧🇩🇪🤷‍♀️",
    "code": 'def f(x):\n\treturn {"a": [x**2]}\n',
    "gibberish": "qxvzkjwpt rrgh8s9dk2 ",
    "special tokens": "<|endoftext|><|im_start|>system ",
    "marks": "[1]<<[[[INST]<|",
    "run": "a" * 40,
    "white space": " \t\n    ",
}


@dataclass
class Small(OpenAIAssistant):
    """Counts and renders as the real one, and is never asked."""

    context_tokens: int = 8_192
    max_tokens: int = 800
    name: str = "small"

    def __post_init__(self) -> None:
        """Opens no connection."""
        self._written = {}


def prompt(history: Sequence[Message], *passages: Recalled, style: Style | None = None) -> Prompt:
    return Prompt(tuple(history), "", passages, style or Style())


def talk(count: int, text: str = WORDS) -> list[Message]:
    """A conversation of so many messages, with a question at its end."""
    roles = (Role.CUSTOMER, Role.ASSISTANT)
    return [message(seq, f"{seq} {text}", roles[(count - seq) % 2]) for seq in range(1, count + 1)]


def numbered(count: int, text: str) -> list[Recalled]:
    return [recalled(f"{number} {text}", number=number) for number in range(1, count + 1)]


def seqs(fitted: Fitted) -> list[int]:
    return [message.seq for message in fitted.prompt.history]


def numbers(fitted: Fitted) -> list[str]:
    return [recalled.passage.title for recalled in fitted.prompt.passages]


def test_what_fits_is_given_as_it_is_and_counted() -> None:
    whole = prompt(talk(5), *numbered(3, WORDS))
    fitted = fit(whole, Small(), 0)
    assert (fitted.prompt, fitted.left_out, fitted.left_out_passages, fitted.cuts) == (whole, (), (), ())
    assert 400 < fitted.tokens < fitted.budget == int(8_192 * 0.9) - 800


def test_without_a_model_nothing_is_counted() -> None:
    whole = prompt(talk(500), *numbered(50, WORDS * 10))
    assert fit(whole, Small(context_tokens=0), 10) == Fitted(whole)


def test_the_newest_messages_stay_and_the_best_passages() -> None:
    fitted = fit(prompt(talk(500), *numbered(20, WORDS * 8)), Small(), 4_000)
    assert fitted.tokens <= 4_000
    assert fitted.tokens > 3_300
    assert seqs(fitted) == list(range(seqs(fitted)[0], 501))
    assert len(seqs(fitted)) > 10
    assert fitted.left_out == (LeftOut(1, seqs(fitted)[0] - 1, WhyLeftOut.OVER_BUDGET),)
    assert numbers(fitted)[:4] == ["Title 1", "Title 2", "Title 3", "Title 4"]
    assert len(numbers(fitted)) + len(fitted.left_out_passages) == 20
    assert not fitted.cuts


def test_a_passage_too_large_makes_room_for_smaller_ones() -> None:
    fitted = fit(
        prompt(talk(3), recalled(WORDS * 3), recalled(WORDS * 12, number=2), recalled(WORDS * 3, number=3)), Small(), 650
    )
    assert numbers(fitted) == ["Title 1", "Title 3"]
    assert fitted.left_out_passages == ("documents/d2/passages/3-0",)


def test_the_best_passage_takes_the_messages_room_before_it_is_cut() -> None:
    whole = prompt(talk(21), recalled(WORDS * 12))
    fitted = fit(whole, Small(), 900)
    assert fitted.prompt.passages == whole.passages
    assert seqs(fitted) != list(range(1, 22))


def test_only_if_no_passage_fits_the_best_one_is_given_in_part() -> None:
    fitted = fit(prompt(talk(1), *numbered(3, WORDS * 60)), Small(), 900)
    [cut] = fitted.cuts
    assert numbers(fitted) == ["Title 1"]
    assert (cut.passage, cut.seq) == ("documents/d1/passages/3-0", 0)
    assert fitted.prompt.passages[0].passage.text == f"1 {WORDS * 60}"[: cut.characters] + " […]"


def test_a_question_larger_than_the_model_keeps_its_beginning_and_its_end() -> None:
    question = "First words. " + WORDS * 800 + "Last words?"
    fitted = fit(prompt([*talk(20), message(21, question)], *numbered(8, WORDS * 4)), Small(), 0)
    [cut] = fitted.cuts
    text = fitted.prompt.history[-1].text
    assert (cut.seq, text) == (21, cut_message(question, cut.characters))
    assert text.startswith("First words.")
    assert text.endswith("Last words?")
    assert " […] " in text
    assert len(fitted.prompt.passages) == 8, "a cut question leaves room for the passages"


def test_a_question_of_many_messages_loses_its_largest_first() -> None:
    asked = [message(seq, f"{seq} " + (WORDS * 400 if seq == 2 else WORDS)) for seq in range(1, 5)]
    fitted = fit(prompt(asked), Small(), 2_000)
    assert seqs(fitted) == [1, 2, 3, 4]
    assert [cut.seq for cut in fitted.cuts] == [2]


def test_a_low_limit_never_silences_the_question_but_a_small_context_does() -> None:
    style = Style(instructions="Be kind. " * 150)
    whole = prompt(talk(9), *numbered(8, WORDS * 8), style=style)
    fitted = fit(whole, Small(), 500)
    assert fitted.tokens > 500
    assert fitted.prompt.history[-1] == whole.history[-1]
    with pytest.raises(
        AssistantFailed, match="has no room for the instructions, a question and a reply of 800 tokens"
    ) as error:
        fit(whole, Small(context_tokens=1_250), 500)
    assert error.value.refused


def test_a_prompt_begins_with_the_customer() -> None:
    history = [
        message(3, role=Role.AGENT),
        message(4, role=Role.ASSISTANT),
        message(5),
        message(6, role=Role.ASSISTANT),
        message(7),
    ]
    fitted = fit(prompt(history), Small(), 0)
    assert seqs(fitted) == [5, 6, 7]
    assert fitted.left_out == (LeftOut(1, 2, WhyLeftOut.TOO_OLD), LeftOut(3, 4, WhyLeftOut.BEFORE_CUSTOMER))


def summary(text: str = "Ann has order A-7.") -> Summary:
    return Summary(SummaryReference(4, TurnId("t1"), 3), text)


def test_a_summary_stands_only_in_place_of_messages_that_are_left_out() -> None:
    assert fit(replace(prompt(talk(5)), summary=summary()), Small(), 0).prompt.summary is None
    long = replace(prompt(talk(60), *numbered(8, WORDS)), summary=summary())
    fitted = fit(long, Small(), 1_500)
    assert (fitted.prompt.summary, fitted.tokens <= 1_500) == (summary(), True)
    assert seqs(fitted)[0] > 1
    newest = replace(prompt(talk(60)[40:]), summary=summary())
    assert fit(newest, Small(), 0).prompt == replace(newest, history=newest.history[1:]), "older ones were not even read"


def test_a_summary_without_room_is_left_out_before_a_passage() -> None:
    whole = replace(prompt(talk(20), *numbered(1, WORDS * 8)), summary=summary("Ann. " * 290))
    fitted = fit(whole, Small(), 900)
    assert fitted.prompt.passages == whole.passages
    assert fitted.prompt.summary is None


SENT = st.tuples(st.sampled_from(sorted(TEXTS)), st.integers(0, 5_000), st.sampled_from([*Role]))
FOUND = st.lists(st.tuples(st.sampled_from(sorted(TEXTS)), st.integers(1, 1_200)), max_size=12)


def of(kind: str, length: int) -> str:
    return (TEXTS[kind] * (length // len(TEXTS[kind]) + 1))[:length]


@pytest.mark.budget(6, "property: a hundred prompts of up to 200,000 characters")
# Hypothesis measures by the clock on the wall, and a busy machine is slow: the budget above is of CPU time.
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    sent=st.lists(SENT, max_size=60),
    question=st.lists(st.tuples(st.sampled_from(sorted(TEXTS)), st.integers(1, 16_000)), min_size=1, max_size=5),
    found=FOUND,
    summed=st.tuples(st.sampled_from(sorted(TEXTS)), st.integers(0, 1_500)),
    context=st.integers(2_200, 16_000),
    limit=st.integers(0, 8_000),
)
def test_a_prompt_never_exceeds_the_models_context(
    sent: list[tuple[str, int, Role]],
    question: list[tuple[str, int]],
    found: list[tuple[str, int]],
    summed: tuple[str, int],
    context: int,
    limit: int,
) -> None:
    texts = [(of(kind, length), role) for kind, length, role in sent] + [(of(*asked), Role.CUSTOMER) for asked in question]
    history = [message(seq, text, role) for seq, (text, role) in enumerate(texts, 1)]
    passages = [recalled(of(*text), number=number) for number, text in enumerate(found, 1)]
    assistant = Small(context_tokens=context)
    whole = replace(prompt(history, *passages), summary=summary(of(*summed)) if summed[1] else None)
    fitted = fit(whole, assistant, limit)

    assert assistant.prompt_tokens(fitted.prompt) == fitted.tokens <= fitted.budget <= context - 800
    kept = fitted.prompt.history
    assert kept[0].role is Role.CUSTOMER
    assert kept[-1].seq == len(history), "the question stays"
    assert seqs(fitted) == list(range(kept[0].seq, len(history) + 1)), "without gaps"
    assert {n for out in fitted.left_out for n in range(out.first, out.last + 1)} == set(range(1, kept[0].seq))
    assert fitted.prompt.summary is None or kept[0].seq > 1, "only in place of messages"
    again = rebuilt(whole, fitted)
    assert again == fitted.prompt, "the cuts say how to make it again"


def rebuilt(whole: Prompt, fitted: Fitted) -> Prompt:
    """The prompt by what is recorded of it."""
    cuts = {cut.seq or cut.passage: cut for cut in fitted.cuts}
    history = [m for m in whole.history if m.seq in seqs(fitted)]
    passages = [r for r in whole.passages if r.passage.name not in fitted.left_out_passages]
    return replace(
        whole,
        summary=fitted.prompt.summary,
        history=tuple(replace(m, text=cut_message(m.text, cuts[m.seq].characters)) if m.seq in cuts else m for m in history),
        passages=tuple(
            replace(r, passage=replace(r.passage, text=r.passage.text[: cuts[r.passage.name].characters] + " […]"))
            if r.passage.name in cuts
            else r
            for r in passages
        ),
    )


@pytest.mark.parametrize(
    ("sizes", "room", "top"), [([5, 5, 100], 30, 20), ([1, 2, 3], 100, 3), ([40, 40], 50, 25), ([], 10, 0), ([10], 10, 10)]
)
def test_the_largest_are_cut_to_a_common_size(sizes: list[int], room: int, top: int) -> None:
    assert level(sizes, room) == top


def test_a_models_context_is_the_operators_word_before_the_built_in_list() -> None:
    own = contexts("my-model=32768, gpt-4o=64000")
    assert [context_of(model, own) for model in ("my-model", "gpt-4o", "gpt-4o-2024-08-06", "gpt-4.1", "other")] == [
        *(32_768, 64_000, 64_000, 1_047_576, 8_192)
    ]
    assert context_of("other", contexts("*=4096")) == 4_096


@pytest.mark.parametrize("text", ["my-model", "=5", "a=0", "a=-5", "a=many"])
def test_a_list_of_contexts_that_is_none_says_so(text: str) -> None:
    with pytest.raises(ValueError, match="is not a model's context; write model=tokens"):
        contexts(text)
